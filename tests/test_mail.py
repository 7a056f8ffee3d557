"""An address of mail is printed as it was written, wherever its line ends."""

from __future__ import annotations

import re

import pytest
from weasyprint import HTML

from publisher.render.pdf.blocks import set_blocks
from publisher.render.pdf.tree import parse, to_html

SPAN = '<span style="hyphens:manual">'


def printed(xhtml: str) -> str:
    body, _ = parse(xhtml)
    set_blocks(body)
    return str(to_html(body)).replace("<wbr></wbr>", "|")


@pytest.mark.parametrize(
    ("xhtml", "html"),
    [
        (
            "<p>Write to me@example.org.</p>",
            f"<p>Write to {SPAN}me|@example|.org</span>.</p>",
        ),
        (
            "<p>a.b@c.de, <em>x@y-z.org</em> or d+e@f.uk!</p>",
            f"<p>{SPAN}a|.b|@c|.de</span>, <em>{SPAN}x|@y-z|.org</span></em> or {SPAN}d+e|@f|.uk</span>!</p>",
        ),
        (
            '<p><a href="mailto:me@example.org">me@example.org</a> and on</p>',
            f'<p><a href="mailto:me@example.org">{SPAN}me|@example|.org</span></a> and on</p>',
        ),
        ("<p>@nobody, 5 @ 3.50 and a@b</p>", "<p>@nobody, 5 @ 3.50 and a@b</p>"),
        ("<p><code>git@example.org</code></p>", "<p><code>git@example.org</code></p>"),
    ],
)
def test_it_stands_in_an_element_of_its_own(xhtml: str, html: str) -> None:
    assert printed(xhtml) == html


@pytest.mark.parametrize("width", range(90, 330, 20))
def test_no_hyphen_is_put_into_it(width: int) -> None:
    address = "margaret.featherstone@correspondence.example.org"
    text = f"<p>Whoever remembers something different should write to {address} immediately.</p>"
    style = (
        f"@page {{ size: {width + 20}px 400px; margin: 10px }}"
        ' p { font: 16px "Book Serif", serif; hyphens: auto; text-align: justify }'
    )
    body = printed(text).replace("|", "<wbr>")
    document = HTML(string=f'<html lang="en"><style>{style}</style>{body}').render()
    shown = "".join(
        box.text for page in document.pages for box in page._page_box.descendants()
        if box.element_tag == "span" and hasattr(box, "text")
    )  # fmt: skip
    assert re.sub(r"\s", "", shown) == address
