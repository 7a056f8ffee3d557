"""What is wrong, and where: the author's mistakes as values."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from msgspec import Struct


class Severity(IntEnum):
    """How much a problem costs the reader; only errors change the exit code."""

    ERROR = 0
    WARNING = 1
    NOTE = 2


class Position(Struct, frozen=True, order=True):
    """A place in the vault: lines and columns count from 1, 0 means the whole file."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])


class Problem(Struct, frozen=True):
    """One thing the author may want to change; the book is made all the same."""

    code: str
    message: str
    at: Position
    severity: Severity = Severity.WARNING
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.at}: {self.severity.name.lower()}[{self.code}]: {self.message}"


class SetupError(Exception):
    """The set-up is broken and no book can be made; the message is one clear line."""


def leads_back(kind: str, names: Iterable[str], fault: str) -> SetupError:
    """The error of what comes back to itself; `names` are those on the way, itself first."""
    first, *others = (f"“{name}”" for name in names)
    way = f", by way of {' and '.join(others)}" if others else ""
    return SetupError(f"the {kind} {first} {fault}{way}")


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, sorted by place; embeds can report the same line twice."""
    return tuple(sorted(set(problems), key=_place))


def _place(problem: Problem) -> tuple[str, int, int, int, str, str]:
    at = problem.at  # in plain values: a long book has thousands, and they are sorted at each stage
    return at.path, at.line, at.column, int(problem.severity), problem.code, problem.message


def worst(problems: Iterable[Problem]) -> Severity | None:
    """The gravest severity there is, or nothing."""
    return min((p.severity for p in problems), default=None)
