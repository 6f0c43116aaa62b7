"""Shipped queries: the project's own questions, asked of a snapshot or the writer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from storage.engine import Warehouse
from storage.queries import load_sql
from storage.reading import open_snapshot


def shipped_query(
    snapshot: Path, name: str, parameters: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """Run ``storage/sql/<name>.sql`` on a snapshot and return its rows by column name.

    Raises:
        StorageError: There is no snapshot, or it is damaged.
    """
    with open_snapshot(snapshot) as connection:
        return warehouse_query(connection, name, parameters)


def warehouse_query(
    connection: Warehouse, name: str, parameters: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """Run ``storage/sql/<name>.sql`` on an open warehouse and return its rows by column name."""
    cursor = connection.execute(load_sql(name), dict(parameters or {}))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
