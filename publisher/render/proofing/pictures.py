"""Small pictures of the worst pages, with the places marked."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont

from publisher.render.proofing.finding import PageProof, Proof, worst
from publisher.render.proofing.reading import opened
from publisher.render.proofing.run import Box

ACROSS = 4  # pages in a row of the contact sheet
WIDTH = 330  # pixels of a page on it
LARGE = 900
INK = (200, 30, 30)
TABLE = (226, 226, 226)
MARGIN = 14
LEGEND = 46


def contact_sheet(pdf: Path | bytes, proof: Proof, most: int = 12) -> bytes:
    """The worst pages side by side in one PNG, each with its folio and faults below it."""
    pages = worst(proof, most)
    with opened(pdf) as document:
        pictures = [_picture(document, page, WIDTH) for page in pages]
    return _png(_laid_out(pages, pictures))


def page_pictures(pdf: Path | bytes, proof: Proof, most: int = 12) -> dict[str, bytes]:
    """The worst pages as PNGs one by one, and the sheet of them all, by file name."""
    pages = worst(proof, most)
    made = {"worst.png": contact_sheet(pdf, proof, most)}
    with opened(pdf) as document:
        for page in pages:
            made[f"leaf-{page.leaf:04d}.png"] = _png(_picture(document, page, LARGE))
    return made


def _picture(document: pdfium.PdfDocument, page: PageProof, width: int) -> Image.Image:
    sheet = document[page.leaf - 1]
    try:
        left, _, right, top = sheet.get_cropbox()
        scale = width / max(1.0, right - left)
        picture: Image.Image = sheet.render(scale=scale).to_pil().convert("RGB")
    finally:
        sheet.close()
    pen = ImageDraw.Draw(picture)
    for finding in page.findings:
        place = _on_picture(finding.box, left, top, scale)
        pen.rectangle(place, outline=INK, width=max(1, width // 300))
    return picture


def _on_picture(box: Box, left: float, top: float, scale: float) -> Box:
    """A box in pixels from the top left, never inside out."""
    across = sorted(((box[0] - left) * scale - 2, (box[2] - left) * scale + 2))
    down = sorted(((top - box[3]) * scale - 2, (top - box[1]) * scale + 2))
    return (across[0], down[0], across[1], down[1])


def _laid_out(pages: tuple[PageProof, ...], pictures: list[Image.Image]) -> Image.Image:
    across = min(ACROSS, max(1, len(pictures)))
    height = max((picture.height for picture in pictures), default=60)
    cell = (WIDTH + MARGIN, height + LEGEND + MARGIN)
    rows = -(-len(pictures) // across) or 1
    sheet = Image.new("RGB", (across * cell[0] + MARGIN, rows * cell[1] + MARGIN), TABLE)
    pen, face = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for number, (page, picture) in enumerate(zip(pages, pictures, strict=True)):
        left = MARGIN + number % across * cell[0]
        top = MARGIN + number // across * cell[1]
        sheet.paste(picture, (left, top))
        kinds = list(dict.fromkeys(finding.kind for finding in page.findings))
        words = f"p. {page.folio} (leaf {page.leaf}) · {page.score}\n{', '.join(kinds[:2])}"
        more = f" + {len(kinds) - 2}" if len(kinds) > 2 else ""
        pen.multiline_text((left, top + height + 6), words + more, fill=(0, 0, 0), font=face)
    return sheet


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()
