"""Retention: what is older than the client's configuration allows goes, class by class."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from listening.errors import StorageError
from storage.engine import transaction
from storage.forgetting import forget_documents
from storage.queries import load_sql
from storage.story_assignment import STORY_WINDOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Instants before which things go; None: they are kept."""

    text_before: datetime | None  # words, addresses and authors of documents
    body_before: datetime | None  # words of mails
    aggregate_before: datetime | None  # everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """What went."""

    text_ids: frozenset[str]  # documents that lost their words
    mail_count: int
    document_count: int  # documents of which nothing is left


def apply_retention(
    connection: duckdb.DuckDBPyConnection, limits: Limits, *, story_window: timedelta = STORY_WINDOW
) -> Expired:
    """Let go of what is too old; doing it twice changes nothing.

    The age of a document counts from its latest collection.

    Raises:
        StorageError: The class that failed stays as it was.
    """
    try:
        texts = _expire_texts(connection, limits.text_before)
        mails = 0
        if limits.body_before is not None:
            before = {"before": limits.body_before}
            mails = len(connection.execute(load_sql("privacy/expire_mails"), before).fetchall())
        documents = _expire_all(connection, limits.aggregate_before, story_window=story_window)
    except duckdb.Error as error:
        raise StorageError(f"retention cannot be applied: {error}") from error
    return Expired(text_ids=texts, mail_count=mails, document_count=documents)


def _expire_texts(connection: duckdb.DuckDBPyConnection, before: datetime | None) -> frozenset[str]:
    if before is None:
        return frozenset()
    with transaction(connection):
        connection.execute(load_sql("privacy/stage_expired"), {"before": before})
        connection.execute(load_sql("privacy/expire_texts"))
        connection.execute(load_sql("privacy/remove_authors"))
        rows = connection.execute("SELECT document_id FROM expired").fetchall()
        connection.execute("DROP TABLE expired")
    return frozenset(document_id for (document_id,) in rows)


def _expire_all(
    connection: duckdb.DuckDBPyConnection, before: datetime | None, *, story_window: timedelta
) -> int:
    if before is None:
        return 0
    found = connection.execute(load_sql("privacy/expired_documents"), {"before": before}).fetchall()
    if found:
        forget_documents(connection, [one for (one,) in found], story_window=story_window)
    with transaction(connection):
        connection.execute(load_sql("privacy/stage_limit"), {"before": before})
        connection.execute(load_sql("privacy/expire_aggregates"))
    return len(found)
