"""Visits as they are stored and read back."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from listening.model import Batch, RunStatus, SourceRun
from storage.engine import open_writer
from storage.loading import load_batch
from storage.migrate import migrate
from storage.publish import publish
from storage.shipped import shipped_query
from storage.visits import loaded_batches, read_source_runs
from tests.builders import make_document

NOW = datetime(2026, 11, 21, 1, tzinfo=UTC)

READ = SourceRun(
    run_id="night-1",
    source_id="gazette",
    started_at=NOW,
    status=RunStatus.OK,
    http_status=200,
    duration_s=0.5,
    byte_count=1200,
    document_count=1,
    new_count=1,
    faults=("date_missing", "malformed_xml"),
)
DEAD = SourceRun(
    run_id="night-1",
    source_id="forum",
    started_at=NOW,
    status=RunStatus.FAILED,
    reason="connection_refused",
)
BATCH = Batch(
    run_id="night-1",
    batch_id="batch-0000",
    documents=(make_document(1, source_id="gazette", fetched_at=NOW),),
    states=(),
    source_runs=(READ, DEAD),
)


def test_a_batch_counts_as_loaded_with_its_visits(tmp_path: Path) -> None:
    with open_writer(tmp_path / "warehouse.duckdb") as warehouse:
        migrate(warehouse, now=NOW)
        before = loaded_batches(warehouse)
        load_batch(warehouse, BATCH, now=NOW)

        assert before == set()
        assert loaded_batches(warehouse) == {("night-1", "batch-0000")}
        assert read_source_runs(warehouse, run_id="night-1") == [DEAD, READ]
        assert read_source_runs(warehouse, run_id="night-2") == []


def test_a_part_of_an_import_counts_as_loaded_without_a_visit(tmp_path: Path) -> None:
    part = replace(BATCH, run_id="import-1", source_runs=())
    with open_writer(tmp_path / "warehouse.duckdb") as warehouse:
        migrate(warehouse, now=NOW)
        for _ in range(2):
            load_batch(warehouse, part, now=NOW)

        assert loaded_batches(warehouse) == {("import-1", "batch-0000")}


def test_batches_of_an_older_warehouse_are_known_by_their_visits(tmp_path: Path) -> None:
    with open_writer(tmp_path / "warehouse.duckdb") as warehouse:
        migrate(warehouse, now=NOW)
        load_batch(warehouse, BATCH, now=NOW)
        warehouse.execute("DELETE FROM landing_loads")

        assert loaded_batches(warehouse) == {("night-1", "batch-0000")}


def test_shipped_queries_answer_by_column_name(tmp_path: Path) -> None:
    writer = tmp_path / "warehouse.duckdb"
    with open_writer(writer) as warehouse:
        migrate(warehouse, now=NOW)
        load_batch(warehouse, BATCH, now=NOW)
    snapshot = publish(writer, tmp_path / "published", now=NOW)

    (totals,) = shipped_query(snapshot, "reading/totals", {"run_id": "night-1"})
    sources = shipped_query(snapshot, "reading/night_sources", {"run_id": "night-1"})

    assert totals == {
        "document_count": 1,
        "new_document_count": 1,
        "mention_count": 0,
        "story_count": 0,
    }
    assert [(one["source_id"], one["status"], one["reason"]) for one in sources] == [
        ("forum", "failed", "connection_refused"),
        ("gazette", "ok", None),
    ]
    assert shipped_query(snapshot, "reading/newest_run") == [{"run_id": "night-1"}]
