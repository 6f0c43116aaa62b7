"""Analysts at work: processes that query the published file while nights run; no test.

``poll``: open, ask twice, close, again and again. ``hold``: keep one cursor open, reading slowly.
Each prints "ready", works until its standard input closes, and then prints what it saw as JSON.
"""

import json
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

_COUNTS = """
SELECT
    (SELECT count(*) FROM fct_documents),
    (SELECT count(*) FROM fct_mentions),
    (SELECT count(*) FROM mentions),
    (SELECT count(*) FROM fct_mentions ANTI JOIN fct_documents USING (document_id)),
    (SELECT count(*) FROM fct_documents ANTI JOIN fct_document_sources USING (document_id))
"""


@dataclass
class Seen:
    """What one analyst saw."""

    connection_count: int = 0
    query_count: int = 0
    errors: list[str] = field(default_factory=list)
    #: Connections in which the same question had two answers, or a mention had no document.
    inconsistent: list[str] = field(default_factory=list)
    #: Different numbers of documents, in the order seen.
    document_counts: list[int] = field(default_factory=list)


def poll(snapshot: Path, stop: threading.Event) -> Seen:
    """Open the snapshot, ask, wait a little, ask the same again, close."""
    seen = Seen()
    while not stop.is_set():
        try:
            with duckdb.connect(snapshot, read_only=True) as connection:
                first = _ask(connection, seen)
                stop.wait(0.1)
                second = _ask(connection, seen)
        except (duckdb.Error, OSError) as error:
            seen.errors.append(repr(error))
            continue
        seen.connection_count += 1
        stop.wait(0.1)
        documents, _, _, mentions_alone, documents_alone = first
        if first != second or mentions_alone or documents_alone:
            seen.inconsistent.append(f"{first} {second}")
        if not seen.document_counts or seen.document_counts[-1] != documents:
            seen.document_counts.append(documents)
    return seen


def hold(snapshot: Path, stop: threading.Event) -> Seen:
    """Keep one cursor open until told to stop; then read the rest, and count."""
    seen = Seen(connection_count=1)
    with duckdb.connect(snapshot, read_only=True) as connection:
        documents = _ask(connection, seen)[0]
        # Wider than what DuckDB buffers, so that pages are still read after the file was replaced.
        cursor = connection.cursor().execute("SELECT * FROM fct_documents, range(20)")
        read = 0
        try:
            while not stop.is_set():
                read += len(cursor.fetchmany(10))
                time.sleep(0.05)
            while rows := cursor.fetchmany(1000):
                read += len(rows)
            again = _ask(connection, seen)[0]
        except (duckdb.Error, OSError) as error:
            seen.errors.append(repr(error))
            return seen
    seen.document_counts.append(documents)
    if read != 20 * documents or again != documents:
        seen.inconsistent.append(f"{documents} documents, {read} rows read, {again} at the end")
    return seen


def _ask(connection: duckdb.DuckDBPyConnection, seen: Seen) -> tuple[int, ...]:
    row = connection.execute(_COUNTS).fetchone()
    seen.query_count += 1
    assert row is not None
    return row


def main() -> None:
    work = {"poll": poll, "hold": hold}[sys.argv[1]]
    stop = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        stop.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdout.write(json.dumps(asdict(work(Path(sys.argv[2]), stop))))


if __name__ == "__main__":
    main()
