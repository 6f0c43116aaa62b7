"""Views and macros against a plain pandas computation, and days when the clocks change."""

import math
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
import pytest

from listening.model import FetchState, Polarity, RunStatus
from storage.engine import open_writer
from storage.loading import load_batch, load_tagged
from tests.builders import (
    NOW,
    make_batch,
    make_document,
    make_mention,
    make_source_run,
    make_tagged,
)
from tests.storage.conftest import BRANDS

PARIS = ZoneInfo("Europe/Paris")
OURS = "oeuf-a-la-coque"


def _text(story: int) -> str:
    return f"Le chef de la rue Mercière sert {story} plats bien chauds chaque midi à Lyon."


@pytest.fixture(scope="module")
def crowd(template_path: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Three hundred mentions drawn at random, as the frame they were made from."""
    draw = random.Random(7)  # noqa: S311 — a test's dice
    rows, documents, tagged = [], [], []
    for n in range(240):
        published_at = datetime(2026, 10, 20, tzinfo=UTC) + timedelta(hours=draw.uniform(0, 400))
        story, author = draw.randrange(60), draw.choice([None, "a", "b", "c"])
        source_id = draw.choice(["gazette-lyon", "forum", "blog"])
        document = make_document(
            n,
            text=_text(story),
            author_key=author,
            source_id=source_id,
            published_at=published_at,
        )
        named = draw.sample([OURS, "tartine", "restauration"], k=draw.choice([0, 1, 1, 2]))
        mentions = [make_mention(n, brand_id=b, polarity=draw.choice([*Polarity])) for b in named]
        documents.append(document)
        tagged.append(make_tagged(document, *mentions))
        rows += [
            {
                "document_id": document.document_id,
                "brand_id": mention.brand_id,
                "polarity": mention.polarity.value,
                "story": story,
                "voice": author or source_id,
                "source_id": source_id,
                "mentioned_at": published_at,
                "day": published_at.astimezone(PARIS).date(),
            }
            for mention in mentions
        ]
    path = tmp_path_factory.mktemp("crowd") / "warehouse.duckdb"
    path.write_bytes(template_path.read_bytes())
    with open_writer(path) as connection:
        load_batch(connection, make_batch(*documents), now=NOW)
        load_tagged(connection, tagged, brands=BRANDS, now=NOW)
    frame = pd.DataFrame(rows)
    frame.attrs["path"] = path
    return frame


@pytest.fixture
def reader(crowd: pd.DataFrame) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(crowd.attrs["path"], read_only=True) as connection:
        connection.execute("SET TimeZone='UTC'")
        yield connection


def _expected_kpis(frame: pd.DataFrame, brand_id: str, voices: int) -> dict[str, object]:
    """Compute product.md §3 by hand, for one brand."""
    mine = frame[frame.brand_id == brand_id]
    counts = mine.polarity.value_counts()
    p, n = int(counts.get("positive", 0)), int(counts.get("negative", 0))
    u = int(counts.get("neutral", 0)) + int(counts.get("mixed", 0))
    judged = p + u + n
    stories = mine.story.nunique()
    expected: dict[str, object] = {
        "mention_count": len(mine),
        "story_count": stories,
        "author_count": mine.voice.nunique(),
        "neutral_count": u,
        "unknown_count": int(counts.get("unknown", 0)),
        "judged_count": judged,
        "is_small_sample": judged < 30,
        "net_sentiment": None,
        "net_sentiment_margin": None,
        "brand_health": None,
        "share_of_voice": None,
    }
    if judged:
        share_p, share_n = p / judged, n / judged
        spread = share_p + share_n - (share_p - share_n) ** 2
        expected["net_sentiment"] = pytest.approx(100 * (p - n) / judged)
        expected["net_sentiment_margin"] = pytest.approx(100 * 1.96 * math.sqrt(spread / judged))
        expected["brand_health"] = pytest.approx(p / (p + n)) if p + n else None
    if brand_id != "restauration" and voices:
        share = stories / voices
        expected["share_of_voice"] = pytest.approx(share)
        expected["share_of_voice_margin"] = pytest.approx(
            1.96 * math.sqrt(share * (1 - share) / voices)
        )
    return expected


@pytest.mark.parametrize(
    ("from_on", "to_on"),
    [
        pytest.param(date(2026, 10, 1), date(2026, 12, 1), id="everything"),
        pytest.param(date(2026, 10, 25), date(2026, 10, 26), id="the-25-hour-day"),
        pytest.param(date(2026, 10, 27), date(2026, 11, 3), id="one-week"),
    ],
)
def test_kpis_equal_a_plain_computation(
    crowd: pd.DataFrame, reader: duckdb.DuckDBPyConnection, from_on: date, to_on: date
) -> None:
    inside = crowd[(crowd.day >= from_on) & (crowd.day < to_on)]
    rivals = inside[inside.brand_id != "restauration"]
    voices = int(rivals.groupby("brand_id").story.nunique().sum())

    cursor = reader.execute("FROM kpis('exemple', $1, $2)", [from_on, to_on])

    names = [column[0] for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert {row["brand_id"] for row in rows} == {brand.brand_id for brand in BRANDS}
    for row in rows:
        expected = _expected_kpis(inside, str(row["brand_id"]), voices)
        assert {name: row[name] for name in expected} == expected, row["brand_id"]


def test_kpis_of_another_client_are_none(reader: duckdb.DuckDBPyConnection) -> None:
    assert reader.execute("FROM kpis('autre', '2026-10-01', '2026-12-01')").fetchall() == []


def test_brand_days_equal_a_plain_computation(
    crowd: pd.DataFrame, reader: duckdb.DuckDBPyConnection
) -> None:
    rows = reader.execute(
        "SELECT brand_id, day_on, mention_count, story_count, negative_count FROM brand_days"
    ).fetchall()

    grouped = dict(iter(crowd.groupby(["brand_id", "day"])))
    days = pd.date_range(crowd.day.min(), crowd.day.max()).date
    assert len(rows) == len(days) * len(BRANDS)
    for brand_id, day_on, mentions, stories, negatives in rows:
        group = grouped.get((brand_id, day_on), crowd.head(0))
        expected = (len(group), group.story.nunique(), int((group.polarity == "negative").sum()))
        assert (mentions, stories, negatives) == expected, (brand_id, day_on)


def test_stories_equal_a_plain_computation(
    crowd: pd.DataFrame, reader: duckdb.DuckDBPyConnection
) -> None:
    rows = reader.execute(
        "SELECT document_count, source_count, author_count, mention_count, negative_count,"
        " brand_ids, first_mentioned_at, first_document_id FROM stories"
        " ORDER BY first_mentioned_at"
    ).fetchall()

    expected = []
    for _, group in crowd.sort_values("mentioned_at").groupby("story"):
        first = group.iloc[0]
        expected.append(
            (
                group.document_id.nunique(),
                group.source_id.nunique(),
                group.voice.nunique(),
                len(group),
                int((group.polarity == "negative").sum()),
                sorted(set(group.brand_id)),
                first.mentioned_at,
                first.document_id,
            )
        )
    assert rows == sorted(expected, key=lambda row: row[6])


@pytest.mark.parametrize(
    ("day", "hours", "starts_at"),
    [
        pytest.param(
            date(2026, 3, 29), 23, datetime(2026, 3, 28, 23, tzinfo=UTC), id="clocks-go-forward"
        ),
        pytest.param(
            date(2026, 10, 25), 25, datetime(2026, 10, 24, 22, tzinfo=UTC), id="clocks-go-back"
        ),
        pytest.param(date(2026, 6, 1), 24, datetime(2026, 5, 31, 22, tzinfo=UTC), id="summer-day"),
    ],
)
def test_days_are_cut_in_the_clients_time(
    warehouse: duckdb.DuckDBPyConnection, day: date, hours: int, starts_at: datetime
) -> None:
    """The first and the last minute of the day are in it; the minutes around it are not."""
    ends_at = starts_at + timedelta(hours=hours)
    minute = timedelta(minutes=1)
    instants = [starts_at - minute, starts_at, ends_at - minute, ends_at]
    documents = [make_document(n, published_at=instant) for n, instant in enumerate(instants)]
    load_batch(warehouse, make_batch(*documents), now=NOW)
    tags = [make_tagged(document, make_mention(n)) for n, document in enumerate(documents)]
    load_tagged(warehouse, tags, brands=BRANDS, now=NOW)

    rows = warehouse.execute(
        "SELECT day_on, hour_count, starts_at, ends_at, mention_count FROM brand_days"
        " WHERE brand_id = $1 ORDER BY day_on",
        [OURS],
    ).fetchall()

    one = timedelta(days=1)
    assert [(row[0], row[4]) for row in rows] == [(day - one, 1), (day, 2), (day + one, 1)]
    assert rows[1][1:4] == (hours, starts_at, ends_at)


def test_days_run_to_the_last_visit_with_zeros(warehouse: duckdb.DuckDBPyConnection) -> None:
    document = make_document(published_at=NOW - timedelta(days=3))
    batch = make_batch(document, source_runs=(make_source_run(),))
    load_batch(warehouse, batch, now=NOW)
    load_tagged(warehouse, [make_tagged(document, make_mention())], brands=BRANDS, now=NOW)

    rows = warehouse.execute(
        "SELECT mention_count, net_sentiment FROM brand_days WHERE brand_id = $1 ORDER BY day_on",
        [OURS],
    ).fetchall()

    assert rows == [(1, -100.0), (0, None), (0, None), (0, None)]


def test_empty_warehouse_has_no_days_and_zero_kpis(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert warehouse.execute("FROM brand_days").fetchall() == []
    rows = warehouse.execute(
        "SELECT mention_count, net_sentiment, share_of_voice"
        " FROM kpis('exemple', '2026-01-01', '2027-01-01')"
    ).fetchall()
    assert rows == [(0, None, None)] * len(BRANDS)


def test_source_health_says_how_each_source_is_doing(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    def night(days_ago: int) -> None:
        at: dict[str, Any] = {
            "started_at": NOW - timedelta(days=days_ago),
            "run_id": f"run-{days_ago}",
        }
        fresh = make_source_run(new_count=1, **at)
        silent = make_source_run("forum", new_count=int(days_ago == 20), **at)
        dead: dict[str, Any] = {
            "status": RunStatus.FAILED,
            "reason": "read_timeout",
            "http_status": None,
        }
        failing = (
            make_source_run("blog", **at) if days_ago else make_source_run("blog", **at, **dead)
        )
        state = FetchState(source_id="blog", failure_score=1.0)
        batch = make_batch(
            run_id=at["run_id"], source_runs=(fresh, silent, failing), states=(state,)
        )
        load_batch(warehouse, batch, now=NOW)

    for days_ago in (40, 20, 0):
        night(days_ago)
    warehouse.execute(
        "INSERT INTO dim_sources BY NAME SELECT * REPLACE ('neuve' AS source_id)"
        " FROM dim_sources WHERE source_id = 'blog'"
    )

    rows = warehouse.execute(
        "SELECT source_id, health, last_reason, run_count, coverage, failure_score"
        " FROM source_health ORDER BY source_id"
    ).fetchall()

    assert rows == [
        ("blog", "failing", "read_timeout", 2, 0.5, 1.0),
        ("forum", "silent", None, 2, 1.0, 0.0),
        ("gazette-lyon", "healthy", None, 2, 1.0, 0.0),
        ("neuve", "never_read", None, 0, None, 0.0),
    ]
