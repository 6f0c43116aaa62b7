"""Replays: the past is cut in the client's days, ends where reading ended, and never moves."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listening.jobs.context import JobContext
from listening.jobs.publish import publish_snapshot
from listening.jobs.replay import Replay, replay
from listening.model import Polarity
from storage.alerting import save_judgement
from storage.engine import open_writer
from tests.builders import make_evaluation
from tests.listening.jobs.heard import Text, hear, make_context

#: The clock of Paris goes back an hour on 25 October 2026, at 01:00 UTC.
HEARD_AT = datetime(2026, 10, 31, 5, 30, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = (
    "rules:\n"
    "  - {id: jour, kind: negative_spike, severity: critical, threshold: 3, window: 24h}\n"
    "  - {id: quart, kind: negative_spike, severity: info, threshold: 3, window: 6h}\n"
)
BY_BUDGET = "rules:\n  - {id: buzz, kind: negative_spike, false_alarm_budget: 1 per month}\n"


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> JobContext:
    """Return a client with an outcry in the first hour of 20 October, its own time, and of 28."""
    context = make_context(tmp_path_factory.mktemp("past"), RULES, now=HEARD_AT)
    midnights = (datetime(2026, 10, 19, 22, tzinfo=UTC), datetime(2026, 10, 27, 23, tzinfo=UTC))
    texts = [
        Text(at=midnight + timedelta(minutes=5 + n), polarity=Polarity.NEGATIVE)
        for midnight in midnights
        for n in range(6)
    ]
    texts += [
        Text(at=HEARD_AT - 60 * DAY, polarity=Polarity.NEUTRAL, source=source.source_id)
        for source in context.config.sources
    ]  # so long each source reaches back
    hear(context, texts, at=HEARD_AT)
    publish_snapshot(context, now=HEARD_AT)
    return context


def opened(found: Replay, rule_id: str) -> list[datetime]:
    return [one.alert.opened_at for one in found.incidents if one.alert.rule_id == rule_id]


def told(found: Replay) -> list[dict[str, Any]]:
    return [asdict(one.opening) for one in found.incidents]


def test_days_end_at_the_clients_midnight_on_both_sides_of_a_change_of_the_clock(
    past: JobContext,
) -> None:
    found = replay(past, from_on=date(2026, 10, 18), to_on=date(2026, 10, 30))

    assert opened(found, "jour") == [
        datetime(2026, 10, 20, 22, tzinfo=UTC),
        datetime(2026, 10, 28, 23, tzinfo=UTC),
    ]
    assert [one.alert.peak_count for one in found.incidents] == [6, 6, 6, 6]


def test_the_past_does_not_depend_on_the_end(past: JobContext) -> None:
    before = replay(past, from_on=date(2026, 10, 18), to_on=date(2026, 10, 23))
    after = replay(past, from_on=date(2026, 10, 18), to_on=date(2026, 10, 30))

    assert told(before) == told(after)[: len(told(before))]
    assert len(told(before)) == 2


@pytest.mark.parametrize(
    ("to_on", "days", "looks"),
    [
        pytest.param(date(2026, 10, 25), 1, 1 + 4, id="a-day"),
        pytest.param(date(2026, 10, 26), 2, 3 + 9, id="a-day-of-25-hours"),
    ],
)
def test_no_hour_is_left_out(past: JobContext, to_on: date, days: int, looks: int) -> None:
    found = replay(past, from_on=date(2026, 10, 24), to_on=to_on)

    brands = len(past.config.rules[1].brands)
    assert (found.day_count, found.look_count) == (days, brands * looks)


@pytest.mark.parametrize("to_on", [date(2026, 11, 1), date(9999, 12, 31)], ids=str)
def test_what_was_not_published_yet_is_not_judged(past: JobContext, to_on: date) -> None:
    found = replay(past, from_on=date(2026, 10, 29), to_on=to_on)

    assert found.until == datetime(2026, 10, 31, 5, tzinfo=UTC), "the last full quarter"
    assert found.day_count == 2


def test_days_to_come_are_none(past: JobContext) -> None:
    found = replay(past, from_on=date(2026, 12, 1), to_on=date(2026, 12, 9))

    assert (found.incidents, found.look_count, found.day_count) == ((), 0, 0)
    assert found.until is None


def test_who_listens_every_hour_has_the_past_replayed_by_the_hour(tmp_path: Path) -> None:
    """Eight texts from two in the afternoon on: told at four, and not when the day has ended."""
    context = make_context(tmp_path, BY_BUDGET, now=HEARD_AT)
    at_two = datetime(2026, 10, 27, 13, tzinfo=UTC)
    texts = [Text(at=at_two - (n + 1) * DAY + timedelta(hours=n % 9)) for n in range(40)]
    texts += [Text(at=at_two + timedelta(minutes=15 * n)) for n in range(8)]
    hear(context, texts, at=HEARD_AT)
    looks = [
        make_evaluation(rule_id="buzz", evaluated_at=HEARD_AT - timedelta(hours=hours))
        for hours in (2, 1)
    ]
    with open_writer(context.paths.writer) as warehouse:
        save_judgement(warehouse, evaluations=looks, alerts=[], messages=[], now=HEARD_AT)
    publish_snapshot(context, now=HEARD_AT)

    by_hour = replay(context, from_on=date(2026, 10, 26), to_on=date(2026, 10, 29))

    (told_at,) = opened(by_hour, "buzz")
    assert timedelta() < told_at - at_two <= timedelta(hours=2)
    assert by_hour.look_count == 3 * 24 * len(context.config.rules[0].brands)
    assert {one.opening.judged_hour_count is None for one in by_hour.incidents} == {False}
