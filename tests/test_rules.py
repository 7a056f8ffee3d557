"""Obsidian's rules, each held end to end: a small vault, and what its finished pages must say.

A file of `rules/` holds cases:

    @@ wikilink-alias: words after the bar
    <<< Ada.md
    See [[Babbage|the man]].
    <<< Babbage.md
    Text.
    >>>
    link the man -> Babbage.md
    lacks Babbage

The head names the rule. A file's name may be followed by flags: `crlf`, `escaped` (`\\xNN`,
`\\uNNNN` and `\\n` stand for bytes, characters and line ends), `png`, `nfd`, `bare` (no line
end at the end). What is asked is asked of the first note's page, or of the page that `in`
names last; see `Page` for the questions. Every page of every case is sound XML, has ids that
are unique and links that arrive, and shows no raw syntax (`raw` lifts that) and no script.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from lxml import etree
from lxml.cssselect import CSSSelector
from test_book import IMAGE

from publisher.config import read_plan
from publisher.pipeline import Draft, collected, compose, draft_book
from publisher.problem import Problem
from publisher.render.pages import epub_pages
from publisher.render.theme import load_theme

FOLDER = Path(__file__).parent / "rules"
FILES = sorted(FOLDER.glob("*.test"))
THEME = load_theme("classic")
RAW = re.compile(
    r"\[\[|\]\]|!\[|%%|==|~~|\$\$|\*\*|\^\[|\[\^|\[![\w-]|^>|\s\^[\w-]+$|::", re.MULTILINE
)
LITERAL = {"pre", "code", "math", "kbd", "samp"}
UNSAFE = ("javascript:", "file:", "vbscript:", "data:text")


@dataclass(frozen=True, slots=True)
class Case:
    rule: str
    title: str
    files: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.title}"


def read_cases(path: Path) -> list[Case]:
    cases = []
    for text in re.split(r"^@@ ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, rest = text.partition("\n")
        rule, _, title = head.partition(": ")
        vault, _, asked = rest.partition("\n>>>\n")
        pieces = re.split(r"^<<< (.+)\n", vault + "\n", flags=re.MULTILINE)[1:]
        files = tuple(zip(pieces[::2], pieces[1::2], strict=True))
        lines = tuple(line for line in asked.splitlines() if line.strip())
        assert files, head
        assert lines, head
        cases.append(Case(rule, title, files, lines))
    return cases


CASES = [case for path in FILES for case in read_cases(path)]


def write_file(root: Path, head: str, text: str) -> str:
    """Puts one file of a case in its place; its path."""
    name, _, flags = head.partition(" | ")
    if "nfd" in flags:
        name = unicodedata.normalize("NFD", name)
    body = text.encode()
    if "escaped" in flags:
        body = text.encode().decode("unicode_escape").encode("latin-1", "surrogatepass")
        body = re.sub(rb"<U\+([0-9A-F]+)>", lambda m: chr(int(m[1], 16)).encode(), body)
    if "bare" in flags:
        body = body.rstrip(b"\n")
    if "crlf" in flags:
        body = body.replace(b"\n", b"\r\n")
    if "png" in flags:
        body = IMAGE
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
    return name


@dataclass(slots=True)
class Page:
    """A page of the book, read back."""

    name: str
    path: str
    root: etree._Element
    ids: dict[str, etree._Element] = field(default_factory=dict)

    @property
    def body(self) -> etree._Element:
        return self.find("body")[0]

    def find(self, selector: str) -> list[etree._Element]:
        found = CSSSelector(selector)(self.root)
        assert isinstance(found, list)
        return [element for element in found if isinstance(element, etree._Element)]


def words(element: etree._Element) -> str:
    """The text as a reader sees it, in a single line."""
    return " ".join("".join(map(str, element.itertext())).split())


def read_page(name: str, path: str, content: bytes) -> Page:
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    page = Page(name, path, root)
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = etree.QName(element).localname
            if (identity := element.get("id")) is not None:
                assert identity not in page.ids, f"{name}: two of id {identity}"
                page.ids[identity] = element
    return page


@dataclass(slots=True)
class Made:
    """A book made of a case."""

    draft: Draft
    pages: dict[str, Page]
    problems: tuple[Problem, ...]
    images: frozenset[str]

    def page(self, path: str) -> Page:
        for page in self.pages.values():
            if unicodedata.normalize("NFC", path) in {page.path, page.name}:
                return page
        raise AssertionError(
            f"no page of {path}: {[p.path or p.name for p in self.pages.values()]}"
        )


def make(root: Path) -> Made:
    plan, found = read_plan(file if (file := root / "anthology.toml").exists() else None)
    draft = draft_book(root, plan)
    assembled = compose(draft)
    made, lost = epub_pages(assembled.book, THEME, draft.words)
    pages = {}
    for page in made:
        short = page.name.rpartition("/")[2]
        path = unicodedata.normalize("NFC", page.chapter.path) if page.chapter else ""
        pages[short] = read_page(short.removesuffix(".xhtml"), path, page.content)
    problems = collected(found, draft.problems, assembled.problems, lost)
    return Made(draft, pages, problems, frozenset(a.name for a in assembled.book.assets))


def arrival(made: Made, page: Page, href: str) -> tuple[Page, etree._Element | None]:
    """Where an internal link leads; fails if it is dead."""
    file, _, anchor = href.partition("#")
    there = made.pages[file] if file else page
    if not anchor:
        return there, None
    assert anchor in there.ids, f"dead link {href} on {page.name}"
    return there, there.ids[anchor]


def shown(root: etree._Element) -> str:
    """The text outside code and formulas, a line a block."""
    out: list[str] = []

    def walk(element: etree._Element) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag not in LITERAL:
            out.append(element.text or "")
            for child in element:
                walk(child)
            out.append("\n" if tag in {"p", "li", "td", "th", "h1", "h2", "h3", "dt"} else "")
        else:
            out.append("\N{OBJECT REPLACEMENT CHARACTER}")
        out.append(element.tail or "")

    walk(root)
    return "".join(out)


def check_book(made: Made, *, raw: bool = False) -> None:
    """What must be true of every book."""
    for page in made.pages.values():
        for element in page.root.iter():
            check_element(made, page, element)
        body = page.body
        if not raw:
            found = RAW.search(shown(body))
            assert found is None, f"raw {found[0]!r} on {page.name}: {words(body)}"
    codes = {problem.code for problem in made.problems}
    assert not codes & {"unsound-markup", "anchor-missing"}, made.problems
    listed = {a.get("href", "").partition("#")[0] for a in made.page("contents").find("nav a")}
    pieces = {name for name, page in made.pages.items() if page.path}
    assert pieces <= listed or len(pieces) == 1, "the contents lack a piece"


def check_element(made: Made, page: Page, element: etree._Element) -> None:
    tag = element.tag
    assert tag not in {"script", "iframe", "object", "embed", "form", "style", "base"}, tag
    for name, value in ((str(n), str(v)) for n, v in element.attrib.items()):
        assert not name.lower().startswith("on"), f"handler {name} on {page.name}"
        assert not value.strip().lower().startswith(UNSAFE), f"{name}={value} on {page.name}"
    if tag == "img" and page.name != "cover":
        source = element.get("src", "")
        assert element.get("alt") is not None, "an image without alt"
        assert source.startswith("../images/"), f"image {source}"
        assert source.removeprefix("../images/") in {n.rpartition("/")[2] for n in made.images}
    if tag == "a" and (href := element.get("href")) is not None:
        assert href, f"an empty href on {page.name}"
        assert words(element) or element.find(".//img") is not None, f"an empty link to {href}"
        assert element.find(".//a") is None, f"a link in a link on {page.name}"
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", href):
            arrival(made, page, href)


def ask(made: Made, case: Case) -> None:
    page = made.page(name_of(case.files[0][0]))
    for question in case.questions:
        verb, _, rest = question.partition(" ")
        rest = rest.encode("utf-8").decode() if "\\n" not in rest else rest.replace("\\n", "\n")
        try:
            if verb == "in":
                page = made.page(rest)
            elif verb != "raw":
                VERBS[verb](made, page, rest)
        except (AssertionError, KeyError) as error:
            body = etree.tostring(page.body, encoding="unicode").partition("body")[2]
            raise AssertionError(f"{case}\n{question}\n{error!s:.300}\n{body}") from None


def name_of(head: str) -> str:
    return head.partition(" | ")[0]


def has(_made: Made, page: Page, text: str) -> None:
    assert " ".join(text.split()) in words(page.body)


def lacks(_made: Made, page: Page, text: str) -> None:
    assert text not in words(page.body)


def markup(_made: Made, page: Page, text: str) -> None:
    """Neither in text nor in any attribute."""
    assert text not in etree.tostring(page.root, encoding="unicode")


def el(_made: Made, page: Page, rest: str) -> None:
    """`el SELECTOR` or `el SELECTOR | text it has` or `el SELECTOR || its very text`."""
    selector, bar, text = rest.partition(" | ")
    if " || " in rest:
        selector, _, text = rest.partition(" || ")
        found = ["".join(map(str, e.itertext())) if e.tag == "pre" else words(e)
                 for e in page.find(selector)]  # fmt: skip
        assert text in [f.rstrip("\n") for f in found], found
        return
    found = [words(e) for e in page.find(selector)]
    assert any(text in f for f in found) if bar else found, found


def no(_made: Made, page: Page, rest: str) -> None:
    """`no SELECTOR` or `no SELECTOR | with this text`."""
    selector, _, text = rest.partition(" | ")
    assert not [e for e in page.find(selector) if text in words(e)]


def count(_made: Made, page: Page, rest: str) -> None:
    number, _, selector = rest.partition(" ")
    assert len(page.find(selector)) == int(number), [words(e) for e in page.find(selector)]


def link(made: Made, page: Page, rest: str) -> None:
    """`link TEXT -> PATH` or `PATH @ how the element there starts`, `glossary TERM`, an address."""
    text, _, target = rest.partition(" -> ")
    hrefs = [a.get("href", "") for a in page.find("a") if words(a) == text]
    assert hrefs, f"no link “{text}”: {[words(a) for a in page.find('a')]}"
    assert any(leads(made, page, href, target) for href in hrefs), hrefs


def leads(made: Made, page: Page, href: str, target: str) -> bool:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", href) or ":" in target.partition(" @ ")[0]:
        return href == target
    there, element = arrival(made, page, href)
    if target.startswith("glossary "):
        assert there.name == "glossary"
        return element is not None and words(element).startswith(target.removeprefix("glossary "))
    path, at, start = target.partition(" @ ")
    if there.path != unicodedata.normalize("NFC", path):
        return False
    if not at:
        return element is None
    return element is not None and opening(element).startswith(start)


def opening(element: etree._Element) -> str:
    """The words at an anchor; an empty anchor stands for what follows it."""
    if words(element):
        return words(element)
    following = element.getnext()
    if element.tail and element.tail.strip():
        return " ".join(element.tail.split())
    while following is None and (parent := element.getparent()) is not None:
        element = parent
        following = element.getnext()
    return words(following) if following is not None else ""


def plain(_made: Made, page: Page, text: str) -> None:
    """The words are there and in no link."""
    has(_made, page, text)
    assert not [a for a in page.find("a") if words(a) == text], f"“{text}” is a link"


def order(_made: Made, page: Page, rest: str) -> None:
    whole = words(page.body)
    place = 0
    for text in rest.split(" | "):
        found = whole.find(text, place)
        assert found >= 0, f"“{text}” is not after the one before"
        place = found + len(text)


def times(_made: Made, page: Page, rest: str) -> None:
    number, _, text = rest.partition(" ")
    assert words(page.body).count(text) == int(number)


def problem(made: Made, _: Page, rest: str) -> None:
    assert rest in {p.code for p in made.problems}, [str(p) for p in made.problems]


def quiet(made: Made, _: Page, rest: str) -> None:
    """No problem of this code."""
    assert rest not in {p.code for p in made.problems}, [str(p) for p in made.problems]


def math(_made: Made, page: Page, source: str) -> None:
    """A formula with this source as its alternative text."""
    found = [m.get("alttext", "") for m in page.find("math")]
    assert source in found, found


def absent(made: Made, _: Page, path: str) -> None:
    """No page is made of this note."""
    assert path not in {page.path for page in made.pages.values()}


VERBS = {f.__name__: f for f in (has, lacks, markup, el, no, count, link, plain, order, times,
                                 problem, quiet, math, absent)}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case: Case, tmp_path: Path) -> None:
    root = tmp_path / "Vault"
    root.mkdir()
    for head, text in case.files:
        write_file(root, head, text)
    made = make(root)
    check_book(made, raw="raw" in case.questions)
    ask(made, case)
