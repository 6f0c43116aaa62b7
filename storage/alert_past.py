"""What the warehouse knows of days that were read long after they were over."""

from datetime import datetime
from typing import NamedTuple

from storage.engine import Warehouse
from storage.queries import load_sql


class KnownIncident(NamedTuple):
    """One alert that people know, or could know, of."""

    fingerprint: str
    rule_id: str | None  # None: of the past, of which a mail told
    brand_id: str | None
    opened_at: datetime | None
    resolved_at: datetime | None  # None: open


def late_texts_since(connection: Warehouse, *, least: int) -> datetime | None:
    """Return how far back texts reach that came in late since the newest look; None: none did.

    Args:
        connection: The writer, before the new look is stored.
        least: Texts of one day and brand that are worth a look back.
    """
    row = connection.execute(load_sql("alerting/late_texts"), {"least": least}).fetchone()
    return row[0] if row else None


def known_incidents(connection: Warehouse) -> list[KnownIncident]:
    """Return the alerts that were opened, and those of the past that were told of."""
    rows = connection.execute(load_sql("alerting/known_incidents")).fetchall()
    return [KnownIncident(*row) for row in rows]
