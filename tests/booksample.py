"""A small book with every feature a renderer has to set, made by hand."""

from __future__ import annotations

import io

from msgspec.structs import replace
from PIL import Image, ImageDraw

from publisher.book.model import (
    Book,
    BookAsset,
    Byline,
    Chapter,
    Contributor,
    Credit,
    Footnote,
    GlossaryEntry,
    GlossaryGroup,
    Heading,
    Metadata,
    Part,
    Place,
)
from publisher.vault.properties import Day, Rating, Source

METADATA = Metadata(
    title="The Harbour Lamp",
    subtitle="Essays, letters and verses from a small port",
    language="en",
    identifier="urn:uuid:5d6cbf2c-4d0c-4b52-9a5c-1c0a7a0b9f10",
    modified=1_767_607_200,
    authors=(
        ("Ada Quill", "Quill, Ada"),
        ("Bram van der Meer", "Meer, Bram van der"),
        ("Nour Haddad", "Haddad, Nour"),
        ("Odile Brisson", "Brisson, Odile"),
    ),
    editors=(("Tomas Reed", "Reed, Tomas"),),
    publisher="Breakwater Press",
    rights="© 2026 the authors. Each piece appears by permission of its author.",
    isbn="9780306406157",
    description="Four writers look at one lighthouse & at each other.",
    subjects=("Essays", "Anthologies"),
    series="Ports of Call",
    series_index="2",
    date="2026-01-05",
)

MATH = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="d = \\sqrt{2 r h}">'
    "<mrow><mi>d</mi><mo>=</mo><msqrt><mrow><mn>2</mn><mi>r</mi><mi>h</mi></mrow></msqrt>"
    "</mrow></math>"
)
MATH_BLOCK = (
    '<div class="math"><math xmlns="http://www.w3.org/1998/Math/MathML" display="block"'
    ' alttext="\\frac{a+b}{c}"><mrow><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow>'
    "<mi>c</mi></mfrac></mrow></math></div>"
)


def call(anchor: str, number: int) -> str:
    """A footnote's reference as the book stage sets it."""
    return (
        f'<a epub:type="noteref" role="doc-noteref" href="#{anchor}" id="{anchor}-call"'
        f' class="noteref">{number}</a>'
    )


def term(anchor: str, words: str, origin: str = "") -> str:
    """A link to a glossary entry, itself an anchor that the entry links back to."""
    mark = f' id="{origin}"' if origin else ""
    return (
        f'<a href="#{anchor}"{mark} class="glossary-link" epub:type="glossref"'
        f' role="doc-glossref">{words}</a>'
    )


