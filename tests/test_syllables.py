"""Words are parted as Pyphen parts them, though its patterns are not all read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyphen
import pytest
from weasyprint import HTML

from publisher.render.pdf import syllables
from publisher.render.pdf.syllables import Patterns

# Where they are parted: ASCII, letters of a page of their own, words that change their letters.
WORDS = {
    "en_US": "incomprehensibility Table associate I anthology",
    "de_DE": "Donaudampfschifffahrt Kabinett verbal Urinstinkt Straßenbahn",
    "hu": "asszonnyal mennyi könnyű",
    "ru": "достопримечательность объезд",
    "el": "ακατανόητος",
}


def told(points: list[Any]) -> list[tuple[int, Any]]:
    return [(int(point), point.data) for point in points]


@pytest.mark.parametrize("path", sorted(set(pyphen.LANGUAGES.values())), ids=lambda p: p.stem)
def test_every_pattern_is_read_as_it_was(path: Path) -> None:
    all_at_once, one_by_one = syllables._HyphDict(path), Patterns(path)
    read = {letters: one_by_one.pattern(letters) for letters in list(one_by_one.patterns)}
    assert {letters: found for letters, found in read.items() if found} == all_at_once.patterns


@pytest.mark.parametrize("language", WORDS)
def test_words_are_parted_where_they_were(language: str) -> None:
    path = pyphen.LANGUAGES[language]
    all_at_once, one_by_one = syllables._HyphDict(path), Patterns(path)
    for word in [*WORDS[language].split(), ""]:
        assert told(one_by_one.positions(word)) == told(all_at_once.positions(word)), word
    assert any(all_at_once.positions(word) for word in WORDS[language].split())


def test_most_patterns_stay_as_the_file_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyphen, "HyphDict", syllables._HyphDict)
    monkeypatch.setattr(pyphen, "hdcache", {})
    syllables.mend()
    words = "incomprehensibility " * 9
    HTML(string=f"<html lang=en><p style='hyphens: auto; width: 99px'>{words}").render()
    (patterns,) = pyphen.hdcache.values()
    read = [found for found in patterns.patterns.values() if not isinstance(found, str)]
    assert 0 < len(read) < 99 < len(patterns.patterns)
