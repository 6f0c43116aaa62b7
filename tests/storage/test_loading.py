"""Loading: any order and repetition of batches gives the same tables; nothing is lost half-way."""

import random
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.errors import StorageError
from listening.model import Batch, DateQuality, Document, FetchState, RunStatus
from storage.batch_groups import GROUP_BATCHES, GROUP_CHARACTERS, batch_groups
from storage.checks import run_checks
from storage.digests import TableDigest, table_digests
from storage.engine import open_writer
from storage.landing import write_batch
from storage.loading import (
    LoadCounts,
    load_batch,
    load_batches,
    load_tagged,
    read_states,
    untagged_documents,
)
from tests.builders import (
    NOW,
    make_batch,
    make_document,
    make_mention,
    make_source_run,
    make_tagged,
)
from tests.storage.conftest import BRANDS, in_memory
from tests.storage.processes import start

FACTS = (
    *("fct_documents", "fct_document_sources", "fct_source_runs", "source_states", "dim_authors"),
    *("fct_story_texts", "fct_stories", "story_queue"),
)
WORDS = "Une cuisine généreuse, un accueil chaleureux et des prix doux dans le vieux Lyon. "


def _row(connection: duckdb.DuckDBPyConnection, columns: str) -> tuple[object, ...] | None:
    return connection.execute(f"SELECT {columns} FROM fct_documents").fetchone()  # noqa: S608


def test_document_comes_back_as_it_was(warehouse: duckdb.DuckDBPyConnection) -> None:
    document = make_document(
        guid="g", in_reply_to="p", published_at=None, published_at_quality=DateQuality.COLLECTED
    )

    counts = load_batch(warehouse, make_batch(document), now=NOW)

    (found,) = next(untagged_documents(warehouse, tagger_version="t1"))
    assert counts == LoadCounts(new=1, changed=0, unchanged=0, merged=0)
    assert [getattr(found, name) for name in ("guid", "in_reply_to", "text", "fetched_at")] == [
        *("g", "p", document.text, NOW)
    ]
    assert found.published_at is None
    assert found.story_id is not None


def test_edit_changes_the_document_and_asks_for_a_new_tag(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    first = make_document()
    load_batch(warehouse, make_batch(first), now=NOW)
    load_tagged(warehouse, [make_tagged(first, make_mention())], brands=BRANDS, now=NOW)
    assert list(untagged_documents(warehouse, tagger_version="t1")) == []
    edited = make_document(text="Le chef est revenu.", fetched_at=NOW + timedelta(days=1))

    counts = load_batch(warehouse, make_batch(edited), now=NOW)

    assert counts == LoadCounts(new=0, changed=1, unchanged=0, merged=0)
    assert _row(warehouse, "text, tagged_with, found_language") == (edited.text, None, None)


def test_undated_document_counts_from_its_first_sight(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    undated: dict[str, Any] = {"published_at": None, "published_at_quality": DateQuality.COLLECTED}
    later = NOW + timedelta(days=3)
    load_batch(warehouse, make_batch(make_document(**undated)), now=NOW)

    load_batch(
        warehouse, make_batch(make_document(**undated, text="Autre.", fetched_at=later)), now=NOW
    )

    assert _row(warehouse, "mentioned_at, fetched_at") == (NOW, later)


ELSEWHERE = "https://ailleurs.example/article"


def _carried(source_id: str, hours: int, length: int, url: str = ELSEWHERE) -> Document:
    """Return a document that a source carries; its address is on no source's site."""
    text = (WORDS * 9)[:length]
    at = NOW + timedelta(hours=hours)
    return make_document(source_id=source_id, text=text, fetched_at=at, url=url, canonical_url=url)


@pytest.mark.parametrize(
    ("lengths", "owner"),
    [
        pytest.param([100, 100], "gazette-lyon", id="same-text-stays-with-the-first"),
        pytest.param([100, 119], "gazette-lyon", id="a-little-longer-does-not-take-over"),
        pytest.param([100, 120], "forum", id="a-fifth-longer-takes-over"),
        pytest.param([300, 100], "gazette-lyon", id="excerpt-after-full-text"),
        pytest.param([0, 100], "forum", id="text-beats-title-only"),
        pytest.param([100, 120, 143], "forum", id="third-must-beat-the-second"),
        pytest.param([100, 120, 144], "blog", id="third-beats-the-second"),
    ],
)
def test_document_of_several_sources_is_one(
    warehouse: duckdb.DuckDBPyConnection, lengths: list[int], owner: str
) -> None:
    sources = ["gazette-lyon", "forum", "blog"]
    carried = [_carried(sources[i], i, length) for i, length in enumerate(lengths)]

    merged = [load_batch(warehouse, make_batch(one), now=NOW).merged for one in carried]

    assert merged == [0] + [1] * (len(lengths) - 1)
    assert _row(warehouse, "source_id, source_ids") == (owner, sources[: len(lengths)])
    assert _row(warehouse, "count(*)") == (1,)
    assert run_checks(warehouse) == []


@pytest.mark.parametrize(
    ("carried", "owner"),
    [
        pytest.param([("forum", 100), ("gazette-lyon", 700)], "forum", id="stranger-is-longer"),
        pytest.param([("gazette-lyon", 700), ("forum", 100)], "forum", id="stranger-was-first"),
        pytest.param([("gazette-lyon", 700), ("forum", 0)], "forum", id="site-gives-a-title-only"),
        pytest.param([("gazette-lyon", 100), ("blog", 700)], "blog", id="between-strangers"),
    ],
)
@pytest.mark.parametrize("host", ["forum.example", "actus.forum.example"])
def test_nobody_puts_words_into_another_site_s_mouth(
    warehouse: duckdb.DuckDBPyConnection, host: str, carried: list[tuple[str, int]], owner: str
) -> None:
    """The site's own version is shown; a stranger's longer one stays with its sighting."""
    for hours, (source_id, length) in enumerate(carried):
        one = _carried(source_id, hours, length, f"https://{host}/article")
        load_batch(warehouse, make_batch(one), now=NOW)

    lengths = dict(carried)
    assert _row(warehouse, "source_id, length(text)") == (owner, lengths[owner])
    others = "SELECT source_id, length(other_version.text) FROM fct_document_sources"
    rows = warehouse.execute(f"{others} WHERE other_version IS NOT NULL").fetchall()
    assert dict(rows) == {name: size for name, size in carried if name != owner}
    assert run_checks(warehouse) == []


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("notforum.example", id="ends-alike"),
        pytest.param("forum.example.evil.example", id="begins-alike"),
        pytest.param("example", id="above"),
    ],
)
def test_hosts_that_look_alike_are_strangers(
    warehouse: duckdb.DuckDBPyConnection, host: str
) -> None:
    url = f"https://{host}/article"
    load_batch(warehouse, make_batch(_carried("forum", 0, 100, url)), now=NOW)

    load_batch(warehouse, make_batch(_carried("blog", 1, 900, url)), now=NOW)

    assert _row(warehouse, "source_id") == ("blog",)


