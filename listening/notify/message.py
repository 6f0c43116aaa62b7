"""Render an alert as one mail, text and HTML, in the reader's language: same facts, same bytes.

Nothing that comes from the web reaches a header, and nothing of it reaches the body before
``safety`` has cleaned it; HTML is escaped by the template engine.
"""

from typing import Any

from listening.logs import get_logger
from listening.model import AlertState, OutgoingMessage
from listening.notify import wording
from listening.notify.chart import chart_png
from listening.notify.facts import AlertDocument, AlertFacts, Driver
from listening.notify.letter import (
    MAX_NAME_LENGTH,
    PICTURE_ID,
    Letter,
    folded,
    person_key,
    templates,
)
from listening.notify.safety import clean_block, clean_line, safe_link
from listening.notify.sparkline import bars
from listening.translate import Translator, translator

log = get_logger("listening.notify.message")

#: What a mail shows at most; together they keep the largest one under 100 kB.
MAX_DOCUMENTS = 6
MAX_DRIVERS = 6
MAX_TITLE_LENGTH = 160
MAX_SQL_LENGTH = 2000
MAX_SUBJECT_LENGTH = 120

#: Colours of the severities, readable on white (4.5 : 1 and more).
_TONES = {"critical": "#a3262b", "warning": "#9a6200", "info": "#2a5b87", "resolved": "#2c6b4c"}


def render_alert(
    facts: AlertFacts, *, client_id: str, recipient: str, language: str, sender: str, timezone: str
) -> OutgoingMessage:
    """Write the mail about one state of one alert to one person.

    Args:
        facts: What is told.
        client_id: The client's slug; right-hand side of the Message-ID.
        recipient: One plain address.
        language: ``fr`` or ``en``.
        sender: ``Name <address>`` or the bare address.
        timezone: IANA zone in which times are written.

    Returns:
        The complete message. Its Message-ID is a function of incident, occasion, recipient and
        client, so that the same news is never written twice, and every later mail of an incident
        refers to the first one: mail programs show one thread.

    Raises:
        ValueError: ``recipient`` or ``sender`` is no plain address; configuration has checked both.
    """
    tr = translator(language)
    picture = _picture(facts, timezone=timezone, tr=tr)
    values = _values(facts, timezone=timezone, tr=tr)
    values["picture"] = f"cid:{PICTURE_ID}" if picture else None
    opening = _message_id(facts, "firing", recipient=recipient, client_id=client_id)
    return Letter(
        message_id=_message_id(facts, facts.occasion, recipient=recipient, client_id=client_id),
        fingerprint=facts.alert.fingerprint,
        client_id=client_id,
        sender=sender,
        recipient=recipient,
        language=language,
        timezone=timezone,
        written_at=facts.alert.evaluation.evaluated_at,
        subject=values["subject"],
        text=folded(templates().get_template("alert.txt.j2").render(values)),
        html=templates().get_template("alert.html.j2").render(values),
        answers=None if facts.occasion in {"firing", "sample"} else opening,
        picture=picture,
    ).seal()


def _picture(facts: AlertFacts, *, timezone: str, tr: Translator) -> bytes | None:
    """Draw the chart; a mail goes out without one rather than not at all."""
    tone = _TONES[_severity_id(facts)]
    baseline = facts.alert.evaluation.baseline
    try:
        return chart_png(facts.history, baseline, timezone=timezone, tone=tone, tr=tr)
    except ValueError as error:  # of the library that draws; the HTML has bars of its own then
        log.warning("chart_failed", alert=facts.alert.fingerprint, problem=type(error).__name__)
        return None


def _severity_id(facts: AlertFacts) -> str:
    is_resolved = facts.alert.state is AlertState.RESOLVED
    return "resolved" if is_resolved else facts.alert.severity.value


def _message_id(facts: AlertFacts, occasion: str, *, recipient: str, client_id: str) -> str:
    return f"<{facts.alert.fingerprint}.{occasion}.{person_key(recipient)}@{client_id}.vigie>"


