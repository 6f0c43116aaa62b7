"""Sentences, numbers and dates as French and English readers expect them."""

from datetime import UTC, date, datetime

import pytest
from babel.messages.catalog import Catalog

from listening.translate import LANGUAGES, Translator, translator

FRENCH, ENGLISH = translator("fr"), translator("en")
FRIDAY = date(2026, 11, 20)


def test_sentence_is_translated_and_filled_in() -> None:
    assert FRENCH.gettext("unknown key {name}", name="terme") == "clé inconnue «\xa0terme\xa0»"
    assert ENGLISH.gettext("unknown key {name}", name="terme") == "unknown key terme"


def test_unknown_sentence_comes_back_as_it_is() -> None:
    assert FRENCH.gettext("No such sentence, {braces} and all") == (
        "No such sentence, {braces} and all"
    )


def test_empty_sentence_is_not_the_header_of_the_catalogue() -> None:
    assert FRENCH.gettext("") == ""


def test_values_are_never_read_as_templates() -> None:
    assert ENGLISH.gettext("unknown key {name}", name="{0.__class__}") == (
        "unknown key {0.__class__}"
    )


@pytest.mark.parametrize(
    ("language", "n", "expected"),
    [
        pytest.param("fr", 0, "0 pomme", id="french-zero-is-singular"),
        pytest.param("en", 0, "0 pommes", id="english-zero-is-plural"),
        pytest.param("fr", 1, "1 pomme", id="one"),
        pytest.param("fr", 1200, "1\xa0200 pommes", id="count-is-formatted"),
    ],
)
def test_plural_follows_the_language(language: str, n: int, expected: str) -> None:
    catalogue = Catalog(locale=language)
    catalogue.add(("{n} apple", "{n} apples"), ("{n} pomme", "{n} pommes"))

    assert Translator(language, catalogue).ngettext("{n} apple", "{n} apples", n) == expected


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        pytest.param("« Vigie »", "«\xa0Vigie\xa0»", id="guillemets"),
        pytest.param("Quoi ? Rien !", "Quoi\xa0? Rien\xa0!", id="high-punctuation"),
        pytest.param("écrivez : non", "écrivez\xa0: non", id="colon"),
        pytest.param("http://x.example/?a=1", "http://x.example/?a=1", id="addresses-stay"),
    ],
)
def test_french_punctuation_never_begins_a_line(typed: str, shown: str) -> None:
    catalogue = Catalog(locale="fr")
    catalogue.add("sentence", typed)

    assert Translator("fr", catalogue).gettext("sentence") == shown


def test_fuzzy_translation_is_not_shown() -> None:
    catalogue = Catalog(locale="fr")
    catalogue.add("sentence", "à revoir", flags=["fuzzy"])

    assert Translator("fr", catalogue).gettext("sentence") == "sentence"


@pytest.mark.parametrize(
    ("words", "value", "digits", "expected"),
    [
        pytest.param(FRENCH, 1234.5, 1, "1\xa0234,5", id="french"),
        pytest.param(ENGLISH, 1234.5, 1, "1,234.5", id="english"),
        pytest.param(FRENCH, 1234567, 0, "1\xa0234\xa0567", id="millions"),
        pytest.param(FRENCH, -0.2, 0, "0", id="no-negative-zero"),
        pytest.param(FRENCH, 3, 2, "3,00", id="always-as-many-decimals"),
        pytest.param(FRENCH, float("nan"), 1, "–", id="nothing-is-a-dash"),
    ],
)
def test_number(words: Translator, value: float, digits: int, expected: str) -> None:
    assert words.number(value, digits) == expected


@pytest.mark.parametrize(
    ("words", "share", "digits", "expected"),
    [
        pytest.param(FRENCH, 0.3, 0, "30\xa0%", id="french"),
        pytest.param(ENGLISH, 0.3, 0, "30%", id="english"),
        pytest.param(FRENCH, 0.3056, 1, "30,6\xa0%", id="decimals"),
        pytest.param(FRENCH, float("nan"), 0, "–", id="share-of-nothing"),
    ],
)
def test_percent(words: Translator, share: float, digits: int, expected: str) -> None:
    assert words.percent(share, digits) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_narrow_space_reaches_a_terminal(language: str) -> None:
    words = translator(language)
    texts = [words.number(1e9), words.percent(12.5), words.date(FRIDAY)]

    assert "\u202f" not in "".join(texts)


def test_days_are_written_in_full() -> None:
    assert FRENCH.date(FRIDAY) == "20 novembre 2026"
    assert FRENCH.date(date(2026, 12, 1)) == "1er décembre 2026"
    assert FRENCH.date(date(2026, 12, 11)) == "11 décembre 2026"
    assert ENGLISH.date(FRIDAY) == "20 November 2026"
    assert (FRENCH.weekday(FRIDAY), ENGLISH.weekday(FRIDAY)) == ("vendredi", "Friday")


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        pytest.param(
            datetime(2026, 11, 20, 23, 5, tzinfo=UTC), "21 novembre 2026 à 00:05", id="winter"
        ),
        pytest.param(datetime(2026, 7, 14, 9, 0, tzinfo=UTC), "14 juillet 2026 à 11:00", id="dst"),
    ],
)
def test_instant_is_shown_in_the_clients_time(instant: datetime, expected: str) -> None:
    assert FRENCH.datetime(instant, "Europe/Paris") == expected


def test_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        FRENCH.datetime(datetime(2026, 7, 14, 9, 0), "Europe/Paris")  # noqa: DTZ001 (the case)


def test_instant_is_not_taken_for_a_day() -> None:
    with pytest.raises(TypeError, match="time zone"):
        FRENCH.date(datetime(2026, 7, 14, 23, 0, tzinfo=UTC))


def test_lists_read_as_sentences() -> None:
    assert FRENCH.list(["a", "b", "c"]) == "a, b et c"
    assert ENGLISH.list(iter(["a", "b", "c"])) == "a, b and c"


def test_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="fr, en"):
        translator("de")
