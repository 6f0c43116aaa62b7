"""Splitting and folding of spellings, and the reach of negations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.scoring.lexemes import LexemeTable, fold_token


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        pytest.param("Déçuuuu", "decuu", id="accents-and-elongation"),
        pytest.param("ŒUF", "oeuf", id="ligature"),
        pytest.param("@Nadia_B", "<user>", id="handle"),
        pytest.param("https://exemple.example/a", "<url>", id="address"),
        pytest.param("???", "??", id="marks"),
        pytest.param("?!?", "!?", id="mixed-marks"),
        pytest.param("10/10", "10/10", id="grade"),
        pytest.param("1850", "0000", id="number"),
    ],
)
def test_spellings_of_one_word_meet(written: str, folded: str) -> None:
    assert fold_token(written) == folded


def test_negation_reaches_to_the_end_of_its_clause() -> None:
    table = LexemeTable()

    batch = table.batch(["je ne recommande pas, service parfait"])

    negated = [
        table.folded[n] for n, is_in in zip(batch.lexemes, batch.is_negated, strict=True) if is_in
    ]
    assert negated == ["recommande"]


@given(st.lists(st.text(max_size=80), min_size=1, max_size=5))
def test_any_text_is_cut_with_a_span_for_each_token(texts: list[str]) -> None:
    table = LexemeTable()

    batch = table.batch(texts)

    counts = [len(table.spans(text)) + 1 for text in texts]
    assert len(batch.lexemes) == sum(counts)
    assert all(0 <= start < end <= len(text) for text in texts for start, end in table.spans(text))


def test_memory_of_spellings_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sentiment.scoring.lexemes.MAX_REMEMBERED", 50)
    table = LexemeTable()

    for number in range(40):
        table.batch([f"mot{number}a mot{number}b mot{number}c"])

    assert len(table.folded) < 60
