"""What the preview's page may ask for, and what it gets."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from publisher.preview import plate
from publisher.preview import shop as workshop
from publisher.preview.desk import MEDIA, Desk
from publisher.preview.ebook import Ebook
from publisher.preview.gate import BOOK_POLICY, HEADERS, PAGE_POLICY
from publisher.preview.panel import read_themes
from publisher.preview.settings import parse_wish, write_wish
from publisher.preview.spread import Spreads
from publisher.preview.telling import outline_as_json, spreads_as_json
from publisher.problem import SetupError
from publisher.render.drawing import UnsoundImageError
from publisher.render.images import missing_image, prepare_image
from publisher.vault.scan import open_inside

T = TypeVar("T")
TAKES = 24  # bound takes kept
MOST_ASKED = 64 * 1024
_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
PLATES = 400  # drawn pages kept, of about 100 KB


class Counter:
    """Answers the page's requests from what lies on the desk."""

    def __init__(self, desk: Desk, plan_file: Path) -> None:
        self._desk, self._plan_file = desk, plan_file
        self._images: dict[str, bytes] = {}
        self._cover: tuple[Any, bytes] = (None, b"")
        self._takes: dict[str, bytes] = {}
        self._drawing = asyncio.Lock()  # PDFium draws one page at a time
        self._plates: dict[tuple[str, int], bytes] = {}
        self._static = _static()

    def routes(self) -> list[Route]:
        """Every address there is."""
        return [
            Route("/", self.page),
            Route("/page/{name}", self.page),
            Route("/events/{medium}", self.events),
            Route("/outline/{medium}", self.outline),
            Route("/at/{key}", self.at, methods=["POST"]),
            Route("/themes", self.themes),
            Route("/theme", self.theme, methods=["POST"]),
            Route("/book/{name:path}", self.book),
            Route("/plate/{sheet}/{number:int}", self.plate),
            Route("/height/{sheet}/{number:int}/{letters}", self.height),
        ]

    async def page(self, request: Request) -> Response:
        """The page itself, its scripts and styles."""
        name = request.path_params.get("name", "index.html")
        if name not in self._static:
            return _nothing()
        kind, body = self._static[name]
        headers = HEADERS | {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"}
        return Response(body, media_type=kind, headers=headers)

    async def events(self, request: Request) -> Response:
        """How things stand, told as they change (server-sent events)."""
        medium = request.path_params["medium"]
        if medium not in MEDIA:
            return _nothing()

        async def told() -> AsyncIterator[str]:
            async for state in self._desk.look(medium):
                yield f"data: {json.dumps(state)}\n\n"

        headers = HEADERS | {"Cache-Control": "no-store"}
        return StreamingResponse(told(), media_type="text/event-stream", headers=headers)

    async def outline(self, request: Request) -> Response:
        """The contents, problems and settings of the book as it is shown."""
        tray = self._desk.trays.get(request.path_params["medium"])
        if tray is None or tray.edition is None:
            return _nothing()
        told = outline_as_json(tray.edition.outline) | {"shown": tray.editions}
        if isinstance(tray.edition, Spreads):
            told["print"] = spreads_as_json(tray.edition)
        return JSONResponse(told, headers=HEADERS | {"Cache-Control": "no-store"})

    async def themes(self, _request: Request) -> Response:
        """The themes that the book could have."""
        found = await asyncio.to_thread(read_themes, self._homes())
        told = [{"name": name, "title": title} for name, title in found]
        return JSONResponse(told, headers=HEADERS | {"Cache-Control": "no-store"})

    async def theme(self, request: Request) -> Response:
        """Write what the panel asks for into the plan; the save renews the book."""
        try:
            body = bytearray()
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_ASKED:
                    raise ValueError("less")
            wish = parse_wish(json.loads(body))
            await asyncio.to_thread(write_wish, self._plan_file, wish, self._homes())
        except (ValueError, RecursionError) as error:
            return JSONResponse({"error": f"this wants {error}"}, 400, HEADERS)
        except SetupError as error:
            said = str(error).removeprefix("[theme.tokens]: ")
            return JSONResponse({"error": said}, 422, HEADERS)
        return JSONResponse({}, headers=HEADERS)

    def _homes(self) -> tuple[Path, ...]:
        """The book's own themes, even while its plan is broken."""
        try:
            return (self._desk.open_plan()[0] / "themes",)
        except SetupError:
            return (self._plan_file.parent / "themes",)

    async def book(self, request: Request) -> Response:
        """A file of the EPUB: a page, its style, a picture that the book shows; no other."""
        ebook: Ebook | None = self._desk.trays["ebook"].edition
        name = request.path_params["name"]
        if ebook is None:
            return _nothing()
        if name in ebook.files:
            return _file(request, *ebook.files[name])
        if name == "cover.png":
            return _file(request, "image/png", await self._drawn(ebook))
        if name in ebook.pictures:
            asset = ebook.pictures[name]
            raw = await asyncio.to_thread(_read, ebook.root, asset.path)
            return _file(request, asset.media_type, await self._prepared(raw, asset.media_type))
        return _nothing()

    async def plate(self, request: Request) -> Response:
        """A printed page as a picture; its name says all it depends on, so it is kept for good."""
        name = (request.path_params["sheet"], request.path_params["number"])
        if name not in self._plates:
            pdf = await self._bound(name[0])
            async with self._drawing:
                drawn = await asyncio.to_thread(plate.draw, pdf, name[1]) if pdf else b""
            if not drawn:
                return _nothing()
            if len(self._plates) >= PLATES:
                del self._plates[next(iter(self._plates))]
            self._plates[name] = drawn
        headers = HEADERS | {"Cache-Control": "private, max-age=86400, immutable"}
        return Response(self._plates[name], media_type="image/png", headers=headers)

    async def height(self, request: Request) -> Response:
        """How far down a page a text begins."""
        given = request.path_params
        pdf = await self._bound(given["sheet"])
        async with self._drawing:
            found = (
                await asyncio.to_thread(plate.height, pdf, given["number"], given["letters"])
                if pdf
                else 0.0
            )
        return JSONResponse(found, headers=HEADERS | {"Cache-Control": "no-store"})

    async def _bound(self, sheet: str) -> bytes:
        """The take as a file: at hand, or bound in the shop."""
        edition = self._desk.trays["print"].edition
        if edition is not None and sheet in edition.bound:
            at_hand: bytes = edition.bound[sheet]
            return at_hand
        if sheet not in self._takes:
            while len(self._takes) >= TAKES:
                del self._takes[next(iter(self._takes))]
            self._takes[sheet] = await self._ordered(b"", workshop.bound, sheet)
            if not self._takes[sheet]:
                return self._takes.pop(sheet)
        return self._takes[sheet]

    async def at(self, request: Request) -> Response:
        """Which piece is looked at: it is made first."""
        self._desk.shown = request.path_params["key"]
        return JSONResponse({}, headers=HEADERS)

    async def _ordered(self, otherwise: T, work: Callable[..., T], *given: Any) -> T:
        """What the shop makes of an order; `otherwise` where it cannot be had."""
        try:
            return await asyncio.wrap_future(self._desk.shop.order(work, *given))
        except Exception:  # noqa: BLE001 - a picture that fails must not fail the page
            return otherwise

    async def _drawn(self, ebook: Ebook) -> bytes:
        if self._cover[0] is not ebook:
            drawn = await self._ordered(missing_image("image/png"), workshop.cover, *ebook.cover)
            self._cover = (ebook, drawn)
        return self._cover[1]

    async def _prepared(self, raw: bytes, kind: str) -> bytes:
        digest = hashlib.sha256(raw).hexdigest()
        if digest not in self._images:
            if len(self._images) > 64:
                self._images.clear()
            self._images[digest] = await asyncio.to_thread(_shown, raw, kind)
        return self._images[digest]


def _static() -> dict[str, tuple[str, bytes]]:
    folder = files("publisher.preview") / "page"
    return {
        file.name: (_TYPES[Path(file.name).suffix], file.read_bytes())
        for file in folder.iterdir()
        if Path(file.name).suffix in _TYPES
    }


def _nothing() -> Response:
    return PlainTextResponse("there is nothing here", 404, HEADERS)


def _file(request: Request, kind: str, body: bytes) -> Response:
    """The bytes, or word that the browser has them already."""
    mark = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = HEADERS | {
        "ETag": mark,
        "Cache-Control": "no-cache",
        "Content-Security-Policy": BOOK_POLICY,
    }
    if request.headers.get("if-none-match") == mark:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)


def _read(root: str, path: str) -> bytes:
    try:
        with open_inside(root, path) as stream:
            return stream.read()
    except (SetupError, OSError):
        return b""


def _shown(raw: bytes, kind: str) -> bytes:
    try:
        return prepare_image(raw, kind)
    except UnsoundImageError:
        return missing_image(kind)
