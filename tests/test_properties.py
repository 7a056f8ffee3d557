"""Properties, by examples (tests/properties/properties.test) and by tables."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from examples import hold
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import fields
from patience import comes_to_an_end

from publisher.language import direction_of, language_tag
from publisher.problem import Position, Severity
from publisher.vault.days import day_parts
from publisher.vault.field import Field, FieldLink
from publisher.vault.fields import lift_fields
from publisher.vault.front_matter import read_front_matter
from publisher.vault.markup import parse
from publisher.vault.people import people_in
from publisher.vault.properties import Day, Properties, properties_from
from publisher.vault.rating import rating_share

EXAMPLES = Path(__file__).parent / "properties" / "properties.test"
AT = Position("n.md", 1)


def shown(text: str) -> str:
    front = read_front_matter(text, "n.md")
    lifted, _, _ = lift_fields(parse(front.body), front.body_line)
    found, problems = properties_from(front.values, lifted, AT, front.lines)
    empty = Properties(at=AT)
    lines = []
    for field in fields(Properties):
        value = getattr(found, field.name)
        if value != getattr(empty, field.name):
            parts = value if isinstance(value, tuple) else (value,)
            lines += [f"{field.name}: {part}" for part in parts]
    return "\n".join([*lines, *(f"{problem} ({problem.hint})" for problem in problems)])


def test_examples() -> None:
    assert hold(EXAMPLES, shown) == ""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-08-21", "2020-08-21"),
        ("2020-08-21T10:30:00", "2020-08-21"),
        ("2020-08-21 10:30:00+02:00", "2020-08-21"),
        ("2020/8/1", "2020-08-01"),
        ("January 12, 2020 3:04 PM", "2020-01-12"),
        ("January 12, 2020 3:04 PM (GMT+1)", "2020-01-12"),
        ("12. Januar 2020 um 15:04", "2020-01-12"),
        ("20200821", "2020-08-21"),
        ("2020-08", "2020-08"),
        ("2020", "2020"),
        ("987", "0987"),
        ("21.08.2020", "2020-08-21"),
        ("21/08/2020", "2020-08-21"),
        ("08/21/2020", "2020-08-21"),
        ("03/04/2020", "2020"),
        ("03/03/2020", "2020-03-03"),
        ("21 August 1940", "1940-08-21"),
        ("21st of August, 1940", "1940-08-21"),
        ("August 21, 1940", "1940-08-21"),
        ("Aug. 21st 1940", "1940-08-21"),
        ("Wednesday, August 21, 1940", "1940-08-21"),
        ("21. August 1940", "1940-08-21"),
        ("3. März 1921", "1921-03-03"),
        ("1er mai 1936", "1936-05-01"),
        ("1 de mayo de 1936", "1936-05-01"),
        ("August 1940", "1940-08"),
        ("c. 1840", "1840"),
        ("ca. 1840", "1840"),
        ("circa 1840", "1840"),
        ("1840s", "1840"),
        ("1840?", "1840"),
        ("2020-02-30", None),
        ("2020-13", None),
        ("0000", None),
        ("31 June 1940", None),
        ("21 Smarch 1940", None),
        ("soon", None),
        ("", None),
        ("20200", None),
    ],
)
def test_dates(text: str, day: str | None) -> None:
    parts = day_parts(text)
    assert (str(Day(*parts)) if parts else None) == day


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("A", 1.0),
        ("a+", 1.0),
        ("F", 0.0),
        ("4", 0.8),
        ("5", 1.0),
        ("0", 0.0),
        ("7", 0.7),
        ("85", 0.85),
        ("101", None),
        ("4/5", 0.8),
        ("3 out of 4", 0.75),
        ("8.5/10", 0.85),
        ("8,5 / 10", 0.85),
        ("6/5", None),
        ("1/0", None),
        ("90%", 0.9),
        ("4 stars", 0.8),
        ("★★★★☆", 0.8),
        ("★★★", 0.6),
        ("★★★½", 0.7),
        ("⭐⭐⭐⭐", 0.8),
        ("⭐️⭐️ ⭐️", 0.6),
        ("☆☆☆☆☆", 0.0),
        ("★" * 9, None),
        ("-1", None),
        ("G", None),
        ("good", None),
        ("nan", None),
    ],
)
def test_ratings(text: str, share: float | None) -> None:
    assert rating_share(text) == share


def test_letters_fall_from_first_to_last() -> None:
    letters = "A A- B+ B B- C+ C C- D+ D D- E F".split()
    shares = [rating_share(letter) for letter in letters]
    assert shares == sorted(set(shares), key=lambda share: -(share or 0))


PEOPLE = """
Leon Trotsky > Leon Trotsky
Trotsky, Leon > Leon Trotsky
van Gogh, Vincent > Vincent van Gogh
De Quincey, Thomas > Thomas De Quincey
Plato > Plato
A; B > A | B
Leon Trotsky and Rosa Luxemburg > Leon Trotsky | Rosa Luxemburg
Karl Marx & Friedrich Engels > Karl Marx | Friedrich Engels
A, B and C > A | B | C
A, B, and C > A | B | C
Ada Fenn, Ben Moor > Ada Fenn | Ben Moor
Marx, Karl; Engels, Friedrich > Karl Marx | Friedrich Engels
Marx, Karl and Engels, Friedrich > Karl Marx | Friedrich Engels
Karl Marx und Friedrich Engels > Karl Marx | Friedrich Engels
by Ada Fenn > Ada Fenn
Karl Marx et al. > Karl Marx
Martin Luther King, Jr. > Martin Luther King Jr.
King, Martin Luther, Jr. > Martin Luther King Jr.
Smith, John A., Garcia, Maria > John A. Smith | Maria Garcia
Smith, J. A., van Gogh, V., and Lee, K. > J. A. Smith | V. van Gogh | K. Lee
Plato, Aristotle, Kant, Hegel > Plato | Aristotle | Kant | Hegel
Prince, J. Smith, Madonna, K. Jones > Prince | J. Smith | Madonna | K. Jones
Anna M., Peter K., Carl S., Ida B. > Anna M. | Peter K. | Carl S. | Ida B.
Plato, Kant, Hegel, Kenny G., Marx, Mill > Plato | Kant | Hegel | Kenny G. | Marx | Mill
Brandon Anderson > Brandon Anderson
[[Ada Fenn]] > Ada Fenn=Ada Fenn
[[People & Organizations/Trotsky]] > Trotsky=People & Organizations/Trotsky
[[People & Organizations/Trotsky|Leon Trotsky]] > Leon Trotsky=People & Organizations/Trotsky
[[P/A]] & [[P/B|Ben]] > A=P/A | Ben=P/B
[[P/A]], [[P/B]] and Ada Fenn > A=P/A | B=P/B | Ada Fenn
[[Note#Section]] > Note=Note
[Ada Fenn](https://example.org) > Ada Fenn
[[ > [[
"""


@pytest.mark.parametrize("row", PEOPLE.strip("\n").split("\n"))
def test_people(row: str) -> None:
    text, _, expected = row.partition(" > ")
    made = [f"{name}={target}" if target else name for name, target in people_in(text)]
    assert " | ".join(made) == expected.strip()


@pytest.mark.parametrize(
    ("text", "tag", "direction"),
    [
        ("en", "en", "ltr"),
        ("English", "en", "ltr"),
        ("ar_EG", "ar-EG", "rtl"),
        ("pt-br", "pt-BR", "ltr"),
        ("zh-hant-tw", "zh-Hant-TW", "ltr"),
        ("az-arab", "az-Arab", "rtl"),
        ("ckb", "ckb", "rtl"),
        ("he", "he", "rtl"),
        ("ku-Latn", "ku-Latn", "ltr"),
        ("Farsi", "fa", "rtl"),
        ("de-1996", "de-1996", "ltr"),
        ("klingonese", "", ""),
        ("e", "", ""),
        ("en us", "", ""),
        ('en"><x', "", ""),
    ],
)
def test_languages(text: str, tag: str, direction: str) -> None:
    assert language_tag(text) == tag
    assert direction_of(tag) == direction


def test_a_field_with_words_around_its_link_keeps_them() -> None:
    link = FieldLink("the archive", url="https://example.org/")
    field = Field("source", "from the archive, 1902", (link,), 4)
    found, problems = properties_from({}, [field], AT)
    assert [(s.text, s.url) for s in found.sources] == [
        ("from the archive, 1902", "https://example.org/")
    ]
    assert problems == ()


def test_a_problem_stands_at_the_line_of_its_property() -> None:
    _, problems = properties_from(
        {"Rating": "odd"}, [Field("date", "odd", (), 9)], AT, {"Rating": 3}
    )
    assert sorted(str(problem.at) for problem in problems) == ["n.md:3:1", "n.md:9:1"]


def test_deep_and_long_values_are_bounded_and_pickle() -> None:
    deep: object = "x"
    for _ in range(200):
        deep = [deep, {"k": deep}]
    with comes_to_an_end():
        found, _ = properties_from({"odd": deep, "long": ["y" * 50] * 10_000}, [], AT)
    assert all(len(text) < 10_000 for _, text in found.other)
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize(
    "text", ["[[" * 5_000, "[a](" * 5_000, "A and " * 5_000, ", " * 20_000, "https://" * 5_000,
             "[" * 20_000 + "]" * 20_000, "et al " * 9_000, "1" * 5_000, "★" * 90_000, " " * 50_000]
)  # fmt: skip
@pytest.mark.parametrize("key", ["author", "source", "date", "rating", "tags", "lang", "title"])
def test_hostile_values_end_soon(key: str, text: str) -> None:
    with comes_to_an_end():
        properties_from({key: text}, [], AT)


_leaf = st.none() | st.text(max_size=20)
_value = st.recursive(_leaf, lambda inner: st.lists(inner, max_size=3)
                      | st.dictionaries(st.text(max_size=5), inner, max_size=3))  # fmt: skip
_key = st.sampled_from("author rating date tags lang source publish order genre title x".split())


@given(st.dictionaries(_key, _value, max_size=5))
@settings(max_examples=300, deadline=None)
def test_any_values_become_properties(front: dict[str, object]) -> None:
    properties_from(front, [], AT)


@pytest.mark.parametrize("typed", ["c. 1940", "1940s", "1940?", "before 1940", "03/04/1940"])
def test_a_date_that_loses_something_is_told(typed: str) -> None:
    properties, problems = properties_from({"date": typed}, (), Position("A.md", 1))
    assert properties.date == Day(1940)
    assert [(p.code, p.severity) for p in problems] == [("date-rounded", Severity.NOTE)]


@pytest.mark.parametrize("typed", ["1940", "1940-08-21", "21 August 1940", "13/04/1940"])
def test_a_date_that_loses_nothing_is_not(typed: str) -> None:
    assert properties_from({"date": typed}, (), Position("A.md", 1))[1] == ()
