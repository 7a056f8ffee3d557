"""SVG drawings without scripts, foreign markup or ways out of the book."""

from __future__ import annotations

import re

from lxml import etree

SVG = "image/svg+xml"
NAMESPACE = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
XML = "{http://www.w3.org/XML/1998/namespace}"

ELEMENTS = frozenset(
    """
    a circle clipPath defs desc ellipse feBlend feColorMatrix feComponentTransfer feComposite
    feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood
    feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology
    feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter g image line
    linearGradient marker mask path pattern polygon polyline radialGradient rect stop style svg
    switch symbol text textPath title tspan use view
    """.split()
)

_INSIDE = re.compile(r"#|data:image/(png|jpeg|gif|webp);", re.IGNORECASE)
_LINK = re.compile(r"#|https?:|mailto:", re.IGNORECASE)
# Anything a style sheet could fetch; a backslash can spell these in other letters.
_FETCHING = re.compile(
    r"@import|@font-face|expression|javascript:|\\|url\(\s*['\"]?(?!['\"]?#)", re.IGNORECASE
)
_IDENTITY = re.compile(r"[A-Za-z_][\w.-]*")


class UnsoundImageError(ValueError):
    """An image no reader could show; the message says why."""


def clean_drawing(raw: bytes) -> bytes:
    """The drawing with nothing left in it but shapes, text and links within itself."""
    parser = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]  # newer than the stubs
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise UnsoundImageError(f"it is not sound XML ({error.msg})") from error
    if etree.QName(root).localname != "svg":
        raise UnsoundImageError("it is XML, but no SVG")
    if etree.QName(root).namespace is None:
        root = etree.fromstring(
            etree.tostring(root).replace(b"<svg", f'<svg xmlns="{NAMESPACE}"'.encode(), 1), parser
        )
    _clean(root)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _clean(root: etree._Element) -> None:
    for element in list(root.iter()):
        if not _known(element):
            _remove(element)
        else:
            _clean_attributes(element)
            if etree.QName(element).localname == "style" and _FETCHING.search(element.text or ""):
                element.text = ""


def _known(element: etree._Element) -> bool:
    if not isinstance(element.tag, str):
        return False
    name = etree.QName(element)
    return name.namespace == NAMESPACE and name.localname in ELEMENTS


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _clean_attributes(element: etree._Element) -> None:
    tag = etree.QName(element).localname
    for name, value in list(element.attrib.items()):
        if not _harmless(tag, str(name), str(value).strip()):
            del element.attrib[name]


def _harmless(tag: str, name: str, value: str) -> bool:
    if name in {"href", XLINK}:
        return bool((_LINK if tag == "a" else _INSIDE).match(value))
    if name.startswith("{"):
        return name in {f"{XML}lang", f"{XML}space"}
    if name.lower().startswith("on") or name in {"base", "externalResourcesRequired"}:
        return False
    if name == "id":
        return _IDENTITY.fullmatch(value) is not None
    return not _FETCHING.search(value)
