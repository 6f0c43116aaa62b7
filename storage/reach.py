"""Reach: how much of what we know of a brand we could already have seen at an instant.

Blogs that reach far back but never name the brand do not make the days calm that busy feeds do not
reach; nor do sources that nobody has read since. It is one answer for all rules of a night, and
costs a look at every mention: ask it once.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import datetime

from listening.model import Window
from storage.engine import Warehouse
from storage.queries import load_sql

_Steps = tuple[list[datetime], list[float]]
_NONE: _Steps = ([], [])


@dataclass(frozen=True, slots=True)
class Reach:
    """By brand, and for all sources together under None: instants, and the share from each on."""

    steps: dict[str | None, _Steps]  # of what reaches back so far
    newest: dict[str | None, _Steps] = field(default_factory=dict)  # of what was read until then

    def coverage(self, brand_id: str, at: datetime) -> float:
        """Return the share of the brand's mentions from sources that reach back to ``at``.

        For a brand without mentions it is the share of the sources, without any it is 0.
        """
        instants, shares = self.steps.get(brand_id) or self.steps.get(None, _NONE)
        index = bisect_right(instants, at)
        return shares[index - 1] if index else 0.0

    def coverage_within(self, brand_id: str, window: Window) -> float:
        """Return the share from sources that reach back to a window and were read after it."""
        key = brand_id if brand_id in self.steps else None
        instants, shares = self.newest.get(key, _NONE)
        index = bisect_left(instants, window.end)
        unread = shares[index - 1] if index else 0.0
        return max(0.0, self.coverage(brand_id, window.start) - unread)


def source_reach(connection: Warehouse) -> Reach:
    """Return the reach of every brand, of all time."""
    steps: dict[str | None, _Steps] = {}
    newest: dict[str | None, _Steps] = {}
    for brand_id, at, is_newest, share in connection.execute(
        load_sql("alerting/source_reach")
    ).fetchall():
        instants, shares = (newest if is_newest else steps).setdefault(brand_id, ([], []))
        instants.append(at)
        shares.append(share)
    return Reach(steps, newest)
