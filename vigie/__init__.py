"""Vigie in a notebook: ``vigie.connect("exemple")``, ``vigie.frame("FROM mentions")``.

Both read the newest published snapshot, which nothing here can change, and neither disturbs a
night. With one client only, its name may be left out.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from listening.jobs.places import snapshot_of

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

__all__ = ["connect", "frame"]


def connect(client: str | None = None) -> "duckdb.DuckDBPyConnection":
    """Open the newest snapshot of a client with DuckDB, read-only and in UTC; close it yourself.

    A connection keeps the snapshot it opened; connect again to see the next night.

    Raises:
        ConfigError: There is no such client, or several and none was named.
        StorageError: Nothing is published yet, or the snapshot is damaged.
    """
    from storage.reading import connect_snapshot  # noqa: PLC0415 — `import vigie` stays quick

    return connect_snapshot(snapshot_of(client))


def frame(
    sql: str, client: str | None = None, *, parameters: Mapping[str, Any] | None = None
) -> "pd.DataFrame":
    """Return the answer of one reading statement as a data frame; instants are aware UTC.

    Args:
        sql: One SELECT; its ``$name`` parameters are bound, never pasted.
        client: The client's id; None: the only one.
        parameters: Values by name.

    Raises:
        ConfigError: There is no such client, or several and none was named.
        StorageError: Nothing is published yet, or the statement is wrong.
    """
    from storage.frames import read_frame  # noqa: PLC0415 — the same

    return read_frame(snapshot_of(client), sql, parameters)
