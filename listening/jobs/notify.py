"""The outbox: every waiting mail is spooled as a file and, when a server is set, sent."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from listening.errors import NotificationError, WarehouseBusyError
from listening.jobs.context import JobContext
from listening.logs import get_logger
from listening.model import OutgoingMessage
from listening.notify.mailer import SmtpMailer, SpoolMailer, backoff
from listening.settings import Settings
from storage.engine import open_writer
from storage.migrate import migrate
from storage.outbox import mark_failed, mark_sent, pending_messages

log = get_logger("listening.jobs.notify")

#: How long the mark of a sent mail waits for the warehouse: an hour is the longest task.
_MARKED_WITHIN_S = 3600.0


@dataclass(frozen=True, slots=True)
class SendCounts:
    """What became of the messages that were due."""

    sent: int = 0
    failed: int = 0
    reasons: tuple[str, ...] = ()  # of the refused ones, fixed words, each once


def send_pending(context: JobContext) -> SendCounts:
    """Send every mail that is due; one refused recipient does not stop the others.

    The warehouse is closed while the mail server is spoken to, and each delivery is marked before
    the next one starts. A process killed between the server's "250 ok" and the mark repeats that
    one mail with the same Message-ID: SMTP offers nothing stronger.
    """
    with _only_sender(context.paths.root):
        return _send_all(context, now=context.clock())


def _send_all(context: JobContext, *, now: datetime) -> SendCounts:
    counts = SendCounts()
    smtp = make_smtp_mailer(context.settings)
    spool = SpoolMailer(context.paths.spool)
    for message in _pending(context, now):
        job_log = log.bind(message=message.message_id, attempt=message.attempt_count + 1)
        try:
            spool.send(message)
            if smtp is not None:
                smtp.send(message)
        except NotificationError as error:
            _mark_failed(context, message, error, now)
            job_log.warning("email_refused", reason=error.reason)
            reasons = tuple(dict.fromkeys([*counts.reasons, error.reason]))
            counts = SendCounts(counts.sent, counts.failed + 1, reasons)
            continue
        _mark_sent(context, message)
        job_log.info("email_sent")
        counts = replace(counts, sent=counts.sent + 1)
    return counts


def make_smtp_mailer(settings: Settings) -> SmtpMailer | None:
    """Return the mailer of the configured server, or None when there is none."""
    if settings.smtp_host is None:
        return None
    return SmtpMailer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.mail_from,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        timeout_s=settings.smtp_timeout_s,
    )


def _pending(context: JobContext, now: datetime) -> list[OutgoingMessage]:
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        return pending_messages(warehouse, now)


@contextmanager
def _only_sender(root: Path) -> Iterator[None]:
    """Wait for another process that sends this client's mails; a killed one lets go by itself."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".sending").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _mark_sent(context: JobContext, message: OutgoingMessage) -> None:
    """Note that a mail went out, as soon as nobody else holds the warehouse.

    Giving up at once would send it again, though the server has it.

    Raises:
        WarehouseBusyError: Somebody holds it longer than any job of ours does.
    """
    deadline = time.monotonic() + _MARKED_WITHIN_S
    while True:
        try:
            with open_writer(context.paths.writer) as warehouse:
                mark_sent(warehouse, message.message_id, now=context.clock())
        except WarehouseBusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def _mark_failed(
    context: JobContext, message: OutgoingMessage, error: NotificationError, now: datetime
) -> None:
    with open_writer(context.paths.writer) as warehouse:
        mark_failed(
            warehouse,
            message.message_id,
            reason=error.reason,
            next_attempt_at=now + backoff(message.attempt_count + 1),
            is_permanent=error.is_permanent,
        )
