"""Opening the writer file: one process at a time, in UTC, within limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb
import sqlalchemy
from sqlalchemy.pool import NullPool

from listening.errors import StorageError, WarehouseBusyError, WarehouseDamagedError
from listening.translate import mark

#: The open warehouse, for those who pass it on and do not import DuckDB.
Warehouse = duckdb.DuckDBPyConnection

#: What DuckDB says when another process holds the file.
_LOCKED: Final = "Could not set lock on file"
#: What it says of a file, warehouse or snapshot, that was written over or cut short.
_DAMAGE: Final = (
    "not a valid DuckDB database file",
    "Corrupt database",
    "Serialization Error",
    "Could not read enough bytes",
)
_FULL: Final = "No space left on device"


@contextmanager
def open_writer(
    path: Path, *, memory_limit: str = "1500MB", threads: int = 2
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the writer file, made when it is not there, and close it at the end.

    Only one process can hold it. Closing writes everything into the file itself, so that it can
    be copied afterwards (see :mod:`storage.publish`).

    Args:
        path: The client's ``warehouse.duckdb``.
        memory_limit: DuckDB's limit; beyond it, work spills to ``<path>.tmp``.
        threads: DuckDB's worker threads.

    Raises:
        WarehouseBusyError: Another process holds the file; says which.
        WarehouseDamagedError: The file is no DuckDB database, or is damaged where it was read.
        StorageError: It cannot be opened, or the disk is full or fails, also at a later statement.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    config: dict[str, Any] = {"memory_limit": memory_limit, "threads": threads}
    connection = _connect(path, config)
    try:
        connection.execute("SET TimeZone='UTC'")
        yield connection
    except duckdb.Error as error:
        if trouble := _trouble(path, error):
            raise trouble from error
        if isinstance(error, duckdb.IOException | duckdb.FatalException):
            raise StorageError(
                mark("cannot work on {path}: {error}"), path=path, error=error
            ) from error
        raise
    finally:
        connection.close()


def look_at_warehouse(path: Path) -> None:
    """Open the writer file for reading, for a moment; one that somebody works on is fine.

    Raises:
        WarehouseDamagedError: The file is no DuckDB database, or is damaged.
        StorageError: It cannot be opened.
    """
    try:
        with duckdb.connect(path, read_only=True) as connection:
            connection.execute("SELECT count(*) FROM information_schema.tables").fetchone()
    except duckdb.Error as error:
        if _LOCKED in str(error):
            return
        raise _trouble(path, error) or _unopened(path, error) from error


def is_damage(error: duckdb.Error) -> bool:
    """Say whether an error is about a database file that is no longer whole."""
    return any(words in str(error) for words in _DAMAGE)


def _trouble(path: Path, error: duckdb.Error) -> StorageError | None:
    """Return what a person can do about an error of DuckDB; None: it is about a statement."""
    text = str(error)
    if _FULL in text:
        return StorageError(
            mark("no room for {path}: make room on its disk, then run it again ({error})"),
            path=path,
            error=error,
        )
    if is_damage(error):
        return WarehouseDamagedError(
            mark(
                "cannot open warehouse {path}, it is damaged: put a backup back (vigie restore) or"
                " make it anew from its files (vigie rebuild): {error}"
            ),
            path=path,
            error=error,
        )
    return None


def _unopened(path: Path, error: duckdb.Error) -> StorageError:
    return StorageError(mark("cannot open warehouse {path}: {error}"), path=path, error=error)


def _connect(path: Path, config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(path, config=config)
    except duckdb.Error as error:
        if _LOCKED in str(error):
            raise WarehouseBusyError(
                mark("another run works on {path}; try again when it has ended ({error})"),
                path=path,
                error=error,
            ) from error
        raise _trouble(path, error) or _unopened(path, error) from error


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit at the end, or roll everything back when anything interrupts."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def sqlalchemy_engine(path: Path, *, is_read_only: bool = True) -> sqlalchemy.Engine:
    """Return an SQLAlchemy engine on a warehouse or a snapshot, for schema and small reads.

    Connections are not kept: an open one would stop the writer (or hold an old snapshot).
    """
    engine = sqlalchemy.create_engine(
        sqlalchemy.URL.create("duckdb", database=str(path)),
        connect_args={"read_only": is_read_only},
        poolclass=NullPool,
    )

    @sqlalchemy.event.listens_for(engine, "connect")
    def _set_utc(connection: Any, _record: object) -> None:
        connection.execute("SET TimeZone='UTC'")

    return engine
