"""Render an alert as one mail, text and HTML, in the reader's language: same facts, same bytes.

Nothing that comes from the web reaches a header, and nothing of it reaches the body before
``safety`` has cleaned it; HTML is escaped by the template engine.
"""

from dataclasses import replace
from typing import Any

from listening.logs import get_logger
from listening.model import AlertState, OutgoingMessage, RuleKind
from listening.notify import kind_wording, reasons, wording
from listening.notify.chart import chart_png
from listening.notify.facts import AlertFacts
from listening.notify.letter import (
    MAX_NAME_LENGTH,
    PICTURE_ID,
    TONES,
    Addressee,
    Letter,
    folded,
    templates,
)
from listening.notify.plot import Plot, plot_of
from listening.notify.safety import clean_block, clean_line
from listening.notify.sparkline import bars
from listening.translate import Translator, translator

log = get_logger("listening.notify.message")

MAX_SQL_LENGTH = 1200

#: What no mail is larger than. Names of emoji alone can come near: then the chart goes (the HTML
#: has bars of its own), then what drives the figure.
MAX_MAIL_BYTES = 99_000
MAX_SUBJECT_LENGTH = 120

#: What the figure means for the brand, beside the colour.
_MARKS = {
    RuleKind.NEGATIVE_SPIKE: "▼",
    RuleKind.GRAVE_WORD: "▼",
    RuleKind.SHARE_DROP: "▼",
    RuleKind.POSITIVE_SPIKE: "▲",
}


def render_alert(facts: AlertFacts, to: Addressee) -> OutgoingMessage:
    """Write the mail about one state of one alert to one person.

    Returns:
        The complete message. Its Message-ID is a function of incident, occasion, recipient and
        client, so that the same news is never written twice, and every later mail of an incident
        refers to the first one: mail programs show one thread.

    Raises:
        ValueError: Recipient or sender is no plain address; configuration has checked both.
    """
    tr = translator(to.language)
    values = alert_values(facts, timezone=to.timezone, tr=tr)
    values["answers"] = reasons.answers(facts, to, tr)
    plot = _plot(facts)
    picture = _picture(facts, plot, timezone=to.timezone, tr=tr) if plot else None
    letter = Letter(
        message_id=alert_message_id(facts, to),
        to=to,
        fingerprint=facts.alert.fingerprint,
        written_at=facts.alert.evaluation.evaluated_at,
        subject=values["subject"],
        text="",
        answers=None if facts.occasion in {"firing", "sample"} else opening_id(facts, to),
    )
    for drawn, less in ((picture, {}), (None, {}), (None, {"breakdowns": [], "sql": ""})):
        message = _written(letter, values | less, drawn).seal()
        if len(message.body) <= MAX_MAIL_BYTES:
            break
    return message


def _written(letter: Letter, values: dict[str, Any], picture: bytes | None) -> Letter:
    shown = values | {"picture": f"cid:{PICTURE_ID}" if picture else None}
    return replace(
        letter,
        text=folded(templates().get_template("alert.txt.j2").render(shown)),
        html=templates().get_template("alert.html.j2").render(shown),
        picture=picture,
    )


def alert_message_id(facts: AlertFacts, to: Addressee) -> str:
    """Return the Message-ID of the mail to one person about one occasion of one alert."""
    return f"<{facts.alert.fingerprint}.{facts.occasion}.{to.key}@{to.client_id}.vigie>"


def opening_id(facts: AlertFacts, to: Addressee) -> str:
    """Return the Message-ID that the thread of an alert begins with."""
    return f"<{facts.alert.fingerprint}.firing.{to.key}@{to.client_id}.vigie>"


