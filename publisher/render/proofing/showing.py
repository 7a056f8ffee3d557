"""A proof for the terminal and for other programs."""

from __future__ import annotations

from typing import Any

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from publisher.render.proofing.finding import KINDS, Facts, Proof, worst


def as_table(proof: Proof, most: int = 12) -> Group:
    """The worst pages with their faults, then how often each kind happens."""
    if not proof.findings:
        return Group(Text("A compositor would pass these pages."), _summary(proof.facts))
    pages = Table(title="Pages to look at first", title_justify="left", title_style="bold")
    pages.add_column("Page", justify="right")
    pages.add_column("Leaf", justify="right")
    pages.add_column("Fault", no_wrap=True)
    pages.add_column("Where")
    for page in worst(proof, most):
        for number, finding in enumerate(page.findings):
            place = (escape(page.folio), str(page.leaf)) if not number else ("", "")
            pages.add_row(*place, finding.kind, escape(finding.message))
    kinds = Table(title="Every page", title_justify="left", title_style="bold")
    kinds.add_column("Fault")
    kinds.add_column("Times", justify="right")
    kinds.add_column("In 100 pages", justify="right")
    kinds.add_column("What it is")
    for kind, times in proof.facts.counts:
        kinds.add_row(kind, f"{times:,}", f"{proof.facts.per_hundred(kind):.1f}", KINDS[kind])
    return Group(pages, Text(), kinds, Text(), _summary(proof.facts))


def _summary(facts: Facts) -> Text:
    return Text(
        f"{facts.pages:,} pages, {facts.blank:,} of them blank; {facts.size:g} on"
        f" {facts.leading:g} points, {facts.depth} lines to the page; word spaces of"
        f" {facts.word_space:.2f} em on average."
    )


def as_json(proof: Proof, most: int = 12) -> dict[str, Any]:
    """The whole proof in values that JSON has; lengths in points, boxes from the lower left."""
    facts = proof.facts
    return {
        "facts": {
            "pages": facts.pages,
            "blank_pages": facts.blank,
            "lines": facts.text_lines,
            "size": facts.size,
            "leading": facts.leading,
            "lines_to_the_page": facts.depth,
            "word_space_em": facts.word_space,
            "faults": {
                kind: {"times": times, "per_100_pages": round(facts.per_hundred(kind), 1)}
                for kind, times in facts.counts
            },
        },
        "worst": [
            {"leaf": page.leaf, "folio": page.folio, "score": page.score}
            for page in worst(proof, most)
        ],
        "findings": [
            {
                "leaf": finding.leaf,
                "folio": finding.folio,
                "kind": finding.kind,
                "score": finding.score,
                "message": finding.message,
                "box": list(finding.box),
            }
            for finding in proof.findings
        ],
    }
