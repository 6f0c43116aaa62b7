"""The watchdog: once per outage, and once at its end."""

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest

from listening.notify.watchdog import Occasion, Silence, Watch, render_watchdog
from tests.builders import NOW, make_addressee

DAY = timedelta(hours=26)
LAST_NIGHT = NOW - timedelta(hours=20)
LAST_WEEK = NOW - timedelta(days=7)


def make_silence(ended_at: datetime, *, told_of: datetime | None = None) -> Silence:
    return Silence(ended_at, ended_at, told_of)


@pytest.mark.parametrize(
    ("silence", "verdict"),
    [
        pytest.param(make_silence(LAST_NIGHT), Watch.IN_TIME, id="last night"),
        pytest.param(make_silence(NOW - DAY), Watch.IN_TIME, id="exactly on time"),
        pytest.param(
            make_silence(NOW - DAY - timedelta(seconds=1)), Watch.OVERDUE, id="a second late"
        ),
        pytest.param(make_silence(NOW + DAY), Watch.IN_TIME, id="clock set back"),
        pytest.param(make_silence(LAST_WEEK, told_of=LAST_WEEK), Watch.TOLD, id="said already"),
        pytest.param(
            make_silence(LAST_WEEK, told_of=LAST_WEEK - DAY),
            Watch.OVERDUE,
            id="a second outage, before the end of the first was told",
        ),
        pytest.param(make_silence(LAST_NIGHT, told_of=LAST_WEEK), Watch.RECOVERED, id="back"),
        pytest.param(Silence(None, LAST_NIGHT, None), Watch.IN_TIME, id="made yesterday"),
        pytest.param(Silence(None, LAST_WEEK, None), Watch.OVERDUE, id="never ran"),
    ],
)
def test_people_are_told_once_of_each_outage_and_of_its_end(
    silence: Silence, verdict: Watch
) -> None:
    assert silence.judge(NOW, DAY) is verdict


def render(silence: Silence, occasion: Occasion = "overdue", **options: str) -> Message:
    mail = render_watchdog(silence, occasion, make_addressee(**options), now=NOW)
    return message_from_bytes(mail.body, policy=default)


def test_the_mail_says_since_when_what_it_means_and_what_to_do() -> None:
    mail = render(make_silence(LAST_WEEK))

    text = " ".join(mail.get_payload(decode=True).decode().split())  # type: ignore[union-attr]
    assert mail["Subject"] == "Vigie n’écoute plus\N{NO-BREAK SPACE}: Bistrot"
    assert "13 novembre 2026" in text
    assert "le silence ne veut rien dire" in text
    assert "vigie doctor" in text


def test_the_mail_of_the_end_answers_that_of_the_outage() -> None:
    overdue = render(make_silence(LAST_WEEK), language="en")
    recovered = render(make_silence(LAST_NIGHT, told_of=LAST_WEEK), "recovered", language="en")

    assert recovered["Subject"] == "Vigie listens again: Bistrot"
    assert recovered["In-Reply-To"] == recovered["References"] == overdue["Message-ID"]
    assert recovered["Message-ID"] != overdue["Message-ID"]


def test_each_outage_and_each_person_has_a_message_of_its_own() -> None:
    silence = make_silence(LAST_WEEK)
    ids = {
        render(silence)["Message-ID"],
        render(silence, recipient="paul@exemple.example")["Message-ID"],
        render(replace(silence, waiting_since=LAST_NIGHT))["Message-ID"],
    }

    assert len(ids) == 3
    assert render(silence, recipient="Camille@exemple.example")["Message-ID"] in ids


def test_a_name_cannot_add_a_header() -> None:
    mail = render(make_silence(LAST_WEEK), client_name="Bistrot\r\nBcc: x@evil.example")

    assert mail["Bcc"] is None
    assert mail["Subject"] == "Vigie n’écoute plus\N{NO-BREAK SPACE}: Bistrot Bcc: x@evil.example"


def test_a_list_of_addresses_is_refused() -> None:
    with pytest.raises(ValueError, match="not one plain mail address"):
        render(make_silence(LAST_WEEK), recipient="a@exemple.example, b@exemple.example")


def test_it_is_one_plain_text_with_a_way_off_the_list() -> None:
    mail = render(make_silence(LAST_WEEK))

    assert mail.get_content_type() == "text/plain"
    assert "boundary" not in mail["Content-Type"]
    assert (
        mail["List-Unsubscribe"] == "<mailto:vigie@exemple.example?subject=unsubscribe%20exemple>"
    )
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "fr"
