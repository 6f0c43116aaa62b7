"""Values for tests: valid by default, each field overridable."""

from datetime import UTC, datetime, timedelta
from typing import Any

from listening.config.alerts import RuleSpec
from listening.model import Decision, Evaluation, Observation, Window

#: The moment at which most tests play: 02:14 in Paris.
NOW = datetime(2026, 11, 20, 1, 14, tzinfo=UTC)


def make_rule(**overrides: Any) -> RuleSpec:
    return RuleSpec.model_validate(
        {"id": "mauvais-buzz", "kind": "negative_spike", "brands": ["oeuf-a-la-coque"]} | overrides
    )


def make_observation(stories: int = 5, *, days_ago: int = 0, **overrides: Any) -> Observation:
    """Return one day of one brand: every negative text once, as many other mentions."""
    end = datetime(2026, 11, 20, 1, tzinfo=UTC) - timedelta(days=days_ago)
    values: dict[str, Any] = {
        "brand_id": "oeuf-a-la-coque",
        "window": Window(start=end - timedelta(days=1), end=end),
        "mention_count": 2 * stories,
        "negative_count": stories,
        "negative_story_count": stories,
        "negative_author_count": stories,
    }
    return Observation(**values | overrides)


def make_series(*stories: int) -> list[Observation]:
    """Return one observation per count, oldest first; the last day ends at ``NOW``'s night."""
    last = len(stories) - 1
    return [make_observation(count, days_ago=last - i) for i, count in enumerate(stories)]


def make_evaluation(
    stories: int = 34, *, days_ago: int = 0, decision: Decision = Decision.FIRED, **overrides: Any
) -> Evaluation:
    observation = make_observation(stories, days_ago=days_ago)
    values: dict[str, Any] = {
        "rule_id": "mauvais-buzz",
        "brand_id": "oeuf-a-la-coque",
        "evaluated_at": NOW - timedelta(days=days_ago),
        "observation": observation,
        "baseline": None,
        "p_value": 1e-6 if decision is Decision.FIRED else 0.5,
        "threshold": 0.01,
        "decision": decision,
    }
    return Evaluation(**values | overrides)
