"""Render the daily sheet and the weekly digest, text and HTML: same facts, same bytes.

Both are sections of lines and tables, so that one pair of templates serves them. Names, titles and
words that come from outside are cleaned before they reach a subject or a body.
"""

from dataclasses import dataclass

from listening.model import OutgoingMessage
from listening.notify import digest_wording as wording
from listening.notify.digest_facts import BrandFigures, DigestFacts, DigestKind
from listening.notify.letter import (
    MAX_NAME_LENGTH,
    TONES,
    Addressee,
    Letter,
    folded,
    templates,
)
from listening.notify.safety import clean_line
from listening.notify.wording import SMALL_SAMPLE
from listening.translate import Translator, translator

#: What a mail shows at most; the rest is counted. Together they keep it under 100 kB.
MAX_ALERTS = 15
MAX_BRANDS = 20
MAX_TROUBLES = 20
_MAX_TERM_LENGTH = 40
_MAX_BRANDS_WITH_TERMS = 5
_MAX_SUBJECT_LENGTH = 160

#: Pixels: its table has six columns.
_WIDTH = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the mail."""

    heading: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def render_digest(facts: DigestFacts, to: Addressee) -> OutgoingMessage:
    """Write one digest to one person.

    Returns:
        The complete message. Its Message-ID is a function of kind, day or week, recipient and
        client, so that the outbox takes each sheet once.

    Raises:
        ValueError: Recipient or sender is no plain address; configuration has checked both.
    """
    tr = translator(to.language)
    name = clean_line(to.client_name, limit=MAX_NAME_LENGTH)
    headline = wording.headline(facts, tr)
    is_daily, is_calm = facts.kind is DigestKind.DAILY, not facts.alerts and not facts.is_blind
    values = {
        "lang": to.language,
        "kicker": tr.gettext("Daily sheet") if is_daily else tr.gettext("Week's digest"),
        "brand": name,
        "subject": clean_line(f"{name} · {headline}", limit=_MAX_SUBJECT_LENGTH),
        "headline": headline,
        "window": wording.period(facts, tr),
        "mark": "■" if is_calm else "▼",
        "tone": TONES["good" if is_calm else "warning"],
        "width": _WIDTH,
        "sections": _sections(facts, tr),
        "footer": tr.gettext(
            "To end it: digest: none beside this address in client.yaml."
            " Days are those of {timezone}.",
            timezone=to.timezone,
        ),
    }
    text = templates().get_template("digest.txt.j2").render(values | {"table": _aligned})
    return Letter(
        message_id=(
            f"<digest.{facts.kind}.{facts.sheet_on.isoformat()}.{to.key}@{to.client_id}.vigie>"
        ),
        to=to,
        written_at=facts.written_at,
        subject=str(values["subject"]),
        text=folded(text),
        html=templates().get_template("digest.html.j2").render(values),
    ).seal()


def _sections(facts: DigestFacts, tr: Translator) -> list[Section]:
    found = [_alerts(facts, tr), _figures(facts, tr), _terms(facts, tr), _sources(facts, tr)]
    return [section for section in found if section is not None]


def _alerts(facts: DigestFacts, tr: Translator) -> Section | None:
    lines = tuple(wording.alert_line(one, facts.timezone, tr) for one in facts.alerts[:MAX_ALERTS])
    notes = (wording.precision_line(facts.precision, tr),) if facts.precision else ()
    if not lines and not notes:
        return None
    none = () if lines else (tr.gettext("No alert was open."),)
    return Section(
        heading=tr.gettext("Alerts"),
        lines=lines + none + _more(len(facts.alerts) - MAX_ALERTS, tr),
        notes=notes,
    )


def _figures(facts: DigestFacts, tr: Translator) -> Section | None:
    if not facts.brands:
        return None
    is_small = any(one.is_small_sample for one in facts.brands[:MAX_BRANDS])
    return Section(
        heading=wording.figures_heading(facts, tr),
        columns=(
            tr.gettext("brand"),
            tr.gettext("mentions"),
            tr.gettext("the period before"),
            tr.gettext("negative"),
            tr.gettext("net sentiment"),
            tr.gettext("share of voice"),
        ),
        rows=tuple(_brand_row(one, tr) for one in facts.brands[:MAX_BRANDS]),
        lines=_more(len(facts.brands) - MAX_BRANDS, tr),
        notes=(tr.gettext("* fewer than {count} judged mentions", count=tr.number(SMALL_SAMPLE)),)
        if is_small
        else (),
    )


def _brand_row(one: BrandFigures, tr: Translator) -> tuple[str, ...]:
    return (
        clean_line(one.name, limit=MAX_NAME_LENGTH),
        tr.number(one.mention_count),
        tr.number(one.previous_count),
        tr.number(one.negative_count),
        wording.net_sentiment(one, tr),
        wording.share(one, tr),
    )


def _terms(facts: DigestFacts, tr: Translator) -> Section | None:
    rising = [one for one in facts.brands if one.rising_terms][:_MAX_BRANDS_WITH_TERMS]
    lines = tuple(
        tr.gettext(
            "{brand}: {words}",
            brand=clean_line(one.name, limit=MAX_NAME_LENGTH),
            words=", ".join(clean_line(term, limit=_MAX_TERM_LENGTH) for term in one.rising_terms),
        )
        for one in rising
    )
    return Section(heading=tr.gettext("Words on the rise"), lines=lines) if lines else None


def _sources(facts: DigestFacts, tr: Translator) -> Section | None:
    if not facts.troubles and not facts.coverage.planned_count:
        return None
    lines = tuple(
        wording.trouble_line(one, facts.timezone, tr) for one in facts.troubles[:MAX_TROUBLES]
    )
    return Section(
        heading=tr.gettext("Health of the sources"),
        lines=(lines or (tr.gettext("All sources are well."),))
        + _more(len(facts.troubles) - MAX_TROUBLES, tr),
        notes=(tr.gettext("The whole table: vigie sources health"),) if lines else (),
    )


def _more(count: int, tr: Translator) -> tuple[str, ...]:
    """Say how many more there are; nothing when all are shown."""
    return (tr.ngettext("and {n} more", "and {n} more", count),) if count > 0 else ()


def _aligned(section: Section) -> list[str]:
    """Return a table for the plain-text part: one block per row, which no narrow screen breaks."""
    lines = []
    for name, *cells in section.rows:
        pairs = zip(section.columns[1:], cells, strict=True)
        lines.append(f"- {name}")
        lines.append("  " + "\u00a0· ".join(f"{column}\u00a0{cell}" for column, cell in pairs))
    return lines
