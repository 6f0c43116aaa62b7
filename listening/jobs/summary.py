"""The summary of a night, read from the published snapshot: what a person sees in the morning."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from listening.jobs.context import JobContext
from storage.shipped import shipped_query

#: Days of the figures per brand, the day of the run included.
SUMMARY_DAYS = 30

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NightSummary:
    """What one night came to; rows have the columns of the query that is named."""

    client_id: str
    run_id: str | None
    sources: tuple[Row, ...]  # reading/night_sources
    document_count: int
    new_document_count: int  # since this run began
    mention_count: int
    story_count: int
    brands: tuple[Row, ...]  # reading/night_brands
    from_on: date
    to_on: date  # excluded
    alerts: tuple[Row, ...]  # reading/open_alerts
    mails: tuple[Path, ...]  # newest first
    snapshot: Path
    size_bytes: int

    @property
    def read_count(self) -> int:
        """Sources that were read, changed or not."""
        return sum(source["status"] in {"ok", "unchanged"} for source in self.sources)

    @property
    def dead_sources(self) -> tuple[Row, ...]:
        """Sources that could not be read."""
        return tuple(one for one in self.sources if one["status"] not in {"ok", "unchanged"})

    def to_json(self) -> Row:
        """Return plain values for ``--json``."""
        return {
            "client": self.client_id,
            "run_id": self.run_id,
            "sources_read": self.read_count,
            "sources_planned": len(self.sources),
            "sources": list(self.sources),
            "documents": self.document_count,
            "new_documents": self.new_document_count,
            "mentions": self.mention_count,
            "stories": self.story_count,
            "brands": list(self.brands),
            "from_on": self.from_on,
            "to_on": self.to_on,
            "alerts": list(self.alerts),
            "mails": [str(path) for path in self.mails],
            "snapshot": str(self.snapshot),
        }


def night_summary(
    context: JobContext, *, run_id: str | None = None, now: datetime | None = None
) -> NightSummary:
    """Read the newest snapshot; the run is the newest one unless one is named.

    Raises:
        StorageError: Nothing was published yet.
    """
    snapshot = context.paths.snapshot
    run_id = run_id or newest_run_id(context)
    zone = ZoneInfo(context.config.timezone)
    to_on = (now or context.clock()).astimezone(zone).date() + timedelta(days=1)
    from_on = to_on - timedelta(days=SUMMARY_DAYS)
    days = {"client_id": context.config.client_id, "from_on": from_on, "to_on": to_on}
    alerts = open_alerts(context)
    totals = shipped_query(snapshot, "reading/totals", {"run_id": run_id})[0]
    return NightSummary(
        client_id=context.config.client_id,
        run_id=run_id,
        sources=tuple(shipped_query(snapshot, "reading/night_sources", {"run_id": run_id})),
        document_count=totals["document_count"],
        new_document_count=totals["new_document_count"],
        mention_count=totals["mention_count"],
        story_count=totals["story_count"],
        brands=tuple(shipped_query(snapshot, "reading/night_brands", days)),
        from_on=from_on,
        to_on=to_on,
        alerts=tuple(alerts),
        mails=tuple(_mails_about(context.paths.spool, alerts)),
        snapshot=snapshot,
        size_bytes=snapshot.stat().st_size,
    )


def open_alerts(context: JobContext) -> list[Row]:
    """Return the alerts of the newest snapshot that are not resolved, newest first."""
    return shipped_query(context.paths.snapshot, "reading/open_alerts")


def newest_run_id(context: JobContext) -> str | None:
    """Return the run that visited sources last, or None before the first."""
    rows = shipped_query(context.paths.snapshot, "reading/newest_run")
    return str(rows[0]["run_id"]) if rows else None


def _mails_about(spool: Path, alerts: list[Row]) -> list[Path]:
    """Return the spooled mails of these alerts, newest first; their names begin with its print."""
    found = [path for one in alerts for path in spool.glob(f"{one['fingerprint']}.*.eml")]
    return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)
