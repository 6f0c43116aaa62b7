"""Two processes that meet while mails go out: each mail is delivered once."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import open_writer
from storage.migrate import migrate
from storage.outbox import insert_messages
from tests.builders import NOW, make_message, write_client
from tests.integration.home import Home, rows
from tests.integration.slow_post import SlowPost
from tests.smtp_server import smtp_server
from tests.storage.processes import HOLDER, start

SEND = "from listening.jobs import tasks; tasks.send('bistrot')"
MAILS = [make_message(number) for number in range(3)]


@pytest.fixture
def post() -> Iterator[SlowPost]:
    with smtp_server(SlowPost(delay_s=0.2)) as running:
        assert isinstance(running, SlowPost)
        yield running


@pytest.fixture
def home(tmp_path: Path, post: SlowPost) -> Home:
    """Return a home in whose outbox three mails wait."""
    home = Home(tmp_path / "home", post=post)
    write_client(home.clients / "bistrot")
    with open_writer(home.data("bistrot").writer) as warehouse:
        migrate(warehouse, now=NOW)
        insert_messages(warehouse, MAILS)
    return home


def sender(home: Home) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-c", SEND],
        env=home.environment,
        cwd=home.root,
        stderr=subprocess.PIPE,
        text=True,
    )


def require_delivered_once(home: Home, post: SlowPost) -> None:
    assert Counter(post.message_ids) == Counter(mail.message_id for mail in MAILS)
    assert rows(
        home.data("bistrot").writer, "SELECT count(*) FROM outbox WHERE sent_at IS NULL"
    ) == [(0,)]


def test_two_senders_at_once_deliver_each_mail_once(home: Home, post: SlowPost) -> None:
    senders = [sender(home), sender(home)]

    for one in senders:
        _, said = one.communicate(timeout=60)
        assert one.returncode == 0, said
    require_delivered_once(home, post)


def test_a_mail_that_went_out_is_marked_when_the_warehouse_is_free_again(
    home: Home, post: SlowPost
) -> None:
    """Another command opens the warehouse just when the server has taken a mail."""
    holders: list[subprocess.Popen[str]] = []

    def hold() -> None:
        if not holders:
            holders.append(start(HOLDER, home.data("bistrot").writer))

    post.on_taken = hold
    process = sender(home)
    deadline = time.monotonic() + 60
    while not holders:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.8)
    assert process.poll() is None  # it waits: it must neither give up nor send again
    assert len(post.taken) == 1

    holders[0].communicate("go on\n", timeout=10)

    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    require_delivered_once(home, post)