def _values(facts: AlertFacts, *, timezone: str, tr: Translator) -> dict[str, Any]:
    """Return all that the templates show, cleaned and worded."""
    evaluation = facts.alert.evaluation
    brand = clean_line(facts.brand_name, limit=MAX_NAME_LENGTH)
    is_resolved = facts.alert.state is AlertState.RESOLVED
    state = wording.state_word(facts, tr)
    severity = wording.severity_word(facts.alert.severity, tr)
    subject = tr.gettext(
        "{word}: {brand}, {seen}",
        word=state if is_resolved or facts.occasion == "sample" else severity,
        brand=brand,
        seen=wording.seen(evaluation, tr, facts.rule.kind),
    )
    head = {
        "_": tr.gettext,
        "lang": tr.language,
        "subject": clean_line(subject, limit=MAX_SUBJECT_LENGTH),
        "brand": brand,
        "kicker": state if is_resolved else f"{severity} · {state}",
        "severity_id": _severity_id(facts),
        "tone": _TONES[_severity_id(facts)],
        "headline": wording.headline(facts, tr),
        "steps": wording.next_steps(facts, tr),
        "rule": clean_line(wording.rule_line(facts, tr), limit=600),
        "fingerprint": facts.alert.fingerprint,
        "opened": tr.datetime(facts.alert.opened_at, timezone),
    }
    return head | _figures(facts, timezone, tr) | _reasons(facts, timezone, tr)


def _figures(facts: AlertFacts, timezone: str, tr: Translator) -> dict[str, Any]:
    """Return what was counted, and how it compares."""
    baseline, seen = facts.alert.evaluation.baseline, facts.alert.evaluation.observation
    window = seen.window
    return {
        "window": tr.gettext(
            "From {start} to {end}",
            start=tr.datetime(window.start, timezone),
            end=tr.datetime(window.end, timezone),
        ),
        "share": tr.gettext(
            "{share} of {count} mentions",
            share=tr.percent(seen.negative_count / max(1, seen.mention_count)),
            count=tr.number(seen.mention_count),
        ),
        "last_count": tr.number(seen.negative_story_count),
        "bars": bars(facts.history, baseline),
        "caption": tr.gettext(
            "Negative texts per {span}, the newest on the right ({usual}).",
            span=wording.span(window.end - window.start, tr),
            usual=wording.usual(baseline, tr) or tr.gettext("still learning"),
        ),
        "sentiment": facts.net_sentiment and wording.sentiment_line(facts.net_sentiment, tr),
        "coverage": facts.coverage and wording.coverage_line(facts.coverage, timezone, tr),
    }


def _reasons(facts: AlertFacts, timezone: str, tr: Translator) -> dict[str, Any]:
    """Return what drives the figures, and how to check them."""
    return {
        "documents": [
            _shown(document, timezone, tr) for document in facts.documents[:MAX_DOCUMENTS]
        ],
        "sources": [_counted(driver, tr) for driver in facts.sources[:MAX_DRIVERS]],
        "terms": [_counted(driver, tr) for driver in facts.terms[:MAX_DRIVERS]],
        "sql": clean_block(facts.sql, limit=MAX_SQL_LENGTH),
    }


def _shown(document: AlertDocument, timezone: str, tr: Translator) -> dict[str, Any]:
    """Return one text from the web, made harmless."""
    details = [clean_line(document.source_title, limit=MAX_NAME_LENGTH)]
    if document.published_at is not None:
        details.append(tr.datetime(document.published_at, timezone))
    if document.story_size > 1:
        copies = tr.number(document.story_size)
        details.append(tr.gettext("the same text {count} times", count=copies))
    title = clean_line(document.title, limit=MAX_TITLE_LENGTH)
    mark = "▼" if document.score < 0 else "▲" if document.score > 0 else "■"
    return {
        "title": title or tr.gettext("(no title)"),
        "url": safe_link(document.url),
        "details": " · ".join(detail for detail in details if detail),
        "score": f"{mark} {wording.signed(document.score, 2, tr)}",
    }


def _counted(driver: Driver, tr: Translator) -> dict[str, str]:
    name = clean_line(driver.name, limit=MAX_NAME_LENGTH)
    return {"name": name or "?", "count": tr.number(driver.count)}
