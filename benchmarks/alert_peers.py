"""How others alert on counts, written again after their descriptions, for daily counts."""

import numpy as np
from scipy.stats import nbinom, poisson

#: Noufaily et al. (2013): residuals beyond this weigh less.
_STRANGE = 2.58
_WEEKEND = 2


def _past(counts: np.ndarray, days: int, guard: int = 0) -> np.ndarray:
    """Return (series, days, history): the ``days`` before each day, NaN before the first."""
    padded = np.pad(counts, ((0, 0), (days + guard, 0)), constant_values=np.nan)
    views = np.lib.stride_tricks.sliding_window_view(padded, days, axis=1)
    return views[:, : counts.shape[1]]


def three_sigma(counts: np.ndarray) -> np.ndarray:
    """Mean and standard deviation of 28 days."""
    past = _past(counts, 28)
    return (counts - np.nanmean(past, 2)) / np.maximum(np.nanstd(past, 2), 0.5)


def surge(counts: np.ndarray) -> np.ndarray:
    """Count against the mean of 7 days; 1.5 is "150 %"."""
    return counts / np.maximum(np.nanmean(_past(counts, 7), 2), 0.5)


def poisson_tail(counts: np.ndarray) -> np.ndarray:
    """Poisson tail at the mean of 28 days."""
    mean = np.maximum(np.nanmean(_past(counts, 28), 2), 0.05)
    return -poisson.logsf(counts - 1, mean)


def ears_c2(counts: np.ndarray) -> np.ndarray:
    """EARS C2: seven days, after a gap of two."""
    past = _past(counts, 7, guard=2)
    return (counts - np.nanmean(past, 2)) / np.maximum(np.nanstd(past, 2, ddof=1), 0.5)


def huginn_peak(counts: np.ndarray) -> np.ndarray:
    """Huginn: deviations of the last peak, said once the series turns down."""
    past = _past(counts, 14, guard=2)
    score = (counts - np.nanmean(past, 2)) / np.maximum(np.nanstd(past, 2), 0.5)
    said = np.full(counts.shape, np.nan)
    turned = counts[:, 1:] < counts[:, :-1]
    said[:, 1:] = np.where(turned, score[:, :-1], -1.0)
    return said


def farrington(counts: np.ndarray) -> np.ndarray:
    """Farrington: quasi-Poisson with weekend and trend on 56 days, old outbreaks weighed down.

    The better of the negative binomial tails of 24 and 72 h. All brands of a day are fitted at once
    by weighted least squares, as ``statsmodels`` does one by one (IRLS, five rounds per weighting).
    """
    scores = np.full(counts.shape, np.nan)
    for day in range(17, counts.shape[1]):
        scores[:, day] = _farrington_day(counts, day)
    return scores


def _design(days: np.ndarray, now: int, weekend: np.ndarray) -> np.ndarray:
    trend = np.broadcast_to((days - now) / 28, weekend.shape)
    return np.stack([np.ones(weekend.shape), trend, weekend], axis=2)


def _farrington_day(counts: np.ndarray, day: int) -> np.ndarray:
    past = np.arange(max(0, day - 56), day - 3)
    seen = counts[:, past]
    quiet = _quiet_days(seen, past)
    design = _design(past, day, quiet[:, past % 7])
    weights = np.ones(seen.shape)
    for _ in range(3):
        beta = _fit(design, seen, weights)
        mu = np.exp(np.clip(np.einsum("ijk,ik->ij", design, beta), -6, 12))
        left = max(len(past) - 3, 1)
        phi = np.maximum((weights * (seen - mu) ** 2 / mu).sum(axis=1) / left, 1.01)
        residual = 1.5 * (seen ** (2 / 3) - mu ** (2 / 3)) / (mu ** (1 / 6) * np.sqrt(phi)[:, None])
        weights = np.where(residual > _STRANGE, np.maximum(residual, 1e-9) ** -2.0, 1.0)
        weights *= len(past) / weights.sum(axis=1, keepdims=True)
    ahead = np.arange(day - 2, day + 1)
    future = _design(ahead, day, quiet[:, ahead % 7])
    mean = np.exp(np.clip(np.einsum("ijk,ik->ij", future, beta), -3.9, 12))
    tails = [
        nbinom.logsf(
            counts[:, day - days + 1 : day + 1].sum(axis=1) - 1,
            mean[:, -days:].sum(axis=1) / (phi - 1),
            1 / phi,
        )
        for days in (1, 3)
    ]
    return -np.min(tails, axis=0)


def _quiet_days(seen: np.ndarray, past: np.ndarray) -> np.ndarray:
    """Return, per brand, which two weekdays are its quietest: its weekend."""
    sums = np.stack([seen[:, past % 7 == slot].mean(axis=1) for slot in range(7)], axis=1)
    return (np.argsort(np.argsort(sums, axis=1), axis=1) < _WEEKEND).astype(float)


def _fit(design: np.ndarray, seen: np.ndarray, weights: np.ndarray) -> np.ndarray:
    beta = np.zeros((len(seen), 3))
    beta[:, 0] = np.log(np.maximum(seen.mean(axis=1), 0.02))
    for _ in range(5):
        linear = np.clip(np.einsum("ijk,ik->ij", design, beta), -6, 12)
        mu = np.exp(linear)
        working = linear + (seen - mu) / mu
        weighted = design * (weights * mu)[:, :, None]
        left = np.einsum("ijk,ijl->ikl", weighted, design) + 1e-2 * np.eye(3)
        right = np.einsum("ijk,ij->ik", weighted, working)
        beta = np.linalg.solve(left, right[:, :, None])[:, :, 0]
    return beta


PEERS = {
    "Farrington (24 + 72 h)": farrington,
    "mean + 3 sd (28 d)": three_sigma,
    "Poisson tail (28 d)": poisson_tail,
    "EARS C2": ears_c2,
    "150 % of 7 days": surge,
    "Huginn peak": huginn_peak,
}
