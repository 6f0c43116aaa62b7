"""Stories: what belongs together, under which name, and why."""

import hashlib
import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.model import Document
from listening.text import FOLDED_WORD, fold
from storage.checks import run_checks
from storage.digests import TableDigest, table_digests
from storage.loading import load_batch
from storage.sketches import MAX_SHINGLES, MIN_SHARED, MIN_STORY_WORDS, sketch
from storage.stories import Pairs, best_parents, count_passages, roots, same_story
from storage.story_assignment import assign_stories
from tests.builders import NOW, make_batch, make_document
from tests.storage.conftest import in_memory

TABLES = ("fct_documents", "fct_story_texts", "fct_stories", "story_shingles", "story_queue")
DAY = timedelta(days=1)


def prose(seed: int, count: int = 200) -> str:
    """Return words that no other seed gives in this order."""
    dice = random.Random(seed)  # noqa: S311 — a test's dice
    return " ".join(f"mot{dice.randrange(3000)}" for _ in range(count))


def cut(text: str, start: float, end: float) -> str:
    words = text.split()
    return " ".join(words[int(start * len(words)) : int(end * len(words))])


def bulletin(seed: int) -> str:
    dice = random.Random(seed)  # noqa: S311 — a test's dice
    return " ".join(
        f"À {hour} heures il fera {dice.randrange(100)} degrés, le vent soufflera à"
        f" {dice.randrange(1000)} kilomètres par heure, sous un ciel {dice.choice(SKIES)}."
        for hour in range(24)
    )


SKIES = ("clair", "couvert", "orageux", "changeant", "neigeux")
ARTICLE = prose(1)


def item(n: int, text: str, *, hours: float = 0, **overrides: Any) -> Document:
    """Return document ``n`` of a source of its own, first seen ``hours`` after the first night."""
    at = NOW + timedelta(hours=hours)
    values = {"source_id": f"source-{n}", "title": "", "fetched_at": at, "published_at": at}
    return make_document(n, text=text, **values | overrides)


def story_ids(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Return the story of each document, by document, as the number of its first one."""
    rows = connection.execute("SELECT story_id FROM fct_documents ORDER BY document_id").fetchall()
    return [int(row[0], 16) for row in rows]


@pytest.fixture(scope="module")
def scratch(template_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory, emptied before each use."""
    with in_memory(template_path) as connection:
        yield connection


@pytest.fixture
def empty(scratch: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    return _emptied(scratch)


def _emptied(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    for table in (*TABLES, "fct_document_sources", "landing_loads"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 — names from the constant above
    return connection


def load(connection: duckdb.DuckDBPyConnection, *documents: Document) -> None:
    load_batch(connection, make_batch(*documents), now=NOW)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ARTICLE.upper(), id="copy"),
        pytest.param(cut(ARTICLE, 0, 0.5), id="first half"),
        pytest.param(cut(ARTICLE, 0.5, 1), id="second half"),
        pytest.param(cut(ARTICLE, 0.4, 0.65), id="excerpt"),
        pytest.param(f"{prose(8, 60)} {ARTICLE} {prose(9, 60)}", id="lines of the site around it"),
        pytest.param(ARTICLE.replace("mot1", "mto1", 3), id="a few corrections"),
        pytest.param(f"{prose(7, 60)} {cut(ARTICLE, 0, 0.5)}", id="own beginning, then half of it"),
    ],
)
@pytest.mark.parametrize("is_longer_first", [True, False], ids=["full first", "copy first"])
def test_what_repeats_half_of_a_text_is_its_story(
    empty: duckdb.DuckDBPyConnection, text: str, *, is_longer_first: bool
) -> None:
    texts = (ARTICLE, text) if is_longer_first else (text, ARTICLE)

    for n, one in enumerate(texts, start=1):
        load(empty, item(n, one, hours=n))

    assert story_ids(empty) == [1, 1]


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param([item(1, ARTICLE), item(2, prose(2))], id="other text"),
        pytest.param(
            [item(1, ARTICLE), item(2, f"{cut(ARTICLE, 0, 0.3)} {prose(2, 150)}")],
            id="a third is a quotation",
        ),
        pytest.param([item(1, bulletin(1)), item(2, bulletin(2))], id="one frame, other figures"),
        pytest.param([item(1, "Merci beaucoup !"), item(2, "Merci beaucoup !")], id="few words"),
        pytest.param(
            [item(1, prose(3, 20)), item(2, cut(prose(3, 20), 0, 0.6))], id="short: whole or not"
        ),
        pytest.param(
            [
                item(1, ARTICLE, source_id="forum"),
                item(2, f"{ARTICLE} {prose(4, 150)}", source_id="forum"),
            ],
            id="an answer that quotes its forum",
        ),
        pytest.param(
            [item(1, ARTICLE), item(2, cut(ARTICLE, 0, 0.5), hours=31 * 24)], id="too late"
        ),
    ],
)
def test_what_differs_is_another_story(
    empty: duckdb.DuckDBPyConnection, documents: Sequence[Document]
) -> None:
    load(empty, *documents)

    assert story_ids(empty) == [1, 2]


