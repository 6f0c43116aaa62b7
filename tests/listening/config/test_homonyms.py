"""Names that are words of every day are told from names that are not."""

from importlib.resources import files

import pytest

from listening.config.homonyms import is_risky
from listening.text import fold_term


@pytest.mark.parametrize(
    "term",
    [
        pytest.param("Orange", id="brand-that-is-a-word"),
        pytest.param("Pomme", id="fruit"),
        pytest.param("La Pomme", id="article"),
        pytest.param("Les Pommes", id="plural"),
        pytest.param("Le Printemps", id="season"),
        pytest.param("L'Éclat", id="elided-article-and-accent"),
        pytest.param("L’Abeille", id="typographic-apostrophe"),
        pytest.param("ÉMERAUDE", id="capitals"),
        pytest.param("Les Châteaux", id="plural-in-x"),
        pytest.param("Cœur", id="ligature"),
        pytest.param("Le Zinc", id="metal"),
        pytest.param("BNP", id="short"),
    ],
)
def test_a_common_word_is_risky(term: str) -> None:
    assert is_risky(term)


@pytest.mark.parametrize(
    "term",
    [
        pytest.param("Volterna", id="made-up-word"),
        pytest.param("Orange Bleue", id="two-words"),
        pytest.param("La Tartine Dorée", id="article-and-two-words"),
        pytest.param("Michelin", id="family"),
    ],
)
def test_a_name_of_its_own_is_not(term: str) -> None:
    assert not is_risky(term)


def test_the_list_is_folded_and_says_every_word_once() -> None:
    text = (files("listening.config") / "common_words.txt").read_text(encoding="utf-8")
    words = [
        word for line in text.splitlines() if not line.startswith("#") for word in line.split()
    ]

    assert [word for word in words if fold_term(word) != word] == []
    assert len(words) == len(set(words))
    assert len(words) > 1000
