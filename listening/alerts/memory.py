"""Rival forecasts of the level of a series: what each expects, and how well it has done lately.

Source:
    Weights of rival forecasts from their past success: Raftery et al. (2010), Technometrics 52(1),
    with one factor to forget.
"""

from listening.alerts.numbers import Numbers, Value

#: How much of a forecast's past success is remembered from one day to the next.
_SUCCESS_MEMORY = 0.98

#: Steepest slope followed, as a share of the level per day: a doubling in ten weeks.
_STEEPEST = 0.01
_SLOPE_RIDGE = 60.0

#: Half an unseen mention, so that a history of zeros does not make the first one impossible.
_PRIOR_COUNT = 0.3
LOWEST_MEAN = 0.05
SMALLEST = 1e-3


class Rival:
    """A forecast of the level, and its success."""

    __slots__ = ("forecast", "squares", "success", "weights")

    def __init__(self, zero: Value) -> None:
        self.forecast = self.success = zero
        #: Sum of the weights of the days it rests on, and of their squares.
        self.weights = self.squares = zero

    def judge(
        self, n: Numbers, counts: Value, weight: Value, *, dispersion: Value, told: Value
    ) -> None:
        """Note how well it did on a day; ``told`` is 0 where there was no forecast."""
        forecast = n.maximum(self.forecast * weight, SMALLEST)
        variance, error = dispersion * forecast, counts - forecast
        surprise = error * error / variance + n.log(variance)
        self.success = _SUCCESS_MEMORY * self.success - surprise / 2 * told


class Memory(Rival):
    """A forecast from weighted sums over the days, by their age."""

    __slots__ = ("ages", "fade", "follows_slope", "moments", "square_ages", "sums")

    def __init__(self, half_life: float, zero: Value, *, follows_slope: bool) -> None:
        super().__init__(zero)
        self.fade, self.follows_slope = 0.5 ** (1 / half_life), follows_slope
        self.ages = self.square_ages = self.sums = self.moments = zero

    def take(self, counts: Value, weight: Value) -> None:
        """Age by one day and add this one at age 0."""
        fade = self.fade
        weights, ages, sums = fade * self.weights, fade * self.ages, fade * self.sums
        self.square_ages = fade * self.square_ages + 2 * ages + weights
        self.moments = fade * self.moments + sums
        self.ages = ages + weights
        self.weights = weights + weight
        self.sums = sums + counts
        self.squares = fade * fade * self.squares + weight * weight

    def forget(self, kept: Value) -> None:
        """Keep a share of what is known; what comes weighs more."""
        self.weights, self.ages = self.weights * kept, self.ages * kept
        self.square_ages = self.square_ages * kept
        self.sums, self.moments = self.sums * kept, self.moments * kept
        self.squares = self.squares * kept * kept

    def renew(self, n: Numbers, lead: float) -> None:
        """Forecast the level so many days ahead."""
        mean = mean_of(n, self.sums, self.weights)
        self.forecast = mean
        if self.follows_slope:
            age = self.ages / n.maximum(self.weights, 1e-9)
            slope = (self.moments - age * self.sums) / (
                self.square_ages - age * self.ages + _SLOPE_RIDGE
            )
            slope = n.minimum(n.maximum(slope, -_STEEPEST * mean), _STEEPEST * mean)
            self.forecast = n.maximum(mean - slope * (age + lead), 0.3 * mean)


def mean_of(n: Numbers, counts: Value, weights: Value) -> Value:
    """Return the mean of so many counts, never quite nothing."""
    weights = n.maximum(weights, 1e-9)
    floor = n.maximum(counts / weights, LOWEST_MEAN)
    return (counts + _PRIOR_COUNT) / (weights + _PRIOR_COUNT / floor)
