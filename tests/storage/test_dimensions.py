"""Dimensions follow the configuration; what left it stays, inactive."""

from datetime import timedelta
from typing import Any

import duckdb
import pytest

from listening.errors import StorageError
from storage.digests import table_digests
from storage.dimensions import sync_dimensions
from tests.builders import NOW, make_source
from tests.storage.conftest import BRANDS, SOURCES

CLIENT: dict[str, Any] = {
    "client_id": "exemple",
    "name": "Exemple",
    "timezone": "Europe/Paris",
    "language": "fr",
    "brands": BRANDS,
    "sources": SOURCES,
    "rules": [{"id": "mauvais-buzz", "kind": "negative_spike", "severity": "critical"}],
}


def test_same_configuration_changes_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    before = table_digests(warehouse, excluded_columns=())

    sync_dimensions(warehouse, **CLIENT, now=NOW + timedelta(days=1))

    assert table_digests(warehouse, excluded_columns=()) == before


def test_removed_things_stay_and_come_back(warehouse: duckdb.DuckDBPyConnection) -> None:
    without = {"brands": BRANDS[:1], "sources": [make_source("neuve")], "rules": []}
    active = (
        "SELECT (SELECT list_sort(list(brand_id)) FROM dim_brands WHERE is_active),"
        " (SELECT list_sort(list(source_id)) FROM dim_sources WHERE is_active),"
        " (SELECT count(*) FROM dim_alert_rules WHERE is_active),"
        " (SELECT count(*) FROM dim_sources)"
    )

    sync_dimensions(warehouse, **CLIENT | without, now=NOW)
    assert warehouse.execute(active).fetchone() == (["oeuf-a-la-coque"], ["neuve"], 0, 4)

    sync_dimensions(warehouse, **CLIENT, now=NOW)
    brands, sources, rules, count = warehouse.execute(active).fetchone() or ()
    assert (len(brands), sources, rules, count) == (4, ["blog", "forum", "gazette-lyon"], 1, 4)


def test_changed_source_is_written(warehouse: duckdb.DuckDBPyConnection) -> None:
    slower = make_source(poll_every=timedelta(days=2), weight=5.0, title="Gazette")

    sync_dimensions(warehouse, **CLIENT | {"sources": [slower]}, now=NOW)

    row = warehouse.execute(
        "SELECT poll_every, weight, title FROM dim_sources WHERE is_active"
    ).fetchone()
    assert row == (timedelta(days=2), 5.0, "Gazette")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"client_id": "autre"}, "belongs to client exemple", id="other-client"),
        pytest.param({"timezone": "Europe/Lyon"}, "unknown time zone", id="no-such-zone"),
    ],
)
def test_mistakes_are_refused(
    warehouse: duckdb.DuckDBPyConnection, change: dict[str, str], message: str
) -> None:
    with pytest.raises(StorageError, match=message):
        sync_dimensions(warehouse, **CLIENT | change, now=NOW)
