"""What the rules would have told, had they judged the past: day by day, through the same code."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from listening.alerts.baseline import WANTED_WINDOWS
from listening.alerts.kinds import tone_of
from listening.alerts.lifecycle import advance
from listening.alerts.rules import above_first, evaluate_brands, sharing
from listening.alerts.series import WEEK
from listening.config.alerts import COUNTED_KINDS, RuleSpec
from listening.config.field import FalseAlarmBudget
from listening.jobs.alert_counts import Counter, calendar_of, part_of
from listening.jobs.alert_looks import looks_by_the_hour
from listening.jobs.context import JobContext
from listening.jobs.replay_hours import judged_by_hours
from listening.model import Alert, Decision, Evaluation, Observation, Window
from storage.alert_context import heard_at
from storage.counts import window_observations
from storage.engine import Warehouse
from storage.reach import Reach, source_reach
from storage.reading import open_snapshot

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)

#: So many windows are judged together: more need more memory and are not faster.
_SERIES_AT_ONCE = 10_000


@dataclass(slots=True)
class Incident:
    """One alert that would have opened."""

    alert: Alert  # as it ended, or as it is at the end of the replay
    opening: Evaluation  # what opened it
    mail_count: int  # occasions on which people would have been told


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a replay came to."""

    incidents: tuple[Incident, ...]  # in order of their opening
    look_count: int  # evaluations
    decisions: dict[Decision, int]
    day_count: int  # full days that were judged
    until: datetime | None  # end of what was judged; None: nothing was


@dataclass(frozen=True, slots=True)
class _Past:
    """What every look reads."""

    context: JobContext
    warehouse: Warehouse
    reach: Reach
    midnights: tuple[datetime, ...]  # of the client's zone, in UTC, one more than there are days
    heard_until: datetime  # the last full hour that was published

    def ends(self, window: timedelta, *, is_hourly: bool = False) -> list[datetime]:
        """Return when to look through a window: every hour, or each day from its end backwards.

        A day of 25 hours is looked at once more when the looks would leave its first hour out, one
        of 23 hours reaches into the day before: a window is as long on every day.
        """
        step = _HOUR if is_hourly else min(window, _DAY)
        return [
            end
            for start, midnight in pairwise(self.midnights)
            for end in reversed(_looks_of(start, midnight, step))
            if end <= self.heard_until
        ]


def replay(
    context: JobContext, *, from_on: date, to_on: date, budget: FalseAlarmBudget | None = None
) -> Replay:
    """Judge each day from ``from_on`` to ``to_on`` (excluded) as if it had just ended.

    A rule that looked several times within the last day that was heard, as for who listens every
    hour, looks at each hour of them instead.

    Days are those of the client's time zone, each cut by itself: a change of the clock, or another
    end, moves none of them. What had not ended at the newest visit that was published is left out.

    Every look knows only what was published before it; what was read late counts as if it had been
    read in time. Rules inhibit each other; silences are not asked for, they were for people.

    Args:
        context: The client; its published snapshot is read, nothing is written.
        from_on: First day, in the client's time zone.
        to_on: Day after the last.
        budget: Instead of that of each rule that has one.

    Raises:
        StorageError: Nothing was published yet.
        ValueError: There is no day between the two.
    """
    if to_on <= from_on:
        raise ValueError(f"no day from {from_on} to {to_on}")
    rules = context.config.rules
    if budget is not None:
        rules = tuple(
            rule.model_copy(update={"false_alarm_budget": budget})
            if rule.fires_at is None
            else rule
            for rule in rules
        )
    with open_snapshot(context.paths.snapshot) as warehouse:
        return replay_in(warehouse, context, rules, from_on=from_on, to_on=to_on, by_hour=True)


def replay_in(
    warehouse: Warehouse,
    context: JobContext,
    rules: Sequence[RuleSpec],
    *,
    from_on: date,
    to_on: date,
    by_hour: bool = False,
) -> Replay:
    """Do the same with rules of one's own, in a snapshot or a writer that is open.

    Without ``by_hour`` every rule looks once a day, which takes a tenth of the time.
    """
    looks: dict[datetime, dict[str, list[Evaluation]]] = defaultdict(dict)
    past = _past_of(context, warehouse, from_on, to_on)
    for rule in rules:
        shared = [sharing(rules, brand_id) for brand_id in rule.brands]
        for evaluation in _looks(past, rule, shared, by_hour=by_hour):
            looks[evaluation.evaluated_at].setdefault(rule.id, []).append(evaluation)
    day_count = sum(midnight <= past.heard_until for midnight in past.midnights[1:])
    return _played(above_first(rules), looks, day_count=day_count)


def _past_of(context: JobContext, warehouse: Warehouse, from_on: date, to_on: date) -> _Past:
    zone = ZoneInfo(context.config.timezone)
    heard_until = heard_at(warehouse).replace(minute=0, second=0, microsecond=0)
    stop = min(to_on, heard_until.astimezone(zone).date() + _DAY)
    days = [from_on + n * _DAY for n in range((stop - from_on).days + 1)]
    return _Past(
        context,
        warehouse,
        source_reach(warehouse),
        tuple(datetime.combine(day, time(), tzinfo=zone).astimezone(UTC) for day in days),
        heard_until,
    )


