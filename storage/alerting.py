"""Alerts in the warehouse: evaluations and incidents, with the mails about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb

from listening.errors import StorageError
from listening.model import (
    Alert,
    AlertState,
    Baseline,
    Decision,
    Evaluation,
    Observation,
    OutgoingMessage,
    Severity,
    Window,
)
from storage.engine import transaction
from storage.outbox import insert_messages
from storage.queries import load_sql
from storage.rows import COUNT, INSTANT, REAL, TEXT, arrow_table, registered

_EVALUATIONS = {
    "rule_id": TEXT,
    "brand_id": TEXT,
    "evaluated_at": INSTANT,
    "window_start": INSTANT,
    "window_end": INSTANT,
    "mention_count": COUNT,
    "negative_count": COUNT,
    "negative_story_count": COUNT,
    "negative_author_count": COUNT,
    "negative_voice_count": COUNT,
    "coverage": REAL,
    "baseline_center": REAL,
    "baseline_dispersion": REAL,
    "baseline_window_count": COUNT,
    "baseline_low": COUNT,
    "baseline_high": COUNT,
    "p_value": REAL,
    "threshold": REAL,
    "decision": TEXT,
    "judged_count": COUNT,
    "judged_mention_count": COUNT,
    "loudest_author_count": COUNT,
    "total_count": COUNT,
    "threshold_count": COUNT,
    "known_days": TEXT,
    "judged_hour_count": COUNT,
}
_ALERTS = {
    "fingerprint": TEXT,
    "rule_id": TEXT,
    "brand_id": TEXT,
    "severity": TEXT,
    "state": TEXT,
    "opened_at": INSTANT,
    "last_breach_at": INSTANT,
    "changed_at": INSTANT,
    "resolved_at": INSTANT,
    "peak_count": COUNT,
    "evaluated_at": INSTANT,
    "escalated_at": INSTANT,
}


def latest_alerts(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Alert]:
    """Return the latest alert, open or resolved, by (rule_id, brand_id)."""
    alerts = _alerts(connection, "alerting/latest_alerts", {})
    return {(alert.rule_id, alert.brand_id): alert for alert in alerts}


def find_alerts(connection: duckdb.DuckDBPyConnection, start: str) -> list[Alert]:
    """Return the alerts whose fingerprint begins so, newest first."""
    return _alerts(connection, "alerting/find_alerts", {"start": start})


def _alerts(
    connection: duckdb.DuckDBPyConnection, name: str, parameters: dict[str, Any]
) -> list[Alert]:
    cursor = connection.execute(load_sql(name), parameters)
    names = [column[0] for column in cursor.description or ()]
    return [_alert(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def store_alerts(connection: duckdb.DuckDBPyConnection, alerts: Sequence[Alert]) -> None:
    """Write alerts whose evaluations are stored, within the caller's transaction."""
    table = arrow_table(_ALERTS, map(_alert_row, alerts))
    with registered(connection, incoming_alerts=table):
        connection.execute(load_sql("alerting/upsert_alerts"))


def save_judgement(
    connection: duckdb.DuckDBPyConnection,
    *,
    evaluations: Sequence[Evaluation],
    alerts: Sequence[Alert],
    messages: Sequence[OutgoingMessage],
    now: datetime,
) -> int:
    """Store what one judgement came to, all or nothing; return how many messages are new.

    An evaluation known for that instant takes the latest numbers, a known Message-ID is left alone:
    judging again, after a crash or a late load, doubles neither a row nor a mail.

    Args:
        connection: The writer.
        evaluations: Every look that was taken, also those that came to nothing.
        alerts: Alerts whose state, peak or last breach changed, each with its evaluation.
        messages: Mails to send about them.
        now: Time of the judgement; a message cannot be younger.

    Raises:
        StorageError: A row breaks a constraint; nothing of the judgement stays.
    """
    if late := [message.message_id for message in messages if message.created_at > now]:
        raise StorageError(f"messages from the future: {late}")
    looks = {
        (look.rule_id, look.brand_id, look.evaluated_at): look
        for look in [*(alert.evaluation for alert in alerts), *evaluations]
    }
    table = arrow_table(_EVALUATIONS, map(_evaluation_row, looks.values()))
    try:
        with transaction(connection):
            with registered(connection, incoming_evaluations=table):
                connection.execute(load_sql("alerting/upsert_evaluations"))
            store_alerts(connection, alerts)
            return insert_messages(connection, messages)
    except duckdb.Error as error:
        raise StorageError(f"judgement cannot be stored: {error}") from error


def _evaluation_row(look: Evaluation) -> tuple[Any, ...]:
    seen, base = look.observation, look.baseline
    return (
        look.rule_id,
        look.brand_id,
        look.evaluated_at,
        seen.window.start,
        seen.window.end,
        seen.mention_count,
        seen.negative_count,
        seen.negative_story_count,
        seen.negative_author_count,
        seen.negative_voice_count,
        seen.coverage,
        base.center if base else None,
        base.dispersion if base else None,
        base.window_count if base else None,
        base.low if base else None,
        base.high if base else None,
        look.p_value,
        look.threshold,
        look.decision.value,
        seen.judged_count,
        seen.judged_mention_count,
        seen.loudest_author_count,
        seen.total_count,
        look.threshold_count,
        look.known_days,
        look.judged_hour_count,
    )


def _alert_row(alert: Alert) -> tuple[Any, ...]:
    return (
        alert.fingerprint,
        alert.rule_id,
        alert.brand_id,
        alert.severity.value,
        alert.state.value,
        alert.opened_at,
        alert.last_breach_at,
        alert.changed_at,
        alert.resolved_at,
        alert.peak_count,
        alert.evaluation.evaluated_at,
        alert.escalated_at,
    )


def _alert(row: dict[str, Any]) -> Alert:
    return Alert(
        fingerprint=row["fingerprint"],
        rule_id=row["rule_id"],
        brand_id=row["brand_id"],
        severity=Severity(row["severity"]),
        state=AlertState(row["state"]),
        opened_at=row["opened_at"],
        last_breach_at=row["last_breach_at"],
        changed_at=row["changed_at"],
        resolved_at=row["resolved_at"],
        peak_count=row["peak_count"],
        evaluation=_evaluation(row),
        escalated_at=row["escalated_at"],
    )


def _evaluation(row: dict[str, Any]) -> Evaluation:
    observation = Observation(
        brand_id=row["brand_id"],
        window=Window(start=row["window_start"], end=row["window_end"]),
        mention_count=row["mention_count"],
        negative_count=row["negative_count"],
        negative_story_count=row["negative_story_count"],
        negative_author_count=row["negative_author_count"],
        negative_voice_count=row["negative_voice_count"],
        coverage=row["coverage"],
        judged_count=row["judged_count"],
        judged_mention_count=row["judged_mention_count"],
        loudest_author_count=row["loudest_author_count"] or 0,
        total_count=row["total_count"] or 0,
    )
    baseline = None
    if row["baseline_center"] is not None:
        baseline = Baseline(
            center=row["baseline_center"],
            dispersion=row["baseline_dispersion"],
            window_count=row["baseline_window_count"],
            low=row["baseline_low"],
            high=row["baseline_high"],
        )
    return Evaluation(
        rule_id=row["rule_id"],
        brand_id=row["brand_id"],
        evaluated_at=row["evaluated_at"],
        observation=observation,
        baseline=baseline,
        p_value=row["p_value"],
        threshold=row["threshold"],
        decision=Decision(row["decision"]),
        threshold_count=row["threshold_count"],
        known_days=row["known_days"],
        judged_hour_count=row["judged_hour_count"],
    )
