"""Where PDF/X says what: a rule's subject to the number of its clause.

The numbers of ISO 15930-4 and -7 are those of the contents printed in the standards' free
previews, read on 2026-11-27 as two other validators quote them (tinker-pdf, docs/design/pdfx.md;
pdfwright, pdfX4Rules.ts; krilla agrees where it names one). The contents give a clause, not what
stands below it, so no number here goes deeper. Those of ISO 15930-1, which is PDF/X-1a:2001,
could not be read: its rules bear the number that the same subject has in part 4, PDF/X-1a:2003.
"""

from __future__ import annotations

STANDARDS = {
    "x4": "ISO 15930-7:2010 (PDF/X-4)",
    "x1a": "ISO 15930-1:2001 (PDF/X-1a)",
}

# Subject: the clause of ISO 15930-7:2010, of ISO 15930-4:2003, and where ISO 32000-1, which is
# free to read, defines the thing. A blank: it has none, or none that could be read.
CLAUSES = {
    "general": ("6.1", "6.1", "7.5"),
    "complete exchange": ("6.3", "", "8.10.4"),
    "colour": ("6.4", "6.2", "8.6"),
    "output intent": ("6.4", "6.2", "14.11.5"),
    "fonts": ("6.5", "6.3", "9.9"),
    "external and embedded files": ("6.7", "6.4", "7.11"),
    "stream filters": ("6.8", "6.5", "7.4"),
    "trapping": ("6.9", "6.6", "14.11.6"),
    "metadata and document identification": ("6.10", "6.7", "14.3"),
    "file identification": ("6.11", "6.7", "14.3"),
    "bounding boxes": ("6.12", "6.8", "14.11.2"),
    "extended graphics state": ("6.13", "6.9", "8.4.5"),
    "PostScript XObjects": ("6.14", "6.10", "8.8.2"),
    "encryption": ("6.15", "6.11", "7.6"),
    "images": ("6.16", "6.12", "8.9.5.4"),
    "annotations": ("6.17", "6.13", "12.5"),
    "actions and JavaScripts": ("6.18", "6.14", "12.6"),
    "BX and EX": ("6.19", "6.15", "7.8.2"),
    "transparency": ("6.20", "6.16", "11"),
    "viewer preferences": ("6.21", "6.17", "12.2"),
    "alternate presentations": ("6.22", "", "13.5"),
    "XFA forms": ("6.26", "", "12.7.8"),
}


def clause_of(subject: str, flavour: str) -> str:
    """The standard and the clause, as a finding cites them."""
    newer, older, base = CLAUSES[subject]
    if flavour == "x4":
        return f"{STANDARDS[flavour]}, {newer} {subject}; ISO 32000-1, {base}"
    same = f" ({older} in ISO 15930-4:2003)" if older else ""
    return f"{STANDARDS[flavour]}, {subject}{same}; ISO 32000-1, {base}"
