"""What the engine asks of libraries for few books is loaded when it is asked for.

WeasyPrint loads what makes subsets and instances of fonts before it lays out a page, which takes as
long as five pages; it is needed once a book, and of variable fonts only, or not at all. To be
imported before WeasyPrint is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any, cast

import fontTools  # type: ignore[import-untyped]


def _subset() -> ModuleType:
    # That is the point.
    import fontTools.subset as loaded  # type: ignore[import-untyped]  # noqa: PLC0415

    return cast("ModuleType", loaded)


def _instancer() -> ModuleType:
    import fontTools.varLib.instancer as loaded  # type: ignore[import-untyped]  # noqa: PLC0415

    return cast("ModuleType", loaded)


# Modules, and what is taken out of them as soon as they are named.
DEFERRED: dict[str, tuple[Callable[[], ModuleType], tuple[str, ...]]] = {
    "fontTools.subset": (_subset, ()),
    "fontTools.varLib.instancer": (_instancer, ("instantiateVariableFont",)),
}


class Deferred(ModuleType):
    """Stands for a module until somebody wants a thing of it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(_loaded(self.__name__), name)


def _loaded(name: str) -> ModuleType:
    if isinstance(sys.modules.get(name), Deferred):
        del sys.modules[name]
    return DEFERRED[name][0]()


def _done_later(module: str, name: str, *given: Any, **named: Any) -> Any:
    work: Callable[..., Any] = getattr(_loaded(module), name)
    return work(*given, **named)


def defer() -> None:
    """Put stand-ins in the places of those that are not loaded yet."""
    for name, (_, taken) in DEFERRED.items():
        if name in sys.modules:
            continue
        stand_in = Deferred(name)
        for function in taken:
            setattr(stand_in, function, partial(_done_later, name, function))
        sys.modules[name] = stand_in
        package, _, last = name.rpartition(".")
        if package == fontTools.__name__:
            setattr(fontTools, last, stand_in)


defer()
