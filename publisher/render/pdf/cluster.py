"""Workers on other machines: a Dask scheduler shares the takes out to whoever has joined it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from publisher.problem import SetupError

PATIENCE = 10  # seconds until a scheduler counts as gone


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The executor of the scheduler at `tcp://host:port`; SetupError where there is none."""
    try:
        from distributed import Client  # noqa: PLC0415 - an extra that few install
    except ImportError:
        hint = "pip install publisher[cluster]"
        raise SetupError(f"a scheduler needs a package that is not installed: {hint}") from None
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise SetupError(f"no scheduler answers at {address}: {error}") from error
    with client, client.get_executor() as executor:
        yield executor
