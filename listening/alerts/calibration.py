"""From evidence to a promise: how many false alarms a day a level of evidence costs.

The evidence (``wave.py``) compares two explanations; it does not say how often chance alone looks
so much like a wave. That was measured: on simulated brands of 0.1 to 100 mentions a day, with
weekdays, trend, season, noise and old crises (2,400 looked at daily, 240 hourly), the false alarms
at each level of evidence were counted, at most one in three days as a mail would be, and their
logarithm was fitted by a line in the evidence whose place and slope follow the brand's level and
dispersion (Poisson regression). The coefficients are below; ``benchmarks/alerts.py`` checks them
on other brands.
"""

from listening.alerts.numbers import Numbers, Value

#: log10 of false alarms per day = these · (1, e, L, D, L², LD, D², eL, eD) with e the evidence,
#: L = log10 of the level, D = log10 of the dispersion.
_DAILY = (-1.6734, -1.3978, -0.1948, 1.8892, -0.03, -0.069, -1.1449, -0.1889, 0.808)
_HOURLY = (-0.3268, -1.2094, -0.2293, -0.2208, -0.1523, 0.7135, -0.4092, 0.0918, 0.4934)

#: A history of seven days makes about twice the false alarms of a long one; less with each week.
_SHORT = 0.35
_WEEK = 7.0

#: Beyond these levels and dispersions nothing was measured.
_LEVELS = (0.05, 200.0)
_DISPERSIONS = (1.05, 12.0)

#: No rate is smaller than 10 to this power.
_LEAST = -300.0


def false_alarms_per_day(
    numbers: Numbers,
    evidence: Value,
    level: Value,
    dispersion: Value,
    days: Value,
    *,
    is_intraday: bool,
) -> Value:
    """Return how many false alarms a day a rule makes that fires at this evidence; NaN stays NaN.

    Args:
        numbers: One series, or many.
        evidence: See ``wave.evidence``.
        level: Expected count of an average day.
        dispersion: Variance ÷ mean of such a day.
        days: How many days of the series were seen.
        is_intraday: Whether one looks every hour, and not once a day.
    """
    n = numbers
    size = n.log10(n.minimum(n.maximum(level, _LEVELS[0]), _LEVELS[1]))
    noise = n.log10(n.minimum(n.maximum(dispersion, _DISPERSIONS[0]), _DISPERSIONS[1]))
    base, e, s, d, ss, sd, dd, es, ed = _HOURLY if is_intraday else _DAILY
    exponent = (
        base + s * size + d * noise + ss * size * size + sd * size * noise + dd * noise * noise
        + evidence * (e + es * size + ed * noise)
        + _SHORT * _WEEK / n.maximum(days, _WEEK)
    )  # fmt: skip
    return 10.0 ** n.minimum(n.maximum(exponent, _LEAST), 0.0)
