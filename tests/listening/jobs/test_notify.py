"""The outbox at real mail servers over simulated days: nothing is lost, each mail leaves once."""

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from listening.jobs.context import JobContext, open_context
from listening.jobs.notify import SendCounts, send_pending
from listening.model import OutgoingMessage
from listening.settings import Settings
from storage.engine import open_writer
from storage.migrate import migrate
from storage.outbox import insert_messages
from tests.builders import NOW, make_message, write_client
from tests.integration.home import rows
from tests.smtp_server import Post, smtp_server

LATER = NOW + timedelta(hours=1)
Put = Callable[..., JobContext]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Return a function that puts mails into the outbox of a new client."""

    def put_mails(*mails: OutgoingMessage) -> JobContext:
        write_client(tmp_path / "clients" / "bistrot")
        context = open_context("bistrot", settings=Settings(home=tmp_path), clock=lambda: NOW)
        with open_writer(context.paths.writer) as warehouse:
            migrate(warehouse, now=NOW)
            insert_messages(warehouse, mails)
        return context

    return put_mails


def send(context: JobContext, port: int, now: datetime) -> SendCounts:
    server = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    settings = context.settings.model_copy(update=server)
    return send_pending(replace(context, settings=settings, clock=lambda: now))


def due_at(context: JobContext) -> datetime:
    ((instant,),) = rows(context.paths.writer, "SELECT min(next_attempt_at) FROM outbox")
    assert isinstance(instant, datetime)
    return instant


def test_a_server_that_is_down_for_three_days_loses_nothing_and_nothing_comes_twice(
    put: Put,
) -> None:
    context = put(make_message(1))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = taken.getsockname()[1]
    now, tries = NOW, 0
    while now < NOW + timedelta(days=3):
        assert send(context, nobody, now) == SendCounts(0, 1, ("connection_refused",))
        now, tries = due_at(context), tries + 1

    with smtp_server() as post:
        early = send(context, post.port, now - timedelta(seconds=1))
        back = send(context, post.port, now)
        again = send(context, post.port, now + timedelta(days=1))

    assert 8 <= tries <= 20, "patient: neither every minute nor once a day"
    assert now < NOW + timedelta(days=3, hours=12), "no mail waits longer than half a day more"
    assert (early.sent, back.sent, again.sent) == (0, 1, 0)
    assert post.message_ids == [make_message(1).message_id]
    sent = "SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL AND failure_reason IS NULL"
    assert rows(context.paths.writer, sent) == [(1,)]
    assert len(list(context.paths.spool.iterdir())) == 1


def test_a_server_that_takes_a_mail_and_hangs_up_gets_the_same_mail_again(put: Put) -> None:
    context = put(make_message(1))

    with smtp_server(Post(drops_at="DATA")) as post:
        cut = send(context, post.port, NOW)
        post.drops_at = None
        back = send(context, post.port, LATER)
        again = send(context, post.port, LATER + timedelta(days=1))

    lost = SendCounts(0, 1, ("connection_lost",))
    assert (cut, back, again) == (lost, SendCounts(1, 0), SendCounts())
    assert len(post.taken) == 2 and post.taken[0] == post.taken[1], "one Message-ID, one text"


def test_one_recipient_who_is_refused_stops_no_other_and_is_given_up(put: Put) -> None:
    gone, full = "parti@exemple.example", "plein@exemple.example"
    context = put(make_message(1, recipient=gone), make_message(2, recipient=full), make_message(3))

    with smtp_server(Post(refusals={gone: "550 no such user", full: "452 full"})) as post:
        first = send(context, post.port, NOW)
        post.refusals.clear()
        second = send(context, post.port, LATER)

    refused = SendCounts(1, 2, ("recipient_refused_550", "recipient_refused_452"))
    assert (first, second) == (refused, SendCounts(1, 0))
    assert [to for to, _ in post.taken] == ["camille@exemple.example", full]
    left = "SELECT recipient, failure_reason FROM outbox WHERE is_given_up"
    assert rows(context.paths.writer, left) == [(gone, "recipient_refused_550")]
