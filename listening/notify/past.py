"""What a past that came in at once would have told: a line of a summary, or a short mail."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from listening.model import Evaluation, OutgoingMessage, RuleKind
from listening.notify import wording
from listening.notify.letter import MAX_NAME_LENGTH, Addressee, Letter, folded, sha256_hex
from listening.notify.safety import clean_line
from listening.translate import Translator, translator

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFacts:
    """Alerts that would have been told to one person; days are the client's, half-open."""

    told_at: datetime  # of the look that came upon it
    from_on: date
    to_on: date
    fingerprints: tuple[str, ...]  # one per alert
    largest: Evaluation  # what opened the largest
    kind: RuleKind  # of its rule
    brand_name: str


def past_line(facts: PastFacts, to: Addressee, tr: Translator) -> str:
    """Say how many alerts there would have been, and which was the largest."""
    last_instant = facts.largest.observation.window.end - timedelta(microseconds=1)
    return tr.ngettext(
        "The history that came in at once, from {start} to {end}, would have set off {n} alert:"
        " {brand}, {seen}, on {when}.",
        "The history that came in at once, from {start} to {end}, would have set off {n} alerts;"
        " the largest: {brand}, {seen}, on {when}.",
        len(facts.fingerprints),
        start=tr.date(facts.from_on),
        end=tr.date(facts.to_on - _DAY),
        brand=clean_line(facts.brand_name, limit=MAX_NAME_LENGTH),
        seen=wording.seen(facts.largest, tr, facts.kind),
        when=tr.date(last_instant.astimezone(ZoneInfo(to.timezone)).date()),
    )


def past_command(facts: PastFacts, to: Addressee) -> str:
    """Return the command that lists them."""
    days = f"--from {facts.from_on.isoformat()} --to {facts.to_on.isoformat()}"
    return f"vigie alerts replay {days} --client {to.client_id}"


def render_past(facts: PastFacts, to: Addressee) -> OutgoingMessage:
    """Write a mail of its own to one person whom no summary tells of it.

    Returns:
        The complete message. Its Message-ID is a function of the alerts, the person and the client.

    Raises:
        ValueError: Recipient or sender is no plain address.
    """
    tr = translator(to.language)
    name = clean_line(to.client_name, limit=MAX_NAME_LENGTH)
    lines = [
        past_line(facts, to, tr),
        tr.gettext("These days are over: nobody was alerted, and nothing has to be done."),
        tr.gettext("What shows them, one by one:"),
        "\t" + past_command(facts, to),
        tr.gettext("This is said once."),
    ]
    key = sha256_hex(" ".join(sorted(facts.fingerprints)))[:32]
    return Letter(
        message_id=f"<past.{key}.{to.key}@{to.client_id}.vigie>",
        to=to,
        written_at=facts.told_at,
        subject=tr.gettext("{name}: what the history would have told", name=name),
        text=folded("\n\n".join(lines)),
        fingerprints=facts.fingerprints,
    ).seal()
