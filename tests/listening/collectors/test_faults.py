"""The vocabulary is complete and explained."""

import pytest

from listening.collectors import faults

WORDS = [
    value
    for name, value in vars(faults).items()
    if name.isupper() and isinstance(value, str) and name != "EXPLANATIONS"
]


def test_every_word_is_explained_and_every_explanation_is_of_a_word() -> None:
    assert set(WORDS) == set(faults.EXPLANATIONS)


@pytest.mark.parametrize("word", WORDS)
def test_words_are_safe_as_labels(word: str) -> None:
    assert word.replace("_", "").isalpha()
    assert word.islower()


def test_statuses_are_words_too() -> None:
    assert faults.http_reason(404) == "http_404"
    assert faults.explain("http_404")


def test_unknown_words_are_mistakes() -> None:
    with pytest.raises(KeyError):
        faults.explain("something_odd")


def test_faults_are_listed_once_in_order() -> None:
    assert faults.in_order(["b", "a", "b"]) == ("a", "b")
