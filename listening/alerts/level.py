"""What is usual for many series at once: level, weekdays, dispersion, each learned day by day.

Everything is a recursion over days, the same for one series and for a thousand (``numbers.py``), so
that a look of tonight and a replay of last year run the same code.

Source:
    Setting extreme counts back, and a variance proportional to the mean: Farrington et al. (1996),
    JRSS A 159(3); Noufaily et al. (2013), Statistics in Medicine 32(7).
"""

from dataclasses import dataclass

from listening.alerts.memory import LOWEST_MEAN, SMALLEST, Memory, Rival
from listening.alerts.numbers import Numbers, Place, Value, taken
from listening.alerts.season import Season

#: Half-lives, in days, of the memories that forecast the level; the last one also follows a slope.
#: Two weeks see a brand that moves, eight weeks one that is seldom named.
HALF_LIVES = (14.0, 28.0, 56.0, 28.0)
_SLOPING = len(HALF_LIVES) - 1

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
_KEPT_OF_OLD_LEVEL = 0.2

#: Part of the day-to-day swing that lasts for several days (lag-1 correlation 0.17 to 0.66).
LASTING = 0.25

_LOWEST_WEEKDAY = 0.1

#: Counts vary a little more than dice do, whatever was seen.
LOWEST_DISPERSION = 1.05

#: A forecast after fewer days is none, and is not judged.
_FIRST_FORECAST = 3

_SLOW = 0.5 ** (1 / _SLOW_HALF_LIFE)


@dataclass(frozen=True, slots=True)
class Usual:
    """What is expected of the coming days."""

    level: Value  # count of an average day
    weekdays: tuple[Value, ...]  # share of the level on each kind of day
    spread: Value  # variance ÷ mean of a day's count, but for the swing
    swing: Value  # standard deviation ÷ mean that grows with the level, of single days
    doubt: Value  # standard deviation ÷ mean shared by all the coming days
    dispersion: Value  # variance ÷ mean of an average day, all included


