"""What people do with mentions: corrections, status, owner, notes; appended, never changed."""

from pathlib import Path

import duckdb

from listening.errors import StorageError
from storage.action_log import FOLDER, ActionKind, MentionAction, append_action
from storage.engine import transaction
from storage.queries import load_sql

__all__ = ["ActionKind", "MentionAction", "log_folder", "record_action"]


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
        raise StorageError(f"no mention of {action.brand_id!r} in {action.document_id!r}")
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
        raise StorageError(f"not a {action.kind}: {action.value!r}") from error


def log_folder(connection: duckdb.DuckDBPyConnection) -> Path:
    """Return where the log of an open warehouse lies: beside its file."""
    row = connection.execute(
        "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchone()
    if row is None or row[0] is None:
        raise StorageError("actions need a warehouse in a file")
    return Path(row[0]).parent / FOLDER
