"""Turns of phrase around a brand: which kind, toward whom, in a text of any length."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.model import Hit, Polarity
from sentiment.annotate import build_tagger, explain
from sentiment.components.relations import Frame
from sentiment.components.trained import RELATION_LOGITS, framed_share
from sentiment.components.turns import GRAMMARS, TARGET, turns_of
from sentiment.explaining import TURN_RULES
from sentiment.judgement import squash
from sentiment.pipeline import build_nlp
from tests.builders import make_brand

TAGGER = build_tagger([make_brand("kivoo"), make_brand("lumoza")])
PIPELINE = build_nlp("fr", ())
SIDED = {kind.rstrip("+-") for kind in RELATION_LOGITS}
LONG = (
    "Commande passée le trois du mois, deux articles pour la cuisine et un pour le jardin, le tout "
    "annoncé sous huit jours à mon adresse habituelle. "
)


def frame(text: str, brand: str = "Kivoo") -> Frame:
    """Return how a text speaks of a brand that nobody watches."""
    doc = PIPELINE.make_doc(text)
    start = text.index(brand)
    hit = Hit(brand_id="x", start=start, end=start + len(brand), term=brand)
    doc.user_data["hits"] = [hit]
    found: Frame = PIPELINE(doc).user_data["frames"]["x"]
    return found


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param("loser", "Lumoza est bien mieux que Kivoo.", id="better-than"),
        pytest.param("loser", "moins cher qu Kivoo", id="spelling-of-the-web"),
        pytest.param("winner", "Lumoza, c'est plus cher que chez Kivoo.", id="dearer-than"),
        pytest.param("winner", "Kivoo écrase Lumoza.", id="beats"),
        pytest.param("winner", "Kivoo est bien mieux que Lumoza.", id="is-better"),
        pytest.param("loser", "Je préfère Lumoza à Kivoo.", id="preferred-to"),
        pytest.param("loser", "Entre Kivoo et Lumoza, je choisis Lumoza.", id="chosen-between"),
        pytest.param("arrival", "J'ai quitté Lumoza pour Kivoo.", id="left-for"),
        pytest.param("departure", "J'ai quitté Kivoo pour Lumoza.", id="left"),
        pytest.param("departure", "Je ne commanderai plus chez Kivoo.", id="never-again"),
        pytest.param("arrival", "La prochaine fois j'irai chez Kivoo.", id="next-time"),
        pytest.param("contrary-", "Un colis parfait, contrairement à Kivoo.", id="unlike-praised"),
        pytest.param("contrary+", "C'est lent, pas comme chez Kivoo.", id="unlike-blamed"),
        pytest.param("measured+", "Le site est lent par rapport à Kivoo.", id="measured"),
        pytest.param("excepted-", "Tout est parfait sauf Kivoo.", id="excepted"),
        pytest.param("rival", "Une bonne alternative à Kivoo", id="rival"),
        pytest.param("landmark", "Le bar à côté de Kivoo est infect.", id="landmark"),
        pytest.param("turned-", "J'adore Lumoza, mais Kivoo non.", id="other-side"),
        pytest.param("last-", "Kivoo est joli mais hors de prix.", id="last-word"),
    ],
)
def test_a_turn_of_phrase_takes_sides(kind: str, text: str) -> None:
    assert kind in frame(text).kinds


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Kivoo ouvre mardi à Nantes.", id="plain"),
        pytest.param("Je ne m'étonne plus que Kivoo vende.", id="only-looks-like-one"),
        pytest.param("Contrairement à ce que Kivoo annonce, non.", id="unlike-a-saying"),
    ],
)
def test_other_sentences_have_none(text: str) -> None:
    assert frame(text).relations == ()


def test_a_relation_stands_where_its_words_do() -> None:
    text = LONG + "Je retourne chez Kivoo."
    ((_, start, end),) = frame(text).relations

    assert text[start:end].endswith("retourne chez Kivoo")


def test_both_brands_of_a_comparison_are_judged_in_a_long_text() -> None:
    text = LONG + "La prochaine fois je prendrai Lumoza plutôt que Kivoo."
    found = {one.brand_id: one for one in explain(text, TAGGER, language="fr").mentions}

    terms = {item.term: item.weight for item in found["kivoo"].evidence}
    assert found["kivoo"].polarity is Polarity.NEGATIVE
    assert found["lumoza"].score > found["kivoo"].score
    assert terms["plutôt que Kivoo"] < 0


def test_what_follows_an_unlike_brand_is_its_own() -> None:
    praised, blamed = (
        explain(f"Tout va bien, contrairement à Kivoo {tail}.", TAGGER, language="fr").mentions[0]
        for tail in ("que j'adore", "que je déteste")
    )

    assert praised.score > blamed.score


def test_single_words_count_less_beside_a_turn_of_phrase() -> None:
    text = "mieux que Kivoo"

    assert framed_share(text, "fr", frame(text)) < framed_share(text, "fr", Frame())


@pytest.mark.parametrize("language", sorted(GRAMMARS))
def test_every_turn_names_the_brand_and_is_of_a_known_kind(language: str) -> None:
    for turn in turns_of(language):
        assert TARGET in turn.pattern.pattern or turn.kind == "nothing"
        assert turn.keys
        assert turn.kind in SIDED | {"nothing"}


def test_every_kind_of_turn_has_a_name_in_explanations() -> None:
    assert set(TURN_RULES) == SIDED


WORDS = [
    *("mieux", "que", "plutôt", "Kivoo", "Lumoza", "chez", "mais", "pas", "plus", "jamais", "nul"),
    *("contrairement", "à", "quitté", "pour", "je", "retourne", ",", ".", "sauf", "qui", "super"),
    *("§", "¤", "entre", "et", "choisis", "à côté de", "bravo", "serait", "si", "…", ">"),
]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_evidence_of_turns_adds_up(words: list[str]) -> None:
    text = " ".join([*words, "Kivoo"])

    for mention in explain(text, TAGGER, language="fr").mentions:
        assert mention.score == squash(sum(item.weight for item in mention.evidence))