def test_a_review_of_the_press_joins_one_story_and_does_not_merge_those_it_quotes(
    empty: duckdb.DuckDBPyConnection,
) -> None:
    articles = [prose(seed) for seed in (11, 12, 13)]
    load(empty, *(item(n, text, hours=n) for n, text in enumerate(articles, start=1)))
    load(empty, item(4, " ".join(cut(text, 0, 0.7) for text in articles), hours=5))
    load(empty, item(5, cut(articles[2], 0, 0.5), hours=6))

    first, second, third, review, excerpt = story_ids(empty)
    assert (first, second, third, excerpt) == (1, 2, 3, 3)
    assert review in {1, 2, 3}


def test_an_earlier_publication_found_late_joins_and_does_not_rename(
    empty: duckdb.DuckDBPyConnection,
) -> None:
    load(empty, item(2, ARTICLE), item(3, cut(ARTICLE, 0, 0.5), hours=1))

    load(empty, item(1, f"{ARTICLE} {prose(5, 20)}", hours=9, published_at=NOW - 3 * DAY))

    assert story_ids(empty) == [2, 2, 2]
    assert empty.execute(
        "SELECT story_id, first_document_id, document_count, text_count FROM fct_stories"
    ).fetchall() == [(f"{2:032x}", f"{1:032x}", 3, 3)]


def test_a_bridge_that_landed_late_merges_under_the_older_name(
    empty: duckdb.DuckDBPyConnection,
) -> None:
    """The newer name stays the id of a document that says where its story is now."""
    load(empty, item(1, cut(ARTICLE, 0, 0.5)), item(3, cut(ARTICLE, 0.5, 1), hours=2))
    assert story_ids(empty) == [1, 3]

    load(empty, item(2, ARTICLE, hours=1))

    assert story_ids(empty) == [1, 1, 1]
    assert empty.execute("SELECT story_id, document_count FROM fct_stories").fetchall() == [
        (f"{1:032x}", 3)
    ]


def test_an_edit_that_removes_what_was_shared_parts_them(
    empty: duckdb.DuckDBPyConnection,
) -> None:
    load(empty, item(1, ARTICLE), item(2, cut(ARTICLE, 0, 0.5), hours=1))
    load(empty, item(3, cut(ARTICLE, 0, 0.4), hours=2))
    assert story_ids(empty) == [1, 1, 1]

    load(empty, item(1, prose(6), hours=3))

    assert story_ids(empty) == [1, 2, 2]
    assert run_checks(empty) == []


def test_members_show_order_delay_and_proof(empty: duckdb.DuckDBPyConnection) -> None:
    load(empty, item(1, ARTICLE), item(2, cut(ARTICLE, 0, 0.5), hours=2), item(3, ARTICLE, hours=5))

    rows = empty.execute(
        "SELECT place, document_id, delay, rule, repeats_document_id, containment,"
        " resemblance < 0.6, shared_count > 10 FROM story_members ORDER BY place"
    ).fetchall()

    first = f"{1:032x}"
    assert rows == [
        (1, first, timedelta(0), "first", None, None, None, None),
        (2, f"{2:032x}", timedelta(hours=2), "shared_passages", first, 1.0, True, True),
        (3, f"{3:032x}", timedelta(hours=5), "same_text", first, None, None, None),
    ]


