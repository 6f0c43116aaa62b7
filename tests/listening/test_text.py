"""Folding: what counts as the same spelling, and how offsets lead back."""

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from listening.text import FOLDED_WORD, fold, fold_term, folded_words

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=60)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("l'oeuf à la coque", id="oe-in-two-letters"),
        pytest.param("L'ŒUF À LA COQUE", id="capitals"),
        pytest.param("l'oeuf a la coque", id="no-accents"),
        pytest.param("L'Oeuf-à-la-Coque", id="hyphens"),
        pytest.param("l' œuf à la coque", id="space-after-the-apostrophe"),
        pytest.param("L’Œuf à la Coque", id="typographic-apostrophe"),
        pytest.param("L\u02bcŒuf\u00a0à\u202fla\u2009Coque", id="no-break-and-thin-spaces"),
        pytest.param("L'Œuf à la Co\u00adque", id="soft-hyphen"),
        pytest.param("L'Œuf à la\u200b \ufeffCoque", id="zero-width"),
        pytest.param(unicodedata.normalize("NFD", "L'Œuf à la Coque"), id="decomposed"),
        pytest.param("L'Œuf–à—la\u2011Coque", id="dashes"),
        pytest.param("L’\uff2f\uff45\uff55\uff46 à la Coque", id="full-width"),
    ],
)
def test_every_french_spelling_has_one_key(written: str) -> None:
    assert fold_term(written) == "l oeuf a la coque"


@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text).text

    assert fold(once).text == once
    assert fold_term(fold_term(text)) == fold_term(text)


@given(ANY_TEXT)
@example("Þ")  # one character that becomes two, alone
@example("Þ\u200b")  # as long folded as before
def test_offsets_never_go_back_and_cover_what_they_came_from(text: str) -> None:
    folded = fold(text)

    starts = [folded.start_of(index) for index in range(len(folded.text) + 1)]

    assert starts == sorted(starts)
    assert starts[-1] == len(text)
    for index, start in enumerate(starts[:-1]):
        end = folded.end_of(index + 1)
        assert 0 <= start < end <= len(text)
        assert folded.text[index] in fold(text[start:end]).text


@given(ANY_TEXT)
def test_index_of_inverts_start_of(text: str) -> None:
    folded = fold(text)

    for index in range(len(folded.text)):
        assert folded.start_of(folded.index_of(folded.start_of(index))) == folded.start_of(index)


@given(ANY_TEXT)
def test_composed_and_decomposed_texts_fold_alike(text: str) -> None:
    composed = fold(unicodedata.normalize("NFC", text)).text

    assert fold(unicodedata.normalize("NFD", text)).text == composed


@given(
    st.text(st.sampled_from("ab9&+_-' \n\t\x1cé…€日ª²\u0301\u200d\ud800😡"), max_size=30) | ANY_TEXT
)
def test_words_are_cut_fast_as_they_are_cut_slowly(text: str) -> None:
    for one in (text, fold(text).text):
        assert folded_words(one) == FOLDED_WORD.findall(one)


def test_an_accent_on_its_own_belongs_to_its_letter() -> None:
    text = "cafe\u0301 noir"

    folded = fold(text)

    assert text[folded.start_of(0) : folded.end_of(4)] == "cafe\u0301"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 1_000_000, id="ascii"),
        pytest.param("œ\x00\ud800e\u0301" * 200_000, id="nothing-is-one-to-one"),
        pytest.param("مرحبا " * 170_000, id="right-to-left"),
        pytest.param("😀👩‍🚀" * 250_000, id="emoji"),
    ],
)
def test_a_million_characters_fold_in_bounded_time(text: str) -> None:
    started = time.process_time()

    folded = fold(text)
    folded.end_of(len(folded.text) // 2)

    assert time.process_time() - started < 3
