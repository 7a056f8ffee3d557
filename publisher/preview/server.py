"""The preview's own web server: a few addresses, for one page, on this machine."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from publisher.preview import shop as workshop
from publisher.preview.counter import Counter
from publisher.preview.desk import Desk
from publisher.preview.ebook import OpenPlan
from publisher.preview.gate import HEADERS, HOST, refusal
from publisher.preview.watch import changes
from publisher.problem import SetupError

GRACE = 1  # seconds that open connections have when the preview ends
MAKERS = {
    "ebook": (workshop.ebook,),
    "print": (workshop.spreads, workshop.more_spreads),
}


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
    plan_file: Path,
    places: Iterable[Path],
    on_start: Callable[[], None],
) -> None:
    """Show the book until Ctrl-C; `places` are the folders that are watched."""
    asyncio.run(_serve(listening, open_plan, plan_file, tuple(places), on_start))


async def _serve(
    listening: socket.socket,
    open_plan: OpenPlan,
    plan_file: Path,
    places: tuple[Path, ...],
    on_start: Callable[[], None],
) -> None:
    shop = workshop.Shop()
    desk = Desk(open_plan, shop)
    app = Gate(Starlette(routes=Counter(desk, plan_file).routes()), listening.getsockname()[1])
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="critical",
        lifespan="off",
        timeout_graceful_shutdown=GRACE,
        server_header=False,
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
