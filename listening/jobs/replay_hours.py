"""Replays of clients who are looked at several times a day: the past, hour by hour."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from listening.alerts.calendar import Calendar
from listening.alerts.closer import Closer, look_closer, wants_hours
from listening.alerts.kinds import tone_of
from listening.config.alerts import RuleSpec
from listening.jobs.alert_counts import part_of
from listening.jobs.alert_looks import start_of_hours
from listening.model import Evaluation
from storage.counts import hour_counts
from storage.engine import Warehouse
from storage.reach import Reach

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


def judged_by_hours(
    warehouse: Warehouse,
    rule: RuleSpec,
    evaluations: Sequence[Evaluation],
    *,
    rule_counts: Mapping[str, int],
    calendar: Calendar,
    reach: Reach,
) -> list[Evaluation]:
    """Return looks of the past, taken closer where hours can change what they came to.

    The looks of one week share a history that begins sixty days before its Monday: it is that of a
    look on that day, and a little more than that of one on a Sunday.

    Args:
        warehouse: The snapshot.
        rule: The rule that judged.
        evaluations: Its looks at windows as a whole, in any order.
        rule_counts: By brand, how many rules judge it.
        calendar: Where days begin, which days are holidays or announced.
        reach: That of the warehouse.
    """
    found = list(evaluations)
    weeks: dict[date, list[int]] = defaultdict(list)
    for number, evaluation in enumerate(found):
        if wants_hours(rule, evaluation):
            last_hour = evaluation.observation.window.end - _HOUR
            day = last_hour.astimezone(calendar.timezone).date()
            weeks[day - day.weekday() * _DAY].append(number)
    for monday, numbers in weeks.items():
        ends = [found[number].observation.window.end for number in numbers]
        hours = hour_counts(
            warehouse,
            brand_ids=list({found[number].brand_id: None for number in numbers}),
            start=start_of_hours(monday, max(ends), calendar),
            end=max(ends),
            polarity=tone_of(rule.kind),
            part=part_of(rule),
            reach=reach,
        )
        looks = [
            Closer(rule, one, hours[one.brand_id], rule_counts[one.brand_id])
            for one in (found[number] for number in numbers)
        ]
        for number, closer in zip(numbers, look_closer(looks, calendar), strict=True):
            found[number] = closer
    return found
