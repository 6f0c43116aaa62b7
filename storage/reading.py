"""Reading a snapshot: one statement, read-only, within limits of rows and time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from listening.errors import StorageError
from listening.translate import mark
from storage.engine import is_damage
from storage.queries import load_sql

#: What a statement may start with; everything else writes, configures or reaches outside.
READING_WORDS = frozenset({"SELECT", "FROM", "WITH", "DESCRIBE", "SHOW", "SUMMARIZE"})
_CONFIG: dict[str, Any] = {
    "enable_external_access": False,
    "python_enable_replacements": False,
    "memory_limit": "1GB",
}
_LOCKING = threading.Lock()

_DAMAGED: Final = mark(
    "snapshot {path} is damaged (older ones lie beside it; vigie alerts evaluate publishes a new"
    " one): {error}"
)
_OPEN_OTHERWISE: Final = mark(
    "this program has {path} open with other settings: close that connection first, or open it"
    " with vigie.connect"
)
_OLD: Final = mark(
    "snapshot {path} was published by another version of Vigie; a nightly run publishes one that"
    " fits: {error}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An answer: column names, their DuckDB types, and rows in order."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    is_truncated: bool  # there were more rows than the limit


def query_snapshot(
    path: Path, sql: str, *, row_limit: int = 1000, timeout_s: float = 60.0
) -> Table:
    """Run one reading statement on a snapshot.

    The statement cannot write, reach a file or the network, or change a setting.

    Args:
        path: A snapshot, or the link to the current one.
        sql: One SELECT, FROM, WITH, DESCRIBE, SHOW or SUMMARIZE statement.
        row_limit: Rows returned at most.
        timeout_s: Seconds after which the statement is interrupted.

    Raises:
        StorageError: There is no snapshot, it is damaged, the statement is wrong (with DuckDB's
            line and caret), is no reading one, or ran out of time.
    """
    require_reading(sql)
    with open_snapshot(path) as connection, as_asked(), _deadline(connection, timeout_s):
        cursor = connection.execute(sql)
        described = cursor.description or ()
        rows = cursor.fetchmany(row_limit + 1)
    return Table(
        columns=tuple(str(column[0]) for column in described),
        types=tuple(str(column[1]) for column in described),
        rows=rows[:row_limit],
        is_truncated=len(rows) > row_limit,
    )


def look_at_snapshot(path: Path) -> None:
    """Open a snapshot for a moment and count its mentions.

    Raises:
        StorageError: There is no snapshot, it is damaged, or of another version.
    """
    with open_snapshot(path) as connection:
        connection.execute("SELECT count(*) FROM mentions").fetchone()


def words_of_snapshot(path: Path) -> list[str]:
    """Return the names of tables, views, columns and macros, and the words of SQL.

    Raises:
        StorageError: There is no snapshot, or it is damaged.
    """
    with open_snapshot(path) as connection:
        return [word for (word,) in connection.execute(load_sql("reading/words")).fetchall()]


@contextmanager
def open_snapshot(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a snapshot for reading, in UTC, with everything outside it and its settings locked.

    Raises:
        StorageError: There is no snapshot, it is damaged, or it lacks a table, view or column that
            a statement of ours asks for.
    """
    connection = connect_snapshot(path)
    try:
        yield connection
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise StorageError(_OLD, path=path, error=error) from error
    except duckdb.Error as error:
        if is_damage(error):
            raise StorageError(_DAMAGED, path=path, error=error) from error
        raise
    finally:
        connection.close()


def connect_snapshot(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a snapshot as :func:`open_snapshot` does, for somebody who closes it themselves.

    Raises:
        StorageError: There is no snapshot, it is damaged, or this process has it open with other
            settings.
    """
    if not path.is_file():
        raise StorageError(mark("no snapshot at {path}; a nightly run publishes one"), path=path)
    try:
        connection = duckdb.connect(path.resolve(), read_only=True, config=_CONFIG)
    except duckdb.ConnectionException as error:
        raise StorageError(_OPEN_OTHERWISE, path=path) from error
    except duckdb.Error as error:
        if is_damage(error):
            raise StorageError(_DAMAGED, path=path, error=error) from error
        raise StorageError(
            mark("cannot open snapshot {path}: {error}"), path=path, error=error
        ) from error
    _lock(connection)
    return connection


def _lock(connection: duckdb.DuckDBPyConnection) -> None:
    """Fix zone and settings.

    DuckDB shares one database among the connections of a process: the first one does it for all.
    """
    with _LOCKING:
        settings = connection.execute("SELECT current_setting('lock_configuration')").fetchone()
        if settings == (False,):
            connection.execute("SET GLOBAL TimeZone='UTC'")
            connection.execute("SET TimeZone='UTC'")
            connection.execute("SET GLOBAL lock_configuration=true")


def require_reading(sql: str) -> None:
    """Refuse what is not exactly one reading statement.

    Raises:
        StorageError: With DuckDB's line and caret, when it cannot even be parsed.
    """
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise StorageError(mark("the statement cannot be read: {error}"), error=error) from error
    if len(statements) != 1:
        raise StorageError(mark("expected one statement, got {count}"), count=len(statements))
    if statements[0].type != duckdb.StatementType.SELECT:
        kind = statements[0].type.name
        allowed = ", ".join(sorted(READING_WORDS))
        raise StorageError(
            mark("only reading statements are allowed ({allowed}), not {kind}"),
            allowed=allowed,
            kind=kind,
        )


@contextmanager
def as_asked() -> Iterator[None]:
    """Let a statement that somebody typed fail in DuckDB's words: with its line, and a caret.

    Raises:
        StorageError: The statement is wrong.
    """
    try:
        yield
    except duckdb.Error as error:
        if is_damage(error):
            raise
        raise StorageError(str(error)) from error


@contextmanager
def _deadline(connection: duckdb.DuckDBPyConnection, timeout_s: float) -> Iterator[None]:
    timer = threading.Timer(timeout_s, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise StorageError(
            mark("the statement took longer than {seconds} s; --timeout allows more"),
            seconds=f"{timeout_s:g}",
        ) from error
    finally:
        timer.cancel()
