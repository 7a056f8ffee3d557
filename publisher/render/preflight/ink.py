"""What the plates will carry: black type on black alone, ink that dries, no strange colours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from publisher.render.preflight.colour import Ink
from publisher.render.preflight.finding import Finding, Verdict, source_of
from publisher.render.preflight.job import Job
from publisher.render.preflight.survey import Paint, Picture

_SHOWN = 3  # inks named in one finding
_HAIR = 0.25  # points: thinner lines come and go on the press


def check_ink(job: Job) -> Iterator[Finding]:
    """All about colour on the pages."""
    yield from _check_type(job)
    yield from _check_total(job)
    yield from _check_spaces(job)
    yield from _check_lines(job)


def _check_type(job: Job) -> Iterator[Finding]:
    if job.printer.colour != "rgb":
        yield from _gathered(
            job, lambda p: p.use == "text" and p.ink.space.kind == "rgb" and p.ink.rich_black,
            "type-rgb-black", Verdict.WARNING,
            "type is black in RGB; on the press it becomes four inks with coloured fringes",
            "set type in black alone: 0 0 0 1 k",
        )  # fmt: skip
    yield from _gathered(
        job, lambda p: p.use == "text" and p.ink.space.kind != "rgb" and p.ink.rich_black,
        "type-rich-black", Verdict.WARNING,
        "type is black of several inks; the least shift between plates blurs it",
        "set type in black alone: 0 0 0 1 k",
    )  # fmt: skip
    if job.printer.colour == "k" and job.kind == "interior":
        yield from _gathered(
            job, lambda p: not p.ink.rich_black and not _neutral(p.ink),
            "colour-in-black-book", Verdict.WARNING,
            "the interior is printed in black and holds colour, which turns to some grey",
            "choose the grey yourself",
        )  # fmt: skip
        coloured = _pages(p for p in job.survey.pictures if p.space.kind not in ("grey", "mask"))
        if coloured:
            yield Finding(
                "picture-in-colour", Verdict.NOTE,
                "pictures in colour are printed in grey by a printer that has but black",
                coloured, source_of(job.printer, "colour"), "look at them in grey before",
            )  # fmt: skip


def _neutral(ink: Ink) -> bool:
    """Whether an ink has no hue of its own."""
    if ink.space.kind == "rgb" and len(ink.values) == 3:
        return max(ink.values) - min(ink.values) < 0.02
    return ink.black_only or not ink.values or ink.space.kind == "pattern"


def _check_total(job: Job) -> Iterator[Finding]:
    limit = job.printer.ink_limit
    if not limit:
        return
    source = source_of(job.printer, "ink_limit")
    yield from _gathered(
        job, lambda p: p.ink.coverage > limit + 1, "ink-total", Verdict.REFUSAL,
        f"more ink than {limit:.0f}% lies on one spot", "use less of each ink", source,
    )  # fmt: skip
    for picture in job.survey.pictures:
        # A byte a plate cannot tell less than two per cent apart.
        if picture.ink > limit + 2:
            yield Finding(
                "ink-total", Verdict.REFUSAL,
                f"a picture of {picture.name} has {picture.ink:.0f}% of ink,"
                f" {limit:.0f}% may lie on one spot",
                picture.pages, source, "convert it with a profile that keeps to the limit",
            )  # fmt: skip


def _check_spaces(job: Job) -> Iterator[Finding]:
    survey, printer = job.survey, job.printer
    if printer.colour != "rgb" and printer.flavour == "pdf":
        items: list[Paint | Picture] = [*survey.paints, *survey.pictures]
        bare = [item for item in items if _space(item) == "rgb"]
        if printer.colour == "cmyk" and bare:
            yield Finding(
                "colour-rgb", Verdict.WARNING, "colours in RGB: the printer converts them unseen",
                _pages(bare), source_of(printer, "colour"), "convert them to CMYK",
            )  # fmt: skip
    if job.refuses("colour-profiles"):
        # A DefaultRGB that nothing uses is no profile on the page.
        profiled: list[Paint | Picture] = [p for p in survey.pictures if p.space.managed]
        profiled += [p for p in survey.paints if p.ink.space.managed]
        if profiled:
            yield Finding(
                "colour-profile", Verdict.REFUSAL,
                "colours on the page carry an ICC profile of their own",
                _pages(profiled), source_of(printer, "colour"),
                "convert them and leave the profile to the output intent",
            )  # fmt: skip
    spots = {p.ink.space.colorants for p in survey.paints if p.ink.space.kind == "spot"}
    names = {name for group in spots for name in group} - {"None", "Black", "All"}
    if extra := sorted(names - {"Cyan", "Magenta", "Yellow"}):
        pages = _pages(p for p in survey.paints if set(p.ink.space.colorants) & names)
        message = f"spot inks: {', '.join(extra[:_SHOWN])}"
        hint = "books are printed in black or four inks; convert spot inks"
        yield Finding("spot-ink", Verdict.WARNING, message, pages, "", hint)
    yield from _gathered(
        job, lambda p: "All" in p.ink.space.colorants, "registration-ink", Verdict.REFUSAL,
        "content is painted in the registration colour, on every plate", "use black",
    )  # fmt: skip


def _space(item: Paint | Picture) -> str:
    return item.ink.space.kind if isinstance(item, Paint) else item.space.kind


def _check_lines(job: Job) -> Iterator[Finding]:
    marks = job.survey.marks
    if "hairline" in marks:
        message = f"lines of {job.survey.hairline:.2f} points may vanish in print"
        hint = f"draw lines of {_HAIR} points and more"
        yield Finding("hairline", Verdict.WARNING, message, marks["hairline"], "", hint)
    if "overprint" in marks:
        message = "overprint is set: what lies below shows through on some presses"
        yield Finding("overprint", Verdict.NOTE, message, marks["overprint"])
    if "invisible text" in marks:
        message = "the page holds invisible text, such as a scan's"
        pages = marks["invisible text"]
        yield Finding("invisible-text", Verdict.WARNING, message, pages, "", "remove it")


def _gathered(
    job: Job, wrong: Callable[[Paint], bool], code: str, severity: Verdict,
    message: str, hint: str, source: str = "",
) -> Iterator[Finding]:  # fmt: skip
    """One finding for all paints of that kind, the worst of them named."""
    found = [paint for paint in job.survey.paints if wrong(paint)]
    if not found:
        return
    found.sort(key=lambda paint: (-paint.ink.coverage, paint.ink.name))
    names = list(dict.fromkeys(paint.ink.name for paint in found))
    shown = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    yield Finding(
        code, severity, f"{message} ({shown})", _pages(found),
        source or source_of(job.printer, "colour"), hint,
    )  # fmt: skip


def _pages(items: Iterable[Paint | Picture]) -> tuple[int, ...]:
    return tuple(sorted({page for item in items for page in item.pages}))
