"""TeX to MathML that an EPUB may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

from publisher.vault.chemistry import with_reactions
from publisher.vault.escape import escape

_LONGEST = 8_000
_DEEPEST = 120

# Definitions can be nested into a bomb; raw styles and addresses have no place in a book.
_REFUSED = re.compile(r"\\(?:def|gdef|edef|let|newcommand|renewcommand|require|url|html\w+)\b")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{(aligned|alignedat|align|split|eqnarray|gathered|gather|"
                          r"multline|flalign|alignat|dcases|rcases|smallmatrix)(\*?)\}")  # fmt: skip
# What numbers, labels or spaces a formula changes nothing in a book's MathML.
_IDLE = re.compile(r"\\(?:nonumber|notag|hfill|nolimits|mathstrut|strut)\b|\\label\s*\{[^{}]*\}")
# How many columns there are can be seen.
_PAIRS = re.compile(r"(\\begin\s*\{align(?:ed)?at\*?\})\s*\{\s*\d*\s*\}")
# A number is given by its author alone, as Obsidian has it; it stands well off its formula.
_TAG = re.compile(r"\\tag(\*?)\s*\{([^{}]*)\}")
# The converter makes signs large, but none that is a command: such a one keeps its own size.
_BIG = re.compile(r"\\[bB]igg?[lrm]?\s*(?=\\)")
_WORDS = re.compile(r"\\(?:text|mbox)\w*\s*\{[^{}]*\}")
_ESCAPED = re.compile(r"\\([%$&#_])")
_ARGUMENT = re.compile(r"\\arg(?![a-z])")
_UPRIGHT = re.compile(r"\\mathrm\s*\{([A-Za-z]{2,})\}")
_RENAMED = {
    "dcases": "cases",
    "smallmatrix": "matrix",
    "gathered": "matrix",
    "gather": "matrix",
    "multline": "matrix",
}
_ARITY = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2,
    "msubsup": 3, "munderover": 3,
}  # fmt: skip
_TOKENS = frozenset({"mi", "mn", "mo", "ms", "mtext"})
_ELEMENTS = _TOKENS | frozenset(_ARITY) | frozenset(
    {"math", "mrow", "msqrt", "mspace", "mtable", "mtr", "mtd", "mstyle", "mpadded",
     "mphantom", "menclose", "mmultiscripts", "mprescripts", "none"}
)  # fmt: skip
_ATTRIBUTES = frozenset(
    """
    accent accentunder columnalign columnlines columnspacing depth displaystyle fence form
    frame height largeop linebreak linethickness lspace mathcolor mathvariant maxsize minsize
    movablelimits notation rowalign rowlines rowspacing rspace scriptlevel separator
    stretchy symmetric voffset width
    """.split()
)
_COLOUR = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?|[a-zA-Z]+\Z")


_LENGTHS = frozenset(
    "width height depth lspace rspace voffset minsize maxsize linethickness".split()
)
_MU = re.compile(r"(-?[\d.]+)mu")
_LENGTH = re.compile(
    r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[mx]|in|cm|mm|p[xtc]|%)?|(?:negative)?(?:very){0,2}thi(?:n|ck)"
    r"mathspace|(?:negative)?mediummathspace|thin|medium|thick"
)


class _UnreadableError(Exception):
    """The TeX has no MathML that a reader would understand."""


@lru_cache(maxsize=32_768)
def mathml(tex: str, *, display: bool) -> str:
    """The formula as one `<math>` element, or nothing where the TeX can't be read."""
    if not tex.strip() or len(tex) > _LONGEST or _REFUSED.search(tex):
        return ""
    try:
        root = _converted(_readable(tex))
        out: list[str] = []
        for child in root:
            _write(child, out, 0)
        if "".join(out) == "<mrow/>":
            return ""
    # The converter has no exception of its own for much of what it can't read.
    except Exception:  # noqa: BLE001
        return ""
    mode = ' display="block"' if display else ""
    source = escape(" ".join(tex.split()))
    body = "".join(out)
    return (
        f'<math xmlns="http://www.w3.org/1998/Math/MathML"{mode} alttext="{source}">{body}</math>'
    )


def _converted(tex: str) -> Element:
    # Slow to load, and what was read before needs it no more.
    from latex2mathml.converter import convert_to_element  # noqa: PLC0415

    return convert_to_element(tex)


def _readable(tex: str) -> str:
    """The TeX in words that the converter knows; single letters of a name stay together."""
    tex = _PAIRS.sub(r"\1", _IDLE.sub("", with_reactions(tex)))
    tex = _ENVIRONMENT.sub(_known_environment, tex)
    tex = _BIG.sub("", _TAG.sub(_number, tex))
    tex = _WORDS.sub(lambda words: _ESCAPED.sub(r"\1", words[0]), tex)
    tex = _ARGUMENT.sub(r"\\operatorname{arg}", tex)
    return _UPRIGHT.sub(r"\\text{\1}", tex).replace(r"\qed", r"\square")


def _number(found: re.Match[str]) -> str:
    said = found[2] if found[1] else f"({found[2]})"
    return rf"\qquad\text{{{said}}}"


def _known_environment(found: re.Match[str]) -> str:
    """Environments the converter doesn't know, as their nearest it does."""
    return rf"\{found.group(1)}{{{_RENAMED.get(found.group(2), 'align*')}}}"


def _write(element: Element, out: list[str], depth: int) -> None:
    """Serialises what MathML 3 allows; anything else makes the formula unreadable."""
    # `\mathop{x}` comes as an operator with elements in it.
    tag = "mrow" if element.tag in _TOKENS and len(element) else element.tag
    if tag not in _ELEMENTS or depth > _DEEPEST:
        raise _UnreadableError
    spare = len(element) - _ARITY.get(tag, len(element))
    if spare < 0:
        raise _UnreadableError
    attributes = "".join(_attributes(element))
    text = _text_of(element) if tag in _TOKENS else ""
    if not text and not len(element):
        out.append(f"<{tag}{attributes}/>")
        return
    out.append(f"<{tag}{attributes}>{text}")
    # `\begin{pmatrix}…\end{pmatrix}^2` comes with the brackets as bases of their own.
    if spare:
        out.append("<mrow>")
    for number, child in enumerate(element):
        _write(child, out, depth + 1)
        if spare and number == spare:
            out.append("</mrow>")
    out.append(f"</{tag}>")


def _attributes(element: Element) -> Iterator[str]:
    """The attributes that MathML 3 allows, in its units."""
    for name, value in element.attrib.items():
        text = str(value)
        if name not in _ATTRIBUTES or (name == "mathcolor" and not _COLOUR.fullmatch(text)):
            continue
        if name in _LENGTHS and (found := _MU.fullmatch(text)):
            text = f"{float(found.group(1)) / 18:.3f}em"
        if name in _LENGTHS and not _LENGTH.fullmatch(text):
            continue
        yield f' {name}="{escape(text)}"'


def _text_of(element: Element) -> str:
    """The text of a token element, escaped; the converter leaves numeric references in it."""
    text = element.text or ""
    if "&#" in text:
        text = re.sub(r"&#x([0-9A-Fa-f]{1,6});", lambda m: chr(int(m.group(1), 16)), text)
    # `\foo` is what the converter makes of a command it doesn't know.
    if text[:1] == "\\" and len(text) > 1 and element.tag != "mtext":
        raise _UnreadableError
    return escape(text)
