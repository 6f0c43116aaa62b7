"""One mail instead of many: what one look told one person of several alerts, grouped by brand."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from listening.model import AlertState, OutgoingMessage, Severity
from listening.notify import reasons, wording
from listening.notify.facts import AlertFacts
from listening.notify.letter import (
    MAX_NAME_LENGTH,
    TONES,
    Addressee,
    Letter,
    folded,
    sha256_hex,
    templates,
)
from listening.notify.message import (
    MAX_MAIL_BYTES,
    MAX_SUBJECT_LENGTH,
    alert_message_id,
    alert_values,
    opening_id,
)
from listening.notify.past import PastFacts, past_command, past_line
from listening.notify.safety import clean_line
from listening.translate import Translator, translator

#: From so many alerts on, one mail stands for all: two are read with more profit one by one.
SUMMARY_FROM = 3

#: Alerts that are told in full; the others are named, and of very many the rest is counted.
MAX_TOLD = 12
MAX_NAMED = 60

#: Threads that a summary is put into; a header has its limits.
_MAX_THREADS = 10

_LOUDEST_FIRST = (Severity.CRITICAL, Severity.WARNING, Severity.INFO)


def render_summary(
    alerts: Sequence[AlertFacts], to: Addressee, *, past: PastFacts | None = None
) -> OutgoingMessage:
    """Write one mail to one person about several alerts that have news at once.

    Args:
        alerts: What is told of each; at least one.
        to: To whom.
        past: What is said beside them of a past that came in late.

    Returns:
        The complete message. Its Message-ID is a function of the incidents, their occasions, the
        recipient and the client. It refers to the threads that these incidents would have opened,
        so that what follows about one of them is shown below it.

    Raises:
        ValueError: There is no alert, or recipient or sender is no plain address.
    """
    if not alerts:
        raise ValueError("a summary of nothing")
    tr = translator(to.language)
    ordered = sorted(alerts, key=urgency)
    values = _values(ordered, to, tr) | {
        "past": past_line(past, to, tr) if past else "",
        "past_command": past_command(past, to) if past else "",
    }
    ids = sorted(alert_message_id(one, to) for one in alerts)
    threads = [opening_id(one, to) for one in ordered]
    for told in (MAX_TOLD, MAX_TOLD // 3, 0):
        shown = [
            _shown(one, to.timezone, tr) | {"answers": reasons.answers(one, to, tr)}
            for one in ordered[:told]
        ]
        rows = values | {"groups": _grouped(shown), "named": _named(ordered[told:], tr)}
        message = Letter(
            message_id=f"<summary.{sha256_hex(' '.join(ids))[:32]}.{to.key}@{to.client_id}.vigie>",
            to=to,
            written_at=max(one.alert.evaluation.evaluated_at for one in alerts),
            subject=values["subject"],
            text=folded(templates().get_template("summary.txt.j2").render(rows)),
            html=templates().get_template("summary.html.j2").render(rows),
            stands_for=tuple(threads[:_MAX_THREADS]),
            fingerprints=(
                *(one.alert.fingerprint for one in ordered),
                *(past.fingerprints if past else ()),
            ),
        ).seal()
        if len(message.body) <= MAX_MAIL_BYTES:
            break
    return message


def urgency(facts: AlertFacts) -> tuple[bool, int, str, str]:
    """Return what alerts are ordered by: open before closed, loud before quiet, by brand."""
    is_over = facts.alert.state is AlertState.RESOLVED
    loudness = _LOUDEST_FIRST.index(facts.alert.severity)
    return is_over, loudness, facts.brand_name, facts.rule.id


def _values(ordered: Sequence[AlertFacts], to: Addressee, tr: Translator) -> dict[str, Any]:
    loudest = ordered[0].alert
    is_over = loudest.state is AlertState.RESOLVED
    brands = list(dict.fromkeys(one.brand_name for one in ordered))
    name = clean_line(brands[0] if len(brands) == 1 else to.client_name, limit=MAX_NAME_LENGTH)
    alerts = tr.ngettext("{n} alert at once", "{n} alerts at once", len(ordered))
    over = sum(one.alert.state is AlertState.RESOLVED for one in ordered)
    parts = [
        alerts,
        tr.ngettext("{n} brand", "{n} brands", len(brands)),
        tr.ngettext("{n} rule", "{n} rules", len({one.rule.base_id for one in ordered})),
        tr.ngettext("{n} of them over", "{n} of them over", over) if over else "",
    ]
    word = tr.gettext("Back to normal") if is_over else wording.severity_word(loudest.severity, tr)
    subject = tr.gettext("{word}: {brand}, {seen}", word=word, brand=name, seen=alerts)
    return {
        "_": tr.gettext,
        "lang": tr.language,
        "subject": clean_line(subject, limit=MAX_SUBJECT_LENGTH),
        "kicker": word,
        "mark": "■",
        "tone": TONES["good" if is_over else loudest.severity.value],
        "brand": name,
        "headline": tr.gettext("; ").join(part for part in parts if part) + ".",
        "window": tr.gettext(
            "Judged on {when}", when=tr.datetime(loudest.evaluation.evaluated_at, to.timezone)
        ),
    }


def _shown(facts: AlertFacts, timezone: str, tr: Translator) -> dict[str, Any]:
    """Return what is told of one alert: its sentence, its first text, and what may be answered."""
    values = alert_values(facts, timezone=timezone, tr=tr)
    documents = [row for part in values["texts"] for row in part["rows"]]
    return {
        "brand": values["brand"],
        "mark": values["mark"],
        "tone": values["tone"],
        "kicker": values["kicker"],
        "rule": clean_line(facts.rule.id, limit=MAX_NAME_LENGTH),
        "headline": values["headline"],
        "document": documents[0] if documents else None,
    }


def _grouped(shown: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the alerts of one brand together, where its loudest one stands."""
    order = {
        brand: place for place, brand in enumerate(dict.fromkeys(one["brand"] for one in shown))
    }
    together = sorted(shown, key=lambda one: order[one["brand"]])
    return [
        {"brand": brand, "alerts": list(alerts)}
        for brand, alerts in groupby(together, key=lambda one: one["brand"])
    ]


def _named(rest: Sequence[AlertFacts], tr: Translator) -> list[str]:
    lines = []
    for one in rest[:MAX_NAMED]:
        seen = wording.seen(one.alert.evaluation, tr, one.rule.kind)
        line = f"{one.brand_name}\xa0· {one.rule.id}\xa0· {seen}"
        lines.append(clean_line(line, limit=2 * MAX_NAME_LENGTH))
    more = len(rest) - MAX_NAMED
    return [*lines, *([tr.ngettext("and {n} more", "and {n} more", more)] if more > 0 else [])]
