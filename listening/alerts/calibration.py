"""From evidence to a promise: how many false alarms a day a level of evidence costs.

The evidence (``wave.py``) compares two explanations; it does not say how often chance alone looks
so much like a wave. That was measured: on simulated brands of 0.1 to 100 mentions a day, with
weekends, trend, season and swing, two thirds of them with crises, one without any, the false alarms
at each level of evidence were counted, at most one in three days as a mail would be, and their
logarithm was fitted by a line in the evidence whose place and slope follow the brand's level, its
dispersion and the length of its history (Poisson regression). ``benchmarks/alert_calibrate.py``
derives the tables below again, and ``benchmarks/alerts.py`` checks them on other brands.
"""

from typing import NamedTuple

from listening.alerts.numbers import Numbers, Value


class Table(NamedTuple):
    """log10 of false alarms a day: place + slope · e, with e the evidence.

    L is log10 of the level, D log10 of the dispersion, Y 1 ÷ days of history.
    """

    place: tuple[float, ...]  # of 1, L, D, L², LD, D², Y, YL, YD
    slope: tuple[float, ...]  # of 1, L, D, Y


#: Looking once a day.
DAILY = Table(
    place=(
        -1.5072,
        -0.2053,
        1.4813,
        -0.0454,
        0.0032,
        -0.9652,
        1.97,
        -1.1498,
        2.3494,
    ),
    slope=(-1.2365, -0.1341, 0.514, 2.1998),
)
#: Looking within the day.
HOURLY = Table(
    place=(
        -0.4527,
        -0.6306,
        1.6427,
        -0.0419,
        0.9169,
        -2.5386,
        14.1917,
        -3.6686,
        -6.0195,
    ),
    slope=(-1.3487, 0.2138, 0.5275, -0.1756),
)

#: Rows of a week and more make so many times the false alarms of days (a power of 10): seasons
#: never come quite as last year, and levels wander further from one row to the next.
_LONGER = 0.7
LONGER = DAILY._replace(place=(DAILY.place[0] + _LONGER, *DAILY.place[1:]))

#: Beyond these levels and dispersions nothing was measured; fewer days are not judged.
_LEVELS = (0.05, 200.0)
_DISPERSIONS = (1.05, 12.0)
_WEEK = 7.0

#: A brand that is new may make twice the false alarms of a known one (a power of 10; less with each
#: week): its first crisis would otherwise go unnoticed.
_LENIENCY = 0.3

#: Brands that look calmer are judged as if they were like this: the line is too kind to them.
_CALMEST = 1.3

#: Within the day, brands beyond those levels make so many times the false alarms for each factor of
#: ten (a power of 10): chance averages out, what moves a day from within does not.
_BUSY = 0.5

#: The rate falls at least by 10 to this power for each factor of ten in the evidence.
_FLATTEST = 0.4

#: No rate is smaller than 10 to this power.
_LEAST = -300.0


def false_alarms_per_day(
    numbers: Numbers,
    evidence: Value,
    level: Value,
    dispersion: Value,
    days: Value,
    *,
    table: Table,
) -> Value:
    """Return how many false alarms a day a rule makes that fires at this evidence; NaN stays NaN.

    Args:
        numbers: One series, or many.
        evidence: See ``wave.evidence``.
        level: Expected count of an average day.
        dispersion: Variance ÷ mean of such a day.
        days: How many days of the series were seen.
        table: Depends on how long the rows are.
    """
    in_place, in_slope = terms(numbers, level, numbers.maximum(dispersion, _CALMEST), days)
    place = sum(weight * term for weight, term in zip(table.place, in_place, strict=True))
    slope = sum(weight * term for weight, term in zip(table.slope, in_slope, strict=True))
    exponent = place + numbers.minimum(slope, -_FLATTEST) * evidence
    exponent = exponent - _LENIENCY * _WEEK / numbers.maximum(days, _WEEK)
    if table is HOURLY:
        busy = numbers.log10(numbers.maximum(level / _LEVELS[1], 1.0))
        exponent = exponent + _BUSY * busy
    return 10.0 ** numbers.minimum(numbers.maximum(exponent, _LEAST), 0.0)


def terms(
    n: Numbers, level: Value, dispersion: Value, days: Value
) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Return what place and slope of the line are weighted sums of; see ``Table``."""
    size = n.log10(n.minimum(n.maximum(level, _LEVELS[0]), _LEVELS[1]))
    noise = n.log10(n.minimum(n.maximum(dispersion, _DISPERSIONS[0]), _DISPERSIONS[1]))
    youth = 1 / n.maximum(days, _WEEK)
    in_place = (
        1.0, size, noise, size * size, size * noise, noise * noise,
        youth, youth * size, youth * noise,
    )  # fmt: skip
    return in_place, (1.0, size, noise, youth)
