"""What the rules would have told, had they judged the past: day by day, through the same code."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from listening.alerts.baseline import WANTED_WINDOWS
from listening.alerts.kinds import tone_of
from listening.alerts.lifecycle import advance
from listening.alerts.rules import evaluate_brands
from listening.config.alerts import COUNTED_KINDS, RuleSpec
from listening.config.field import FalseAlarmBudget
from listening.jobs.alert import above_first, sharing
from listening.jobs.alert_counts import Counter, calendar_of, part_of
from listening.jobs.context import JobContext
from listening.model import Alert, AlertState, Decision, Evaluation, Observation, Window
from storage.counts import window_observations
from storage.engine import Warehouse
from storage.reach import Reach, source_reach
from storage.reading import open_snapshot

_DAY = timedelta(days=1)


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


@dataclass(frozen=True, slots=True)
class _Past:
    """What every look reads."""

    context: JobContext
    warehouse: Warehouse
    reach: Reach


def replay(
    context: JobContext, *, from_on: date, to_on: date, budget: FalseAlarmBudget | None = None
) -> Replay:
    """Judge each day from ``from_on`` to ``to_on`` (excluded) as if it had just ended.

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
    midnight = datetime.combine(to_on, time(), tzinfo=ZoneInfo(context.config.timezone))
    span = (from_on, midnight.astimezone(UTC), (to_on - from_on).days)
    looks: dict[datetime, dict[str, list[Evaluation]]] = defaultdict(dict)
    with open_snapshot(context.paths.snapshot) as warehouse:
        past = _Past(context, warehouse, source_reach(warehouse))
        for rule in rules:
            shared = [sharing(rules, brand_id) for brand_id in rule.brands]
            for evaluation in _evaluations(past, rule, shared, span):
                looks[evaluation.evaluated_at].setdefault(rule.id, []).append(evaluation)
    return _played(above_first(rules), looks)


def _evaluations(
    past: _Past,
    rule: RuleSpec,
    shared: Sequence[int],
    span: tuple[date, datetime, int],
) -> Iterator[Evaluation]:
    """Yield every look of one rule; days with the same calendar behind them are judged together."""
    _, last, days = span
    step = min(rule.window, _DAY)
    ends = [last - n * step for n in range(int(days * _DAY / step))]
    if rule.kind in COUNTED_KINDS:
        for end in ends:
            yield from _picked(past, rule, shared, end)
        return
    calendar = calendar_of(past.context, past.warehouse)

    @cache
    def kind_at(end: datetime) -> int:
        return calendar.kind_of(Window(start=end - rule.window, end=end))

    known: dict[timedelta, dict[str, list[Observation]]] = {}
    groups: dict[tuple[int, ...], list[datetime]] = defaultdict(list)
    for end in ends:
        kinds = (kind_at(end - n * rule.window) for n in range(WANTED_WINDOWS + 1))
        groups[tuple(kinds)].append(end)
        phase = (last - end) % rule.window
        if phase not in known:
            known[phase] = window_observations(
                past.warehouse,
                brand_ids=rule.brands,
                end=last - phase,
                window=rule.window,
                history=WANTED_WINDOWS + int(days * _DAY / rule.window) + 1,
                polarity=tone_of(rule.kind),
                part=part_of(rule),
                is_past=True,
                reach=past.reach,
            )
    for together in groups.values():
        series = []
        for end in together:
            phase = (last - end) % rule.window
            back = int((last - phase - end) / rule.window)
            for brand_id in rule.brands:
                windows = known[phase][brand_id]
                newest = len(windows) - back
                series.append(windows[max(0, newest - WANTED_WINDOWS - 1) : newest])
        found = evaluate_brands(
            rule,
            series,
            rule_counts=list(shared) * len(together),
            now=last,
            looks_per_window=max(1, int(rule.window / step)),
            calendar=calendar,
        )
        for evaluation in found:
            yield replace(evaluation, evaluated_at=evaluation.observation.window.end)


def _picked(
    past: _Past, rule: RuleSpec, shared: Sequence[int], end: datetime
) -> Iterator[Evaluation]:
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


def _played(rules: list[RuleSpec], looks: dict[datetime, dict[str, list[Evaluation]]]) -> Replay:
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
        incidents=tuple(told), look_count=sum(decisions.values()), decisions=dict(decisions)
    )


def _any_open(
    current: dict[tuple[str, str], Alert], rule_ids: Sequence[str], brand_id: str
) -> bool:
    found = (current.get((rule_id, brand_id)) for rule_id in rule_ids)
    states = {AlertState.FIRING, AlertState.ACKNOWLEDGED}
    return any(alert is not None and alert.state in states for alert in found)
