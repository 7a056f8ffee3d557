"""Languages told from texts of a few lines, in each a few sentences of our own."""

from __future__ import annotations

import pytest

from publisher.tongue import guess, is_name

TEXTS = {
    "en": "The keeper went up the stairs with the lamp in his hand, for it was the hour at which"
    " the boats are used to look for it, and he did not want them to wait on that night.",
    "de": "Der Wärter stieg mit der Lampe die Treppe hinauf, denn es war die Stunde, in der die"
    " Boote nach ihr sehen, und er wollte sie in dieser Nacht nicht warten lassen, auch wenn der"
    " Wind das Licht kaum auf dem Turm ließ.",
    "fr": "Le gardien monta les marches avec la lampe à la main, car c'était l'heure où les"
    " bateaux la cherchent, et il ne voulait pas les faire attendre cette nuit-là, même si le vent"
    " ne laissait guère la lumière en paix sur la tour.",
    "es": "El guardián subió la escalera con la lámpara en la mano, porque era la hora en que los"
    " barcos la buscan, y no quería que esperasen aquella noche, aunque el viento no dejaba la"
    " luz en paz en lo alto de la torre.",
    "it": "Il guardiano salì le scale con la lampada in mano, perché era l'ora in cui le barche la"
    " cercano, e non voleva farle aspettare quella notte, anche se il vento non lasciava in pace"
    " la luce in cima alla torre.",
    "nl": "De wachter liep met de lamp in zijn hand de trap op, want het was het uur waarop de"
    " boten naar haar uitkijken, en hij wilde niet dat ze die nacht op hem moesten wachten.",
    "ru": "Смотритель поднялся по лестнице с лампой в руке, потому что настал час, когда лодки"
    " ищут её.",
    "el": "Ο φαροφύλακας ανέβηκε τη σκάλα με τη λάμπα στο χέρι, γιατί ήταν η ώρα που τα καΐκια την"
    " ψάχνουν.",
    "ar": "صعد الحارس السلم والمصباح في يده لأن الساعة قد حانت والقوارب تبحث عن الضوء في الليل",
    "ja": "灯台守はランプを手に階段を上った。船がそれを探す時刻だったからである。風が強かった。",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_language_is_told(language: str) -> None:
    assert guess(TEXTS[language]) == language


@pytest.mark.parametrize(
    "text",
    ["", "Fog.", "Kyrie eleison", "POUM CNT FAI UGT", "x = y + z " * 40, TEXTS["en"][:60]],
)
def test_too_little_says_nothing(text: str) -> None:
    assert guess(text) == ""


def test_code_and_tags_are_passed_over() -> None:
    code = "<pre><code>" + "the of and to in is that " * 40 + "</code></pre>"
    assert guess(f"{code}<p>{TEXTS['de']}</p>") == "de"


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Spanish revolution", True),
        ("the party", True),
        ("her", False),
        ("this one here", False),
        ("that", False),
        ("", False),
        ("a very long way of saying what it was about", False),
        ("革命", True),
    ],
)
def test_words_that_only_point_are_no_names(words: str, names: bool) -> None:
    assert is_name(words) is names