LAMP = Chapter(
    anchor="on-keeping-a-lamp",
    title="On Keeping a Lamp",
    title_xhtml="On Keeping a <em>Lamp</em>",
    subtitle="With a note on the price of oil",
    bylines=(Byline("Ada Quill", "contributor-ada-quill"),),
    path="Essays/On Keeping a Lamp.md",
    genre="essay",
    date=Day(1931, 8),
    rating=Rating("A", 1.0),
    words=214,
    sources=(
        Source("Breakwater Review 3", "https://example.com/review/3?a=1&b=2"),
        Source("A typescript in the harbour office"),
    ),
    assets=("images/lamp.png", "images/diagram.svg"),
    headings=(
        Heading("lamp-the-wick", "The wick", 2),
        Heading("lamp-trimming", "Trimming", 3),
        Heading("lamp-the-price", "The price of oil", 2),
    ),
    footnotes=(
        Footnote(
            "lamp-note-1",
            "lamp-note-1-call",
            1,
            "<p>The ledger says <em>forty</em>; the keeper said fifty.</p>",
        ),
        Footnote(
            "lamp-note-2",
            "lamp-note-2-call",
            2,
            "<p>Two reasons are given.</p><ul><li>Wind.</li><li>Salt.</li></ul>"
            "<p>Neither convinces.</p>",
        ),
    ),
    xhtml=(
        "<p>A lamp is a promise made to strangers. It is kept by"
        f" {call('lamp-note-1', 1)} small attentions, none of which is noticed, and broken by"
        f" one, which is. The {term('glossary-keeper', 'keeper', 'lamp-keeper')} learns this in"
        " the first winter, and forgets it, if at all, in the last.</p>"
        "<p>I have tried in what follows to set down only what I have <mark>seen</mark> and"
        ' done. For the rest see <a href="#letter-from-the-pier">the letter from the pier</a>.</p>'
        '<figure id="lamp-figure"><img src="images/lamp.png" alt="A lamp on a sill"'
        ' width="640" height="400"/><figcaption>The lamp of 1904.</figcaption></figure>'
        '<h2 id="lamp-the-wick">The wick</h2>'
        f"<p>Of the {term('glossary-fresnel-lens', 'Fresnel lens', 'lamp-fresnel')} I say"
        f" nothing here; the distance at which it shows is {MATH}, as any pilot knows"
        f"{call('lamp-note-2', 2)}.</p>"
        f"{MATH_BLOCK}"
        '<h3 id="lamp-trimming">Trimming</h3>'
        '<ul class="tasks"><li class="task done"><span class="checkbox">☑</span> Trim the wick'
        ' square.</li><li class="task open"><span class="checkbox">☐</span> Wipe the glass.</li>'
        "</ul>"
        "<ol><li>Lower the flame.</li><li>Wait.<ul><li>Longer than you like.</li></ul></li></ol>"
        '<div class="callout callout-warning" data-callout="warning" role="note">'
        '<p class="callout-title">Warning</p><div class="callout-body">'
        "<p>Never trim a burning wick. <strong>Never</strong>, said the old keeper, and showed"
        " his hand.</p></div></div>"
        '<div class="callout callout-tip" data-callout="tip" role="note">'
        '<p class="callout-title">A <em>tip</em></p><div class="callout-body">'
        "<p>Keep the scissors <del>near</del> at hand.</p><ul><li>And oiled.</li></ul>"
        "</div></div>"
        '<h2 id="lamp-the-price">The price of oil</h2>'
        '<div class="table"><table><thead><tr><th scope="col">Year</th><th class="right" scope="col">'
        'Shillings</th></tr></thead><tbody><tr><td>1904</td><td class="right">11</td>'
        '</tr><tr><td>1931</td><td class="right">27</td></tr></tbody></table></div>'
        "<blockquote><p>Oil is the only honest clock we had.</p></blockquote>"
        '<pre><code class="language-text">turn = 1 every 20 s\n'
        "flash = 3 in each turn, and a line that is long enough to have to be wrapped by a"
        " small screen\n</code></pre>"
        '<p id="lamp-fog" class="block">Fog: see <code>log.txt</code>, and '
        '<a href="https://example.com/fog?x=1&amp;y=2">the almanac</a>.</p>'
        "<hr/>"
        '<p>A drawing: <img src="images/diagram.svg" alt="A circle of light" width="120"'
        ' height="120"/></p>'
    ),
)

LETTER = Chapter(
    anchor="letter-from-the-pier",
    title="Letter from the Pier",
    title_xhtml="Letter from the Pier",
    bylines=(
        Byline("Bram van der Meer", "contributor-bram-van-der-meer"),
        Byline("Ada Quill", "contributor-ada-quill"),
    ),
    path="Letters/Letter from the Pier.md",
    genre="letter",
    date=Day(1931, 9, 14),
    words=80,
    sources=(Source(url="https://example.com/letters/pier"),),
    xhtml=(
        "<p>Dear Ada,</p><p>You ask what the"
        f" {term('glossary-keeper', 'keepers', 'letter-keeper')} ate. Herring, and then herring."
        f" Of {term('glossary-tide-clock', 'the tide clock', 'letter-tide-clock')} I know only"
        ' that it was never right. You wrote of it <a href="#lamp-fog">yourself</a>.</p>'
        '<p>Yours,<br/>Bram</p><div class="embed"><p class="embed-title">From <a'
        ' class="piece-link" href="#three-lines-for-a-bell">Three Lines for a Bell</a></p>'
        "<p>The rest is spray.</p></div>"
    ),
)

