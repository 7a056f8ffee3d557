"""What lies on the desk: the last good book in each medium, and what is wrong with the next.

All of it belongs to the server's one thread; the workshop does the work.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

from msgspec import Struct, field

from publisher.preview.ebook import OpenPlan
from publisher.preview.shop import Shop, SupersededError
from publisher.problem import SetupError

# What makes an edition; what makes it in steps has the first shown before the last is done.
Makers = dict[str, tuple[Callable[..., Any], ...]]
MEDIA = ("ebook", "print")
TICK = 0.4  # seconds between two words on how far a build has come
LOOK = 0.5  # seconds in which a page gets what has come into its view, before all else is made


class Tray(Struct):
    """One medium: the last good edition, which save it shows, and why a later one is not shown.

    `editions` counts them: one that is not yet whole comes before it is `made_of` its save.
    """

    edition: Any = None
    editions: int = 0
    made_of: int = 0
    tried: int = 0
    error: str = ""
    seconds: float = 0.0


class Desk(Struct):
    """Counts the saves, has what is looked at made anew, and tells those who look."""

    open_plan: OpenPlan
    shop: Shop
    saves: int = 1
    building: str = ""
    shown: str = ""
    trays: dict[str, Tray] = field(default_factory=lambda: {name: Tray() for name in MEDIA})
    _looked_at: Counter[str] = field(default_factory=Counter)
    _readers: set[asyncio.Queue[bool]] = field(default_factory=set)
    _stir: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: bool = False

    def saved(self) -> None:
        """Something was saved."""
        self.saves += 1
        self.shop.supersede(self.saves)
        self._stir.set()
        self._tell()

    def end(self) -> None:
        """Let all who look go."""
        self._ended = True
        self._tell()

    def state(self, medium: str) -> dict[str, Any]:
        """How things stand with a medium."""
        tray = self.trays[medium]
        done, of = self.shop.progress() if self.building else (0, 0)
        return {
            "shown": tray.editions,
            "fresh": tray.made_of == self.saves,
            "building": self.building == medium,
            "done": done,
            "of": of,
            "error": tray.error,
            "seconds": round(tray.seconds, 2),
        }

    async def look(self, medium: str) -> AsyncIterator[dict[str, Any]]:
        """The state now, and again whenever it changes."""
        word: asyncio.Queue[bool] = asyncio.Queue()
        self._readers.add(word)
        self._looked_at[medium] += 1
        self._stir.set()
        try:
            while not self._ended:
                yield self.state(medium)
                await word.get()
        finally:
            self._readers.discard(word)
            self._looked_at[medium] -= 1

    async def work(self, makers: Makers) -> None:
        """Make what is looked at and out of date, one after the other, for ever."""
        while True:
            await self._stir.wait()
            self._stir.clear()
            while medium := self._wanted():
                await self._make(medium, makers[medium])

    def _wanted(self) -> str:
        return next(
            (m for m in MEDIA if self._looked_at[m] > 0 and self.trays[m].tried < self.saves), ""
        )

    async def _make(self, medium: str, makers: tuple[Callable[..., Any], ...]) -> None:
        tray, number, began = self.trays[medium], self.saves, time.monotonic()
        self.building = medium
        self._tell()
        ticking = asyncio.create_task(self._tick())
        try:
            for maker in makers:
                order = self.shop.order(maker, self.open_plan, number, self.shown)
                if made := await asyncio.wrap_future(order):
                    tray.edition, tray.error = made, ""
                    tray.editions += 1
                    self._tell()
                    if maker is not makers[-1] and made.bound:
                        await asyncio.sleep(LOOK)
            tray.made_of = number
            tray.seconds = time.monotonic() - began
        except SupersededError:
            number -= 1
        except SetupError as error:
            tray.error = str(error)
        except Exception as error:  # noqa: BLE001 - whatever happens, the last good book stays
            tray.error = f"internal error, {type(error).__name__}: {error}"
        finally:
            ticking.cancel()
            self.building = ""
            tray.tried = number
        self._tell()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self._tell()

    def _tell(self) -> None:
        for word in self._readers:
            if word.empty():
                word.put_nowait(True)
