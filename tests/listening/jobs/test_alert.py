"""Judging over a real warehouse: which hours count, what is stored, who is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listening.jobs.alert import judge
from listening.jobs.collect import know_configuration
from listening.jobs.context import JobContext, open_context
from listening.jobs.notify import send_pending
from listening.jobs.tag import load_tags, tag_documents
from listening.model import AlertState, Decision, Polarity, RunStatus, SourceRun
from listening.settings import Settings
from storage.engine import open_writer
from storage.loading import load_batch, load_tagged
from storage.migrate import migrate
from tests.builders import (
    make_batch,
    make_document,
    make_mention,
    make_source_run,
    make_tagged,
    write_client,
)

NIGHT = datetime(2026, 11, 20, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

NEGATIVE, NEUTRAL = Polarity.NEGATIVE, Polarity.NEUTRAL

RULE = """
rules:
  - id: mauvais-buzz
    kind: negative_spike
    false_alarm_budget: "1 per month"
    minimum: 4
    severity: critical
"""


@pytest.fixture
def context(tmp_path: Path) -> JobContext:
    write_client(tmp_path / "clients" / "bistrot", alerts=RULE)
    settings = Settings(home=tmp_path)
    return open_context("bistrot", settings=settings, clock=lambda: NIGHT)


def hear(
    context: JobContext,
    texts: Sequence[tuple[datetime, Polarity]],
    *,
    at: datetime,
    status: RunStatus = RunStatus.OK,
    first: int = 0,
) -> None:
    """Store a night: one mention of the own brand per text, and one visit to each source."""
    brand = context.config.brands[0]
    sources = [source.source_id for source in context.config.sources]
    documents = [
        make_document(
            first + n,
            source_id=sources[0],
            published_at=published_at,
            fetched_at=at,
            text=f"{brand.name} numéro {first + n} : assez de mots pour une histoire à part",
        )
        for n, (published_at, _) in enumerate(texts)
    ]
    visits: tuple[SourceRun, ...] = tuple(
        make_source_run(source, run_id=f"run-{at:%d%H}", started_at=at, status=status)
        for source in sources
    )
    batch = make_batch(*documents, run_id=f"run-{at:%d%H}", source_runs=visits)
    tagged = [
        make_tagged(
            document,
            make_mention(
                first + n,
                document_id=document.document_id,
                brand_id=brand.brand_id,
                polarity=polarity,
                score=-0.5 if polarity is NEGATIVE else 0.0,
            ),
        )
        for n, (document, (_, polarity)) in enumerate(zip(documents, texts, strict=True))
    ]
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=at)
        know_configuration(context, warehouse, now=at)
        load_batch(warehouse, batch, now=at)
        load_tagged(warehouse, tagged, brands=context.config.brands, now=at)


def quiet_weeks(days: int = 30) -> list[tuple[datetime, Polarity]]:
    """Return one neutral text a day, and a negative one every fourth."""
    return [
        (NIGHT - n * DAY - 6 * HOUR, NEGATIVE if n % 4 == 0 else NEUTRAL) for n in range(1, days)
    ]


def outcry(at: datetime, count: int = 20) -> list[tuple[datetime, Polarity]]:
    return [(at - 3 * HOUR - timedelta(minutes=n), NEGATIVE) for n in range(count)]


def test_before_the_first_visit_nothing_is_judged(context: JobContext) -> None:
    judgement = judge(context, now=NIGHT)

    assert judgement.evaluations == ()
    assert judgement.message_count == 0


def test_an_outcry_fires_once_and_is_written_once(context: JobContext) -> None:
    hear(context, quiet_weeks() + outcry(NIGHT), at=NIGHT)

    first = judge(context, now=NIGHT + 10 * timedelta(minutes=1))
    again = judge(context, now=NIGHT + 20 * timedelta(minutes=1))

    assert [one.decision for one in first.evaluations] == [Decision.FIRED]
    assert [alert.state for alert in first.alerts] == [AlertState.FIRING]
    assert first.message_count == len(context.config.recipients)
    assert again.message_count == 0
    assert send_pending(context).sent == len(context.config.recipients)
    assert send_pending(context).sent == 0


def test_hours_that_nobody_listened_to_are_not_calm(context: JobContext) -> None:
    """A machine that was off for two days must not write "back to normal"."""
    hear(context, quiet_weeks() + outcry(NIGHT), at=NIGHT)
    judge(context, now=NIGHT)

    later = judge(context, now=NIGHT + 2 * DAY)

    assert {one.observation.window.end for one in later.evaluations} == {NIGHT}
    assert later.message_count == 0
    assert all(alert.state is AlertState.FIRING for alert in later.alerts)


def test_a_night_in_which_all_visits_failed_is_an_outage(context: JobContext) -> None:
    hear(context, quiet_weeks(), at=NIGHT - 2 * DAY)
    hear(context, [], at=NIGHT, status=RunStatus.FAILED)

    judgement = judge(context, now=NIGHT)

    assert {one.decision for one in judgement.evaluations} <= {Decision.OUTAGE, Decision.BELOW}
    assert judgement.message_count == 0


def test_an_alert_closes_when_its_rule_is_gone(context: JobContext) -> None:
    hear(context, quiet_weeks() + outcry(NIGHT), at=NIGHT)
    judge(context, now=NIGHT)
    without = replace(context, config=replace(context.config, rules=()))

    judgement = judge(without, now=NIGHT + HOUR)

    assert [alert.state for alert in judgement.alerts] == [AlertState.RESOLVED]
    assert judgement.message_count == 0


def test_a_backlog_cut_short_is_less_for_the_next_try(
    context: JobContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each chunk is stored before the next is read."""
    monkeypatch.setattr("listening.jobs.tag.CHUNK_SIZE", 10)
    documents = [make_document(n, fetched_at=NIGHT) for n in range(35)]
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=NIGHT)
        know_configuration(context, warehouse, now=NIGHT)
        load_batch(warehouse, make_batch(*documents), now=NIGHT)

    tagged = tag_documents(context, run_id="night", now=NIGHT)
    again = tag_documents(context, run_id="night", now=NIGHT)
    left = load_tags(context, now=NIGHT)

    assert (tagged, again, left.documents) == (35, 0, 0)
    assert len(list(context.paths.run_folder("night").glob("*.loaded"))) == 4
