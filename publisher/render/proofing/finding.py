"""What is wrong with a page, and the book's averages."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from publisher.render.proofing.run import Box

KINDS = {
    "heading-at-foot": "a heading without two lines of its text below it",
    "widow": "the last line of a paragraph alone at a page's head",
    "orphan": "the first line of a paragraph alone at a page's foot",
    "runt": "a paragraph's last line of three letters or fewer",
    "hyphen-turn": "a word broken where the leaf is turned",
    "hyphen-page": "a word broken between facing pages",
    "hyphen-ladder": "more than three broken lines in a row",
    "loose-line": "a line with gaps between its words",
    "tight-line": "a line whose words run together",
    "river": "white running down through the lines",
    "short-page": "a page that stops well above the foot, though the text goes on",
    "uneven-spread": "facing pages whose last lines do not level",
    "nearly-empty": "a last page of three lines or fewer",
    "overfull": "a line that runs out of the text block",
}


class PageFinding(Struct, frozen=True):
    """A fault at its place: `leaf` from 1, its printed `folio`, `score` from 1 to 10."""

    leaf: int
    folio: str
    kind: str
    score: float
    message: str
    box: Box


class Facts(Struct, frozen=True):
    """The book in numbers: faults per 100 pages by kind, word spaces in the text's size."""

    pages: int = 0
    blank: int = 0
    text_lines: int = 0
    size: float = 0.0
    leading: float = 0.0
    depth: int = 0
    word_space: float = 0.0
    counts: tuple[tuple[str, int], ...] = ()

    def per_hundred(self, kind: str) -> float:
        """How often this happens in a hundred pages that are not blank."""
        return 100 * dict(self.counts).get(kind, 0) / max(1, self.pages - self.blank)


class PageProof(Struct, frozen=True):
    """One page's faults together."""

    leaf: int
    folio: str
    score: float
    findings: tuple[PageFinding, ...]


class Proof(Struct, frozen=True):
    """Every fault in the order of the pages, and what the book is like."""

    findings: tuple[PageFinding, ...] = ()
    facts: Facts = Facts()


def worst(proof: Proof, most: int = 12) -> tuple[PageProof, ...]:
    """The pages to look at first: one grave fault weighs more than several small ones."""
    pages: dict[int, list[PageFinding]] = {}
    for finding in proof.findings:
        pages.setdefault(finding.leaf, []).append(finding)
    proofs = [_page_proof(found) for found in pages.values()]
    return tuple(sorted(proofs, key=lambda page: (-page.score, page.leaf))[:most])


def _page_proof(found: Sequence[PageFinding]) -> PageProof:
    ordered = tuple(sorted(found, key=lambda finding: -finding.score))
    score = sum(finding.score**2 for finding in ordered) ** 0.5
    return PageProof(ordered[0].leaf, ordered[0].folio, round(score, 1), ordered)
