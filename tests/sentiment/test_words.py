"""Tokens tile the text, and sentences end where a reader ends them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.text import fold
from sentiment.words import MAX_SENTENCE, Words, cut, find_sentences


def sentences_of(text: str, language: str = "fr") -> list[str]:
    words = cut(text, fold(text), language)
    return [words.written(begin, end).strip() for begin, end in find_sentences(words)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("Bon. Cher.", ["Bon.", "Cher."], id="full-stops"),
        pytest.param("Quoi ?! Non !", ["Quoi ?!", "Non !"], id="french-spacing"),
        pytest.param("M. Dupont et Mme. Roy", ["M. Dupont et Mme. Roy"], id="titles"),
        pytest.param("Voir J. Petit. Fin.", ["Voir J. Petit.", "Fin."], id="initial"),
        pytest.param("Prix : 3.50 € env. ici", ["Prix : 3.50 € env. ici"], id="number-and-env"),
        pytest.param("bof... pas terrible", ["bof... pas terrible"], id="ellipsis-goes-on"),
        pytest.param(
            "Il dit « Non ! » Puis rien.", ["Il dit « Non ! »", "Puis rien."], id="quotes"
        ),
        pytest.param("Titre\nTexte", ["Titre", "Texte"], id="line-break"),
        pytest.param("Voir exemple.example ici", ["Voir exemple.example ici"], id="host-name"),
        pytest.param("", [], id="empty"),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert sentences_of(text) == sentences


def test_a_sentence_without_end_is_cut() -> None:
    assert len(sentences_of("mot " * (3 * MAX_SENTENCE))) == 3


@pytest.mark.parametrize(
    ("language", "text", "norms"),
    [
        pytest.param(
            "fr", "L'Œuf n'est pas là", ["l'", "oeuf", "n'", "est", "pas", "la"], id="elision"
        ),
        pytest.param("fr", "aujourd’hui", ["aujourd'hui"], id="apostrophe-of-a-word"),
        pytest.param("en", "I don't know", ["i", "don't", "know"], id="english-contraction"),
        pytest.param("fr", "nul :( 2/10 !!!", ["nul", ":(", "2/10", "!!!"], id="signs"),
        pytest.param("fr", "bien-être", ["bien", "-", "etre"], id="hyphen"),
    ],
)
def test_tokens(language: str, text: str, norms: list[str]) -> None:
    assert cut(text, fold(text), language).norms == norms


@given(st.text(st.characters(exclude_categories=[]), max_size=60), st.sampled_from(["fr", "en"]))
def test_tokens_and_sentences_cover_the_whole_text(text: str, language: str) -> None:
    words: Words = cut(text, fold(text), language)

    between = "".join(
        words.folded.text[end:start]
        for end, start in zip(
            [0, *words.ends], [*words.starts, len(words.folded.text)], strict=True
        )
    )
    assert set(between) <= {" "}
    covered = [token for begin, end in find_sentences(words) for token in range(begin, end)]
    assert covered == list(range(len(words.norms)))
