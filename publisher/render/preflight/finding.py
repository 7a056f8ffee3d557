"""What a preflight finds: refusals, warnings and notes as values."""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct, field

from publisher.printer import Printer

INCH = 72.0
COARSE = "image-coarse"


class Verdict(IntEnum):
    """What a printer would say: a refusal sends the file back, a note is worth knowing."""

    REFUSAL = 0
    WARNING = 1
    NOTE = 2


class Finding(Struct, frozen=True):
    """One thing a printer would stumble over; no pages means the whole file.

    `subject` says which it is of several things of a kind.
    """

    code: str
    severity: Verdict
    message: str
    pages: tuple[int, ...] = ()
    source: str = ""
    hint: str = ""
    subject: str = ""


class Facts(Struct, frozen=True):
    """What was measured, whether or not anything is wrong with it; lengths in points."""

    pages: int = 0
    bytes: int = 0
    version: str = ""
    flavour: str = ""
    width: float = 0.0
    height: float = 0.0
    bleeds: bool = False
    fonts: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    images: int = 0
    least_dpi: float = 0.0
    most_ink: float = 0.0
    blank: tuple[int, ...] = ()
    spine: float = 0.0


class Report(Struct, frozen=True):
    """A preflight's result: the gravest findings first.

    `told` are those that a build has as problems of its own, with the author's place for them.
    """

    printer: str
    title: str
    kind: str
    findings: tuple[Finding, ...]
    facts: Facts = field(default_factory=Facts)
    told: frozenset[Finding] = frozenset()

    @property
    def refused(self) -> bool:
        """Whether the printer would send the file back; then a command ends with 1."""
        return any(found.severity is Verdict.REFUSAL for found in self.findings)

    def count(self, severity: Verdict) -> int:
        """How many findings are that grave."""
        return sum(found.severity is severity for found in self.findings)


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Each finding once, the gravest first, then by page and name."""
    return tuple(sorted(set(findings), key=lambda f: (f.severity, f.pages[:1], f.code, f.message)))


def source_of(printer: Printer, subject: str) -> str:
    """Where the printer's rule on that subject was read: `spine`, or closer `images.least`."""
    closest, found = -1, printer.title
    for source in printer.sources:
        for what in source.what.split(","):
            near = _nearness(what.strip(), subject)
            if near > closest:
                closest, found = near, f"{printer.title}: {source.where} ({source.read})"
    return found


def _nearness(what: str, subject: str) -> int:
    """How well a source speaks of a subject: not at all, of a sibling, of all, of just that."""
    if what == subject:
        return 2
    if what.partition(".")[0] != subject.partition(".")[0]:
        return -1
    return 1 if "." not in what else 0


def coarseness(dpi: float, printer: Printer) -> Verdict | None:
    """What the printer says to so few dots per inch, if anything."""
    least, _ = printer.image_dpi
    if dpi >= least * 0.995:
        return None
    return Verdict.REFUSAL if dpi < least / 2 else Verdict.WARNING


def in_words(points: float) -> str:
    """A length in inches and millimetres, as both kinds of printers write it."""
    return f"{points / INCH:.3f} in ({points / INCH * 25.4:.1f} mm)"


def page_ranges(pages: tuple[int, ...]) -> str:
    """`3, 5–9, 12` for a list of pages; the end of a long one is counted."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    shown = [str(a) if a == b else f"{a}–{b}" for a, b in runs[:8]]
    return ", ".join(shown) + (f" … ({len(pages)} in all)" if len(runs) > 8 else "")
