"""Rules: from what was counted to one decision that can be explained.

A rule promises a number of false alarms and keeps it: its budget becomes a probability, the count
of the window becomes a tail probability, and the two are compared. Everything here is pure.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from listening.alerts.baseline import count_baseline, tail_probability
from listening.config.alerts import RuleSpec
from listening.config.field import FalseAlarmBudget
from listening.model import Decision, Evaluation, Observation

#: A window in which fewer of the planned source reads succeeded says nothing: it is neither judged
#: nor part of what is normal.
MIN_COVERAGE = 0.5

#: No budget makes a rule fire on what happens more often than this: beyond it, it is not unusual.
LARGEST_THRESHOLD = 0.05


def evaluate(
    rule: RuleSpec,
    observations: Sequence[Observation],
    *,
    rule_count: int,
    now: datetime,
) -> Evaluation:
    """Judge one brand's newest window by one rule.

    A negative spike is true when negative stories are at least the rule's minimum, when negative
    mentions are a large enough share of the window's mentions, and when so many stories are
    unlikely. All three must hold: a share alone fires on 1 of 1, a count alone on every busy brand
    and every campaign, a probability alone on noise. Stories are counted, not mentions, so that a
    release on 50 sites is one.

    Args:
        rule: The rule, as configured.
        observations: One brand's windows, oldest first, zeros included, all as long as the rule's
            window; the last one is under test and does not enter its own baseline.
        rule_count: How many rules judge this brand: they share its budget.
        now: When the evaluation is made; only recorded.

    Returns:
        The decision with its numbers. ``OUTAGE`` when too few sources were read in the window under
        test, ``LEARNING`` when too few windows before it were; then nothing is concluded.

    Raises:
        ValueError: There is no observation, or they are not one brand's in order of time.
    """
    _require_series(observations)
    seen = observations[-1]
    usable = [past for past in observations[:-1] if past.coverage >= MIN_COVERAGE]
    baseline = count_baseline([counted(past) for past in usable])
    threshold = alarm_threshold(rule.false_alarm_budget, window=rule.window, rule_count=rule_count)
    p_value = None if baseline is None else tail_probability(counted(seen), baseline)
    if seen.coverage < MIN_COVERAGE:
        decision = Decision.OUTAGE
    elif p_value is None:
        decision = Decision.LEARNING
    elif _is_breach(rule, seen, p_value=p_value, threshold=threshold):
        decision = Decision.FIRED
    else:
        decision = Decision.BELOW
    return Evaluation(
        rule_id=rule.id,
        brand_id=seen.brand_id,
        evaluated_at=now,
        observation=seen,
        baseline=baseline,
        p_value=p_value,
        threshold=threshold,
        decision=decision,
    )


def counted(observation: Observation) -> int:
    """Return the number that a negative spike is judged by: different negative texts."""
    return observation.negative_story_count


def alarm_threshold(budget: FalseAlarmBudget, *, window: timedelta, rule_count: int) -> float:
    """Turn an accepted number of false alarms into a tail probability for one window.

    With one independent look per window length, a period holds period ÷ window looks; each may err
    with the accepted count ÷ looks, and those who share the budget share that probability
    (Bonferroni). Looks that overlap are dependent and counted as one per window: right for a
    nightly run; collecting every hour makes several times the false alarms that were accepted
    (see docs/alerts.md).

    Args:
        budget: Accepted false alarms per period.
        window: Length of the window under test.
        rule_count: How many rules share the brand's budget, at least 1.

    Returns:
        A probability above 0 and at most ``LARGEST_THRESHOLD``.

    Raises:
        ValueError: ``rule_count`` is below 1.
    """
    if rule_count < 1:
        raise ValueError(f"rule_count must be at least 1, got {rule_count}")
    looks_per_day = timedelta(days=1) / window
    return min(LARGEST_THRESHOLD, budget.per_day / looks_per_day / rule_count)


def _is_breach(rule: RuleSpec, seen: Observation, *, p_value: float, threshold: float) -> bool:
    if counted(seen) < rule.minimum or seen.mention_count == 0:
        return False
    negative_share = seen.negative_count / seen.mention_count
    return negative_share >= rule.min_share and p_value <= threshold


def _require_series(observations: Sequence[Observation]) -> None:
    if not observations:
        raise ValueError("at least the window under test is needed")
    if len({seen.brand_id for seen in observations}) > 1:
        raise ValueError("observations of several brands")
    for earlier, later in pairwise(observations):
        if later.window.end <= earlier.window.end:
            raise ValueError("observations are not in order of time")