class Levels:
    """What is known of each series; feed it whole days in order.

    Args:
        numbers: Whether there is one series, or how many.
        slots: Kinds of day: 7 for weekdays, 1 where rows are no days.
        lead: How many days lie between what was learned and what is judged.
        rows_per_year: Where rows are longer than days: how many a year has; 0: learn no season.
    """

    def __init__(
        self, numbers: Numbers, *, slots: int = 7, lead: int = 3, rows_per_year: int = 0
    ) -> None:
        self._n = numbers
        zero, one = numbers.full(0.0), numbers.full(1.0)
        self._lead = lead / 2 + 0.5
        self.taught = zero  # days that were seen
        self._memories = [
            Memory(half_life, zero, follows_slope=number == _SLOPING)
            for number, half_life in enumerate(HALF_LIVES)
        ]
        self._rivals: list[Rival] = [*self._memories]
        self._season = Season(numbers, rows_per_year, lead + 1) if rows_per_year else None
        if self._season:
            self._rivals += [self._season.moved, self._season.repeated]
        self._slot_counts = [zero] * slots
        self._slot_means = [zero] * slots
        self._residuals = self._means = self._weights = self._streak = zero
        self._level = self._disagreement = self._known_days = zero
        self._own_doubt = one
        self.usual = Usual(
            level=numbers.full(LOWEST_MEAN),
            weekdays=(one,) * slots,
            spread=numbers.full(PRIOR_DISPERSION),
            swing=zero,
            doubt=one,
            dispersion=numbers.full(PRIOR_DISPERSION),
        )

    def learn(self, counts: Value, slot: Place, coverage: Value) -> None:
        """Take one day into account.

        Args:
            counts: Count of the day.
            slot: Kind of day, below ``slots``; one for all series, or one for each.
            coverage: Share of the day that was seen, 0..1; a day not seen teaches nothing.
        """
        n = self._n
        is_seen = coverage > 0
        weight = taken(self.usual.weekdays, slot) * coverage
        expected = n.maximum(self.usual.level * weight, SMALLEST)
        capped = self._capped(n.where(is_seen, counts, 0.0), expected)
        told = n.where(is_seen & (self.taught >= _FIRST_FORECAST), 1.0, 0.0)
        self._score(capped, expected, weight, told)
        for memory in self._memories:
            memory.take(capped, weight)
        if self._season:
            self._season.take(capped, coverage)
        self._forecast()
        self._slot_counts = [kept * _SLOW for kept in self._slot_counts]
        self._slot_means = [kept * _SLOW for kept in self._slot_means]
        self._note_slot(slot, capped, self._level * coverage)
        self.taught = self.taught + is_seen
        self._renew()

    def _note_slot(self, slot: Place, counts: Value, means: Value) -> None:
        """Add to what is known of a kind of day."""
        kinds = [slot] if isinstance(slot, int) else range(len(self._slot_counts))
        for kind in kinds:
            own = 1.0 if isinstance(slot, int) else slot == kind
            self._slot_counts[kind] = self._slot_counts[kind] + own * counts
            self._slot_means[kind] = self._slot_means[kind] + own * means

    def _capped(self, counts: Value, expected: Value) -> Value:
        """Set extreme counts back, unless they have lasted so long that they are the new level."""
        n = self._n
        unsure = n.minimum(self._own_doubt, 1.0) * expected
        deviation = n.sqrt(self.usual.dispersion * expected + unsure * unsure)
        cap = expected + _CAP_DEVIATIONS * deviation + 1
        self._streak = n.where(counts > cap, self._streak + 1, 0.0)
        is_new = self._streak >= _NEW_LEVEL_DAYS
        if n.any(is_new):
            kept = n.where(is_new, _KEPT_OF_OLD_LEVEL, 1.0)
            for memory in self._memories:
                memory.forget(kept)
        return n.where(is_new | (self.taught == 0), counts, n.minimum(counts, cap))

    def _score(self, counts: Value, expected: Value, weight: Value, told: Value) -> None:
        """Note how well each rival and the dispersion did on this day, if there was a forecast."""
        n, dispersion = self._n, self.usual.dispersion
        for rival in self._rivals:
            rival.judge(n, counts, weight, dispersion=dispersion, told=told)
        error = counts - expected
        widened = 1 + self._own_doubt * self._own_doubt * expected / dispersion
        self._residuals = _SLOW * self._residuals + told * error * error / widened
        self._means = _SLOW * self._means + told * expected
        self._weights = _SLOW * self._weights + told

    def _forecast(self) -> None:
        """Let every rival forecast, and mix them by their success."""
        n = self._n
        for memory in self._memories:
            memory.renew(n, self._lead)
        if self._season:
            self._season.renew(self.usual.dispersion)
        best = self._rivals[0].success
        for rival in self._rivals[1:]:
            best = n.maximum(best, rival.success)
        odds = [n.exp(rival.success - best) for rival in self._rivals]
        whole = 1 / sum(odds[1:], start=odds[0])
        level = apart = known = n.full(0.0)
        for one, rival in zip(odds, self._rivals, strict=True):
            part = one * whole
            level = level + part * rival.forecast
            apart = apart + part * rival.forecast * rival.forecast
            known = known + part * rival.weights * rival.weights / n.maximum(rival.squares, 1e-9)
        self._level, self._known_days = level, known
        self._disagreement = n.maximum(apart / (level * level) - 1, 0.0)

    def _renew(self) -> None:
        """Put together what is usual now."""
        n, level = self._n, self._level
        mean = n.where(
            self._weights > 0, self._means / n.maximum(self._weights, 1e-9), n.maximum(level, 0.0)
        )
        mean = n.maximum(mean, SMALLEST)
        # A day without a mention says little of dispersion.
        told = self._weights * mean / (1 + mean)
        believed = PRIOR_DISPERSION + _PRIOR_SWING * _PRIOR_SWING * mean
        seen = self._residuals / n.maximum(self._means, 1e-9)
        dispersion = n.maximum(
            (_PRIOR_DAYS * believed + told * seen) / (_PRIOR_DAYS + told), LOWEST_DISPERSION
        )
        swing2 = n.maximum(dispersion - PRIOR_DISPERSION, 0.0) / (mean + 10)
        weekdays, unsure = self._weekdays(dispersion)
        caution = 1 + _CAUTION / (_CAUTION + self._weights)
        own = dispersion / n.maximum(level * self._known_days, 0.2) + self._disagreement
        self._own_doubt = n.sqrt(own)
        self.usual = Usual(
            level=level,
            weekdays=weekdays,
            spread=n.maximum(dispersion - swing2 * mean, LOWEST_DISPERSION) * caution,
            swing=n.sqrt(swing2 + unsure),
            doubt=n.minimum(self._own_doubt, 1.0),
            dispersion=dispersion,
        )

    def _weekdays(self, dispersion: Value) -> tuple[tuple[Value, ...], Value]:
        """Return the shares of the level on each kind of day, and how unsure they are, squared."""
        n = self._n
        believed = _WEEKDAY_SPREAD * _WEEKDAY_SPREAD
        factors = []
        unsure = whole = n.full(0.0)
        for counts, means in zip(self._slot_counts, self._slot_means, strict=True):
            known = n.maximum(means, 1e-9)
            trust = believed / (believed + dispersion / known)
            factor = n.maximum(1 + trust * (counts / known - 1), _LOWEST_WEEKDAY)
            factors.append(factor)
            whole = whole + factor
            unsure = unsure + (1 - trust)
        scale = len(factors) / whole
        return tuple(factor * scale for factor in factors), believed * unsure / len(factors)
