"""MathML becomes SVG, standing on the line of the text around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any

from lxml import etree

from publisher.book.tree import Element

SVG = "{http://www.w3.org/2000/svg}"
MATH = "{http://www.w3.org/1998/Math/MathML}math"
EM = 20.0  # ziamath's drawing size; all lengths are then turned into em
OPTICAL = 0.94  # STIX is larger on its body than an old-style text face
INK = "device-cmyk(0 0 0 1)"
NAME = "data-drawn"
_DRAWN = re.compile(rf'<svg\b[^>]*\b{NAME}="(\w+)"[^>]*>.*?</svg>', re.DOTALL)


def drawn_in(pages: Iterable[str]) -> dict[str, str]:
    """The drawings in what was set before, by what they are drawings of."""
    return {drawing[1]: drawing[0] for html in pages for drawing in _DRAWN.finditer(html)}


def set_formulas(body: Element, measure: float, drawn: Mapping[str, str] | None = None) -> None:
    """Replace every `<math>` below by its drawing, or by its TeX where that fails.

    `measure` is the widest a formula may be, in em of the text. What has been `drawn` before
    is taken as it is: to load what draws takes longer than to draw.
    """
    for math in list(body.iter(MATH)):
        parent = math.getparent()
        if parent is None:
            continue
        tex = math.get("alttext", "")
        tail, math.tail = math.tail, None
        if not math.get("display"):
            math.set("display", "inline")  # the library's own default is a formula by itself
        share = str(math.attrib.pop("data-room", ""))  # of a table's column
        room = min(measure, float(share)) if share.replace(".", "", 1).isdigit() else measure
        source = etree.tostring(math, encoding="unicode")
        name = sha256("\0".join((source, tex, f"{room:g}")).encode()).hexdigest()[:20]
        drawing = (drawn or {}).get(name) or _draw(source, tex, room, name)
        new = etree.fromstring(drawing) if drawing else _as_code(tex)
        new.tail = tail
        parent.replace(math, new)


def _as_code(tex: str) -> Element:
    code = etree.Element("code")
    code.set("class", "tex")
    code.text = tex
    return code


@cache
def _ziamath() -> Any:
    """The library that draws, slow to load and wanted by few books."""
    import ziamath  # noqa: PLC0415

    from publisher.render.pdf import formula_rows  # noqa: PLC0415

    formula_rows.mend()
    ziamath.config.svg2 = False  # WeasyPrint draws no <symbol>
    return ziamath


@lru_cache(maxsize=1_000)
def _draw(mathml: str, tex: str, measure: float, name: str) -> str:
    """The formula as an SVG element sized in em that bears the name, or nothing."""
    try:
        svg = etree.fromstring(_ziamath().Math(mathml, size=EM).svg().encode())
        box = [float(n) for n in svg.get("viewBox", "").split()]
        scale = OPTICAL / EM
        width, height = box[2] * scale, box[3] * scale
    except Exception:  # noqa: BLE001 - ziamath raises whatever it stumbles upon
        return ""
    if width <= 0 or height <= 0:
        return ""
    shrink = min(1.0, measure / width)
    below = (box[1] + box[3]) * scale * shrink
    for given in ("width", "height"):
        svg.attrib.pop(given, "")
    svg.set(
        "style",
        f"width:{width * shrink:.4f}em;height:{height * shrink:.4f}em;"
        f"vertical-align:{-below:.4f}em",
    )
    svg.set("class", "formula")
    svg.set(NAME, name)
    _join_signs(svg)
    title = etree.Element(f"{SVG}title")
    title.text = tex or "formula"
    svg.insert(0, title)
    out = etree.tostring(svg, encoding="unicode")
    return re.sub(r'\b(fill|stroke)="black"', rf'\1="{INK}"', out)


def _join_signs(svg: Element) -> None:
    """Make one outline of signs that follow each other in one ink: it is painted in one go."""
    before: Element | None = None
    for sign in list(svg):
        if sign.tag != f"{SVG}path":
            before = None
        elif before is not None and _ink(sign) == _ink(before):
            before.set("d", f"{before.get('d', '').rstrip()} {sign.get('d', '')}")
            svg.remove(sign)
        else:
            before = sign


def _ink(sign: Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in sign.attrib.items() if name != "d"}
