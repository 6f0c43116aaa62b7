"""As in other years: how rows of a week or a month go on, by what past years did at this time.

At a week a row, the time of year moves counts more than chance does (epidemics, holidays, sales).
Two forecasts say so, rivals of those that know the last rows only: the same weeks of past years as
they were, and their rise or fall applied to the present level.

Source:
    Taking the same weeks of past years, and some on each side, for what is usual: Farrington et
    al. (1996), JRSS A 159(3).
"""

from collections.abc import Iterable

from listening.alerts.memory import Rival, mean_of
from listening.alerts.numbers import Numbers, Value

_DAYS_PER_YEAR = 365.25

#: Days on each side of the coming rows that are asked in other years: an epidemic is some weeks
#: early or late.
_NEAR_DAYS = 21.0

#: Days that stand for the present level.
_RECENT_DAYS = 42.0

#: A season is no shorter than a quarter: of longer rows none is learned.
_FEWEST_ROWS = 4

#: How much the year before counts beside this one.
_KEPT = 0.9

#: How far seasons are believed to move a level within some weeks, as a standard deviation of its
#: logarithm; rises that rest on few mentions are trusted less.
_BELIEVED = 0.6
_UNSEEN = 0.5


def rows_per_year(days_per_row: float) -> int:
    """Return how many rows a year has; 0 where a season is not learned."""
    rows = round(_DAYS_PER_YEAR / days_per_row)
    return rows if days_per_row > 1 and rows >= _FEWEST_ROWS else 0


class Season:
    """What past years did, for many series.

    Args:
        numbers: One series, or many.
        rows: How many rows a year has.
        ahead: How many rows one forecast is for.
    """

    def __init__(self, numbers: Numbers, rows: int, ahead: int) -> None:
        self._n, self._ahead = numbers, ahead
        zero = numbers.full(0.0)
        self._near = round(_NEAR_DAYS / _DAYS_PER_YEAR * rows)
        self._wanted = max(self._near + 1, round(_RECENT_DAYS / _DAYS_PER_YEAR * rows))
        self._counts, self._seen = [zero] * rows, [zero] * rows
        #: The newest rows, the last one at the end; they are no past year yet.
        self._recent: list[tuple[Value, Value]] = []
        self._next = 0  # place of the coming row in the year
        self.repeated, self.moved = Rival(zero), Rival(zero)

    def take(self, counts: Value, weight: Value) -> None:
        """Take one row: its count, and the share of it that was seen."""
        self._recent.append((counts, weight))
        if len(self._recent) > self._wanted:
            past, seen = self._recent.pop(0)
            place = (self._next - self._wanted) % len(self._counts)
            self._counts[place] = _KEPT * self._counts[place] + past
            self._seen[place] = _KEPT * self._seen[place] + seen
        self._next += 1

    def renew(self, dispersion: Value) -> None:
        """Forecast the coming rows.

        Args:
            dispersion: Variance ÷ mean of a row.
        """
        n = self._n
        counts, seen = (self._total(values) for values in zip(*self._recent, strict=True))
        counts_then, seen_then = self._past(-len(self._recent), 0)
        counts_next, seen_next = self._past(-self._near, self._ahead + self._near)
        is_known = (seen_then > 0) & (seen_next > 0)
        level = mean_of(n, counts, seen)
        then, coming = counts_then + _UNSEEN, counts_next + _UNSEEN
        rise = coming * n.maximum(seen_then, 1e-9) / (then * n.maximum(seen_next, 1e-9))
        believed = _BELIEVED * _BELIEVED
        trust = believed / (believed + dispersion / then + dispersion / coming)
        rise = n.exp(trust * n.log(n.where(is_known, rise, 1.0)))
        self.moved.forecast, self.moved.weights, self.moved.squares = level * rise, seen, seen
        repeated = n.where(is_known, mean_of(n, counts_next, seen_next), level)
        self.repeated.forecast = repeated
        self.repeated.weights = self.repeated.squares = n.where(is_known, seen_next, seen)

    def _past(self, first: int, end: int) -> tuple[Value, Value]:
        """Return what was counted and seen in other years in these rows from now."""
        places = [(self._next + row) % len(self._counts) for row in range(first, end)]
        return (
            self._total(self._counts[place] for place in places),
            self._total(self._seen[place] for place in places),
        )

    def _total(self, values: Iterable[Value]) -> Value:
        return sum(values, start=self._n.full(0.0))
