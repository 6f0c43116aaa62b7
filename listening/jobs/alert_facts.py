"""What an alert mail says, gathered from the warehouse; nothing here decides."""

from listening.config.alerts import RuleSpec
from listening.jobs.context import JobContext
from listening.model import Alert, Observation
from listening.notify.facts import (
    AlertDocument,
    AlertFacts,
    Driver,
    NetSentiment,
    SourceCoverage,
)
from storage.alert_context import newest_visits, reproduction_sql, window_sentiment
from storage.alerting import AlertDriver, alert_documents, alert_drivers
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
) -> AlertFacts:
    """Return all that the mail about one occasion of one alert tells."""
    window = alert.evaluation.observation.window
    drivers = alert_drivers(warehouse, alert.brand_id, window, limit=_DRIVER_LIMIT)
    sentiment = window_sentiment(warehouse, alert.brand_id, window)
    names = {brand.brand_id: brand.name for brand in context.config.brands}
    return AlertFacts(
        alert=alert,
        rule=rule,
        brand_name=names.get(alert.brand_id, alert.brand_id),
        occasion=occasion,
        history=tuple(history),
        documents=_documents(warehouse, alert),
        sources=_drivers(drivers, "source"),
        terms=_drivers(drivers, "term"),
        net_sentiment=NetSentiment(**sentiment._asdict()) if sentiment else None,
        coverage=SourceCoverage(**newest_visits(warehouse, window)._asdict()),
        sql=reproduction_sql(alert.brand_id, window),
    )


def _documents(warehouse: Warehouse, alert: Alert) -> tuple[AlertDocument, ...]:
    window = alert.evaluation.observation.window
    found = alert_documents(warehouse, alert.brand_id, window, limit=_DOCUMENT_LIMIT)
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
