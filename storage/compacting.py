"""Compaction: the writer file written anew, without the holes that changed rows leave.

DuckDB uses freed blocks again but never gives them back, and rows that were changed lie
scattered. Once a week all is copied into a new file that takes the old one's name in one step;
killed at any moment, the old file stays and what was half made is removed by the next call.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from listening.errors import StorageError
from listening.files import sync
from listening.translate import mark
from storage.digests import table_digests
from storage.engine import open_writer

_SUFFIX = ".compacted.tmp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compaction:
    """What a compaction came to, in bytes."""

    bytes_before: int
    bytes_after: int


def compact(writer_path: Path) -> Compaction:
    """Write the writer file anew, and see that every table is the same.

    Nobody else can open the file meanwhile.

    Raises:
        WarehouseBusyError: Another process holds the file.
        StorageError: There is no file, the disk is full, or the copy differs; the old file stays.
    """
    if not writer_path.is_file():
        raise StorageError(mark("nothing to compact: {path} does not exist"), path=writer_path)
    target = writer_path.with_name(writer_path.name + _SUFFIX)
    with open_writer(writer_path) as connection:
        _remove(target)
        try:
            connection.execute("CHECKPOINT")
            before = writer_path.stat().st_size
            _copy(connection, target)
            sync(target)
            after = target.stat().st_size
            target.replace(writer_path)
            sync(writer_path.parent)
        except duckdb.Error as error:
            raise StorageError(
                mark("cannot compact {path}: {error}"), path=writer_path, error=error
            ) from error
        finally:
            _remove(target)
    return Compaction(bytes_before=before, bytes_after=after)


def _copy(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Copy tables, views, macros and comments, and compare."""
    name = connection.execute("SELECT current_database()").fetchone()
    if name is None:
        raise StorageError("the warehouse has no name")
    original = '"' + name[0].replace('"', '""') + '"'
    path = str(target).replace("'", "''")
    connection.execute(f"ATTACH '{path}' AS compacted")
    try:
        connection.execute(f"COPY FROM DATABASE {original} TO compacted")
        expected = table_digests(connection)
        connection.execute("USE compacted")
        try:
            if table_digests(connection) != expected:
                raise StorageError(
                    mark("the compacted copy differs from the warehouse; it is not used")
                )
        finally:
            connection.execute(f"USE {original}")
        connection.execute("CHECKPOINT compacted")
    finally:
        connection.execute("DETACH compacted")


def _remove(target: Path) -> None:
    for leftover in (target, target.with_name(target.name + ".wal")):
        leftover.unlink(missing_ok=True)
