"""A report as a table for people and as JSON for programs."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from publisher.problem import Position, Problem, Severity
from publisher.render.preflight.finding import Facts, Finding, Report, Verdict, page_ranges

_STYLES = {Verdict.REFUSAL: "bold red", Verdict.WARNING: "yellow", Verdict.NOTE: "dim"}


def as_table(report: Report) -> RenderableType:
    """The facts, a row a finding with its hint, the sources of the rules, and the verdict."""
    parts: list[RenderableType] = [
        Text(f"{report.title}, {report.kind}", style="bold"),
        Text(_measured(report.facts), style="dim"),
    ]
    shown = [found for found in report.findings if found not in report.told]
    if shown:
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
        table.add_column("", no_wrap=True)
        table.add_column("Check", no_wrap=True)
        table.add_column("Page", max_width=18, overflow="fold")
        table.add_column("Finding", overflow="fold", ratio=1)
        sources = list(dict.fromkeys(found.source for found in shown if found.source))
        for found in shown:
            name = Text(found.severity.name.lower(), style=_STYLES[found.severity])
            pages = Text(page_ranges(found.pages) or "all")
            table.add_row(name, Text(found.code), pages, _words(found, sources))
        parts += [Text(), table, Text()]
        parts += [Text(f"[{n}] {source}", style="dim") for n, source in enumerate(sources, 1)]
    return Group(*parts, Text(), _verdict(report))


def _words(found: Finding, sources: list[str]) -> Text:
    words = Text(found.message)
    if found.source:
        words.append(f" [{sources.index(found.source) + 1}]", style="dim")
    if found.hint:
        words.append(f"\n→ {found.hint}", style="cyan")
    return words


def _measured(facts: Facts) -> str:
    told = [
        f"{facts.pages:,} page{'s' if facts.pages != 1 else ''}",
        f"{facts.width / 72:.3f} × {facts.height / 72:.3f} in",
        "with bleed" if facts.bleeds else "no bleed",
        f"{facts.flavour or 'PDF'} ({facts.version})",
        f"{facts.bytes / 1024**2:,.1f} MB",
        f"inks up to {facts.most_ink:.0f}%" if facts.most_ink else "",
        _pictures(facts),
        f"spine {facts.spine / 72:.3f} in" if facts.spine else "",
    ]
    return " · ".join(part for part in told if part)


def _verdict(report: Report) -> Text:
    if report.refused:
        number = report.count(Verdict.REFUSAL)
        words = f"{number} thing{'s' if number != 1 else ''} the printer would refuse"
        return Text(words + _told(report, Verdict.REFUSAL), style="bold red")
    warnings = report.count(Verdict.WARNING)
    if warnings:
        words = f"nothing the printer would refuse, {warnings} to look at"
        return Text(words + _told(report, Verdict.WARNING), style="yellow")
    return Text("nothing the printer would refuse", style="green")


def _told(report: Report, severity: Verdict) -> str:
    """How many of those counted have no row here."""
    number = sum(found.severity is severity for found in report.told)
    if not number:
        return ""
    some = "" if number == report.count(severity) else f"{number} of them "
    return f" ({some}told among the problems)"


def as_problems(report: Report, path: str) -> tuple[Problem, ...]:
    """The findings among a build's problems; a refusal is an error."""
    severities = {
        Verdict.REFUSAL: Severity.ERROR,
        Verdict.WARNING: Severity.WARNING,
        Verdict.NOTE: Severity.NOTE,
    }
    return tuple(
        Problem(
            found.code,
            found.message + (f" (page {page_ranges(found.pages)})" if found.pages else ""),
            Position(path),
            severities[found.severity],
            found.hint,
        )
        for found in report.findings
    )


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON has it; lengths are points."""
    return {
        "printer": report.printer,
        "kind": report.kind,
        "accepted": not report.refused,
        "refusals": report.count(Verdict.REFUSAL),
        "warnings": report.count(Verdict.WARNING),
        "notes": report.count(Verdict.NOTE),
        "facts": {key: _plain(value) for key, value in asdict(report.facts).items()},
        "findings": [
            {
                "code": found.code,
                "severity": found.severity.name.lower(),
                "message": found.message,
                "pages": list(found.pages) or None,
                "source": found.source or None,
                "hint": found.hint or None,
            }
            for found in report.findings
        ],
    }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _pictures(facts: Facts) -> str:
    if not facts.images:
        return ""
    number = "1 picture" if facts.images == 1 else f"{facts.images:,} pictures"
    return f"{number} of {facts.least_dpi:.0f} dpi and more"
