"""anthology.toml, right and wrong."""

from __future__ import annotations

import contextlib
import pickle
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from publisher.config import Plan, parse_plan, plan_with, read_plan
from publisher.isbn import normal_isbn
from publisher.plankeys import CHOICES, KEYS, OPEN
from publisher.problem import SetupError
from publisher.tomlplaces import key_places

REFERENCE = Path(__file__).parent.parent / "docs" / "anthology-toml.md"


def planned(text: str) -> Plan:
    plan, problems = parse_plan(text, "anthology.toml")
    assert problems == ()
    return plan


def test_no_file_is_the_plan_of_defaults() -> None:
    assert read_plan(None) == (Plan(), ())
    assert planned("") == Plan()
    assert planned("[book]\n[notes]\n[authors]\n") == Plan()


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ('[book]\ntitle = " Fog "', {"title": "Fog"}),
        ('book.title = "Fog"', {"title": "Fog"}),
        ('book = {title = "Fog"}', {"title": "Fog"}),
        ('[book]\nsubtitle = "A Reader"', {"subtitle": "A Reader"}),
        ('[book]\neditor = "Ada"', {"editors": ("Ada",)}),
        ('[book]\nauthors = ["Ada", "Ben", ""]', {"editors": ("Ada", "Ben")}),
        ('[book]\nlanguage = "pt_br"', {"language": "pt-BR"}),
        ('[book]\nlanguage = "German"', {"language": "de"}),
        ('[book]\npublisher = "Quay"\nrights = "© Ada"', {"publisher": "Quay", "rights": "© Ada"}),
        ('[book]\nisbn = "978-0-306-40615-7"', {"isbn": "9780306406157"}),
        ("[book]\nisbn = 9780306406157", {"isbn": "9780306406157"}),
        ('[book]\nisbn = "0-306-40615-2"', {"isbn": "9780306406157"}),
        ('[book]\nisbn = ""', {}),
        ('[book]\nsubjects = ["Fog", "Sea"]', {"subjects": ("Fog", "Sea")}),
        ('[book]\nseries = "Quays"\nseries_index = 2', {"series": "Quays", "series_index": "2"}),
        ("[book]\nseries_index = 2.5", {"series_index": "2.5"}),
        ('[book]\ndescription = """\nLong\n"""', {"description": "Long"}),
        ("[book]\ndate = 2024-05-01", {"date": "2024-05-01"}),
        ('[book]\ndate = "2024-05"', {"date": "2024-05"}),
        ("[book]\ndate = 2024", {"date": "2024"}),
        ('[notes]\nquotes = "typed"', {"quotes": "typed"}),
        ('[notes.where]\ngenre = ["a", "b"]', {"where": (("genre", "a"), ("genre", "b"))}),
        ('[notes]\nvault = "notes/best"', {"vault": "notes/best"}),
        ('[notes]\ninclude = "Essays/**"', {"include": ("Essays/**",)}),
        ('[notes]\nexclude = ["a", "b"]', {"exclude": ("a", "b")}),
        ('[notes]\nline_breaks = "join"', {"line_breaks": "join"}),
        (
            '[notes.where]\ngenre = "essay"\nyear = 1940\ndone = true',
            {
                "where": (
                    ("genre", "essay"),
                    ("year", "1940"),
                    ("done", "true"),
                )
            },
        ),
        ('[parts]\nby = "genre"\norder = "date"', {"by": "genre", "order": "date"}),
        ('[parts]\norder = ""', {}),
        ('[parts]\noutline = "Outline"', {"outline": "Outline"}),
        ('[links]\nrepeat = "first"', {"repeat": "first"}),
        ("[glossary]\nshow = false", {"glossary": False}),
        ("[contributors]\nshow = false", {"contributors": False}),
        ("[sources]\nshow = false", {"sources": False}),
        ('[glossary.groups]\n"P & O" = "People"', {"groups": (("P & O", "People"),)}),
        (
            '[authors]\n"Leon Trotsky" = ["Trotsky", "L. Trotsky"]\nPlato = "Platon"',
            {"persons": (("Leon Trotsky", ("Trotsky", "L. Trotsky")), ("Plato", ("Platon",)))},
        ),
        (
            '[authors."Ada Fenn"]\naliases = ["A. F."]\nfile_as = "Fenn, Ada"',
            {"persons": (("Ada Fenn", ("A. F.",)),), "files_as": (("Ada Fenn", "Fenn, Ada"),)},
        ),
        ('[theme]\nname = "plain"', {"theme": "plain"}),
        (
            '[theme.tokens]\nink = "#111"\nsize = 11',
            {"theme_tokens": (("ink", "#111"), ("size", "11"))},
        ),
        ('[print]\ntrim = "148x210mm"', {"trim": "148x210mm"}),
        (
            '[print]\nprinter = "kdp"\npaper = "cream"\ntrim = "a5"\nbleed = true',
            {"printer": "kdp", "paper": "cream", "trim": "a5", "bleed": True},
        ),
        (
            '[printers.mine]\nbased_on = "kdp"\nmargins.outside = "1in"',
            {"printers": (("mine", '{"based_on": "kdp", "margins": {"outside": "1in"}}'),)},
        ),
    ],
)
def test_settings(text: str, changed: dict[str, object]) -> None:
    assert replace(planned(text), spots=()) == replace(Plan(), **changed)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title =", "1:8: Invalid value"),
        ("[book]\ntitle = Fog", "2:9: Invalid value"),
        ('[book]\ntitle = "a"\ntitle = "b"', "3:12: this is set a second time"),
        ("[book\n", "1:6: Expected ']' at the end of a table declaration"),
        ("a = " + "[" * 5000, "1:"),
        ("[book]\ntitle = 4", "2:1: [book] title wants text in quotes"),
        ('[book]\n\n  "title" = ["x"]', "3:3: [book] title wants text in quotes"),
        ("[book]\neditors = [1]", "2:1: [book] editors wants text or a list of texts"),
        ('[book]\nauthor = "A"\neditor = "B"', "3:1: [book] editor says a second time"),
        ('[book]\nlanguage = "gibberish!"', "2:1: “gibberish!” is no language"),
        ('[book]\ndate = "May"', "2:1: [book] date wants 2024, 2024-05 or 2024-05-01, not “May”"),
        ("[book]\nisbn = [1]", "2:1: [book] isbn wants text or a number"),
        ("book = 1", "1:1: [book] is a table of settings, not a value"),
        ("authors = 1", "1:1: [authors] is a table of settings, not a value"),
        ('[notes]\nwhere = "x"', "2:1: [notes.where] is a table of settings, not a value"),
        ("[notes.where]\na = {b = 1}", "2:1: a wants text or a number"),
        ('[notes.where]\na = [["b"]]', "2:1: a wants text or a number"),
        ('[notes]\nvault = "../other"', "2:1: [notes] vault wants a folder below this file"),
        ('[notes]\nvault = "/etc"', "2:1: [notes] vault wants a folder below this file"),
        ('[notes]\nvault = "a/../.."', "2:1: [notes] vault wants a folder below this file"),
        ('[notes]\nvault = "C:\\\\x"', "2:1: [notes] vault wants a folder below this file"),
        ('[notes]\nline_breaks = "yes"', "2:1: [notes] line_breaks is one of keep or join"),
        ('[parts]\nby = "gnre"', "2:1: [parts] by is one of author, genre, folder or none"),
        ('[links]\nrepeat = "often"', "2:1: [links] repeat is one of section, always or first"),
        ("[glossary]\nshow = 1", "2:1: [glossary] show wants true or false"),
        ('glossary = "no"', "1:1: [glossary] is a table of settings, not a value"),
        ("[authors]\nAda = 1", "2:1: Ada wants a list of other names"),
        ("[authors]\nAda = {file_as = 1}", "2:1: file_as of Ada wants text in quotes"),
        ('[theme]\nname = "../x"', "2:1: [theme] name wants a theme's name"),
        ('[print]\ntrim = "large"', "2:1: [print] trim wants width and height"),
        ("[print]\nbleed = 3", "2:1: [print] bleed wants true or false"),
        ("[printers]\nmine = 1", "2:1: [printers.mine] is a table of settings, not a value"),
        ("[printers.a]\nb = 2024-01-01", "1:2: [printers.a] holds a date where none can be"),
    ],
)
def test_mistakes_are_one_line_with_their_place(text: str, said: str) -> None:
    with pytest.raises(SetupError) as caught:
        parse_plan(text, "anthology.toml")
    assert str(caught.value).startswith(f"anthology.toml:{said}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("[book]\ntitel = 1", "2:1", "did you mean [book] title?"),
        ("[book]\nsubtitel = 1", "2:1", "did you mean [book] subtitle?"),
        ('title = "x"', "1:1", "did you mean [book] title?"),
        ("[book]\nBy = 1", "2:1", "did you mean [parts] by?"),
        ("[glossary]\nrepeat = 1", "2:1", "did you mean [links] repeat?"),
        ("\n\n[autors]\nAda = []", "3:2", "did you mean [authors]?"),
        ("[notes]\nwere = 1", "2:1", "did you mean [notes.where]?"),
        ("[authors]\nAda = {alias = []}", "2:1", "did you mean aliases?"),
        ('[book]\ndat = """\nx = 1\n"""\nzzzz = 1', "2:1", "did you mean [book] date?"),
        ("qqqqqq = 1", "1:1", "see docs/anthology-toml.md for all keys"),
    ],
)
def test_an_unknown_key_names_its_nearest(text: str, place: str, hint: str) -> None:
    plan, problems = parse_plan(text, "anthology.toml")
    assert replace(plan, persons=()) == Plan()
    assert {problem.code for problem in problems} == {"unknown-key"}
    assert (str(problems[0].at), problems[0].hint) == (f"anthology.toml:{place}", hint)


