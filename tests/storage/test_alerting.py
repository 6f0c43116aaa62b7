"""Alerts in the warehouse: stored at once, found again, explained."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import duckdb
import pytest

from listening.errors import StorageError
from listening.model import (
    Alert,
    AlertState,
    Baseline,
    Decision,
    OutgoingMessage,
    Severity,
)
from storage.alerting import latest_alerts, save_judgement
from storage.checks import run_checks
from storage.outbox import mark_failed, mark_sent, pending_messages
from tests.builders import (
    NOW,
    make_evaluation,
)

OURS = "oeuf-a-la-coque"
BASELINE = Baseline(center=3.2, dispersion=1.4, window_count=28, low=1, high=6)


def _alert(**overrides: Any) -> Alert:
    values: dict[str, Any] = {
        "fingerprint": "f" * 32,
        "rule_id": "mauvais-buzz",
        "brand_id": OURS,
        "severity": Severity.CRITICAL,
        "state": AlertState.FIRING,
        "opened_at": NOW,
        "last_breach_at": NOW,
        "changed_at": NOW,
        "resolved_at": None,
        "peak_count": 34,
        "evaluation": make_evaluation(baseline=BASELINE),
    }
    return Alert(**values | overrides)


def _message(n: int = 1, **overrides: Any) -> OutgoingMessage:
    values: dict[str, Any] = {
        "message_id": f"<{n}.firing@exemple.vigie>",
        "fingerprint": "f" * 32,
        "recipient": "camille@exemple.example",
        "subject": "Alerte",
        "body": b"Subject: =?utf-8?q?=C5=92uf?=\r\n\r\n\x00\xff",
        "created_at": NOW,
    }
    return OutgoingMessage(**values | overrides)


def test_alert_comes_back_with_its_evaluation(warehouse: duckdb.DuckDBPyConnection) -> None:
    alert = _alert()

    save_judgement(warehouse, evaluations=[alert.evaluation], alerts=[alert], messages=[], now=NOW)

    assert latest_alerts(warehouse) == {("mauvais-buzz", OURS): alert}
    assert run_checks(warehouse) == []


def test_every_look_is_stored_also_one_without_a_baseline(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    look = make_evaluation(2, decision=Decision.LEARNING, p_value=None, threshold=None)

    for _ in range(2):
        save_judgement(warehouse, evaluations=[look], alerts=[], messages=[], now=NOW)

    assert warehouse.execute(
        "SELECT decision, baseline_center, p_value FROM fct_alert_evaluations"
    ).fetchall() == [("learning", None, None)]


def test_a_look_repeated_for_one_instant_is_the_latest(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """The hourly look may come before the night's load, and the next one of that hour after it."""
    before = make_evaluation(1, decision=Decision.BELOW, evaluated_at=NOW, p_value=0.4)
    alert = _alert(evaluation=make_evaluation(30, evaluated_at=NOW, p_value=1e-9), opened_at=NOW)

    save_judgement(warehouse, evaluations=[before], alerts=[], messages=[], now=NOW)
    save_judgement(warehouse, evaluations=[alert.evaluation], alerts=[alert], messages=[], now=NOW)

    assert latest_alerts(warehouse) == {("mauvais-buzz", OURS): alert}
    assert warehouse.execute(
        "SELECT decision, negative_story_count, p_value FROM fct_alert_evaluations"
    ).fetchall() == [("fired", 30, 1e-9)]


def test_latest_alert_is_the_resolved_one_until_a_new_one_opens(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    later = NOW + timedelta(days=1)
    calm = replace(make_evaluation(1, decision=Decision.BELOW), evaluated_at=later)
    resolved = _alert(
        state=AlertState.RESOLVED, resolved_at=later, changed_at=later, evaluation=calm
    )
    again = _alert(fingerprint="e" * 32, opened_at=later, evaluation=calm)

    save_judgement(warehouse, evaluations=[], alerts=[_alert()], messages=[], now=NOW)
    save_judgement(warehouse, evaluations=[], alerts=[resolved], messages=[], now=later)
    assert latest_alerts(warehouse) == {("mauvais-buzz", OURS): resolved}
    save_judgement(warehouse, evaluations=[], alerts=[again], messages=[], now=later)

    assert [alert.fingerprint for alert in latest_alerts(warehouse).values()] == ["e" * 32]


def test_judging_twice_writes_one_mail(warehouse: duckdb.DuckDBPyConnection) -> None:
    for expected in (1, 0):
        added = save_judgement(
            warehouse, evaluations=[], alerts=[_alert()], messages=[_message()], now=NOW
        )
        assert added == expected

    assert pending_messages(warehouse, NOW) == [_message()]


def test_judgement_is_all_or_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    impossible = _alert(state=AlertState.RESOLVED)  # resolved, but never

    with pytest.raises(StorageError, match="judgement cannot be stored"):
        save_judgement(
            warehouse, evaluations=[], alerts=[impossible], messages=[_message()], now=NOW
        )

    assert latest_alerts(warehouse) == {}
    assert pending_messages(warehouse, NOW) == []
    assert warehouse.execute("SELECT count(*) FROM fct_alert_evaluations").fetchone() == (0,)


def test_sent_mail_is_never_pending_again(warehouse: duckdb.DuckDBPyConnection) -> None:
    messages = [_message(1), _message(2)]
    save_judgement(warehouse, evaluations=[], alerts=[], messages=messages, now=NOW)

    mark_sent(warehouse, messages[0].message_id, now=NOW)
    save_judgement(warehouse, evaluations=[], alerts=[], messages=messages, now=NOW)

    assert pending_messages(warehouse, NOW) == [messages[1]]
    with pytest.raises(StorageError, match="no such mail waits"):
        mark_sent(warehouse, messages[0].message_id, now=NOW)


def test_failed_mail_waits_and_is_given_up_when_it_cannot_help(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    message, later = _message(), NOW + timedelta(hours=1)
    save_judgement(warehouse, evaluations=[], alerts=[], messages=[message], now=NOW)

    mark_failed(
        warehouse,
        message.message_id,
        reason="connection_refused",
        next_attempt_at=later,
        is_permanent=False,
    )
    assert pending_messages(warehouse, later - timedelta(seconds=1)) == []
    (waiting,) = pending_messages(warehouse, later)
    assert waiting == replace(message, attempt_count=1, next_attempt_at=later)

    mark_failed(
        warehouse, message.message_id, reason="refused_550", next_attempt_at=None, is_permanent=True
    )
    assert pending_messages(warehouse, later) == []


def test_mail_held_for_the_morning_waits(warehouse: duckdb.DuckDBPyConnection) -> None:
    morning = NOW + timedelta(hours=5)
    held = _message(next_attempt_at=morning)
    save_judgement(warehouse, evaluations=[], alerts=[], messages=[held], now=NOW)

    assert pending_messages(warehouse, NOW) == []
    assert pending_messages(warehouse, morning) == [held]
