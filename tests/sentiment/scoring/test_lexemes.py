"""Splitting and folding of spellings, and the reach of negations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.scoring.lexemes import MAX_TOKENS, LexemeTable
from sentiment.scoring.spelling import TOKEN, fold_token


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


TRICKY = st.text(st.sampled_from("aen'’tljqu@#_.:;=)(-<>^!?3/ \n\u00a0\x1cœÉ😡xDw"), max_size=40)


@given(st.lists(st.text(max_size=80) | TRICKY, min_size=1, max_size=5))
def test_texts_cut_piece_by_piece_are_cut_as_a_whole(texts: list[str]) -> None:
    table = LexemeTable()

    batch = table.batch(texts)

    found = [list(TOKEN.finditer(text)) for text in texts]
    assert len(batch.lexemes) == sum(len(one) + 1 for one in found)
    for text, tokens in zip(texts, found, strict=True):
        assert table.split(text) == [table.number(one[0]) for one in tokens]
        assert table.spans([text])[0].tolist() == [list(one.span()) for one in tokens]


def test_a_text_without_end_is_read_up_to_a_limit() -> None:
    table = LexemeTable()

    for text in ("mot " * 10_000, "a." * 100_000):
        assert len(table.split(text)) == len(table.spans([text])[0]) == MAX_TOKENS


def test_memory_of_spellings_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sentiment.scoring.lexemes.MAX_REMEMBERED", 50)
    table = LexemeTable()

    for number in range(40):
        table.batch([f"mot{number}a mot{number}b mot{number}c"])

    assert len(table.folded) < 60
