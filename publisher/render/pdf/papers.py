"""What a PDF says of itself: title, authors, dates, and that it is made for all to read."""

from __future__ import annotations

import pydyf
from weasyprint import DEFAULT_OPTIONS, HTML
from weasyprint.pdf import generate_pdf

from publisher.render.pdf.jobs import Papers
from publisher.render.pdf.stock import BASE, Stock

VARIANT = "pdf/ua-1"


def papers(head: str) -> Papers:
    """As WeasyPrint would write them for a document with this head."""
    html = HTML(string=f"{head}<body></body></html>", base_url=BASE, url_fetcher=Stock({}))
    document = html.render(pdf_variant=VARIANT)
    options = {**DEFAULT_OPTIONS, "pdf_variant": VARIANT, "pdf_version": "1.7", "pdf_tags": True}
    pdf = generate_pdf(document, None, 1, **options)
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    body = b"\n".join(pydyf._to_bytes(piece) for piece in metadata.stream)  # noqa: SLF001
    return Papers(pdf.info.data, body, pdf.catalog["Lang"].data)
