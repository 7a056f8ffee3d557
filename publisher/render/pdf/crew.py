"""The crew shares out jobs, as many at a time as there are hands, and loses none."""

from __future__ import annotations

import os
import pickle
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any, Self

from msgspec import Struct

from publisher.render.pdf.jobs import Job, Kit
from publisher.render.pdf.standby import Standby, pack, send_away, workers
from publisher.render.pdf.stint import warm_up, work

# Below this many letters, the work is done before a worker has started.
WORTH_WORKERS = 150_000
AHEAD = 2  # jobs waiting at each worker
TRIES = 2  # with others, before a job is tried alone


class Order(Struct, frozen=True):
    """A job to be made when its turn comes; its outcome comes back under its name."""

    name: Any
    weight: int
    job: Callable[[], Job]


# Gives the next order, or nothing: for now, or for good where a hand would be idle without one.
Draw = Callable[[bool], Order | None]


class Outcome(Struct, frozen=True):
    """What a job gave, or why it gave nothing."""

    done: bool
    value: Any


class Crew:
    """Works through an executor of the caller's, through processes of its own, or alone."""

    def __init__(
        self,
        kit: Kit,
        executor: Executor | None = None,
        jobs: int | None = None,
        *,
        prompt: bool = False,
        giving_way: bool = False,
        standby: Standby | None = None,
    ) -> None:
        """`prompt` calls workers as soon as there is anything to do, be it little.

        Those on `standby` come first. Workers that are `giving_way` let what somebody looks at meanwhile have the processor first.
        """
        self.kit_name, self._kit = pack(kit)
        self._given = executor
        self._pool: Executor | None = executor
        self._hands = max(1, jobs or os.cpu_count() or 1)
        self._prompt = prompt and executor is None and self._hands > 1
        self._giving_way = giving_way
        self._standby = standby
        self._coming: Thread | None = None
        self._stays_here = False
        self._warm: Executor | None = None  # those who were told to get ready
        self._ready = 0  # how many of them were ready when they came

    @property
    def is_many(self) -> bool:
        """Whether even little things are shared out."""
        return self._prompt or self._given is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        pool = self._pool
        # After Ctrl-C nobody waits for the pages in hand.
        if kind is KeyboardInterrupt and pool is not self._given:
            self._pool = None
            if isinstance(pool, ProcessPoolExecutor):
                send_away(pool)
        self.dismiss()

    def run(self, orders: Sequence[Order]) -> Iterator[tuple[Any, Outcome]]:
        """The outcome of each order, as they come; the heaviest are begun first."""
        waiting = deque(sorted(orders, key=lambda order: -order.weight))
        weights = [order.weight for order in waiting]
        return self.draw(lambda _idle: waiting.popleft() if waiting else None, weights)

    def ask(self, job: Job) -> Outcome:
        """What one job gives."""
        ((_, outcome),) = self.run([Order("", 1, lambda: job)])
        return outcome

    def draw(self, draw: Draw, weights: Sequence[int]) -> Iterator[tuple[Any, Outcome]]:
        """The outcome of each order that is drawn, as they come; `weights` are of those known.

        What weighs nothing is done before a worker could have begun it.
        """
        order = draw(True)
        # Nobody is called, or waited for, before there is something to do.
        if order is not None and self._is_worth(weights):
            if sum(weights) < WORTH_WORKERS:
                self._await_ready()
            yield from self._share(draw, order)
            return
        while order is not None:
            yield order.name, self.alone(order.job())
            order = draw(True)

    def _is_worth(self, weights: Sequence[int]) -> bool:
        """Whether workers are asked, who then are there."""
        if self._given is not None:
            return True
        if self._stays_here:
            return False
        if self._prompt and self._pool is None and not any(weights):
            # They come while something else is done.
            if self._coming is None:
                self._coming = Thread(target=self._call, args=(len(weights),), daemon=True)
                self._coming.start()
            return False
        if self._coming:
            self._coming.join()
        # Workers that are there already are asked for little things too.
        if self._pool is not None or self._hands == 1:
            return self._pool is not None
        many = len(weights) > 1 and sum(weights) >= WORTH_WORKERS
        return (many or self._prompt) and self._hire()

    @contextmanager
    def before_they_come(self) -> Iterator[None]:
        """Do here what cannot wait for workers; if they are there, they do it.

        They are not called yet: getting ready would take the processor from what is in haste.
        """
        self._stays_here = self._pool is None
        try:
            yield
        finally:
            self._stays_here = False

    def _call(self, hands: int) -> None:
        if self._hire():
            self._warm_up(hands)

    def get_ready(self, hands: int) -> None:
        """Have so many workers do what is slow the first time, while there is nothing to print."""
        if self._coming is None or not self._coming.is_alive():
            self._warm_up(hands)

    def _warm_up(self, hands: int) -> None:
        pool = self._pool
        if pool is None or pool in (self._given, self._warm):
            return
        self._warm = pool
        with suppress(BrokenExecutor, OSError, RuntimeError):
            for _ in range(self._ready, min(hands, self._hands)):
                pool.submit(warm_up, self.kit_name)

    def _rouse(self, busy: int) -> None:
        """While few are `busy`, have the others get ready: what one piece moves is for all."""
        if self._ready and 0 < busy < self._hands:
            self._warm_up(self._hands)

    def _await_ready(self) -> None:
        """Let who is getting ready finish: another one would only begin with the same."""
        if self._standby and self._standby.ready and self._pool is not self._given:
            wait([self._standby.ready])

    def alone(self, job: Job) -> Outcome:
        """Do a job here and now."""
        packed = pickle.dumps(job, protocol=5)
        back = work(self.kit_name, None, packed) if packed else b""
        if pickle.loads(back) is None:  # noqa: S301 - our own bytes
            back = work(self.kit_name, self._kit, packed)
        return Outcome(*pickle.loads(back))  # noqa: S301

    def _share(self, draw: Draw, first: Order) -> Iterator[tuple[Any, Outcome]]:
        waiting = deque([first])  # and what comes back from a worker that was lost
        flying: dict[Future[bytes], tuple[Order, bytes]] = {}
        tries: dict[Any, int] = {}
        while True:
            while len(flying) < AHEAD * self._hands + 1:
                drawn = waiting.popleft() if waiting else draw(len(flying) < self._hands)
                if drawn is None:
                    break
                packed = pickle.dumps(drawn.job(), protocol=5)
                if not self._send(flying, drawn, packed):
                    waiting.appendleft(drawn)
                    break
            self._rouse(len(flying))
            if not flying:
                if not waiting:
                    return
                order = waiting.popleft()
                yield order.name, self._rescue(order, tries)
                continue
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                order, packed = flying.pop(future)
                back = _result(future)
                if back is None:
                    self._replace(flying, waiting, tries)
                    tries[order.name] = tries.get(order.name, 0) + 1
                    if tries[order.name] < TRIES:
                        waiting.append(order)
                    else:
                        yield order.name, self._rescue(order, tries)
                    break  # what was flying is waiting again
                answer = pickle.loads(back)  # noqa: S301 - from a worker of ours
                if answer is None:
                    self._send(flying, order, packed, self._kit)
                else:
                    yield order.name, Outcome(*answer)

    def _send(
        self,
        flying: dict[Future[bytes], tuple[Order, bytes]],
        order: Order,
        packed: bytes,
        kit: bytes | None = None,
    ) -> bool:
        pool = self._pool
        if pool is None:
            return False
        try:
            flying[pool.submit(work, self.kit_name, kit, packed)] = order, packed
        except (BrokenExecutor, RuntimeError, OSError):
            self._pool = None
            return False
        return True

    def _replace(
        self,
        flying: dict[Future[bytes], tuple[Order, bytes]],
        waiting: deque[Order],
        tries: dict[Any, int],
    ) -> None:
        """A worker died. A process pool dies with it: hire another, begin again what flew."""
        if self._given is not None:
            return
        for order, _ in flying.values():
            tries[order.name] = tries.get(order.name, 0)
            waiting.append(order)
        flying.clear()
        self.dismiss()
        self._hire()

    def _rescue(self, order: Order, tries: dict[Any, int]) -> Outcome:
        """A job that has cost workers before may cost one more, but not this process."""
        if tries.get(order.name, 0) == 0 or self._given is not None:
            return self.alone(order.job())
        try:
            with workers(1, self.kit_name, self._kit, giving_way=self._giving_way) as cell:
                back = cell.submit(work, self.kit_name, None, pickle.dumps(order.job())).result()
        except (BrokenExecutor, OSError):
            return Outcome(done=False, value="it brings down every worker that tries")
        return Outcome(*pickle.loads(back))  # noqa: S301

    def _hire(self) -> bool:
        if self._pool is None:
            self._pool = self._standby.take_on() if self._standby else None
            self._ready = int(self._pool is not None)
        if self._pool is None:
            given = self._hands, self.kit_name, self._kit
            try:
                self._pool = workers(*given, giving_way=self._giving_way)
            except OSError:
                return False
        return True

    def dismiss(self, *, wait: bool = True) -> None:
        """Let the workers go when what they do is done; others are called if there is more."""
        if self._coming:
            self._coming.join()
            self._coming = None
        pool, self._pool = self._pool, self._given
        if pool is not None and pool is not self._given:
            pool.shutdown(wait=wait, cancel_futures=True)


def _result(future: Future[bytes]) -> bytes | None:
    """What came back, or nothing where the worker was lost."""
    try:
        return future.result()
    except Exception:  # noqa: BLE001 - a scheduler of another make loses workers its own way
        return None
