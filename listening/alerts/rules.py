"""Rules: from what was counted to one decision that can be explained.

A rule promises a number of false alarms and keeps it: its budget becomes a probability, the count
of the window becomes a tail probability, and the two are compared. Everything here is pure.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from listening.alerts.baseline import baseline_of, look_at
from listening.alerts.calendar import Calendar
from listening.alerts.kinds import (
    MIN_COVERAGE,
    TEXTS_PER_AUTHOR,
    TONED_KINDS,
    chance_of_share,
    chance_of_silence,
    counted,
    is_one_voice,
    is_silent,
)
from listening.config.alerts import RuleSpec
from listening.config.field import FalseAlarmBudget
from listening.model import Baseline, Decision, Evaluation, Observation, RuleKind

#: No budget makes a rule fire on what happens more often than this: beyond it, it is not unusual.
LARGEST_THRESHOLD = 0.05

#: False alarms of an hourly look at the last 24 hours, against one look a day (measured).
HOURLY_FACTOR = 3.0

#: No holiday, no event, days of UTC.
EVERY_DAY = Calendar(UTC)


def evaluate(
    rule: RuleSpec,
    observations: Sequence[Observation],
    *,
    rule_count: int,
    now: datetime,
) -> Evaluation:
    """Judge one brand's newest window by one rule; see ``evaluate_brands``.

    Raises:
        ValueError: There is no observation, or they are not one brand's in order of time.
    """
    return evaluate_brands(rule, [observations], rule_counts=[rule_count], now=now)[0]


def evaluate_brands(
    rule: RuleSpec,
    series: Sequence[Sequence[Observation]],
    *,
    rule_counts: Sequence[int],
    now: datetime,
    looks_per_window: int = 1,
    calendar: Calendar = EVERY_DAY,
    kinds: Sequence[Sequence[int]] | None = None,
) -> list[Evaluation]:
    """Judge the newest window of each brand by one rule.

    A negative spike is true when negative stories are at least the rule's minimum and above what is
    expected, when negative mentions are a large enough share of the window's mentions, and when the
    last days look so much like a wave that chance would do it more rarely than the budget allows.
    All must hold: a share alone fires on 1 of 1, a count alone on every busy brand and every
    campaign, a probability alone on noise. Stories are counted, not mentions, so that a release on
    50 sites is one, and no author counts more than three times. The other spikes are judged in the
    same way, a rule with an explicit threshold by its number; see ``kinds`` for what falls.

    Args:
        rule: The rule, as configured.
        series: One brand's windows each, oldest first, zeros included, all as long as the rule's
            window; the last one is under test and does not enter its own baseline.
        rule_counts: How many rules judge each brand: they share its budget.
        now: When the evaluation is made; only recorded.
        looks_per_window: How often one looks within the length of a window.
        calendar: Where weekdays begin, which days are holidays or announced.
        kinds: What ``calendar`` compares the windows of each series with, at least as many as
            there are; None: all end together, and it is asked.

    Returns:
        The decisions with their numbers, in the order of ``series``. ``OUTAGE`` when too few
        sources were read in the window under test, ``LEARNING`` when too few windows before it
        were; then nothing is concluded.

    Raises:
        ValueError: A brand has no observation, or they are not one brand's in order of time.
    """
    for observations in series:
        _require_series(observations)
    if not series:
        return []
    longest = max(series, key=len)
    if kinds is None:
        slots = np.array([[calendar.kind_of(seen.window) for seen in longest]])
    else:
        slots = np.array([one[-len(longest) :] for one in kinds])
    look = look_at(
        _matrix(series, _weighed), _matrix(series, _usable_coverage, _judged_coverage), slots
    )
    return [
        _evaluation(
            rule,
            observations[-1],
            baseline=baseline_of(look, index),
            rate=float(look.rate[index]),
            threshold=alarm_threshold(
                rule.false_alarm_budget,
                window=rule.window,
                rule_count=rule_counts[index],
                looks_per_window=looks_per_window,
            ),
            now=now,
            past=observations[:-1],
            calendar=calendar,
        )
        for index, observations in enumerate(series)
    ]


def _evaluation(
    rule: RuleSpec,
    seen: Observation,
    *,
    baseline: Baseline | None,
    rate: float,
    threshold: float,
    now: datetime,
    past: Sequence[Observation],
    calendar: Calendar,
) -> Evaluation:
    """Put one decision and its numbers together."""
    if rule.kind is RuleKind.FLATLINE:
        p_value = None if baseline is None else chance_of_silence(seen, baseline)
    elif rule.kind is RuleKind.SHARE_DROP:
        p_value = None if baseline is None else chance_of_share(seen, past)
    else:
        p_value = None if baseline is None else min(1.0, rate)
    if seen.coverage < MIN_COVERAGE:
        decision = Decision.OUTAGE
    elif rule.fires_at is not None:
        is_reached = counted(seen) >= rule.fires_at and has_share(rule, seen)
        decision = Decision.FIRED if is_reached else Decision.BELOW
    elif baseline is None or p_value is None:
        decision = Decision.LEARNING
    elif is_breach(rule, seen, baseline) and p_value <= threshold:
        decision = Decision.SILENCED if calendar.is_paused(seen.window) else Decision.FIRED
    else:
        decision = Decision.BELOW
    return Evaluation(
        rule_id=rule.id,
        brand_id=seen.brand_id,
        evaluated_at=now,
        observation=seen,
        baseline=baseline,
        p_value=p_value,
        threshold=None if rule.fires_at is not None else threshold,
        threshold_count=rule.fires_at,
        decision=decision,
        known_days=", ".join(calendar.names_of(seen.window)) or None,
    )


def _weighed(seen: Observation) -> float:
    """Return what a window weighs beside others: somebody who wrote half of it counts once."""
    repeated = TEXTS_PER_AUTHOR - 1 if is_one_voice(seen) else 0
    return max(counted(seen) - repeated, min(1, counted(seen)))


def _matrix(
    series: Sequence[Sequence[Observation]],
    read: Callable[[Observation], float],
    read_last: Callable[[Observation], float] | None = None,
) -> NDArray[np.float64]:
    """Return one row per brand, the newest window at the right; zeros where there is none."""
    width = max(map(len, series))
    matrix = np.zeros((len(series), width))
    for row, observations in zip(matrix, series, strict=True):
        row[width - len(observations) :] = [read(seen) for seen in observations]
        row[-1] = (read_last or read)(observations[-1])
    return matrix


def _usable_coverage(past: Observation) -> float:
    return past.coverage if past.coverage >= MIN_COVERAGE else 0.0


def _judged_coverage(seen: Observation) -> float:
    """Return the coverage of the window under test; a little of it is judged, if not believed."""
    return max(seen.coverage, MIN_COVERAGE)


def alarm_threshold(
    budget: FalseAlarmBudget, *, window: timedelta, rule_count: int, looks_per_window: int = 1
) -> float:
    """Turn an accepted number of false alarms into a tail probability for one window.

    With one look per window length, a period holds period ÷ window looks; each may err with the
    accepted count ÷ looks, and those who share the budget share that probability (Bonferroni).
    Looks that overlap see most of the same mentions again: see ``overlap_factor``.

    Args:
        budget: Accepted false alarms per period.
        window: Length of the window under test.
        rule_count: How many rules share the brand's budget, at least 1.
        looks_per_window: How often one looks within the length of a window.

    Returns:
        A probability above 0 and at most ``LARGEST_THRESHOLD``.

    Raises:
        ValueError: ``rule_count`` is below 1.
    """
    if rule_count < 1:
        raise ValueError(f"rule_count must be at least 1, got {rule_count}")
    looks_per_day = timedelta(days=1) / window
    per_look = budget.per_day / looks_per_day / rule_count
    return min(LARGEST_THRESHOLD, per_look / overlap_factor(looks_per_window))


def sharing(rules: Iterable[RuleSpec], brand_id: str) -> int:
    """Return how many rules judge a brand by a budget: they share it."""
    return max(1, sum(brand_id in rule.brands and rule.fires_at is None for rule in rules))


def above_first(rules: Iterable[RuleSpec]) -> list[RuleSpec]:
    """Return the rules in an order in which those that silence others come before them."""
    left, ordered = list(rules), list[RuleSpec]()
    while left:
        waiting = {rule.base_id for rule in left}
        free = [rule for rule in left if waiting.isdisjoint(rule.inhibited_by)]
        ordered += free or left  # a circle is refused by the configuration
        left = [rule for rule in left if rule not in ordered]
    return ordered


def overlap_factor(looks_per_window: int) -> float:
    """Return how many times the false alarms of one look per window so many looks make.

    Measured on simulated brands (``benchmarks/alerts.py``): ``HOURLY_FACTOR`` for 24 looks; in
    between it grows with the logarithm of their number.
    """
    return 1 + (HOURLY_FACTOR - 1) * min(1.0, math.log(max(1, looks_per_window)) / math.log(24))


def is_breach(rule: RuleSpec, seen: Observation, baseline: Baseline) -> bool:
    """Say whether the window holds enough to speak of, whatever its probability."""
    if rule.kind is RuleKind.FLATLINE:
        return baseline.center >= rule.minimum and is_silent(seen, baseline)
    if rule.kind is RuleKind.SHARE_DROP:
        return seen.total_count >= rule.minimum
    return counted(seen) >= max(rule.minimum, baseline.center) and has_share(rule, seen)


def has_share(rule: RuleSpec, seen: Observation, *, beyond: float = 0.0) -> bool:
    """Say whether enough of what is said has the tone that the rule looks for.

    The loudest author has no more of a share than of a count: who writes forty times does not turn
    a mixed day into a negative one.

    Args:
        rule: The rule; one that looks for no tone is content with any share.
        seen: The window.
        beyond: By how many standard errors the share must lie above the rule's.
    """
    if rule.kind not in TONED_KINDS:
        return True
    toned = seen.negative_count if seen.judged_mention_count is None else seen.judged_mention_count
    repeated = max(0, min(seen.loudest_author_count, toned) - TEXTS_PER_AUTHOR)
    others = seen.mention_count - repeated
    if others <= 0:
        return False
    error = math.sqrt(rule.min_share * (1 - rule.min_share) / others)
    return (toned - repeated) / others >= min(1.0, rule.min_share + beyond * error)


def _require_series(observations: Sequence[Observation]) -> None:
    if not observations:
        raise ValueError("at least the window under test is needed")
    if len({seen.brand_id for seen in observations}) > 1:
        raise ValueError("observations of several brands")
    for earlier, later in pairwise(observations):
        if later.window.end <= earlier.window.end:
            raise ValueError("observations are not in order of time")
