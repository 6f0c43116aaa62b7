"""A closer look, hour by hour, for clients who are looked at several times a day.

The window of a rule says whether there is enough to speak of: how many texts, which share of them.
How unusual they are is then asked of the hours. A wave that began at noon stands out from the
afternoons of that brand long before it stands out from its whole days, and one promise covers all
looks of a day: nothing has to be made stricter because the windows overlap.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from listening.alerts.calendar import Calendar
from listening.alerts.kinds import MIN_COVERAGE, is_one_voice
from listening.alerts.numbers import arrays
from listening.alerts.rules import alarm_threshold, is_breach
from listening.alerts.series import WEEK, Watch
from listening.config.alerts import RuleSpec
from listening.model import BrandHours, Decision, Evaluation, RuleKind

Array = NDArray[np.float64]

#: Fewer looks within a day are nights, one of which ended an hour earlier.
FEWEST_LOOKS: Final = 3

#: Days of hours worth asking for; more change little.
WANTED_DAYS: Final = 60

_KINDS: Final = frozenset(
    {
        RuleKind.SPIKE,
        RuleKind.NEGATIVE_SPIKE,
        RuleKind.POSITIVE_SPIKE,
        RuleKind.COMPETITOR_SPIKE,
    }
)
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_HOURS: Final = 24

#: Where none of so many newest hours could be seen, the hours know less than the window.
_FRESH_HOURS: Final = 3


@dataclass(frozen=True, slots=True)
class Closer:
    """What a closer look is taken at."""

    rule: RuleSpec
    evaluation: Evaluation  # of the window as a whole
    hours: BrandHours
    rule_count: int  # how many rules judge the brand: they share its budget


def wants_hours(rule: RuleSpec, evaluation: Evaluation) -> bool:
    """Say whether hours can change what a look at the window came to.

    That is a rise judged by a budget, through a window of a day at most, that holds enough to speak
    of. Where one author wrote half of it, the window decides: hours do not tell a crowd from one.
    """
    return (
        rule.kind in _KINDS
        and rule.fires_at is None
        and rule.window <= _DAY
        and evaluation.decision is not Decision.OUTAGE
        and evaluation.baseline is not None
        and is_breach(rule, evaluation.observation, evaluation.baseline)
        and not is_one_voice(evaluation.observation)
    )


def look_closer(looks: Sequence[Closer], calendar: Calendar) -> list[Evaluation]:
    """Return the evaluations as the hours decide them; as they are where hours cannot tell yet.

    The window's numbers stay: what was counted, and what is usual. ``p_value`` is that of the
    hours, for one length of the window, ``threshold`` what the budget allows there, and
    ``judged_hour_count`` says how many hours it rests on.

    Args:
        looks: What is looked at; the hours of all begin and end together.
        calendar: Where days begin, which days are holidays or announced.

    Raises:
        ValueError: The hours do not begin and end together.
    """
    if not looks:
        return []
    if len({(one.hours.start, len(one.hours.counts)) for one in looks}) > 1:
        raise ValueError("hours begin or end at different times")
    rates, seen = hourly_rates([one.hours for one in looks], calendar)
    return [
        _judged(look, float(rates[index, -1]), int(seen[index]), calendar)
        for index, look in enumerate(looks)
    ]


def _judged(look: Closer, rate: float, seen: int, calendar: Calendar) -> Evaluation:
    is_fresh = any(cover >= MIN_COVERAGE for cover in look.hours.coverage[-_FRESH_HOURS:])
    if math.isnan(rate) or not is_fresh:
        return look.evaluation
    rule = look.rule
    threshold = alarm_threshold(
        rule.false_alarm_budget, window=rule.window, rule_count=look.rule_count
    )
    p_value = min(1.0, rate * (rule.window / _DAY))
    decision = Decision.BELOW
    if p_value <= threshold:
        is_paused = calendar.is_paused(look.evaluation.observation.window)
        decision = Decision.SILENCED if is_paused else Decision.FIRED
    return replace(
        look.evaluation,
        p_value=p_value,
        threshold=threshold,
        decision=decision,
        judged_hour_count=seen,
    )


def hourly_rates(
    series: Sequence[BrandHours], calendar: Calendar
) -> tuple[Array, NDArray[np.intp]]:
    """Return false alarms per day at each hour of local days, and how many hours were seen.

    Days begin at local midnight. The hour that is missing in spring is unknown; the one that is
    there twice in autumn is one row that was seen twice as long, and twice as much is expected of
    it. Hours of which less than half could be seen are unknown, and not empty.

    Args:
        series: Hours that begin and end together.
        calendar: Where days begin, which days are holidays or announced.
    """
    columns, days = _columns(series[0], calendar)
    cover = np.array([one.coverage for one in series])
    cover = np.where(cover >= MIN_COVERAGE, cover, 0.0)
    counts = np.where(cover > 0, np.array([one.counts for one in series], dtype=float), 0.0)
    rows = np.zeros((2, columns[-1] + 1, len(series)))
    np.add.at(rows[0], columns, counts.T)
    np.add.at(rows[1], columns, cover.T)
    slots = [calendar.kind_on(day) for day in days]
    watch = Watch(arrays(len(series)), _HOUR.total_seconds(), slots=max(WEEK, 1 + max(slots)))
    rates = np.empty((len(series), columns[-1] + 1))
    for row, (count, seen) in enumerate(zip(*rows, strict=True)):
        watch.take(count, row=row, slot=slots[row // _HOURS], coverage=seen)
        rates[:, row] = watch.false_alarms_per_day()
    return rates, np.count_nonzero(cover > 0, axis=1)


def _columns(hours: BrandHours, calendar: Calendar) -> tuple[list[int], list[date]]:
    """Return the row of each hour, counted from the first local midnight, and the days of rows."""
    start = hours.start.astimezone(UTC)
    local = [(start + n * _HOUR).astimezone(calendar.timezone) for n in range(len(hours.counts))]
    first = local[0].date()
    columns = [(one.date() - first).days * _HOURS + one.hour for one in local]
    return columns, [first + n * _DAY for n in range(columns[-1] // _HOURS + 1)]
