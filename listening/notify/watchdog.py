"""The watchdog's decision, and its two mails: the nights have stopped, the nights are back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from listening.model import OutgoingMessage
from listening.notify.letter import MAX_NAME_LENGTH, Addressee, Letter, folded, sha256_hex
from listening.notify.safety import clean_line
from listening.translate import Translator, translator

Occasion = Literal["overdue", "recovered"]


class Watch(StrEnum):
    """What the watchdog finds."""

    IN_TIME = "in_time"
    OVERDUE = "overdue"  # people must be told
    TOLD = "told"  # still overdue, and they have been
    RECOVERED = "recovered"  # people who were told must know


@dataclass(frozen=True, slots=True)
class Silence:
    """Nights that are awaited: since when, and whether people know."""

    #: When the newest good night ended; None: none ever did.
    ended_at: datetime | None
    #: From when on the next one is waited for: that end, or when the client was made.
    waiting_since: datetime
    #: The ``waiting_since`` that people were told of; None: of none.
    told_of: datetime | None

    def judge(self, now: datetime, within: timedelta) -> Watch:
        """Say what to do, given how long a night may keep people waiting.

        Being exactly on time is being in time; a clock that was set back makes nothing overdue.
        """
        if now - self.waiting_since > within:
            return Watch.TOLD if self.told_of == self.waiting_since else Watch.OVERDUE
        return Watch.IN_TIME if self.told_of is None else Watch.RECOVERED


def render_watchdog(
    silence: Silence, occasion: Occasion, to: Addressee, *, now: datetime
) -> OutgoingMessage:
    """Write the mail to one person.

    Args:
        silence: The outage; for ``recovered`` with the end of the night that ended it.
        occasion: Which of the two mails.
        to: To whom.
        now: When it is written, aware UTC.

    Returns:
        The complete message. Its Message-ID is a function of client, outage, occasion and
        recipient: the same news is never two mails, and the second answers the first.

    Raises:
        ValueError: Recipient or sender is no plain address.
    """
    tr = translator(to.language)
    outage = silence.told_of if occasion == "recovered" else silence.waiting_since
    name = clean_line(to.client_name, limit=MAX_NAME_LENGTH)
    subject, text = _wording(silence, occasion, name=name, timezone=to.timezone, tr=tr)
    return Letter(
        message_id=_message_id(to, outage, occasion),
        to=to,
        written_at=now,
        subject=subject,
        text=folded(text),
        answers=_message_id(to, outage, "overdue") if occasion == "recovered" else None,
    ).seal()


def _message_id(to: Addressee, outage: datetime | None, occasion: Occasion) -> str:
    key = f"{to.client_id}|{outage.isoformat() if outage else ''}|{to.recipient.casefold()}"
    return f"<watchdog.{sha256_hex(key)[:32]}.{occasion}@{to.client_id}.vigie>"


def _wording(
    silence: Silence, occasion: Occasion, *, name: str, timezone: str, tr: Translator
) -> tuple[str, str]:
    """Return subject and text."""
    last = (
        tr.gettext(
            "The last good run ended on {when}.", when=tr.datetime(silence.ended_at, timezone)
        )
        if silence.ended_at
        else tr.gettext("No run has ever ended well.")
    )
    if occasion == "recovered":
        subject = tr.gettext("Vigie listens again: {name}", name=name)
        lines = [
            tr.gettext("A run for {name} has ended well again.", name=name),
            last,
            tr.gettext(
                "What was published meanwhile was read now, as far as the sources still show it."
            ),
        ]
        return subject, _paragraphs(lines)
    subject = tr.gettext("Vigie no longer listens: {name}", name=name)
    lines = [
        tr.gettext("No listening run for {name} has ended in time.", name=name),
        last,
        tr.gettext("As long as this lasts, no alert can come: silence means nothing."),
        tr.gettext(
            "What to do, on Vigie's machine: vigie doctor says what is missing;"
            " make up starts Airflow; vigie nightly makes up for the run at once."
        ),
        tr.gettext("This is said once; the end of it will be said too."),
    ]
    return subject, _paragraphs(lines)


def _paragraphs(lines: list[str]) -> str:
    return "\n\n".join(lines) + "\n"
