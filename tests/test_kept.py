"""What is kept between builds: used while nothing it rests on has changed, and never else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import booksample
import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from publisher import provenance
from publisher.cache import Cache, digest_of
from publisher.cli import app
from publisher.config import Plan
from publisher.pipeline import build_ebook, silent
from publisher.printing import Workshop, build_print
from publisher.render import pages, theme_sandbox
from publisher.render.leaves import Leaf
from publisher.render.pdf import tools
from publisher.render.pdf.crew import Crew
from publisher.render.pdf.jobs import Kit
from publisher.render.pdf.shelf import Shelf
from publisher.render.pdf.store import Store
from publisher.render.theme import load_theme
from publisher.vault import reading
from publisher.vault.reading import read_notes
from publisher.vault.scan import Vault, VaultFile, scan

CONTENT = Path(__file__).parent.parent / "content"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTENT, tmp_path / "vault"))


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The notes that are parsed, by their paths."""
    paths: list[str] = []
    parse: Callable[..., object] = vars(reading)["parse_note"]

    def watched(file: VaultFile, habits: object) -> object:
        paths.append(file.path)
        return parse(file, habits)

    monkeypatch.setattr(reading, "parse_note", watched)
    monkeypatch.setattr(reading, "WORTH_WORKERS", 1_000_000_000)
    return paths


def test_a_note_is_parsed_once(vault: Path, tmp_path: Path, parsed: list[str]) -> None:
    cache = Cache(tmp_path / "cache")
    found, _ = scan(vault)
    first = read_notes(found, silent, cache)
    assert len(parsed) == len(found.files) > 10
    assert read_notes(found, silent, cache) == first == read_notes(found, silent)
    assert len(parsed) == 2 * len(found.files)  # the last of the three had no cache


def first_file(change: dict[str, str]) -> Callable[[Vault], Vault]:
    return lambda vault: replace(vault, files=(replace(vault.files[0], **change), *vault.files[1:]))


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (first_file({"digest": "0"}), 1),
        (first_file({"path": "Elsewhere.md"}), 1),
        (lambda vault: replace(vault, habits=replace(vault.habits, strict_breaks=True)), 0),
        (lambda vault: replace(vault, habits=replace(vault.habits, curly_quotes=True)), 0),
    ],
    ids=["bytes", "path", "breaks", "quotes"],
)
def test_what_it_rests_on_has_changed(
    vault: Path, tmp_path: Path, parsed: list[str], change: Callable[[Vault], Vault], again: int
) -> None:
    cache = Cache(tmp_path / "cache")
    found, _ = scan(vault)
    read_notes(found, silent, cache)
    parsed.clear()
    other = change(found)
    assert read_notes(other, silent, cache) == read_notes(other, silent)
    assert len(parsed) == (again or len(found.files)) + len(found.files)


def test_another_make_of_publisher_reads_anew(
    vault: Path, tmp_path: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path / "cache")
    found, _ = scan(vault)
    read_notes(found, silent, cache)
    monkeypatch.setattr(reading, "provenance", lambda: "another")
    read_notes(found, silent, cache)
    assert len(parsed) == 2 * len(found.files)


