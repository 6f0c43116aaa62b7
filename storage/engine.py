"""Opening the writer file: one process at a time, in UTC, within limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy
from sqlalchemy.pool import NullPool

from listening.errors import StorageError, WarehouseBusyError
from listening.translate import mark

#: The open warehouse, for those who pass it on and do not import DuckDB.
Warehouse = duckdb.DuckDBPyConnection

#: What DuckDB says when another process holds the file.
_LOCKED = "Could not set lock on file"


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
        StorageError: The file is no DuckDB database, or cannot be read.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    config: dict[str, Any] = {"memory_limit": memory_limit, "threads": threads}
    connection = _connect(path, config)
    try:
        connection.execute("SET TimeZone='UTC'")
        yield connection
    finally:
        connection.close()


def _connect(path: Path, config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(path, config=config)
    except duckdb.Error as error:
        if _LOCKED in str(error):
            raise WarehouseBusyError(
                mark("{path} is held by another process: {error}"), path=path, error=error
            ) from error
        raise StorageError(
            mark("cannot open warehouse {path}: {error}"), path=path, error=error
        ) from error


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
