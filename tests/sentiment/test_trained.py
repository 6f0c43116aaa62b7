"""What the trained models add to the rules: long texts, two brands, evidence that still adds up."""

import math

import pytest

from listening.model import Polarity
from sentiment.annotate import build_tagger, explain, model_version
from sentiment.components.trained import rule_share
from sentiment.judgement import squash
from sentiment.scoring.weights import models_digest
from tests.builders import make_brand

TAGGER = build_tagger([make_brand("kivoo"), make_brand("lumoza")])
LONG = (
    "Commande passée il y a trois semaines, colis annoncé deux fois et jamais arrivé. J'ai écrit "
    "quatre mails et appelé chaque jour, personne n'est capable de me dire où il se trouve. "
    "La prochaine fois je retourne chez Lumoza, au moins on y répond. Kivoo c'est terminé."
)


def test_a_long_review_is_judged_toward_each_brand() -> None:
    found = {m.brand_id: m.polarity for m in explain(LONG, TAGGER, language="fr").mentions}

    assert found == {"kivoo": Polarity.NEGATIVE, "lumoza": Polarity.POSITIVE}


@pytest.mark.parametrize("text", [LONG, "Kivoo est parfait.", "Kivoo ouvre à Nantes."])
def test_evidence_of_rules_and_models_adds_up(text: str) -> None:
    for mention in explain(text, TAGGER, language="fr").mentions:
        assert mention.score == squash(math.fsum(item.weight for item in mention.evidence))


def test_rules_fade_with_length() -> None:
    assert rule_share("Kivoo", "fr") == 1.0
    assert rule_share("Kivoo " * 2_000, "en") == 0.0


def test_rules_reach_farther_where_a_text_turns() -> None:
    plain = "Le service client de Kivoo répond, la livraison fut longue ce mois."

    assert rule_share(plain.replace(", la", ", mais la"), "fr") > rule_share(plain, "fr")


def test_the_version_follows_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    before = model_version()
    monkeypatch.setattr("sentiment.annotate.models_digest", lambda: "0" * len(models_digest()))
    model_version.cache_clear()

    after = model_version()

    monkeypatch.undo()
    model_version.cache_clear()
    assert before != after


def test_an_insult_off_the_list_is_flagged_with_its_words() -> None:
    text = "Kivoo vous êtes vraiment des grosses merdes, allez crever"
    (mention,) = explain(text, TAGGER, language="fr").mentions

    (item,) = [one for one in mention.evidence if one.term.startswith("insult:")]
    assert "insult" in mention.flags
    assert text[item.start : item.end] == item.term.removeprefix("insult:")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Chez Kivoo nous avons pris un filet mignon de porc, très tendre.", id="dish"),
        pytest.param("J'ai envoyé une mise en demeure à Kivoo par recommandé.", id="legal"),
        pytest.param("Il se dégage de Kivoo une ambiance chaleureuse.", id="verb"),
        pytest.param("L'auteur s'attarde sur les débuts de Kivoo.", id="accent"),
        pytest.param("Nouvelle collabo entre Kivoo et un illustrateur.", id="abbreviation"),
    ],
)
def test_a_word_that_looks_like_an_insult_is_none(text: str) -> None:
    (mention,) = explain(text, TAGGER, language="fr").mentions

    assert "insult" not in mention.flags


def test_a_plain_complaint_is_no_insult() -> None:
    (mention,) = explain("Kivoo ne répond jamais, je suis déçue.", TAGGER, language="fr").mentions

    assert "insult" not in mention.flags
