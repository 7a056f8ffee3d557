"""The stages in order: a vault on disk to a book on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from publisher.anthology.catalogue import Catalogue, catalogue
from publisher.anthology.concepts import Concept, gather_concepts
from publisher.anthology.selection import Anthology, LeftOut, arrange, is_template
from publisher.book.assembly import Assembled, Order, assemble
from publisher.book.desk import Desk
from publisher.book.links import Register, Resolver, open_register
from publisher.book.model import BookAsset
from publisher.book.pictures import PictureDesk, Plate, images_of, plates
from publisher.cache import Cache
from publisher.config import Plan, blamed
from publisher.delivery import output_path, put_in_place
from publisher.genres import Genres, own_genres
from publisher.imprint import modified
from publisher.problem import Problem, SetupError, in_order
from publisher.render.page_starts import PageStart
from publisher.render.pdf.folios import Folios
from publisher.render.preflight.finding import Report
from publisher.render.theme import Theme, load_theme
from publisher.render.theme_fonts import require_fonts
from publisher.render.theme_home import homes, theme_folder
from publisher.render.wished_colours import faint_wishes, token_places
from publisher.vault.kinds import DRAWING
from publisher.vault.note import Note
from publisher.vault.picture import Picture, book_type, inspect
from publisher.vault.reading import read_notes
from publisher.vault.scan import Habits, Vault, open_inside, scan
from publisher.wording import Wording, wording

Progress = Callable[[str, int, int], None]


def silent(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


class Draft(Struct, frozen=True):
    """A vault read and its anthology chosen; nothing is set yet."""

    vault: Vault
    catalogue: Catalogue
    anthology: Anthology
    concepts: tuple[Concept, ...]
    plan: Plan
    words: Wording
    problems: tuple[Problem, ...]

    def register(self) -> Register:
        """The anchors of the book to be."""
        concepts = self.concepts if self.plan.glossary else ()
        return open_register(
            self.anthology,
            concepts,
            contributors=self.plan.contributors,
            indexed=self.concepts if self.plan.index != "false" else (),
        )


class Result(Struct, frozen=True):
    """What a build made: where it is, what is in it, and all that went wrong.

    `pages` is 0 for an EPUB, whose pages are its reader's. `beside` are further files, such
    as a cover; `reports` are what a printer would say; `starts` are where printed pages
    begin.
    """

    path: Path
    draft: Draft
    assembled: Assembled
    problems: tuple[Problem, ...]
    pages: int = 0
    beside: tuple[Path, ...] = ()
    reports: tuple[Report, ...] = ()
    starts: tuple[PageStart, ...] = ()
    folios: Folios | None = None

    @property
    def refused(self) -> bool:
        """Whether a printer would send a file back."""
        return any(report.refused for report in self.reports)


def draft_book(
    root: Path,
    plan: Plan,
    progress: Progress = silent,
    *,
    curly_quotes: bool = False,
    theme: Theme | None = None,
    cache: Cache | None = None,
) -> Draft:
    """Read the vault and choose its anthology. Raises SetupError where there is none.

    `curly_quotes` is the medium's own habit; the plan's word counts more. The theme may
    know more genres than we do. What the cache holds is not read again.
    """
    genres = _genres(root, plan, theme)
    progress("scan", 0, 1)
    with blamed(plan, "vault"):
        vault, problems = scan(root)
    habits = _habits(vault.habits, plan, curly_quotes=curly_quotes)
    vault = replace(vault, habits=replace(habits, genres=genres))
    progress("scan", 1, 1)
    notes, found = read_notes(vault, progress, cache)
    notes = tuple(_kept_back(note, vault.habits) for note in notes)
    progress("arrange", 0, 1)
    shelf = catalogue(notes, vault.assets)
    anthology = _arrange(notes, shelf, plan, vault, root)
    concepts = gather_concepts(anthology, shelf)
    progress("arrange", 1, 1)
    words = wording(anthology.language)
    heard = tuple(p for p in (*problems, *found) if not is_template(p.at.path, vault.habits))
    return Draft(vault, shelf, anthology, concepts, plan, words, heard)


def _genres(root: Path, plan: Plan, theme: Theme | None) -> Genres:
    """What the plan's own words for genres mean; where it has none, no theme need be read."""
    if theme is None and plan.genres:
        theme = _theme(root, plan)
    designs = theme.genres() if theme else ()
    return Genres(own_genres(plan.genres, designs), designs)


def _theme(root: Path, plan: Plan) -> Theme:
    search = (root / "themes", *map(Path, plan.theme_homes))
    with blamed(plan, "theme"):
        theme_folder(plan.theme, homes(search))
    theme = load_theme(plan.theme, search, plan.theme_tokens, token_places(plan))
    require_fonts(theme)
    return theme


def _kept_back(note: Note, habits: Habits) -> Note:
    """A template is a form: like a draft, nothing of it is shown where it is linked."""
    if not is_template(note.path, habits):
        return note
    return replace(note, properties=replace(note.properties, publish=False))


def _arrange(
    notes: Sequence[Note], shelf: Catalogue, plan: Plan, vault: Vault, root: Path
) -> Anthology:
    with blamed(plan, "outline"):
        anthology = arrange(notes, shelf, plan, vault.habits, root.resolve().name)
    drawings = [asset for asset in vault.assets if asset.media_type == DRAWING]
    left_out = [*anthology.left_out, *(LeftOut(d.path, "an Excalidraw drawing") for d in drawings)]
    left_out.sort(key=lambda out: out.path)
    anthology = replace(anthology, left_out=tuple(left_out))
    if not anthology.pieces:
        reasons = Counter(out.reason for out in anthology.left_out).most_common(3)
        why = "; ".join(f"{reason} ({number:,})" for reason, number in reasons)
        raise SetupError(f"no note of {root} is fit to be a piece: {why}")
    return anthology


