"""Bylines as they are written, names as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.collectors.articles.byline import MAX_NAME_CHARS, names_in


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Par Camille Dupont", ["Camille Dupont"]),
        ("Rédigé par Camille Dupont et Léa Martin", ["Camille Dupont", "Léa Martin"]),
        ("Propos recueillis par Léa Martin, journaliste", ["Léa Martin"]),
        ("By JANE DOE | 12 March 2024", ["Jane Doe"]),
        ("Written by Jane O'Neil-Smith, Senior Editor", ["Jane O'Neil-Smith"]),
        ("Von Birgit Baumann, Anna Fink und Jan Marchart",
         ["Birgit Baumann", "Anna Fink", "Jan Marchart"]),
        ("Richard (R.J.) Eskow", ["Richard Eskow"]),
        ("Camille Dupont Tous ses articles", ["Camille Dupont"]),
        ("Hanna Probst Alle Artikel", ["Hanna Probst"]),
        ("Jane Doe View all posts by Jane Doe", ["Jane Doe"]),
        ("Von Hanna Probst, Frankfurt", ["Hanna Probst"]),
        ("Hanna Probst, AFP", ["Hanna Probst", "AFP"]),
        ("hp/dpa", ["hp/dpa"]),
        ("Pomme & i", ["Pomme & i"]),
        ("Ein Gastbeitrag von Hanna Probst", ["Hanna Probst"]),
        ("Une enquête de : Camille Dupont", ["Camille Dupont"]),
        ("Konstantin @ 12:00 am", ["Konstantin"]),
        ("lea@gazette.example (Léa Martin) @lea", []),
        ("https://www.facebook.com/gazette", []),
        ("", []),
    ],
)  # fmt: skip
def test_names(byline: str, names: list[str]) -> None:
    assert names_in(byline) == names


@given(st.text(max_size=300))
def test_any_text_gives_short_names_or_none(text: str) -> None:
    names = names_in(text)

    assert all(0 < len(name) <= MAX_NAME_CHARS for name in names)
    assert len(set(names)) == len(names)
