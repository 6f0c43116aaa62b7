"""Counts per window: half-open, with zeros, human label first."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.model import Polarity, RunStatus
from storage.actions import ActionKind, MentionAction, record_action
from storage.alerting import save_judgement
from storage.counts import hour_counts, looks_within, window_observations
from storage.engine import open_writer
from storage.loading import load_batch, load_tagged
from tests.builders import (
    NOW,
    make_batch,
    make_document,
    make_evaluation,
    make_mention,
    make_source_run,
    make_tagged,
)
from tests.storage.conftest import BRANDS, SOURCES

OURS = "oeuf-a-la-coque"
DAY = timedelta(hours=24)


def _load(
    connection: duckdb.DuckDBPyConnection, instants: list[datetime], **mention: object
) -> None:
    documents = [
        make_document(n, published_at=at, source_id="forum", fetched_at=NOW + timedelta(days=9))
        for n, at in enumerate(instants)
    ]
    load_batch(connection, make_batch(*documents), now=NOW)
    tags = [make_tagged(d, make_mention(n, **mention)) for n, d in enumerate(documents)]
    load_tagged(connection, tags, brands=BRANDS, now=NOW)


def test_windows_are_half_open_and_zeros_are_there(warehouse: duckdb.DuckDBPyConnection) -> None:
    tick = timedelta(microseconds=1)
    _load(warehouse, [NOW, NOW - tick, NOW - DAY, NOW - DAY - tick, NOW - 4 * DAY])

    counted = window_observations(
        warehouse, brand_ids=[OURS, "tartine"], end=NOW, window=DAY, history=3
    )

    assert [seen.mention_count for seen in counted[OURS]] == [1, 0, 1, 2]
    assert [seen.mention_count for seen in counted["tartine"]] == [0, 0, 0, 0]
    last = counted[OURS][-1].window
    assert (last.start, last.end) == (NOW - DAY, NOW)


def test_stories_and_voices_are_counted_among_negatives(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    copy = "Deux heures d'attente pour un plat froid, plus jamais cette adresse à Lyon."
    at = NOW - timedelta(hours=1)
    documents = [
        make_document(1, text=copy, author_key="a", published_at=at),
        make_document(2, text=copy, author_key=None, published_at=at),
        make_document(3, author_key=None, published_at=at),
        make_document(4, author_key="a", published_at=at),
        make_document(5, author_key="z", published_at=at),
    ]
    polarities = [*[Polarity.NEGATIVE] * 4, Polarity.MIXED]
    load_batch(warehouse, make_batch(*documents), now=NOW)
    tags = [
        make_tagged(document, make_mention(n, polarity=polarity))
        for n, (document, polarity) in enumerate(zip(documents, polarities, strict=True), start=1)
    ]
    load_tagged(warehouse, tags, brands=BRANDS, now=NOW)
    corrected = MentionAction(
        document_id=documents[3].document_id,
        brand_id=OURS,
        kind=ActionKind.POLARITY,
        value="positive",
        actor="camille",
        acted_at=NOW,
    )
    record_action(warehouse, corrected)

    (seen,) = window_observations(warehouse, brand_ids=[OURS], end=NOW, window=DAY, history=0)[OURS]

    assert (seen.mention_count, seen.negative_count) == (5, 3)
    assert (seen.negative_story_count, seen.negative_author_count) == (2, 2)


def test_coverage_is_reach_in_the_past_and_success_now(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    documents = [
        make_document(1, published_at=NOW - 10 * DAY),
        make_document(2, source_id="forum", published_at=NOW - timedelta(days=1, hours=12)),
    ]
    visits = (
        make_source_run(started_at=NOW - timedelta(hours=2)),
        make_source_run("forum", status=RunStatus.FAILED, reason="read_timeout"),
    )
    load_batch(warehouse, make_batch(*documents, source_runs=visits), now=NOW)

    counted = window_observations(warehouse, brand_ids=[OURS], end=NOW, window=DAY, history=2)

    assert [seen.coverage for seen in counted[OURS]] == pytest.approx([0.5, 0.5, 1 / 3])
    assert window_observations(warehouse, brand_ids=[OURS], end=NOW + DAY, window=DAY, history=1)[
        OURS
    ][0].coverage == pytest.approx(1.0)


def test_sources_that_never_name_the_brand_do_not_make_its_past_calm(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """On a first night, blogs reach months back; the forums that talk of us show one day."""
    old = [
        make_document(100 + n, source_id=f"blog-{n}", published_at=NOW - 30 * DAY) for n in range(5)
    ]
    load_batch(warehouse, make_batch(*old), now=NOW)
    _load(warehouse, [NOW - timedelta(hours=2 * n + 1) for n in range(10)])

    counted = window_observations(
        warehouse, brand_ids=[OURS, "tartine"], end=NOW, window=DAY, history=20
    )

    assert {seen.coverage for seen in counted[OURS][:-1]} == {0.0}
    assert counted["tartine"][0].coverage == pytest.approx(5 / 6)


def test_without_sources_nothing_was_in_reach(warehouse: duckdb.DuckDBPyConnection) -> None:
    counted = window_observations(warehouse, brand_ids=[OURS], end=NOW, window=DAY, history=1)

    assert [seen.coverage for seen in counted[OURS]] == [0.0, 0.0]


def test_a_day_on_which_nobody_looked_has_no_coverage(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """A stopped machine must not look like a calm brand, nor close its alert."""
    visits = tuple(make_source_run(source.source_id) for source in SOURCES)
    load_batch(warehouse, make_batch(source_runs=visits), now=NOW)

    covered = [
        window_observations(warehouse, brand_ids=[OURS], end=end, window=DAY, history=0)[OURS][0]
        for end in (NOW + DAY, NOW + 2 * DAY)
    ]

    assert [seen.coverage for seen in covered] == [1.0, 0.0]


@pytest.fixture(scope="module")
def scratch(template_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("counts") / "warehouse.duckdb"
    path.write_bytes(template_path.read_bytes())
    return path


@settings(max_examples=8, deadline=None)
@given(
    minutes=st.lists(st.integers(-200, 4000), max_size=12),
    window=st.integers(1, 900).map(lambda minutes: timedelta(minutes=minutes)),
    history=st.integers(0, 6),
)
def test_counts_equal_a_plain_count(
    scratch: Path, minutes: list[int], window: timedelta, history: int
) -> None:
    instants = [NOW - timedelta(minutes=ago) for ago in minutes]
    with open_writer(scratch) as connection:
        connection.execute("DELETE FROM fct_mentions")
        connection.execute("DELETE FROM fct_document_sources")
        connection.execute("DELETE FROM fct_documents")
        _load(connection, instants)
        seen = window_observations(
            connection, brand_ids=[OURS], end=NOW, window=window, history=history
        )[OURS]

    expected = Counter[int]()
    for at in instants:
        for index, observation in enumerate(seen):
            if observation.window.start <= at < observation.window.end:
                expected[index] += 1
    assert len(seen) == history + 1
    assert all(a.window.end == b.window.start for a, b in pairwise(seen))
    assert [observation.mention_count for observation in seen] == [
        expected[index] for index in range(history + 1)
    ]


@pytest.mark.parametrize(
    ("window", "history"),
    [
        pytest.param(timedelta(0), 3, id="no-length"),
        pytest.param(DAY, -1, id="negative-history"),
    ],
)
def test_impossible_windows_are_refused(
    warehouse: duckdb.DuckDBPyConnection, window: timedelta, history: int
) -> None:
    with pytest.raises(ValueError, match="no windows"):
        window_observations(warehouse, brand_ids=[OURS], end=NOW, window=window, history=history)


HOUR = timedelta(hours=1)
COPY = "Deux heures d'attente pour un plat froid, plus jamais cette adresse à Lyon."


def _hear(warehouse: duckdb.DuckDBPyConnection, texts: list[tuple[float, str, str | None]]) -> None:
    """Load negative texts: hours before NOW, words (empty: words of their own), author."""
    documents = [
        make_document(
            n,
            published_at=NOW - hours * HOUR,
            author_key=author,
            **({"text": words} if words else {}),
        )
        for n, (hours, words, author) in enumerate(texts)
    ]
    load_batch(warehouse, make_batch(*documents), now=NOW)
    tags = [
        make_tagged(document, make_mention(n, polarity=Polarity.NEGATIVE))
        for n, document in enumerate(documents)
    ]
    load_tagged(warehouse, tags, brands=BRANDS, now=NOW)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param([(0.5, "", None), (0.6, "", None), (2.5, "", "a")], [0, 1, 0, 2], id="each"),
        pytest.param(
            [(3.5, COPY, None), (2.5, COPY, "a"), (0.5, COPY, "b")],
            [1, 0, 0, 0],
            id="copies-count-when-they-first-appear",
        ),
        pytest.param(
            [(27, COPY, None), (2.5, COPY, None)], [0, 1, 0, 0], id="a-day-later-it-is-news-again"
        ),
        pytest.param(
            [(h, "", "a") for h in (3.5, 3.2, 2.5, 1.5, 0.5)], [2, 1, 0, 0], id="one-author-thrice"
        ),
        pytest.param(
            [*((h, "", "a") for h in (9, 8, 7)), (1.5, COPY, "a"), (0.5, COPY, "b")],
            [0, 0, 0, 1],
            id="what-another-takes-up-counts",
        ),
    ],
)
def test_hours_count_what_is_new(
    warehouse: duckdb.DuckDBPyConnection,
    texts: list[tuple[float, str, str | None]],
    expected: list[int],
) -> None:
    _hear(warehouse, texts)

    found = hour_counts(warehouse, brand_ids=[OURS, "tartine"], start=NOW - 4 * HOUR, end=NOW)

    assert list(found[OURS].counts) == expected
    assert found["tartine"].counts == (0, 0, 0, 0)


def test_an_hour_is_seen_by_the_sources_that_were_read_after_it(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Two of three mentions are from a feed read just now, one from a forum read two hours ago."""
    documents = [
        make_document(n, source_id=source, published_at=NOW - 10 * HOUR - n * HOUR)
        for n, source in enumerate(("gazette-lyon", "gazette-lyon", "forum"))
    ]
    visits = (
        make_source_run(started_at=NOW + timedelta(minutes=5)),
        make_source_run("forum", started_at=NOW - 1.5 * HOUR),
        make_source_run("forum", started_at=NOW, status=RunStatus.FAILED, run_id="later"),
    )
    load_batch(warehouse, make_batch(*documents, source_runs=visits), now=NOW)
    tags = [make_tagged(document, make_mention(n)) for n, document in enumerate(documents)]
    load_tagged(warehouse, tags, brands=BRANDS, now=NOW)

    seen = hour_counts(warehouse, brand_ids=[OURS], start=NOW - 14 * HOUR, end=NOW)[OURS]

    assert seen.coverage[:4] == pytest.approx([0, 0, 1 / 3, 1])
    assert seen.coverage[-3:] == pytest.approx([1, 2 / 3, 2 / 3])


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(NOW, NOW, id="none"),
        pytest.param(NOW - 1.5 * HOUR, NOW, id="half-an-hour"),
        pytest.param(NOW.replace(tzinfo=None) - HOUR, NOW.replace(tzinfo=None), id="naive"),
    ],
)
def test_hours_that_are_none_are_refused(
    warehouse: duckdb.DuckDBPyConnection, start: datetime, end: datetime
) -> None:
    with pytest.raises(ValueError, match="whole hours"):
        hour_counts(warehouse, brand_ids=[OURS], start=start, end=end)


@pytest.mark.parametrize(
    ("hours_ago", "expected"),
    [
        pytest.param([24, 48], 1, id="every-night"),
        pytest.param([23, 47], 2, id="a-night-that-ended-an-hour-earlier"),
        pytest.param([6, 12, 18, 24], 4, id="every-six-hours"),
        pytest.param([*range(1, 30)], 24, id="every-hour"),
        pytest.param([0, 0], 1, id="the-same-look-again"),
    ],
)
def test_looks_of_a_day_are_counted(
    warehouse: duckdb.DuckDBPyConnection, hours_ago: list[int], expected: int
) -> None:
    looks = [
        make_evaluation(evaluated_at=NOW - hours * HOUR, brand_id=brand)
        for hours in hours_ago
        for brand in ("tartine", OURS)
    ]
    save_judgement(warehouse, evaluations=looks, alerts=[], messages=[], now=NOW)

    assert looks_within(warehouse, "mauvais-buzz", end=NOW, length=DAY) == expected
    assert looks_within(warehouse, "une-autre", end=NOW, length=DAY) == 1
