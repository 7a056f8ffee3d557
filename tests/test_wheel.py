"""What pip installs is the whole program: the command works far from any checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from email.parser import Parser
from importlib.metadata import files, requires
from pathlib import Path

import pytest
from conftest import ROOT
from packaging.requirements import Requirement

NOTE = """---
author: Ada Fenwick
genre: essay
---
# On Fog

It comes from the [[harbour]] and asks for nothing.
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built with what the lock file brought."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    subprocess.run([*build, "--outdir", folder, ROOT], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def declared(wheel: Path) -> set[str]:
    """The libraries that pip would fetch for the wheel, and theirs: nothing a test brought."""
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        wheel_metadata = Parser().parsestr(archive.read(metadata).decode())
    wanted = [(line, {""}) for line in wheel_metadata.get_all("Requires-Dist", [])]
    found: set[str] = set()
    while wanted:
        line, extras = wanted.pop()
        library = Requirement(line)
        marker = library.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            if library.name in found and not library.extras:
                continue
            found.add(library.name)
            asked = {"", *library.extras}
            wanted += [(theirs, asked) for theirs in requires(library.name) or ()]
    return found


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`publisher` in an empty environment that borrows only the libraries of this one."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False, symlinks=True)
    scheme = sysconfig.get_preferred_scheme("prefix")
    names = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", scheme, names))
    python = folder / "bin" / "python"
    borrowed = tmp_path_factory.mktemp("libraries")
    for top in {Path(file).parts[0] for name in declared(wheel) for file in files(name) or ()}:
        if top != "..":
            (borrowed / top).symlink_to(Path(sysconfig.get_path("purelib")) / top)
    (packages / "borrowed.pth").write_text(f"{borrowed}\n", "utf-8")
    install = ["install", "--no-deps", "--no-index", str(wheel)]
    pip = [sys.executable, "-m", "pip", "--python"]
    subprocess.run([*pip, python, *install], check=True, capture_output=True)
    return folder / "bin" / "publisher"


def run(command: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run(
        [command, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_wheel_holds_the_themes_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    themes = {
        f"publisher/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "themes").rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    assert themes
    assert themes <= names
    presets = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "publisher" / "printers").glob("*.toml")
    }
    assert presets
    assert presets <= names
    page = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "publisher" / "preview" / "page").iterdir()
    }
    assert len(page) > 8
    assert page <= names
    assert "publisher/specimen/anthology.toml" in names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"publisher"}


def test_help_is_given(command: Path, tmp_path: Path) -> None:
    done = run(command, tmp_path, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "build" in done.stdout


@pytest.mark.parametrize(("medium", "ending"), [("ebook", ".epub"), ("print", ".pdf")])
def test_a_book_is_built_from_another_folder(
    command: Path, tmp_path: Path, medium: str, ending: str
) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "On Fog.md").write_text(NOTE, "utf-8")
    done = run(command, tmp_path, "build", medium, "vault")
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.suffix for path in (tmp_path / "build").iterdir()] == [ending]