@pytest.mark.parametrize(
    "isbn",
    ["9780306406158", "0306406153", "978030640615", "9770306406157", "ISBN", "97803064061५7"],
)
def test_a_wrong_isbn_is_left_out(isbn: str) -> None:
    plan, problems = parse_plan(f'[book]\nisbn = "{isbn}"', "a.toml")
    assert plan.isbn == ""
    assert [(str(p.at), p.code) for p in problems] == [("a.toml:2:1", "isbn-check-digit")]


@pytest.mark.parametrize(
    ("typed", "isbn"),
    [
        ("978-3-16-148410-0", "9783161484100"),
        ("ISBN 978 3 16 148410 0", "9783161484100"),
        ("3-16-148410-X", "9783161484100"),
        ("979-10-90636-07-1", "9791090636071"),
    ],
)
def test_isbns(typed: str, isbn: str) -> None:
    assert normal_isbn(typed) == (isbn, True)


def test_the_command_line_wins() -> None:
    plan = planned('[book]\ntitle = "A"\n[parts]\nby = "genre"')
    changed = plan_with(plan, title="B", by="folder", where=(("genre", "x"),))
    assert (changed.title, changed.by, changed.where) == ("B", "folder", (("genre", "x"),))
    assert plan_with(plan) == plan
    with pytest.raises(SetupError, match="by is one of author, genre, folder or none"):
        plan_with(plan, by="colour")
    with pytest.raises(SetupError, match="no setting “titel”; did you mean title"):
        plan_with(plan, titel="x")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'[book]\ntitle = "caf\xe9"\n')
    (tmp_path / "large.toml").write_bytes(b"#" * (2 << 20))
    said = {}
    for name in ("gone.toml", "latin.toml", "large.toml", "."):
        with pytest.raises(SetupError) as caught:
            read_plan(tmp_path / name)
        said[name] = str(caught.value).replace(str(tmp_path), "").strip("/ ")
    assert said == {
        "gone.toml": "gone.toml cannot be read: no such file or directory",
        "latin.toml": "latin.toml:2: this file is not UTF-8 text",
        "large.toml": "large.toml is larger than a plan can be",
        ".": "cannot be read: is a directory",
    }