VERSE = Chapter(
    anchor="three-lines-for-a-bell",
    title="Three Lines for a Bell",
    title_xhtml="Three Lines for a Bell",
    bylines=(Byline("Ada Quill", "contributor-ada-quill"),),
    path="Verses/Three Lines for a Bell.md",
    genre="poem",
    words=19,
    xhtml=(
        "<p>The bell says once what water says all day,<br/>and, having said it, has no more"
        " to say;<br/>we hear the once.</p><p>The rest is spray.</p>"
    ),
)

PHARE = Chapter(
    anchor="le-phare",
    title="Le Phare et l’Enfant",
    title_xhtml="Le Phare et l’Enfant",
    bylines=(Byline("Odile Brisson", "contributor-odile-brisson"),),
    path="Essays/Le Phare.md",
    language="fr",
    genre="essay",
    date=Day(1958),
    words=30,
    xhtml=(
        "<p>L’enfant comptait les éclats : un, deux, trois, puis la nuit. « Il respire », "
        f"disait-elle. Elle parlait du {term('glossary-keeper', 'gardien', 'phare-keeper')}.</p>"
    ),
)

ARABIC = Chapter(
    anchor="the-lamp-in-arabic",
    title="المصباح",
    title_xhtml="المصباح",
    bylines=(Byline("Nour Haddad", "contributor-nour-haddad"),),
    path="Essays/المصباح.md",
    language="ar",
    direction="rtl",
    words=12,
    xhtml=(
        "<p>كان المصباح صغيرًا، لكن البحر كان يعرفه. "
        f"قال {term('glossary-keeper', 'الحارس', 'arabic-keeper')}: لا تطفئوه.</p>"
        '<h2 id="arabic-sea">البحر</h2><p>والبحر لا ينام.</p>'
    ),
    headings=(Heading("arabic-sea", "البحر", 2),),
)

EMPTY = Chapter(
    anchor="an-empty-page",
    title="An Empty Page, Left for Whoever Comes After Us and Has Something to Say of the"
    " Lamp, the Harbour, the Herring, the Fog, or Anything Else at All",
    title_xhtml="An Empty Page, Left for Whoever Comes After Us and Has Something to Say of the"
    " Lamp, the Harbour, the Herring, the Fog, or Anything Else at All",
    path="An Empty Page.md",
    xhtml="",
)

GLOSSARY = (
    GlossaryGroup(
        anchor="glossary-people",
        title="People and Organizations",
        entries=(
            GlossaryEntry(
                anchor="glossary-harbour-board",
                term="Harbour Board",
                sort_letter="H",
                definition="<p>Seven men and a clerk, who paid for the"
                f" oil. See {term('glossary-keeper', 'keeper')}.</p>",
                places=(Place("Letter from the Pier", "", "letter-keeper"),),
                see_also=(("Keeper", "glossary-keeper"),),
            ),
        ),
    ),
    GlossaryGroup(
        anchor="glossary-concepts",
        title="Concepts",
        lettered=True,
        entries=(
            GlossaryEntry(
                anchor="glossary-fresnel-lens",
                term="Fresnel lens",
                sort_letter="F",
                quote="Of the Fresnel lens I say nothing here; the distance at which it shows"
                " is d = √(2rh), as any pilot knows.",
                places=(Place("On Keeping a Lamp", "The wick", "lamp-fresnel"),),
            ),
            GlossaryEntry(
                anchor="glossary-keeper",
                term="Keeper",
                sort_letter="K",
                also=("lightkeeper", "gardien", "الحارس"),
                definition="<p>Who tends the lamp.</p><p>There was always one, and a boy.</p>",
                places=(
                    Place("On Keeping a Lamp", "", "lamp-keeper"),
                    Place("Letter from the Pier", "", "letter-keeper"),
                    Place("Le Phare et l’Enfant", "", "phare-keeper"),
                    Place("المصباح", "", "arabic-keeper"),
                ),
                see_also=(
                    ("Harbour Board", "glossary-harbour-board"),
                    ("Fresnel lens", "glossary-fresnel-lens"),
                ),
            ),
            GlossaryEntry(
                anchor="glossary-tide-clock",
                term="Tide clock",
                sort_letter="T",
                quote="Of the tide clock I know only that it was never right.",
                places=(Place("Letter from the Pier", "", "letter-tide-clock"),),
            ),
        ),
    ),
)

