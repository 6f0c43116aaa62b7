"""Clients who listen by the hour: a closer look once they do, and a row that says so."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from listening.jobs.alert import judge
from listening.jobs.context import JobContext
from listening.model import Decision, Polarity
from storage.alerting import save_judgement
from storage.engine import open_writer
from tests.builders import make_evaluation
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


def looked_before(context: JobContext, *, hours: Sequence[int]) -> None:
    looks = [
        make_evaluation(
            rule_id="buzz", evaluated_at=NOON - n * HOUR, decision=Decision.BELOW, p_value=0.5
        )
        for n in hours
    ]
    with open_writer(context.paths.writer) as warehouse:
        save_judgement(warehouse, evaluations=looks, alerts=[], messages=[], now=NOON)


def test_who_listens_every_hour_is_told_of_a_wave_by_the_hour(tmp_path: Path) -> None:
    context = make_context(tmp_path, RULES, now=NOON)
    wave = [Text(at=NOON - n * timedelta(minutes=9)) for n in range(1, 7)]
    hear(context, ordinary() + wave, at=NOON)
    looked_before(context, hours=[1, 2])

    judgement = judge(context, now=NOON)

    found = {one.rule_id: one for one in judgement.evaluations}
    assert found["buzz"].decision is Decision.FIRED
    assert found["buzz"].observation.window.start == NOON - DAY, "the window is still the rule's"
    assert found["buzz"].baseline is not None
    assert found["presse"].judged_hour_count is None, "that rule looks for the first time"
    assert found["tout"].judged_hour_count is None, "a number knows no hours"
    stored = rows(
        context.paths.writer,
        "SELECT p_value <= threshold, judged_hour_count FROM fct_alert_evaluations"
        " WHERE rule_id = 'buzz' ORDER BY evaluated_at",
    )
    (first_text,) = rows(context.paths.writer, "SELECT min(mentioned_at) FROM fct_documents")
    seen = (NOON - first_text[0]) // HOUR
    assert stored == [(False, None), (False, None), (True, seen)]
