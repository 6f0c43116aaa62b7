"""The outbox: mails are written once, and stay until they went out or were given up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from listening.errors import StorageError
from listening.model import OutgoingMessage
from storage.engine import open_writer, transaction
from storage.queries import load_sql
from storage.rows import BYTES, COUNT, INSTANT, TEXT, TEXTS, arrow_table, registered

_MESSAGES = {
    "message_id": TEXT,
    "fingerprint": TEXT,
    "recipient": TEXT,
    "subject": TEXT,
    "body": BYTES,
    "created_at": INSTANT,
    "attempt_count": COUNT,
    "next_attempt_at": INSTANT,
    "fingerprints": TEXTS,
}


def insert_messages(
    connection: duckdb.DuckDBPyConnection, messages: Sequence[OutgoingMessage]
) -> int:
    """Put mails into the outbox; return how many were not in it yet, by their Message-ID.

    The first wording of a Message-ID wins: it may have gone out already.
    """
    first = {message.message_id: message for message in reversed(messages)}
    rows = (
        (
            message.message_id,
            message.fingerprint,
            message.recipient,
            message.subject,
            message.body,
            message.created_at,
            message.attempt_count,
            message.next_attempt_at,
            [*message.fingerprints] or None,
        )
        for message in first.values()
    )
    with registered(connection, incoming_messages=arrow_table(_MESSAGES, rows)):
        return len(connection.execute(load_sql("alerting/insert_messages")).fetchall())


def pending_messages(connection: duckdb.DuckDBPyConnection, now: datetime) -> list[OutgoingMessage]:
    """Return the mails that may go out at ``now``, oldest first."""
    rows = connection.execute(load_sql("alerting/pending_messages"), {"now": now}).fetchall()
    return [
        OutgoingMessage(
            message_id=row[0],
            fingerprint=row[1],
            recipient=row[2],
            subject=row[3],
            body=row[4],
            created_at=row[5],
            attempt_count=row[6],
            next_attempt_at=row[7],
            fingerprints=tuple(row[8] or ()),
        )
        for row in rows
    ]


def mark_sent(connection: duckdb.DuckDBPyConnection, message_id: str, *, now: datetime) -> None:
    """Note that a mail went out; it is never pending again.

    Raises:
        StorageError: No such mail waits.
    """
    _mark(connection, "alerting/mark_sent", {"message_id": message_id, "now": now})


def mark_failed(
    connection: duckdb.DuckDBPyConnection,
    message_id: str,
    *,
    reason: str,
    next_attempt_at: datetime | None,
    is_permanent: bool,
) -> None:
    """Note that a mail did not go out: it waits until ``next_attempt_at``, or is given up.

    Raises:
        StorageError: No such mail waits.
    """
    parameters = {
        "message_id": message_id,
        "reason": reason,
        "next_attempt_at": next_attempt_at,
        "is_permanent": is_permanent,
    }
    _mark(connection, "alerting/mark_failed", parameters)


def _mark(
    connection: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object]
) -> None:
    if not connection.execute(load_sql(name), parameters).fetchall():
        raise StorageError(f"no such mail waits in the outbox: {parameters['message_id']}")


def take_over(connection: duckdb.DuckDBPyConnection, writer: Path) -> None:
    """Take the mails of another warehouse, and what became of them, in place of those known here.

    Raises:
        WarehouseBusyError: Another process holds the other warehouse.
        WarehouseDamagedError: It cannot be read; nothing was taken.
    """
    with open_writer(writer) as other:
        if not other.execute(load_sql("alerting/has_outbox")).fetchall():
            return
        messages = other.table("outbox").to_arrow_table()
    with registered(connection, kept_messages=messages), transaction(connection):
        connection.execute(load_sql("alerting/put_back_messages"))


def first_told(connection: duckdb.DuckDBPyConnection) -> dict[str, datetime]:
    """Return when the first mail about each alert went out, by its fingerprint."""
    return dict(connection.execute(load_sql("alerting/told_at")).fetchall())
