"""Deliver one rendered message: over SMTP, or into a folder of .eml files."""

import contextlib
import hashlib
import os
import re
import smtplib
import ssl
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Literal, Protocol

from listening.errors import NotificationError
from listening.model import OutgoingMessage
from listening.notify.safety import is_address

#: Waits between tries: quick at first, then patient, so that a server that is down for three days
#: is outlasted (the waits of the table add up to 31 h; then every 12 h).
BACKOFF = (
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=40),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
    timedelta(hours=16),
)
LONGEST_WAIT = timedelta(hours=12)

#: What a server's reply refused.
_REFUSALS = (
    (smtplib.SMTPDataError, "message_refused"),
    (smtplib.SMTPAuthenticationError, "login_refused"),
    (smtplib.SMTPSenderRefused, "sender_refused"),
    (smtplib.SMTPResponseException, "server_refused"),
)

#: What else happens between us and a server, the particular before the general.
_FAILURES = (
    (smtplib.SMTPServerDisconnected, "connection_lost"),
    (smtplib.SMTPNotSupportedError, "not_supported"),
    (smtplib.SMTPException, "protocol_error"),
    (ssl.SSLCertVerificationError, "certificate_invalid"),
    (ssl.SSLError, "tls_failed"),
    (TimeoutError, "timeout"),
    (ConnectionRefusedError, "connection_refused"),
    (ConnectionError, "connection_lost"),
)

#: RFC 5321 §4.2.1: a reply of 500 and above is final, one of 400 to 499 asks to come again.
_PERMANENT = 500


class Mailer(Protocol):
    """Whatever takes one message out of the house."""

    def send(self, message: OutgoingMessage) -> None:
        """Deliver the message.

        Raises:
            NotificationError: It was not accepted.
        """


def backoff(attempt_count: int) -> timedelta:
    """Return how long to wait after this many failed tries (from 1): 2 minutes up to 12 hours."""
    if attempt_count < 1:
        raise ValueError(f"attempt_count starts at 1, got {attempt_count}")
    if attempt_count > len(BACKOFF):
        return LONGEST_WAIT
    return min(BACKOFF[attempt_count - 1], LONGEST_WAIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpMailer:
    """Sends each message over its own connection, so that one refusal never touches another.

    Delivery is at least once: when the connection is lost after the text was handed over, nobody
    can know whether the server took it. The message keeps its Message-ID, so mail programs show
    the second copy as the first.
    """

    host: str
    port: int
    sender: str  # "Vigie <vigie@example.org>" or the bare address
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str = field(default="", repr=False)
    timeout_s: float = 30
    #: Certificates to trust; None: the system's.
    tls: ssl.SSLContext | None = None
    #: How we introduce ourselves; None: this machine's full name.
    own_name: str | None = None

    def send(self, message: OutgoingMessage) -> None:
        """Deliver over SMTP.

        Raises:
            NotificationError: The reason is a fixed word; ``is_permanent`` only when the server
                refused this recipient or this text for good (5xx), or the address is no address.
        """
        if not is_address(message.recipient):
            raise NotificationError(message.message_id, "invalid_address", is_permanent=True)
        envelope_sender = parseaddr(self.sender)[1]
        try:
            with self._connect() as connection:
                connection.sendmail(envelope_sender, [message.recipient], message.body)
        except (OSError, smtplib.SMTPException) as error:
            reason, is_permanent = _verdict(error)
            raise NotificationError(
                message.message_id, reason, is_permanent=is_permanent
            ) from error

    def _connect(self) -> "_Connection":
        context = self.tls or ssl.create_default_context()
        if self.security == "tls":
            connection: _Connection = _TlsConnection(
                self.host,
                self.port,
                local_hostname=self.own_name,
                timeout=self.timeout_s,
                context=context,
            )
        else:
            connection = _Connection(
                self.host, self.port, local_hostname=self.own_name, timeout=self.timeout_s
            )
        try:
            if self.security == "starttls":
                connection.starttls(context=context)
            if self.user is not None:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection


class _Connection(smtplib.SMTP):
    """A connection whose farewell cannot undo a delivery.

    ``smtplib`` raises when the server is gone at QUIT, although it had accepted the message; that
    would send it a second time.
    """

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self.docmd("QUIT")
        self.close()


class _TlsConnection(smtplib.SMTP_SSL, _Connection):
    """The same, encrypted from the first byte."""


@dataclass(frozen=True, slots=True)
class SpoolMailer:
    """Writes each message to ``folder`` as one .eml file, whole or not at all, and never twice."""

    folder: Path

    def send(self, message: OutgoingMessage) -> None:
        """Write the file; nothing happens when the message is already there.

        Raises:
            NotificationError: The folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.path_of(message)
            if not path.exists():
                _write_once(path, message.body)
        except OSError as error:
            raise NotificationError(message.message_id, "spool_unwritable") from error

    def path_of(self, message: OutgoingMessage) -> Path:
        """Return the file of this message: its name is a function of the Message-ID alone."""
        readable = re.sub(r"[^A-Za-z0-9.-]+", "_", message.message_id.strip("<>"))[:120].strip("._")
        digest = hashlib.sha256(message.message_id.encode()).hexdigest()[:12]
        return self.folder / f"{readable}.{digest}.eml"


def _write_once(path: Path, body: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link never replaces a file that another process has just written.
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()


def _verdict(error: OSError | smtplib.SMTPException) -> tuple[str, bool]:
    """Return the fixed reason for a failure, and whether trying again cannot help."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
        return f"recipient_refused_{code}", code >= _PERMANENT
    if isinstance(error, smtplib.SMTPResponseException):
        reason = next(word for kind, word in _REFUSALS if isinstance(error, kind))
        # Only a refused text concerns this message alone; the rest, a person can mend for all.
        is_permanent = reason == "message_refused" and error.smtp_code >= _PERMANENT
        return f"{reason}_{error.smtp_code}", is_permanent
    if isinstance(error.__context__, TimeoutError):  # smtplib calls it a lost connection
        return "timeout", False
    found = (reason for kind, reason in _FAILURES if isinstance(error, kind))
    return next(found, "network_unreachable"), False
