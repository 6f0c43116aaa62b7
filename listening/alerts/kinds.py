"""What each kind of rule judges: a number that rises, a silence, a share that falls."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from scipy.special import betainc
from scipy.stats import betabinom

from listening.alerts.baseline import tail_probability
from listening.model import (
    Baseline,
    Evaluation,
    Observation,
    Polarity,
    RuleKind,
    Severity,
)

#: A window in which fewer of the planned source reads succeeded says nothing: it is neither judged
#: nor part of what is normal.
MIN_COVERAGE: Final = 0.5

#: Kinds that look for one tone, and ask for a share of it.
TONED_KINDS: Final = {
    RuleKind.NEGATIVE_SPIKE: Polarity.NEGATIVE,
    RuleKind.POSITIVE_SPIKE: Polarity.POSITIVE,
}

#: So many texts of one named author count, as in ``storage/sql/alerting/window_counts.sql``.
TEXTS_PER_AUTHOR: Final = 3

#: A brand is silent when no more than this part of the usual number is left of it.
_SILENCE: Final = 0.1

#: Fewer usable windows with mentions teach no share.
_SHARE_WINDOWS: Final = 7

#: What is believed of a share before it was seen: it swings by a fifth of itself, which weighs as
#: much as so many windows.
_SHARE_SWING: Final = 0.04
_SHARE_PRIOR_WINDOWS: Final = 10.0

#: No texts by one author are a crowd, however many: from here on, and when they are half of all.
_LOUD: Final = 5
_LOUD_SHARE: Final = 0.5

#: An alert stays open while the hours are so near to firing again, as a multiple of the threshold.
_NEAR: Final = 10.0

#: From quiet to loud.
SEVERITIES: Final = (Severity.INFO, Severity.WARNING, Severity.CRITICAL)


def tone_of(kind: RuleKind) -> Polarity | None:
    """Return the tone of the mentions that a kind judges; None: every tone."""
    return TONED_KINDS.get(kind)


def counted(observation: Observation) -> int:
    """Return the number that a rule judges.

    Different texts of the kind it looks for, three at most of one author: one who writes forty
    times is not forty people.
    """
    return observation.counted


def is_one_voice(observation: Observation) -> bool:
    """Say whether one named author wrote at least half of what a rule judges."""
    total = observation.judged_mention_count or observation.negative_count
    loudest = observation.loudest_author_count
    return loudest >= _LOUD and loudest >= _LOUD_SHARE * total


def lowered(severity: Severity, observation: Observation) -> Severity:
    """Return a severity, one step lower where one author makes the noise."""
    if not is_one_voice(observation):
        return severity
    return SEVERITIES[max(0, SEVERITIES.index(severity) - 1)]


def is_silent(observation: Observation, baseline: Baseline) -> bool:
    """Say whether next to nothing is left of what is usual."""
    return counted(observation) <= _SILENCE * baseline.center


def chance_of_silence(observation: Observation, baseline: Baseline) -> float:
    """Return the chance of so few or fewer in one window if nothing is wrong."""
    shape = baseline.center / (baseline.dispersion - 1)
    return float(betainc(shape, counted(observation) + 1, 1 / baseline.dispersion))


def chance_of_share(observation: Observation, past: Sequence[Observation]) -> float | None:
    """Return the chance of so small a share of all mentions, or a smaller one; None: not known yet.

    The share is that of the mentions of all watched brands. It swings from window to window by more
    than dice do; how much is learned from the past (moments of the beta-binomial law).
    """
    seen = [
        (one.mention_count, one.total_count)
        for one in past
        if one.coverage >= MIN_COVERAGE and one.total_count > 0
    ]
    if len(seen) < _SHARE_WINDOWS:
        return None
    if observation.total_count == 0:
        return 1.0
    ours, all_of_them = (sum(column) for column in zip(*seen, strict=True))
    share = (ours + 0.5) / (all_of_them + 1)
    likely = share * (1 - share)
    excess = sum((count - total * share) ** 2 - total * likely for count, total in seen)
    pairs = sum(total * (total - 1) for _, total in seen)
    found = max(0.0, excess / (pairs * likely)) if pairs else 0.0
    prior = _SHARE_SWING * share / (1 - share)
    weight = len(seen) / (len(seen) + _SHARE_PRIOR_WINDOWS)
    swing = min(0.9, max(1e-6, weight * found + (1 - weight) * prior))
    strength = 1 / swing - 1
    return float(
        betabinom.cdf(
            observation.mention_count,
            max(observation.total_count, observation.mention_count),
            share * strength,
            (1 - share) * strength,
        )
    )


def is_calm(kind: RuleKind, evaluation: Evaluation, *, calm: float) -> bool:
    """Say whether an open alert of this kind may close: the window is an ordinary one again.

    Args:
        kind: What the rule looks for.
        evaluation: The window judged.
        calm: So many or more are seen at least this often with nothing wrong.
    """
    seen = evaluation.observation
    if evaluation.threshold_count is not None:
        return counted(seen) <= evaluation.threshold_count // 2
    if _is_near(evaluation):
        return False
    chance = evaluation.p_value
    if evaluation.baseline is not None and kind not in {RuleKind.FLATLINE, RuleKind.SHARE_DROP}:
        # of this window alone: a wave of before is over, not undone
        chance = tail_probability(counted(seen), evaluation.baseline)
    return chance is not None and chance > calm


def _is_near(evaluation: Evaluation) -> bool:
    """Say whether the hours would soon tell of it again: looks by the hour follow each other."""
    p_value, threshold = evaluation.p_value, evaluation.threshold
    if evaluation.judged_hour_count is None or p_value is None or threshold is None:
        return False
    return p_value <= _NEAR * threshold


def with_matches(
    observation: Observation, matches: Iterable[tuple[str, str | None]]
) -> Observation:
    """Return a window in which a rule judges the mentions it picked itself.

    Args:
        observation: The window, with all its mentions counted.
        matches: Story and author (None: not named) of each mention picked.
    """
    stories: dict[str | None, set[str]] = {}
    wrote: dict[str | None, int] = {}
    for story_id, author in matches:
        stories.setdefault(author, set()).add(story_id)
        wrote[author] = wrote.get(author, 0) + 1
    voices = sum(
        len(own) if author is None else min(TEXTS_PER_AUTHOR, len(own))
        for author, own in stories.items()
    )
    different = set().union(*stories.values())
    return replace(
        observation,
        judged_count=min(voices, len(different)),
        judged_mention_count=sum(wrote.values()),
        loudest_author_count=max(
            (n for author, n in wrote.items() if author is not None), default=0
        ),
    )
