"""How many sources the figures of a window rest on, and which days are holidays."""

from datetime import date, timedelta

import duckdb
import pytest

from listening.model import FetchState, RunStatus, SourceKind, SourceRun, Window
from storage.alert_context import newest_visits, public_holidays
from storage.dimensions import sync_dimensions
from storage.loading import load_batch
from tests.builders import NOW, make_batch, make_source, make_source_run
from tests.storage.conftest import BRANDS

HOUR = timedelta(hours=1)
EARLIER = NOW - 2 * HOUR
DAY = Window(start=NOW - 24 * HOUR, end=NOW)
SITES = tuple(make_source(f"site-{n}") for n in range(4))


@pytest.fixture
def night(warehouse: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return a warehouse with four sources and an import, all four read two hours ago."""
    sync_dimensions(
        warehouse,
        client_id="exemple",
        name="Exemple",
        timezone="Europe/Paris",
        language="fr",
        brands=BRANDS,
        sources=(*SITES, make_source("csv", kind=SourceKind.IMPORT)),
        rules=[],
        now=NOW,
    )
    _load(warehouse, *(make_source_run(site.source_id, started_at=EARLIER) for site in SITES))
    return warehouse


def _load(
    connection: duckdb.DuckDBPyConnection, *visits: SourceRun, states: tuple[FetchState, ...] = ()
) -> None:
    (run_id,) = {visit.run_id for visit in visits}
    batch = make_batch(run_id=run_id, source_runs=visits, states=states)
    load_batch(connection, batch, now=NOW)


def test_every_source_of_a_good_night_is_read(night: duckdb.DuckDBPyConnection) -> None:
    assert newest_visits(night, DAY) == (4, 4, EARLIER)
    assert newest_visits(night, DAY).coverage == pytest.approx(1.0)


def test_a_small_run_changes_what_it_visited_alone(night: duckdb.DuckDBPyConnection) -> None:
    _load(night, make_source_run("site-1", run_id="noon", status=RunStatus.FAILED, reason="x"))

    assert newest_visits(night, DAY) == (3, 4, EARLIER)
    assert newest_visits(night) == (3, 4, EARLIER)


def test_an_import_is_no_visit(night: duckdb.DuckDBPyConnection) -> None:
    _load(night, make_source_run("csv", run_id="import-1"))

    assert newest_visits(night, DAY) == (4, 4, EARLIER)


@pytest.mark.parametrize(
    ("score", "planned"),
    [pytest.param(0.0, 3, id="healthy-rests"), pytest.param(6.0, 4, id="ill-backs-off")],
)
def test_only_a_healthy_source_may_rest(
    night: duckdb.DuckDBPyConnection, score: float, planned: int
) -> None:
    state = FetchState(source_id="site-0", failure_score=score, next_fetch_at=NOW + 60 * HOUR)
    _load(night, make_source_run("site-0", started_at=EARLIER), states=(state,))
    night.execute("DELETE FROM fct_source_runs WHERE source_id = 'site-0'")

    assert newest_visits(night, DAY) == (3, planned, EARLIER)


def test_without_a_visit_nothing_was_read(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert newest_visits(warehouse) == (0, 0, None)
    assert newest_visits(warehouse, DAY) == (0, 3, None)
    assert newest_visits(warehouse).coverage == pytest.approx(0.0)


def test_the_calendar_knows_the_public_holidays(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = public_holidays(warehouse)

    assert {date(2026, 7, 14), date(2026, 4, 6)} <= found.keys()
    assert date(2026, 7, 15) not in found
