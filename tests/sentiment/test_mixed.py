"""Documents in several languages: each brand in the language of the sentences that name it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.model import Hit, Mention, Polarity
from sentiment.annotate import build_tagger, explain
from sentiment.mixed import by_sentence, telling
from tests.builders import make_brand

TAGGER = build_tagger(
    [make_brand("gamin", terms=("Le Gamin", "Gamin")), make_brand("rive", terms=("Rive Droite",))]
)
FRENCH = "Nous avons passé une très bonne soirée avec les enfants et la salle était pleine."
SPANISH = "El servicio de Rive Droite es muy malo y la comida también."
ENGLISH = "We were told that the staff at Rive Droite is awful and they would not help us."


def mentions_of(text: str) -> dict[str, Mention]:
    return {one.brand_id: one for one in explain(text, TAGGER).mentions}


def test_a_brand_named_in_another_language_is_not_guessed_beside_one_that_is_judged() -> None:
    found = mentions_of(f"{FRENCH} Le Gamin est excellent et nous y retournerons. {SPANISH}")

    assert (found["gamin"].language, found["gamin"].polarity) == ("fr", Polarity.POSITIVE)
    assert (found["rive"].language, found["rive"].polarity) == ("other", Polarity.UNKNOWN)
    assert found["rive"].score == found["rive"].confidence == 0.0


def test_a_brand_named_in_english_within_a_french_text_is_judged_in_english() -> None:
    found = mentions_of(f"{FRENCH} Le Gamin est excellent et nous y retournerons.\n{ENGLISH}")

    assert (found["rive"].language, found["rive"].polarity) == ("en", Polarity.NEGATIVE)
    assert found["gamin"].language == "fr"


def test_places_of_evidence_and_hits_are_those_of_the_whole_document() -> None:
    text = f"{FRENCH} {SPANISH} Le Gamin est excellent."

    found = mentions_of(text)

    (excellent,) = [item for item in found["gamin"].evidence if item.term == "excellent"]
    assert text[excellent.start : excellent.end] == "excellent"
    (hit,) = found["rive"].hits
    assert text[hit.start : hit.end] == "Rive Droite"


def test_a_brand_named_in_two_languages_is_judged_in_the_one_that_can_be() -> None:
    text = f"{SPANISH} La comida es muy mala y no hay nada para los niños. {SPANISH} {ENGLISH}"

    rive = mentions_of(text)["rive"]

    assert (rive.language, len(rive.hits)) == ("en", 3)


@pytest.mark.parametrize(
    ("sentence", "language", "told"),
    [
        pytest.param(SPANISH, "fr", "other", id="spanish-in-french"),
        pytest.param(ENGLISH, "fr", "en", id="english-in-french"),
        pytest.param(FRENCH, "en", "fr", id="french-in-english"),
        pytest.param(FRENCH, "other", "fr", id="french-in-spanish"),
        pytest.param("Обслуживание было отличным", "fr", "other", id="russian"),
        pytest.param(FRENCH, "fr", None, id="its-own-language"),
        pytest.param("Best burger ever !", "fr", None, id="too-short"),
        pytest.param("So happy avec ma box, merci à l'équipe", "fr", None, id="code-mixing"),
        pytest.param("Kivoo Novatel Zephyra Lumoza Tortelin", "fr", None, id="names-only"),
    ],
)
def test_a_sentence_tells_its_language_only_when_it_is_clear(
    sentence: str, language: str, told: str | None
) -> None:
    assert telling(sentence, language) == told


@given(
    st.lists(st.sampled_from([FRENCH, SPANISH, ENGLISH, "Gamin !", "\n", "Ok."]), max_size=8),
    st.sampled_from(["fr", "en", "other"]),
)
def test_parts_keep_every_hit_once_and_every_place(pieces: list[str], language: str) -> None:
    text = " ".join(["Gamin", *pieces])
    hits = [
        Hit(brand_id=name, start=at, end=at + len(name), term=name)
        for name in ("Gamin", "Rive Droite")
        for at in range(len(text))
        if text.startswith(name, at)
    ]

    parts = by_sentence(text, hits, language)

    assert sorted(hit.start for part in parts for hit in part.hits) == sorted(
        hit.start for hit in hits
    )
    for part in parts:
        assert len(part.text) == len(text)
        assert all(part.text[hit.start : hit.end] == hit.term for hit in part.judged)
        assert part.judged
