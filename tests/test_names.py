"""Names: slugs, anchors, the order of titles and people."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from patience import comes_to_an_end
from pyuca import Collator

from publisher import alphabet
from publisher.alphabet import uca_key
from publisher.names import (
    Anchors,
    bare_surname,
    file_as,
    parse_name,
    person_key,
    same_person,
    slug,
    sort_key,
    sort_letter,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Class, the Party", "the-class-the-party"),
        ("  Fog  ", "fog"),
        ("It's / It’s", "its-its"),
        ("Äpfel & Öl", "apfel-ol"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("1984", "n1984"),
        ("Троцкий", "trotskiy"),
        ("北京", "beijing"),
        ("a/b\\c:d*e", "a-b-c-d-e"),
        ("../../etc", "etc"),
        ("-x-", "x"),
        ("CON", "con"),
    ],
)
def test_slugs(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_slugs_of_what_cannot_be_spelled_differ() -> None:
    assert slug("") != slug("…") != slug("——")
    assert slug("…") == slug("…")


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_slug_is_safe(text: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9-]{0,80}", slug(text))


def test_anchors_are_unique_and_repeatable() -> None:
    asked = ["Fog", "fog", "Fog 2", "FOG!", "fog-2", "", ""]
    one, two = Anchors(), Anchors()
    made = [one.unique(text) for text in asked]
    assert made[:4] == ["fog", "fog-2", "fog-2-2", "fog-3"]
    assert len(set(made)) == len(made)
    assert made == [two.unique(text) for text in asked]
    assert Anchors(["fog"]).unique("Fog") == "fog-2"


def test_many_equal_anchors_end_soon() -> None:
    anchors = Anchors()
    with comes_to_an_end():
        assert len({anchors.unique("Fog") for _ in range(20_000)}) == 20_000


COLLATOR = Collator()

# Each line is in order; the language stands before it.
ORDERS = """
en: 9 Lives | 10 Days | 1984 | An Apple | Banana | The Class | Cléo | Clew | Zoo
en: New Amsterdam | The New York | Newark | Newton
en: “Fog” | Fog and Rain | (Fog) Bank
en: co-op | Coal | Coop
en: A | The
en: Æon | Afar
en: Äpfel | Apple | Ärger | Art
de: Das Alter | Äpfel | Apfelbaum | Arm | Die Öde | Ofen | Straße | Strauch
sv: Apa | Zebra | Ånga | Äpple | Öl
fi: Apu | Zeta | Åland | Äiti | Öljy
da: Zebra | Æble | Øl | Ål
nb: Zebra | Ære | Øl | Aas | Ås
es: El nabo | nube | La ñapa | oso
es: mañana | mapa
pl: Cena | Ćma | Dom | Lato | Łza | Zima | Źródło | Żaba
cs: Cukr | Čaj | Dům | Had | Chata | Ibis | Řeka | Sůl | Škola
tr: Cam | Çay | Gül | Ğ | Hal | Irmak | İzmir | Ok | Öküz | Su | Şal
et: Saar | Šaal | Zoo | Žanr | Tuul | Õli | Ämm | Öö | Üks
hu: Cukor | Csiga | Gaz | Gyerek | Ok | Öl | Szia | Zab | Zsák
fr: L’Âme | L'Ancre | Un Chat | Les Chiens | La Côte
it: L’amore | Gli anni | Lo zio
nl: De appel | Het boek | Een peer
pt: O amor | As casas | Uma vida
ro: Apa | Ăsta | Înger | Ș | Țara
uk: Гора | Ґанок | Дім
ru: Ёлка | Ель | Жук
"""


@pytest.mark.parametrize("row", ORDERS.strip().split("\n"))
def test_titles_stand_in_the_order_of_their_language(row: str) -> None:
    language, _, titles = row.partition(": ")
    expected = titles.split(" | ")
    shuffled = random.Random(7).sample(expected, len(expected))
    assert sorted(shuffled, key=lambda title: sort_key(title, language)) == expected


@given(
    st.text(
        st.characters(max_codepoint=0x17F, exclude_categories=["Cc", "Cs"]) | st.just("\ue001"),
        max_size=30,
    )
)
@example("L·")
@settings(max_examples=300, deadline=None)
def test_the_short_way_to_a_key_leads_to_the_same(text: str) -> None:
    assert uca_key(text) == tuple(COLLATOR.sort_key(text))


@pytest.mark.parametrize(
    ("title", "language", "letter"),
    [
        ("The Class", "en", "C"),
        ("the class", "en-GB", "C"),
        ("Äpfel", "de", "A"),
        ("Äpfel", "en", "A"),
        ("Äpple", "sv", "Ä"),
        ("Ånga", "sv", "Å"),
        ("Ånga", "en", "A"),
        ("ñu", "es", "Ñ"),
        ("Chata", "cs", "Ch"),
        ("Chata", "en", "C"),
        ("Łza", "pl", "Ł"),
        ("Łza", "en", "L"),
        ("izmir", "tr", "İ"),
        ("ışık", "tr", "I"),
        ("L’âme", "fr", "A"),
        ("“Fog”", "en", "F"),
        ("1984", "en", "#"),
        ("…", "en", "#"),
        ("", "en", "#"),
        ("🌫 Fog", "en", "F"),
        ("Троцкий", "en", "Т"),
        ("йога", "ru", "Й"),
        ("Ёлка", "ru", "Е"),
        ("ἄνθρωπος", "el", "Α"),
        ("الكتاب", "ar", "ك"),
        ("أحمد", "ar", "ا"),
        ("שלום", "he", "ש"),
        ("がくせい", "ja", "か"),
        ("カメラ", "ja", "か"),
        ("한국", "ko", "ㅎ"),
        ("霧", "ja", "霧"),
        ("Æon", "en", "A"),
        ("Æble", "da", "Æ"),
        ("ßa", "de", "S"),
        ("A", "en", "A"),
    ],
)
def test_letters(title: str, language: str, letter: str) -> None:
    assert sort_letter(title, language) == letter


NAMES = """
Leon Trotsky > Trotsky, Leon
Trotsky, Leon > Trotsky, Leon
Vincent van Gogh > Gogh, Vincent van
van Gogh, Vincent > Gogh, Vincent van
Gogh, Vincent van > Gogh, Vincent van
Ludwig von der Heide > Heide, Ludwig von der
Honoré de Balzac > Balzac, Honoré de
Juan de la Cruz > Cruz, Juan de la
Thomas De Quincey > De Quincey, Thomas
De Quincey, Thomas > De Quincey, Thomas
Martin Van Buren > Van Buren, Martin
Ursula K. Le Guin > Le Guin, Ursula K.
John le Carré > le Carré, John
Jean de La Fontaine > La Fontaine, Jean de
José Ortega y Gasset > Ortega y Gasset, José
Muhammad ibn Musa al-Khwarizmi > Khwarizmi, Muhammad ibn Musa al-
Ibn Khaldun > Ibn Khaldun
Jean d’Alembert > Alembert, Jean d’
Flannery O'Connor > O'Connor, Flannery
Mary Anne Evans > Evans, Mary Anne
J. R. R. Tolkien > Tolkien, J. R. R.
Jean-Paul Sartre > Sartre, Jean-Paul
Martin Luther King Jr. > King, Martin Luther, Jr.
Martin Luther King, Jr. > King, Martin Luther, Jr.
King, Martin Luther, Jr. > King, Martin Luther, Jr.
John Smith III > Smith, John, III
bell hooks > hooks, bell
Plato > Plato
Voltaire > Voltaire
Van Gogh > Van Gogh
van Gogh > Gogh, van
Ben Moor > Moor, Ben
Mary E Smith > Smith, Mary E
Maria Da Silva > Da Silva, Maria
The Economist > The Economist
CNT-FAI > CNT-FAI
Simon & Schuster > Simon & Schuster
Committee of Public Safety > Committee of Public Safety
Catherine the Great > Catherine the Great
William of Ockham > William of Ockham
鲁迅 > 鲁迅
村上 春樹 > 村上 春樹
김 구 > 김 구
Лев Троцкий > Троцкий, Лев
  Leon   Trotsky  > Trotsky, Leon