BOOK = Book(
    metadata=METADATA,
    parts=(
        Part("part-lamps", "Lamps", (LAMP, LETTER, VERSE), 1),
        Part("part-other-tongues", "Other Tongues", (PHARE, ARABIC, EMPTY), 2),
    ),
    glossary=GLOSSARY,
    contributors=(
        Contributor(
            "contributor-odile-brisson",
            "Odile Brisson",
            "Brisson, Odile",
            pieces=(("Le Phare et l’Enfant", "le-phare"),),
        ),
        Contributor(
            "contributor-nour-haddad",
            "Nour Haddad",
            "Haddad, Nour",
            bio="<p>Nour Haddad kept shop by the breakwater for forty years.</p>",
            pieces=(("المصباح", "the-lamp-in-arabic"),),
        ),
        Contributor(
            "contributor-bram-van-der-meer",
            "Bram van der Meer",
            "Meer, Bram van der",
            pieces=(("Letter from the Pier", "letter-from-the-pier"),),
        ),
        Contributor(
            "contributor-ada-quill",
            "Ada Quill",
            "Quill, Ada",
            bio=f"<p>Ada Quill was the last {term('glossary-keeper', 'keeper')} of the light.</p>",
            pieces=(
                ("On Keeping a Lamp", "on-keeping-a-lamp"),
                ("Letter from the Pier", "letter-from-the-pier"),
                ("Three Lines for a Bell", "three-lines-for-a-bell"),
            ),
        ),
    ),
    credits=(
        Credit(
            "On Keeping a Lamp",
            "on-keeping-a-lamp",
            ("Ada Quill",),
            LAMP.sources,
            Day(1931, 8),
        ),
        Credit(
            "Letter from the Pier",
            "letter-from-the-pier",
            ("Bram van der Meer", "Ada Quill"),
            LETTER.sources,
            Day(1931, 9, 14),
        ),
    ),
    assets=(
        BookAsset("images/lamp.png", "Pictures/Lamp (1904).png", "image/png"),
        BookAsset("images/diagram.svg", "Pictures/diagram.svg", "image/svg+xml"),
    ),
)

SVG = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" width="120" height="120">'
    b"<title>A circle of light</title>"
    b'<circle cx="60" cy="60" r="50" fill="#e8c46a" stroke="#444"/></svg>'
)


def read_asset(asset: BookAsset) -> bytes:
    """The bytes of a sample image, drawn here so that no file is needed."""
    if asset.media_type == "image/svg+xml":
        return SVG
    picture = Image.new("RGB", (640, 400), "#2b3a4a")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((250, 120, 390, 260), fill="#f0d68a")
    draw.rectangle((150, 300, 490, 330), fill="#8a6f55")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def single_piece() -> Book:
    """A book of one piece in one untitled part, with nothing around it."""
    return Book(
        metadata=replace(
            METADATA,
            title="One",
            subtitle="",
            authors=(("Ada Quill", "Quill, Ada"),),
            editors=(),
            publisher="",
            rights="",
            isbn="",
            description="",
            subjects=(),
            series="",
            series_index="",
            date="",
        ),
        parts=(Part("part-1", "", (replace(VERSE, bylines=(Byline("Ada Quill"),)),)),),
    )


def large_book(pieces: int) -> Book:
    """A book of many short pieces in parts of a hundred, each linking to the next."""
    chapters = tuple(
        replace(
            VERSE,
            anchor=f"piece-{n}",
            title=f"Piece {n}",
            title_xhtml=f"Piece {n}",
            bylines=(),
            xhtml=f'<p>Text {n}. Then <a href="#piece-{(n + 1) % pieces}">the next</a>.</p>',
        )
        for n in range(pieces)
    )
    parts = tuple(
        Part(
            f"part-{n // 100 + 1}",
            f"Hundred {n // 100 + 1}",
            chapters[n : n + 100],
            n // 100 + 1,
        )
        for n in range(0, pieces, 100)
    )
    return Book(metadata=METADATA, parts=parts)
