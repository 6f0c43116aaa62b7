"""What surrounds an alert: the tone of its window, the run behind it, the SQL that shows it."""

from datetime import datetime
from typing import Any, NamedTuple

from listening.errors import StorageError
from listening.model import Window
from storage.engine import Warehouse
from storage.queries import load_sql


class WindowSentiment(NamedTuple):
    """Net sentiment of one brand in one window, as ``kpis`` defines it."""

    value: float  # -100 .. +100
    margin: float  # ± at 95 %
    mention_count: int  # those whose tone is known


class NewestVisits(NamedTuple):
    """How the newest run went."""

    read_count: int
    planned_count: int
    read_at: datetime | None


def window_sentiment(
    connection: Warehouse, brand_id: str, window: Window
) -> WindowSentiment | None:
    """Return the tone of a brand's mentions in a window; None when none was judged."""
    parameters = {"brand_id": brand_id, "window_start": window.start, "window_end": window.end}
    value, margin, count = _row(connection, "alerting/window_sentiment", parameters)
    return WindowSentiment(value, margin, count) if count else None


def newest_visits(connection: Warehouse) -> NewestVisits:
    """Return how the newest run went; zeros before the first."""
    return NewestVisits(*_row(connection, "alerting/newest_visits", {}))


def reproduction_sql(brand_id: str, window: Window) -> str:
    """Return the statement that reproduces an alert's figure, ready to paste.

    The values are a slug and two instants of ours, quoted as SQL texts.
    """
    lines = [
        line for line in load_sql("alerting/reproduction").splitlines() if not line.startswith("--")
    ]
    statement = "\n".join(lines)
    values = {
        "$brand_id": _quoted(brand_id),
        "$window_start": f"TIMESTAMPTZ {_quoted(window.start.isoformat(sep=' '))}",
        "$window_end": f"TIMESTAMPTZ {_quoted(window.end.isoformat(sep=' '))}",
    }
    for name, value in values.items():
        statement = statement.replace(name, value)
    return statement


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _row(connection: Warehouse, name: str, parameters: dict[str, Any]) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(load_sql(name), parameters).fetchone()
    if row is None:
        raise StorageError(f"{name} gave no row")
    return row
