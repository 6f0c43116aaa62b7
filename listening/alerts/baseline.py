"""What is usual for a count of mentions, and how rarely chance alone goes so far beyond it.

``Detector`` judges one series row by row, ``look_at`` many series at once; both feed the same
``Watch``. The answer is a number of false alarms per day: what a rule would cost that fires here.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from listening.alerts.numbers import FLOATS, Place, arrays, taken
from listening.alerts.series import DAY_SECONDS, LOWEST_LEVEL, WEEK, Watch
from listening.model import Baseline

Array = NDArray[np.float64]
Slots = NDArray[np.intp]

#: Windows of history worth asking for: a quarter, after which the memories hardly change.
WANTED_WINDOWS = 90

#: The usual range leaves one window in twenty on each side.
USUAL_TAIL = 0.05

#: 1 January 1970 was a Thursday; slots count from Monday.
_EPOCH_WEEKDAY = 3

#: Counts beyond this are all equally impossible; keeps the arithmetic in floating point.
_LARGEST_COUNT = 1 << 53

#: A longer silence of the clock teaches nothing more, in days; by then all is forgotten anyway.
_LONGEST_GAP_DAYS = 60

#: So many rows in a row that come late are no stragglers: the clock was set back.
_CLOCK_SET_BACK_ROWS = 3


class Detector:
    """Judge one series row by row, without looking ahead.

    ``update`` returns a score: minus the decimal logarithm of the false alarms per day that firing
    at this row, and at all more unusual ones, would cost. NaN while learning (the first week).

    Args:
        step_seconds: Length of a row. Rows longer than a day are judged as days are, and the score
            counts per row; rows of less than a day are taken for looks that follow each other.

    >>> detector = Detector(86400)
    >>> counts = [*([3, 4, 5] * 10), 40]
    >>> scores = [detector.update(86400 * day, count) for day, count in enumerate(counts)]
    >>> math.isnan(scores[5]), scores[29] < 1, scores[30] > 4
    (True, True, True)
    """

    #: 0.10 false alarms per series and 30 days.
    threshold = -math.log10(0.10 / 30)

    def __init__(self, step_seconds: float) -> None:
        self._step = step_seconds
        self._watch = Watch(FLOATS, step_seconds)
        self._newest: int | None = None
        self._first: float | None = None
        self._late: list[int] = []

    def update(self, timestamp: datetime | np.datetime64 | float, count: float | None) -> float:
        """Take one row and return its score.

        A row that does not come after the newest one is not judged, its score is NaN; but when
        rows go on coming in order from an earlier time, the clock was set back, and after a
        few of them the series goes on from there.

        Args:
            timestamp: Start of the row, UTC; naive is taken for UTC, a number for seconds since
                1970. Rows that are left out were not seen: they are unknown, not empty.
            count: What was counted; None, NaN, infinite or negative: not seen.

        Raises:
            ValueError: The timestamp is no instant (NaN, NaT, infinite).
        """
        row = self._row_of(_seconds(timestamp))
        if self._newest is not None and row <= self._newest and not self._is_set_back(row):
            return math.nan
        self._late.clear()
        for lost in range(*self._lost(row)):
            self._take(lost, math.nan)
        self._newest = row
        is_seen = count is not None and math.isfinite(count) and count >= 0
        self._take(row, float(count) if count is not None and is_seen else math.nan)
        return -math.log10(self._watch.false_alarms_per_day())

    def _row_of(self, seconds: float) -> int:
        """Return the number of a row; rows of a day and more are counted from the first one.

        So a day that begins at local midnight stays one row when the clocks change.
        """
        if self._step < DAY_SECONDS:
            return math.floor(seconds / self._step + 1e-9)
        if self._first is None:
            self._first = seconds
        return math.floor(self._first / self._step + 1e-9) + round(
            (seconds - self._first) / self._step
        )

    def _is_set_back(self, row: int) -> bool:
        """Note a late row, and say whether enough of them came in order."""
        if self._late and row <= self._late[-1]:
            self._late.clear()
        self._late.append(row)
        if len(self._late) < max(_CLOCK_SET_BACK_ROWS, self._watch.rows_per_day):
            return False
        self._newest = None
        return True

    def _lost(self, row: int) -> tuple[int, int]:
        """Return the first of the rows that were left out, and the one after the last of them.

        Whole days beyond the longest gap are passed over.
        """
        if self._newest is None:
            return row, row
        day = self._watch.rows_per_day
        beyond = row - self._newest - 1 - _LONGEST_GAP_DAYS * day
        return self._newest + 1 + max(0, beyond // day) * day, row

    def _take(self, row: int, count: float) -> None:
        is_seen = not math.isnan(count)
        day = math.floor(row * self._step / DAY_SECONDS + 1e-9)
        self._watch.take(
            min(count, _LARGEST_COUNT) if is_seen else 0.0,
            row=row % self._watch.rows_per_day,
            slot=(day + _EPOCH_WEEKDAY) % WEEK,
            coverage=1.0 if is_seen else 0.0,
        )


class Look(NamedTuple):
    """What one look at many series says of the newest row, one value per series."""

    rate: Array  # false alarms per day, NaN while learning
    expected: Array  # count of the row
    dispersion: Array  # its variance ÷ mean, doubts included
    seen: NDArray[np.int64]  # how many rows before it were seen


def replay(counts: Array, coverage: Array, slots: Sequence[int]) -> Array:
    """Return the false alarms per day of every row of many daily series, as if judged back then.

    Args:
        counts: (series, days), the oldest first.
        coverage: The same, share of each day that was seen, 0..1; 0: not seen.
        slots: Kind of each day, 0..6 as Monday to Sunday.
    """
    watch = Watch(arrays(len(counts)), DAY_SECONDS)
    found = np.empty(counts.shape)
    for day, slot in enumerate(slots):
        watch.take(counts[:, day], row=0, slot=slot, coverage=coverage[:, day])
        found[:, day] = watch.false_alarms_per_day()
    return found


def look_at(counts: Array, coverage: Array, slots: Sequence[int] | Slots) -> Look:
    """Judge the newest row of many daily series.

    The arguments are those of ``replay``; ``slots`` may also be (series, days), for series that do
    not end on the same day.
    """
    columns = _columns(slots)
    kinds = max(WEEK, 1 + int(np.max(slots)))
    watch = Watch(arrays(len(counts)), DAY_SECONDS, slots=kinds)
    for day, slot in enumerate(columns):
        watch.take(counts[:, day], row=0, slot=slot, coverage=coverage[:, day])
    usual = watch.levels.usual
    level = np.maximum(usual.level, LOWEST_LEVEL)
    expected = level * taken(usual.weekdays, columns[-1]) * coverage[:, -1]
    return Look(
        rate=watch.false_alarms_per_day(),
        expected=np.maximum(expected, LOWEST_LEVEL),
        dispersion=usual.dispersion + usual.doubt**2 * expected,
        seen=np.count_nonzero(coverage[:, :-1] > 0, axis=1),
    )


def _columns(slots: Sequence[int] | Slots) -> list[Place]:
    """Return the kind of each day: one for all series where they have the same."""
    if not isinstance(slots, np.ndarray):
        return [*slots]
    return [int(column[0]) if (column == column[0]).all() else column for column in slots.T]


def baseline_of(look: Look, index: int) -> Baseline | None:
    """Return what is usual for one of the series looked at; None while learning."""
    if math.isnan(look.rate[index]):
        return None
    center, dispersion = float(look.expected[index]), float(look.dispersion[index])
    return Baseline(
        center=center,
        dispersion=dispersion,
        window_count=int(look.seen[index]),
        low=quantile(USUAL_TAIL, center, dispersion),
        high=quantile(1 - USUAL_TAIL, center, dispersion),
    )


def tail_probability(count: int, baseline: Baseline) -> float:
    """Return the chance of ``count`` or more in one window if nothing is wrong: P(Y ≥ count).

    It never rises with the count; it is 1 for a count of 0 and reaches 0 only where floating point
    ends.

    Raises:
        ValueError: The count is negative.
    """
    if count < 0:
        raise ValueError("counts must not be negative")
    if count == 0:
        return 1.0
    shape = baseline.center / (baseline.dispersion - 1)
    chance = betainc(min(count, _LARGEST_COUNT), shape, 1 - 1 / baseline.dispersion)
    return min(1.0, max(0.0, float(chance)))


def quantile(probability: float, center: float, dispersion: float) -> int:
    """Return the smallest count that a window stays at or below with this probability."""
    shape, success = center / (dispersion - 1), 1 / dispersion
    low, high = -1, 1
    while betainc(shape, high + 1, success) < probability:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if betainc(shape, middle + 1, success) < probability:
            low = middle
        else:
            high = middle
    return high


def _seconds(timestamp: datetime | np.datetime64 | float) -> float:
    """Return seconds since 1970."""
    if isinstance(timestamp, np.datetime64):
        if np.isnat(timestamp):
            raise ValueError("a row needs a time, not NaT")
        return int(timestamp.astype("datetime64[us]").astype(np.int64)) / 1e6
    if isinstance(timestamp, datetime):
        aware = timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=UTC)
        return aware.timestamp()
    if not math.isfinite(timestamp):
        raise ValueError(f"a row needs a time, not {timestamp}")
    return float(timestamp)
