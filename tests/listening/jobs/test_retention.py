"""Retention by class: words, files and mails, then everything; counts outlive words."""

from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from listening.config.privacy import PrivacySpec
from listening.jobs.collect import landing_files
from listening.jobs.context import JobContext
from listening.jobs.publish import publish_snapshot
from listening.jobs.rebuild import rebuild_warehouse
from listening.jobs.retention import retain
from storage.action_log import read_actions
from storage.alert_actions import (
    AlertAction,
    AlertActionKind,
    read_alert_actions,
    record_alert_action,
)
from storage.engine import open_writer
from tests.builders import NOW

LATER = NOW + timedelta(days=100)


def limited(night: JobContext, **days: int) -> JobContext:
    return replace(night, config=replace(night.config, privacy=PrivacySpec.model_validate(days)))


def ask(night: JobContext, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(night.paths.writer, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_without_limits_everything_stays(night: JobContext) -> None:
    done = retain(night, now=LATER)

    assert (len(done.text_ids), done.mail_count, done.document_count) == (0, 0, 0)
    assert ask(night, "SELECT count(*) FROM fct_documents WHERE text <> ''") == [(3,)]
    assert landing_files(night.paths.landing)


def test_words_go_and_counts_stay(night: JobContext) -> None:
    context = limited(night, text_days=90)
    counts = "SELECT brand_id, polarity, mentioned_on, story_id FROM mentions ORDER BY ALL"
    before = ask(night, counts)

    done = retain(context, now=LATER)

    assert len(done.text_ids) == 3
    words = "SELECT DISTINCT title, text, url, author_key, in_reply_to FROM fct_documents"
    assert ask(night, words) == [("", "", None, None, None)]
    assert ask(night, "SELECT count(*) FROM dim_authors") == [(0,)]
    assert ask(night, "SELECT DISTINCT evidence FROM fct_mentions") == [([],)]
    assert ask(night, counts) == before
    assert not retain(context, now=LATER).text_ids, "once is enough"
    publish_snapshot(context, now=LATER)  # the data checks agree


@pytest.mark.parametrize(
    ("age_days", "goes"), [pytest.param(89, 0, id="not-yet"), pytest.param(91, 3, id="over")]
)
def test_age_counts_from_the_latest_collection(night: JobContext, age_days: int, goes: int) -> None:
    done = retain(limited(night, text_days=90), now=NOW + timedelta(days=age_days))

    assert len(done.text_ids) == goes


def test_everything_goes_at_last(night: JobContext) -> None:
    done = retain(limited(night, aggregate_days=90), now=LATER)

    assert done.document_count == 3
    for table in ("fct_documents", "fct_mentions", "fct_stories", "fct_source_runs"):
        assert ask(night, f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608


def test_what_people_did_with_what_is_gone_goes_too(night: JobContext) -> None:
    ends = {"over": NOW + timedelta(days=1), "in force": LATER + timedelta(days=1)}
    with open_writer(night.paths.writer) as warehouse:
        for note, until in ends.items():
            silence = AlertAction(
                kind=AlertActionKind.SILENCE,
                value=until.isoformat(),
                note=note,
                actor="camille",
                acted_at=NOW,
            )
            record_alert_action(warehouse, silence)

    done = retain(limited(night, aggregate_days=90), now=LATER)

    assert len(done.alert_action_ids) == 1
    assert ask(night, "SELECT note FROM fct_alert_actions") == [("in force",)]
    assert [one["note"] for one in read_alert_actions(night.paths.actions)] == ["in force"]
    assert read_actions(night.paths.actions) == []
    assert rebuild_warehouse(night, now=LATER).differences == {}


def test_landing_files_go_with_the_shortest_limit_and_a_rebuild_stays_equal(
    night: JobContext,
) -> None:
    context = limited(night, text_days=400, body_days=30)
    real_now = NOW + timedelta(days=4000)  # files carry the clock of this machine
    retain(replace(context, config=context.config), now=NOW + timedelta(days=40))

    done = retain(limited(night, body_days=30), now=real_now)

    assert done.text_ids == frozenset()
    assert landing_files(night.paths.landing) == []
    assert list(night.paths.spool.glob("*.eml")) == []
    assert rebuild_warehouse(context, now=real_now).differences == {}
    assert ask(night, "SELECT count(*) FROM fct_documents WHERE text <> ''") == [(3,)]


def test_a_rebuild_after_words_went_stays_equal(night: JobContext) -> None:
    context = limited(night, text_days=90)
    now = NOW + timedelta(days=4000)
    retain(context, now=now)

    assert rebuild_warehouse(context, now=now).differences == {}


def test_a_batch_that_was_not_loaded_is_kept(night: JobContext) -> None:
    (path,) = landing_files(night.paths.landing)
    waiting = path.with_name("batch-0001.jsonl.gz")
    waiting.write_bytes(path.read_bytes())

    retain(limited(night, body_days=1), now=NOW + timedelta(days=4000))

    assert landing_files(night.paths.landing) == [waiting]
