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
Indices = NDArray[np.intp]


class _Shape(NamedTuple):
    """How the mentions of a wave follow its start (log-normal), and how much it is believed."""

    median: float  # hours
    spread: float  # of the logarithm
    share: float
    starts: tuple[float, ...]  # hours before now


#: A fast wave is over within two days, a slow one lasts a week (complaints against a campaign).
_DAILY_SHAPES = (
    _Shape(10.0, 0.7, 0.7, (6, 14, 22, 34, 46, 58, 70, 84)),
    _Shape(72.0, 0.5, 0.3, (30, 54, 78, 96)),
)

#: Within the day, also a burst that is over in hours.
_HOURLY_SHAPES = (
    _Shape(1.5, 0.8, 0.15, (1, 2, 4, 7)),
    _Shape(10.0, 0.7, 0.55, (2, 4, 7, 11, 16, 24, 36, 52, 72)),
    _Shape(72.0, 0.5, 0.3, (24, 48, 72, 96)),
)

#: Smaller parts of a wave are none.
_SMALLEST_PART = 5e-3

#: Sizes that are tried, in standard deviations of a day.
_SIZES = (5.0, 12.0)

#: Borders, in hours before now, of what is looked at separately within the day.
HOURLY_EDGES = (0, 1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96)
DAILY_EDGES = (0, 24, 48, 72)
HOURS = 24

#: The doubt about the level is tried at one standard deviation below and above; within the day, the
#: last 24 hours may also be a day that is off by two (both keep mean 0 and variance 1).
_SHARED = np.array([-1.0, 1.0])
_RECENT = ((-2.0, 1 / 8), (0.0, 3 / 4), (2.0, 1 / 8))
_MOST = 600.0

_LEAST_DISPERSION = 1.02


class Waves(NamedTuple):
    """The waves that are tried, bin by bin, and what the bins have in common."""

    bins: Indices  # (parts,) bin of each part, wave by wave
    sizes: Array  # (parts,) mentions, in standard deviations of a day
    firsts: Indices  # (waves,) where each wave's parts begin
    weights: Array  # (waves,), sum 1
    recent: Array  # (bins,): 1 where a bin is a part of the last day, 0 where it is a whole day
    nodes: Array  # (nodes, 3): deviation shared by all bins, by the recent ones, log weight


@cache
def waves(edges: tuple[int, ...]) -> Waves:
    """Return the waves to try for bins between these borders (hours before now, ascending)."""
    is_daily = edges == DAILY_EDGES
    bins: list[int] = []
    sizes: list[float] = []
    firsts: list[int] = []
    weights: list[float] = []
    for shape in _DAILY_SHAPES if is_daily else _HOURLY_SHAPES:
        for start in shape.starts:
            hours = np.maximum(start - np.array(edges), 1e-9)
            left = lognorm.cdf(hours, shape.spread, scale=shape.median)
            parts = left[:-1] - left[1:]
            touched = np.flatnonzero(parts > _SMALLEST_PART)
            for size in _SIZES:
                firsts.append(len(bins))
                bins += list(touched)
                sizes += list(size * parts[touched])
                weights.append(shape.share / len(shape.starts) / len(_SIZES))
    recent = (np.diff(edges) < HOURS).astype(float) * (np.array(edges[1:]) <= HOURS)
    days = _RECENT if recent.any() else ((0.0, 1.0),)
    nodes = [(shared, day, math.log(weight / 2)) for shared in _SHARED for day, weight in days]
    return Waves(
        np.array(bins), np.array(sizes), np.array(firsts), np.array(weights), recent,
        np.array(nodes),
    )  # fmt: skip


def evidence(
    counts: Array,
    expected: Array,
    *,
    day: Array,
    spread: Array,
    swing: Array,
    doubt: Array,
    flutter: Array,
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
        flutter: (series, bins), standard deviation ÷ mean that a part of a day has for itself.
        tried: See ``waves``.
    """
    shared, recent, log_weight = tried.nodes.T
    off = doubt[:, None, None] * shared[:, None]
    off = off + swing[:, None, None] * recent[:, None] * tried.recent
    center = doubt[:, None] ** 2 + swing[:, None] ** 2 * tried.recent
    mean = expected[:, None, :] * np.exp(off - center[:, None, :] / 2)
    fluttering = ((flutter * tried.recent) ** 2)[:, None, :]
    own = (swing[:, None, None] * (1 - tried.recent)) ** 2 + fluttering
    variance = spread[:, None, None] * mean + own * mean**2
    seen = np.repeat(counts[:, None, :], mean.shape[1], axis=1)
    calm = _likelihood(mean, variance, seen)
    deviation = np.sqrt(spread * day + (swing**2 + doubt**2) * day**2)
    more = (deviation[:, None] * tried.sizes)[:, None, :]
    bins = tried.bins
    usual_mean, usual_variance = mean[:, :, bins], variance[:, :, bins]
    # the hours of a wave flutter as those before it, and by its size
    more_variance = more + fluttering[:, :, bins] * more * (2 * usual_mean + more)
    grown = _likelihood(usual_mean + more, usual_variance + more_variance, seen[:, :, bins])
    gained = np.add.reduceat(grown - calm[:, :, bins], tried.firsts, axis=2)
    usual = calm.sum(axis=2) + log_weight
    top = usual.max(axis=1, keepdims=True)
    as_usual = np.exp(usual - top)
    with_wave = np.exp(np.minimum(gained + (usual - top)[:, :, None], _MOST)).sum(axis=1)
    found = np.maximum(with_wave @ tried.weights, 1e-300) / as_usual.sum(axis=1)
    return np.asarray(np.log10(found))


def _likelihood(mean: Array, variance: Array, count: Array) -> Array:
    """Return the log of the negative binomial law, less what is the same for every mean."""
    dispersion = np.maximum(variance / mean, _LEAST_DISPERSION)
    shape = mean / (dispersion - 1)
    found = shape * -np.log(dispersion)
    some = np.nonzero(count)
    count, shape = count[some], shape[some]
    found[some] += gammaln(count + shape) - gammaln(shape) + count * np.log1p(-1 / dispersion[some])
    return np.asarray(found)
