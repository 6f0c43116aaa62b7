"""What an alert mail says, gathered from the warehouse; nothing here decides."""

from collections.abc import Sequence

from listening.alerts.kinds import is_one_voice
from listening.config.alerts import RuleSpec
from listening.jobs.alert_counts import part_of
from listening.jobs.context import JobContext
from listening.model import Alert, Observation, RuleKind
from listening.notify.facts import (
    AlertDocument,
    AlertFacts,
    Driver,
    NetSentiment,
    SourceCoverage,
)
from storage.alert_context import newest_visits, reproduction_sql, window_sentiment
from storage.alerting import AlertDriver, alert_documents, alert_drivers
from storage.counts import EVERYTHING
from storage.engine import Warehouse

#: Texts and causes shown in one mail.
_DOCUMENT_LIMIT = 5
_DRIVER_LIMIT = 5


def gather_facts(
    context: JobContext,
    warehouse: Warehouse,
    *,
    rule: RuleSpec,
    alert: Alert,
    occasion: str,
    history: list[Observation],
    document_ids: Sequence[str] | None = None,
) -> AlertFacts:
    """Return all that the mail about one occasion of one alert tells.

    ``document_ids``: what the rule picked; None: the negative mentions of the window.
    """
    window = alert.evaluation.observation.window
    drivers = alert_drivers(warehouse, alert.brand_id, window, limit=_DRIVER_LIMIT)
    sentiment = window_sentiment(warehouse, alert.brand_id, window)
    is_negative = rule.kind is RuleKind.NEGATIVE_SPIKE and part_of(rule) == EVERYTHING
    names = {brand.brand_id: brand.name for brand in context.config.brands}
    return AlertFacts(
        alert=alert,
        rule=rule,
        brand_name=names.get(alert.brand_id, alert.brand_id),
        occasion=occasion,
        history=tuple(history),
        documents=_documents(warehouse, alert, document_ids),
        sources=_drivers(drivers, "source") if is_negative else (),
        terms=_drivers(drivers, "term") if is_negative else (),
        net_sentiment=NetSentiment(**sentiment._asdict()) if sentiment else None,
        coverage=SourceCoverage(**newest_visits(warehouse, window)._asdict()),
        is_one_voice=is_one_voice(alert.evaluation.observation),
        sql=reproduction_sql(alert.brand_id, window) if is_negative else "",
    )


def _documents(
    warehouse: Warehouse, alert: Alert, document_ids: Sequence[str] | None
) -> tuple[AlertDocument, ...]:
    window = alert.evaluation.observation.window
    found = alert_documents(
        warehouse, alert.brand_id, window, limit=_DOCUMENT_LIMIT, document_ids=document_ids
    )
    return tuple(
        AlertDocument(
            title=document.title,
            url=document.url,
            source_title=document.source_title,
            published_at=document.mentioned_at,
            score=document.score,
            story_size=document.story_document_count,
        )
        for document in found
    )


def _drivers(drivers: list[AlertDriver], kind: str) -> tuple[Driver, ...]:
    return tuple(
        Driver(name=driver.label, count=driver.mention_count)
        for driver in drivers
        if driver.kind == kind
    )
