"""Visits to sources as they are stored: which batches are loaded, how a run went."""

from datetime import datetime

import duckdb

from listening.model import RunStatus, SourceRun
from storage.queries import load_sql


def loaded_batches(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """Return (run_id, batch_id) of every batch whose landing file was loaded."""
    return set(connection.execute(load_sql("loading/loaded_batches")).fetchall())


def read_due_times(connection: duckdb.DuckDBPyConnection) -> dict[str, datetime | None]:
    """Return when each visited source is to be visited next, by source_id."""
    return dict(connection.execute(load_sql("loading/read_due_times")).fetchall())


def read_source_runs(connection: duckdb.DuckDBPyConnection, *, run_id: str) -> list[SourceRun]:
    """Return the visits of one run, by source."""
    cursor = connection.execute(load_sql("loading/read_source_runs"), {"run_id": run_id})
    names = [column[0] for column in cursor.description or ()]
    rows = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
    return [
        SourceRun(**{**row, "status": RunStatus(row["status"]), "faults": tuple(row["faults"])})
        for row in rows
    ]
