"""What people do with alerts: taken in charge, judged true or false, silenced.

Appended, never changed; written into a log beside the warehouse as well (``actions/alerts``, one
file a month), as what people do with mentions is: the warehouse can be made anew, this cannot.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, astuple, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import duckdb

from listening.errors import StorageError
from listening.model import Alert
from listening.translate import mark
from storage.action_log import append_record, change_records, read_records
from storage.actions import log_folder
from storage.alerting import store_alerts
from storage.engine import transaction
from storage.queries import load_sql

#: Folder of the log, within that of the actions on mentions.
FOLDER: Final = "alerts"


class AlertActionKind(StrEnum):
    """What was done."""

    ACKNOWLEDGE = "acknowledge"
    VERDICT = "verdict"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAction:
    """One thing one person did with one alert, or with what a rule may say of a brand."""

    kind: AlertActionKind
    fingerprint: str | None = None  # None for a silence
    rule_id: str | None = None  # None: every rule
    brand_id: str | None = None  # None: every brand
    value: str | None = None  # verdict: true, false, None; silence: until when, ISO 8601
    note: str = ""
    actor: str
    acted_at: datetime

    @property
    def action_id(self) -> str:
        """32 hex over everything, so that storing an action again changes nothing."""
        instant = self.acted_at.astimezone(UTC).isoformat()
        parts = ["alert", *map(repr, astuple(self)[:-1]), instant]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What is not to be told, until when."""

    rule_id: str | None
    brand_id: str | None
    until: datetime
    note: str
    actor: str

    def covers(self, rule_ids: tuple[str, ...], brand_id: str) -> bool:
        """Say whether it holds for a rule, under any of its ids, and a brand."""
        return (self.rule_id is None or self.rule_id in rule_ids) and (
            self.brand_id is None or self.brand_id == brand_id
        )


def record_alert_action(
    connection: duckdb.DuckDBPyConnection, action: AlertAction, *, becomes: Alert | None = None
) -> bool:
    """Append an action, and show it on its alert; return False when it was there already.

    Args:
        connection: The writer.
        action: What was done.
        becomes: What the alert is from then on; None: as it was.

    Raises:
        StorageError: There is no such alert, the value is none of its kind, or the log cannot be
            written.
    """
    if action.fingerprint is not None:
        known = connection.execute(
            "SELECT count(*) FROM fct_alerts WHERE fingerprint = $1", [action.fingerprint]
        ).fetchone()
        if known == (0,):
            raise StorageError(mark("there is no alert {start}"), start=action.fingerprint)
    values = _values(action)
    try:
        with transaction(connection):
            is_new = connection.execute(load_sql("alerting/insert_action"), values).fetchone()
            connection.execute(load_sql("alerting/project_verdicts"))
            if is_new and becomes is not None:
                store_alerts(connection, [becomes])
            if is_new:  # last: only what the table took
                append_record(log_folder(connection) / FOLDER, values, action.acted_at)
    except (duckdb.ConstraintException, duckdb.ConversionException) as error:
        raise StorageError(
            mark("not a {kind}: {value}"), kind=action.kind, value=action.value
        ) from error
    return bool(is_new)


def was_noted(connection: duckdb.DuckDBPyConnection, fingerprint: str, note: str) -> bool:
    """Say whether an action on an alert with exactly this note is there."""
    row = connection.execute(
        load_sql("alerting/was_noted"), {"fingerprint": fingerprint, "note": note}
    ).fetchone()
    return row is not None and row[0] > 0


def latest_verdict(connection: duckdb.DuckDBPyConnection, fingerprint: str) -> bool | None:
    """Return whether people hold an alert for a true one; None: nobody says so, or no longer."""
    row = connection.execute(
        load_sql("alerting/latest_verdict"), {"fingerprint": fingerprint}
    ).fetchone()
    return None if row is None else row[0]


def restore_alert_actions(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Take the actions of a log into a warehouse made anew; return how many were not in it.

    Args:
        connection: The writer.
        folder: That of the actions on mentions.

    Raises:
        StorageError: A line is no action; says which.
    """
    taken = 0
    with transaction(connection):
        for values in read_alert_actions(folder):
            row = connection.execute(load_sql("alerting/insert_action"), values).fetchone()
            taken += bool(row)
        connection.execute(load_sql("alerting/project_verdicts"))
    return taken


def empty_notes(connection: duckdb.DuckDBPyConnection, is_personal: Callable[[str], bool]) -> int:
    """Empty the notes on alerts that are about the erased, here and in the log; return how many.

    Raises:
        StorageError: The log cannot be written.
    """
    rows = connection.execute(
        "SELECT action_id, note FROM fct_alert_actions WHERE note <> ''"
    ).fetchall()
    found = {action_id for action_id, note in rows if is_personal(note)}
    with transaction(connection):
        for action_id in found:
            connection.execute(
                "UPDATE fct_alert_actions SET note = '' WHERE action_id = $1", [action_id]
            )
        change_records(
            log_folder(connection) / FOLDER,
            lambda one: one | {"note": ""} if is_personal(one["note"]) else one,
        )
    return len(found)


def read_alert_actions(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the actions of a log, the oldest file first.

    Raises:
        StorageError: A line is no action; says which.
    """
    wanted = set(_values(AlertAction(kind=AlertActionKind.SILENCE, actor="", acted_at=_EPOCH)))
    for place, values in read_records(folder / FOLDER):
        if set(values) != wanted:
            raise StorageError(
                mark("{path}: not an action: {error}"), path=place, error=json.dumps(values)
            )
        yield values


def active_silences(connection: duckdb.DuckDBPyConnection, *, now: datetime) -> list[Silence]:
    """Return what is silenced at an instant: the latest word on each rule and brand."""
    rows = connection.execute(load_sql("alerting/active_silences"), {"now": now}).fetchall()
    return [
        Silence(rule_id=rule_id, brand_id=brand_id, until=until, note=note, actor=actor)
        for rule_id, brand_id, until, note, actor in rows
    ]


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _values(action: AlertAction) -> dict[str, Any]:
    instant = action.acted_at.astimezone(UTC).isoformat()
    return {"action_id": action.action_id, **asdict(action), "acted_at": instant}
