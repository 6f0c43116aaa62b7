"""Clients who listen by the hour: a closer look once they do, and a row that says so."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from listening.jobs.alert import judge
from listening.model import Decision, Polarity
from tests.integration.home import rows
from tests.listening.jobs.heard import Text, hear, make_context

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

RULES = """
rules:
  - {id: buzz, kind: negative_spike, false_alarm_budget: "1 per month"}
  - {id: presse, kind: negative_spike, source_types: [press], false_alarm_budget: "1 per month"}
  - {id: tout, kind: spike, threshold: 5}
"""


def ordinary(days: int = 30) -> list[Text]:
    """Two negative texts every evening, and now and then one at night."""
    return [
        Text(at=NOON - n * DAY + hours * HOUR, polarity=Polarity.NEGATIVE)
        for n in range(1, days)
        for hours in ((-16, 7, 8) if n % 4 == 0 else (7, 8))
    ]


def test_who_listens_every_hour_is_told_of_a_wave_by_the_hour(tmp_path: Path) -> None:
    context = make_context(tmp_path, RULES, now=NOON)
    hear(context, ordinary(), at=NOON - 2 * HOUR)
    judge(context, now=NOON - 2 * HOUR)
    hear(context, [], at=NOON - HOUR)
    judge(context, now=NOON - HOUR)
    hear(context, [Text(at=NOON - n * timedelta(minutes=9)) for n in range(1, 7)], at=NOON)

    judgement = judge(context, now=NOON)

    found = {one.rule_id: one for one in judgement.evaluations}
    assert found["buzz"].decision is Decision.FIRED
    assert found["buzz"].observation.window.start == NOON - DAY, "the window is still the rule's"
    assert found["buzz"].baseline is not None
    assert found["tout"].judged_hour_count is None, "a number knows no hours"
    stored = rows(
        context.paths.writer,
        "SELECT evaluated_at, p_value <= threshold, judged_hour_count FROM fct_alert_evaluations"
        " WHERE rule_id = 'buzz' ORDER BY evaluated_at",
    )
    assert [(at, unusual) for at, unusual, _ in stored] == [
        (NOON - 2 * HOUR, False),
        (NOON - HOUR, False),
        (NOON, True),
    ]
    assert [count is None for *_, count in stored] == [True, True, False]
    (first_text,) = rows(context.paths.writer, "SELECT min(mentioned_at) FROM fct_documents")
    assert stored[-1][2] == (NOON - first_text[0]) // HOUR


def test_a_night_that_ends_an_hour_earlier_is_no_hourly_look(tmp_path: Path) -> None:
    context = make_context(tmp_path, RULES, now=NOON)
    hear(context, ordinary(), at=NOON - 23 * HOUR)
    judge(context, now=NOON - 23 * HOUR)
    hear(context, [Text(at=NOON - n * timedelta(minutes=9)) for n in range(1, 20)], at=NOON)

    judgement = judge(context, now=NOON)

    assert {one.judged_hour_count for one in judgement.evaluations} == {None}
    assert {one.decision for one in judgement.evaluations} == {Decision.FIRED}
