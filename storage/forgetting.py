"""Taking documents and people out of the warehouse, and everything that hangs on them."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import timedelta
from typing import Any, Final

import duckdb
import pyarrow as pa

from listening.errors import StorageError
from listening.model import Document
from listening.translate import mark
from storage.engine import transaction
from storage.erasing import ERASED_PATH, Gone, scrub_state
from storage.loading import read_states
from storage.queries import load_sql
from storage.rows import document_from_row, registered
from storage.story_assignment import STORY_WINDOW, assign_stories

#: Rows fetched at a time.
_CHUNK: Final = 2_000


def stored_documents(connection: duckdb.DuckDBPyConnection) -> Iterator[Document]:
    """Yield every version of every document in the warehouse."""
    cursor = connection.cursor()
    try:
        cursor.execute("SET TimeZone='UTC'")
        cursor.execute(load_sql("privacy/stored_versions"))
        while rows := cursor.fetchmany(_CHUNK):
            yield from map(document_from_row, rows)
    finally:
        cursor.close()


def forget_documents(
    connection: duckdb.DuckDBPyConnection,
    document_ids: Collection[str],
    *,
    story_window: timedelta = STORY_WINDOW,
) -> dict[str, int]:
    """Remove documents from every table that names them; return the rows that went, by table.

    Stories that lose one are made anew of what stays. Authors without a document go too.

    Raises:
        StorageError: Nothing of it was done.
    """
    removed = {}
    try:
        with transaction(connection), registered(connection, gone=_texts(document_ids)):
            for step in ("stage_family", "reset_stories"):
                connection.execute(load_sql(f"privacy/{step}"))
            for (table,) in connection.execute(load_sql("privacy/tables_of_documents")).fetchall():
                removed[table] = _delete(connection, table)
            connection.execute(load_sql("privacy/remove_authors"))
        assign_stories(connection, window=story_window)
    except duckdb.Error as error:
        raise StorageError(mark("documents cannot be removed: {error}"), error=error) from error
    return removed


def scrub_warehouse(connection: duckdb.DuckDBPyConnection, gone: Gone) -> int:
    """Empty what other rows say of the documents that are gone; return how many sources changed.

    Raises:
        StorageError: Nothing of it was done.
    """
    names = gone.document_ids | gone.urls | gone.guids | gone.author_keys
    try:
        with transaction(connection):
            with registered(connection, gone_names=_texts(names)):
                connection.execute(load_sql("privacy/empty_replies"))
            _erase_paths(connection, gone)
            return _scrub_states(connection, gone)
    except duckdb.Error as error:
        raise StorageError(
            mark("what names the erased cannot be emptied: {error}"), error=error
        ) from error


def empty_mails(
    connection: duckdb.DuckDBPyConnection, is_personal: Callable[[bytes], bool]
) -> list[str]:
    """Empty the mails that are about the erased; return their Message-IDs.

    Args:
        connection: The writer.
        is_personal: Told the whole mail, subject included.
    """
    cursor = connection.cursor()
    try:
        cursor.execute(load_sql("privacy/mails"))
        found = []
        while rows := cursor.fetchmany(_CHUNK):
            found += [row[0] for row in rows if is_personal(row[1].encode() + b"\n" + row[2])]
    finally:
        cursor.close()
    with transaction(connection):
        for message_id in found:
            connection.execute(load_sql("privacy/empty_mail"), {"message_id": message_id})
    return found


def _delete(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    name = '"' + table.replace('"', '""') + '"'
    sql = f"DELETE FROM {name} WHERE document_id IN (SELECT document_id FROM gone)"  # noqa: S608 — a table's own name
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _erase_paths(connection: duckdb.DuckDBPyConnection, gone: Gone) -> None:
    asked = connection.execute(load_sql("privacy/request_paths")).fetchall()
    pages = [(host, path) for host, path in asked if gone.is_path(host, path)]
    table = pa.table(
        {
            "host": pa.array([host for host, _ in pages], pa.string()),
            "path": pa.array([path for _, path in pages], pa.string()),
        }
    )
    with registered(connection, gone_pages=table):
        connection.execute(load_sql("privacy/erase_paths"), {"erased": ERASED_PATH})


def _scrub_states(connection: duckdb.DuckDBPyConnection, gone: Gone) -> int:
    changed = 0
    for state in read_states(connection).values():
        scrubbed = scrub_state(state, gone)
        if scrubbed != state:
            changed += 1
            parameters: dict[str, Any] = {
                "source_id": state.source_id,
                "seen": _entries(scrubbed.seen.items()),
                "shared_urls": sorted(scrubbed.shared_urls),
                "memory": _entries(scrubbed.memory.items()),
                "listed": list(scrubbed.listed),
                "missing": _entries(scrubbed.missing.items()),
            }
            connection.execute(load_sql("privacy/write_state"), parameters)
    return changed


def _entries(items: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"k": key, "v": value} for key, value in items]


def _texts(values: Collection[str]) -> pa.Table:
    return pa.table({"document_id": pa.array(sorted(values), pa.string())})
