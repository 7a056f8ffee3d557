"""The command line as a user meets it: output, exit codes, and what is left untouched."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from pathlib import Path

import pytest

from publisher.cache import Cache
from publisher.cli import app, main
from publisher.delivery import output_path
from publisher.problem import SetupError


@dataclass(frozen=True, slots=True)
class Run:
    code: int
    out: str
    err: str


Command = Callable[..., Run]


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    def run(*words: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["publisher", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return Run(int(left.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    root = tmp_path / "My Notes"
    notes = {
        "Fog.md": "---\nauthor: Ann Lee\ngenre: essay\nrating: A\n---\nOf [[Haze]] and [[Dew]].\n",
        "Rime.md": "---\nauthor: Bob Ray\ngenre: poem\n---\nCold ![[gone.png]]\n",
        "Dew.md": "Water that comes at night.\n",
        "Alone.md": "Nobody links here.\n",
    }
    for name, text in notes.items():
        root.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_ebook_goes_to_build_by_its_title(publisher: Command, vault: Path) -> None:
    run = publisher("build", "ebook", vault)
    assert run.code == 0
    assert Path("build/my-notes.epub").is_file()
    assert "build/my-notes.epub" in run.out
    assert "1 resolved, 1 to notes not there" in run.out
    assert "image-missing" in run.out
    assert "Rime.md:5:6: warning[image-missing]" in run.out
    assert "--problems all" in run.out
    assert "\x1b" not in run.out + run.err


def test_print_tells_its_pages(publisher: Command, vault: Path) -> None:
    run = publisher("build", "print", vault, "--title", "Weather", "-o", "out/w.pdf")
    assert run.code == 0
    assert Path("out/w.pdf").read_bytes().startswith(b"%PDF-")
    facts = json.loads(publisher("build", "print", vault, "--format", "json").out)
    assert facts["pages"] >= 8


def test_json_is_one_document(publisher: Command, vault: Path) -> None:
    run = publisher("build", "ebook", vault, "--format", "json")
    facts = json.loads(run.out)
    assert facts["title"] == "My Notes"
    assert facts["pieces"] == 2
    assert facts["links"] == {"resolved": 1, "unresolved": 1}
    assert {p["code"] for p in facts["problems"]} == {"image-missing", "link-unresolved"}


def test_options_change_the_book(publisher: Command, vault: Path) -> None:
    run = publisher(
        "build", "ebook", vault, "--title", "Weather", "--author", "Cy Dee", "--language", "de",
        "--where", "genre=essay", "-o", "w.epub",
    )  # fmt: skip
    assert run.code == 0
    with zipfile.ZipFile("w.epub") as book:
        package = next(book.read(n).decode() for n in book.namelist() if n.endswith(".opf"))
    assert ">Weather<" in package
    assert ">Cy Dee<" in package
    assert "<dc:language>de<" in package or ">de</dc:language>" in package
    assert "Rime" not in package


def test_all_genres_of_a_piece_are_subjects_and_found(publisher: Command, vault: Path) -> None:
    (vault / "Far.md").write_text("---\ngenre: [essay, travel]\n---\nText.\n", encoding="utf-8")
    assert publisher("build", "ebook", vault, "--where", "genre=travel", "-o", "w.epub").code == 0
    with zipfile.ZipFile("w.epub") as book:
        package = next(book.read(n).decode() for n in book.namelist() if n.endswith(".opf"))
    assert re.findall(r"<dc:subject>(.*?)</dc:subject>", package) == ["essay", "travel"]


def test_strict_makes_warnings_count(publisher: Command, vault: Path) -> None:
    assert publisher("check", vault).code == 0
    assert publisher("check", vault, "--strict").code == 1


def test_all_commands_that_read_a_vault_take_the_same_options() -> None:
    commands = {c.callback.__name__: c.callback for c in app().registered_commands if c.callback}
    changing = {"vault", "title", "author", "language", "by", "order", "where"}
    telling = {"problems", "form", "strict"}
    for name in ("build", "plan", "check", "glossary"):
        assert changing | telling <= set(signature(commands[name]).parameters), name
    for name in ("proof", "preview"):
        assert changing - {"vault"} <= set(signature(commands[name]).parameters), name


def test_a_command_that_is_asked_for_is_loaded_alone() -> None:
    found = app("plan")
    assert [
        command.name or command.callback.__name__
        for command in found.registered_commands
        if command.callback
    ] == ["plan"]
    assert found.registered_groups == []
    assert [group.name for group in app("theme").registered_groups] == ["theme"]
    for everything in (app(), app("--help"), app("bind")):
        assert len(everything.registered_commands) + len(everything.registered_groups) == 9


def test_options_change_what_is_looked_at(publisher: Command, vault: Path) -> None:
    essays = (vault, "--where", "genre=essay")
    assert "image-missing" in publisher("check", vault, "--by", "genre", "--order", "date").out
    assert "image-missing" not in publisher("check", *essays, "--title", "W").out
    terms = json.loads(publisher("glossary", *essays, "--format", "json").out)
    assert [entry["term"] for entry in terms] == ["Dew", "Haze"]
    assert (
        json.loads(publisher("glossary", vault, "--where", "genre=poem", "--format", "json").out)
        == []
    )
    assert publisher("plan", vault, "--title", "Weather").out.startswith("Weather\n")
    for command in ("plan", "glossary"):
        assert publisher(command, vault).code == 0
        assert publisher(command, vault, "--strict").code == 1
        assert publisher(command, *essays, "--strict").code == 0
    assert "image-missing" in publisher("plan", vault).out
    assert "image-missing" not in publisher("plan", vault, "--problems", "none").out
    assert "image-missing" not in publisher("glossary", vault).out
    assert "image-missing" in publisher("glossary", vault, "--problems", "all").out


def test_check_writes_nothing(publisher: Command, vault: Path) -> None:
    run = publisher("check", vault)
    assert "warning[image-missing]" in run.out
    assert "note[link-unresolved]" in run.out
    assert not list(Path.cwd().iterdir())


def test_plan_says_what_is_in_and_why_not(publisher: Command, vault: Path) -> None:
    run = publisher("plan", vault)
    assert run.code == 0
    assert run.out.index("Ann Lee") < run.out.index("Bob Ray")
    assert "Alone.md: no author and no genre\n" in run.out
    assert "Dew.md: no author and no genre (in the glossary)\n" in run.out
    plan = json.loads(publisher("plan", vault, "--by", "genre", "--format", "json").out)
    assert [part["title"] for part in plan["parts"]] == ["Essay", "Poem"]


def test_plan_knows_the_outline(publisher: Command, vault: Path) -> None:
    (vault / "Order.md").write_text("- [[Rime]]\n- [[Fog]]\n", encoding="utf-8")
    (vault / "anthology.toml").write_text('[parts]\noutline = "Order"\n', encoding="utf-8")
    run = publisher("plan", vault)
    assert run.out.index("Rime") < run.out.index("Fog")
    assert "Order.md: the outline of the book\n" in run.out


def test_stubs_are_written_once_and_never_over_a_file(publisher: Command, vault: Path) -> None:
    stubs = vault / "Concepts"
    run = publisher("glossary", vault, "--write-stubs", stubs)
    assert run.code == 0
    assert [file.name for file in stubs.iterdir()] == ["Haze.md"]
    text = (stubs / "Haze.md").read_text(encoding="utf-8")
    assert "%% Of Haze and Dew. (Fog) %%" in text
    (stubs / "Haze.md").write_text("mine", encoding="utf-8")
    publisher("glossary", vault, "--write-stubs", stubs)
    assert (stubs / "Haze.md").read_text(encoding="utf-8") == "mine"


def test_a_draft_gets_no_stub(publisher: Command, vault: Path) -> None:
    (vault / "Haze.md").write_text("---\ndraft: true\n---\nNot yet.\n", encoding="utf-8")
    run = publisher("glossary", vault, "--write-stubs", vault / "Concepts")
    assert run.out == f"0 notes written to {vault / 'Concepts'}; 1 was there already.\n"
    assert not list((vault / "Concepts").iterdir())


def test_a_stub_becomes_the_concepts_note(publisher: Command, vault: Path) -> None:
    publisher("glossary", vault, "--write-stubs", vault)
    run = publisher("check", vault)
    assert "link-unresolved" not in run.out


def test_vault_defaults_to_the_folder_with_a_plan(publisher: Command, vault: Path) -> None:
    run = publisher("plan")
    assert run.code == 2
    assert "anthology.toml" in run.err
    Path("content").symlink_to(vault)
    assert "Fog" in publisher("plan").out
    Path("anthology.toml").write_text('[book]\ntitle = "Mine"\n', encoding="utf-8")
    Path("Note.md").write_text("Text.", encoding="utf-8")
    assert publisher("plan").out.startswith("Mine\n1 piece, 1 word\n")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda here: here / "nowhere", "nowhere"),
        (lambda here: touch(here / "file.md"), "file.md"),
        (lambda here: folder(here / "empty"), "empty"),
        (lambda here: folder(here / "blank", "only.md", ""), "blank"),
        (lambda here: folder(here / "torn", "anthology.toml", "[book\n"), "anthology.toml"),
    ],
    ids=["missing", "a file", "empty", "nothing to read", "malformed plan"],
)
def test_a_broken_set_up_is_one_clear_line(
    publisher: Command, vault: Path, make: Callable[[Path], Path], says: str
) -> None:
    good = Path("build/my-notes.epub")
    publisher("build", "ebook", vault)
    before = good.read_bytes()
    run = publisher("build", "ebook", make(vault.parent), "-o", good)
    assert run.code == 2
    assert run.out == ""
    assert len(run.err.strip().splitlines()) == 1
    assert says in run.err
    assert "Traceback" not in run.err
    assert good.read_bytes() == before


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ('outline = "Contens"', "the outline “Contens” is not a note of this vault; did you mean"),
        ('theme = {name = "clasic"}', "there is no theme “clasic”"),
        ('notes = {vault = "Nots"}', "there is no folder"),
        ('print = {printer = "kpd"}', "kdp"),
        ('print = {printer = "kdp", paper = "silk"}', "silk"),
        ('print = {trim = "2x2in"}', "2x2in"),
    ],
)
def test_a_setting_that_names_nothing_says_where_it_stands(
    publisher: Command, vault: Path, plan: str, says: str
) -> None:
    (vault / "Contents.md").write_text("- [[Fog]]\n", encoding="utf-8")
    table = "[parts]\n" if plan.startswith("outline") else ""
    (vault / "anthology.toml").write_text(f"# Our plan\n\n{table}{plan}\n", encoding="utf-8")
    run = publisher("build", "print", vault)
    line = 4 if table else 3
    assert run.code == 2
    assert run.err.startswith(f"publisher: {vault / 'anthology.toml'}:{line}:1: ")
    assert says in run.err
    assert len(run.err.strip().splitlines()) == 1
    if table:
        # What the command line says is not to be looked for in the file.
        by_command = publisher("build", "print", vault, "--for", "kpd")
        assert by_command.err.startswith("publisher: there is no printer")


def test_an_output_that_cannot_be_written_is_one_clear_line(
    publisher: Command, vault: Path
) -> None:
    Path("file").write_text("x", encoding="utf-8")
    run = publisher("build", "ebook", vault, "-o", "file/book.epub")
    assert run.code == 2
    assert len(run.err.strip().splitlines()) == 1
    assert Path("file").read_text(encoding="utf-8") == "x"


def test_a_book_may_have_another_theme_for_once(publisher: Command, vault: Path) -> None:
    assert publisher("build", "ebook", vault, "--theme", "pocket", "-o", "a.epub").code == 0
    assert publisher("build", "ebook", vault, "-o", "b.epub").code == 0
    assert Path("a.epub").read_bytes() != Path("b.epub").read_bytes()
    run = publisher("build", "ebook", vault, "--theme", "no-such")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("publisher: there is no theme “no-such”; there is classic")


def test_a_wrong_where_is_one_clear_line(publisher: Command, vault: Path) -> None:
    run = publisher("plan", vault, "--where", "genre")
    assert run.code == 2
    assert "PROPERTY=VALUE" in run.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("plan", "--by", "autor"), "'autor' is not one of 'author', 'genre', 'folder', 'none'"),
        (("plan", "--nonsense"), "No such option: --nonsense (publisher"),
        (("plan", "--ordr", "title"), "No such option: --ordr (Possible options: --order)"),
        (("build", "print", "--isbn", "1"), "--isbn; anthology.toml has it in [book] and [print]"),
        (("build", "ebook", "--series-index", "1"), "anthology.toml has it in [book]"),
        (("plan", "--order"), "Option '--order' requires an argument"),
        (("build",), "Missing argument 'EDITION'. Choose from: ebook, print, screen, all"),
        (("build", "scroll"), "'scroll' is not one of 'ebook', 'print', 'screen', 'all'"),
        (("bind",), "No such command 'bind'"),
    ],
)
def test_a_wrong_command_is_one_clear_line(
    publisher: Command, words: tuple[str, ...], says: str
) -> None:
    run = publisher(*words)
    assert run.code == 2
    assert run.out == ""
    assert run.err.startswith("publisher: ")
    assert says in run.err
    assert run.err.endswith(" --help tells more)\n")
    assert len(run.err.strip().splitlines()) == 1


def test_no_command_is_a_wish_for_help(publisher: Command) -> None:
    run = publisher()
    assert "Usage: publisher" in run.out
    assert run.err == ""


def test_a_folder_for_stubs_that_is_a_file_is_told(publisher: Command, vault: Path) -> None:
    Path("stubs").write_text("x", encoding="utf-8")
    run = publisher("glossary", vault, "--write-stubs", "stubs")
    assert run.code == 2
    assert run.err == "publisher: stubs is a file: give a folder for the notes\n"


def test_a_plan_that_is_a_folder_is_told(publisher: Command, vault: Path) -> None:
    (vault / "anthology.toml").mkdir()
    run = publisher("plan", vault)
    assert run.code == 2
    assert "anthology.toml cannot be read: is a directory" in run.err


def test_a_book_of_nothing_says_why(publisher: Command, vault: Path) -> None:
    run = publisher("plan", vault, "--where", "genre=novel")
    assert run.code == 2
    assert run.err.strip().endswith("is fit to be a piece: genre is not “novel” (4)")


def test_a_language_that_is_none_is_one_clear_line(publisher: Command, vault: Path) -> None:
    run = publisher("build", "ebook", vault, "--language", "not a language")
    assert run.code == 2
    assert (
        run.err == "publisher: “not a language” is no language; write a tag such as en or pt-BR\n"
    )
    assert publisher("build", "ebook", vault, "--language", "German").code == 0
    with zipfile.ZipFile("build/my-notes.epub") as book:
        assert b">de</dc:language>" in book.read("EPUB/content.opf")


def test_one_note_in_another_language_does_not_change_the_books(
    publisher: Command, vault: Path
) -> None:
    (vault / "Sahar.md").write_text("---\nauthor: M\nlang: ar\n---\nسطر\n", encoding="utf-8")
    assert json.loads(publisher("plan", vault, "--format", "json").out)["language"] == "en"


def test_every_command_has_help_with_an_example(publisher: Command) -> None:
    commands = ("build", "plan", "check", "glossary", "preflight", "proof")
    for words in ([], *([command] for command in commands)):
        run = publisher(*words, "--help")
        assert run.code == 0
        assert "Example" in run.out
        assert "publisher build" in run.out or words[0] in run.out


def test_a_book_for_a_printer_is_judged(publisher: Command, vault: Path) -> None:
    run = publisher("build", "print", vault, "--for", "kdp", "--format", "json", "--guides")
    facts = json.loads(run.out)
    # Ten pages are too few to bind: the printer refuses, and the exit code says so.
    assert run.code == 1
    assert facts["path"].endswith("my-notes-kdp.pdf")
    assert [Path(p).name for p in facts["beside"]] == [
        "my-notes-kdp-cover.pdf", "my-notes-kdp-cover-guides.pdf",
    ]  # fmt: skip
    assert {report["kind"] for report in facts["preflight"]} == {"interior", "cover"}
    alone = publisher("preflight", facts["path"], "--for", "kdp", "--format", "json")
    assert alone.code == 1
    assert json.loads(alone.out) == facts["preflight"][0]


def test_a_page_count_out_of_the_printers_limits_is_told_once(
    publisher: Command, vault: Path
) -> None:
    said = publisher("build", "print", vault, "--for", "kdp").out
    assert said.count("binds 24") == 1
    assert "print: error[page-count]: Amazon KDP, paperback binds 24 to 828 pages" in said
    assert "1 thing the printer would refuse (told among the problems)" in said
    alone = publisher("preflight", "build/my-notes-kdp.pdf", "--for", "kdp").out
    assert "pages-too-few" in alone
    assert "told among" not in alone


def test_a_name_of_another_kind_of_book_is_refused(publisher: Command, vault: Path) -> None:
    run = publisher("build", "print", vault, "-o", "book.epub")
    assert run.code == 2
    assert "book.epub is a name for the EPUB; this is the PDF" in run.err


def test_all_books_at_once(publisher: Command, vault: Path) -> None:
    run = publisher("build", "all", vault, "--output", "books", "--format", "json")
    names = [Path(facts["path"]).name for facts in json.loads(run.out)]
    assert names == ["my-notes.pdf", "my-notes.epub", "my-notes-screen.pdf"]
    assert sorted(file.name for file in Path("books").iterdir()) == sorted(names)


def test_a_trim_of_ones_own(publisher: Command, vault: Path) -> None:
    assert publisher("build", "print", vault, "--trim", "a5", "-o", "a5.pdf").code == 0
    run = publisher("preflight", "a5.pdf", "--for", "a5", "--format", "json")
    codes = {found["code"] for found in json.loads(run.out)["findings"]}
    assert not [code for code in codes if "trim" in code or "box" in code]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--for", "kpd"), "kdp"),
        (("--for", "kdp", "--paper", "silk"), "silk"),
        (("--for", "kdp", "--trim", "20x30in"), "20x30in"),
        (("--trim", "2x2in"), "2x2in"),
        (("--for", "ingram", "--profile", "nowhere.icc"), "nowhere.icc"),
    ],
)
def test_a_wish_no_printer_can_grant_is_one_clear_line(
    publisher: Command, vault: Path, words: tuple[str, ...], says: str
) -> None:
    run = publisher("build", "print", vault, *words)
    assert run.code == 2
    assert len(run.err.strip().splitlines()) == 1
    assert says in run.err
    assert not Path("build").exists()


def test_the_cache_is_measured_and_cleared(
    publisher: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLISHER_CACHE", str(tmp_path / "kept"))
    kept = Cache(tmp_path / "kept")
    kept.put("a" * 40, b"x" * 3_000_000)
    assert publisher("cache").out.startswith("2.9 MB in ")
    assert publisher("cache", "clear").code == 0
    assert publisher("cache", "size").out.startswith("0.0 MB in ")


def test_proof_lists_pages(publisher: Command, vault: Path) -> None:
    run = publisher("proof", vault, "--format", "json", "--pictures", "seen")
    assert run.code == 0
    assert isinstance(json.loads(run.out), dict)


def touch(path: Path) -> Path:
    path.write_text("text", encoding="utf-8")
    return path


def folder(path: Path, name: str = "", text: str = "") -> Path:
    path.mkdir()
    if name:
        (path / name).write_text(text, encoding="utf-8")
    return path


def test_a_book_without_glossary_or_contributors_has_no_links_to_them(
    publisher: Command, vault: Path
) -> None:
    plan = "[glossary]\nshow = false\n[contributors]\nshow = false\n"
    (vault / "anthology.toml").write_text(plan, encoding="utf-8")
    assert publisher("build", "ebook", vault, "-o", "w.epub").code == 0
    with zipfile.ZipFile("w.epub") as book:
        names = " ".join(book.namelist())
        text = "".join(book.read(n).decode() for n in book.namelist() if n.endswith(".xhtml"))
    assert "Fog" in text
    assert "glossary" not in names + text
    assert "contributors.xhtml" not in names + text


def test_errors_come_before_the_warnings_that_fill_the_list(
    publisher: Command, vault: Path
) -> None:
    many = "\n".join(f"![[gone {n}.png]]\n" for n in range(9))
    (vault / "Gone.md").write_text(f"---\nauthor: Ann Lee\n---\n{many}", "utf-8")
    said = publisher("build", "print", vault, "--for", "kdp").out
    assert said.index("print: error[page-count]") < said.index("Gone.md:4:1: warning")


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("Note.md", b"Words.", False),
        ("plate.svg", b"<svg/>", False),
        ("bare", b"Words.", False),
        ("bare", b"%PDF-1.7", True),
        ("book.pdf", b"", True),
        ("new.md", None, True),
    ],
)
def test_a_book_takes_the_place_of_books_alone(
    name: str, content: bytes | None, taken: bool, tmp_path: Path
) -> None:
    target = tmp_path / name
    if content is not None:
        target.write_bytes(content)
    if taken:
        assert output_path(target, "T", ".pdf", tmp_path) == target
        return
    with pytest.raises(SetupError, match=r"is there already, and is no book: .* ends in \.pdf"):
        output_path(target, "T", ".pdf", tmp_path)