def test_a_killed_assignment_is_taken_up_by_the_next_one(
    empty: duckdb.DuckDBPyConnection,
) -> None:
    """What waits is written with the documents themselves; a chunk is one transaction."""
    load(empty, item(1, ARTICLE), item(2, cut(ARTICLE, 0, 0.5)), item(3, prose(2)))
    whole = _digests(empty)
    empty.execute("INSERT INTO story_queue SELECT document_id FROM fct_documents")
    empty.execute(
        "DELETE FROM fct_story_texts; DELETE FROM fct_stories; DELETE FROM story_shingles"
    )
    empty.execute("UPDATE fct_documents SET text_id = NULL, story_id = document_id")

    assert assign_stories(empty, chunk_size=1) == 3

    assert _digests(empty) == whole
    assert assign_stories(empty) == 0


def test_old_shingles_go_and_texts_stay(empty: duckdb.DuckDBPyConnection) -> None:
    load(empty, item(1, ARTICLE))
    load(empty, item(2, prose(2), hours=24 * 40))

    assert empty.execute(
        "SELECT first_document_id FROM fct_story_texts"
        " WHERE text_id IN (SELECT text_id FROM story_shingles)"
    ).fetchall() == [(f"{2:032x}",)]
    load(empty, item(3, ARTICLE, hours=24 * 41))
    assert story_ids(empty) == [1, 2, 1], "an exact copy is the same text at any time"


PIECES = [
    ARTICLE,
    cut(ARTICLE, 0, 0.5),
    cut(ARTICLE, 0.5, 1),
    cut(ARTICLE, 0.3, 0.8),
    f"{cut(ARTICLE, 0, 0.6)} {cut(prose(2), 0, 0.6)}",
    prose(2),
    cut(prose(2), 0.2, 0.6),
    "Merci beaucoup !",
]


@st.composite
def _nights(draw: st.DrawFn) -> list[list[Document]]:
    documents = st.builds(
        lambda n, text, source, hours: item(n, text, hours=hours, source_id=source),
        st.integers(1, 6),
        st.sampled_from(PIECES),
        st.sampled_from(["gazette-lyon", "forum", "blog"]),
        st.sampled_from([0, 1, 2, 20 * 24, 29 * 24]),
    )
    return draw(st.lists(st.lists(documents, max_size=4), min_size=1, max_size=4))


def _digests(connection: duckdb.DuckDBPyConnection) -> dict[str, TableDigest]:
    tables = [name for name in TABLES if name != "story_shingles"]
    return table_digests(connection, tables=tables)


@settings(max_examples=4, deadline=None)
@given(nights=_nights(), order=st.randoms(use_true_random=False))
def test_any_order_gives_the_same_stories(
    scratch: duckdb.DuckDBPyConnection, nights: list[list[Document]], order: random.Random
) -> None:
    for documents in nights:
        load(_emptied(scratch) if documents is nights[0] else scratch, *documents)
    expected = _digests(scratch)

    _emptied(scratch)
    shuffled = [*nights, order.choice(nights)]
    order.shuffle(shuffled)
    for documents in shuffled:
        load(scratch, *documents)

    assert _digests(scratch) == expected
    assert run_checks(scratch) == []


def _pairs(**overrides: Any) -> Pairs:
    values: dict[str, Any] = {
        "child": [2],
        "parent": [1],
        "shared": [20],
        "passages": [2],
        "child_size": [40],
        "parent_size": [100],
        "is_one_source": [False],
        "parent_rank": [1],
        "is_new_child": [True],
        "parent_root": [1],
    } | overrides
    return Pairs(**{name: np.array(column) for name, column in values.items()})


@pytest.mark.parametrize(
    ("values", "is_same"),
    [
        pytest.param({}, True, id="half of the shorter one"),
        pytest.param({"shared": [19]}, False, id="less than half"),
        pytest.param({"passages": [4]}, False, id="in small pieces: a template"),
        pytest.param({"shared": [13], "child_size": [26]}, True, id="half of a short text"),
        pytest.param({"shared": [12], "child_size": [24]}, False, id="a sentence or two"),
        pytest.param({"shared": [6], "child_size": [6], "passages": [1]}, True, id="excerpt"),
        pytest.param({"shared": [36], "passages": [9]}, True, id="nearly all, in small pieces"),
        pytest.param({"is_one_source": [True]}, False, id="half, in one source"),
        pytest.param(
            {"is_one_source": [True], "parent_size": [40], "shared": [36]},
            True,
            id="an edited copy",
        ),
        pytest.param({"shared": [5], "child_size": [5], "passages": [1]}, False, id="too short"),
    ],
)
def test_rule_at_its_borders(values: dict[str, Any], *, is_same: bool) -> None:
    assert same_story(_pairs(**values)).tolist() == [is_same]


