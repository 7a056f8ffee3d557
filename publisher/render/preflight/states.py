"""What a change of the graphics state (ExtGState) means to a press."""

from __future__ import annotations

from typing import Any

import pikepdf

from publisher.render.preflight.faces import face_of
from publisher.render.preflight.survey import Tally

_OPAQUE = ("/Normal", "/Compatible")


def note_change(change: Any, tally: Tally) -> None:
    """Transparency, overprint, transfer functions and fonts that come in by a state."""
    if any(float(change.get(key, 1)) < 1 for key in ("/ca", "/CA")):
        tally.see_through("opacity below 1")
    modes = change.get("/BM", pikepdf.Name.Normal)
    mode = modes[0] if isinstance(modes, pikepdf.Array) and len(modes) else modes
    if str(mode) not in _OPAQUE:
        tally.see_through(f"blend mode {str(mode).lstrip('/')}")
    if isinstance(change.get("/SMask"), pikepdf.Dictionary):
        tally.see_through("a soft mask")
    if any(bool(change.get(key, False)) for key in ("/OP", "/op")):
        tally.mark("overprint")
    _note_curves(change, tally)
    font = change.get("/Font")
    if isinstance(font, pikepdf.Array) and len(font):
        face = font[0]
        if not tally.known_face(face.objgen):
            tally.face(face.objgen, face_of(face))


def _note_curves(change: Any, tally: Tally) -> None:
    """Curves that a press would apply on top of its own."""
    if "/TR" in change and change.get("/TR") != "/Identity":
        tally.mark("transfer")
    if "/TR2" in change and change.get("/TR2") not in ("/Default", "/Identity"):
        tally.mark("transfer")
    if "/HTP" in change:
        tally.mark("HTP")
