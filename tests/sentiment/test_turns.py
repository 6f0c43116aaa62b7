"""English turns of phrase: what they say of the brand in them, and what only looks like one."""

import pytest

from sentiment.components.turns import GRAMMARS, turns_by_key, turns_of
from sentiment.evaluate import Case, predict
from sentiment.lexicon import table_rows


def said_of(text: str) -> str:
    """Return the label of the brand between brackets."""
    start, end = text.index("["), text.index("]") - 1
    plain = text.replace("[", "").replace("]", "")
    return predict([Case(plain, "neu", "en", "", start, end)], task="targeted")[0].label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        pytest.param("After years I left Telmo for [Kivoo].", "pos", id="left-for"),
        pytest.param("After years I left [Telmo] for Kivoo.", "neg", id="left"),
        pytest.param("Nothing compares to the pies at [Kivoo].", "pos", id="nothing-compares"),
        pytest.param("Steer well clear of [Kivoo], believe me.", "neg", id="steer-clear"),
        pytest.param("Telmo can't hold a candle to [Kivoo].", "pos", id="candle"),
        pytest.param("We met at the little café next to [Kivoo].", "neu", id="landmark"),
        pytest.param("Can anyone recommend [Kivoo] for a weekend?", "neu", id="asked-for"),
        pytest.param("Thanks [Kivoo] for losing my suitcase again.", "neg", id="jeered"),
    ],
)
def test_a_turn_of_phrase_decides(text: str, label: str) -> None:
    assert said_of(text) == label


@pytest.mark.parametrize("language", sorted(GRAMMARS))
def test_every_line_of_a_table_can_be_found(language: str) -> None:
    lines = list(table_rows(f"relations_{language}.tsv"))

    found = {number for numbers in turns_by_key(language).values() for number in numbers}

    assert len(turns_of(language)) == len(lines)
    assert found == set(range(len(lines)))


def test_other_languages_have_no_turns() -> None:
    assert turns_of("other") == ()
