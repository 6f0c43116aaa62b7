"""Evidence for a wave, look after look, over series of counts: of tonight, or of a whole history.

``Watch`` holds what was learned about many series and takes their rows one after the other; what it
returns for a row rests on that row and on those before. A row is a day, or a part of one.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from listening.alerts.calibration import DAILY, HOURLY, LONGER, false_alarms_per_day
from listening.alerts.habit import Habit
from listening.alerts.hours import Hours, bin_flutter
from listening.alerts.level import LASTING, Levels
from listening.alerts.numbers import Array, Numbers, Place, Value, taken
from listening.alerts.season import rows_per_year
from listening.alerts.wave import DAILY_EDGES, HOURLY_EDGES, Indices, evidence, waves

DAY_SECONDS = 86_400
WEEK = 7

#: Days that may hold a wave: they are judged, and taught only when they have passed. Looking within
#: the day pays for one more.
DAILY_JUDGED = 3
HOURLY_JUDGED = 4

#: Fewer days than this and nothing is concluded: the series is still being learned.
MIN_DAYS = 7

#: No hour or day is expected to be emptier than this, in mentions a day.
LOWEST_LEVEL = 0.02
_LOWEST_BIN = LOWEST_LEVEL / 24

#: Evidence reported without a closer look when no stretch that ends now is so many standard
#: deviations (of dispersion alone) above the expected: it is far below what any budget fires at.
CALM = -1.0
_NOTEWORTHY = 0.5


class Watch:
    """Series watched together, row after row.

    Args:
        numbers: Whether there is one series, or how many.
        step_seconds: Length of a row. A day (or a week, a month: then no weekdays), or a part of a
            day; a row that is no whole part of a day counts as the nearest one that is.
        slots: Kinds of day.
    """

    def __init__(self, numbers: Numbers, step_seconds: float, *, slots: int = WEEK) -> None:
        self._n = numbers
        self.rows_per_day = max(1, round(DAY_SECONDS / step_seconds))
        self.is_intraday = self.rows_per_day > 1
        self._has_weekdays = self.is_intraday or round(step_seconds) == DAY_SECONDS
        self._judged = HOURLY_JUDGED if self.is_intraday else DAILY_JUDGED
        edges = HOURLY_EDGES if self.is_intraday else DAILY_EDGES
        self._edges = sorted({round(edge * self.rows_per_day / 24) for edge in edges})
        hours = tuple(round(row * 24 / self.rows_per_day) for row in self._edges)
        self._waves = waves(hours)
        self.levels = Levels(
            numbers,
            slots=slots if self._has_weekdays else 1,
            lead=self._judged - 1,
            rows_per_year=0 if self._has_weekdays else rows_per_year(step_seconds / DAY_SECONDS),
        )
        length, zero = self._judged * self.rows_per_day, numbers.full(0.0)
        # The newest row first.
        self._counts, self._coverage, self._usual = ([zero] * length for _ in range(3))
        self._slots: list[Place] = [0] * length
        self._hours = Hours(numbers, self.rows_per_day)
        self._flutter = np.array(bin_flutter(self._hours.unit, hours))
        self._row = 0
        self._nothing = self._has_news = zero > 0
        self._found = numbers.full(CALM)
        self._seen_rows = zero
        self._table = HOURLY if self.is_intraday else DAILY if self._has_weekdays else LONGER
        self._habit, self._rate = Habit(numbers), numbers.full(math.nan)
        self._bin_counts, self._bin_usual = ([zero] * (len(self._edges) - 1) for _ in range(2))

    @property
    def seen_days(self) -> Value:
        """How many days were seen, the judged ones included."""
        return self._seen_rows / self.rows_per_day

    def take(self, counts: Value, *, row: int, slot: Place, coverage: Value) -> None:
        """Take one row.

        Args:
            counts: Count of the row; whatever it is where coverage is 0.
            row: Number of the row, counted from midnight; tells the time of day.
            slot: Kind of day, 0..6 as Monday to Sunday (a holiday may count as a Sunday), for all
                series or for each; ignored where rows are longer than days.
            coverage: Share of the row that was seen, 0..1.
        """
        if row % self.rows_per_day == 0 and self._row:
            self._habit.end_day()
            if self._row >= len(self._counts):
                self._learn_oldest_day()
        counts = self._n.where(coverage > 0, counts, 0.0)
        self._has_news = self._has_news | (counts > 0) | (row % self.rows_per_day == 0)
        self._push(counts, slot if self._has_weekdays else 0, coverage, row % self.rows_per_day)
        self._row += 1
        self._seen_rows = self._seen_rows + (coverage > 0)
        self._rate = self._promised()

    def false_alarms_per_day(self) -> Value:
        """Return what a rule costs that fires at the newest row; NaN while learning."""
        return self._rate

    def _promised(self) -> Value:
        n, usual = self._n, self.levels.usual
        rate = false_alarms_per_day(
            n,
            self.evidence(),
            n.maximum(usual.level, LOWEST_LEVEL),
            usual.dispersion,
            self.seen_days,
            table=self._table,
        )
        score = -n.log10(rate)
        self._habit.note(score)
        return 10.0 ** -self._habit.judged(score)

    def evidence(self) -> Value:
        """Return the evidence for a wave at the end of the newest row; NaN while learning.

        Between two midnights a row without a mention adds nothing: what was found at the last one
        that had some stands.
        """
        n = self._n
        is_known = self._seen_rows > MIN_DAYS * self.rows_per_day - 0.5
        looked_at = self._has_news & is_known
        if n.any(looked_at):
            calm = n.where(looked_at, CALM, self._found)
            chosen = n.chosen(looked_at & self._is_noteworthy())
            self._found = n.put(calm, chosen, self._compare(chosen)) if len(chosen) else calm
        self._has_news = self._nothing
        return n.where(is_known, self._found, math.nan)

    def _compare(self, chosen: Sequence[int] | Indices) -> Array:
        """Compare the two explanations for the chosen series."""
        n, usual = self._n, self.levels.usual
        doubt = n.sqrt(usual.doubt * usual.doubt + LASTING * usual.swing * usual.swing)
        shares = [
            n.maximum(usual.level, LOWEST_LEVEL),
            usual.spread,
            math.sqrt(1 - LASTING) * usual.swing,
            n.minimum(doubt, 1.0),
            self._hours.flutter2,
        ]
        day, spread, swing, doubts, flutter2 = n.pick(shares, chosen).T
        return evidence(
            n.pick(self._bin_counts, chosen),
            np.maximum(n.pick(self._bin_usual, chosen), _LOWEST_BIN),
            day=day,
            spread=spread,
            swing=swing,
            doubt=doubts,
            flutter=np.sqrt(flutter2[:, None] * self._flutter),
            tried=self._waves,
        )

    def _is_noteworthy(self) -> Value:
        """Say whether any stretch that ends now is clearly above the expected."""
        usual = self.levels.usual
        limit = 2 * _NOTEWORTHY * usual.spread
        wide = 2 * _NOTEWORTHY * (usual.doubt * usual.doubt + usual.swing * usual.swing / 2)
        excess = expected = self._n.full(0.0)
        found = excess > 0
        for count, mean in zip(self._bin_counts, self._bin_usual, strict=True):
            expected = expected + mean
            excess = excess + (count - mean)
            least = limit * (expected + excess / 3) + wide * expected * expected
            found = found | ((excess > 0) & (excess * excess > least))
        return found

    def _push(self, counts: Value, slot: Place, coverage: Value, time: int) -> None:
        """Put the newest row in front, and let every bin win a row and lose one."""
        usual = self._usual_of(slot, coverage, time)
        for kept, newest, sums in (
            (self._counts, counts, self._bin_counts),
            (self._usual, usual, self._bin_usual),
        ):
            kept.insert(0, newest)
            at_edges = [kept[edge] for edge in self._edges]
            for number in range(len(sums)):
                sums[number] = sums[number] + (at_edges[number] - at_edges[number + 1])
            kept.pop()
        self._coverage.insert(0, coverage)
        self._coverage.pop()
        self._slots.insert(0, slot)
        self._slots.pop()

    def _usual_of(self, slot: Place, coverage: Value, time: int) -> Value:
        usual = self.levels.usual
        level = self._n.maximum(usual.level, LOWEST_LEVEL)
        return level * taken(usual.weekdays, slot) * self._hours.shares[time] * coverage

    def _learn_oldest_day(self) -> None:
        """Teach the day that has just left the judged ones, and expect the others anew."""
        n, day = self._n, self.rows_per_day
        counts, coverage = self._counts[: -day - 1 : -1], self._coverage[: -day - 1 : -1]
        seen = n.full(0.0)
        for share, hour in zip(coverage, self._hours.shares, strict=True):
            seen = seen + share * hour
        self.levels.learn(_total(counts), self._slots[-1], seen)
        if self.is_intraday:
            level = n.maximum(self.levels.usual.level, LOWEST_LEVEL)
            self._hours.learn(counts, coverage, self.levels.usual, level)
        times = [(day - 1 - number) % day for number in range(len(self._slots))]
        self._usual = [
            self._usual_of(slot, share, time)
            for slot, share, time in zip(self._slots, self._coverage, times, strict=True)
        ]
        bins = list(pairwise(self._edges))
        self._bin_counts = [_total(self._counts[start:end]) for start, end in bins]
        self._bin_usual = [_total(self._usual[start:end]) for start, end in bins]


def _total(values: Sequence[Value]) -> Value:
    return sum(values[1:], start=values[0])
