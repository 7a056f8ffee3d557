"""The glossary's groups: people and organisations, claims, concepts, other folders."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from publisher.anthology.catalogue import fold
from publisher.anthology.concepts import Concept

PEOPLE, CLAIMS, CONCEPTS = "people", "claims", "concepts"
# A folder of another name is a group of its own from this many entries on.
_LEAST = 3
_PEOPLE = re.compile(
    r"\b(people|persons?|authors?|writers?|thinkers?|biograph\w*|organi[sz]ations?|"
    r"personen|leute|menschen|autor\w*|personnes?|auteurs?|personas?|persone|autori|"
    r"mensen|personen|pessoas?|who)\b"
)
_CONCEPTS = re.compile(
    r"^(concepts?|glossar\w*|terms?|ideas?|notes?|definitions?|topics?|zettel\w*|begriffe?|"
    r"id[ée]es|notions?|conceptos?|concetti|begrippen|conceitos?|\d+)$"
)
# A title is a claim when it says something of something: it holds a finite verb. Words
# that are as often nouns (will, lead, change) are left out: a missed claim is a concept.
_VERBS = {
    "en": """is are was were isn't aren't wasn't has have had hasn't haven't does did doesn't
    don't didn't can cannot can't could won't would should must shall becomes become became
    makes make gives give gave takes took comes came goes went gets got keeps kept leads led
    means meant requires creates shows drives follows exists depends depend remains remain
    seems seem knows know thinks think says say tells tell brings bring begins begin serves
    allows allow hurts lets let loses lose wins win produces reflects determines determine
    explains explain precedes reveals reveal resists survives survive teaches teach destroys
    corrupts forgets remembers breeds needs hides survives deserves outlives""",
    "de": """ist sind war waren hat haben hatte wird werden wurde kann können muss müssen soll
    darf macht führt bleibt bedeutet gibt geht""",
    "fr": """est sont était étaient peut peuvent doit doivent faut devient n'est n'a ont fait
    rend mène""",
    "es": "es son era fue puede pueden debe deben hay tiene tienen está están hace",
    "it": "è sono era può possono deve devono ha hanno diventa fa",
    "nl": "is zijn was heeft hebben kan kunnen moet moeten wordt worden maakt",
    "pt": "é são era foi pode podem deve devem tem têm está estão faz",
}
_ASKING = frozenset("how what why where when who which whose".split())


def kind_of(concept: Concept, language: str, named: Mapping[str, str]) -> str:
    """`people`, `claims`, `concepts`, or a group's own title: `named`, or its folder."""
    folder = fold(concept.folder)
    for name, title in named.items():
        if fold(name) == folder:
            return title
    if _PEOPLE.search(folder):
        return PEOPLE
    if is_claim(concept.term, language):
        return CLAIMS
    if not folder or _CONCEPTS.match(folder.strip("_ ")):
        return CONCEPTS
    return concept.folder


def is_claim(term: str, language: str = "en") -> bool:
    """A title that is a whole sentence, such as “Power has to be seen to be believed”."""
    words = [fold(word) for word in re.findall(r"[\w'’]+", term.replace("’", "'"))]
    if len(words) < 3 or words[0] in _ASKING:
        return False
    if term.rstrip().endswith((".", "!", "。")):
        return True
    verbs = _verbs(language.partition("-")[0])
    # The first word is skipped: an opening verb makes a request, not a sentence.
    return len(words) >= 4 and any(word in verbs for word in words[1:])


@cache
def _verbs(language: str) -> frozenset[str]:
    return frozenset(_VERBS.get(language, _VERBS["en"]).split())


def in_groups(
    concepts: Sequence[Concept], language: str, named: Mapping[str, str]
) -> list[tuple[str, list[Concept]]]:
    """(kind, its concepts): people, concepts, other folders by name, claims."""
    kinds = [kind_of(concept, language, named) for concept in concepts]
    sizes = Counter(kinds)
    fixed = (PEOPLE, CONCEPTS, CLAIMS)
    found: dict[str, list[Concept]] = {}
    for concept, kind in zip(concepts, kinds, strict=True):
        if kind not in fixed and kind not in named.values() and sizes[kind] < _LEAST:
            kind = CONCEPTS
        found.setdefault(kind, []).append(concept)
    others = sorted(kind for kind in found if kind not in fixed)
    order = [PEOPLE, CONCEPTS, *others, CLAIMS]
    return [(kind, found[kind]) for kind in order if kind in found]
