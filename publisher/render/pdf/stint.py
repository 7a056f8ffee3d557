"""A worker's stint: the journeyman is called for it, and the engine with him, when it begins.

Whoever shares work out has to name what is done, not to load what does it.
"""

from __future__ import annotations


def enlist(kit_name: str, kit: bytes, giving_way: bool = False) -> None:
    """Begin as a process that does nothing else, with a book's kit."""
    from publisher.render.pdf import libraries  # noqa: F401, PLC0415 - before the engine
    from publisher.render.pdf.journeyman import enlist as begin  # noqa: PLC0415 - the engine

    begin(kit_name, kit, giving_way)


def work(kit_name: str, kit: bytes | None, packed: bytes) -> bytes:
    """Do one job; what comes back is `(done, result or reason)`, or None where there is no kit."""
    from publisher.render.pdf import libraries  # noqa: F401, PLC0415 - before the engine
    from publisher.render.pdf.journeyman import work as do  # noqa: PLC0415 - the engine

    return do(kit_name, kit, packed)
