"""What an alert mail says, gathered from the warehouse; nothing here decides."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from listening.alerts.kinds import is_one_voice, tone_of
from listening.alerts.pace import trend_of
from listening.config.alerts import COUNTED_KINDS, RuleSpec
from listening.jobs.alert_counts import part_of
from listening.jobs.context import JobContext
from listening.model import Alert, AlertState, Observation, RuleKind
from listening.notify.facts import (
    AlertDocument,
    AlertFacts,
    Breakdown,
    NetSentiment,
    Pace,
    Share,
    SourceCoverage,
)
from storage import alert_reasons
from storage.alert_context import newest_visits, window_sentiment
from storage.engine import Warehouse

#: Texts of each order, and values of each breakdown, in one mail.
_DOCUMENT_LIMIT = 3
_SHARE_LIMIT = 4

#: Rules whose figure has no pace: it is a share, a silence, or single texts.
_WITHOUT_PACE = COUNTED_KINDS | {RuleKind.SHARE_DROP, RuleKind.FLATLINE}

#: Windows that say which hours are the busy ones: four weeks, for 24 h.
_PACE_WINDOWS = 28


def known_facts(
    context: JobContext,
    *,
    rule: RuleSpec,
    alert: Alert,
    occasion: str,
    history: Sequence[Observation],
) -> AlertFacts:
    """Return what can be told of one occasion of one alert without asking the warehouse."""
    names = {brand.brand_id: brand.name for brand in context.config.brands}
    return AlertFacts(
        alert=alert,
        rule=rule,
        brand_name=names.get(alert.brand_id, alert.brand_id),
        occasion=occasion,
        history=tuple(history),
        is_one_voice=is_one_voice(alert.evaluation.observation),
    )


def gather_facts(
    context: JobContext,
    warehouse: Warehouse,
    known: AlertFacts,
    *,
    document_ids: Sequence[str] | None = None,
) -> AlertFacts:
    """Return all that the mail about one occasion of one alert tells.

    ``document_ids``: what the rule judged; None: the negative mentions of the window.
    """
    alert, rule = known.alert, known.rule
    window, brand_id, tone = alert.evaluation.observation.window, alert.brand_id, tone_of(rule.kind)
    sentiment = window_sentiment(warehouse, brand_id, window)
    shown = alert_reasons.alert_documents(
        warehouse, brand_id, window, limit=_DOCUMENT_LIMIT, tone=tone, document_ids=document_ids
    )
    return replace(
        known,
        documents=tuple(map(_document, shown.representative)),
        read_documents=tuple(map(_document, shown.read)),
        is_reading_known=shown.is_reading_known,
        breakdowns=_breakdowns(context, warehouse, rule, alert, document_ids),
        net_sentiment=NetSentiment(**sentiment._asdict()) if sentiment else None,
        pace=_pace(warehouse, rule, alert),
        coverage=SourceCoverage(**newest_visits(warehouse, window)._asdict()),
        sql=_statement(rule, alert, document_ids),
    )


def _pace(warehouse: Warehouse, rule: RuleSpec, alert: Alert) -> Pace | None:
    if rule.kind in _WITHOUT_PACE or alert.state is AlertState.RESOLVED:
        return None
    halves = alert_reasons.window_pace(
        warehouse,
        alert.brand_id,
        alert.evaluation.observation.window,
        tone=tone_of(rule.kind),
        part=part_of(rule),
        window_count=_PACE_WINDOWS,
    )
    trend = trend_of(halves)
    return trend and Pace(early_count=halves.early, late_count=halves.late, trend=trend)


def _document(document: alert_reasons.AlertDocument) -> AlertDocument:
    return AlertDocument(
        title=document.title,
        url=document.url,
        source_title=document.source_title,
        published_at=document.mentioned_at,
        score=document.score,
        story_id=document.story_id,
        story_size=document.story_document_count,
        weight=document.weight,
        reply_count=document.reply_count,
    )


def _breakdowns(
    context: JobContext,
    warehouse: Warehouse,
    rule: RuleSpec,
    alert: Alert,
    document_ids: Sequence[str] | None,
) -> tuple[Breakdown, ...]:
    """Return what drives the figure, in the order in which it is read."""
    found = alert_reasons.alert_shares(
        warehouse,
        alert.brand_id,
        alert.evaluation.observation.window,
        limit=_SHARE_LIMIT,
        language=context.config.language,
        tone=tone_of(rule.kind),
        document_ids=document_ids,
    )
    kinds = {
        kind: [*shares] for kind, shares in groupby(found, key=attrgetter("kind"))
    }  # the rows come kind by kind
    return tuple(
        Breakdown(
            kind=kind,
            shares=tuple(
                Share(
                    name=None if one.key is None else one.label,
                    text_share=one.text_share,
                    author_share=one.author_share,
                )
                for one in kinds[kind]
            ),
            value_count=kinds[kind][0].value_count,
            text_count=kinds[kind][0].text_count,
            author_count=kinds[kind][0].author_count,
        )
        for kind in ("topic", "source", "author", "term")
        if kind in kinds and kinds[kind][0].value_count
    )


def _statement(rule: RuleSpec, alert: Alert, document_ids: Sequence[str] | None) -> str:
    """Return SQL for the figure: by tone and part where that is all, else by the texts picked."""
    return alert_reasons.reproduction_sql(
        alert.brand_id,
        alert.evaluation.observation.window,
        tone=tone_of(rule.kind),
        part=part_of(rule),
        document_ids=document_ids if rule.kind in COUNTED_KINDS else None,
        is_share=rule.kind is RuleKind.SHARE_DROP,
    )
