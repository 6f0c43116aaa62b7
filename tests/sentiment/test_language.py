"""French, English and everything else."""

import pytest

from listening.text import FOLDED_WORD, fold
from sentiment.language import find_language


def language_of(text: str, declared: str | None = None) -> str:
    return find_language(text, FOLDED_WORD.findall(fold(text).text), declared=declared)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("fr", "Le service était rapide et l'accueil chaleureux.", id="french"),
        pytest.param("fr", "c trop bien les gens sont sympa avec nous", id="french-of-the-web"),
        pytest.param("fr", "Je n'ai jamais été déçu", id="french-short"),
        pytest.param("en", "The staff was friendly and the food is great.", id="english"),
        pytest.param("en", "i can't believe this is what we paid for", id="english-short"),
        pytest.param("other", "El servicio es muy bueno y la comida está rica.", id="spanish"),
        pytest.param("other", "Il servizio è ottimo e il cibo molto buono.", id="italian"),
        pytest.param("other", "O serviço é muito bom e a comida também.", id="portuguese"),
        pytest.param("other", "Das Essen war sehr gut und die Bedienung auch.", id="german"),
        pytest.param("other", "Het eten was heel goed en de bediening ook.", id="dutch"),
        pytest.param("other", "الخدمة ممتازة والطعام لذيذ", id="arabic"),
        pytest.param("other", "Обслуживание было отличным", id="russian"),
        pytest.param("other", "サービスがとても良かったです", id="japanese"),
        pytest.param("other", "", id="empty"),
        pytest.param("other", "😀 https://a.example", id="nothing-to-read"),
    ],
)
def test_language_is_found_without_help(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        pytest.param("Orange", "fr", "fr", id="one-name-declared-french"),
        pytest.param("Orange", "en-GB", "en", id="longer-tag"),
        pytest.param("Orange", "de_AT", "other", id="declared-german"),
        pytest.param("Orange", None, "other", id="nothing-declared"),
        pytest.param("top !", "FR", "fr", id="capitals"),
        pytest.param(
            "The staff was friendly and the food is great, we will be back.",
            "fr",
            "en",
            id="the-text-overrules-a-wrong-declaration",
        ),
    ],
)
def test_the_declared_language_decides_only_what_the_text_leaves_open(
    text: str, declared: str | None, language: str
) -> None:
    assert language_of(text, declared) == language
