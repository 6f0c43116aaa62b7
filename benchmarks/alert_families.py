"""Alerts on series that follow another law than those that the calibration was derived on.

``python -m benchmarks.alert_families`` draws brands without any wave: seasons, growth, weeks of
silence, bursts, weekly counts of an epidemic, busy series by the hour. It prints how many false
alarms they make of the 0.10 that were accepted per 30 days (30 rows where rows are weeks), with
and without what ``habit.py`` learns of each brand's own unusual days; and, for weeks, how many
waves of ten standard deviations are found.
"""

import sys

import numpy as np

from benchmarks.report import table
from listening.alerts.baseline import Detector
from listening.alerts.numbers import arrays
from listening.alerts.series import DAY_SECONDS, Habit, Watch

Array = np.ndarray
Draw = np.random.Generator

_SEED = 31_007
_BRANDS = 80
_DAYS = 238
_WEEK = 7
_YEARS, _WEEKS = 6, 52
_HOUR = 3600
_MEANS = (0.2, 1.0, 6.0, 30.0, 170.0)
#: Judged from here on, in rows (days) of history.
_FIRST = 28
#: One mail in 72 h.
_REST_DAYS = 3


class NoHabit(Habit):
    """Every brand is taken for an ordinary one."""

    def judged(self, score: Array) -> Array:
        """Return the score as it is."""
        return score


def main() -> int:
    """Print the tables."""
    _days()
    _hours()
    _weeks()
    return 0


