"""What is normal for a small count, and how unlikely a larger one is.

Counts of negative stories are small, over-dispersed and now and then contaminated by an old crisis.
They are summarised by a negative binomial law (a Poisson whose mean varies from window to window as
a Gamma does), fitted so that an old crisis weighs little and a short or empty history stays modest.
"""

import math
from collections.abc import Sequence

from scipy.special import betainc

from listening.model import Baseline

#: Fewer past windows than this is no baseline: the rule is still learning.
MIN_WINDOWS = 14

#: Windows of history worth asking for: eight weeks when a window is a day. On simulated brands with
#: trend and season, 42, 56 and 70 days detect the same; 56 holds whole weeks and a calm mean.
WANTED_WINDOWS = 56

#: Counts above this quantile of the fitted law are set back to it before the next fit.
WINSOR_QUANTILE = 0.985

#: Counts up to this one are never set back: they cannot hide a crisis, and brands that are hardly
#: ever mentioned would lose the few mentions they have.
HARMLESS_COUNT = 3

#: What is believed of variance ÷ mean before any window was seen, and how many windows that
#: weighs. Noufaily et al. (2013) simulate with 1 to 5; small counts lie at the lower end.
PRIOR_DISPERSION = 2.0
PRIOR_WINDOWS = 5

#: Jeffreys' prior of a Poisson mean, Gamma(1/2, 0), as half a count: a history of zeros must not
#: make a single mention impossible.
PRIOR_COUNT = 0.5

#: The usual range leaves one window in twenty on each side.
USUAL_TAIL = 0.05

#: Counts beyond this are all equally impossible; keeps the arithmetic in floating point.
_LARGEST_COUNT = 1 << 53

_FIT_ROUNDS = 4
_TRIMMED_SHARE = 0.25


def count_baseline(history: Sequence[int]) -> Baseline | None:
    """Summarise past counts so that one old crisis cannot hide a new one.

    The first fit leaves out the highest quarter; each later one clips the counts at the
    0.985 quantile of the law fitted before (winsorising), so that a crisis of four days at ten
    times the usual weighs little, while an ordinary busy day still counts in full. The dispersion
    is drawn towards a prior when windows are few, and the uncertainty of the mean itself is part
    of it (the predictive law of a Gamma-Poisson model).

    Args:
        history: Count per past window, in any order. Windows without mentions are zeros and must
            be present; windows in which the sources were not read, and the window under test, must
            not.

    Returns:
        Center in counts per window, variance ÷ mean, and the usual range; None with fewer than
        ``MIN_WINDOWS`` windows.

    Raises:
        ValueError: A count is negative.

    Source:
        Negative binomial tail and down-weighting of past outbreaks: Farrington et al. (1996),
        JRSS A 159(3); Noufaily et al. (2013), Statistics in Medicine 32(7). Prior on the mean:
        Jeffreys (1946).

    >>> baseline = count_baseline([2, 3, 2, 4, 3, 2, 90, 3] * 4)
    >>> baseline.low, baseline.high
    (0, 9)
    """
    if any(count < 0 for count in history):
        raise ValueError("counts must not be negative")
    window_count = len(history)
    if window_count < MIN_WINDOWS:
        return None
    counts = sorted(history)
    kept_count = math.ceil(window_count * (1 - _TRIMMED_SHARE))
    center, dispersion = _fit(counts[:kept_count])
    for _ in range(_FIT_ROUNDS):
        limit = max(HARMLESS_COUNT, quantile(WINSOR_QUANTILE, center, dispersion))
        center, dispersion = _fit([min(count, limit) for count in counts])
    return Baseline(
        center=center,
        dispersion=dispersion,
        window_count=window_count,
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


def _fit(counts: Sequence[int]) -> tuple[float, float]:
    """Return the mean of a window to come and its variance ÷ mean."""
    window_count = len(counts)
    center = (PRIOR_COUNT + math.fsum(counts)) / window_count
    squares = math.fsum((count - center) ** 2 for count in counts) / center
    # A window that expects hardly a mention says hardly anything about dispersion.
    told = (window_count - 1) * center / (1 + center)
    seen = squares / (window_count - 1)
    dispersion = (PRIOR_WINDOWS * PRIOR_DISPERSION + told * seen) / (PRIOR_WINDOWS + told)
    # The mean is itself only known to ± sqrt(dispersion × center ÷ windows).
    return center, max(1.0, dispersion) * (1 + 1 / window_count)
