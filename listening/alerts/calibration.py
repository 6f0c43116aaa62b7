"""From evidence to a promise: how many false alarms a day a level of evidence costs.

The evidence (``wave.py``) compares two explanations; it does not say how often chance alone looks
so much like a wave. That was measured: on simulated brands of 0.1 to 100 mentions a day, with
weekdays, trend, season, noise and old crises (2,400 looked at daily, 240 hourly), the false alarms
at each level of evidence were counted, at most one in three days as a mail would be, and their
logarithm was fitted by a line in the evidence whose place and slope follow the brand's level and
dispersion (Poisson regression). The coefficients are below; ``benchmarks/alerts.py`` checks them
on other brands.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

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


def false_alarms_per_day(
    evidence: Array, level: Array, dispersion: Array, days: Array, *, is_intraday: bool
) -> Array:
    """Return how many false alarms a day a rule makes that fires at this evidence; NaN stays NaN.

    Args:
        evidence: See ``wave.evidence``.
        level: Expected count of an average day.
        dispersion: Variance ÷ mean of such a day.
        days: How many days of the series were seen.
        is_intraday: Whether one looks every hour, and not once a day.
    """
    size = np.log10(np.clip(level, *_LEVELS))
    noise = np.log10(np.clip(dispersion, *_DISPERSIONS))
    known = np.stack(
        [
            np.ones_like(size), evidence, size, noise, size * size, size * noise, noise * noise,
            evidence * size, evidence * noise,
        ]
    )  # fmt: skip
    exponent = np.tensordot(np.array(_HOURLY if is_intraday else _DAILY), known, axes=1)
    exponent = exponent + _SHORT * _WEEK / np.maximum(days, _WEEK)
    return np.asarray(10.0 ** np.clip(exponent, -300, 0))