def test_best_parent_holds_most_then_is_earliest() -> None:
    pairs = _pairs(
        child=[9, 9, 9, 8],
        parent=[1, 2, 3, 1],
        shared=[30, 40, 40, 5],
        passages=[1] * 4,
        child_size=[40] * 4,
        parent_size=[100] * 4,
        is_one_source=[False] * 4,
        parent_rank=[1, 3, 2, 1],
        is_new_child=[True] * 4,
        parent_root=[1, 2, 3, 1],
    )

    assert best_parents(pairs).tolist() == [2]


def test_passages_are_counted_by_pair() -> None:
    counted = count_passages(np.array([0, 0, 0, 2, 2]), np.array([1, 2, 5, 6, 7]), pair_count=4)

    assert counted.tolist() == [2, 0, 1, 0]


def test_roots_follow_parents_into_what_is_known() -> None:
    assert roots({1: None, 2: 1, 3: 2, 5: 4}, {1: 1, 2: 1, 4: 40}) == {1: 1, 2: 1, 3: 1, 5: 40}


def _sampled_one_by_one(title: str, text: str) -> list[int]:
    """Return the sampled shingles as they are defined, without arrays."""
    words = FOLDED_WORD.findall(fold(text).text)
    if len(words) < MIN_STORY_WORDS:
        words = FOLDED_WORD.findall(fold(f"{title}\n{text}").text)
    ids = [_number(hashlib.blake2b(_bytes(word), digest_size=8).digest()) for word in words]
    sampled: dict[int, None] = {}
    for at in range(len(ids) - 2):
        mixed = sum(one * odd for one, odd in zip(ids[at : at + 3], ODD, strict=True)) % 2**64
        mixed = (mixed ^ mixed >> 29) * ODD[1] % 2**64
        mixed ^= mixed >> 32
        if mixed % 4 == 0:
            sampled[mixed >> 32] = None
    return list(sampled) if len(sampled) >= MIN_SHARED else []


ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


def _bytes(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass")


def _number(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "big")


TEXTS = st.lists(
    st.sampled_from(
        ["à", "b_c", "Œuf", "H&M", "c++", "…", "d", "日本", "\ud800", "1", "😀", "²", ARTICLE]
    )
    | st.text(max_size=4),
    max_size=60,
).map(" ".join)


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
def test_sketches_of_many_are_those_of_each(texts: list[tuple[str, str]]) -> None:
    found = sketch((str(n), title, text) for n, (title, text) in enumerate(texts))

    expected: dict[int, list[int]] = {}
    for n, (title, text) in enumerate(texts):
        words = FOLDED_WORD.findall(fold(text).text)
        if len(words) < MIN_STORY_WORDS:
            words = FOLDED_WORD.findall(fold(f"{title}\n{text}").text)
        key = f"story\n{' '.join(words)}" if len(words) >= MIN_STORY_WORDS else f"document\n{n}"
        text_id = _number(hashlib.sha256(_bytes(key)).digest())
        assert found.text_ids[n] == text_id
        expected[text_id] = _sampled_one_by_one(title, text)
    assert found.shingles.text_ids.tolist() == [
        text_id for text_id, sampled in expected.items() for _ in sampled
    ]
    assert found.shingles.shingles.tolist() == list(chain.from_iterable(expected.values()))
    assert found.shingles.places.tolist() == [
        place for sampled in expected.values() for place in range(len(sampled))
    ]


def test_sketch_of_any_text_works() -> None:
    texts = ["", "\ud800 " * 50, "a" * 10_000, "a b " * 1000, prose(1, 120_000)]

    found = sketch((str(n), "", text) for n, text in enumerate(texts))

    assert len(set(found.text_ids.tolist())) == len(texts)
    assert len(found.shingles.shingles) == MAX_SHINGLES


def test_sketch_is_the_same_in_every_process() -> None:
    """Shingles are stored: neither Python's hash seed nor the machine may change them."""
    found = sketch([("d", "Titre", " ".join(map(str, range(60))))])

    assert found.text_ids.tolist() == [11298142202288380186]
    assert found.shingles.shingles[:3].tolist() == [1770675951, 3265633531, 629345463]
