"""Printers' presets: what they say, where it comes from, and how one's own are read."""

from __future__ import annotations

import pickle
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from publisher.printer import (
    choose_trim,
    limits_of,
    load_printer,
    on_paper,
    paper_of,
    printer_names,
    spine_width,
)
from publisher.problem import SetupError
from publisher.trim import trim_of

PRESETS = Path(__file__).parent.parent / "publisher" / "printers"
NAMES = """
4.25x7 5.5x8.5 5x8 6x9 a4 a5 a6 b5 ingram kdp kdp-hardcover letter lulu
""".split()


def inches(points: float) -> float:
    return round(points / 72, 4)


def numbers(table: dict[str, Any], above: str = "") -> list[str]:
    """The dotted names of all settings that hold a number."""
    found = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += numbers(value, f"{above}{key}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for part in value:
                found += numbers(part, f"{above}{key}.")
        elif re.search(r"\d", str(value)) and not isinstance(value, bool):
            found.append(f"{above}{key}")
    return found


def test_all_presets_are_there() -> None:
    assert printer_names() == tuple(sorted(NAMES))


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_holds_together(name: str) -> None:
    printer = load_printer(name)
    assert printer.name == name
    assert printer.title
    assert any(printer.trim.like(trim) for trim in printer.trims)
    assert printer.page_limits[0] < printer.page_limits[1] <= printer.inside_margins[-1][0]
    assert [step[1] for step in printer.inside_margins] == sorted(
        step[1] for step in printer.inside_margins
    )
    assert printer.outside_margin <= printer.outside_margin_bleed
    assert all(limit.least < limit.most <= printer.page_limits[1] for limit in printer.limits)
    papers = {paper.name for paper in printer.papers}
    assert all(set(limit.papers) <= papers for limit in printer.limits)
    assert all(0.03 < paper.per_page / 72 * 25.4 < 0.1 for paper in printer.papers)
    assert pickle.loads(pickle.dumps(printer)) == printer
    assert hash(printer)


@pytest.mark.parametrize("path", sorted(PRESETS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_number_has_a_source_and_the_date_it_was_read(path: Path) -> None:
    table = tomllib.loads(path.read_text("utf-8"))
    sources = table.pop("source", [])
    named = [what.strip() for source in sources for what in source["what"].split(",")]
    if table.get("based_on") == "_plain":
        assert set(table) == {"based_on", "title", "trim", "trims"}
        return
    assert all(
        source["where"] and re.fullmatch(r"\d{4}-\d\d-\d\d", source["read"]) for source in sources
    )
    for number in numbers({key: value for key, value in table.items() if key != "title"}):
        assert any(number == what or number.startswith(f"{what}.") for what in named), number


def test_only_what_a_printer_said_itself_is_without_doubt() -> None:
    homes = r"https://(?:kdp\.amazon\.com|help\.(?:lightningsource|ingramspark|lulu)\.com|www\.ingramspark\.com)/|our choice"
    for name in NAMES:
        for source in load_printer(name).sources:
            assert source.doubt or re.match(homes, source.where), (name, source)


@pytest.mark.parametrize(
    ("printer", "paper", "pages", "spine"),
    [
        ("kdp", "white", 300, 0.6756),
        ("kdp", "cream", 300, 0.75),
        ("kdp", "premium-colour", 100, 0.2347),
        ("lulu", "white", 444, 1.06),
    ],
)
def test_spines(printer: str, paper: str, pages: int, spine: float) -> None:
    assert inches(spine_width(load_printer(printer), paper, pages)) == spine


def test_a_case_is_wider_than_its_block() -> None:
    soft, hard = load_printer("kdp"), load_printer("kdp-hardcover")
    boards = spine_width(hard, "white", 200) - spine_width(soft, "white", 200)
    assert inches(boards) == inches(hard.cover.spine_extra) > 0


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("6x9in", (432, 648)),
        (" 6 × 9 in", (432, 648)),
        ("A5", (419.53, 595.28)),
        ("14.8x21cm", (419.53, 595.28)),
        ("letter", (612, 792)),
    ],
)
def test_trims(written: str, size: tuple[float, float]) -> None:
    trim = trim_of(written)
    assert (round(trim.width, 2), round(trim.height, 2)) == size


@pytest.mark.parametrize("written", ["", "6x9", "6in", "0x9in", "a9", "6xninein"])
def test_what_is_no_trim(written: str) -> None:
    with pytest.raises(SetupError, match="is no trim; write width and height"):
        trim_of(written)


def test_a_printer_cuts_only_what_it_offers() -> None:
    kdp, ingram = load_printer("kdp"), load_printer("ingram")
    assert choose_trim(kdp).name == "6x9in"
    assert choose_trim(kdp, "a5").name == "148x210mm"  # within the custom sizes
    assert choose_trim(ingram, "a5").name == "148x210mm"  # 5.83 × 8.27 inches
    with pytest.raises(
        SetupError, match=r"IngramSpark.* does not offer .*5x9in; .*nearest is 5x8in"
    ):
        choose_trim(ingram, "5x9in")
    with pytest.raises(SetupError, match=r"does not offer the trim 9x12in"):
        choose_trim(kdp, "9x12in")


@pytest.mark.parametrize(
    ("trim", "paper", "limits"),
    [
        ("6x9in", "white", (24, 828)),
        ("6x9in", "cream", (24, 776)),
        ("8.5x11in", "cream", (24, 550)),
        ("8.5x11in", "white", (24, 590)),
        ("8.27x11.69in", "premium-colour", (24, 590)),
        ("6x9in", "standard-colour", (72, 600)),
    ],
)
def test_page_limits(trim: str, paper: str, limits: tuple[int, int]) -> None:
    assert limits_of(load_printer("kdp"), trim_of(trim), paper) == limits


def test_the_paper_decides_the_colour() -> None:
    kdp = load_printer("kdp")
    assert (on_paper(kdp).colour, on_paper(kdp, "premium-colour").colour) == ("k", "rgb")
    assert paper_of(on_paper(kdp, "cream")).name == "cream"
    with pytest.raises(SetupError, match="has no paper “craem”; did you mean cream"):
        paper_of(kdp, "craem")


OWN: dict[str, dict[str, Any]] = {
    "mine": {"based_on": "kdp", "margins": {"outside": "10mm"}, "custom": []},
    "ours": {"based_on": "mine", "title": "Ours"},
}


def test_presets_of_ones_own() -> None:
    mine, ours = load_printer("mine", OWN), load_printer("ours", OWN)
    assert round(mine.outside_margin, 2) == 28.35
    assert mine.outside_margin_bleed == load_printer("kdp").outside_margin_bleed
    assert mine.custom == ()
    assert (ours.title, ours.outside_margin) == ("Ours", mine.outside_margin)


def test_a_leaf_has_two_pages() -> None:
    assert load_printer("one", {"one": {"based_on": "kdp", "pages": {"multiple": 1}}}).multiple == 2


def test_pdf_x_1a_is_flat_whatever_else_a_preset_refuses() -> None:
    flat = load_printer("flat", {"flat": {"based_on": "a5", "flavour": "x1a"}})
    assert flat.refuses == ("annotations", "transparency")
    assert load_printer("ingram").refuses.count("transparency") == 1


def test_a_preset_of_ones_own_may_stand_before_ours() -> None:
    own: dict[str, dict[str, Any]] = {"kdp": {"based_on": "kdp", "pages": {"multiple": 4}}}
    assert (load_printer("kdp", own).multiple, load_printer("kdp").multiple) == (4, 2)


@pytest.mark.parametrize(
    ("preset", "said"),
    [
        ({"based_on": "kpd"}, "there is no printer “kpd”; did you mean kdp?"),
        ({"based_on": "x"}, "the printer “x” is based on itself"),
        ({"based_on": 1}, "the printer “x”: based_on wants a preset's name"),
        ({}, "the printer “x”: "),
        ({"based_on": "kdp", "colour": "pink"}, "colour is one of k, cmyk, rgb, not “pink”"),
        ({"based_on": "kdp", "flavor": "x4"}, "flavor is not known; did you mean flavour?"),
        ({"based_on": "kdp", "bleed": {"top": "3"}}, "bleed.top wants a length such as 0.125in"),
        ({"based_on": "kdp", "bleed": 3}, "bleed wants a table"),
        ({"based_on": "kdp", "pages": {"least": -1}}, "pages.least cannot be less than 0"),
        ({"based_on": "kdp", "pages": {"multiple": 0}}, "pages.multiple is an even number"),
        ({"based_on": "kdp", "pages": {"multiple": 7}}, "or 1 for no other rule, not 7"),
        ({"based_on": "kdp", "pages": {"multiple": -2}}, "pages.multiple cannot be less than 0"),
        ({"based_on": "kdp", "pages": {"least": True}}, "pages.least wants a whole number"),
        ({"based_on": "kdp", "trims": []}, "needs at least one trim"),
        ({"based_on": "kdp", "trim": "big"}, "“big” is no trim"),
        ({"based_on": "kdp", "custom": ["a4"]}, "custom wants the smallest and the largest"),
        ({"based_on": "kdp", "margins": {"inside": [[1]]}}, "margins.inside wants pairs of pages"),
        ({"based_on": "kdp", "refuses": ["ink"]}, "refuses knows annotations"),
        ({"based_on": "kdp", "paper": [1]}, "paper wants a list of tables"),
        ({"based_on": "kdp", "cover": {"kind": "box"}}, "cover.kind is one of wrap, case, none"),
        ({"based_on": "kdp", "cover": {"hing": "1in"}}, "cover.hing is not known; did you mean hinge"),
    ],
)  # fmt: skip
def test_mistakes_in_a_preset_are_one_line(preset: dict[str, Any], said: str) -> None:
    with pytest.raises(SetupError) as caught:
        load_printer("x", {"x": preset})
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_printer() -> None:
    with pytest.raises(SetupError, match="there is no printer “lulo”; did you mean lulu"):
        load_printer("lulo")
    with pytest.raises(SetupError, match=r"there is no printer “zzz”; there are .*kdp"):
        load_printer("zzz")
