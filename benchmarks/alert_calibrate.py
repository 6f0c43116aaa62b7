"""Derive the tables of ``listening/alerts/calibration.py``: false alarms at each level of evidence.

``python -m benchmarks.alert_calibrate daily 2400`` (``hourly 240``) simulates brands by seed,
watches them, counts the false alarms that each level of evidence would have cost, at most one in
72 h and none during a wave, and fits the logarithm of their rate (Poisson regression). It prints
the table, to be copied.
"""

import sys
from typing import NamedTuple

import numpy as np

from listening.alerts.calibration import Table, terms
from listening.alerts.numbers import arrays
from listening.alerts.series import LOWEST_LEVEL, Watch

_SEED = 4_711
_DAYS = 182
_REST_DAYS = 3
_GRID = np.arange(-0.75, 9, 0.25)
#: Histories differ most at the beginning: days after which a tally of its own starts.
_PERIODS = (7, 10, 14, 21, 35, 70)
#: Rates that budgets ask for; what lies outside bends the line and is left out.
_RATES = (1e-3, 0.04)
_ROUNDS = 5

#: Share of the brands that never have a wave: what others had widens what is usual of them.
_CALM = 1 / 3

#: Waves: median delay in hours and log-spread; share of the fast ones.
_SHAPES = ((10, 0.7), (72, 0.5))
_FAST = 0.7


class Brands(NamedTuple):
    """Counts (series, hours), and where nothing but chance is at work (series, days)."""

    counts: np.ndarray
    is_calm: np.ndarray


