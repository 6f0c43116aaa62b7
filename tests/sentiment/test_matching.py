"""Brands are found in every spelling, homonyms are not, and the number of terms costs nothing."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.text import FOLDED_WORD, fold, fold_term
from sentiment.matching import BrandMatcher
from sentiment.terms import MAX_GAP, TermTrie, WordTable
from tests.builders import make_brand

OEUF = make_brand("oeuf", terms=("L'Œuf à la Coque",))


def found(matcher: BrandMatcher, text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in matcher.find(text)]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("l'oeuf à la coque", id="two-letters"),
        pytest.param("L'ŒUF À LA COQUE", id="capitals"),
        pytest.param("l'oeuf a la coque", id="no-accents"),
        pytest.param("L'Oeuf-à-la-Coque", id="hyphens"),
        pytest.param("l' œuf à la coque", id="space-after-apostrophe"),
        pytest.param("loeuf à la coque", id="apostrophe-forgotten"),
        pytest.param("L’Œuf\u00a0à la Coque", id="typographic"),
        pytest.param("L'Œ\u00aduf à la\u200b Coque", id="invisible-characters"),
        pytest.param("L'Œuf a\u0300 la Coque", id="decomposed"),
        pytest.param("l'œuf\nà la coque", id="over-a-line-break"),
    ],
)
def test_every_spelling_of_the_name_is_one_hit(written: str) -> None:
    text = f"Hier, {written} était fermé."

    assert found(BrandMatcher([OEUF]), text) == [written]


@pytest.mark.parametrize(
    ("written", "hit"),
    [
        pytest.param("#loeufalacoque", "loeufalacoque", id="hashtag"),
        pytest.param("@LOeufALaCoque", "LOeufALaCoque", id="handle"),
        pytest.param("#loeuf_a_la_coque", "loeuf_a_la_coque", id="underscores"),
    ],
)
def test_hashtags_and_handles_are_the_glued_name(written: str, hit: str) -> None:
    assert found(BrandMatcher([OEUF]), f"Chez {written} !") == [hit]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("un œuf à la coque", id="part-of-the-name"),
        pytest.param("loeufalacoque", id="glued-without-sign"),
        pytest.param("L'Œuf. À la coque !", id="over-a-sentence"),
        pytest.param("L'Œuf à la coquette", id="longer-word"),
        pytest.param("L'Œuf, à la coque", id="comma-inside"),
    ],
)
def test_what_is_not_the_name_is_no_hit(text: str) -> None:
    assert found(BrandMatcher([OEUF]), text) == []


def test_elision_before_a_name_does_not_hide_it() -> None:
    matcher = BrandMatcher([make_brand("orange", terms=("Orange",))])

    assert found(matcher, "Ceux d'Orange, qu'Orange et l’Orange.") == ["Orange"] * 3


def test_the_longest_name_wins_over_one_inside_it() -> None:
    brands = [
        make_brand("orange", terms=("Orange",)),
        make_brand("orange-bank", terms=("Orange Bank",)),
    ]

    hits = BrandMatcher(brands).find("Orange Bank puis Orange.")

    assert [hit.brand_id for hit in hits] == ["orange-bank", "orange"]


def test_one_name_of_two_brands_is_a_hit_for_both() -> None:
    brands = [make_brand("a", terms=("Mercure",)), make_brand("b", terms=("mercure",))]

    assert {hit.brand_id for hit in BrandMatcher(brands).find("Le Mercure")} == {"a", "b"}


def test_exact_terms_are_matched_as_written_and_whole() -> None:
    matcher = BrandMatcher([make_brand("free", terms=(), exact_terms=("Free", "C.A.F."))])

    assert found(matcher, "Free, free, FREE, Freeze, la C.A.F. et c.a.f.") == ["Free", "C.A.F."]


def test_signs_that_belong_to_a_name_are_part_of_it() -> None:
    matcher = BrandMatcher([make_brand("hm", terms=("H&M",)), make_brand("cpp", terms=("C++",))])

    assert found(matcher, "h&m, H & M, h m, H et M, C++, C") == ["h&m", "H & M", "H et M", "C++"]


def test_context_terms_are_required_somewhere_in_the_document() -> None:
    matcher = BrandMatcher([make_brand("gamin", terms=("Gamin",), context_terms=("bistrot",))])

    assert found(matcher, "Un gamin court.") == []
    assert found(matcher, "Gamin, quel BISTROT !") == ["Gamin"]


@pytest.mark.parametrize(
    ("between", "is_hit"),
    [pytest.param(7, False, id="eighth-word-after"), pytest.param(8, True, id="ninth-word-after")],
)
def test_an_excluded_term_within_eight_words_is_a_homonym(between: int, is_hit: bool) -> None:
    matcher = BrandMatcher([make_brand("orange", terms=("Orange",), excluded_terms=("jus",))])
    text = "Orange " + "mot " * between + "jus"

    assert bool(matcher.find(text)) is is_hit


def test_an_excluded_term_of_one_brand_does_not_hide_anothers() -> None:
    brands = [
        make_brand("a", terms=("Orange",), excluded_terms=("jus",)),
        make_brand("b", terms=("Citron",), excluded_terms=("jus de fruit",)),
    ]

    assert BrandMatcher(brands).find("Orange, un jus de fruit") == []


WORDS = st.sampled_from(["l", "oeuf", "Œuf", "coque", "à", "a", "la", "Orange", "bank", "h", "m"])
GAPS = st.sampled_from([" ", "  ", "'", "’", "-", " - ", ", ", ". ", "\n", "#", " @", "    ", "&"])
TERMS = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=5)


def naive_find(terms: list[str], text: str) -> list[tuple[int, int]]:
    """Find terms the slow way: at each word try every term, longest first, then go on behind it."""
    folded = fold(text).text
    table = WordTable.of(folded)
    spelled = [(tuple(fold_term(term).split()), False) for term in terms]
    spelled += [(("".join(words),), True) for words, _ in spelled if len(words) > 1]
    spelled += [(elided, False) for words, _ in list(spelled) if (elided := elide(words)) != words]
    places = []
    index = 0
    while index < len(table.words):
        best = 0
        for words, needs_tag in spelled:
            last = index + len(words)
            if table.words[index:last] != words:
                continue
            start = table.starts[index]
            if needs_tag and not (start and folded[start - 1] in "#@"):
                continue
            gaps = [folded[table.ends[i] : table.starts[i + 1]] for i in range(index, last - 1)]
            if all(
                (len(gap) <= MAX_GAP and set(gap) <= set(" '-_/\n")) or gap == "." for gap in gaps
            ):
                best = max(best, len(words))
        if best:
            places.append((table.starts[index], table.ends[index + best - 1]))
        index += best or 1
    return places


def elide(words: tuple[str, ...]) -> tuple[str, ...]:
    glued: list[str] = []
    for word in words:
        if glued and glued[-1] in {"l", "m"} and len(word) > 1:
            glued[-1] += word
        else:
            glued.append(word)
    return tuple(glued)


@settings(deadline=None)
@given(TERMS, st.lists(st.tuples(WORDS, GAPS), max_size=12))
def test_the_trie_finds_what_the_slow_way_finds(
    terms: list[str], pieces: list[tuple[str, str]]
) -> None:
    text = "".join(word + gap for word, gap in pieces)
    folded = fold(text).text

    found_terms = TermTrie(("brand", term) for term in terms).find(folded, WordTable.of(folded))

    assert [(one.start, one.end) for one in found_terms] == naive_find(terms, text)


@settings(deadline=None)
@given(TERMS, st.lists(st.tuples(WORDS, GAPS), max_size=12))
def test_a_text_that_may_not_match_does_not(
    terms: list[str], pieces: list[tuple[str, str]]
) -> None:
    text = "".join(word + gap for word, gap in pieces)
    matcher = BrandMatcher([make_brand(terms=tuple(terms))])

    if not matcher.may_find(FOLDED_WORD.findall(fold(text).text)):
        assert matcher.find(text) == []


EXACT = st.text(st.sampled_from("AbÉ\u0301\u200d_ -!&œ1"), min_size=1, max_size=6)


@settings(deadline=None)
@given(st.lists(EXACT, min_size=1, max_size=3), st.lists(EXACT, max_size=6))
def test_a_text_that_may_not_have_an_exact_name_has_none(
    terms: list[str], pieces: list[str]
) -> None:
    text = "".join(pieces)
    # Another brand is there, so that the text is always looked at.
    brands = [make_brand("any", terms=("Zed",)), make_brand(terms=(), exact_terms=tuple(terms))]
    alone = BrandMatcher(brands[1:])

    found = BrandMatcher(brands).find(f"Zed {text}")

    if not alone.may_find(FOLDED_WORD.findall(fold(f"Zed {text}").text)):
        assert [hit for hit in found if hit.brand_id != "any"] == []


def test_an_invisible_joiner_makes_another_word() -> None:
    matcher = BrandMatcher([make_brand(terms=(), exact_terms=("Orange",))])

    assert matcher.find("Orange\u200dfoncé") == []
    assert matcher.find("Orange\u200d foncé") != []


@given(st.text(st.sampled_from("ab9&+_-' \nœ…€日²\u0301\ud800😡"), max_size=30))
def test_places_of_words_are_found_fast_as_they_are_found_slowly(text: str) -> None:
    folded = fold(text).text
    table = WordTable.of(folded)

    places = list(zip(table.starts, table.ends, strict=True))

    assert places == [one.span() for one in FOLDED_WORD.finditer(folded)]


def test_ten_thousand_terms_cost_what_ten_cost() -> None:
    text = "Nous avons dîné chez Marque 3 et Zed 7, c'était la fête. " * 20
    spent = {}

    for count in (10, 10_000):
        terms = tuple(f"Marque {n}" if n % 2 else f"Zed {n} du Lac" for n in range(count))
        matcher = BrandMatcher([make_brand(terms=terms)])
        rounds = []
        for _ in range(7):
            started = time.process_time()
            for _ in range(20):
                matcher.find(text)
            rounds.append(time.process_time() - started)
        spent[count] = min(rounds)

    assert spent[10_000] < 2 * spent[10]
