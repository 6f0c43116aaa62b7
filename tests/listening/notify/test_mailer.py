"""Delivery to real SMTP servers, well-behaved and not, and to the spool folder."""

import pickle
import socket
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from listening.errors import NotificationError
from listening.model import OutgoingMessage
from listening.notify.mailer import LONGEST_WAIT, Mailer, SmtpMailer, SpoolMailer, backoff
from tests.builders import NOW
from tests.smtp_server import Post, make_certificate, smtp_server

BODY = b"From: vigie@exemple.example\r\nSubject: essai\r\n\r\n.une ligne\r\nfin\r\n"


PASSWORD = "bon"  # noqa: S105 - of a server that lives for one test


def make_message(recipient: str = "camille@exemple.example", n: int = 1) -> OutgoingMessage:
    return OutgoingMessage(
        message_id=f"<{n:032x}.firing.abc@exemple.vigie>",
        fingerprint=f"{n:032x}",
        recipient=recipient,
        subject="essai",
        body=BODY,
        created_at=NOW,
    )


def mailer_to(port: int, **overrides: Any) -> SmtpMailer:
    values: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": port,
        "sender": "Vigie <vigie@exemple.example>",
        "security": "none",
        "timeout_s": 5,
        "own_name": "localhost",
    }
    return SmtpMailer(**values | overrides)


def refused(mailer: Mailer, message: OutgoingMessage | None = None) -> NotificationError:
    with pytest.raises(NotificationError) as caught:
        mailer.send(message or make_message())
    return caught.value


def test_a_message_arrives_byte_for_byte() -> None:
    with smtp_server() as post:
        mailer_to(post.port).send(make_message())

    assert post.taken == [("camille@exemple.example", BODY)]


@pytest.mark.parametrize(
    ("post", "reason", "is_permanent"),
    [
        pytest.param(
            Post(refusals={"camille@exemple.example": "550 no such user"}),
            "recipient_refused_550",
            True,
            id="unknown-recipient",
        ),
        pytest.param(
            Post(refusals={"camille@exemple.example": "451 greylisted, come back"}),
            "recipient_refused_451",
            False,
            id="greylisting",
        ),
        pytest.param(
            Post(refusals={"camille@exemple.example": "421 closing"}),
            "recipient_refused_421",
            False,
            id="server-goes-away-at-the-recipient",
        ),
        pytest.param(Post(verdict="554 spam"), "message_refused_554", True, id="text-refused"),
        pytest.param(Post(verdict="452 full"), "message_refused_452", False, id="disk-full"),
        pytest.param(Post(drops_at="MAIL"), "connection_lost", False, id="cut-before-the-text"),
        pytest.param(Post(drops_at="DATA"), "connection_lost", False, id="cut-after-the-text"),
    ],
)
def test_every_failure_has_a_fixed_reason(post: Post, reason: str, is_permanent: bool) -> None:
    with smtp_server(post):
        error = refused(mailer_to(post.port))

    assert (error.reason, error.is_permanent) == (reason, is_permanent)
    assert error.message_id == make_message().message_id
    assert error.__cause__ is not None


def test_one_refused_recipient_stops_no_other() -> None:
    with smtp_server(Post(refusals={"parti@exemple.example": "550 gone"})) as post:
        mailer = mailer_to(post.port)
        refused(mailer, make_message("parti@exemple.example"))
        mailer.send(make_message("reste@exemple.example"))

    assert [recipient for recipient, _ in post.taken] == ["reste@exemple.example"]


def test_a_message_cut_off_after_the_text_may_come_twice_but_with_one_message_id() -> None:
    """SMTP cannot do better: the server took it, and its answer was lost."""
    with smtp_server(Post(drops_at="DATA")) as post:
        refused(mailer_to(post.port))
        post.drops_at = None
        mailer_to(post.port).send(make_message())

    assert len(post.taken) == 2
    assert post.taken[0] == post.taken[1]


