"""Requests as stored and forgotten; what a source withdrew; how long it is usually silent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import duckdb
import pytest

from listening.model import FetchState, RequestMade, RobotsDecision
from storage.loading import load_batch, read_states
from tests.builders import NOW, make_batch, make_document, make_source_run

REQUEST = RequestMade(
    requested_at=NOW,
    host="forum.example",
    path="/feed",
    source_id="forum",
    robots=RobotsDecision.ALLOWED,
    status=200,
    byte_count=1200,
    wait_s=2.0,
    duration_s=0.3,
)


def test_requests_are_stored_once_and_forgotten_after_90_days(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    old = replace(REQUEST, requested_at=NOW - timedelta(days=80))
    batch = make_batch(requests=(old, REQUEST))

    def kept() -> list[tuple[datetime]]:
        rows = warehouse.execute("SELECT requested_at FROM fct_requests ORDER BY ALL").fetchall()
        return [row[0] for row in rows]

    for _ in range(2):
        load_batch(warehouse, batch, now=NOW)
    both = kept()
    load_batch(warehouse, make_batch(run_id="later"), now=NOW + timedelta(days=11))

    assert both == [old.requested_at, NOW]
    assert kept() == [NOW]


def _night(
    warehouse: duckdb.DuckDBPyConnection, day: int, missing: Mapping[str, str], *listed: int
) -> None:
    at = NOW + timedelta(days=day)
    state = FetchState(
        source_id="gazette-lyon",
        listed=tuple(f"{n:032x}" for n in listed),
        missing=missing,
    )
    documents = [make_document(n) for n in listed] if day == 0 else []
    batch = make_batch(
        *documents,
        run_id=f"night-{day}",
        states=(state,),
        source_runs=(make_source_run(started_at=at, run_id=f"night-{day}"),),
    )
    load_batch(warehouse, batch, now=at)


def test_a_withdrawn_document_keeps_its_text_and_says_since_when(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    def shown() -> list[tuple[str, datetime | None]]:
        return warehouse.execute(
            "SELECT title, missing_since_at FROM fct_document_sources"
            " JOIN fct_documents USING (document_id) ORDER BY document_id"
        ).fetchall()

    since = NOW + timedelta(days=1)
    _night(warehouse, 0, {}, 1, 2)
    _night(warehouse, 1, {f"{2:032x}": since.isoformat()}, 1)
    withdrawn = shown()
    counted = warehouse.execute("SELECT max(missing_count) FROM source_health").fetchone()
    state = read_states(warehouse)["gazette-lyon"]
    _night(warehouse, 2, {}, 1, 2)

    assert [at for _, at in withdrawn] == [None, since]
    assert all(title for title, _ in withdrawn)
    assert counted == (1,)
    assert (state.listed, dict(state.missing)) == ((f"{1:032x}",), {f"{2:032x}": since.isoformat()})
    assert [at for _, at in shown()] == [None, None]


@pytest.mark.parametrize(
    ("days_ago", "health"),
    [
        pytest.param(range(2, 40), "healthy", id="daily-and-two-days-silent"),
        pytest.param(range(3, 40), "silent", id="daily-and-three-days-silent"),
        pytest.param(
            [day for day in range(5, 80) if day % 7 not in {0, 6}], "healthy", id="weekends-off"
        ),
        pytest.param(
            [day for day in range(9, 80) if day % 7 not in {0, 6}], "silent", id="weekends-and-more"
        ),
        pytest.param(range(20, 200, 14), "healthy", id="every-other-week-silent-for-three"),
        pytest.param(range(30, 200, 14), "silent", id="every-other-week-silent-for-a-month"),
        pytest.param([13, 15], "healthy", id="hardly-known-13-days"),
        pytest.param([15, 17], "silent", id="hardly-known-15-days"),
        pytest.param(
            [*range(2, 20), *range(40, 60)], "healthy", id="one-long-holiday-changes-little"
        ),
        pytest.param([*range(4, 20), *range(40, 60)], "silent", id="nor-does-it-excuse-a-silence"),
    ],
)
def test_silence_is_judged_by_the_sources_own_habit(
    warehouse: duckdb.DuckDBPyConnection, days_ago: list[int], health: str
) -> None:
    noon = NOW.replace(hour=12)
    documents = [
        make_document(n, published_at=noon - timedelta(days=day), fetched_at=noon)
        for n, day in enumerate(days_ago)
    ]
    run = make_source_run(started_at=noon, new_count=len(documents))
    load_batch(warehouse, make_batch(*documents, source_runs=(run,)), now=noon)

    (row,) = warehouse.execute(
        "SELECT health, silent_days FROM source_health WHERE source_id = 'gazette-lyon'"
    ).fetchall()

    assert row == (health, min(days_ago))
