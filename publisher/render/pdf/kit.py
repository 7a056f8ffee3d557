"""What all takes of a book are printed with, whoever prints them."""

from __future__ import annotations

from publisher.render.fallback import with_fallback
from publisher.render.pdf.foliation import Foliation, foliation
from publisher.render.pdf.jobs import Kit
from publisher.render.pdf.supply import font_type, theme_fonts
from publisher.render.theme import Theme


def kit_for(language: str, theme: Theme, extra_css: str = "") -> tuple[Kit, Foliation]:
    """The kit, with fonts for scripts that the theme has none for, and where folios stand."""
    family = theme.values("print").get("body-family", "")
    css = with_fallback(theme.print_css + extra_css, family, language)
    given = foliation(css)
    fonts = tuple(
        (name, font_type(name), path.read_bytes()) for name, path in theme_fonts(theme).items()
    )
    return Kit(css, given.bare(), fonts, language), given
