r"""A formula in plain words, for the places where none can be drawn: `\int_0^1` is “∫₀¹”.

Contents, running heads and an e-book's navigation hold letters alone. What has no letters stays
as it was typed, the whole formula with it: half of one would be another formula.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from publisher.vault.chemistry import with_reactions

_TOKEN = re.compile(r"(\\[A-Za-z]+)(\s*)|\\.|\s+|.", re.DOTALL)
_LONGEST = 200  # letters; a longer one is no part of a heading that anybody reads
_DEEPEST = 20
_RAISED = dict(zip("0123456789+-−=()abcdefghijklmnoprstuvwxyzT∘′*",
                   "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ°′*", strict=True))  # fmt: skip
_LOWERED = dict(zip("0123456789+-−=()aehijklmnoprstuvx",
                    "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))  # fmt: skip
_BLANKS = {r"\,": " ", r"\;": " ", r"\:": " ", "\\ ": " ", r"\quad": " ", r"\qquad": " ", "~": " "}
_NOTHING = frozenset({
    r"\!", r"\left", r"\right", r"\limits", r"\nolimits", r"\displaystyle", r"\textstyle",
})  # fmt: skip
_WORDS = frozenset({
    r"\text", r"\mbox", r"\mathrm", r"\textrm", r"\operatorname", r"\textit", r"\textbf",
    r"\mathit", r"\mathbf", r"\mathsf", r"\boldsymbol",
})  # fmt: skip
_FRACTIONS = frozenset({r"\frac", r"\dfrac", r"\tfrac"})
_ACCENTS = {r"\bar": "\u0304", r"\hat": "\u0302", r"\tilde": "\u0303", r"\dot": "\u0307",
            r"\ddot": "\u0308", r"\vec": "\u20d7"}  # fmt: skip
_NAMES = frozenset(
    r"""\sin \cos \tan \cot \sec \csc \arcsin \arccos \arctan \sinh \cosh \tanh \log \ln \lg \exp
    \lim \max \min \sup \inf \det \dim \ker \gcd \deg \arg \Pr""".split()
)
# Letters that Unicode's table of mathematics gives in a form that few faces have.
_USUAL = {r"\epsilon": "ε", r"\phi": "φ", r"\varphi": "φ", r"\mid": "|"}
# Signs that stand before what they are said of, and letters of a kind: no blanks around them.
_CLOSE = frozenset("∫∬∭∮∑∏∐∂∇∞√¬∀∃∅′ℏ")


class _UnspeakableError(Exception):
    """No letters say this."""


@lru_cache(maxsize=1_000)
def spoken(tex: str) -> str:
    """The formula in letters and signs, or as it was typed."""
    if len(tex) > _LONGEST:
        return tex
    try:
        said = _Reader(with_reactions(tex)).sequence("")
    except (_UnspeakableError, IndexError):
        return tex
    return " ".join(said.split()) or tex


class _Reader:
    """Reads a formula from left to right."""

    def __init__(self, tex: str) -> None:
        self.tokens = [found[1] or found[0] for found in _TOKEN.finditer(tex)]
        self.at = self.depth = 0

    def sequence(self, end: str) -> str:
        """All up to the piece `end`, which is not said, or to the end of the formula."""
        out: list[str] = []
        self.depth += 1
        while self.at < len(self.tokens) and (not end or self.tokens[self.at] != end):
            piece = self._next()
            if piece in "^_":
                out.append(self._script(piece))
            elif piece == "'":
                out.append("′")
            else:
                said = self._said(piece)
                if piece in _NAMES and out and out[-1][-1:].isalnum():
                    out.append(" ")
                out.append(said)
        self.depth -= 1
        if end:
            self._next()
        return "".join(out)

    def _next(self) -> str:
        piece = self.tokens[self.at]
        self.at += 1
        return piece

    def _said(self, piece: str) -> str:
        if piece == "{":
            if self.depth > _DEEPEST:
                raise _UnspeakableError
            return self.sequence("}")
        if piece in _BLANKS or piece.isspace():
            return " "
        if piece in _NOTHING:
            return self._bare_delimiter(piece)
        if piece in _WORDS:
            return self._argument()
        if piece in _FRACTIONS or piece == r"\sqrt" or piece in _ACCENTS:
            return self._built(piece)
        if piece in _NAMES:
            follows = self._peek()
            return piece[1:] + (" " if follows[:1] == "\\" or follows.isalnum() else "")
        return self._sign(piece)

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _argument(self) -> str:
        while self._peek().isspace():
            self.at += 1
        return self._said(self._next())

    def _bare_delimiter(self, piece: str) -> str:
        if piece in (r"\left", r"\right") and self._peek() == ".":
            self.at += 1
        return ""

    def _script(self, piece: str) -> str:
        letters = _RAISED if piece == "^" else _LOWERED
        said = "".join(self._argument().split())
        if not said or any(sign not in letters for sign in said):
            raise _UnspeakableError
        return "".join(letters[sign] for sign in said)

    def _built(self, piece: str) -> str:
        if piece in _FRACTIONS:
            return f"{_together(self._argument())}/{_together(self._argument())}"
        if piece == r"\sqrt":
            if self._peek() == "[":
                raise _UnspeakableError
            return f"√{_together(self._argument())}"
        letter = self._argument()
        if len(letter) != 1:
            raise _UnspeakableError
        return unicodedata.normalize("NFC", letter + _ACCENTS[piece])

    def _sign(self, piece: str) -> str:
        if piece[0] != "\\":
            if piece in "}&":
                raise _UnspeakableError
            return piece
        if piece[1:] in tuple("{}%$&#_"):
            return piece[1:]
        name = piece
        if piece in (r"\mathbb", r"\mathcal"):
            name = f"{piece}{{{self._argument()}}}"
        sign = _USUAL.get(name) or _symbol(name)
        if unicodedata.category(sign) == "Sm" and sign not in _CLOSE:
            return f" {sign} "
        return sign


def _symbol(name: str) -> str:
    # Slow to load, and few headings hold a formula.
    from latex2mathml.symbols_parser import convert_symbol  # noqa: PLC0415

    code = convert_symbol(name)
    if not code:
        raise _UnspeakableError
    return chr(int(code, 16))


def _together(said: str) -> str:
    """In brackets where it is not one number or name."""
    return said if said.isalnum() or len(said) == 1 else f"({said})"