@pytest.mark.parametrize(
    ("source_url", "host"),
    [
        pytest.param("https://lea@forum.example/feed", "forum.example", id="name-before-host"),
        pytest.param("https://amp.com.au/feed", "amp.com.au", id="named-as-an-entrance"),
        pytest.param("https://fr.m.forum.example/feed", "fr.forum.example", id="entrance-inside"),
        pytest.param("https://rss.forum.example/", "forum.example", id="host-of-feeds"),
    ],
)
def test_site_of_a_source_is_told_as_that_of_a_document(
    warehouse: duckdb.DuckDBPyConnection, source_url: str, host: str
) -> None:
    sources = "UPDATE dim_sources SET url = $1 WHERE source_id = 'forum'"
    warehouse.execute(sources, [source_url])
    url = f"https://{host}/article"
    load_batch(warehouse, make_batch(_carried("blog", 0, 900, url)), now=NOW)

    load_batch(warehouse, make_batch(_carried("forum", 1, 100, url)), now=NOW)

    assert _row(warehouse, "source_id") == ("forum",)


def test_nobody_owns_an_ending_under_which_strangers_register(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    warehouse.execute(
        "UPDATE dim_sources SET url = 'https://com.au/feed' WHERE source_id = 'forum'"
    )
    url = "https://amp.com.au/article"
    load_batch(warehouse, make_batch(_carried("blog", 0, 100, url)), now=NOW)

    load_batch(warehouse, make_batch(_carried("forum", 1, 100, url)), now=NOW)

    assert _row(warehouse, "source_id") == ("blog",)


def test_version_that_was_overtaken_is_not_lost(warehouse: duckdb.DuckDBPyConnection) -> None:
    """The full text shrinks to a note: the first source's excerpt is shown again, whole."""
    load_batch(warehouse, make_batch(_carried("gazette-lyon", 0, 100)), now=NOW)
    load_batch(warehouse, make_batch(_carried("forum", 1, 300)), now=NOW)
    assert _row(warehouse, "source_id, length(text)") == ("forum", 300)

    load_batch(warehouse, make_batch(_carried("forum", 2, 50)), now=NOW)

    assert _row(warehouse, "source_id, length(text)") == ("gazette-lyon", 100)


def test_given_date_of_one_source_beats_the_missing_one_of_the_owner(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    published_at = NOW - timedelta(days=2)
    undated: dict[str, Any] = {"published_at": None, "published_at_quality": DateQuality.COLLECTED}

    load_batch(warehouse, make_batch(make_document(**undated)), now=NOW)
    later = NOW + timedelta(hours=1)
    dated = make_document(source_id="forum", published_at=published_at, fetched_at=later)
    load_batch(warehouse, make_batch(dated), now=NOW)

    assert _row(warehouse, "source_id, mentioned_at, published_at_quality") == (
        *("gazette-lyon", published_at, "given"),
    )


def test_copies_of_a_text_are_one_story_and_short_texts_are_not(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    texts = ["L’ŒUF à la coque rouvre ce soir, place Bellecour !", "Merci beaucoup !"]
    copies = [texts[0], "l'oeuf a la coque rouvre ce soir — place bellecour", texts[1], texts[1]]

    documents = [make_document(n, text=text, title="") for n, text in enumerate(copies)]
    load_batch(warehouse, make_batch(*documents), now=NOW)

    stories = [
        row[0]
        for row in warehouse.execute(
            "SELECT story_id FROM fct_documents ORDER BY document_id"
        ).fetchall()
    ]
    assert stories[0] == stories[1]
    assert len(set(stories)) == 3


def test_late_batch_does_not_turn_a_state_back(warehouse: duckdb.DuckDBPyConnection) -> None:
    def night(day: int) -> Batch:
        started_at = NOW + timedelta(days=day)
        run = make_source_run(run_id=f"run-{day}", started_at=started_at)
        state = FetchState(
            source_id="gazette-lyon", etag=f"v{day}", seen={"d": "h"}, shared_urls=frozenset("u")
        )
        return make_batch(run_id=f"run-{day}", states=(state,), source_runs=(run,))

    for day in (2, 1, 3, 2):
        load_batch(warehouse, night(day), now=NOW)

    state = read_states(warehouse)["gazette-lyon"]
    assert state == FetchState(
        source_id="gazette-lyon", etag="v3", seen={"d": "h"}, shared_urls=frozenset("u")
    )
    assert warehouse.execute("SELECT count(*) FROM fct_source_runs").fetchone() == (3,)


def test_batch_that_breaks_a_constraint_leaves_nothing(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    bad = make_batch(make_document(), source_runs=(make_source_run(byte_count=-1),))

    with pytest.raises(StorageError, match="batch run-1/0001 cannot be loaded"):
        load_batch(warehouse, bad, now=NOW)

    assert _row(warehouse, "count(*)") == (0,)
    assert load_batch(warehouse, make_batch(make_document()), now=NOW).new == 1


def test_batches_beside_a_broken_one_are_loaded_up_to_it(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    bad = make_batch(
        make_document(3), batch_id="0003", source_runs=(make_source_run(byte_count=-1),)
    )
    good = [make_batch(make_document(n), batch_id=f"{n:04}") for n in (1, 2, 4)]

    with pytest.raises(StorageError, match=r"batch run-1/0003 cannot be loaded.*byte_count"):
        load_batches(warehouse, [*good[:2], bad, good[2]], now=NOW)

    assert warehouse.execute("SELECT batch_id FROM landing_loads ORDER BY ALL").fetchall() == [
        ("0001",),
        ("0002",),
    ]
    assert _row(warehouse, "count(*)") == (2,)
    assert add_up(load_batches(warehouse, good, now=NOW)) == (1, 2)


def add_up(loaded: list[LoadCounts]) -> tuple[int, int]:
    return sum(one.new for one in loaded), sum(one.unchanged for one in loaded)


def test_groups_keep_every_batch_in_order_and_end_where_they_are_large() -> None:
    small = [make_batch(batch_id=str(n)) for n in range(GROUP_BATCHES + 1)]
    long = make_batch(make_document(text="a" * GROUP_CHARACTERS), batch_id="long")

    groups = list(batch_groups([*small[:2], long, *small]))

    assert [len(group) for group in groups] == [3, GROUP_BATCHES, 1]
    assert [one for group in groups for one in group] == [*small[:2], long, *small]
    assert list(batch_groups([])) == []


def test_untagged_documents_come_in_chunks_and_up_to_a_limit(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    load_batch(warehouse, make_batch(*map(make_document, range(7))), now=NOW)

    chunks = list(untagged_documents(warehouse, tagger_version="t1", limit=5, chunk_size=2))

    assert [len(chunk) for chunk in chunks] == [2, 2, 1]


HOURS = st.integers(0, 3).map(lambda hours: NOW + timedelta(hours=hours))


@st.composite
def _batches(draw: st.DrawFn) -> list[Batch]:
    """Batches in which the same few documents come from the same few sources, edited and late."""
    documents = st.builds(
        make_document,
        st.integers(1, 3),
        source_id=st.sampled_from(["gazette-lyon", "forum", "blog"]),
        text=st.sampled_from([WORDS[:10], WORDS[:12], WORDS[:40], WORDS[:48], WORDS * 2]),
        author_key=st.sampled_from([None, "a", "b"]),
        url=st.sampled_from([None, "https://a.example/"]),
        published_at=st.none() | HOURS,
        published_at_quality=st.sampled_from(DateQuality),
        fetched_at=HOURS,
    )
    runs = st.builds(
        make_source_run,
        st.sampled_from(["gazette-lyon", "forum"]),
        started_at=HOURS,
        status=st.sampled_from(RunStatus),
    )
    states = st.builds(
        FetchState,
        source_id=st.sampled_from(["gazette-lyon", "forum"]),
        etag=st.sampled_from([None, "v1", "v2"]),
        seen=st.dictionaries(st.sampled_from("abc"), st.sampled_from("xy")),
    )
    batches = []
    for n in range(draw(st.integers(1, 4))):
        visits = draw(st.lists(runs, max_size=2, unique_by=lambda run: run.source_id))
        batches.append(
            make_batch(
                *draw(st.lists(documents, max_size=4)),
                batch_id=f"{n:04}",
                states=tuple(draw(st.lists(states, max_size=2, unique_by=lambda s: s.source_id))),
                source_runs=tuple(visits),
            )
        )
    return batches


def _loaded(
    connection: duckdb.DuckDBPyConnection, batches: list[Batch], *, at_once: int | None = None
) -> dict[str, TableDigest]:
    for table in FACTS:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 — names from the constant above
    step = at_once or len(batches)
    for start_at in range(0, len(batches), step):
        load_batches(connection, batches[start_at : start_at + step], now=NOW)
    assert run_checks(connection) == []
    return table_digests(connection, tables=FACTS)


@pytest.fixture(scope="module")
def scratch(template_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory, emptied before each use: many small loads without a disk."""
    with in_memory(template_path) as connection:
        yield connection


@settings(max_examples=10, deadline=None)
@given(batches=_batches(), order=st.randoms(use_true_random=False))
def test_any_order_and_repetition_gives_the_same_tables(
    scratch: duckdb.DuckDBPyConnection, batches: list[Batch], order: random.Random
) -> None:
    shuffled = [*batches, *order.choices(batches, k=2)]
    order.shuffle(shuffled)

    assert _loaded(scratch, shuffled, at_once=order.randint(1, 3)) == _loaded(scratch, batches)


LOADER = """
import sys
from pathlib import Path
from datetime import datetime, UTC
from storage.engine import open_writer
from storage.landing import read_batch
from storage.loading import load_batch

batches = [read_batch(path) for path in sorted(Path(sys.argv[2]).glob("*.jsonl.gz"))]
print("ready", flush=True)
with open_writer(Path(sys.argv[1])) as connection:
    for batch in batches:
        load_batch(connection, batch, now=datetime(2026, 11, 20, tzinfo=UTC))
        print("loaded", flush=True)
"""


def test_killed_load_is_repeated_without_loss(
    warehouse_path: Path, scratch: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    batches = [
        make_batch(
            *(make_document(n * 50 + i, text=WORDS * 5 + str(i)) for i in range(50)),
            batch_id=f"{n:04}",
            source_runs=(make_source_run(run_id=f"run-{n}"),),
            states=(FetchState(source_id="gazette-lyon", etag=str(n)),),
        )
        for n in range(6)
    ]
    for batch in batches:
        write_batch(tmp_path / "landing" / f"{batch.batch_id}.jsonl.gz", batch)
    luck = random.Random(5)  # noqa: S311 — a test's dice
    for _ in range(3):
        with start(LOADER, warehouse_path, tmp_path / "landing") as process:
            time.sleep(luck.uniform(0.02, 0.3))
            process.send_signal(signal.SIGKILL)

        with open_writer(warehouse_path) as connection:
            assert run_checks(connection) == []
            documents, runs = connection.execute(
                "SELECT (SELECT count(*) FROM fct_documents),"
                " (SELECT count(*) FROM fct_source_runs)"
            ).fetchone() or (0, 0)
        assert documents == 50 * runs

    with open_writer(warehouse_path) as connection:
        for batch in batches:
            load_batch(connection, batch, now=NOW)
        recovered = table_digests(connection, tables=FACTS)
    assert recovered == _loaded(scratch, batches)
