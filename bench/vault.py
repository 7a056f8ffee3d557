"""A vault of any size, made of nothing but a seed: the same notes on every machine."""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

WORDS = """
the a of and to in that is was for on with as by at from or an be this which but not are have had
river lamp winter letter harbour stone garden window road clock salt paper bridge orchard ferry
weather market island mill copper cathedral surveyor weaver printer gardener pilot widow archive
measure argument proof quantity average sample error number method reason doubt habit custom debt
carries opens holds keeps remembers measures returns follows explains forgets repeats divides
slowly seldom twice nearly always plainly quietly at last however because although meanwhile
narrow patient bitter common distant hollow familiar useful brittle honest early northern
""".split()
NAMES = """
Ash Birch Cedar Dune Ember Fjord Grove Heath Inlet Juniper Knoll Lichen Moor Nettle Osier Pine
Quay Reed Sedge Tarn Umber Vale Willow Yarrow
""".split()
QUALITIES = """
Bayesian Linear Hidden Convex Sparse Random Causal Latent Ordinal Spectral Discrete Minimal
Robust Neural Stable Finite Local Smooth Partial Modern
""".split()
AUTHORS = (
    "Ada Fenwick", "Tomas van der Meer", "Ilse Brandt", "Joaquim Sousa", "Margit Halvorsen",
    "Peter O'Dowd", "Li Wen", "Clara Nyström", "Émile Fournier", "Nadia Haddad",
)  # fmt: skip
GENRES = ("essay", "letter", "review", "memoir", "lecture")
FOLDERS = ("", "Methods", "Notes", "Places", "Reading", "Tools")
FORMULAS = (
    r"x_{%d} \in \mathbb{R}^n",
    r"\frac{%d}{1 + e^{-x}}",
    r"\sum_{i=1}^{%d} w_i x_i",
    r"\alpha \le %d\beta",
    r"\sqrt{a^2 + %d b^2}",
    r"P(A \mid B_{%d})",
)
BLOCKS = (
    r"\hat{\theta} = \arg\max_\theta \sum_{i=1}^{%d} \log p(x_i \mid \theta)",
    r"\int_0^{%d} f(t)\, dt = F(b) - F(a)",
    r"\begin{aligned} y &= X\beta + \varepsilon \\ \varepsilon &\sim N(0, %d) \end{aligned}",
    r"\begin{pmatrix} a & b \\ c & %d \end{pmatrix}",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How many of each thing the whole vault holds; every number is met exactly but `words`."""

    notes: int
    words: int
    links: int
    unresolved: int
    inline_math: int
    block_math: int
    linked_headings: int
    bold_links: int
    empty: int = 0
    undecodable: int = 0
    authored: bool = True

    def scaled(self, notes: int) -> Shape:
        """The same vault with another number of notes, by authors and in genres."""

        def share(count: int) -> int:
            return round(count * notes / self.notes)

        return Shape(
            notes,
            share(self.words),
            share(self.links),
            share(self.unresolved),
            share(self.inline_math),
            share(self.block_math),
            share(self.linked_headings),
            share(self.bold_links),
        )


# Counted in a real vault of notes on machine learning, ten years in the making.
LARGE = Shape(
    notes=1471,
    words=1_100_000,  # and a hundred thousand more in links, formulas and tables
    links=12_788,
    unresolved=5_048,
    inline_math=7_979,
    block_math=1_107,
    linked_headings=433,
    bold_links=2_513,
    empty=8,
    undecodable=2,
    authored=False,
)


@dataclass(slots=True)
class Budget:
    """What one note still has to hold."""

    words: int = 0
    resolved: int = 0
    unresolved: int = 0
    inline_math: int = 0
    block_math: int = 0
    linked_headings: int = 0
    bold_links: int = 0


def shares(total: int, among: int, rng: random.Random) -> list[int]:
    """The total in uneven lots: a few notes hold much, many hold little."""
    weights = [rng.lognormvariate(0, 0.9) for _ in range(among)]
    whole = sum(weights)
    lots = [int(total * weight / whole) for weight in weights]
    for _ in range(total - sum(lots)):
        lots[rng.randrange(among)] += 1
    return lots


def budgets(shape: Shape, rng: random.Random) -> list[Budget]:
    """Each full note's share; links in headings and in bold are among its links."""
    full = shape.notes - shape.empty
    plan = [
        Budget(words, inline_math=inline, block_math=block)
        for words, inline, block in zip(
            shares(shape.words, full, rng),
            shares(shape.inline_math, full, rng),
            shares(shape.block_math, full, rng),
            strict=True,
        )
    ]
    special = [*["linked_headings"] * shape.linked_headings, *["bold_links"] * shape.bold_links]
    ends = [*["unresolved"] * shape.unresolved]
    ends += ["resolved"] * (shape.links - shape.unresolved)
    rng.shuffle(ends)
    owners = [n for n, lot in enumerate(shares(shape.links, full, rng)) for _ in range(lot)]
    rng.shuffle(owners)
    for place, (owner, end) in enumerate(zip(owners, ends, strict=True)):
        setattr(plan[owner], end, getattr(plan[owner], end) + 1)
        if place < len(special):
            kind = special[place]
            setattr(plan[owner], kind, getattr(plan[owner], kind) + 1)
    return plan


class Writer:
    """Writes a note's text from its budget."""

    def __init__(self, titles: list[str], rng: random.Random) -> None:
        self.titles = titles
        self.rng = rng

    def link(self, budget: Budget) -> str:
        """A link, its display text typed in one of eight."""
        rng = self.rng
        if rng.randrange(budget.resolved + budget.unresolved) < budget.resolved:
            budget.resolved -= 1
            target = rng.choice(self.titles)
            if rng.random() < 0.09:
                target = target.lower()
        else:
            budget.unresolved -= 1
            target = f"{rng.choice(QUALITIES)} {rng.choice(NAMES)} {rng.randint(5000, 6999)}"
        return f"[[{target}|{rng.choice(WORDS)}]]" if rng.random() < 0.12 else f"[[{target}]]"

    def paragraph(self, words: int, marked: list[str]) -> str:
        """Sentences of that many words, with the marked pieces strewn in."""
        rng = self.rng
        text = [rng.choice(WORDS) for _ in range(max(words, 1))]
        for piece in marked:
            text.insert(rng.randrange(len(text) + 1), piece)
        start = 0
        while start < len(text):
            end = min(start + rng.randint(7, 22), len(text))
            text[start] = text[start][:1].upper() + text[start][1:]
            text[end - 1] += "."
            start = end
        return " ".join(text)

    def heading(self, budget: Budget, level: int) -> str:
        """A heading, with a link while the budget has one for it."""
        words = [self.rng.choice(WORDS).capitalize() for _ in range(self.rng.randint(1, 4))]
        if budget.linked_headings:
            budget.linked_headings -= 1
            words.append(self.link(budget))
        return f"{'#' * level} {' '.join(words)}\n\n"

    def body(self, budget: Budget) -> Iterator[str]:
        """Blocks until the budget is spent, every kind of them now and then."""
        rng = self.rng
        paragraphs = max(1, budget.words // 60)
        sections = max(budget.linked_headings, paragraphs // 7)
        heading_at = {paragraphs * n // sections for n in range(sections)}
        pieces: list[list[str]] = [[] for _ in range(paragraphs)]
        owed = sections - len(heading_at)
        for _ in range(budget.inline_math):
            rng.choice(pieces).append(f"${rng.choice(FORMULAS) % rng.randint(2, 99)}$")
        reserved = budget.linked_headings
        while budget.bold_links:
            budget.bold_links -= 1
            rng.choice(pieces).append(f"**{rng.choice(WORDS)} {self.link(budget)}**")
        while budget.resolved + budget.unresolved > reserved:
            rng.choice(pieces).append(self.link(budget))
        for number, marked in enumerate(pieces):
            if number in heading_at:
                yield self.heading(budget, rng.choice((2, 2, 3)))
            yield self.block(self.paragraph(budget.words // paragraphs, marked))
            while budget.block_math * (paragraphs - number) > rng.random() * paragraphs:
                budget.block_math -= 1
                yield self.formula()
        for _ in range(owed):
            yield self.heading(budget, 2)

    def formula(self) -> str:
        """Display math, two in five inside a list's item."""
        rng = self.rng
        tex = rng.choice(BLOCKS) % rng.randint(2, 99)
        if rng.random() < 0.4:
            return f"- {rng.choice(WORDS)}\n\n  $$\n  {tex}\n  $$\n\n"
        return f"$$\n{tex}\n$$\n\n"

    def block(self, text: str) -> str:
        """A paragraph as itself, or as something else that holds text."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.04:
            return f"> [!note] {rng.choice(WORDS).capitalize()}\n> {text}\n\n"
        if kind < 0.08:
            return f"> {text}\n\n"
        if kind < 0.2:
            items = text.split(". ")
            return "".join(f"- {item}\n" for item in items) + "\n"
        if kind < 0.22:
            rows = "".join(f"| {rng.choice(WORDS)} | {rng.randrange(999)} |\n" for _ in range(4))
            return f"{text}\n\n| word | count |\n| --- | ---: |\n{rows}\n"
        return f"{text}\n\n"


def front_matter(shape: Shape, number: int, rng: random.Random) -> str:
    """Author and genre where the shape wants them, else now and then a few tags."""
    if shape.authored:
        author, genre = rng.choice(AUTHORS), rng.choice(GENRES)
        return f"---\nauthor: {author}\ngenre: {genre}\nrating: {rng.choice('ABC')}\n---\n"
    return f"---\ntags: [{rng.choice(WORDS)}]\n---\n" if number % 7 < 3 else ""


def write_vault(folder: Path, shape: Shape, seed: int = 1) -> None:
    """Writes the notes below the folder, which must not exist."""
    rng = random.Random(seed)
    titles = [
        f"{rng.choice(QUALITIES)} {rng.choice(NAMES).lower()} {number}"
        for number in range(shape.notes)
    ]
    writer = Writer(titles, rng)
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    plan = budgets(shape, rng)
    for number, title in enumerate(titles):
        path = folder / FOLDERS[number % len(FOLDERS)] / f"{title}.md"
        if number >= len(plan):
            path.write_bytes(b"")
            continue
        text = front_matter(shape, number, rng) + "".join(writer.body(replace(plan[number])))
        undecodable = number < shape.undecodable
        path.write_bytes(text.encode() + (b"\ncaf\xe9 \xff\xfe\n" if undecodable else b""))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a vault to try things on.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--notes", type=int, default=0, help="how many; else the large shape")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    shape = LARGE.scaled(options.notes) if options.notes else LARGE
    write_vault(options.folder, shape, options.seed)


if __name__ == "__main__":
    main()