"""


def test_letters_and_accents_apart_are_one() -> None:
    assert file_as("Ka\u0308the O\u0308hlenschla\u0308ger") == "Öhlenschläger, Käthe"


@pytest.mark.parametrize("row", NAMES.strip("\n").split("\n"))
def test_people_are_filed_by_family_name(row: str) -> None:
    name, _, expected = row.partition(" > ")
    assert file_as(name) == expected


@pytest.mark.parametrize(
    "name",
    ["Leon Trotsky", "Vincent van Gogh", "Jean d’Alembert", "Martin Luther King Jr.", "Plato",
     "Muhammad ibn Musa al-Khwarizmi", "José Ortega y Gasset", "John le Carré", "Ludwig von der Heide"],
)  # fmt: skip
def test_a_name_read_and_said_is_the_same(name: str) -> None:
    assert str(parse_name(name)) == name
    assert str(parse_name(file_as(name))) == name


def test_overrides_and_hungarian_names() -> None:
    assert file_as("Leonardo da Vinci", "Leonardo da Vinci") == "Leonardo da Vinci"
    assert file_as("Bartók Béla", language="hu") == "Bartók Béla"
    assert file_as("Bartók Béla") == "Béla, Bartók"


def test_people_in_order() -> None:
    expected = ["Thomas De Quincey", "The Economist", "Vincent van Gogh", "Jean de La Fontaine",
                "John le Carré", "Plato", "Leon Trotsky"]  # fmt: skip
    for language in ("en", "fr"):
        made = sorted(sorted(expected), key=lambda name: person_key(name, language))
        # French does not know that "The" is an article.
        assert [n for n in made if n[:3] != "The"] == [n for n in expected if n[:3] != "The"]
    assert sorted(sorted(expected), key=person_key) == expected
    assert person_key("Leonardo", "en", "Vinci, Leonardo da") > person_key("Leon Trotsky")


SAME = """
Leon Trotsky = Leon Trotsky
Leon Trotsky = leon  trotsky
Leon Trotsky = Trotsky, Leon
Leon Trotsky = L. Trotsky
Leon Trotsky = L Trotsky
J. R. R. Tolkien = J.R.R. Tolkien
J.R.R. Tolkien = John Ronald Reuel Tolkien
Vincent van Gogh = van Gogh, Vincent
Vincent van Gogh = V. van Gogh
Gabriel García Márquez = Gabriel Garcia Marquez
Jean-Paul Sartre = Jean Paul Sartre
Plato = PLATO
Leon Trotsky ≠ Trotsky
Leon Trotsky ≠ Natalia Trotsky
Leon Trotsky ≠ N. Trotsky
L. Trotsky ≠ N. Trotsky
Leon Trotsky ≠ Leon
Leon Trotsky ≠ Leon Sedov
George Bush ≠ George W. Bush
Martin Luther King ≠ Martin Luther King Jr.
John Smith Jr. ≠ John Smith III
The Economist ≠ The Ecologist
"""


@pytest.mark.parametrize("row", SAME.strip("\n").split("\n"))
def test_the_same_person(row: str) -> None:
    found = re.fullmatch("(.*) ([=≠]) (.*)", row)
    assert found
    same = found[2] == "="
    assert same_person(found[1], found[3]) is same
    assert same_person(found[3], found[1]) is same


@pytest.mark.parametrize(
    ("short", "full", "yes"),
    [
        ("Trotsky", "Leon Trotsky", True),
        ("trotsky", "Trotsky, Leon", True),
        ("Gogh", "Vincent van Gogh", True),
        ("van Gogh", "Vincent van Gogh", True),
        ("Leon", "Leon Trotsky", False),
        ("Trotsky", "Trotsky", False),
        ("L. Trotsky", "Leon Trotsky", False),
        ("", "Leon Trotsky", False),
    ],
)
def test_a_bare_surname(short: str, full: str, yes: bool) -> None:
    assert bare_surname(short, full) is yes


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_name(one: str, other: str) -> None:
    assert same_person(one, other) == same_person(other, one)
    assert isinstance(file_as(one), str)
    assert sorted([one, other], key=sort_key) == sorted([other, one], key=sort_key)
    assert len(sort_letter(one)) >= 1


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "1" * 100_000, "a b " * 50_000, "é, " * 50_000, "ß" * 9_999]
)
def test_long_names_end_soon(text: str) -> None:
    with comes_to_an_end():
        slug(text), sort_key(text), sort_letter(text), file_as(text), same_person(text, text + "x")


def test_the_table_of_latin_letters_says_what_the_whole_one_does() -> None:
    latin, whole = alphabet._latin(), alphabet._collator()
    for code in range(0x180):
        letter = unicodedata.normalize("NFD", chr(code))
        assert latin.collation_elements(letter) == whole.collation_elements(letter), chr(code)