def test_a_file_with_windows_marks(tmp_path: Path) -> None:
    file = tmp_path / "anthology.toml"
    file.write_bytes(b'\xef\xbb\xbf[book]\r\ntitle = "Fog"\r\ntitel = 1\r\n')
    plan, problems = read_plan(file)
    assert plan.title == "Fog"
    assert [(p.at.line, p.at.column) for p in problems] == [(3, 1)]


def test_places() -> None:
    text = (
        "# [no]\n[book] # c\ntitle = '''\n[x]\ny = 1\n'''\nlist = [ # a ]\n  \"]\",\n"
        '  [1],\n]\n\n [ authors . "A \\u0042" ]\nfile_as="x"\na.b.c = 1\nt = {x = 1,\ny = 2}\nlast = 1'
    )
    places = {".".join(key): place for key, place in key_places(text).items()}
    assert places == {
        "book": (2, 2), "book.title": (3, 1), "book.list": (7, 1), "authors": (12, 4),
        "authors.A B": (12, 4), "authors.A B.file_as": (13, 1), "authors.A B.a": (14, 1),
        "authors.A B.a.b": (14, 1), "authors.A B.a.b.c": (14, 1), "authors.A B.t": (15, 1),
        "authors.A B.last": (17, 1),
    }  # fmt: skip


@given(st.text(alphabet="ab.=[]{}\"'#,\n \\1", max_size=60))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    key_places(text)
    with contextlib.suppress(SetupError):
        parse_plan(text, "a.toml")


def test_a_plan_pickles() -> None:
    plan = planned('[book]\ntitle = "A"\n[authors]\nAda = ["B"]')
    assert pickle.loads(pickle.dumps(plan)) == plan


def test_the_reference_names_every_key_and_its_example_is_a_plan() -> None:
    text = REFERENCE.read_text("utf-8")
    for key in [*KEYS, *OPEN]:
        name = key[-1] if key in KEYS else f"[{'.'.join(key)}]"
        assert f"`{name}`" in text, name
    for values in CHOICES.values():
        assert all(f"`{value}`" in text for value in values)
    examples = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert examples
    full = planned(max(examples, key=len))
    unset = {f.name for f in fields(Plan) if getattr(full, f.name) == getattr(Plan(), f.name)}
    set_elsewhere = {"theme_homes"}
    assert unset - set_elsewhere <= {
        "glossary", "contributors", "sources", "trim", "theme", "repeat", "outline"
    }  # fmt: skip
    for example in examples:
        tomllib.loads(example)
        planned(example)
