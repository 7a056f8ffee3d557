"""Which group of the glossary a concept stands in."""

from __future__ import annotations

import pytest

from publisher.anthology.concepts import Concept
from publisher.anthology.groups import in_groups, is_claim


@pytest.mark.parametrize(
    "title",
    [
        "Marxist leadership cannot be improvised",
        "Asking questions without proposing an answer is annoying",
        "Proletarian leaders become subject to alien class forces",
        "The sea keeps no appointments",
        "A map isn’t the territory",
    ],
)
def test_a_sentence_is_a_claim(title: str) -> None:
    assert is_claim(title)


@pytest.mark.parametrize(
    "title",
    [
        "dictatorship of the proletariat",
        "Law of the tendency of the rate of profit to fall",
        "The right to be lazy",
        "The will to power",
        "What is to be done",
        "Is this it",
        "Being",
        "Leaves of grass in autumn",
        "The cat in the hat",
    ],
)
def test_a_name_is_none(title: str) -> None:
    assert not is_claim(title)


def test_claims_in_other_languages() -> None:
    assert is_claim("Die Karte ist nicht das Gebiet", "de-AT")
    assert not is_claim("Die Kritik der reinen Vernunft", "de")


def grouped(*folders_and_terms: str, named: dict[str, str] | None = None) -> dict[str, list[str]]:
    concepts = []
    for path in folders_and_terms:
        folder, _, term = path.rpartition("/")
        concepts.append(Concept(f"name:{term}", term, (), folder))
    return {kind: [c.term for c in found] for kind, found in in_groups(concepts, "en", named or {})}


def test_folders_of_people_and_organisations_stand_apart() -> None:
    groups = grouped("People & Organizations/Lenin", "Authors/Sappho", "fog", "Concepts/Dew")
    assert groups == {"people": ["Lenin", "Sappho"], "concepts": ["fog", "Dew"]}


def test_other_folders_are_groups_when_they_are_large_enough() -> None:
    small = grouped("Places/Kew", "Places/Ely", "fog")
    assert small == {"concepts": ["Kew", "Ely", "fog"]}
    large = grouped("Places/Kew", "Places/Ely", "Places/Rye", "fog")
    assert large == {"concepts": ["fog"], "Places": ["Kew", "Ely", "Rye"]}


def test_the_plan_names_groups() -> None:
    named = grouped("Places/Kew", "fog", named={"places": "Where it happens"})
    assert named == {"concepts": ["fog"], "Where it happens": ["Kew"]}
