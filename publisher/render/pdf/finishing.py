"""The last hand on a PDF before it is written: page labels, and heads as artifacts."""

from __future__ import annotations

from typing import Any

import pydyf
from weasyprint import Document

from publisher.render.pdf.folios import Folios
from publisher.render.pdf.mending import PAGINATION


def finish(document: Document, pdf: pydyf.PDF, folios: Folios) -> None:
    """Label the pages as they are printed, and take heads and folios out of the text."""
    label_pages(pdf, folios)
    mark_artifacts(pdf)
    mend_lists(pdf)
    scope_headers(document)


def scope_headers(document: Document) -> None:
    """Say of each table header what it heads, which WeasyPrint leaves to be guessed.

    It does name the headers of every cell, but not in a table without such cells.
    """
    for page in document.pages:
        waiting = [page._page_box]  # noqa: SLF001 - no public name leads to the boxes
        while waiting:
            box = waiting.pop()
            waiting += getattr(box, "children", ())
            mark = getattr(box, "mark", None)
            if mark is not None and box.element_tag == "th":
                row = box.element.get("scope") == "row"
                mark["A"]["Scope"] = "/Row" if row else "/Column"


def mend_lists(pdf: pydyf.PDF) -> None:
    """Put into a list item's body whatever WeasyPrint hung beside it (ISO 14289-1, 7.2)."""
    elements = {
        thing.reference: thing
        for thing in pdf.objects
        if isinstance(thing, pydyf.Dictionary) and thing.get("Type") == "/StructElem"
    }
    for item in [element for element in elements.values() if element["S"] == "/LI"]:
        kids = [elements.get(kid) if isinstance(kid, bytes) else None for kid in item["K"]]
        if all(kid is not None and kid["S"] in ("/Lbl", "/LBody") for kid in kids):
            continue
        body = pydyf.Dictionary(
            {
                "Type": "/StructElem",
                "S": "/LBody",
                "K": pydyf.Array(),
                "Pg": item["Pg"],
                "P": item.reference,
            }
        )
        pdf.add_object(body)
        labels = []
        for reference, kid in zip(item["K"], kids, strict=True):
            if kid is not None and kid["S"] == "/Lbl":
                labels.append(reference)
                continue
            body["K"].append(reference)
            if kid is not None:
                kid["P"] = body.reference
                kid["S"] = "/Div" if kid["S"] == "/LBody" else kid["S"]
        item["K"] = pydyf.Array([*labels, body.reference])


def label_pages(pdf: pydyf.PDF, folios: Folios) -> None:
    """Roman for the front matter, arabic from 1 for the rest."""
    numbers = pydyf.Array()
    if folios.front:
        numbers += [0, pydyf.Dictionary({"S": "/r"})]
    numbers += [folios.front, pydyf.Dictionary({"S": "/D"})]
    pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": numbers})


def mark_artifacts(pdf: pydyf.PDF) -> None:
    """Turn marked content that no structure element holds into pagination artifacts.

    WeasyPrint tags the text of margin boxes but leaves it out of the structure tree:
    a screen reader would meet text that belongs nowhere.
    """
    if "StructTreeRoot" not in pdf.catalog:
        return
    objects = {thing.reference: thing for thing in pdf.objects}
    root = objects[pdf.catalog["StructTreeRoot"]]
    held = _held(root, objects)
    parents = objects[root["ParentTree"]]["Nums"]
    pages = [thing for thing in pdf.objects if _is_page(thing)]
    for page in pages:
        stream = objects[page["Contents"]]
        for mcid in _release(stream.stream, held.get(page.reference, set())):
            slot = page["StructParents"]
            parents[2 * slot + 1][mcid] = b"null"


def _is_page(thing: Any) -> bool:
    return isinstance(thing, dict) and thing.get("Type") == "/Page" and "Contents" in thing


def _held(root: Any, objects: dict[bytes, Any]) -> dict[bytes, set[int]]:
    """The marked content each page's structure elements hold, by the page's reference."""
    held: dict[bytes, set[int]] = {}
    waiting = list(root["K"])
    while waiting:
        element = objects[waiting.pop()]
        for kid in element.get("K", ()):
            if isinstance(kid, bytes):
                waiting.append(kid)
            else:
                held.setdefault(element["Pg"], set()).add(kid)
    return held


def _release(stream: list[Any], held: set[int]) -> list[int]:
    """Rewrite the marks of a content stream that nobody holds; their numbers."""
    released = []
    for index, operator in enumerate(stream):
        if operator != b"BDC":
            continue
        properties = stream[index - 1]
        mcid = properties.get("MCID") if isinstance(properties, dict) else None
        if mcid is not None and mcid not in held:
            stream[index - 2] = "/Artifact"
            stream[index - 1] = PAGINATION
            released.append(mcid)
    return released


def keep_own_links(document: Document) -> None:
    """One annotation a link.

    WeasyPrint makes another for each element inside one, and those lie outside any Link
    element: a reader would hear every link twice, and PDF/UA forbids it.
    """
    for page in document.pages:
        page.links[:] = [link for link in page.links if link[3].link]
