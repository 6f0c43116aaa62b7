"""The judged part of a long document: around the first hits, its places led back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.model import Evidence, Hit, Polarity
from sentiment.annotate import build_tagger, explain
from sentiment.excerpt import JOINT, PLACES, WHOLE, excerpt
from tests.builders import make_brand

FILLER = "Le conseil se réunit jeudi. On y parle de voirie, d'école et de musique. "


def hits_of(text: str, name: str, brand_id: str = "kivoo") -> list[Hit]:
    starts = [i for i in range(len(text)) if text.startswith(name, i)]
    return [Hit(brand_id=brand_id, start=i, end=i + len(name), term=name) for i in starts]


def test_a_short_text_is_judged_whole() -> None:
    text = "Kivoo est parfait."

    part = excerpt(text, hits_of(text, "Kivoo"))

    assert part.text == text
    assert part.hits == tuple(hits_of(text, "Kivoo"))


def test_only_the_surroundings_of_a_hit_are_read_and_end_with_sentences() -> None:
    text = FILLER * 60 + "Kivoo est parfait. " + FILLER * 60

    part = excerpt(text, hits_of(text, "Kivoo"))

    assert "Kivoo est parfait." in part.text
    assert len(part.text) < WHOLE
    assert part.text.startswith(("Le conseil", "On y parle"))
    assert part.text.rstrip().endswith(".")


def test_of_a_brand_named_often_only_the_first_places_are_read() -> None:
    text = ("Kivoo ici. " + FILLER * 40) * 10

    part = excerpt(text, hits_of(text, "Kivoo"))

    assert len(part.hits) == PLACES
    assert part.text.count(JOINT) == PLACES - 1


@given(
    st.lists(
        st.sampled_from(["Kivoo", "mot", "long.", "\n", " ", "Lumoza", "é" * 90]), max_size=400
    )
)
def test_every_place_leads_back_to_the_same_character(words: list[str]) -> None:
    text = " ".join(words) + "x" * WHOLE
    hits = sorted(
        hits_of(text, "Kivoo") + hits_of(text, "Lumoza", "lumoza"), key=lambda hit: hit.start
    )

    part = excerpt(text, hits)

    assert {hit.brand_id for hit in part.hits} == {hit.brand_id for hit in hits}
    for hit in part.hits:
        item = Evidence(term=hit.term, weight=0.0, start=hit.start, end=hit.end)
        found = part.placed(item)
        assert part.text[hit.start : hit.end] == text[found.start : found.end] == hit.term
    for offset, character in enumerate(part.text):
        assert text[part.place(offset) : part.place(offset) + 1] == character or character == JOINT


@pytest.mark.parametrize("before", [0, 100, 5_000])
def test_evidence_of_a_long_document_points_into_it(before: int) -> None:
    tagger = build_tagger([make_brand("kivoo")])
    text = "Il a plu jeudi. " * before + "Kivoo est nul, service injoignable. " + FILLER * 50

    (mention,) = explain(text, tagger, language="fr").mentions

    assert mention.polarity is Polarity.NEGATIVE
    placed = [item for item in mention.evidence if item.start >= 0 and ":" not in item.term]
    assert placed
    assert all(text[item.start : item.end] == item.term for item in placed)
