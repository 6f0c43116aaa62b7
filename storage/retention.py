"""Retention: what is older than the client's configuration allows goes, class by class."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from listening.errors import StorageError
from listening.translate import mark
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
    document_ids: frozenset[str]  # documents of which nothing is left
    alert_action_ids: frozenset[str]  # what people did with alerts that are gone

    @property
    def document_count(self) -> int:
        """Documents of which nothing is left."""
        return len(self.document_ids)


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
        documents, actions = _expire_all(
            connection, limits.aggregate_before, story_window=story_window
        )
    except duckdb.Error as error:
        raise StorageError(mark("retention cannot be applied: {error}"), error=error) from error
    return Expired(
        text_ids=texts, mail_count=mails, document_ids=documents, alert_action_ids=actions
    )


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
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the documents and the actions on alerts that went."""
    if before is None:
        return frozenset(), frozenset()
    found = connection.execute(load_sql("privacy/expired_documents"), {"before": before}).fetchall()
    documents = frozenset(document_id for (document_id,) in found)
    if documents:
        forget_documents(connection, documents, story_window=story_window)
    with transaction(connection):
        connection.execute(load_sql("privacy/stage_limit"), {"before": before})
        connection.execute(load_sql("privacy/expire_aggregates"))
        rows = connection.execute(load_sql("privacy/expire_alert_actions")).fetchall()
        connection.execute("DROP TABLE limit_at")
    return documents, frozenset(action_id for (action_id,) in rows)
