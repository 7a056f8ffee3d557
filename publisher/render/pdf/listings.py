"""Code on paper: its long lines hang where they turn over, its options stay whole."""

from __future__ import annotations

import re

from lxml import etree

from publisher.book.tree import Element, add_class
from publisher.render.pdf.tree import put_after

LINE = "code-line"
STEP = 2  # letters that what is turned over stands further in than its line
DEEPEST = 24  # letters; no turned line stands further in
TAB = 8
# `--left`, `no-break`: engines would end a line after any of the hyphens.
HYPHENED = re.compile(r"(?<!\S)(?=\S{2,24}(?!\S))\S*-\S*")


def set_listing(pre: Element) -> None:
    """Every line of a listing in an element of its own."""
    holder = pre[0] if len(pre) == 1 and pre[0].tag == "code" and not pre.text else pre
    if len(holder) or (holder is not pre and (holder.tail or "").strip()):
        return
    lines = (holder.text or "").rstrip("\n").split("\n")
    holder.text, holder.tail = None, None if holder is not pre else holder.tail
    for line in lines:
        element = etree.SubElement(holder, "span")
        element.set("class", LINE)
        element.text = line if line.strip() else "\u00a0"
        blank = len(line.expandtabs(TAB)) - len(line.expandtabs(TAB).lstrip())
        if blank:
            hang = min(DEEPEST, blank) + STEP
            element.set("style", f"padding-left:{hang}ch;text-indent:-{hang}ch")


def keep_options(code: Element) -> None:
    """Words with hyphens are not parted at them, if they are short enough to stay whole."""
    if len(code) or "-" not in (code.text or ""):
        return
    text, past, last = code.text or "", 0, None
    code.text = None
    for found in HYPHENED.finditer(text):
        put_after(code, last, text[past : found.start()])
        last = etree.SubElement(code, "span")
        last.text = found.group()
        add_class(last, "whole-word")
        past = found.end()
    put_after(code, last, text[past:])
