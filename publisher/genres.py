"""Genres: what a piece can be set as, and the words that notes have for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from publisher.plankeys import listed, meant
from publisher.problem import SetupError

PLAIN: Final = "essay"
# The words of the languages we speak (publisher/languages), singular and plural.
_WORDS: Final = {
    "essay": "essay, essays, essai, essais, ensayo, ensayos, ensaio, ensaios, saggio, saggi,"
    " aufsatz, aufsätze, opstel, article, articles, artikel, artículo, artigo, articolo",
    "verse": "verse, verses, poem, poems, poetry, ballad, ballads, sonnet, sonnets, ode, odes,"
    " elegy, haiku, limerick, song lyrics, lyrics, gedicht, gedichte, gedichten, lyrik, ballade,"
    " balladen, sonett, sonette, poème, poèmes, poésie, poésies, poesia, poesie, poesías, poesía,"
    " poesias, poema, poemas, soneto, sonetos, sonetto, sonetti, poëzie, vers, vers libres, versos,"
    " versi",
    "letter": "letter, letters, open letter, epistle, brief, briefe, brieven, offener brief,"
    " open brief, lettre, lettres, lettre ouverte, carta, cartas, carta abierta, carta aberta,"
    " lettera, lettere, lettera aperta, correspondence",
    "interview": "interview, interviews, conversation, conversations, dialogue, q&a, q and a,"
    " gespräch, gespräche, vraaggesprek, gesprek, entretien, entretiens, entrevue, entrevista,"
    " entrevistas, intervista, interviste, diálogo, dialog",
    "review": "review, reviews, book review, book reviews, film review, rezension, rezensionen,"
    " buchbesprechung, besprechung, recensie, recensies, boekbespreking, critique, critiques,"
    " compte rendu, comptes rendus, recension, reseña, reseñas, recensione, recensioni, resenha,"
    " resenhas, recensão",
    "story": "story, stories, short story, short stories, tale, tales, fairy tale, fiction, novella,"
    " erzählung, erzählungen, kurzgeschichte, kurzgeschichten, geschichte, geschichten, märchen,"
    " novelle, verhaal, verhalen, kort verhaal, vertelling, récit, récits, conte, contes, nouvelle,"
    " nouvelles, cuento, cuentos, relato, relatos, conto, contos, racconto, racconti, fiaba",
    "aphorisms": "aphorisms, aphorism, maxims, maxim, epigrams, fragments, aphorismen, aphorismus,"
    " sprüche, aforismen, aforisme, aphorismes, aphorisme, maximes, aforismos, aforismo, aforismi,"
    " máximas, massime",
}  # fmt: skip
_DESIGNS: Final = {
    word.strip(): design for design, words in _WORDS.items() for word in words.split(",")
}


class Genres(Struct, frozen=True):
    """What each genre is set as.

    `own` are the book's (word, design), `designs` what its theme adds to ours.
    """

    own: tuple[tuple[str, str], ...] = ()
    designs: tuple[str, ...] = ()

    def design(self, typed: str) -> str:
        """What a genre, as a note has it, is set as; an essay where nobody knows the word."""
        word = folded(typed)
        for own, design in self.own:
            if folded(own) == word:
                return design
        return word if word in self.designs else _DESIGNS.get(word, PLAIN)


def folded(genre: str) -> str:
    """A genre as it is compared: without case, strokes as blanks."""
    return " ".join(re.split(r"[\s_-]+", genre.strip().lstrip("#").casefold())).strip()


def is_verse(word: str) -> bool:
    """Whether a word, such as a callout's kind, means verse in any language we speak."""
    return _DESIGNS.get(folded(word)) == "verse"


def own_genres(
    given: Iterable[tuple[str, str, str]], designs: Iterable[str] = ()
) -> tuple[tuple[str, str], ...]:
    """The book's (word, design) of what its plan says as (word, target, place).

    A target is a design or a word we know. SetupError where it is neither.
    """
    known = dict.fromkeys((*_WORDS, *designs))
    found: list[tuple[str, str]] = []
    for word, target, place in given:
        design = target if target in known else _DESIGNS.get(folded(target), "")
        if not design:
            near = meant(target, known)
            raise SetupError(
                f"{place}: [genres] {word} is set as “{target}”, which is no genre"
                f"{near or f'; there are {listed(known)}'}"
            )
        found.append((word, design))
    return tuple(found)
