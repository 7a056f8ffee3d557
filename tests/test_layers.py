"""A module imports only from what stands above it; the order is the architecture."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "publisher"

# From the top down. The modules of a row with a star may import each other, never in a ring.
ORDER = """
problem
interrupt
cache
provenance
alphabet
names
wording
language
isbn
tomlplaces
plankeys
genres
config
presets
trim
printer
tongue
vault.escape
vault.galley
vault.decoding
vault.kinds
vault.guard
vault.scan
vault.picture
vault.keys
vault.field
vault.days
vault.rating
vault.people
vault.values
vault.properties
vault.front_matter
vault.slips
vault.wikilink
vault.address
vault.rules.*
vault.markup
vault.html
vault.html_pairs
vault.chemistry
vault.spoken_tex
vault.mathematics
vault.sentence
vault.stick
vault.tags
vault.title
vault.line
vault.figures
vault.inline_html
vault.inline
vault.html_flow
vault.html_block
vault.navigation
vault.emptied
vault.unseen
vault.compositor
vault.tables
vault.blocks
vault.setting
vault.field_lines
vault.fields
vault.note
vault.reading
anthology.*
book.model
book.*
render.*
verify
imprint
delivery
presswork
pipeline
resolution
printing
preview.*
report
stubs
options
commands.session
commands.*
cli
__main__
__main__
""".split()


def rank(module: str) -> int | None:
    """The module's row: its own where it has one, else its package's."""
    if module in ORDER:
        return ORDER.index(module)
    while "." in module:
        module = module.rpartition(".")[0]
        if f"{module}.*" in ORDER:
            return ORDER.index(f"{module}.*")
    return None


def sources(package: Path) -> dict[str, str]:
    """Each module's dotted name below the package, and its text."""
    return {
        ".".join(path.relative_to(package).with_suffix("").parts): path.read_text("utf-8")
        for path in sorted(package.rglob("*.py"))
    }


def imported(source: str) -> list[tuple[int, str]]:
    """Line and dotted name of every import, those inside functions too."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            found += [(node.lineno, f"{base}.{alias.name}") for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            ("import_module", "__import__")
        ):
            found.append((node.lineno, ".by-name"))
    return found


def faults(package: Path) -> list[str]:
    """What breaks the order, a line each; empty is good."""
    modules = sources(package)
    wrong = []
    graph: dict[str, set[str]] = {}
    for module, source in modules.items():
        if module.rpartition(".")[2] == "__init__":
            if any(not isinstance(node, ast.Expr) for node in ast.parse(source).body):
                wrong.append(f"{module}: holds more than a docstring")
            continue
        own = rank(module)
        if own is None:
            wrong.append(f"{module}: has no place in the order")
            continue
        graph[module] = set()
        for line, name in imported(source):
            if name.startswith("."):
                wrong.append(f"{module}:{line}: imports without its full name")
            elif name.startswith(f"{package.name}."):
                target = longest_known(name.removeprefix(f"{package.name}."), modules)
                graph[module].add(target)
                theirs = rank(target)
                if theirs is None or theirs > own or (theirs == own and "*" not in ORDER[own]):
                    wrong.append(f"{module}:{line}: imports {target}, which is not above it")
    return [*dict.fromkeys(wrong), *rings(graph)]


def longest_known(name: str, modules: dict[str, str]) -> str:
    """The module of `module.Name`; the name itself where there is none."""
    parent = name.rpartition(".")[0]
    return parent if name not in modules and parent in modules else name


def rings(graph: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as ring:
        return [f"{' -> '.join(ring.args[1])}: import each other"]
    return []


def test_no_module_imports_from_below_it() -> None:
    assert "\n".join(faults(PACKAGE)) == ""


@pytest.mark.parametrize(
    ("module", "source", "fault"),
    [
        ("names", "from publisher.vault.note import Note", "names:1: imports vault.note"),
        ("config", "def f():\n    import publisher.cli", "config:2: imports cli"),
        ("vault/wikilink", "from publisher.vault import markup", "vault.wikilink:1: imports"),
        ("anthology/x", "from publisher.book.model import Book", "anthology.x:1: imports"),
        ("cli", "from . import names", "cli:1: imports without"),
        ("cli", "import importlib as i\ni.import_module('publisher.x')", "cli:2: imports without"),
        ("stray", "", "stray: has no place"),
        ("vault/stray", "", "vault.stray: has no place"),
        ("book/__init__", "from publisher.names import slug", "book.__init__: holds more"),
        ("names", "from publisher.names import slug", "names:1: imports names"),
    ],
)
def test_a_fault_is_found(tmp_path: Path, module: str, source: str, fault: str) -> None:
    for name in ("names", "cli", "vault/note", "vault/markup", "book/model", module):
        path = tmp_path / "publisher" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source if name == module else '"""."""', "utf-8")
    assert [line[: len(fault)] for line in faults(tmp_path / "publisher")][:1] == [fault]


def test_siblings_may_lean_on_each_other_but_not_in_a_ring(tmp_path: Path) -> None:
    folder = tmp_path / "publisher" / "book"
    folder.mkdir(parents=True)
    (folder / "links.py").write_text("from publisher.book.prose import x\n", "utf-8")
    (folder / "prose.py").write_text("from publisher.book.model import y\n", "utf-8")
    (folder / "model.py").write_text("y = 1\n", "utf-8")
    assert faults(tmp_path / "publisher") == []
    (folder / "prose.py").write_text("from publisher.book.links import y\n", "utf-8")
    assert len(faults(tmp_path / "publisher")) == 1
