"""What is usual for many series at once: level, weekdays, dispersion, each learned day by day.

Everything is a recursion over days, the same for one series and for a thousand (arrays over
series), so that a look of tonight and a replay of last year run the same code.

Source:
    Setting extreme counts back, and a variance proportional to the mean: Farrington et al. (1996),
    JRSS A 159(3); Noufaily et al. (2013), Statistics in Medicine 32(7). Weights of rival forecasts
    from their past success: Raftery et al. (2010), Technometrics 52(1), with one factor to forget.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Half-lives, in days, of the memories that forecast the level; the last one also follows a slope.
#: Two weeks see a brand that moves, eight weeks one that is seldom named.
HALF_LIVES = (14.0, 28.0, 56.0, 28.0)
_FOLLOWS_SLOPE = np.array([False, False, False, True])

#: Steepest slope followed, as a share of the level per day: a doubling in ten weeks.
_STEEPEST = 0.01
_SLOPE_RIDGE = 60.0

#: How much of a forecast's past success is remembered from one day to the next.
_SUCCESS_MEMORY = 0.98

#: Half-life, in days, of weekdays and dispersion, which change slowly.
_SLOW_HALF_LIFE = 100.0

#: What is believed of variance ÷ mean before anything was seen, how many informative days that
#: weighs, and the day-to-day swing of large counts (company mentions: 0.08 to 0.29).
PRIOR_DISPERSION = 1.8
_PRIOR_DAYS = 6.0
_PRIOR_SWING = 0.12

#: A dispersion learned from so many days may be twice as large; the doubt fades with more.
_CAUTION = 6.0

#: Weekdays are believed to differ by about this share of the level until seen.
_WEEKDAY_SPREAD = 0.25

#: Counts further above the forecast, in standard deviations, are set back to there; one mention
#: above it never is.
_CAP_DEVIATIONS = 3.0

#: So many days in a row above the cap are no crisis any more: they are the new level.
_NEW_LEVEL_DAYS = 7

#: Part of the day-to-day swing that lasts for several days (lag-1 correlation 0.17 to 0.66).
LASTING = 0.25

#: Half an unseen mention, so that a history of zeros does not make the first one impossible.
_PRIOR_COUNT = 0.3
_LOWEST_MEAN = 0.05
_SMALLEST = 1e-3

#: A forecast after fewer days is none, and is not judged.
_FIRST_FORECAST = 3

_LAMBDA = 0.5 ** (1 / np.array(HALF_LIVES))
_SLOW = 0.5 ** (1 / _SLOW_HALF_LIFE)


class Usual(NamedTuple):
    """What is expected of the coming days, one value per series."""

    level: Array  # count of an average day
    weekdays: Array  # (series, slots): share of the level on each kind of day
    spread: Array  # variance ÷ mean of a day's count, but for the swing
    swing: Array  # standard deviation ÷ mean that grows with the level, of single days
    doubt: Array  # standard deviation ÷ mean shared by all the coming days
    dispersion: Array  # variance ÷ mean of an average day, all included


class Levels:
    """The memories of ``size`` series; feed them whole days in order.

    Args:
        size: Number of series.
        slots: Kinds of day: 7 for weekdays, 1 where rows are no days.
        lead: How many days lie between what was learned and what is judged.
    """

    def __init__(self, size: int, *, slots: int = 7, lead: int = 3) -> None:
        models = len(HALF_LIVES)
        self._lead = lead / 2 + 0.5
        self.taught = np.zeros(size)  # days that were seen, by series
        self._sums = np.zeros((5, size, models))  # w, w·age, w·age², y, y·age
        self._squares = np.zeros((size, models))
        self._success = np.zeros((size, models))
        self._slot_counts = np.zeros((size, slots))
        self._slot_means = np.zeros((size, slots))
        self._residuals, self._means, self._weights = np.zeros((3, size))
        self._streak = np.zeros(size)
        self._forecasts = np.zeros((size, models))
        self._own_doubt = np.ones(size)
        self.usual = Usual(
            level=np.full(size, _LOWEST_MEAN),
            weekdays=np.ones((size, slots)),
            spread=np.full(size, PRIOR_DISPERSION),
            swing=np.zeros(size),
            doubt=np.ones(size),
            dispersion=np.full(size, PRIOR_DISPERSION),
        )

    def learn(self, counts: Array, slot: int, coverage: Array) -> None:
        """Take one day into account.

        Args:
            counts: Count per series.
            slot: Kind of day, below ``slots``.
            coverage: Share of the day that was seen, 0..1; a day not seen teaches nothing.
        """
        seen = np.where(coverage > 0, coverage, 0.0)
        factor = self.usual.weekdays[:, slot]
        expected = np.maximum(self.usual.level * factor * seen, _SMALLEST)
        capped = self._capped(np.where(seen > 0, counts, 0.0), expected)
        told = (seen > 0) & (self.taught >= _FIRST_FORECAST)
        self._score(capped, expected, seen * factor, told.astype(float))
        self._remember(capped, factor * seen)
        self._forecast()
        self._slot_counts *= _SLOW
        self._slot_means *= _SLOW
        self._slot_counts[:, slot] += capped
        self._slot_means[:, slot] += self._level * seen
        self.taught += seen > 0
        self._renew()

    def _capped(self, counts: Array, expected: Array) -> Array:
        """Set extreme counts back, unless they have lasted so long that they are the new level."""
        deviation = np.sqrt(
            self.usual.dispersion * expected + (np.minimum(self._own_doubt, 1) * expected) ** 2
        )
        cap = expected + _CAP_DEVIATIONS * deviation + 1
        self._streak = np.where(counts > cap, self._streak + 1, 0)
        is_new = self._streak >= _NEW_LEVEL_DAYS
        if is_new.any():
            self._sums[:, is_new] *= 0.2
            self._squares[is_new] *= 0.04
        return np.where(is_new | (self.taught == 0), counts, np.minimum(counts, cap))

    def _score(self, counts: Array, expected: Array, factor: Array, told: Array) -> None:
        """Note how well each memory and the dispersion did on this day, if there was a forecast."""
        forecasts = np.maximum(self._forecasts * factor[:, None], _SMALLEST)
        variance = self.usual.dispersion[:, None] * forecasts
        error = (counts[:, None] - forecasts) ** 2 / variance + np.log(variance)
        self._success = _SUCCESS_MEMORY * self._success - error / 2 * told[:, None]
        widened = 1 + self._own_doubt**2 * expected / self.usual.dispersion
        self._residuals = _SLOW * self._residuals + told * (counts - expected) ** 2 / widened
        self._means = _SLOW * self._means + told * expected
        self._weights = _SLOW * self._weights + told

    def _remember(self, counts: Array, weight: Array) -> None:
        """Let every memory age by one day and add this one at age 0."""
        weights, ages, squares, sums, moments = self._sums * _LAMBDA
        self._sums = np.stack(
            [
                weights + weight[:, None],
                ages + weights,
                squares + 2 * ages + weights,
                sums + counts[:, None],
                moments + sums,
            ]
        )
        self._squares = _LAMBDA**2 * self._squares + weight[:, None] ** 2

    def _forecast(self) -> None:
        weights, ages, squares, sums, moments = self._sums
        weights = np.maximum(weights, 1e-9)
        floor = np.maximum(sums / weights, _LOWEST_MEAN)
        mean = (sums + _PRIOR_COUNT) / (weights + _PRIOR_COUNT / floor)
        age = ages / weights
        slope = (moments - age * sums) / (squares - age * ages + _SLOPE_RIDGE)
        slope = np.where(_FOLLOWS_SLOPE, np.clip(slope / mean, -_STEEPEST, _STEEPEST) * mean, 0)
        self._forecasts = np.maximum(mean - slope * (age + self._lead), 0.3 * mean)
        odds = np.exp(self._success - self._success.max(axis=1, keepdims=True))
        odds /= odds.sum(axis=1, keepdims=True)
        self._level = (odds * self._forecasts).sum(axis=1)
        apart = (odds * (self._forecasts - self._level[:, None]) ** 2).sum(axis=1)
        self._disagreement = apart / self._level**2
        self._known_days = (odds * weights**2 / np.maximum(self._squares, 1e-9)).sum(axis=1)

    def _renew(self) -> None:
        """Put together what is usual now."""
        level = self._level
        mean = np.where(
            self._weights > 0, self._means / np.maximum(self._weights, 1e-9), np.maximum(level, 0)
        )
        mean = np.maximum(mean, _SMALLEST)
        told = (
            self._weights * mean / (1 + mean)
        )  # a day without a mention says little of dispersion
        believed = PRIOR_DISPERSION + _PRIOR_SWING**2 * mean
        seen = self._residuals / np.maximum(self._means, 1e-9)
        dispersion = np.maximum((_PRIOR_DAYS * believed + told * seen) / (_PRIOR_DAYS + told), 1.05)
        swing2 = np.maximum(dispersion - PRIOR_DISPERSION, 0) / (mean + 10)
        noise = dispersion[:, None] / np.maximum(self._slot_means, 1e-9)
        trust = _WEEKDAY_SPREAD**2 / (_WEEKDAY_SPREAD**2 + noise)
        ratio = self._slot_counts / np.maximum(self._slot_means, 1e-9)
        unsure = _WEEKDAY_SPREAD**2 * (1 - trust).mean(axis=1)
        caution = 1 + _CAUTION / (_CAUTION + self._weights)
        weekdays = np.maximum(1 + trust * (ratio - 1), 0.1)
        weekdays /= weekdays.mean(axis=1, keepdims=True)
        own = dispersion / np.maximum(level * self._known_days, 0.2) + self._disagreement
        self._own_doubt = np.sqrt(own)
        self.usual = Usual(
            level=level,
            weekdays=weekdays,
            spread=np.maximum(dispersion - swing2 * mean, 1.05) * caution,
            swing=np.sqrt(swing2 + unsure),
            doubt=np.minimum(self._own_doubt, 1.0),
            dispersion=dispersion,
        )
