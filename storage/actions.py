"""What people do with mentions: corrections, status, owner, notes; appended, never changed."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from listening.errors import StorageError
from listening.translate import mark
from storage.action_log import (
    FOLDER,
    ActionKind,
    MentionAction,
    append_action,
    remove_actions,
)
from storage.engine import transaction
from storage.queries import load_sql

__all__ = ["ActionKind", "MentionAction", "log_folder", "record_action", "remove_notes"]


def record_action(connection: duckdb.DuckDBPyConnection, action: MentionAction) -> None:
    """Append an action, and show its label beside the model's.

    It is written into the log beside the warehouse too (:mod:`storage.action_log`), in time for
    the row to be there only when the line is.

    Raises:
        StorageError: The value is none of its kind, there is no such mention, or the log cannot
            be written.
    """
    known = connection.execute(
        "SELECT count(*) FROM fct_mentions WHERE document_id = $1 AND brand_id = $2",
        [action.document_id, action.brand_id],
    ).fetchone()
    if known == (0,):
        raise StorageError(
            mark("there is no mention of {brand} in document {document}"),
            brand=action.brand_id,
            document=action.document_id,
        )
    parameters = {
        "action_id": action.action_id,
        "document_id": action.document_id,
        "brand_id": action.brand_id,
        "kind": action.kind.value,
        "value": action.value,
        "actor": action.actor,
        "acted_at": action.acted_at,
    }
    try:
        with transaction(connection):
            connection.execute(load_sql("tagging/insert_action"), parameters)
            connection.execute(load_sql("tagging/project_labels"))
            append_action(log_folder(connection), action)  # last: only what the table took
    except duckdb.ConstraintException as error:
        raise StorageError(
            mark("not a {kind}: {value}"), kind=action.kind, value=action.value
        ) from error


def remove_notes(connection: duckdb.DuckDBPyConnection, is_personal: Callable[[str], bool]) -> int:
    """Remove the notes on mentions that are about the erased, here and in the log.

    Returns:
        How many went.

    Raises:
        StorageError: The log cannot be written.
    """
    rows = connection.execute(
        "SELECT action_id, value FROM fct_mention_actions WHERE kind = 'note'"
    ).fetchall()
    found = [action_id for action_id, note in rows if is_personal(note or "")]
    with transaction(connection):
        for action_id in found:
            connection.execute("DELETE FROM fct_mention_actions WHERE action_id = $1", [action_id])
        remove_actions(
            log_folder(connection),
            lambda one: one["kind"] == ActionKind.NOTE and is_personal(one["value"] or ""),
        )
    return len(found)


def log_folder(connection: duckdb.DuckDBPyConnection) -> Path:
    """Return where the log of an open warehouse lies: beside its file."""
    row = connection.execute(
        "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchone()
    if row is None or row[0] is None:
        raise StorageError("actions need a warehouse in a file")
    return Path(row[0]).parent / FOLDER
