"""« Pourquoi ? »: what is shown adds up, in both languages."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.errors import ConfigError
from listening.jobs.explain import explain_typed, explanation_as_json, explanation_lines
from listening.jobs.explain_page import CASES
from listening.model import Polarity
from listening.translate import translator
from sentiment.annotate import build_tagger
from sentiment.annotate import explain as tag_typed
from sentiment.explaining import Explanation, explained, rounded_to_sum
from sentiment.judgement import squash
from tests.builders import make_brand, make_mention

WORDS = [
    *("excellent", "nul", "pas", "jamais", "très", "mais", "que", "mieux", "plus", "cher", "bravo"),
    *("service", "!", "?", "«", "»", ",", ".", "😡", "😍", "merci", "déçu", "si", "par contre"),
    *("great", "awful", "not", "never", "but", "than", "better", "the", "is", "Mobiluce"),
]
TAGGER = build_tagger([make_brand("volterna", terms=("Volterna",))])


def explain(text: str, brand: str = "Volterna") -> Explanation:
    (found,) = explain_typed(text, [brand])
    return found


def shown_numbers(lines: list[str]) -> list[float]:
    """Return the signed numbers of the table, the sum last."""
    rows = [re.match(r" +([+\u2212]?)(\d+),(\d\d)  ", line) for line in lines]
    return [(-1 if row[1] == "\u2212" else 1) * float(f"{row[2]}.{row[3]}") for row in rows if row]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.integers(0, 40))
def test_evidence_adds_up_to_the_score_as_stored_and_as_shown(words: list[str], at: int) -> None:
    text = " ".join([*words[:at], "Volterna", *words[at:]])

    (mention,) = tag_typed(text, TAGGER).mentions
    one = explained(mention, text)

    assert one.mention.score == squash(one.raw)
    assert sum(item.weight for item in one.terms) == one.raw
    *weights, total = shown_numbers(explanation_lines(one, translator("fr"))) or [0.0]
    assert round(sum(weights), 2) == total
    assert abs(total - one.raw) <= 0.005 + 1e-9


@given(st.lists(st.floats(-20, 20), max_size=30), st.integers(0, 3))
def test_rounded_weights_add_up_and_stay_near(weights: list[float], digits: int) -> None:
    rounded, total = rounded_to_sum(weights, digits)

    unit = 10**-digits
    assert sum(round(x * 10**digits) for x in rounded) == round(total * 10**digits)
    assert all(abs(a - b) <= unit + 1e-9 for a, b in zip(rounded, weights, strict=True))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        pytest.param("contrast", "Volterna est joli mais trop cher.", id="contrast"),
        pytest.param("comparison", "Mobiluce est bien mieux que Volterna.", id="comparison"),
        pytest.param("unlike", "Contrairement à Volterna, ils sont sérieux.", id="unlike"),
        pytest.param("landmark", "Le bar à côté de Volterna est infect.", id="landmark"),
        pytest.param("conditional", "Si Volterna était bon, j'irais.", id="conditional"),
        pytest.param("question", "Est-ce que Volterna est bien ?", id="question"),
        pytest.param("quotation", "« Une honte », dit un client de Volterna.", id="quotation"),
        pytest.param("mockery", "Thanks Volterna for losing my parcel.", id="mockery-english"),
    ],
)
def test_the_rules_that_applied_are_named(rule: str, text: str) -> None:
    assert rule in {one.name for one in explain(text).rules}


def test_a_rule_is_told_with_its_words() -> None:
    (rule,) = explain("Le bar à côté de Volterna est infect.").rules

    assert rule.words == "à côté de Volterna"


def test_another_language_is_not_judged_and_says_so() -> None:
    one = explain("El servicio de Volterna es muy malo y la comida también.")

    assert (one.mention.polarity, one.raw, one.rules) == (Polarity.UNKNOWN, 0.0, ())
    assert "Rien n'est deviné" in "\n".join(explanation_lines(one, translator("fr")))


def test_negated_terms_irony_and_signals_are_marked() -> None:
    french = translator("fr")

    negated = "\n".join(explanation_lines(explain("Volterna n'est pas fiable."), french))
    ironic = "\n".join(explanation_lines(explain("Bravo Volterna, encore en panne 👏"), french))

    assert "fiable (nié)" in negated
    assert "Signal\xa0: ironie" in ironic


def test_what_a_person_said_comes_first() -> None:
    mention = make_mention()

    one = explained(mention, "L'Œuf froid", human_polarity="positive", human_by="camille")

    assert "camille says: ▲ positive; that counts" in explanation_lines(one, translator("en"))[2]


def test_title_and_text_are_told_apart() -> None:
    one = explained(make_mention(), "L'Œuf à la Coque\nUn repas froid", title_length=16)

    assert explanation_as_json(one)["hits"][0]["zone"] == "title"


def test_a_brand_that_the_text_does_not_name_is_an_error() -> None:
    with pytest.raises(ConfigError, match="does not name"):
        explain_typed("Rien ici", ["Volterna"])


def test_the_page_shows_ten_cases_with_their_brands() -> None:
    assert len(CASES) == 10
    assert all(name in text for _, _, text, names in CASES for name in names)
