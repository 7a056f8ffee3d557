"""What the keys of properties stand for."""

from __future__ import annotations

import re

# The first key of a line is the strongest; the others stand in for it. `type` and
# `category` say in many vaults what kind of note it is, people included: `type` is no
# genre at all, `category` only that of a note with an author. The words of other
# languages are those we speak (publisher/languages).
SYNONYMS = {
    "title": "title titel titre título titolo",
    "subtitle": "subtitle untertitel sous-titre subtítulo sottotitolo ondertitel",
    "aliases": "aliases alias",
    "authors": "author authors author(s) by writer writers autor autorin autoren autora autores autore autrice"
    " autori auteur auteurs verfasser verfasserin schrijver",
    "genre": "genre genres gattung género genere gênero",
    "category": "category categories",
    "rating": "rating score stars grade bewertung évaluation valoración valutazione beoordeling"
    " avaliação",
    "date": "date published publication_date date_published year written datum erschienen fecha"
    " created",
    "sources": "source sources url link links quelle quellen fuente fuentes fonte fonti bron",
    "tags": "tags tag keywords schlagwörter schlagworte mots-clés etiquetas",
    "description": "definition définition definición definizione definitie definição description"
    " beschreibung descripción descrizione beschrijving descrição summary zusammenfassung"
    " résumé abstract",
    "language": "language lang sprache langue idioma lingua língua taal",
    "direction": "direction dir",
    "file_as": "file_as file-as sort",
    "publish": "publish veröffentlichen publier publicar pubblicare publiceren",
    "draft": "draft entwurf brouillon borrador bozza rascunho klad",
    "order": "order weight",
}
# What only some genres ask for: a letter's place, the book that a review is of.
FURTHER = {
    "place": frozenset("place ort lieu lugar luogo plaats local written_at".split()),
    "work": frozenset(
        "reviewed book work book_title reviewed_title buch werk livre œuvre ouvrage libro obra libro"
        " opera boek livro".split()
    ),
    "writer": frozenset(
        "book_author book_authors reviewed_author author_of_book work_by book_by by buchautor"
        " auteur_du_livre autor_del_libro autore_del_libro boekauteur autor_do_livro".split()
    ),
    "press": frozenset(
        "publisher press book_publisher verlag éditeur editorial editorial_house editore"
        " uitgever editora".split()
    ),
    "appeared": frozenset(
        "book_year reviewed_year year_of_book year jahr année año anno ano".split()
    ),
    "translator": frozenset("translator translated_by übersetzer traducteur traductor".split()),
}
# Properties that hold several values, which commas part in a single text.
LISTS = frozenset({"aliases", "genre", "category", "tags"})
_CANONICAL = {key: name for name, keys in SYNONYMS.items() for key in keys.split()}
# What to write instead, by the problem's code.
HINTS = {
    "rating-unreadable": "write a letter, a number, 4/5, 80% or stars",
    "date-unreadable": "write 1940-08-21, 1940-08 or 1940",
    "language-unknown": "write a language tag such as en, de or pt-BR",
    "direction-unknown": "write ltr or rtl",
    "title-unfilled": "write the title; till then a heading or the file's name stands in for it",
}
_YES = frozenset(
    "true yes on y 1 ja wahr oui vrai sí verdadero sì vero waar sim verdadeiro".split()
)
_NO = frozenset("false no off n 0 nein falsch non faux falso nee onwaar não".split())
# In Italian and Portuguese a date is one; in other languages it is anything.
_DATA = re.compile(
    r"\s*(?:\d{4}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d{1,2} (?:de )?[^\W\d_]{3,} (?:de )?\d{4}\b)"
)


def folded_key(key: str) -> str:
    """A key as it is compared: without case, blanks as underscores."""
    return "_".join(key.split()).casefold()


def canonical(key: str) -> str:
    """The property a key stands for (`By` is `authors`), else the key itself, folded."""
    plain = folded_key(key)
    return _CANONICAL.get(plain, plain)


def meant_by(key: str, value: str) -> str:
    """The same, knowing the value: `published: false` is no date, `data: 2018-06-25` is one."""
    if folded_key(key) == "data" and _DATA.match(value):
        return "date"
    if folded_key(key) == "published" and yes_or_no(value):
        return "publish"
    return canonical(key)


def strength(name: str, key: str) -> int:
    """The place of a key among those of its property; the strongest has 0."""
    keys = SYNONYMS.get(name, "").split()
    plain = folded_key(key)
    return keys.index(plain) if plain in keys else len(keys)


def yes_or_no(text: str) -> str | None:
    """`yes` or `no` for what YAML and people take for true and false."""
    plain = text.strip().casefold()
    return "yes" if plain in _YES else "no" if plain in _NO else None