@pytest.mark.parametrize("name", ["vault/note.py", "languages/en.toml"])
def test_a_make_is_known_by_its_sources(tmp_path: Path, name: str) -> None:
    home = Path(shutil.copytree(Path(provenance.__file__).parent, tmp_path / "publisher"))
    (home / "vault" / "__pycache__").mkdir(exist_ok=True)
    (home / "vault" / "__pycache__" / "note.pyc").write_bytes(b"any")
    made = provenance.sources(home)
    assert made == provenance.sources(Path(provenance.__file__).parent)
    with (home / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    changed = provenance.sources(home)
    (home / name).rename(home / f"{name}.old")
    assert len({made, changed, provenance.sources(home)}) == 3


def edit(vault: Path) -> None:
    with (vault / "Essays" / "Against the Granny Knot.md").open("a", encoding="utf-8") as file:
        file.write("\n\nOne sentence more, and a [[Link to nowhere in particular]].\n")


@pytest.mark.parametrize("form", ["epub", "pdf"])
def test_incremental_equals_clean(vault: Path, tmp_path: Path, form: str) -> None:
    def build(name: str, folder: Path) -> bytes:
        path = tmp_path / f"{name}.{form}"
        if form == "epub":
            build_ebook(vault, Plan(), path, tmp_path, cache=Cache(folder))
        else:
            monkey.setenv("PUBLISHER_CACHE", str(folder))
            build_print(vault, Plan(), path, tmp_path, workshop=Workshop(jobs=1))
        return path.read_bytes()

    for folder in ("Books", "Interviews", "Letters", "Tales"):  # enough is left
        shutil.rmtree(vault / folder)
    with pytest.MonkeyPatch.context() as monkey:
        before = build("before", tmp_path / "cache")
        edit(vault)
        for path in sorted((tmp_path / "cache").rglob("*")):
            if path.is_file() and path.name[-1] in "0123":
                path.write_bytes(path.read_bytes()[:-1])
        after = build("after", tmp_path / "cache")
        assert after == build("clean", tmp_path / "other")
        assert after != before


def test_an_edit_prints_the_index_once(
    vault: Path, tmp_path: Path, takes_printed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLISHER_CACHE", str(tmp_path / "cache"))
    for again in range(2):
        build_print(vault, Plan(index="true"), tmp_path / "a.pdf", tmp_path)
        assert takes_printed.count("_index") == 1
        if not again:
            assert takes_printed.index("_contents") < takes_printed.index("_index")
            takes_printed.clear()
            with (vault / "Essays" / "Against the Granny Knot.md").open("a") as file:
                file.write("\n\n" + "A long sentence more, to fill the page. " * 200)
                file.write("\n\nIn short, [[Bowline]].\n")
    assert len(takes_printed) < 10


def test_templates_and_formulas_are_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = vars(theme_sandbox)["_COMPILED"]
    cache = Cache(tmp_path / "cache")
    theme_sandbox.keep_compiled(cache)
    formula = '<p><math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math></p>'
    shown = []
    for _ in range(2):
        monkeypatch.setattr(compiled, "_kept", {})
        load_theme("classic").environment().get_template("print.html.j2")
        with Store(cache) as store, Crew(Kit("", "", ())) as crew:
            shelf = Shelf(booksample.BOOK, frozenset(), crew, store)
            shown.append(shelf.fragment(formula))
            shelf.remember()
        # The second time round, neither can be made.
        monkeypatch.setattr(theme_sandbox.Sandbox, "_parse", None)
        monkeypatch.setattr("publisher.render.pdf.shelf.fragment", None)
    theme_sandbox.keep_compiled(None)
    assert shown[0] == shown[1]
    assert "svg" in shown[0]


def test_what_another_user_could_have_written_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, key = Cache(tmp_path), digest_of("a")
    cache.put(key, b"words")
    path = tmp_path / key[:2] / key
    path.chmod(0o666)
    assert cache.get(key) is None
    cache.put(key, b"words")
    assert cache.get(key) == b"words"
    monkeypatch.setattr("os.geteuid", lambda: 4_711)
    assert cache.get(key) is None


def test_versions_are_those_that_packages_say_of_themselves() -> None:
    names = (*provenance.PACKAGES, *tools.PACKAGES, "pytest")
    assert provenance.versions(names) == [f"{name} {version(name)}" for name in names]
    with pytest.raises(PackageNotFoundError):
        provenance.versions(["no-such-package"])


def test_no_cache_keeps_nothing(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    monkeypatch.setenv("PUBLISHER_CACHE", str(kept))
    order = ["build", "ebook", str(vault), "--output", str(tmp_path / "book.epub")]
    CliRunner().invoke(app(), [*order, "--no-cache"])
    assert not kept.exists()
    assert (tmp_path / "book.epub").exists()
    CliRunner().invoke(app(), order)
    assert len([path for path in kept.rglob("*") if path.is_file()]) > 10


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that are rendered, by their names."""
    names: list[str] = []
    render: Callable[..., str] = vars(pages)["_render"]

    def watched(environment: object, leaf: Leaf, book: object) -> str:
        names.append(leaf.name)
        return render(environment, leaf, book)

    monkeypatch.setattr(pages, "_render", watched)
    return names


def test_a_chapter_is_rendered_once(vault: Path, tmp_path: Path, rendered: list[str]) -> None:
    cache = Cache(tmp_path / "cache")

    def made(name: str, kept: Cache | None) -> bytes:
        rendered.clear()
        return build_ebook(
            vault, Plan(), tmp_path / name, tmp_path, silent, cache=kept
        ).path.read_bytes()

    def pieces() -> int:
        return sum(name.startswith("piece-") for name in rendered)

    clean = made("a.epub", None)
    assert pieces() > 10
    every = pieces()
    assert made("a.epub", cache) == clean
    assert pieces() == every
    assert made("a.epub", cache) == clean
    assert pieces() == 0
    with (vault / "Essays" / "Against the Granny Knot.md").open("a") as file:
        file.write("\n\nA sentence more.\n")
    edited = made("a.epub", cache)
    assert pieces() == 1
    assert edited == made("a.epub", None) != clean


@pytest.mark.parametrize(("line", "again"), [("", 0), ("{% set n = book.parts | length %}", 1)])
def test_a_page_that_looks_at_the_book_is_not_kept(
    tmp_path: Path, rendered: list[str], line: str, again: int
) -> None:
    vault = tmp_path / "vault"
    home = vault / "themes" / "own" / "templates"
    home.mkdir(parents=True)
    (vault / "Fog.md").write_text("Fog is weather that has forgotten to leave.", "utf-8")
    (home.parent / "theme.toml").write_text('title = "Own"\nextends = "classic"\n', "utf-8")
    classic = Path(__file__).parent.parent / "themes" / "classic" / "templates"
    text = (classic / "piece.xhtml.j2").read_text("utf-8")
    own = text.replace("{% block page %}", f"{{% block page %}}{line}")
    (home / "piece.xhtml.j2").write_text(own, "utf-8")
    cache = Cache(tmp_path / "cache")
    for _ in range(2):
        rendered.clear()
        build_ebook(vault, Plan(theme="own"), tmp_path / "a.epub", tmp_path, silent, cache=cache)
    assert sum(name.startswith("piece-") for name in rendered) == again
    # Another text of the template is another page.
    (home / "piece.xhtml.j2").write_text(f"{own}{{# another #}}", "utf-8")
    rendered.clear()
    build_ebook(vault, Plan(theme="own"), tmp_path / "a.epub", tmp_path, silent, cache=cache)
    assert "piece-1" in rendered
