"""What people do with mentions: corrections, status, owner, notes; appended, never changed."""

import hashlib
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from enum import StrEnum

import duckdb

from listening.errors import StorageError
from storage.engine import transaction
from storage.queries import load_sql


class ActionKind(StrEnum):
    """What an action is about; its ``value`` is of that kind."""

    POLARITY = "polarity"  # a Polarity; None: back to the model's
    RELEVANCE = "relevance"  # "true", or "false" for a homonym; None: not judged
    STATUS = "status"  # new, in_progress, answered, ignored, satisfied
    OWNER = "owner"  # who looks after it
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionAction:
    """One thing one person did with one mention."""

    document_id: str
    brand_id: str
    kind: ActionKind
    value: str | None
    actor: str
    acted_at: datetime

    @property
    def action_id(self) -> str:
        """32 hex over everything, so that storing an action again changes nothing."""
        instant = self.acted_at.astimezone(UTC).isoformat()
        parts = [*map(repr, astuple(self)[:-1]), instant]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def record_action(connection: duckdb.DuckDBPyConnection, action: MentionAction) -> None:
    """Append an action, and show its label beside the model's.

    Raises:
        StorageError: The value is none of its kind, or there is no such mention.
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
    except duckdb.ConstraintException as error:
        raise StorageError(f"not a {action.kind}: {action.value!r}") from error
