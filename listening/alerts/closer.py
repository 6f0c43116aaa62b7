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
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from listening.alerts.calendar import Calendar
from listening.alerts.kinds import MIN_COVERAGE, is_one_voice
from listening.alerts.numbers import arrays
from listening.alerts.rules import alarm_threshold, has_share, is_breach
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
#: A share that is looked at 24 times a day passes the rule's by chance on some of them. A campaign
#: that triples everything does so on 8 % of its days, and on 1.5 % when the share must lie so many
#: standard errors beyond (``benchmarks/alert_hourly_traps.py``).
_SHARE_ERRORS: Final = 1.25

#: Brands with more texts a day are judged by windows: where the hours of such are steady, they make
#: ten times the false alarms that were accepted at 3,000 a day, windows do not (measured).
_LARGEST: Final = 1000.0

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
    hours: BrandHours  # up to the end of the window, or beyond
    rule_count: int  # how many rules judge the brand: they share its budget


class HourlyRates(NamedTuple):
    """What each hour of many series says, (series, hours)."""

    rates: Array  # false alarms per day of a rule that fires there; NaN while learning
    seen: NDArray[np.intp]  # hours seen until then


def knows_hours(rule: RuleSpec) -> bool:
    """Say whether a rule looks for a rise, by a budget, through a window of a day at most."""
    return rule.kind in _KINDS and rule.fires_at is None and rule.window <= _DAY


def wants_hours(rule: RuleSpec, evaluation: Evaluation) -> bool:
    """Say whether hours can change what a look at the window came to.

    It must hold enough to speak of, of a brand whose hours can be trusted. Where one author wrote
    half of it, the window decides: hours do not tell a crowd from one.
    """
    return (
        knows_hours(rule)
        and evaluation.decision is not Decision.OUTAGE
        and evaluation.baseline is not None
        and evaluation.baseline.center <= _LARGEST * (rule.window / _DAY)
        and is_breach(rule, evaluation.observation, evaluation.baseline)
        and not is_one_voice(evaluation.observation)
    )


def look_closer(looks: Sequence[Closer], calendar: Calendar) -> list[Evaluation]:
    """Return the evaluations as the hours decide them; as they are where hours cannot tell yet.

    The window's numbers stay: what was counted, and what is usual. ``p_value`` is that of the
    hours up to the window's end, for one length of the window, ``threshold`` what the budget allows
    there, and ``judged_hour_count`` says how many hours it rests on.

    Args:
        looks: What is looked at; the hours of all begin and end together.
        calendar: Where days begin, which days are holidays or announced.

    Raises:
        ValueError: The hours do not begin and end together.
    """
    if not looks:
        return []
    series = list({id(one.hours): one.hours for one in looks}.values())
    if len({(hours.start, len(hours.counts)) for hours in series}) > 1:
        raise ValueError("hours begin or end at different times")
    places = {id(hours): place for place, hours in enumerate(series)}
    found = hourly_rates(series, calendar)
    return [_judged(look, found, places[id(look.hours)], calendar) for look in looks]


def _judged(look: Closer, found: HourlyRates, place: int, calendar: Calendar) -> Evaluation:
    rule, window = look.rule, look.evaluation.observation.window
    until = (window.end - look.hours.start) // _HOUR
    newest = look.hours.coverage[max(0, until - _FRESH_HOURS) : until]
    rate = float(found.rates[place, until - 1])
    if math.isnan(rate) or max(newest) < MIN_COVERAGE:
        return look.evaluation
    threshold = alarm_threshold(
        rule.false_alarm_budget, window=rule.window, rule_count=look.rule_count
    )
    p_value = min(1.0, rate * (rule.window / _DAY))
    decision = Decision.BELOW
    if p_value <= threshold and has_share(rule, look.evaluation.observation, beyond=_SHARE_ERRORS):
        decision = Decision.SILENCED if calendar.is_paused(window) else Decision.FIRED
    return replace(
        look.evaluation,
        p_value=p_value,
        threshold=threshold,
        decision=decision,
        judged_hour_count=int(found.seen[place, until - 1]),
    )


def hourly_rates(series: Sequence[BrandHours], calendar: Calendar) -> HourlyRates:
    """Judge each hour of many series by those before it.

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
    rates = np.empty((len(series), len(rows[0])))
    for row, (count, seen) in enumerate(zip(*rows, strict=True)):
        watch.take(count, row=row, slot=slots[row // _HOURS], coverage=seen)
        rates[:, row] = watch.false_alarms_per_day()
    return HourlyRates(rates[:, columns], np.cumsum(cover > 0, axis=1))


def _columns(hours: BrandHours, calendar: Calendar) -> tuple[list[int], list[date]]:
    """Return the row of each hour, counted from the first local midnight, and the days of rows."""
    start = hours.start.astimezone(UTC)
    local = [(start + n * _HOUR).astimezone(calendar.timezone) for n in range(len(hours.counts))]
    first = local[0].date()
    columns = [(one.date() - first).days * _HOURS + one.hour for one in local]
    return columns, [first + n * _DAY for n in range(columns[-1] // _HOURS + 1)]
