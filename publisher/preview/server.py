"""The preview's own web server: a few addresses, for one page, on this machine."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from importlib.resources import files
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from publisher.preview import shop as workshop
from publisher.preview.desk import MEDIA, Desk
from publisher.preview.ebook import Ebook, OpenPlan
from publisher.preview.gate import BOOK_POLICY, HEADERS, HOST, PAGE_POLICY, refusal
from publisher.preview.spread import Spreads
from publisher.preview.telling import outline_as_json, spreads_as_json
from publisher.preview.watch import changes
from publisher.problem import SetupError
from publisher.render.drawing import UnsoundImageError
from publisher.render.images import missing_image, prepare_image
from publisher.vault.scan import open_inside

_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
GRACE = 1  # seconds that open connections have when the preview ends
MAKERS = {"ebook": workshop.ebook, "print": workshop.spreads}
PLATES = 400  # drawn pages kept, of about 100 KB


class Gate:
    """Turns away who may not ask, and marks every answer as for this page alone."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app, self._port = app, port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or don't."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        why = refusal(Headers(scope=scope), scope["method"], self._port)
        if why:
            await PlainTextResponse(why, 403, HEADERS)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class Counter:
    """Answers the page's requests from what lies on the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._images: dict[str, bytes] = {}
        self._cover: tuple[Any, bytes] = (None, b"")
        self._plates: dict[tuple[str, int], bytes] = {}
        self._static = _static()

    def routes(self) -> list[Route]:
        """Every address there is."""
        return [
            Route("/", self.page),
            Route("/page/{name}", self.page),
            Route("/events/{medium}", self.events),
            Route("/outline/{medium}", self.outline),
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
        told = outline_as_json(tray.edition.outline) | {"shown": tray.made_of}
        if isinstance(tray.edition, Spreads):
            told["print"] = spreads_as_json(tray.edition)
        return JSONResponse(told, headers=HEADERS | {"Cache-Control": "no-store"})

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
            drawn = await asyncio.wrap_future(self._desk.shop.order(workshop.plate, *name))
            if not drawn:
                return _nothing()
            if len(self._plates) >= PLATES:
                del self._plates[next(iter(self._plates))]
            self._plates[name] = drawn
        headers = HEADERS | {"Cache-Control": "private, max-age=86400, immutable"}
        return Response(self._plates[name], media_type="image/png", headers=headers)

    async def height(self, request: Request) -> Response:
        """How far down a page a text begins."""
        given = (request.path_params[name] for name in ("sheet", "number", "letters"))
        found = await asyncio.wrap_future(self._desk.shop.order(workshop.height, *given))
        return JSONResponse(found, headers=HEADERS | {"Cache-Control": "no-store"})

    async def _drawn(self, ebook: Ebook) -> bytes:
        if self._cover[0] is not ebook:
            drawn = await asyncio.wrap_future(self._desk.shop.order(workshop.cover, *ebook.cover))
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


class _Server(uvicorn.Server):
    """Tells those who look that it is over, or they would keep it waiting."""

    on_exit: Callable[[], None]

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self.on_exit()


def listen(port: int) -> socket.socket:
    """A socket of this machine alone; SetupError where the port is taken."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
    except OSError as error:
        made.close()
        reason = (error.strerror or str(error)).lower()
        raise SetupError(f"port {port} cannot be had: {reason}") from None
    return made


def serve(
    listening: socket.socket,
    open_plan: OpenPlan,
    places: Iterable[Path],
    on_start: Callable[[], None],
) -> None:
    """Show the book until Ctrl-C; `places` are the folders that are watched."""
    asyncio.run(_serve(listening, open_plan, tuple(places), on_start))


async def _serve(
    listening: socket.socket,
    open_plan: OpenPlan,
    places: tuple[Path, ...],
    on_start: Callable[[], None],
) -> None:
    shop = workshop.Shop()
    desk = Desk(open_plan, shop)
    app = Gate(Starlette(routes=Counter(desk).routes()), listening.getsockname()[1])
    config = uvicorn.Config(
        app, log_config=None, lifespan="off", timeout_graceful_shutdown=GRACE, server_header=False
    )
    server = _Server(config)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def over() -> None:
        loop.call_soon_threadsafe(desk.end)
        loop.call_soon_threadsafe(stop.set)

    server.on_exit = over
    others = [
        asyncio.create_task(desk.work(MAKERS)),
        asyncio.create_task(_watch(desk, places, stop)),
        asyncio.create_task(_when_up(server, on_start)),
    ]
    try:
        await server.serve(sockets=[listening])
    finally:
        shop.close()
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


async def _watch(desk: Desk, places: tuple[Path, ...], stop: asyncio.Event) -> None:
    async for _ in changes(places, stop):
        desk.saved()


async def _when_up(server: uvicorn.Server, on_start: Callable[[], None]) -> None:
    while not server.started:
        await asyncio.sleep(0.02)
    on_start()
