"""What stands in for letters that a theme's typefaces lack: chosen, named, and told if missing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import resvg_py
from booksample import METADATA
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from msgspec.structs import replace
from PIL import Image
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from publisher.problem import Position
from publisher.render import cover_faces
from publisher.render.cover import draw_cover
from publisher.render.cover_faces import missing_on_cover
from publisher.render.fallback import (
    HOME,
    cjk_families,
    fallback_files,
    missing_in,
    with_fallback,
    with_lines,
)
from publisher.render.pdf.stock import BASE, Stock
from publisher.render.theme import load_theme
from publisher.wording import wording

CLASSIC = load_theme("classic")
NO_LETTER = "\u0378"


def chain(css: str, language: str = "en") -> str:
    """A declaration as it leaves, ours as “…” and the system's as their first."""
    out = with_fallback(css, "", language).rpartition("\n")[2]
    return re.sub(r'"Fallback Letters", .*?"Fallback Emoji", ("[^"]*")(?:, "[^"]*")*', r"… \1", out)


@pytest.mark.parametrize(
    ("css", "after"),
    [
        ('p { font-family: "A", serif }', 'p { font-family: "A", … "Noto Serif CJK SC", serif}'),
        ("p{font:italic 9pt/1 A,sans-serif}", 'p{font:italic 9pt/1 A, … "Noto Sans CJK SC", sans-serif}'),
        ("p{font-family:A;color:red}", 'p{font-family:A, … "Noto Serif CJK SC", serif;color:red}'),
        ("p{font-family:serif}", 'p{font-family:serif, … "Noto Serif CJK SC"}'),
        ("p{font:1em monospace}", 'p{font:1em monospace, … "Noto Sans Mono CJK SC"}'),
        ("p{font-family:A,serif!important}", 'p{font-family:A, … "Noto Serif CJK SC", serif !important}'),
        ("p{font:inherit}", "p{font:inherit}"),
        ("p{font-family:var(--x)}", "p{font-family:var(--x)}"),
        ("/* font: A; */p{content:'font:A'}", "/* font: A; */p{content:'font:A'}"),
        ('@font-face{font-family:"A";src:url(a)}', '@font-face{font-family:"A";src:url(a)}'),
        ("p{font-size:9pt;font-style:italic}", "p{font-size:9pt;font-style:italic}"),
        ("p{--font:A}", "p{--font:A}"),
    ],
)  # fmt: skip
def test_every_chain_of_families_ends_in_ours(css: str, after: str) -> None:
    assert re.sub(r"\s*([{}])", r"\1", chain(css)) == re.sub(r"\s*([{}])", r"\1", after)


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("en", "SC"), ("zh", "SC"), ("zh-Hans", "SC"), ("zh-CN", "SC"), ("zh-Hant", "TC"),
        ("zh-TW", "TC"), ("zh-HK", "TC"), ("ja", "JP"), ("ja-JP", "JP"), ("ko", "KR"), ("jam", "SC"),
    ],
)  # fmt: skip
def test_cjk_is_asked_in_the_order_of_the_language(language: str, first: str) -> None:
    assert cjk_families("serif", language)[0] == f"Noto Serif CJK {first}"
    assert {"SC", "TC", "JP", "KR"} <= {
        n[-2:] for n in cjk_families("serif", language) if "CJK" in n
    }


def test_a_passage_in_another_language_has_its_own_order() -> None:
    css = with_fallback("p{}", '"A", serif', "en")
    rules = {
        found[1]: re.findall(r"Noto Serif CJK (\w\w)", found[2])[0]
        for found in re.finditer(r":where\((.*?)\) \{(.*?)\}", css)
    }
    assert list(rules.values()) == ["SC", "TC", "JP", "KR"]
    assert '[lang|="zh-TW" i]' in next(key for key, value in rules.items() if value == "TC")
    html = '<html><p>a<b lang="ja">b</b><i lang="zh-tw">c</i><u lang="de">d</u></p></html>'
    page = HTML(string=html).render(stylesheets=[CSS(string=css)]).pages[0]._page_box
    firsts = {
        box.element_tag: next((f[-2:] for f in box.style["font_family"] if "Serif CJK" in f), "")
        for box in page.descendants()
        if box.element_tag in ("b", "i", "u")
    }
    assert firsts == {"b": "JP", "i": "TC", "u": ""}


def test_every_file_is_whole_static_and_licensed() -> None:
    files = fallback_files()
    assert sum(path.stat().st_size for path in files.values()) < 8_000_000
    assert set(HOME.rglob("*.ttf")) == set(files.values())
    for path in files.values():
        assert "SIL Open Font License" in (path.parent / "OFL.txt").read_text("utf-8")
        with TTFont(path) as font:
            assert "fvar" not in font
            assert "glyf" in font