def brands(seed: int, size: int, days: int = _DAYS) -> Brands:
    """Simulate brands of 0.1 to 100 mentions a day: weekends, trend, season, swing, waves."""
    draw = np.random.default_rng(seed)
    day = np.arange(days)
    level = 10 ** (draw.choice([-1.0, 0.0, 1.0, 2.0], size) + draw.uniform(-0.1, 0.1, size))
    weekend = (day + draw.integers(7, size=(size, 1))) % 7 >= 5  # noqa: PLR2004 - Saturday
    trend = draw.normal(0, 0.0008, (size, 1)) * (day - days / 2)
    season = 0.2 * np.cos(2 * np.pi * (day + draw.integers(365, size=(size, 1))) / 365.25)
    sigma, noise = draw.choice([0.0, 0.2], size), np.zeros((size, days))
    noise[:, 0] = draw.normal(size=size)
    for one in day[1:]:
        noise[:, one] = 0.4 * noise[:, one - 1] + np.sqrt(1 - 0.16) * draw.normal(size=size)
    mean = np.exp(
        np.log(level)[:, None] + np.log(np.where(weekend, draw.uniform(0.38, 0.85, (size, 1)), 1.0))
        + trend + season + noise * sigma[:, None] - sigma[:, None] ** 2 / 2
    )  # fmt: skip
    shares = 1 + 0.6 * np.cos(2 * np.pi * (np.arange(24) - 15) / 24)
    hourly = (mean[:, :, None] * shares / shares.sum()).reshape(size, -1)
    phi = draw.choice([1.02, 1.5, 3.0, 5.0], (size, 1))
    counts = draw.negative_binomial(hourly / (phi - 1), 1 / phi).astype(float)
    is_calm = np.ones((size, days), dtype=bool)
    for series in np.flatnonzero(draw.random(size) >= _CALM):
        swing = 0.2 * level[series] * (sigma[series] > 0)
        deviation = np.sqrt(phi[series, 0] * level[series] + swing**2)
        for start in np.cumsum(draw.integers(15, 90, days // 30 + 1)) * 24:
            if start < days * 24:
                _add_wave(
                    draw, counts[series], is_calm[series], start=int(start), deviation=deviation
                )
    return Brands(counts, is_calm)


def _add_wave(
    draw: np.random.Generator,
    counts: np.ndarray,
    is_calm: np.ndarray,
    *,
    start: int,
    deviation: float,
) -> None:
    size = max(2, draw.poisson(draw.choice([3, 5, 10, 20]) * deviation))
    median, spread = _SHAPES[int(draw.random() > _FAST)]
    hours = start + draw.lognormal(np.log(median), spread, size)
    hours = hours[hours < len(counts)].astype(int)
    if len(hours):
        np.add.at(counts, hours, 1)
        is_calm[hours.min() // 24 : hours.max() // 24 + 1 + _REST_DAYS] = False


class Tally(NamedTuple):
    """False alarms (cases, grid) of cases (series × period), with what they may depend on."""

    alarms: np.ndarray
    days: np.ndarray
    level: np.ndarray
    dispersion: np.ndarray
    age: np.ndarray


def tally(seen: Brands, step_seconds: int) -> Tally:
    """Watch the brands and count."""
    rows_per_day = 86_400 // step_seconds
    size, days = seen.is_calm.shape
    counts = seen.counts.reshape(size, days * rows_per_day, -1).sum(axis=2)
    watch, one = Watch(arrays(size), step_seconds), np.ones(size)
    parts = len(_PERIODS)
    alarms = np.zeros((parts, size, len(_GRID)))
    sums = np.zeros((parts, 4, size))  # days, log level, log dispersion, 1 ÷ age
    rest = np.zeros((size, len(_GRID)))
    for row in range(counts.shape[1]):
        day = row // rows_per_day
        watch.take(counts[:, row], row=row, slot=day % 7, coverage=one)
        found = watch.evidence()
        if day < _PERIODS[0]:
            continue
        part = np.searchsorted(_PERIODS, day, side="right") - 1
        calm = seen.is_calm[:, day]
        fires = (found[:, None] >= _GRID) & (rest <= 0) & calm[:, None]
        alarms[part] += fires
        rest = np.where(fires, _REST_DAYS * rows_per_day, rest - 1)
        usual = watch.levels.usual
        level = np.log10(np.maximum(usual.level, LOWEST_LEVEL))
        about = np.stack([one, level, np.log10(usual.dispersion), 1 / watch.seen_days])
        sums[part] += calm * about / rows_per_day
    cases = np.flatnonzero(sums[:, 0].ravel() > 0)
    spent, level, noise, age = sums.transpose(1, 0, 2).reshape(4, -1)[:, cases]
    return Tally(
        alarms.reshape(-1, len(_GRID))[cases], spent, 10 ** (level / spent), 10 ** (noise / spent),
        spent / age,
    )  # fmt: skip


def fit(seen: Tally) -> Table:
    """Return the table whose lines come closest to what was counted."""
    in_place, in_slope = terms(
        arrays(len(seen.days)), seen.level, seen.dispersion, seen.age
    )  # each (cases,), but for the ones
    place, slope = (
        np.stack([np.broadcast_to(term, seen.days.shape) for term in parts], axis=1)
        for parts in (in_place, in_slope)
    )
    grid = np.broadcast_to(_GRID[None, :, None], (len(place), len(_GRID), 1))
    design = np.concatenate(
        [np.repeat(place[:, None], len(_GRID), axis=1), grid * slope[:, None]], axis=2
    ).reshape(len(place) * len(_GRID), -1)
    made, days = seen.alarms.ravel(), np.repeat(seen.days, len(_GRID))
    kept = np.ones(len(made), dtype=bool)
    for _ in range(_ROUNDS):
        beta = _poisson(design[kept], made[kept], days[kept])
        rate = 10 ** np.clip(design @ beta, -12, 1)
        kept = (rate > _RATES[0]) & (rate < _RATES[1])
    found = [round(float(one), 4) for one in beta]
    places = place.shape[1]
    return Table(tuple(found[:places]), tuple(found[places:]))


def _poisson(design: np.ndarray, made: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Poisson regression with exposure, by iterated weighted least squares."""
    beta = np.zeros(design.shape[1])
    beta[0] = np.log((made.sum() + 1) / days.sum())
    for _ in range(40):
        linear = np.clip(design @ beta, -25, 3)
        mean = days * np.exp(linear)
        weighted = design * mean[:, None]
        left = design.T @ weighted + 1e-3 * np.eye(len(beta))
        beta = np.linalg.solve(
            left, weighted.T @ (linear + (made - mean) / np.maximum(mean, 1e-12))
        )
    return np.asarray(beta / np.log(10))


def main(kind: str, size: int) -> int:
    """Print the table for one kind of look."""
    step = 86_400 if kind == "daily" else 3600
    print(fit(tally(brands(_SEED, size), step)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
