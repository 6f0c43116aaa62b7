"""Write the daily sheet and the weekly digest into the outbox: once per person and day or week."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from listening.alerts.kinds import MIN_COVERAGE
from listening.collectors.faults import explain
from listening.jobs.addressing import addressee
from listening.jobs.context import JobContext
from listening.logs import get_logger
from listening.model import AlertState, OutgoingMessage, Severity, Window
from listening.notify.digest import render_digest
from listening.notify.digest_facts import (
    AlertLine,
    BrandFigures,
    DigestFacts,
    DigestKind,
    Precision,
    SourceTrouble,
)
from listening.notify.facts import SourceCoverage
from listening.notify.quiet_hours import release_at
from storage.alert_context import newest_visits
from storage.engine import Warehouse, open_writer
from storage.migrate import migrate
from storage.outbox import insert_messages
from storage.shipped import warehouse_query

log = get_logger("listening.jobs.digest")

#: What a person asks for with ``digest:`` in client.yaml.
WANTED: dict[str, tuple[DigestKind, ...]] = {
    "daily": (DigestKind.DAILY, DigestKind.WEEKLY),
    "weekly": (DigestKind.WEEKLY,),
    "none": (),
}

#: Verdicts are few: precision is that of a year.
_PRECISION_DAYS = 365

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DigestCounts:
    """What one look came to."""

    asked_for: int  # mails that people want, by kind
    written: int  # those that were not in the outbox yet


def write_digests(
    context: JobContext, *, now: datetime, kinds: Sequence[DigestKind] = tuple(DigestKind)
) -> DigestCounts:
    """Write what is due to everybody who asked for it, to go out after the quiet hours.

    The daily sheet of the client's day, and the digest of the last whole week, Monday to Sunday.
    Whatever is in the outbox already stays as it is: a week whose Monday was missed is made up
    for by any later day, and nothing is written twice.
    """
    people = [
        (one, kind)
        for one in context.config.recipients
        for kind in kinds
        if kind in WANTED[one.digest]
    ]
    if not people:
        return DigestCounts(0, 0)
    config = context.config
    release = release_at(config.quiet_hours, Severity.INFO, context.clock(), config.timezone)
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        facts = {
            kind: gather_digest(context, warehouse, kind, now=now)
            for kind in dict.fromkeys(kind for _, kind in people)
        }
        mails = [
            render_digest(facts[kind], addressee(context, person.address))
            for person, kind in people
        ]
        written = insert_messages(
            warehouse, [replace(mail, next_attempt_at=release) for mail in mails]
        )
    log.info("digests_written", client=config.client_id, asked_for=len(mails), written=written)
    return DigestCounts(len(mails), written)


def show_digest(context: JobContext, kind: DigestKind, *, now: datetime) -> OutgoingMessage:
    """Render one digest as the client would get it now; nothing is written or sent."""
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        facts = gather_digest(context, warehouse, kind, now=now)
    return render_digest(facts, addressee(context, "nobody@vigie.invalid"))


def gather_digest(
    context: JobContext, warehouse: Warehouse, kind: DigestKind, *, now: datetime
) -> DigestFacts:
    """Return all that one digest tells."""
    config = context.config
    zone = ZoneInfo(config.timezone)
    from_on, to_on = period_of(kind, now.astimezone(zone).date())
    if kind is DigestKind.DAILY:
        start, end = now - _DAY, now
    else:
        start, end = (datetime.combine(day, time(), tzinfo=zone) for day in (from_on, to_on))
    visits = newest_visits(warehouse, Window(start=now - _DAY, end=now))
    spans = {"start_at": start, "end_at": end}
    return DigestFacts(
        kind=kind,
        timezone=config.timezone,
        from_on=from_on,
        to_on=to_on,
        written_at=now,
        coverage=SourceCoverage(**visits._asdict()),
        is_blind=kind is DigestKind.DAILY and visits.coverage < MIN_COVERAGE,
        brands=_brands(warehouse, kind, config.client_id, from_on, to_on),
        alerts=tuple(
            _alert(row) for row in warehouse_query(warehouse, "reading/period_alerts", spans)
        ),
        precision=_precision(warehouse, config.client_id, to_on)
        if kind is DigestKind.WEEKLY
        else None,
        troubles=tuple(
            _trouble(row)
            for row in warehouse_query(warehouse, "reading/source_health")
            if row["health"] != "healthy" and row["kind"] != "import"
        ),
    )


def period_of(kind: DigestKind, today: date) -> tuple[date, date]:
    """Return the days [from, to) that a digest of ``today`` is about.

    Yesterday for the sheet, the last whole week from Monday on for the digest.
    """
    if kind is DigestKind.DAILY:
        return today - _DAY, today
    monday = today - timedelta(days=today.weekday())
    return monday - _WEEK, monday


def _brands(
    warehouse: Warehouse, kind: DigestKind, client_id: str, from_on: date, to_on: date
) -> tuple[BrandFigures, ...]:
    days = {"client_id": client_id, "from_on": from_on, "to_on": to_on}
    before = days | {"from_on": from_on - (to_on - from_on), "to_on": from_on}
    previous = {
        row["brand_id"]: row["mention_count"]
        for row in warehouse_query(warehouse, "reading/night_brands", before)
    }
    return tuple(
        BrandFigures(
            name=row["brand_name"],
            mention_count=row["mention_count"],
            previous_count=previous.get(row["brand_id"], 0),
            story_count=row["story_count"],
            negative_count=row["negative_count"],
            net_sentiment=row["net_sentiment"],
            net_sentiment_margin=row["net_sentiment_margin"],
            judged_count=row["positive_count"] + row["neutral_count"] + row["negative_count"],
            is_small_sample=row["is_small_sample"],
            share=row["share_of_voice"],
            share_margin=row["share_of_voice_margin"],
            rising_terms=_terms(warehouse, row, days) if kind is DigestKind.WEEKLY else (),
        )
        for row in warehouse_query(warehouse, "reading/night_brands", days)
    )


def _terms(warehouse: Warehouse, brand: dict[str, Any], days: dict[str, Any]) -> tuple[str, ...]:
    if brand["brand_role"] != "own":
        return ()
    parameters = days | {"brand_id": brand["brand_id"]}
    rows = warehouse_query(warehouse, "reading/period_terms", parameters)
    return tuple(row["term"] for row in rows)


def _alert(row: dict[str, Any]) -> AlertLine:
    return AlertLine(
        brand_name=row["brand_name"],
        rule_id=row["rule_id"],
        severity=Severity(row["severity"]),
        state=AlertState(row["state"]),
        opened_at=row["opened_at"],
        peak_count=row["peak_count"],
        verdict=row["verdict"],
    )


def _precision(warehouse: Warehouse, client_id: str, to_on: date) -> Precision:
    days = {
        "client_id": client_id,
        "from_on": to_on - timedelta(days=_PRECISION_DAYS),
        "to_on": to_on,
    }
    (row,) = warehouse_query(warehouse, "reading/period_precision", days)
    return Precision(
        judged_count=row["judged_count"],
        true_count=row["true_count"],
        low=row["precision_low"],
        high=row["precision_high"],
    )


def _trouble(row: dict[str, Any]) -> SourceTrouble:
    return SourceTrouble(
        title=row["source_title"],
        health=row["health"],
        reason=_sentence(row["last_reason"]) if row["health"] == "failing" else "",
        read_at=row["last_success_at"],
        silent_days=row["silent_days"],
        habit_days=row["habit_days"],
    )


def _sentence(reason: str | None) -> str:
    try:
        return explain(reason) if reason else ""
    except KeyError:  # written by a newer version than this one
        return reason or ""
