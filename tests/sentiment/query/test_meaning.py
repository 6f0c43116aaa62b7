"""What each operator means, by example; hits, zones, and what a SAUF kept out."""

import pytest

from listening.model import Exclusion, ExclusionReason
from sentiment.matching import BrandMatcher, Matches
from sentiment.query.evaluate import Facts
from tests.builders import make_brand

FACTS = Facts(
    title_length=len("Orange en panne"),
    host="www.gazette.example",
    author_key="key of Jean Dupont",
    language="fr",
    source_type="press",
)
TEXT = "Orange en panne\nLe mobile ne marche plus. La box d'Orange non plus, dit M. Azur à Lyon !"


def match(query: str, text: str = TEXT, **brand: object) -> Matches:
    watched = make_brand("b", **({"terms": (), "query": query} | brand))
    return BrandMatcher([watched], lambda name: f"key of {name}").match(text, None, FACTS)


@pytest.mark.parametrize(
    ("query", "is_true"),
    [
        pytest.param("orange ET mobile", True, id="and"),
        pytest.param("orange ET absent", False, id="and-missing"),
        pytest.param("orange mobile", True, id="side-by-side-means-and"),
        pytest.param('"orange mobile"', False, id="phrase"),
        pytest.param("absent OU mobile", True, id="or"),
        pytest.param("orange SAUF lyon", False, id="not"),
        pytest.param("orange SAUF (fruit OU jus)", True, id="not-group"),
        pytest.param("orange PROCHE/1 panne", True, id="near-one-word-between"),
        pytest.param("orange PROCHE/0 panne", False, id="near-adjacent"),
        pytest.param("panne NEAR/1 orange", True, id="near-either-order"),
        pytest.param("panne SUIVI/1 orange", False, id="ordered"),
        pytest.param("orange ONEAR/1 panne", True, id="ordered-english"),
        pytest.param("orange NEAR/1f panne", True, id="ordered-as-brandwatch"),
        pytest.param("box MÊME_PHRASE lyon", True, id="same-sentence-over-an-abbreviation"),
        pytest.param("mobile SAME_SENTENCE box", False, id="other-sentence"),
        pytest.param("titre:orange", True, id="title"),
        pytest.param("titre:mobile", False, id="not-in-the-title"),
        pytest.param("titre:(orange ET panne) ET box", True, id="title-group"),
        pytest.param("min:2 orange", True, id="twice"),
        pytest.param("min:3 orange", False, id="not-thrice"),
        pytest.param("pann*", True, id="star"),
        pytest.param("mob*le", True, id="star-inside"),
        pytest.param("pann?", True, id="question-mark"),
        pytest.param("pann??", False, id="each-mark-is-one-letter"),
        pytest.param("orange site:gazette.example", True, id="site-and-below"),
        pytest.param("orange site:azette.example", False, id="site-is-no-suffix"),
        pytest.param('orange auteur:"Jean Dupont"', True, id="author"),
        pytest.param('orange auteur:"Jean"', False, id="author-whole"),
        pytest.param("orange langue:fr type:presse", True, id="language-and-type"),
        pytest.param("orange SAUF type:(blog OU forum)", True, id="facts-after-not"),
        pytest.param("exact:Orange", True, id="exact"),
        pytest.param("exact:orange", False, id="exact-case"),
    ],
)
def test_operators(query: str, is_true: bool) -> None:
    assert bool(match(query).hits) == is_true


def test_what_stands_first_names_the_brand_and_the_rest_is_context() -> None:
    hits = match("orange ET (mobile OU box)").hits

    assert [(TEXT[hit.start : hit.end], hit.zone) for hit in hits] == [
        ("Orange", "title"),
        ("Orange", "body"),
    ]


def test_a_text_kept_out_says_by_what() -> None:
    matches = match("orange SAUF (fruit OU lyon) SAUF jus")

    assert matches.exclusions == (
        Exclusion(
            brand_id="b",
            reason=ExclusionReason.NOT,
            clause="SAUF (fruit OU lyon)",
            query_version="q1",
        ),
    )


def test_nothing_is_kept_out_of_a_text_without_the_brand() -> None:
    assert match("kiwi SAUF lyon") == Matches()


@pytest.mark.parametrize(
    ("brand", "reason", "clause"),
    [
        pytest.param({"excluded_terms": ("panne",)}, "exclude", "panne", id="excluded-term"),
        pytest.param({"context_terms": ("kiwi", "noix")}, "context", "kiwi, noix", id="context"),
    ],
)
def test_terms_say_too_what_kept_a_text_out(
    brand: dict[str, object], reason: str, clause: str
) -> None:
    matches = match("", "Orange en panne", terms=("Orange",), **brand)

    assert not matches.hits
    assert [(one.reason.value, one.clause) for one in matches.exclusions] == [(reason, clause)]


def test_a_brand_is_found_by_its_terms_or_its_query() -> None:
    assert len(match("mobile ET panne", terms=("Orange",)).hits) == 3


def test_a_name_inside_another_brands_longer_name_is_not_meant() -> None:
    brands = [
        make_brand("short", terms=(), query="orange SAUF fruit"),
        make_brand("long", terms=("Orange Azur",)),
    ]

    assert {hit.brand_id for hit in BrandMatcher(brands).find("Chez Orange Azur")} == {"long"}


def test_no_query_is_slow_on_a_text_made_for_it() -> None:
    """Bounded work, counted in places: each literal at most once for each word."""
    word = "a" * 30
    deep = "(" * 20 + f"{word} OU {word}b" + ")" * 20
    near = " PROCHE/100 ".join([word] * 20)
    query = f"({near}) ET {deep} ET min:100 {word} ET aaa*a*a*b SAUF aaaa*a*a*c"

    assert not match(query, " ".join([word] * 5_000)).hits


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("o", id="one-letter"),
        pytest.param("\U0001f600\U0001f44d\U0001f3fd " * 500, id="emoji"),
        pytest.param("https://orange.example/?q=orange " * 200, id="addresses"),
        pytest.param(
            "\u0627\u0644\u0628\u0631\u062a\u0642\u0627\u0644 \u202eegnaro\u202c orange",
            id="right-to-left",
        ),
        pytest.param("orange\x00box\x00", id="nul"),
        pytest.param("\ud800orange\udfff box", id="broken-surrogates"),
        pytest.param(("orange box " + "mot " * 50) * 4_740, id="a-million-characters"),
    ],
)
def test_any_text_can_be_asked(text: str) -> None:
    query = "(orange OU oran*) PROCHE/3 (box OU mobile) SAUF (orange MÊME_PHRASE jus)"

    hits = match(query, text).hits

    assert all(text[hit.start : hit.end] == "orange" for hit in hits)