def _habits(habits: Habits, plan: Plan, *, curly_quotes: bool) -> Habits:
    curly = plan.quotes == "curly" if plan.quotes else curly_quotes
    strict = plan.line_breaks == "join" if plan.line_breaks else habits.strict_breaks
    return replace(habits, strict_breaks=strict, curly_quotes=curly)


def compose(draft: Draft, progress: Progress = silent) -> Assembled:
    """Set the draft's anthology as a book."""
    found, spoilt = _pictures(draft, progress)
    desk = Desk(
        Resolver(draft.catalogue, draft.register()),
        PictureDesk(draft.catalogue, found, spoilt, draft.words),
        draft.plan.repeat,
        draft.vault.habits.genres,
        indexed=draft.plan.index != "false",
    )
    order = Order(
        draft.anthology, draft.concepts, desk, draft.plan, draft.words, modified(draft.anthology),
        draft.vault.habits.curly_quotes,
    )  # fmt: skip
    return assemble(order, lambda done, total: progress("set", done, total))


def _pictures(draft: Draft, progress: Progress) -> tuple[dict[str, Plate], dict[str, Problem]]:
    """Look at each image a note shows once, before any page relies on it."""
    wanted = sorted(_wanted(draft.catalogue))
    fit: list[tuple[Picture, str]] = []
    spoilt: dict[str, Problem] = {}
    for number, path in enumerate(wanted, 1):
        seen = inspect(draft.vault.root, draft.catalogue.assets[path])
        if isinstance(seen, Picture):
            fit.append((seen, book_type(seen.media_type)))
        else:
            spoilt[path] = seen
        progress("images", number, len(wanted))
    return plates(fit), spoilt


def _wanted(shelf: Catalogue) -> set[str]:
    return {
        asset.path
        for note in shelf.notes.values()
        for image in images_of(note)
        if (asset := shelf.find_asset(image.source, note.path)) is not None
    }


class Copy(Struct, frozen=True):
    """What goes to the press: a theme, the draft, and the book made of it."""

    theme: Theme
    draft: Draft
    assembled: Assembled


def prepare(
    root: Path,
    plan: Plan,
    progress: Progress = silent,
    *,
    curly_quotes: bool = False,
    cache: Cache | None = None,
    expect: Callable[[Theme, Plan], None] | None = None,
) -> Copy:
    """Read, choose and set what any edition is made from. Raises SetupError as those do.

    Whoever will work on it is told what to `expect` before the vault is read.
    """
    theme = _theme(root, plan)
    if expect:
        expect(theme, plan)
    draft = draft_book(root, plan, progress, curly_quotes=curly_quotes, theme=theme, cache=cache)
    colours = faint_wishes(theme, token_places(plan))
    draft = replace(draft, problems=(*draft.problems, *colours))
    return Copy(theme, draft, compose(draft, progress))


def build_ebook(
    root: Path,
    plan: Plan,
    output: Path | None,
    here: Path,
    progress: Progress = silent,
    *,
    starts: Sequence[PageStart] = (),
    cache: Cache | None = None,
    folios: Folios | None = None,
) -> Result:
    """Make the EPUB; `starts` and `folios` are those of its print edition.

    Raises SetupError where no book can be made or written.
    """
    # What only an EPUB needs takes a while to load, and a PDF is wanted in a moment.
    from publisher.render.cover import draw_cover  # noqa: PLC0415
    from publisher.render.cover_faces import missing_on_cover  # noqa: PLC0415
    from publisher.render.epub import write_epub  # noqa: PLC0415
    from publisher.render.pages import epub_pages  # noqa: PLC0415

    copy = prepare(root, plan, progress, cache=cache)
    theme, draft, assembled = copy.theme, copy.draft, copy.assembled
    progress("pages", 0, 1)
    pages, lost = epub_pages(assembled.book, theme, draft.words, starts, folios, cache)
    progress("pages", 1, 1)
    progress("cover", 0, 1)
    cover = draw_cover(assembled.book.metadata, theme, draft.words, cache)
    progress("cover", 1, 1)
    target = output_path(output, assembled.book.metadata.title, ".epub", here)
    progress("write", 0, 1)
    spoilt: list[Problem] = []
    given = assembled.book, pages, theme, cover, asset_reader(draft.vault.root)
    put_in_place(target, lambda path: spoilt.extend(write_epub(path, *given)))
    progress("write", 1, 1)
    if cache:
        cache.tidy()
    spoilt += missing_on_cover(assembled.book.metadata, theme)
    problems = collected(draft.problems, assembled.problems, lost, spoilt)
    return Result(target, draft, assembled, problems)


def with_problems(result: Result, more: Iterable[Problem]) -> Result:
    """The result with problems from before its stages, such as the plan's."""
    more = tuple(more)
    return replace(result, problems=collected(result.problems, more)) if more else result


def asset_reader(root: str) -> Callable[[BookAsset], bytes]:
    """Reads the book's images, each only when it is wanted."""

    def read(asset: BookAsset) -> bytes:
        with open_inside(root, asset.path) as file:
            return file.read()

    return read


def collected(*groups: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems of all stages in the order of their places."""
    return in_order(problem for group in groups for problem in group)