def _watched(counts: Array, step: int, habit: type[Habit]) -> Array:
    watch, one = Watch(arrays(len(counts)), step), np.ones(len(counts))
    watch._habit = habit(arrays(len(counts)))  # noqa: SLF001 - what it would do without
    found, per_day = np.empty(counts.shape), max(1, DAY_SECONDS // step)
    for row in range(counts.shape[1]):
        watch.take(counts[:, row], row=row, slot=row // per_day % _WEEK, coverage=one)
        found[:, row] = -np.log10(watch.false_alarms_per_day())
    return found


def _mails(scores: Array, first: int, rest: int) -> int:
    """Count the mails: at most one in ``rest`` rows."""
    made = 0
    for flags in np.nan_to_num(scores[:, first:], nan=-1) >= Detector.threshold:
        last = -rest
        for row in np.flatnonzero(flags):
            if row - last >= rest:
                made, last = made + 1, row
    return made


def _rates(counts: Array, step: int, first: int) -> list[str]:
    """Return the false alarms per 30 days (or rows), without and with habit."""
    rest = max(1, _REST_DAYS * DAY_SECONDS // step)
    if step > DAY_SECONDS:
        rest = 1
    spent = counts[:, first:].size * min(step, DAY_SECONDS) / DAY_SECONDS / 30
    kinds = (NoHabit, Habit)
    return [f"{_mails(_watched(counts, step, kind), first, rest) / spent:.2f}" for kind in kinds]


def _negative_binomial(draw: Draw, mean: Array) -> Array:
    phi = draw.choice([1.1, 1.5, 3.0, 5.0], (len(mean), 1))
    return draw.negative_binomial(np.maximum(mean, 1e-6) / (phi - 1), 1 / phi).astype(float)


def _plain(draw: Draw, mean: float) -> Array:
    day = np.arange(_DAYS)
    weekend = (day + draw.integers(7, size=(_BRANDS, 1))) % 7 >= 5  # noqa: PLR2004 - Saturday
    return mean * np.where(weekend, draw.uniform(0.38, 0.85, (_BRANDS, 1)), 1.0)


def _seasonal(draw: Draw, mean: float) -> Array:
    phase = draw.integers(180, size=(_BRANDS, 1))
    return _plain(draw, mean) * np.exp(0.5 * np.cos(2 * np.pi * (np.arange(_DAYS) + phase) / 180))


def _growing(draw: Draw, mean: float) -> Array:
    return _plain(draw, mean) * np.exp(0.01 * (np.arange(_DAYS) - _DAYS / 2))


def _silent(draw: Draw, mean: float) -> Array:
    """Return means of brands that are spoken of for ten days or so, and then not."""
    turns = draw.random((_BRANDS, _DAYS)) < 0.1  # noqa: PLR2004 - a stay of ten days
    return _plain(draw, mean) * (np.cumsum(turns, axis=1) % 2)


def _bursting(draw: Draw, mean: float) -> Array:
    return _plain(draw, mean) * (1 + 0.4 * draw.pareto(2.5, (_BRANDS, _DAYS)))


def _days() -> None:
    draw, rows = np.random.default_rng(_SEED), []
    laws = {
        "weekends only": _plain,
        "season of half a year, e^±0.5": _seasonal,
        "growth of 1 % a day": _growing,
        "ten days on, ten days off": _silent,
        "heavy days (Pareto 2.5)": _bursting,
    }
    for name, law in laws.items():
        means = [_negative_binomial(draw, law(draw, mean)) for mean in _MEANS]
        made = [_rates(counts, DAY_SECONDS, _FIRST) for counts in means]
        rows.append([name, *(" → ".join(pair) for pair in made)])
    table(
        "Accepted 0.10: made without → with own habit, by mentions a day",
        ["days", *map(str, _MEANS)],
        rows,
    )


def _busy_hours(draw: Draw, mean: float, bursts: float) -> Array:
    """Return hours whose day-level wanders, with ``bursts`` a day that ebb within hours."""
    size, days = 12, 70
    hours = days * 24
    level = np.zeros((size, days))
    for day in range(1, days):
        level[:, day] = 0.4 * level[:, day - 1] + 0.18 * draw.normal(size=size)
    within = np.arange(hours) / 24
    smooth = np.stack([np.interp(within - 0.5, np.arange(days), one) for one in level])
    shape = 1 + 0.6 * np.cos(2 * np.pi * (within - 15 / 24))
    means = mean / 24 * shape * np.exp(smooth + 0.05 * draw.normal(size=(size, hours)))
    for series in means:
        for start in draw.integers(0, hours - 6, draw.poisson(bursts * days)):
            ebb = np.array([1.0, 0.5, 0.25, 0.12, 0.06])
            series[start : start + 5] += mean / 24 * (0.3 + draw.pareto(2.2)) * ebb
    return draw.negative_binomial(means, 0.5).astype(float)


def _hours() -> None:
    draw, rows = np.random.default_rng(_SEED), []
    for mean in (100.0, 1_000.0, 10_000.0):
        made = [_rates(_busy_hours(draw, mean, n), _HOUR, _FIRST * 24) for n in (0.0, 0.3, 1.5)]
        rows.append([f"{mean:g} a day", *(" → ".join(pair) for pair in made)])
    table(
        "By the hour, accepted 0.10 (12 brands, 42 days each)",
        ["", "no bursts", "a burst in three days", "three in two days"], rows,
    )  # fmt: skip


def _epidemics(draw: Draw, mean: float, factor: float) -> Array:
    """Return the means of weeks whose year moves by a factor, never quite alike."""
    week = np.arange(_YEARS * _WEEKS)
    year = (week // _WEEKS)[None, :]
    late = draw.normal(0, 1.5, (_BRANDS, _YEARS))
    high = 1 + draw.normal(0, 0.15, (_BRANDS, _YEARS))
    peak = draw.uniform(0, _WEEKS, (_BRANDS, 1))
    late, high = (np.take_along_axis(one, np.broadcast_to(year, (_BRANDS, len(week))), 1)
                  for one in (late, high))  # fmt: skip
    move = np.log(factor) / 2 * high * np.cos(2 * np.pi * (week - peak - late) / _WEEKS)
    noise = np.zeros((_BRANDS, len(week)))
    for one in week[1:]:
        noise[:, one] = 0.6 * noise[:, one - 1] + 0.08 * draw.normal(size=_BRANDS)
    return mean * np.exp(move + noise)


def _weeks() -> None:
    draw, rows = np.random.default_rng(_SEED), []
    for factor in (1.0, 3.0, 10.0):
        for mean in (2.0, 10.0, 60.0):
            means = _epidemics(draw, mean, factor)
            counts = _negative_binomial(draw, means)
            first = _watched(counts[:, :_WEEKS], DAY_SECONDS * _WEEK, Habit)
            made = _mails(first, 0, 1) / _BRANDS / _WEEKS * 30
            later = _rates(counts, DAY_SECONDS * _WEEK, _WEEKS)[1]
            rows.append([f"{factor:g}, {mean:g} a week", f"{made:.2f}", later,
                         f"{_found(draw, counts, means):.2f}"])  # fmt: skip
    head = ["highest ÷ lowest of the year", "first year", "later", "k=10 found"]
    table("Weeks: false alarms per 30 rows (0.10 accepted), and waves found", head, rows)


def _found(draw: Draw, counts: Array, means: Array) -> float:
    """Add a wave of ten standard deviations to each series, in year four or five."""
    with_wave, starts = counts.copy(), draw.integers(3 * _WEEKS, 5 * _WEEKS, len(counts))
    for series, start, mean in zip(with_wave, starts, means, strict=True):
        size = max(2, draw.poisson(10 * np.sqrt(1.8 * mean[start])))
        np.add.at(series, start + np.floor(draw.lognormal(0, 0.7, size)).astype(int).clip(0, 9), 1)
    scores = _watched(with_wave, DAY_SECONDS * _WEEK, Habit)
    return float(np.mean([
        (scores[series, start : start + 5] >= Detector.threshold).any()
        for series, start in enumerate(starts)
    ]))  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