def test_a_line_cut_at_the_farewell_is_no_failure() -> None:
    with smtp_server(Post(drops_at="QUIT")) as post:
        mailer_to(post.port).send(make_message())

    assert len(post.taken) == 1


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    assert refused(mailer_to(port)).reason == "connection_refused"


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        error = refused(mailer_to(mute.getsockname()[1], timeout_s=0.2))

    assert (error.reason, error.is_permanent) == ("timeout", False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_login() -> None:
    with smtp_server(password=PASSWORD) as post:
        mailer_to(post.port, user="vigie", password=PASSWORD).send(make_message())
        wrong = refused(mailer_to(post.port, user="vigie", password=PASSWORD[::-1]))
        missing = refused(mailer_to(post.port))

    assert post.users == ["vigie"]
    assert len(post.taken) == 1
    assert (wrong.reason, wrong.is_permanent) == ("login_refused_535", False)
    assert missing.reason == "sender_refused_530"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encryption_with_a_certificate_that_is_checked(security: str, tmp_path: Path) -> None:
    for_server, for_client = make_certificate(tmp_path)

    with smtp_server(tls=for_server, is_starttls=security == "starttls") as post:
        mailer_to(post.port, security=security, tls=for_client).send(make_message())
        stranger = refused(mailer_to(post.port, security=security))

    assert len(post.taken) == 1
    assert (stranger.reason, stranger.is_permanent) == ("certificate_invalid", False)


def test_a_server_without_encryption_is_not_spoken_to_in_clear() -> None:
    with smtp_server() as post:
        error = refused(mailer_to(post.port, security="starttls", tls=ssl.create_default_context()))

    assert error.reason == "not_supported"
    assert post.taken == []


@pytest.mark.parametrize(
    "address",
    ["a@b.example, x@evil.example", "a@b.example\r\nRCPT TO:<x@evil.example>", "sans-arobase", ""],
)
def test_what_is_not_one_address_never_reaches_the_server(address: str) -> None:
    with smtp_server() as post:
        error = refused(mailer_to(post.port), make_message(address))

    assert (error.reason, error.is_permanent) == ("invalid_address", True)
    assert post.taken == []


def test_a_password_is_not_shown() -> None:
    assert "bon" not in repr(mailer_to(25, user="vigie", password=PASSWORD))


def test_failures_cross_process_borders() -> None:
    error = NotificationError("<a@b>", "recipient_refused_550", is_permanent=True)

    assert pickle.loads(pickle.dumps(error)).is_permanent


def test_a_message_is_spooled_once_whatever_is_retried(tmp_path: Path) -> None:
    spool = SpoolMailer(tmp_path / "spool")
    spool.send(make_message())
    path = spool.path_of(make_message())
    written_at = path.stat().st_mtime_ns

    spool.send(make_message())
    spool.send(make_message(n=2))

    assert path.read_bytes() == BODY
    assert path.stat().st_mtime_ns == written_at
    assert len(list((tmp_path / "spool").iterdir())) == 2
    assert all(file.suffix == ".eml" for file in (tmp_path / "spool").iterdir())


def test_a_message_id_cannot_lead_out_of_the_spool(tmp_path: Path) -> None:
    spool = SpoolMailer(tmp_path)
    message = OutgoingMessage(
        message_id="<../../../etc/passwd\0@x>",
        fingerprint=None,
        recipient="a@b.example",
        subject="",
        body=b"",
        created_at=NOW,
    )

    assert spool.path_of(message).parent == tmp_path
    assert "/" not in spool.path_of(message).name


def test_a_spool_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file stands in the way")

    assert refused(SpoolMailer(tmp_path / "spool")).reason == "spool_unwritable"


def test_backoff_is_quick_at_first_then_patient_and_outlasts_three_days() -> None:
    waits = [backoff(attempt) for attempt in range(1, 16)]

    assert waits[0] <= timedelta(minutes=5)
    assert waits == sorted(waits)
    assert max(waits) == LONGEST_WAIT
    assert sum(waits, timedelta()) > timedelta(days=3)
    with pytest.raises(ValueError, match="starts at 1"):
        backoff(0)
