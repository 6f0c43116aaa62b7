"""The shipped models: they load, say the same twice, and every score is the sum of its parts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.errors import TaggingError
from sentiment.scoring.abuse import AbuseModel
from sentiment.scoring.polarity import Explanation, Kind, PolarityModel
from sentiment.scoring.target import TargetModel
from sentiment.scoring.weights import models_digest

POLARITY = PolarityModel.load()
TARGET = TargetModel.load(POLARITY)
ABUSE = AbuseModel.load()
TEXTS = {
    "fr": ["Livraison rapide, je recommande !", "Service client injoignable, très déçu 😡"],
    "en": ["Quick delivery, highly recommended!", "Nobody answers the phone, so disappointed 😡"],
}


def assert_adds_up(found: Explanation) -> None:
    total = np.array(found.bias) + np.sum([part.logits for part in found.parts], axis=0)
    np.testing.assert_allclose(total, found.logits, atol=1e-3)


@pytest.mark.parametrize("kind", ["review", "social"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_praise_and_blame_are_told_apart(language: str, kind: Kind) -> None:
    good, bad = POLARITY.predict(TEXTS[language], language, kind)

    assert good.argmax() == 2
    assert bad.argmax() == 0
    np.testing.assert_allclose([good.sum(), bad.sum()], 1, atol=1e-5)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_parts_of_a_polarity_add_up(language: str) -> None:
    for text in TEXTS[language]:
        assert_adds_up(POLARITY.explain(text, language, "social"))


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=200), start=st.integers(0, 200), length=st.integers(1, 30))
def test_the_parts_of_a_target_add_up_whatever_the_text(text: str, start: int, length: int) -> None:
    text = f"{text} Kivoo"
    start = min(start, len(text) - 1)

    found = TARGET.explain(text, (start, min(start + length, len(text))), "fr")

    assert_adds_up(found)
    assert all(0 <= part.start < part.end <= len(text) for part in found.parts)


def test_one_text_two_brands_two_polarities() -> None:
    text = "Kivoo est génial alors que Lumoza est nul et jamais à l'heure."
    spans = [(text.index(name), text.index(name) + len(name)) for name in ("Kivoo", "Lumoza")]

    first, second = TARGET.predict([text, text], spans, "fr")

    assert first.argmax() == 2
    assert second.argmax() == 0


def test_the_name_of_a_brand_does_not_matter() -> None:
    texts = [f"Très satisfait de {name}, je recommande." for name in ("Kivoo", "Nul & Cie")]
    spans = [(18, 23), (18, 27)]

    first, second = TARGET.predict(texts, spans, "fr")

    np.testing.assert_allclose(first, second, atol=1e-6)


def test_neighbours_in_a_batch_do_not_matter() -> None:
    alone = [POLARITY.predict([text], "fr", "review")[0] for text in TEXTS["fr"]]

    together = POLARITY.predict(TEXTS["fr"] * 200, "fr", "review")

    np.testing.assert_allclose(together[:2], alone, atol=1e-5)


def test_a_text_of_unknown_source_is_judged_as_it_reads() -> None:
    post = "RT @kivoo : #climat, la marche de samedi à Paris https://t.co/a1b2"
    review = (
        "Commande passée le 3, livraison rapide et colis bien emballé. Le produit correspond à la"
        " description, le prix est correct et le service client répond vite. Je recommande ce site."
    )

    kinds: list[Kind] = ["social", "review"]

    found = POLARITY.score_all([post, review], "fr")

    for text, kind, one in zip([post, review], kinds, found, strict=True):
        expected = POLARITY.score_all([text], "fr", kind)[0]
        np.testing.assert_allclose(one.logits, expected.logits, atol=1e-5)
        np.testing.assert_allclose(one.parts, expected.parts, atol=1e-5)
        assert_adds_up(one.explanation())


def test_insults_are_told_from_talk() -> None:
    rude, polite = ABUSE.predict(["ferme ta gueule sale connard", "bonne journée à tous"], "fr")

    assert rude > 0.5 > polite
    assert_adds_up(ABUSE.score_all(["you are a pathetic idiot"], "en")[0].explanation())


def test_odd_texts_are_scored_in_bounded_time() -> None:
    odd = ["", "x", "😀" * 500, "https://a.example " * 50, "a" * 1_000_000, "\ud800 \x00", "שלום"]

    found = POLARITY.predict(odd, "fr", "social")

    assert found.shape == (len(odd), 3)
    assert np.isfinite(found).all()
    assert np.isfinite(TARGET.predict(["mot " * 200_000], [(400_000, 400_003)], "fr")).all()


def test_a_language_without_model_is_refused() -> None:
    with pytest.raises(TaggingError, match="'de'"):
        POLARITY.predict(["gut"], "de", "review")


def test_no_text_gives_no_row() -> None:
    assert POLARITY.predict([], "fr", "review").shape == (0, 3)
    assert TARGET.predict([], [], "en").shape == (0, 3)


def test_digest_names_what_is_shipped() -> None:
    assert len(models_digest()) == 64
