"""Quotation marks: as typed, or as each language has them."""

from __future__ import annotations

import pytest

from publisher.vault.note import Note, parse_note
from publisher.vault.scan import Habits, VaultFile


def read(text: str, *, curly: bool = True, path: str = "A.md") -> Note:
    note, _ = parse_note(VaultFile(path, text, ""), Habits(curly_quotes=curly))
    return note


def set_text(text: str, *, curly: bool = True) -> str:
    chunks = read(text, curly=curly).body.chunks
    return "".join(chunk for chunk in chunks if isinstance(chunk, str)).strip()


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('He said "so".', "He said “so”."),
        ("It's Ann's 'own' '90s.", "It’s Ann’s ‘own’ ’90s."),
        ('"*So*" and *"so"*', "“<em>So</em>” and <em>“so”</em>"),
        ('`"code"` and "text"', "<code>&quot;code&quot;</code> and “text”"),
        ("[[Lenin]]'s", "Lenin’s"),
        ("Rock 'n' roll and fish'n'chips.", "Rock ’n’ roll and fish’n’chips."),
        ("Of '68, the dogs' dinner, the '60s'.", "Of ’68, the dogs’ dinner, the ’60s’."),
        ("'Tis the boys' own; get 'em.", "’Tis the boys’ own; get ’em."),
        ("Om 's morgens en 't is de oma's.", "Om ’s morgens en ’t is de oma’s."),
        ('He is 5\'10" tall, "6\'" they say.', "He is 5′10″ tall, “6’” they say."),
        ("'1968' and 'two' and 's'", "‘1968’ and ‘two’ and ‘s’"),
        ('“As” "typed"', "“As” “typed”"),
        (r"\"escaped\" marks", "&quot;escaped&quot; marks"),
    ],
)
def test_marks_are_set(typed: str, printed: str) -> None:
    assert set_text(typed) == f"<p>{printed}</p>"


def test_each_language_has_its_own() -> None:
    assert "„So“" in set_text('---\nlang: de\n---\n"So"')
    assert "«\u202fAinsi\u202f»" in set_text('---\nlang: fr\n---\n"Ainsi"')
    # We don't know how Finnish sets them, so they stay.
    assert "&quot;Niin&quot;" in set_text('---\nlang: fi\n---\n"Niin"')


def test_as_typed_where_nothing_is_said() -> None:
    assert set_text('"It\'s"', curly=False) == "<p>&quot;It's&quot;</p>"


def test_titles_and_definitions_are_set_too() -> None:
    note = read('---\ndefinition: An "old" one\n---\nText.', path="Bob's.md")
    assert note.title == "Bob’s"
    assert note.name == "Bob's"
    assert note.properties.description == "An “old” one"
    assert read('# The "Class"\nText.').title == "The “Class”"
