"""What surrounds an alert: the tone of its window, the run behind it, the calendar."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from listening.errors import StorageError
from listening.model import Window
from storage.engine import Warehouse
from storage.queries import load_sql

_DAY = timedelta(days=1)

#: Before anything that is read here; any time zone can still write it.
_LONG_AGO = datetime(1, 1, 3, tzinfo=UTC)


class WindowSentiment(NamedTuple):
    """Net sentiment of one brand in one window, as ``kpis`` defines it."""

    value: float  # -100 .. +100
    margin: float  # ± at 95 %
    mention_count: int  # those whose tone is known


class NewestVisits(NamedTuple):
    """How many sources the figures of a window rest on."""

    read_count: int
    planned_count: int
    read_at: datetime | None  # newest good visit

    @property
    def coverage(self) -> float:
        """Share of the planned sources that were read, 0..1; 0 when none was planned."""
        return self.read_count / self.planned_count if self.planned_count else 0.0


def public_holidays(connection: Warehouse, language: str = "fr") -> dict[date, str]:
    """Return the public holidays that the calendar of the warehouse knows, with their names."""
    rows = connection.execute(load_sql("alerting/holidays")).fetchall()
    return {day: french if language == "fr" else english for day, french, english in rows}


def window_sentiment(
    connection: Warehouse, brand_id: str, window: Window
) -> WindowSentiment | None:
    """Return the tone of a brand's mentions in a window; None when none was judged."""
    parameters = {"brand_id": brand_id, "window_start": window.start, "window_end": window.end}
    value, margin, count = _row(connection, "alerting/window_sentiment", parameters)
    return WindowSentiment(value, margin, count) if count else None


def heard_at(connection: Warehouse) -> datetime:
    """Return until when we know what was written; long ago when nothing was ever read.

    That is the newest visit that succeeded; for imports alone, when the newest document came in.
    """
    (found,) = _row(connection, "alerting/heard_at", {})
    return found or _LONG_AGO


def newest_visits(connection: Warehouse, window: Window | None = None) -> NewestVisits:
    """Return how the latest visit to each source went, so that one small run decides nothing.

    Planned are the active sources that a night visits, without imports. A source is read when its
    latest visit within one and a half windows before the window's end, or later, succeeded (a night
    runs late, it does not run a day late). One without such a visit, new or backing off, is not
    read; one that is healthy and not due yet is not planned.

    Args:
        connection: Writer or snapshot.
        window: The one the figures are about; None: the day before the newest visit.
    """
    if window is None:
        (end,) = _row(connection, "alerting/newest_visit_at", {})
        if end is None:
            return NewestVisits(0, 0, None)
        window = Window(start=end - _DAY, end=end)
    since = window.end - 1.5 * (window.end - window.start)
    parameters = {"since": since, "window_end": window.end}
    return NewestVisits(*_row(connection, "alerting/newest_visits", parameters))


def _row(connection: Warehouse, name: str, parameters: dict[str, Any]) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(load_sql(name), parameters).fetchone()
    if row is None:
        raise StorageError(f"{name} gave no row")
    return row