@pytest.mark.parametrize(
    ("words", "family"),
    [
        ("Ἐν ἀρχῇ", "Fallback-Letters"),
        ("Бумага ґ", "Fallback-Letters"),
        ("Giấy nhớ ɸʃŋ", "Fallback-Letters"),
        ("נְיָר לָבָן", "Fallback-Hebrew"),
        ("الورق يتذكّر پچگ", "Fallback-Arabic"),
        ("∀ε∃∈ℝ≠∅⟨⟩∮", "Fallback-Mathematics"),
        ("♃⚕", "Fallback-Symbols"),
        ("☞❦✓☐☑🂡", "Fallback-Signs"),
        ("🙂🖋", "Fallback-Emoji"),
    ],
)
def test_each_script_is_set_in_the_face_chosen_for_it(words: str, family: str) -> None:
    """With a book face of 26 letters, whatever fonts the machine has."""
    files = {name: ("font/ttf", path.read_bytes()) for name, path in fallback_files().items()}
    fonts = FontConfiguration()
    css = CSS(
        string=with_fallback("p { font-family: 'No Such Face', serif }", "", "en"),
        base_url=BASE, url_fetcher=Stock(files), font_config=fonts,
    )  # fmt: skip
    document = HTML(string=f"<p>{words.replace(' ', '</p><p>')}</p>").render(
        stylesheets=[css], font_config=fonts
    )
    found = set(
        re.findall(rb"/BaseFont /[A-Z]+\+([\w-]+)", document.write_pdf(uncompressed_pdf=True))
    )
    assert family.encode() in found
    assert all(name.startswith(b"Fallback-") for name in found)


def test_letters_that_no_font_has_are_one_problem_a_script() -> None:
    found = list(missing_in("紙" + NO_LETTER + "記的手所忘得歌", "“A”", "One.md"))
    assert [problem.code for problem in found] == ["glyph-missing"] * 2
    assert found[0].message.startswith(
        "no font has the characters “紙” (U+7D19), “記” (U+8A18), “的” (U+7684)"
    )
    assert "and 2 more of “A”" in found[0].message
    assert "fonts-noto-cjk on Debian" in found[0].hint
    assert "macOS" in found[0].hint
    assert "(U+0378) of “A”" in found[1].message
    assert "fonts-noto-core" in found[1].hint


def test_a_missing_letter_is_placed_where_it_first_stands() -> None:
    found = with_lines(missing_in("紙" + NO_LETTER, "“A”", "One.md"), {"One.md": "a\nb 紙 紙\n"})
    assert found[0].at == Position("One.md", 2, 3)
    assert found[1].at == Position("One.md")


@pytest.mark.parametrize("title", ["Ἐν ἀρχῇ", "Бумага", "Łódź", "הנייר", "الورق", "A ∩ B ☞"])
def test_a_cover_in_any_script_needs_no_font_of_the_system(
    title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    draw: Callable[..., Any] = resvg_py.svg_to_bytes

    def spy(**options: Any) -> bytes:
        asked.append(bool(options["skip_system_fonts"]))
        return bytes(draw(**options))

    monkeypatch.setattr(resvg_py, "svg_to_bytes", spy)
    about = replace(METADATA, title=title)
    assert missing_on_cover(about, CLASSIC) == ()
    image = Image.open(io.BytesIO(draw_cover(about, CLASSIC, wording("en"))))
    assert image.size == (1500, 2400)
    assert asked == [True]


def test_a_letter_that_no_cover_can_show_is_told() -> None:
    # A sign of Linear A; letters that are none do not get onto a cover.
    (problem,) = missing_on_cover(replace(METADATA, subtitle="So \U00010600"), CLASSIC)
    assert problem.code == "glyph-missing"
    assert "(U+10600) of the cover" in problem.message
    assert problem.at.path == "anthology.toml"


def test_a_letter_that_the_systems_family_has_is_not_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    about = replace(METADATA, title="紙 \U00010600", language="ja")
    asked: list[str] = []

    def system(language: str) -> tuple[str, Path]:
        asked.append(language)
        return "Serif", HOME / "Paper.ttc"

    monkeypatch.setattr(cover_faces, "_system", system)
    letters = cover_faces._letters_of
    paper = frozenset({ord("紙")})
    monkeypatch.setattr(
        cover_faces, "_letters_of", lambda file: paper if file.suffix == ".ttc" else letters(file)
    )
    monkeypatch.setattr(cover_faces, "_undrawn", lambda strange, _files: strange)
    (problem,) = missing_on_cover(about, CLASSIC)
    assert "“\U00010600”" in problem.message
    assert "紙" not in problem.message
    assert asked == ["ja"]


def test_a_cjk_cover_is_led_by_the_systems_family(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    face = next(path for name, path in fallback_files().items() if "Emoji" in name)
    monkeypatch.setattr(cover_faces, "_system", lambda language: (f"Serif {language}", face))
    seen: list[str] = []
    draw: Callable[..., Any] = resvg_py.svg_to_bytes

    def spy(**options: Any) -> bytes:
        seen.append(str(options["svg_string"]))
        assert str(face) in list(options["font_files"])
        return bytes(draw(**options))

    monkeypatch.setattr(resvg_py, "svg_to_bytes", spy)
    about = replace(METADATA, title="紙", language="ja")
    draw_cover(about, CLASSIC, wording("en"))
    assert 'font-family="Serif ja, EB Garamond' in seen[0]
