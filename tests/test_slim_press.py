"""Who has workers lay out the pages does not load the engine, nor asks it what it is made of."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from weasyprint.text.ffi import ffi, fontconfig, harfbuzz, pango

from publisher.problem import SetupError
from publisher.render.pdf import native

ROOT = Path(__file__).parent.parent
# What takes as long to load as a book to be bound.
ENGINE = ("weasyprint", "cffi", "fontTools", "ziamath")
BUILD = f"""
import atexit, sys
from publisher.cli import main
atexit.register(lambda: print("loaded:", *[n for n in {ENGINE} if n in sys.modules]))
main()
"""
NOTE = "---\nauthor: Ann Lee\n---\nFog is a cloud that the coast keeps.\n"
several = pytest.mark.skipif(os.cpu_count() == 1, reason="one core has no workers")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    for name in ("Fog", "Rain", "Snow"):
        (folder / f"{name}.md").write_text(NOTE, "utf-8")
    return folder


@pytest.fixture
def room() -> Iterator[Path]:
    """Where temporary files are; workers are called by an address in it, which must be short."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


def build(vault: Path, room: Path, name: str = "one", jobs: int = 2) -> tuple[set[str], bytes]:
    """Which parts of the engine were loaded for a book, and the book."""
    out = vault.parent / f"{name}.pdf"
    order = [sys.executable, "-W", "ignore", "-c", BUILD, "build", "print", str(vault)]
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PUBLISHER_CACHE": str(vault.parent / f"cache-{name}"),
        "SOURCE_DATE_EPOCH": "1000000000",
        "TMPDIR": str(room),
    }
    done = subprocess.run(
        [*order, "-o", str(out), "--jobs", str(jobs)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.rpartition("loaded:")[2].split()), out.read_bytes()


@several
def test_workers_alone_load_the_engine(vault: Path, room: Path) -> None:
    loaded, cold = build(vault, room)
    assert loaded == set()
    assert build(vault, room) == (set(), cold)
    with (vault / "Rain.md").open("a", encoding="utf-8") as note:
        note.write("\nIt rains, and $x^2$ is a formula.\n")
    loaded, edited = build(vault, room)
    # A formula or two are drawn sooner than a worker comes.
    assert loaded == {"ziamath"}
    assert edited != cold
    loaded, alone = build(vault, room, "two", jobs=1)
    assert {"weasyprint", "ziamath"} <= loaded
    assert alone == edited


@several
def test_workers_come_where_temporary_files_have_long_names(vault: Path, room: Path) -> None:
    long = room / ("t" * 120)
    long.mkdir()
    assert build(vault, long, "two") == build(vault, room)
    assert list(long.iterdir()) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_nothing_is_left_where_temporary_files_are(vault: Path, room: Path, jobs: int) -> None:
    build(vault, room, jobs=jobs)
    assert list(room.iterdir()) == []


@several
def test_a_new_title_is_a_matter_of_workers_too(vault: Path, room: Path) -> None:
    build(vault, room)
    (vault / "anthology.toml").write_text('title = "Weather"\n', "utf-8")
    loaded, named = build(vault, room)
    assert loaded == set()
    assert named == build(vault, room, "two", jobs=1)[1]


def test_a_book_as_it_was_takes_no_engine_at_all(vault: Path, room: Path) -> None:
    first = build(vault, room, jobs=1)[1]
    assert build(vault, room, jobs=1) == (set(), first)


def test_the_libraries_are_those_of_the_engine() -> None:
    assert native.pango_version() == pango.pango_version()
    figures = map(int, native.harfbuzz_version().split("."))
    major, minor, micro = figures
    assert harfbuzz.hb_version_atleast(major, minor, micro)
    assert not harfbuzz.hb_version_atleast(major, minor, micro + 1)
    for file, theirs in (("libpango-1.0.so.0", pango), ("libharfbuzz.so.0", harfbuzz)):
        name = {"libpango-1.0.so.0": "pango_version", "libharfbuzz.so.0": "hb_version_atleast"}
        ours = ctypes.cast(getattr(native.library(file), name[file]), ctypes.c_void_p).value
        assert ours == int(ffi.cast("uintptr_t", ffi.addressof(theirs, name[file])))


def test_the_fonts_are_those_that_the_engine_finds() -> None:
    config = fontconfig.FcInitLoadConfigAndFonts()
    fonts = fontconfig.FcConfigGetFonts(config, fontconfig.FcSetSystem)
    found = {
        (said(pattern, b"family", number), said(pattern, b"file", 0))
        for pattern in fonts.fonts[0 : fonts.nfont]
        for number in range(2)
    }
    fontconfig.FcConfigDestroy(config)
    assert native.system_fonts() == found


def said(pattern: object, what: bytes, number: int) -> str:
    name = ffi.new("FcChar8 **")
    missing = fontconfig.FcPatternGetString(pattern, what, number, name)
    return "" if missing else ffi.string(name[0]).decode("utf-8", "replace")


def test_a_library_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "NAMES", {"libnone.so.7": ("none-7",)})
    monkeypatch.setattr(native, "DYLIBS", {"libnone.so.7": "libnone.7.dylib"})
    with pytest.raises(SetupError, match="libnone"):
        native.library("libnone.so.7")
