"""Evidence for a wave, look after look, over series of counts: of tonight, or of a whole history.

``Watch`` holds what was learned about many series and takes their rows one after the other; what it
returns for a row rests on that row and on those before. A row is a day, or a part of one.
"""

import numpy as np
from numpy.typing import NDArray

from listening.alerts.level import LASTING, Levels, Usual
from listening.alerts.wave import DAILY_EDGES, HOURLY_EDGES, evidence, waves

Array = NDArray[np.float64]

DAY_SECONDS = 86_400
WEEK = 7

#: Days that may hold a wave: they are judged, and taught only when they have passed. Looking within
#: the day pays for one more.
DAILY_JUDGED = 3
HOURLY_JUDGED = 4

#: Fewer days than this and nothing is concluded: the series is still being learned.
MIN_DAYS = 7

#: Day and night are believed alike until about so many mentions were seen.
_PRIOR_HOURS = 24.0

#: No hour or day is expected to be emptier than this, in mentions a day.
LOWEST_LEVEL = 0.02


class Watch:
    """Series watched together, row after row.

    Args:
        size: Number of series.
        step_seconds: Length of a row. A day (or a week, a month: then no weekdays), or a part of a
            day; a row that is no whole part of a day counts as the nearest one that is.
    """

    def __init__(self, size: int, step_seconds: float, *, slots: int = WEEK) -> None:
        self.rows_per_day = max(1, round(DAY_SECONDS / step_seconds))
        self.is_intraday = self.rows_per_day > 1
        self._has_weekdays = self.is_intraday or round(step_seconds) == DAY_SECONDS
        self._judged = HOURLY_JUDGED if self.is_intraday else DAILY_JUDGED
        edges = HOURLY_EDGES if self.is_intraday else DAILY_EDGES
        rows = sorted({round(edge * self.rows_per_day / 24) for edge in edges})
        self._starts = np.array(rows[:-1])
        hours = tuple(round(row * 24 / self.rows_per_day) for row in rows)
        self._waves = waves(hours)
        self.levels = Levels(size, slots=slots if self._has_weekdays else 1, lead=self._judged - 1)
        length = self._judged * self.rows_per_day
        self._counts, self._coverage = np.zeros((2, size, length))  # the newest row first
        self._slots = np.zeros(length, dtype=int)
        self._hours = np.full((size, self.rows_per_day), 1 / self.rows_per_day)
        self._hour_counts = np.full((size, self.rows_per_day), _PRIOR_HOURS / self.rows_per_day)
        self._row = 0
        self.seen_days = np.zeros(size)
        self.expected = np.zeros((size, len(self._starts)))

    def take(self, counts: Array, *, row: int, slot: int, coverage: Array) -> None:
        """Take one row.

        Args:
            counts: Count per series; whatever it is where coverage is 0.
            row: Number of the row, counted from midnight; tells the time of day.
            slot: Kind of day, 0..6 as Monday to Sunday (a holiday may count as a Sunday); ignored
                where rows are longer than days.
            coverage: Share of the row that was seen, 0..1.
        """
        if row % self.rows_per_day == 0:
            self._learn_oldest_day()
        self._push(np.where(coverage > 0, counts, 0.0), slot, coverage)
        self._row += 1
        self.seen_days += (coverage > 0) / self.rows_per_day

    def evidence(self, row: int) -> Array:
        """Return the evidence for a wave at the end of the newest row; NaN while learning."""
        is_known = self.seen_days > MIN_DAYS - 1e-6
        if not is_known.any():
            return np.full(len(is_known), np.nan)
        return np.where(is_known, self._compare(row), np.nan)

    def _push(self, counts: Array, slot: int, coverage: Array) -> None:
        for kept in (self._counts, self._coverage):
            kept[:, 1:] = kept[:, :-1].copy()
        self._counts[:, 0], self._coverage[:, 0] = counts, coverage
        self._slots[1:] = self._slots[:-1].copy()
        self._slots[0] = slot if self._has_weekdays else 0

    def _learn_oldest_day(self) -> None:
        """Teach the day that has just left the judged ones."""
        if self._row < self._judged * self.rows_per_day:
            return
        day = slice(-self.rows_per_day, None)
        counts, coverage = self._counts[:, day], self._coverage[:, day]
        seen = (coverage * self._hours[:, ::-1]).sum(axis=1)
        self.levels.learn(counts.sum(axis=1), int(self._slots[-1]), seen)
        if self.is_intraday:
            level = np.maximum(self.levels.usual.level, LOWEST_LEVEL)[:, None]
            usual = level * self._hours
            cap = usual + 3 * np.sqrt(self.levels.usual.dispersion[:, None] * usual) + 1
            self._hour_counts += np.minimum(counts[:, ::-1], cap)
            self._hours = self._hour_counts / self._hour_counts.sum(axis=1, keepdims=True)

    def _compare(self, row: int) -> Array:
        usual: Usual = self.levels.usual
        level = np.maximum(usual.level, LOWEST_LEVEL)
        per_row = level[:, None] * usual.weekdays[:, self._slots] * self._coverage
        if self.is_intraday:
            times = (row - np.arange(len(self._slots))) % self.rows_per_day
            per_row = per_row * self._hours[:, times]
        counts = np.add.reduceat(self._counts, self._starts, axis=1)
        expected = np.maximum(np.add.reduceat(per_row, self._starts, axis=1), LOWEST_LEVEL / 24)
        self.expected = expected
        return evidence(
            counts,
            expected,
            day=level,
            spread=usual.spread,
            swing=np.sqrt(1 - LASTING) * usual.swing,
            doubt=np.minimum(np.sqrt(usual.doubt**2 + LASTING * usual.swing**2), 1.0),
            tried=self._waves,
        )
