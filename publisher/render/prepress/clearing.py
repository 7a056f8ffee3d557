"""What a printer refuses, taken out of the finished PDF, and what is left of it, told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from publisher.problem import Position, Problem

_SHOWN = 8
_USED = re.compile(rb"(/[^\s/<>\[\]()]+)\s+(?:gs|Do|scn|SCN|sh)\b")


def clear(pdf: pikepdf.Pdf, refuses: tuple[str, ...]) -> None:
    """Take out links and bookmarks where the printer wants none."""
    if "annotations" in refuses:
        for page in pdf.pages:
            if "/Annots" in page.obj:
                del page.obj["/Annots"]
        _unlink(pdf)
    if "bookmarks" in refuses:
        for key in ("/Outlines", "/PageMode"):
            if key in pdf.Root:
                del pdf.Root[key]


def _unlink(pdf: pikepdf.Pdf) -> None:
    """Structure elements let go of the links that were taken out, and become plain spans."""
    root = pdf.Root.get("/StructTreeRoot")
    if root is None:
        return
    waiting = [root]
    while waiting:
        element = waiting.pop()
        kids = element.get("/K")
        if kids is None:
            continue
        listed = list(kids) if isinstance(kids, Array) else [kids]
        kept = [kid for kid in listed if not _is_annotation(kid)]
        if len(kept) < len(listed):
            element.K = Array(kept)
            if element.get("/S") == Name.Link:
                element.S = Name.Span
        waiting += [kid for kid in kept if isinstance(kid, Dictionary) and "/K" in kid]
    if "/ParentTree" in root and "/Nums" in root.ParentTree:
        root.ParentTree.Nums = Array(_page_parents(root.ParentTree.Nums))


def _is_annotation(kid: object) -> bool:
    return isinstance(kid, Dictionary) and kid.get("/Type") == Name.OBJR


def _page_parents(numbers: Object) -> Iterator[Object]:
    """The entries for pages hold lists; those for annotations a single element, and go."""
    for index in range(0, len(numbers), 2):
        if isinstance(numbers[index + 1], Array):
            yield numbers[index]
            yield numbers[index + 1]


def keep_used(pdf: pikepdf.Pdf) -> None:
    """Leave each page only what it draws with.

    WeasyPrint gives all pages one list: with one see-through picture in the book, Ghostscript
    and printers' checks take every page for transparent.
    """
    for page in pdf.pages:
        page.contents_coalesce()
        resources = page.obj.get("/Resources")
        if resources is None or "/Contents" not in page.obj:
            continue
        used = _used(page.obj.Contents)
        own = Dictionary(dict(resources.items()))
        for kind in ("/ExtGState", "/XObject", "/Pattern", "/Shading"):
            if kind in own:
                listed = {name: thing for name, thing in own[kind].items() if name in used}
                if listed:
                    own[kind] = Dictionary(listed)
                else:
                    del own[kind]
        page.obj.Resources = own


def _used(stream: Object) -> set[str]:
    return {name.decode("latin-1") for name in _USED.findall(stream.read_bytes())}


def see_through(pdf: pikepdf.Pdf) -> tuple[int, ...]:
    """The pages, from 1, on which anything is transparent."""
    known: dict[tuple[int, int], bool] = {}
    found = []
    for number, page in enumerate(pdf.pages, 1):
        page.contents_coalesce()
        if "/Contents" in page.obj and _transparent(page.obj.Contents, page.obj, known):
            found.append(number)
    return tuple(found)


def _transparent(drawn: Object, owner: Object, known: dict[tuple[int, int], bool]) -> bool:
    """Whether a content stream uses anything see-through; pages may name more than they use."""
    if drawn.objgen in known:
        return known[drawn.objgen]
    known[drawn.objgen] = False  # a ring adds nothing
    resources = owner.get("/Resources") or Dictionary()
    used = _used(drawn)
    found = any(_state(state) for state in _among(resources, "/ExtGState", used))
    for kind in ("/XObject", "/Pattern"):
        for thing in _among(resources, kind, used):
            mask = thing.get("/SMask")
            found = found or (mask is not None and mask != Name("/None"))
            if isinstance(thing, Stream) and thing.get("/Subtype") != Name.Image:
                found = found or _transparent(thing, thing, known)
    known[drawn.objgen] = found
    return found


def _among(resources: Object, kind: str, used: set[str]) -> list[Object]:
    return [thing for name, thing in (resources.get(kind) or Dictionary()).items() if name in used]


def _state(state: Object) -> bool:
    share = min(float(state.get("/ca", 1)), float(state.get("/CA", 1)))
    mask = state.get("/SMask")
    blend = state.get("/BM", Name.Normal)
    return (
        share < 1
        or (mask is not None and mask != Name("/None"))
        or blend not in (Name.Normal, Name.Compatible)
    )


def drop_groups(pdf: pikepdf.Pdf, transparent: tuple[int, ...], *, cmyk: bool) -> None:
    """Page groups only where they are needed, and in the press's own colours there."""
    for number, page in enumerate(pdf.pages, 1):
        if number in transparent:
            if cmyk:
                page.obj.Group = Dictionary(
                    Type=Name.Group, S=Name.Transparency, I=True, CS=Name.DeviceCMYK
                )
        elif "/Group" in page.obj:
            del page.obj["/Group"]
    # A drawing is a group to WeasyPrint, even where nothing in it is see-through; on a page where
    # something is, the group as a whole may be, or mask another.
    kept: set[tuple[int, int]] = set()
    for number in transparent:
        leaf = pdf.pages[number - 1].obj
        _forms(leaf.Contents, leaf, kept)
    for thing in pdf.objects:
        form = isinstance(thing, Stream) and thing.get("/Subtype") == Name.Form
        if form and "/Group" in thing and thing.objgen not in kept:
            del thing["/Group"]


def _forms(drawn: Object, owner: Object, met: set[tuple[int, int]]) -> None:
    """All forms that a content stream draws with, those that are masks among them."""
    resources = owner.get("/Resources") or Dictionary()
    used = _used(drawn)
    states = _among(resources, "/ExtGState", used)
    masks = [state.get("/SMask") for state in states]
    inner = [mask.get("/G") for mask in masks if isinstance(mask, Dictionary)]
    inner += [*_among(resources, "/XObject", used), *_among(resources, "/Pattern", used)]
    for thing in inner:
        if isinstance(thing, Stream) and thing.objgen not in met:
            met.add(thing.objgen)
            if thing.get("/Subtype") != Name.Image:
                _forms(thing, thing, met)


def transparency_problem(pages: tuple[int, ...], printer: str, *, flattened: bool) -> Problem:
    """The pages that hold what the printer does not take."""
    shown = ", ".join(str(page) for page in pages[:_SHOWN]) + ("…" if len(pages) > _SHOWN else "")
    done = "became bitmaps, their type too" if flattened else "may be refused"
    return Problem(
        "transparency",
        f"{printer} takes no transparency: {'pages' if len(pages) > 1 else 'page'} {shown} {done}",
        Position(f"page {pages[0]}"),
        hint="look for opacity, shadows or see-through pictures there",
    )
