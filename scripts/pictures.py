"""Take the pictures of the README and of docs/ anew, from the books that `make book` built."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from pathlib import Path

import pypdfium2
from msgspec.structs import replace
from PIL import Image
from playwright.sync_api import sync_playwright

from publisher.config import read_plan
from publisher.pipeline import asset_reader, prepare, silent
from publisher.render.cover import draw_cover
from publisher.render.pdf.press import print_book

ROOT = Path(__file__).parent.parent
BOOK = ROOT / "build" / "existence-doubtful"
GROUND = "#d9d6d0"
# Leaves of the print edition, from 0: a verso and the recto beside it.
SPREADS = ((13, 14), (9, 10), (31, 32), (81, 82))
PAGES = ("piece-01", "piece-06", "glossary")
SCREEN = (440, 660)
# A reader's own typeface differs with the machine; the pictures' must not.
FACE = "".join(
    "@font-face { font-family: Shown;"
    f" src: url({(ROOT / 'themes' / 'classic' / 'fonts' / f'EBGaramond-{name}.ttf').as_uri()});"
    f" font-style: {style}; font-weight: {weight}; }}\n"
    for name, style, weight in (
        ("Regular", "normal", 400), ("Italic", "italic", 400), ("Bold", "normal", 700),
    )
)  # fmt: skip
READER = FACE + "body { font-family: Shown; font-size: 18px; padding: 0 1.6em !important; }"
THEMES = ("classic", "modern", "journal", "pocket")
ESSAY = "what-the-chart-is-not-sure-of"


def frame(pages: list[Image.Image], gap: int, margin: int = 36) -> Image.Image:
    """Pages side by side on a quiet ground."""
    width = sum(page.width for page in pages) + gap * (len(pages) - 1) + 2 * margin
    out = Image.new("RGB", (width, max(page.height for page in pages) + 2 * margin), GROUND)
    left = margin
    for page in pages:
        out.paste(page, (left, margin))
        left += page.width + gap
    return out


def spread(leaves: tuple[int, int], dots: int = 96) -> Image.Image:
    """Two facing pages, at so many dots an inch."""
    book = pypdfium2.PdfDocument(BOOK.with_suffix(".pdf"))
    return frame([book[leaf].render(scale=dots / 72).to_pil() for leaf in leaves], gap=2)


def spreads() -> Image.Image:
    """Four of them, two by two."""
    one, two, three, four = (spread(leaves, 64) for leaves in SPREADS)
    out = Image.new("RGB", (one.width + two.width, one.height + three.height), GROUND)
    places = ((0, 0), (one.width, 0), (0, one.height), (one.width, one.height))
    for picture, place in zip((one, two, three, four), places, strict=True):
        out.paste(picture, place)
    return out


def cover() -> Image.Image:
    """The wrap for KDP with its guides."""
    guides = BOOK.with_name(f"{BOOK.name}-kdp-cover-guides.pdf")
    return pypdfium2.PdfDocument(guides)[0].render(scale=80 / 72).to_pil()


def screens() -> Image.Image:
    """The cover and a few pages as a reading app shows them."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with zipfile.ZipFile(BOOK.with_suffix(".epub")) as book:
            book.extractall(folder)
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": SCREEN[0], "height": SCREEN[1]})
        shots = [Image.open(folder / "EPUB" / "cover.png").convert("RGB")]
        shots[0] = shots[0].resize((SCREEN[1] * 1500 // 2400, SCREEN[1]), Image.Resampling.LANCZOS)
        for stem in PAGES:
            page.goto((folder / "EPUB" / "text" / f"{stem}.xhtml").as_uri())
            page.add_style_tag(content=READER)
            page.evaluate("document.fonts.ready")
            shot = folder / f"{stem}.png"
            page.screenshot(path=shot)
            shots.append(Image.open(shot).convert("RGB"))
        browser.close()
        return frame(shots, gap=18)


def in_theme(name: str, dots: int = 60) -> Image.Image:
    """The sample's cover in a theme, and a spread of an essay with notes and references."""
    plan, _ = read_plan(ROOT / "content" / "anthology.toml")
    copy = prepare(ROOT / "content", replace(plan, theme=name), silent, curly_quotes=True)
    book = copy.assembled.book
    read = asset_reader(str(ROOT / "content"))
    edition = print_book(book, copy.theme, copy.draft.words, read)
    recto = (edition.folios.leaves[ESSAY] + 2) | 1
    pdf = pypdfium2.PdfDocument(edition.pdf)
    pages = [pdf[leaf].render(scale=dots / 72).to_pil() for leaf in (recto - 2, recto - 1)]
    drawn = draw_cover(book.metadata, copy.theme, copy.draft.words)
    front = Image.open(io.BytesIO(drawn)).convert("RGB")
    tall = pages[0].height
    front = front.resize((tall * front.width // front.height, tall), Image.Resampling.LANCZOS)
    return frame([front, frame(pages, gap=2, margin=0)], gap=24, margin=24)


def main() -> None:
    """Write the pictures into docs/."""
    pictures = {
        "spread": spread(SPREADS[0]),
        "spreads": spreads(),
        "cover": cover(),
        "ebook": screens(),
        **{f"theme-{name}": in_theme(name) for name in THEMES},
    }
    for name, picture in pictures.items():
        picture.quantize(64, dither=Image.Dither.NONE).save(
            ROOT / "docs" / f"{name}.png", optimize=True
        )


if __name__ == "__main__":
    main()