def alert_values(facts: AlertFacts, *, timezone: str, tr: Translator) -> dict[str, Any]:
    """Return all that the templates show of an alert, cleaned and worded."""
    brand = clean_line(facts.brand_name, limit=MAX_NAME_LENGTH)
    is_resolved = facts.alert.state is AlertState.RESOLVED
    state = wording.state_word(facts, tr)
    severity = wording.severity_word(facts.alert.severity, tr)
    subject = tr.gettext(
        "{word}: {brand}, {seen}",
        word=state if is_resolved or facts.occasion == "sample" else severity,
        brand=brand,
        seen=wording.seen(facts.alert.evaluation, tr, facts.rule.kind),
    )
    head = {
        "_": tr.gettext,
        "lang": tr.language,
        "subject": clean_line(subject, limit=MAX_SUBJECT_LENGTH),
        "brand": brand,
        "kicker": state if is_resolved else f"{severity} · {state}",
        "mark": "■" if is_resolved else _MARKS.get(facts.rule.kind, "■"),
        "tone": _tone(facts),
        "headline": wording.headline(facts, tr),
        "steps": wording.next_steps(facts, tr),
        "rule": clean_line(wording.rule_line(facts, tr), limit=600),
        "fingerprint": facts.alert.fingerprint,
        "opened": tr.datetime(facts.alert.opened_at, timezone),
    }
    return head | _figures(facts, timezone, tr) | _reasons(facts, timezone, tr)


def _plot(facts: AlertFacts) -> Plot | None:
    return plot_of(facts.rule.kind, facts.history, facts.alert.evaluation.baseline)


def _picture(facts: AlertFacts, plot: Plot, *, timezone: str, tr: Translator) -> bytes | None:
    """Draw the chart; a mail goes out without one rather than not at all."""
    try:
        return chart_png(plot, timezone=timezone, tone=_tone(facts), tr=tr)
    except ValueError as error:  # of the library that draws; the HTML has bars of its own then
        log.warning("chart_failed", alert=facts.alert.fingerprint, problem=type(error).__name__)
        return None


def _tone(facts: AlertFacts) -> str:
    """Return the colour of the mail: that of calm for an end and for praise, else how grave."""
    is_good = facts.rule.kind is RuleKind.POSITIVE_SPIKE
    is_over = facts.alert.state is AlertState.RESOLVED
    return TONES["good" if is_over or is_good else facts.alert.severity.value]


def _figures(facts: AlertFacts, timezone: str, tr: Translator) -> dict[str, Any]:
    """Return what was counted, and how it compares."""
    evaluation, kind = facts.alert.evaluation, facts.rule.kind
    window = evaluation.observation.window
    plot = _plot(facts)
    shown = bars(plot, tr) if plot else []
    share_name, share = kind_wording.share_line(kind, evaluation.observation, tr)
    figures = [
        (tr.gettext("On the calendar"), clean_line(evaluation.known_days or "", limit=200)),
        (share_name, share),
        (tr.gettext("Pace"), wording.pace_line(facts.pace, window, tr) if facts.pace else ""),
        (
            tr.gettext("Net sentiment"),
            wording.sentiment_line(facts.net_sentiment, tr) if facts.net_sentiment else "",
        ),
        (
            tr.gettext("Coverage"),
            wording.coverage_line(facts.coverage, timezone, tr) if facts.coverage else "",
        ),
    ]
    return {
        "window": tr.gettext(
            "From {start} to {end}",
            start=tr.datetime(window.start, timezone),
            end=tr.datetime(window.end, timezone),
        ),
        "figures": [(name, figure) for name, figure in figures if figure],
        "bars": shown,
        "last_figure": shown[-1].figure if shown else "",
        "caption": _caption(facts, plot, tr) if plot else "",
    }


def _caption(facts: AlertFacts, plot: Plot, tr: Translator) -> str:
    window = facts.alert.evaluation.observation.window
    usual = (
        wording.usual_share_of(plot.usual, tr)
        if plot.is_share
        else wording.usual(facts.alert.evaluation.baseline, tr)
    )
    return kind_wording.caption(
        facts.rule.kind,
        plot,
        wording.span(window.end - window.start, tr),
        usual or tr.gettext("still learning"),
        tr,
    )


def _reasons(facts: AlertFacts, timezone: str, tr: Translator) -> dict[str, Any]:
    """Return what drives the figures, and how to check them."""
    return {
        "texts": reasons.texts(facts, timezone, tr),
        "breakdowns": reasons.breakdowns(facts, tr),
        "sql": clean_block(facts.sql, limit=MAX_SQL_LENGTH),
    }
