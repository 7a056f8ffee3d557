"""The style sheet that keeps type out of four inks."""

from __future__ import annotations

from publisher.printer import Printer


def prepress_css(printer: Printer) -> str:
    """Rules to append to a theme's: black in K alone, and no colour a black press cannot print."""
    rules = "html { color: device-cmyk(0 0 0 1); }\n"
    if printer.colour == "k":
        rules += "a, a * { color: inherit; }\n"
    if "transparency" in printer.refuses:
        rules += "* { box-shadow: none !important; opacity: 1 !important; }\n"
    return rules
