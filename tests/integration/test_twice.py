"""The night twice: the second one changes nothing and writes to nobody."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from listening.demo.site import DemoSite
from storage.digests import TableDigest
from tests.integration.home import (
    CLOCK_COLUMNS,
    DEMO_DAYS,
    OF_EACH_RUN,
    Home,
    differences,
    digests,
    rows,
    this_minute,
)
from tests.smtp_server import Post, smtp_server


class FirstNight:
    """A home after its first night, its web and its mail server still there."""

    def __init__(self, home: Home, post: Post, now: datetime) -> None:
        self.home = home
        self.post = post
        self.now = now
        home.nightly(now)
        self.tables = self.digests()
        self.mails = list(post.taken)

    def digests(self) -> dict[str, TableDigest]:
        """Return all tables but the fetch states' clock, which every visit winds."""
        return digests(self.home.data().writer, excluded=CLOCK_COLUMNS)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return rows(self.home.data().writer, sql)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstNight]:
    now = this_minute()
    with ExitStack() as stack:
        site = stack.enter_context(DemoSite(until=now, port=0, slow_s=0.2, days=DEMO_DAYS))
        post = stack.enter_context(smtp_server())
        home = Home(tmp_path_factory.mktemp("twice") / "home", post=post)
        home.add_example(site)
        yield FirstNight(home, post, now)


def test_the_first_night_has_something_to_lose(first: FirstNight) -> None:
    assert first.tables["fct_documents"].row_count >= 200
    assert first.tables["fct_mentions"].row_count >= 100
    assert first.tables["fct_source_runs"].row_count == 26
    assert sorted(address for address, _ in first.mails) == [
        "camille@oeuf-coque.example",  # about the alert
        "camille@oeuf-coque.example",  # about what the past would have set off
        "owner@oeuf-coque.example",
    ]


def test_the_same_run_again_changes_nothing_at_all(first: FirstNight) -> None:
    """Its landing files exist, so that not even a source is visited."""
    whole = digests(first.home.data().writer)

    events = first.home.nightly(first.now)

    assert differences(whole, digests(first.home.data().writer)) == {}
    assert not [event for event in events if event.name == "source_visited"]
    assert first.post.taken == first.mails


def test_a_new_run_of_an_unchanged_web_adds_its_visits_only(first: FirstNight) -> None:
    events = first.home.nightly(first.now + timedelta(seconds=30))

    visits = sum(event.name == "source_visited" for event in events)
    changed = differences(first.tables, first.digests())
    assert set(changed) == OF_EACH_RUN
    # The busy site asked for an hour of peace, so that one of the 26 is not due again.
    assert visits == 25
    assert first.tables["fct_source_runs"].row_count + visits == (
        first.digests()["fct_source_runs"].row_count
    )
    assert first.rows(
        "SELECT sum(new_count + changed_count) FROM fct_source_runs"
        " WHERE run_id <> (SELECT min(run_id) FROM fct_source_runs)"
    ) == [(0,)]
    assert first.post.taken == first.mails


def test_an_hour_later_adds_visits_but_no_mail(first: FirstNight) -> None:
    """The hour to come is not judged: the sources were last read before its end."""
    before = first.digests()

    first.home.nightly(first.now + timedelta(hours=1))

    after = first.digests()
    looks = after["fct_alert_evaluations"].row_count - before["fct_alert_evaluations"].row_count
    # When a full hour strikes during this test, each rule has looked at each of its brands again.
    assert looks in {0, 5}
    assert set(differences(before, after)) <= {
        *OF_EACH_RUN,
        *({"fct_alert_evaluations", "fct_alerts"} if looks else ()),
    }
    assert after["fct_alerts"].row_count == before["fct_alerts"].row_count == 1
    assert first.post.taken == first.mails


def test_the_snapshot_shows_the_same_as_the_warehouse(first: FirstNight) -> None:
    assert digests(first.home.data().snapshot) == digests(first.home.data().writer)
    assert len(list(Path(first.home.data().spool).glob("*.eml"))) == len(first.mails)
