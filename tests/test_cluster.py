"""A book printed on a cluster, one of whose workers is killed, is the same book."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import booksample
import pytest
from test_fragments import long_book

from publisher.problem import SetupError
from publisher.render.pdf.cluster import cluster
from publisher.render.pdf.press import print_book
from publisher.render.theme import load_theme
from publisher.wording import wording

distributed = pytest.importorskip("distributed", reason="the extra publisher[cluster]")
pytestmark = pytest.mark.filterwarnings("ignore")  # its own, of ports and of closing loops


@pytest.fixture
def scheduler() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
    ) as local:
        yield local


def test_one_of_two_workers_is_killed(scheduler: Any) -> None:
    book = long_book(8)
    killed: list[int] = []
    with distributed.Client(scheduler) as client:
        workers = list(client.run(os.getpid).values())

    def kill_one(stage: str, done: int, _of: int) -> None:
        if stage == "print" and done > 2 and not killed:
            killed.append(workers[0])
            with suppress(ProcessLookupError):
                os.kill(workers[0], signal.SIGKILL)

    given = book, load_theme("classic"), wording("en"), booksample.read_asset
    with cluster(scheduler.scheduler_address) as executor:
        there = print_book(*given, executor=executor, progress=kill_one)
    assert killed
    assert there.pdf == print_book(*given, jobs=1).pdf


def test_no_scheduler_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.render.pdf.cluster.PATIENCE", 1)
    address = "tcp://127.0.0.1:1"
    with pytest.raises(SetupError, match=rf"no scheduler answers at {address}"), cluster(address):
        pass
