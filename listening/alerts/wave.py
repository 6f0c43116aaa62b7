"""Evidence for a wave: how much better it explains the last days than "as usual" does.

One number instead of many windows: a steep rise since this morning, a steady excess over three days
and two mentions on each of two days about a brand that is hardly ever named are all waves. The
comparison is a Bayes factor, averaged over when the wave began, how fast it runs and how large it
is; counts are negative binomial under both explanations and share one doubt about the level.
"""

import math
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln
from scipy.stats import lognorm

Array = NDArray[np.float64]

#: Shapes of a wave: median delay of its mentions after the start in hours, log-spread, share.
#: A fast one is over within two days, a slow one lasts a week (complaints against a campaign).
_SHAPES = ((10.0, 0.7, 0.7), (72.0, 0.5, 0.3))

#: Starts that are tried, in hours before now, for looks once a day and within the day.
_DAILY_STARTS = ((6, 14, 22, 34, 46, 58, 70, 84), (30, 54, 78, 96))
_HOURLY_STARTS = ((2, 4, 7, 11, 16, 24, 36, 52, 72), (24, 48, 72, 96))

#: Sizes that are tried, in standard deviations of a day.
_SIZES = (5.0, 12.0)

#: Borders, in hours before now, of what is looked at separately within the day.
HOURLY_EDGES = (0, 1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96)
DAILY_EDGES = (0, 24, 48, 72)
HOURS = 24

#: Evidence reported without a closer look when no stretch that ends now is above the expected.
CALM = -1.0

#: The doubt about the level is tried at one standard deviation below and above; within the day, the
#: last 24 hours may also be a day that is off by two (both keep mean 0 and variance 1).
_SHARED = np.array([-1.0, 1.0])
_RECENT = ((-2.0, 1 / 8), (0.0, 3 / 4), (2.0, 1 / 8))
_MOST = 600.0


class Waves(NamedTuple):
    """The waves that are tried, and what else the bins may have in common."""

    parts: Array  # (waves, bins): share of the wave's mentions in each bin
    weights: Array  # (waves,), sum 1
    sizes: Array  # (waves,) in standard deviations of a day
    recent: Array  # (bins,): 1 where a bin is a part of the last day, 0 where it is a whole day
    nodes: Array  # (nodes, 3): deviation shared by all bins, by the recent ones, log weight


@cache
def waves(edges: tuple[int, ...]) -> Waves:
    """Return the waves to try for bins between these borders (hours before now, ascending)."""
    all_starts = _DAILY_STARTS if edges == DAILY_EDGES else _HOURLY_STARTS
    parts, weights, sizes = [], [], []
    for (median, spread, share), starts in zip(_SHAPES, all_starts, strict=True):
        for start in starts:
            left = lognorm.cdf(np.maximum(start - np.array(edges), 1e-9), spread, scale=median)
            for size in _SIZES:
                parts.append(left[:-1] - left[1:])
                weights.append(share / len(starts) / len(_SIZES))
                sizes.append(size)
    recent = (np.diff(edges) < HOURS).astype(float) * (np.array(edges[1:]) <= HOURS)
    days = _RECENT if recent.any() else ((0.0, 1.0),)
    nodes = [(shared, day, math.log(weight / 2)) for shared in _SHARED for day, weight in days]
    return Waves(np.array(parts), np.array(weights), np.array(sizes), recent, np.array(nodes))


def evidence(
    counts: Array,
    expected: Array,
    *,
    day: Array,
    spread: Array,
    swing: Array,
    doubt: Array,
    tried: Waves,
) -> Array:
    """Return log10 of the Bayes factor for a wave, one value per series.

    Args:
        counts: (series, bins), the newest bin first.
        expected: The same, > 0, as usual.
        day: Expected count of an average day.
        spread: Variance ÷ mean, > 1.
        swing: Standard deviation ÷ mean of a bin beyond that.
        doubt: Standard deviation ÷ mean shared by all bins.
        tried: See ``waves``.
    """
    result = np.full(len(counts), CALM)
    excess = np.cumsum(counts, axis=1) > np.cumsum(expected, axis=1)
    chosen = np.flatnonzero(excess.any(axis=1))
    if len(chosen) == 0:
        return result
    seen, usual = counts[chosen], expected[chosen]
    spread, swing, doubt, day = spread[chosen], swing[chosen], doubt[chosen], day[chosen]
    shared, recent, log_weight = tried.nodes.T
    off = doubt[:, None, None] * shared[:, None]
    off = off + swing[:, None, None] * recent[:, None] * tried.recent
    center = doubt[:, None] ** 2 + swing[:, None] ** 2 * tried.recent
    mean = usual[:, None, :] * np.exp(off - center[:, None, :] / 2)
    own_swing = swing[:, None, None] * (1 - tried.recent)
    variance = spread[:, None, None] * mean + (own_swing * mean) ** 2
    deviation = np.sqrt(spread * day + (swing**2 + doubt**2) * day**2)
    calm = _likelihood(mean, variance, seen[:, None, :]).sum(axis=2) + log_weight
    size = tried.sizes * deviation[:, None]
    added = size[:, :, None] * tried.parts
    total = np.zeros((*size.shape, len(tried.nodes)))
    for column in range(counts.shape[1]):  # bin by bin: a wave touches few of them
        touched = tried.parts[:, column] > 1e-3  # noqa: PLR2004 - a part that is none
        more = added[:, touched, column][:, :, None]
        grown = _likelihood(
            mean[:, None, :, column] + more,
            variance[:, None, :, column] + more,
            seen[:, None, None, column],
        )
        base = _likelihood(mean[:, :, column], variance[:, :, column], seen[:, None, column])
        total[:, touched] += grown - base[:, None, :]
    top = calm.max(axis=1)
    as_usual = np.exp(calm - top[:, None]).sum(axis=1)
    log_wave = np.minimum(total + (calm - top[:, None])[:, None, :], _MOST)
    with_wave = (np.exp(log_wave).sum(axis=2) * tried.weights).sum(axis=1)
    result[chosen] = np.log10(np.maximum(with_wave, 1e-300) / as_usual)
    return result


def _likelihood(mean: Array, variance: Array, count: Array) -> Array:
    """Return the log of the negative binomial law, less what is the same for every mean."""
    dispersion = np.maximum(variance / mean, 1.02)
    shape = mean / (dispersion - 1)
    return np.asarray(
        gammaln(count + shape)
        - gammaln(shape)
        - shape * np.log(dispersion)
        + count * np.log1p(-1 / dispersion)
    )
