"""Digests over a real warehouse: who gets which, when, and only once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from listening.errors import ConfigError
from listening.jobs.context import JobContext, open_context
from listening.jobs.digest import DigestCounts, period_of, show_digest, write_digests
from listening.jobs.notify import send_pending
from listening.model import Polarity, RunStatus
from listening.notify.digest_facts import DigestKind
from listening.settings import Settings
from tests.builders import write_client
from tests.listening.jobs.heard import Text, hear
from tests.smtp_server import smtp_server

#: A Friday, 02:00 in Paris, and the morning after it.
NIGHT = datetime(2026, 11, 20, 1, tzinfo=UTC)
MORNING = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)

CLIENT = """client: bistrot
name: "Bistrot"
contact: mailto:camille@exemple.example
brands: [{id: oeuf, name: "L'Œuf", role: own}]
recipients:
  - {address: "camille@exemple.example", digest: daily}
  - {address: "paul@exemple.example", language: en, digest: weekly}
  - {address: "nina@exemple.example"}
"""


def open_home(home: Path, *, client: str = CLIENT, at: datetime = MORNING) -> JobContext:
    write_client(home / "clients" / "bistrot", client=client, alerts="rules: []\n")
    return open_context("bistrot", settings=Settings(home=home), clock=lambda: at)


@pytest.fixture
def context(tmp_path: Path) -> JobContext:
    context = open_home(tmp_path)
    last_week = [Text(at=NIGHT - 6 * DAY, polarity=Polarity.POSITIVE)] * 3
    hear(context, [*last_week, Text(at=NIGHT - timedelta(hours=5))], at=NIGHT)
    return context


def text_of(body: bytes) -> str:
    part = message_from_bytes(body, _class=EmailMessage, policy=default).get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).replace("\u00a0", " ").split())


def test_each_gets_what_they_asked_for_once(context: JobContext) -> None:
    first = write_digests(context, now=MORNING)
    again = write_digests(context, now=MORNING + timedelta(hours=2))
    tomorrow = write_digests(context, now=MORNING + DAY)
    monday = write_digests(context, now=MORNING + 3 * DAY)

    assert (first, again) == (DigestCounts(3, 3), DigestCounts(3, 0))
    assert tomorrow.written == 1, "the sheet of the next day; the week is told"
    assert monday.written == 3


def test_they_leave_by_the_outbox_after_a_server_that_was_down(context: JobContext) -> None:
    with smtp_server() as post:
        settings = context.settings.model_copy(
            update={"smtp_host": "127.0.0.1", "smtp_port": post.port, "smtp_security": "none"}
        )
        write_digests(context, now=MORNING)
        post.verdict = "451 try later"
        down = send_pending(replace(context, settings=settings))
        post.verdict = "250 accepted"
        later = replace(context, settings=settings, clock=lambda: MORNING + timedelta(hours=1))
        up = send_pending(later)
        again = send_pending(later)

    assert (down.failed, up.sent, again.sent) == (3, 3, 0)
    assert sorted(who for who, _ in post.taken).count("nina@exemple.example") == 0
    assert len(set(post.message_ids)) == 3


def test_a_calm_morning_says_who_was_read_and_when(context: JobContext) -> None:
    text = text_of(show_digest(context, DigestKind.DAILY, now=MORNING).body)

    count = len(context.config.sources)
    sources = f"{count} sources sur {count} lues" if count > 1 else "1 source sur 1 lue"
    assert f"Rien à signaler, {sources} à 02:00" in text
    assert "L'Œuf mentions 1" in text


def test_the_week_is_the_last_whole_one(context: JobContext) -> None:
    text = text_of(show_digest(context, DigestKind.WEEKLY, now=MORNING).body)

    assert "3 mentions en une semaine" in text
    assert "9 novembre 2026" in text
    assert "Précision : aucune alerte de l’année écoulée n’a été jugée" in text


@pytest.mark.parametrize(
    "status",
    [pytest.param(None, id="nothing ran"), pytest.param(RunStatus.FAILED, id="nothing answered")],
)
def test_calm_is_not_claimed_when_nobody_could_look(
    tmp_path: Path, status: RunStatus | None
) -> None:
    context = open_home(tmp_path)
    if status is not None:
        hear(context, [], at=NIGHT, status=status)

    text = text_of(show_digest(context, DigestKind.DAILY, now=MORNING).body)

    unread = "Trop peu a été lu pour savoir" if status else "Aucune source n’a encore été lue"
    assert unread in text
    assert "Toutes les sources vont bien" not in text
    assert "Rien à signaler" not in text


def test_nobody_is_written_to_unasked(tmp_path: Path) -> None:
    plain = CLIENT.replace(", digest: daily", "").replace(", digest: weekly", "")

    assert write_digests(open_home(tmp_path, client=plain), now=MORNING) == DigestCounts(0, 0)


def test_another_rhythm_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"client\.yaml") as caught:
        open_home(tmp_path, client=CLIENT.replace("digest: daily", "digest: hourly"))

    assert caught.value.line == 6


@pytest.mark.parametrize(
    ("kind", "today", "days"),
    [
        pytest.param(
            DigestKind.DAILY, date(2026, 3, 1), (date(2026, 2, 28), date(2026, 3, 1)), id="a day"
        ),
        pytest.param(
            DigestKind.WEEKLY, date(2026, 11, 23), (date(2026, 11, 16), date(2026, 11, 23)),
            id="on Monday",
        ),
        pytest.param(
            DigestKind.WEEKLY, date(2026, 11, 22), (date(2026, 11, 9), date(2026, 11, 16)),
            id="on Sunday, whose own week is not over",
        ),
        pytest.param(
            DigestKind.WEEKLY, date(2027, 1, 1), (date(2026, 12, 21), date(2026, 12, 28)),
            id="over new year",
        ),
    ],
)  # fmt: skip
def test_a_digest_is_about_days_that_are_over(
    kind: DigestKind, today: date, days: tuple[date, date]
) -> None:
    assert period_of(kind, today) == days
