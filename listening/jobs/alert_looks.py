"""What all rules see at one instant: their windows and, for who listens by the hour, the hours."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from listening.alerts.calendar import Calendar
from listening.alerts.closer import (
    FEWEST_LOOKS,
    WANTED_DAYS,
    Closer,
    knows_hours,
    look_closer,
    wants_hours,
)
from listening.alerts.kinds import tone_of
from listening.alerts.rules import evaluate_brands, sharing
from listening.config.alerts import RuleSpec
from listening.jobs.alert_counts import Counter, part_of
from listening.model import BrandHours, Evaluation, Polarity
from storage.counts import Part, looks_within
from storage.engine import Warehouse

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)


def look_at_rules(
    warehouse: Warehouse,
    counter: Counter,
    rules: Sequence[RuleSpec],
    *,
    end: datetime,
    calendar: Calendar,
) -> dict[str, list[Evaluation]]:
    """Judge every rule for its brands at ``end``; return the evaluations of each rule by its id."""
    found: dict[str, list[Evaluation]] = {}
    for rule in rules:
        series = counter.series(rule)
        found[rule.id] = evaluate_brands(
            rule,
            [series[brand_id] for brand_id in rule.brands],
            rule_counts=[sharing(rules, brand_id) for brand_id in rule.brands],
            now=end,
            looks_per_window=looks_within(warehouse, rule.id, end=end, length=rule.window),
            calendar=calendar,
        )
    wanting = [
        (rule, number, evaluation)
        for rule in rules
        if looks_by_the_hour(warehouse, rule, end=end)
        for number, evaluation in enumerate(found[rule.id])
        if wants_hours(rule, evaluation)
    ]
    today = (end - _HOUR).astimezone(calendar.timezone).date()
    start = start_of_hours(today, end, calendar)
    hours = _hours_of(counter, [(rule, one.brand_id) for rule, _, one in wanting], start)
    looks = [
        Closer(rule, one, hours[_seen_by(rule)][one.brand_id], sharing(rules, one.brand_id))
        for rule, _, one in wanting
    ]
    for (rule, number, _), closer in zip(wanting, look_closer(looks, calendar), strict=True):
        found[rule.id][number] = closer
    return found


def looks_by_the_hour(warehouse: Warehouse, rule: RuleSpec, *, end: datetime) -> bool:
    """Say whether a rule takes a closer look: it can, and looked often enough until ``end``."""
    if not knows_hours(rule):
        return False
    return looks_within(warehouse, rule.id, end=end, length=_DAY) >= FEWEST_LOOKS


_Seen = tuple[Polarity | None, Part]


def _seen_by(rule: RuleSpec) -> _Seen:
    return tone_of(rule.kind), part_of(rule)


def _hours_of(
    counter: Counter, wanted: Sequence[tuple[RuleSpec, str]], start: datetime
) -> Mapping[_Seen, Mapping[str, BrandHours]]:
    """Count hours once for all rules that look at the same texts."""
    brands: dict[_Seen, dict[str, None]] = defaultdict(dict)
    for rule, brand_id in wanted:
        brands[_seen_by(rule)][brand_id] = None
    return {
        seen: counter.hours(*seen, brand_ids=list(chosen), start=start)
        for seen, chosen in brands.items()
    }


def start_of_hours(day: date, end: datetime, calendar: Calendar) -> datetime:
    """Return where hours that end at ``end`` begin for a look on ``day``.

    That is local midnight sixty days before; in zones of half an hour, the first whole hour of
    that day.
    """
    midnight = datetime.combine(day - WANTED_DAYS * _DAY, time(), tzinfo=calendar.timezone)
    return end - (end - midnight) // _HOUR * _HOUR