def _looks_of(start: datetime, midnight: datetime, step: timedelta) -> list[datetime]:
    count = -((start - midnight) // step)  # rounded up: nothing is left out
    return [midnight - n * step for n in range(count)]


def _looks(
    past: _Past, rule: RuleSpec, shared: Sequence[int], *, by_hour: bool
) -> list[Evaluation]:
    """Return every look of one rule, by the hour if that is how it looks now."""
    is_hourly = by_hour and looks_by_the_hour(past.warehouse, rule, end=past.heard_until)
    found = list(_evaluations(past, rule, shared, is_hourly=is_hourly))
    if not is_hourly:
        return found
    counts = dict(zip(rule.brands, shared, strict=True))
    calendar = calendar_of(past.context, past.warehouse)
    return judged_by_hours(
        past.warehouse, rule, found, rule_counts=counts, calendar=calendar, reach=past.reach
    )


def _evaluations(
    past: _Past, rule: RuleSpec, shared: Sequence[int], *, is_hourly: bool
) -> Iterator[Evaluation]:
    """Yield looks at windows; days with as many kinds of days behind them are judged together."""
    ends = past.ends(rule.window, is_hourly=is_hourly)
    if not ends:
        return
    if rule.kind in COUNTED_KINDS:
        yield from _picked(past, rule, shared, ends)
        return
    calendar = calendar_of(past.context, past.warehouse)

    @cache
    def kind_at(end: datetime) -> int:
        return calendar.kind_of(Window(start=end - rule.window, end=end))

    groups: dict[int, list[datetime]] = defaultdict(list)
    kinds: dict[datetime, list[int]] = {}
    for end in ends:
        kinds[end] = [kind_at(end - n * rule.window) for n in range(WANTED_WINDOWS, -1, -1)]
        groups[max(WEEK, *kinds[end])].append(end)  # one kind more changes what is expected
    windows_until = _windows(past, rule, ends)
    for together in _parts(groups.values(), max(1, _SERIES_AT_ONCE // len(rule.brands))):
        found = evaluate_brands(
            rule,
            [series for end in together for series in windows_until(end)],
            rule_counts=list(shared) * len(together),
            now=ends[-1],
            looks_per_window=max(1, rule.window // (_HOUR if is_hourly else _DAY)),
            calendar=calendar,
            kinds=[kinds[end] for end in together for _ in rule.brands],
        )
        for evaluation in found:
            yield replace(evaluation, evaluated_at=evaluation.observation.window.end)


def _windows(
    past: _Past, rule: RuleSpec, ends: Sequence[datetime]
) -> Callable[[datetime], list[Sequence[Observation]]]:
    """Return what gives the windows of each brand up to one of these ends.

    Windows that are cut at the same places are counted once.
    """
    last, length = ends[-1], ends[-1] - ends[0]

    @cache
    def cut(phase: timedelta) -> dict[str, list[Observation]]:
        return window_observations(
            past.warehouse,
            brand_ids=rule.brands,
            end=last - phase,
            window=rule.window,
            history=WANTED_WINDOWS + length // rule.window + 1,
            polarity=tone_of(rule.kind),
            part=part_of(rule),
            is_past=True,
            reach=past.reach,
        )

    def until(end: datetime) -> list[Sequence[Observation]]:
        back, phase = divmod(last - end, rule.window)
        counted = cut(phase)
        newest = {brand_id: len(counted[brand_id]) - back for brand_id in rule.brands}
        return [
            counted[brand_id][max(0, stop - WANTED_WINDOWS - 1) : stop]
            for brand_id, stop in newest.items()
        ]

    return until


def _parts(groups: Iterable[Sequence[datetime]], size: int) -> Iterator[Sequence[datetime]]:
    for group in groups:
        for first in range(0, len(group), size):
            yield group[first : first + size]


def _picked(
    past: _Past, rule: RuleSpec, shared: Sequence[int], ends: Sequence[datetime]
) -> Iterator[Evaluation]:
    for end in ends:
        counter = Counter(past.context, past.warehouse, end=end, is_past=True, reach=past.reach)
        series = counter.series(rule, history=0)
        found = evaluate_brands(
            rule, [series[brand_id] for brand_id in rule.brands], rule_counts=shared, now=end
        )
        for evaluation in found:
            if counter.is_learning(rule, evaluation.brand_id):
                yield replace(evaluation, decision=Decision.LEARNING)
            else:
                yield evaluation


def _played(
    rules: list[RuleSpec],
    looks: dict[datetime, dict[str, list[Evaluation]]],
    *,
    day_count: int,
) -> Replay:
    """Live through the looks in order of time."""
    current: dict[tuple[str, str], Alert] = {}
    incidents: dict[str, Incident] = {}
    decisions: dict[Decision, int] = defaultdict(int)
    for _, judged in sorted(looks.items()):
        for rule in rules:
            above = [one.id for one in rules if one.base_id in rule.inhibited_by]
            for evaluated in judged.get(rule.id, []):
                evaluation, pair = evaluated, (rule.id, evaluated.brand_id)
                if evaluation.decision is Decision.FIRED and _any_open(current, above, pair[1]):
                    evaluation = replace(evaluation, decision=Decision.INHIBITED)
                decisions[evaluation.decision] += 1
                step = advance(current.get(pair), evaluation, rule)
                if step.alert is None:
                    continue
                current[pair] = step.alert
                print_ = step.alert.fingerprint
                incident = incidents.setdefault(print_, Incident(step.alert, evaluation, 0))
                incident.alert = step.alert
                incident.mail_count += step.notify is not None
    told = sorted(
        (one for one in incidents.values() if one.mail_count),
        key=lambda one: (one.alert.opened_at, one.alert.rule_id, one.alert.brand_id),
    )
    return Replay(
        incidents=tuple(told),
        look_count=sum(decisions.values()),
        decisions=dict(decisions),
        day_count=day_count,
        until=max(looks, default=None),
    )


def _any_open(
    current: dict[tuple[str, str], Alert], rule_ids: Sequence[str], brand_id: str
) -> bool:
    found = (current.get((rule_id, brand_id)) for rule_id in rule_ids)
    return any(alert is not None and alert.state.is_open for alert in found)
