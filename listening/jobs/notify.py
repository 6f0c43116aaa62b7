"""The outbox: every waiting mail is spooled as a file and, when a server is set, sent."""

from dataclasses import dataclass
from datetime import datetime

from listening.errors import NotificationError
from listening.jobs.context import JobContext
from listening.logs import get_logger
from listening.model import OutgoingMessage
from listening.notify.mailer import SmtpMailer, SpoolMailer, backoff
from listening.settings import Settings
from storage.engine import open_writer
from storage.migrate import migrate
from storage.outbox import mark_failed, mark_sent, pending_messages

log = get_logger("listening.jobs.notify")


@dataclass(frozen=True, slots=True)
class SendCounts:
    """What became of the messages that were due."""

    sent: int = 0
    failed: int = 0


def send_pending(context: JobContext) -> SendCounts:
    """Send every mail that is due; one refused recipient does not stop the others.

    The warehouse is closed while the mail server is spoken to, and each delivery is marked before
    the next one starts. A process killed between the server's "250 ok" and the mark repeats that
    one mail with the same Message-ID: SMTP offers nothing stronger.
    """
    now = context.clock()
    waiting = _pending(context, now)
    counts = SendCounts()
    smtp = make_smtp_mailer(context.settings)
    spool = SpoolMailer(context.paths.spool)
    for message in waiting:
        job_log = log.bind(message=message.message_id, attempt=message.attempt_count + 1)
        try:
            spool.send(message)
            if smtp is not None:
                smtp.send(message)
        except NotificationError as error:
            _mark_failed(context, message, error, now)
            job_log.warning("email_refused", reason=error.reason)
            counts = SendCounts(counts.sent, counts.failed + 1)
            continue
        with open_writer(context.paths.writer) as warehouse:
            mark_sent(warehouse, message.message_id, now=context.clock())
        job_log.info("email_sent")
        counts = SendCounts(counts.sent + 1, counts.failed)
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
