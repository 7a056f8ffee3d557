"""Workers on other machines: a Dask scheduler shares the takes out to whoever has joined it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from publisher.problem import SetupError

PATIENCE = 10  # seconds until a scheduler counts as gone


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The executor of the scheduler at `tcp://host:port`; SetupError where there is none."""
    try:
        # An extra that few install, and that brings no types.
        distributed: Any = import_module("distributed")
    except ImportError:
        hint = "pip install publisher[cluster]"
        raise SetupError(f"a scheduler needs a package that is not installed: {hint}") from None
    try:
        client = distributed.Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise SetupError(f"no scheduler answers at {address}: {error}") from error
    with client, client.get_executor() as executor:
        yield executor
