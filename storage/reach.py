"""Reach: how much of what we know of a brand we could already have seen at an instant.

Blogs that reach far back but never name the brand do not make the days calm that busy feeds do not
reach. It is one answer for all rules of a night, and costs a look at every mention: ask it once.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

from storage.engine import Warehouse
from storage.queries import load_sql

_Steps = tuple[list[datetime], list[float]]


@dataclass(frozen=True, slots=True)
class Reach:
    """By brand, and for all sources together under None: instants, and the share from each on."""

    steps: dict[str | None, _Steps]

    def coverage(self, brand_id: str, at: datetime) -> float:
        """Return the share of the brand's mentions from sources that reach back to ``at``.

        For a brand without mentions it is the share of the sources, without any it is 0.
        """
        instants, shares = self.steps.get(brand_id) or self.steps.get(None, ([], []))
        index = bisect_right(instants, at)
        return shares[index - 1] if index else 0.0


def source_reach(connection: Warehouse) -> Reach:
    """Return the reach of every brand, of all time."""
    steps: dict[str | None, _Steps] = {}
    for brand_id, first_at, share in connection.execute(
        load_sql("alerting/source_reach")
    ).fetchall():
        instants, shares = steps.setdefault(brand_id, ([], []))
        instants.append(first_at)
        shares.append(share)
    return Reach(steps)
