"""The book's words are there in every language, with the same blanks to fill."""

from __future__ import annotations

import pickle
import string
import tomllib
from pathlib import Path

import pytest
from msgspec.structs import fields

import publisher
from publisher.wording import Wording, languages, wording

FOLDER = Path(publisher.__file__).parent / "languages"
SPOKEN = ("de", "en", "es", "fr", "it", "nl", "pt")


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_languages() -> None:
    assert languages() == SPOKEN


@pytest.mark.parametrize("language", SPOKEN)
def test_every_language_says_everything(language: str) -> None:
    words = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    assert set(words) == {field.name for field in fields(Wording)} - {"language"}
    english = tomllib.loads((FOLDER / "en.toml").read_text("utf-8"))
    for key, text in words.items():
        assert type(text) is type(english[key]), key
        if isinstance(text, str):
            assert text.strip(), key
            assert blanks(text) == blanks(english[key]), key
        else:
            assert len(text) == len(english[key]), key
            assert all(text), key


def test_a_language_that_is_not_english_has_its_own_words() -> None:
    english = wording("en")
    for language in set(SPOKEN) - {"en"}:
        own = wording(language)
        same = [f.name for f in fields(Wording) if getattr(own, f.name) == getattr(english, f.name)]
        assert len(same) < 20, (language, same)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("en", "en"), ("de", "de"), ("de-AT", "de"), ("pt_BR", "pt"), ("FR", "fr"),
        ("zh-Hant-TW", "en"), ("xx", "en"), ("", "en"), ("../en", "en"),
    ],
)  # fmt: skip
def test_a_language_falls_back(asked: str, given: str) -> None:
    assert wording(asked).language == given


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "“fog” ‘fog’ 21 August 1940 August 1940 A, B and C"),
        ("de", "„fog“ ‚fog‘ 21. August 1940 August 1940 A, B und C"),
        ("fr", "«\u202ffog\u202f» “fog” 21 août 1940 août 1940 A, B et C"),
        ("es", "«fog» “fog” 21 de agosto de 1940 agosto de 1940 A, B y C"),
        ("it", "«fog» “fog” 21 agosto 1940 agosto 1940 A, B e C"),
        ("nl", "‘fog’ “fog” 21 augustus 1940 augustus 1940 A, B en C"),
        ("pt", "“fog” ‘fog’ 21 de agosto de 1940 agosto de 1940 A, B e C"),
    ],
)
def test_quotes_dates_and_lists(language: str, said: str) -> None:
    words = wording(language)
    inner = words.inner_quotes[0] + "fog" + words.inner_quotes[1]
    names = words.listed(("A", "B", "C"))
    dates = f"{words.dated(1940, 8, 21)} {words.dated(1940, 8)}"
    assert f"{words.quoted('fog')} {inner} {dates} {names}" == said


def test_short_lists_and_years() -> None:
    words = wording("en")
    assert [words.listed(()), words.listed(("A",)), words.listed(("A", "B"))] == [
        "",
        "A",
        "A and B",
    ]
    assert words.dated(1940) == "1940"


def test_it_pickles() -> None:
    assert pickle.loads(pickle.dumps(wording("fr"))) == wording("fr")


def test_quotations_in_a_quotation_have_inner_marks() -> None:
    assert wording("de").quoted("Ein „Wort“.") == "„Ein ‚Wort‘.“"
    assert wording("en").quoted("A “word” of “two”.") == "“A ‘word’ of ‘two’.”"
