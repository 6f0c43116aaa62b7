"""What a day looks like from within: the share of each row of it, and how much hours flutter.

Both are learned from whole days, as ``level.py`` learns the days themselves.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

from listening.alerts.level import Usual
from listening.alerts.numbers import Numbers, Value

#: Day and night are believed alike until about so many mentions were seen.
_PRIOR_HOURS = 24.0

#: No single row teaches more than this above the expected, in standard deviations, and one.
_CAP_DEVIATIONS = 3.0

#: How much of what is known of the flutter is kept from day to day: a half-life of a month.
_KEPT = 0.5 ** (1 / 30)

#: Weight of the belief that hours do not flutter, in days.
_CALM_DAYS = 3.0

#: An hour teaches of the flutter at most that it was off by its own expectation.
_WIDEST = 1.0

_HOURS = 24


class Hours:
    """The rows of a day, for many series.

    Args:
        numbers: One series, or many.
        rows_per_day: How many rows a day has, more than one.
    """

    def __init__(self, numbers: Numbers, rows_per_day: int) -> None:
        self._n = numbers
        even = 1 / rows_per_day
        self.shares: list[Value] = [numbers.full(even)] * rows_per_day
        self._counts = [numbers.full(_PRIOR_HOURS * even)] * rows_per_day
        self._together = max(1, rows_per_day // _HOURS)  # rows in an hour
        #: Hours that a flutter of its own is told of.
        self.unit = max(1.0, _HOURS / rows_per_day)
        zero = numbers.full(0.0)
        self._excess = self._noise = self._squares = zero
        self.flutter2 = zero

    def learn(
        self, counts: Sequence[Value], coverage: Sequence[Value], usual: Usual, level: Value
    ) -> None:
        """Take one whole day, from midnight to midnight.

        Args:
            counts: Count of each row.
            coverage: Share of each row that was seen, 0..1.
            usual: What is usual of the days.
            level: Expected count of the day.
        """
        self._learn_flutter(counts, coverage, usual)
        n = self._n
        for time, count in enumerate(counts):
            mean = level * self.shares[time]
            cap = mean + _CAP_DEVIATIONS * n.sqrt(usual.dispersion * mean) + 1
            self._counts[time] = self._counts[time] + n.minimum(count, cap)
        whole = _total(self._counts)
        self.shares = [one / whole for one in self._counts]

    def _learn_flutter(
        self, counts: Sequence[Value], coverage: Sequence[Value], usual: Usual
    ) -> None:
        """Note by how much hours differ from their share of this very day, beyond the dice.

        The flutter is the part of their variance that grows with the square of their mean. What
        chance alone may bring, one standard error, is taken off: brands of few mentions have none.
        """
        n, step = self._n, self._together
        expected = [share * seen for share, seen in zip(self.shares, coverage, strict=True)]
        whole = _total(counts) / n.maximum(_total(expected), 1e-9)
        excess = noise = squares = n.full(0.0)
        for first in range(0, len(counts) - step + 1, step):
            mean = whole * _total(expected[first : first + step])
            error = n.minimum(abs(_total(counts[first : first + step]) - mean), _WIDEST * mean)
            excess = excess + error * error - usual.spread * mean
            noise = noise + 2 * usual.spread * usual.spread * mean * mean
            squares = squares + mean * mean
        self._excess = _KEPT * self._excess + excess
        self._noise = _KEPT * self._noise + noise
        self._squares = _KEPT * self._squares + squares
        calm = _CALM_DAYS * squares
        sure = n.maximum(self._excess - n.sqrt(self._noise), 0.0)
        self.flutter2 = sure / n.maximum(self._squares + calm, 1e-9)


def bin_flutter(unit: float, hours: Sequence[int]) -> list[float]:
    """Return by what the squared flutter of an hour is multiplied in bins between these borders.

    Neighbouring hours resemble each other: so twice the hours do not halve it, but divide it by √2.
    """
    lengths = [later - earlier for earlier, later in pairwise(hours)]
    return [math.sqrt(min(1.0, unit / length)) for length in lengths]


def _total(values: Sequence[Value]) -> Value:
    return sum(values[1:], start=values[0])
