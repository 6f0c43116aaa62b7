"""The folding table of French brand names: ten awkward names in all the ways people write them."""

import re
from pathlib import Path

import pytest

from listening.query.nodes import Literal
from listening.query.parser import Query, read_query
from sentiment.matching import BrandMatcher
from tests.builders import make_brand

DOCS = Path(__file__).parents[3] / "docs"
#: Name, and spellings each of which is one hit.
TABLE = {
    "L'Œuf à la Coque": (
        "l'oeuf à la coque", "L'ŒUF À LA COQUE", "l'oeuf a la coque", "L'Oeuf-à-la-Coque",
        "#loeufalacoque", "@LOeufALaCoque", "l' œuf à la coque", "L’Œuf\u00a0à\u202fla Coque",
    ),
    "Cœur-d'Aubépine": (
        "coeur d'aubepine", "CŒUR D’AUBÉPINE", "Coeur-d-Aubepine", "#coeurdaubepine",
        "cœur d' aubépine", "Cœur d\u02bcAubépine",
    ),
    "Crêpes & Cie": (
        "crepes & cie", "CRÊPES ET CIE", "Crêpes&Cie", "crêpes and cie", "Crêpes - & - Cie",
    ),
    "Ça Mousse !": ("ca mousse", "ÇA MOUSSE !", "Ça-Mousse", "#camousse", "c\u0327a mousse"),
    "Aÿ-Maÿ": ("ay may", "AŸ-MAŸ", "Ay-May", "@aymay", "aÿ-\u00admaÿ"),
    "Naïf & Fées d'Été": (
        "naif & fees d'ete", "NAÏF ET FÉES D’ÉTÉ", "Naïf&Fées d'été", "naïf et fées-d'été",
    ),
    "Ex-Æquo": ("ex aequo", "EX-ÆQUO", "Ex æquo", "#exaequo", "ex\u2011aequo"),
    "J'ADORE Où": ("j'adore ou", "J’adore où", "jadore où", "#jadoreou", "J' Adore-Où"),
    "Là-Haut 2.0": ("la haut 2.0", "LÀ-HAUT 2.0", "là\u2011haut 2 0", "Là haut 2.0", "là haut 2 0"),
    "Œ comme Œillet": ("oe comme oeillet", "Œ COMME ŒILLET", "#oecommeoeillet", "œ-comme-œillet"),
}  # fmt: skip
CASES = [
    pytest.param(name, written, id=f"{name}-{number}")
    for name, spellings in TABLE.items()
    for number, written in enumerate((name, *spellings))
]


@pytest.mark.parametrize(("name", "written"), CASES)
def test_a_name_is_found_however_it_is_written(name: str, written: str) -> None:
    text = f"Hier chez {written} avec Zoé."
    by_terms = BrandMatcher([make_brand("b", terms=(name,))])
    by_query = BrandMatcher([make_brand("b", terms=(), query=f'"{name}"')])

    for matcher in (by_terms, by_query):
        (hit,) = matcher.find(text)
        # Signs after the last letter belong to no word.
        assert text[hit.start : hit.end] == written.lstrip("#@").rstrip(" !")


@pytest.mark.parametrize("page", ["queries.md", "requetes.md"])
def test_the_table_of_the_manual_is_this_one(page: str) -> None:
    rows = re.findall(
        r"^\| ([^|`]+?) \| (`.+`) \|$", (DOCS / page).read_text("utf-8"), re.MULTILINE
    )
    shown = {name: set(re.findall(r"`([^`]+)`", cell)) for name, cell in rows if name in TABLE}

    assert shown.keys() == TABLE.keys()
    for name, spellings in shown.items():
        assert spellings <= set(TABLE[name])


@pytest.mark.parametrize("name", TABLE)
def test_exact_switches_it_off(name: str) -> None:
    exact = name.removesuffix(" !")
    matcher = BrandMatcher([make_brand("b", terms=(), query=f'exact:"{exact}"')])

    assert matcher.find(f"Chez {exact}, hier")
    assert not matcher.find(f"Chez {exact.lower()}, {exact.upper()}x hier")


@pytest.mark.parametrize(
    ("query", "written", "is_found"),
    [
        pytest.param('formes:"Le Slip Azur"', "les soldes du Slip Azur", True, id="contracted"),
        pytest.param('"Le Slip Azur"', "les soldes du Slip Azur", False, id="not-asked-for"),
        pytest.param('formes:"Les Halles"', "aux halles", True, id="contracted-plural"),
        pytest.param("formes:opale", "deux opales", True, id="plural"),
        pytest.param("formes:bateau", "des bateaux", True, id="plural-in-x"),
        pytest.param("formes:opale", "la boutique dopale", True, id="elision-glued"),
        pytest.param("opale", "la boutique d'opale", True, id="elision-is-always-understood"),
        pytest.param("opale", "deux opales", False, id="plural-not-asked-for"),
    ],
)
def test_forms_of_a_name_on_request(query: str, written: str, is_found: bool) -> None:
    assert bool(BrandMatcher([make_brand("b", terms=(), query=query)]).find(written)) == is_found


def test_the_name_is_one_literal() -> None:
    assert read_query("«L’Œuf à la Coque»") == Query(
        "«L’Œuf à la Coque»", Literal("L’Œuf à la Coque")
    )
