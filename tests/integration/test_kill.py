"""``kill -9`` in the middle of the night, then a rerun: nothing lost, nothing twice, one mail each.

The moments are random within each step of the night, whose length an undisturbed night on the same
web gives; ``VIGIE_KILL_SEED`` draws others, ``--log-cli-level=INFO`` shows them.
"""

import logging
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from listening.demo.site import DemoSite
from listening.files import remove_drafts
from listening.jobs.context import utc_now
from storage.digests import TableDigest
from storage.landing import read_batch, read_plan
from storage.reading import query_snapshot
from tests.integration.home import (
    CLOCK_COLUMNS,
    DEMO_DAYS,
    OF_EACH_RUN,
    Event,
    Home,
    NightUnderWay,
    differences,
    digests,
    opened_copy,
    rows,
    this_minute,
)
from tests.integration.slow_post import SlowPost
from tests.smtp_server import Post, smtp_server

log = logging.getLogger(__name__)

SEED = os.environ.get("VIGIE_KILL_SEED", "2026")

#: Sources of one batch, so that the 26 of the demonstration make two.
BATCH_SIZE = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A part of the night, between two events; ``(name, n)`` is the n-th of that name."""

    begins: tuple[str, int]
    ends: tuple[str, int]
    #: Whether another run follows, as the next night would, and not the same again.
    is_new_run: bool = False


STEPS = {
    "collect": Step(begins=("collection_planned", 1), ends=("batch_landed", 2)),
    "load": Step(begins=("batch_landed", 2), ends=("landing_loaded", 1), is_new_run=True),
    "tag": Step(begins=("landing_loaded", 1), ends=("tags_loaded", 1)),
    "publish-or-judge": Step(begins=("tags_loaded", 1), ends=("alerts_judged", 1), is_new_run=True),
    "send": Step(begins=("alerts_judged", 1), ends=("email_sent", 2)),
}

#: A machine in a hurry may finish a step before the blow falls; then another night is struck.
_MOST_TRIES = 4


@dataclass
class Reference:
    """An undisturbed night: its web, what it left, and how long each step took."""

    site: DemoSite
    now: datetime
    home: Home
    message_ids: list[str]
    seconds: dict[str, float]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    now = this_minute()
    with ExitStack() as stack:
        site = stack.enter_context(DemoSite(until=now, port=0, slow_s=0.5, days=DEMO_DAYS))
        post = stack.enter_context(smtp_server(SlowPost()))
        assert isinstance(post, SlowPost)
        home = make_home(tmp_path_factory.mktemp("kill"), site, post)
        events = home.nightly(now)
        seconds = {
            name: (moment(events, *step.ends) - moment(events, *step.begins)).total_seconds()
            for name, step in STEPS.items()
        }
        yield Reference(site, now, home, post.message_ids, seconds)


def make_home(root: Path, site: DemoSite, post: Post) -> Home:
    """Return a fresh home."""
    home = Home(root / "home", post=post)
    home.add_example(site, batch_size=BATCH_SIZE)
    return home


def moment(events: list[Event], name: str, number: int) -> datetime:
    """Return when the n-th event of a name was logged."""
    return [event.at for event in events if event.name == name][number - 1]


def test_the_undisturbed_night_is_one_to_compare_with(reference: Reference) -> None:
    count = {table: digest.row_count for table, digest in tables_of(reference.home).items()}

    assert count["fct_documents"] >= 200
    assert count["fct_mentions"] >= 100
    assert len(set(reference.message_ids)) == len(reference.message_ids) == 3
    assert min(reference.seconds.values()) > 0.05


@pytest.mark.parametrize("name", STEPS)
def test_a_night_killed_in_a_step_is_made_good_by_the_next(
    name: str, reference: Reference, tmp_path: Path
) -> None:
    step = STEPS[name]
    draw = random.Random(f"{SEED}-{name}")  # noqa: S311 - reproducible, not secret

    for attempt in range(_MOST_TRIES):
        with smtp_server(SlowPost()) as post:
            assert isinstance(post, SlowPost)
            home = make_home(tmp_path / str(attempt), reference.site, post)
            delay_s = draw.uniform(0.0, 0.95) * reference.seconds[name] / (1 + attempt)
            if not strike(home, reference.now, step, delay_s=delay_s):
                continue
            repeats = accepted_but_unmarked(home, post)
            log.info(
                "%s struck after %.2f of %.2f s; %d mails in doubt",
                *(name, delay_s, reference.seconds[name], len(repeats)),
            )
            home.nightly(reference.now + timedelta(seconds=30 if step.is_new_run else 0))
            check(home, post, reference, repeats=repeats, is_new_run=step.is_new_run)
            return
    pytest.fail(f"{_MOST_TRIES} blows came after the end of {name}")


def test_the_worst_moment_repeats_one_mail_with_the_same_message_id(
    reference: Reference, tmp_path: Path
) -> None:
    """Killed when the server has the mail and we have not yet heard so: SMTP offers no better."""
    with smtp_server(SlowPost()) as post:
        assert isinstance(post, SlowPost)
        home = make_home(tmp_path, reference.site, post)
        with NightUnderWay(home, reference.now) as night:
            post.on_taken = night.kill
            night.wait_for("alerts_judged")
            deadline = time.monotonic() + 60
            while not post.taken:
                assert time.monotonic() < deadline
                time.sleep(0.01)
        post.on_taken = None
        repeats = accepted_but_unmarked(home, post)

        home.nightly(reference.now)

        assert len(repeats) == 1
        check(home, post, reference, repeats=repeats, is_new_run=False)


def strike(home: Home, now: datetime, step: Step, *, delay_s: float) -> bool:
    """Kill a night some time after a step began; say whether that was before its end."""
    name, number = step.begins
    with NightUnderWay(home, now) as night:
        night.wait_for(name, times=number)
        time.sleep(delay_s)
        night.kill()
    last, times = step.ends
    return not night.has(last, times=times)


def accepted_but_unmarked(home: Home, post: SlowPost) -> list[str]:
    """Return the mails that the server has and the outbox does not know to be sent."""
    if not post.taken:
        return []
    with opened_copy(home.data().writer) as warehouse:
        waiting = warehouse.execute(
            "SELECT message_id FROM outbox WHERE sent_at IS NULL"
        ).fetchall()
    return [message_id for (message_id,) in waiting if message_id in post.message_ids]


def tables_of(home: Home, *, is_new_run: bool = False) -> dict[str, TableDigest]:
    """Return what a night left, but for the clock; a mail says when sources were read last."""
    excluded = {*CLOCK_COLUMNS, "body"}
    if is_new_run:  # its own visits count: 25 sources, because one asked for an hour of peace
        excluded |= {"run_id", "coverage"}
    return digests(home.data().writer, excluded=excluded)


def check(
    home: Home, post: SlowPost, reference: Reference, *, repeats: list[str], is_new_run: bool
) -> None:
    """Require that a home has what the undisturbed one has, and each mail arrived once."""
    changed = differences(
        tables_of(home, is_new_run=is_new_run), tables_of(reference.home, is_new_run=is_new_run)
    )
    # A new run may visit again what the dead one had visited: both happened, both are recorded.
    # What the dead one asked of sites and did not land is asked again, but for the kept robots.txt.
    assert set(changed) <= (OF_EACH_RUN if is_new_run else {"fct_requests"}), changed
    check_mails(home, post, reference, repeats=repeats)
    check_landing(home)
    assert digests(home.data().snapshot) == digests(home.data().writer)
    count = query_snapshot(home.data().snapshot, "SELECT count(*) FROM mentions").rows[0][0]
    assert count == tables_of(reference.home)["fct_mentions"].row_count
    # What it was writing when it died: one file at most, which maintenance removes.
    assert remove_drafts(home.data().landing, before=utc_now()) <= 1
    leftovers = [path.name for path in home.data().root.rglob("*.tmp")]
    assert leftovers == []


def check_mails(home: Home, post: SlowPost, reference: Reference, *, repeats: list[str]) -> None:
    """Require one delivery of each mail, and a second of those the kill left in doubt."""
    assert Counter(post.message_ids) == Counter([*reference.message_ids, *repeats])
    assert len(set(post.taken)) == len(reference.message_ids)  # repeated ones are equal bytes
    assert rows(home.data().writer, "SELECT count(*) FROM outbox WHERE sent_at IS NULL") == [(0,)]
    assert len(list(home.data().spool.glob("*.eml"))) == len(reference.message_ids)


def check_landing(home: Home) -> None:
    """Require a whole landing file for every plan of the last run, all of it in the warehouse."""
    stored = {one for (one,) in rows(home.data().writer, "SELECT document_id FROM fct_documents")}
    landing = home.data().landing
    last_run = max(landing.iterdir())
    for plan in landing.glob("*/*.plan.json.gz"):
        landed = plan.with_name(plan.name.replace(".plan.json.gz", ".jsonl.gz"))
        if landed.exists():
            batch = read_batch(landed)
            assert {document.document_id for document in batch.documents} <= stored
            assert {visit.source_id for visit in batch.source_runs} == {
                source.source_id for source, _ in read_plan(plan)
            }
        else:
            assert plan.parent != last_run  # left by the dead run, done by the new one
    assert list(landing.glob("*/tagged-*.jsonl.gz")) == []  # loaded ones have another name
