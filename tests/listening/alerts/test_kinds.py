"""What the other kinds of rules judge: silences, shares, explicit thresholds, one loud author."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.alerts.kinds import counted, is_one_voice, lowered, with_matches
from listening.alerts.rules import evaluate
from listening.model import Decision, Observation, Severity
from tests.builders import NOW, make_observation, make_rule, make_series

BUSY = (30, 34, 28, 40, 33, 36, 22) * 8


def said(*counts: int, total: int = 0) -> list[Observation]:
    """Return days with so many texts of every tone, of ``total`` about all brands."""
    return [
        replace(day, judged_count=n, judged_mention_count=n, mention_count=n, negative_count=0,
                total_count=total or n)
        for day, n in zip(make_series(*counts), counts, strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("past", "today", "coverage", "decision"),
    [
        pytest.param(BUSY, 0, 1.0, Decision.FIRED, id="silent"),
        pytest.param(BUSY, 2, 1.0, Decision.FIRED, id="next-to-nothing-is-left"),
        pytest.param(BUSY, 15, 1.0, Decision.BELOW, id="fewer-but-not-silent"),
        pytest.param((0, 1, 0, 2, 1, 0, 0) * 8, 0, 1.0, Decision.BELOW, id="always-quiet"),
        pytest.param(BUSY, 0, 0.3, Decision.OUTAGE, id="not-read-is-not-silent"),
        pytest.param((30,) * 4, 0, 1.0, Decision.LEARNING, id="not-known-yet"),
    ],
)
def test_flatline(past: tuple[int, ...], today: int, coverage: float, decision: Decision) -> None:
    series = said(*past, today)
    series[-1] = replace(series[-1], coverage=coverage)

    assert evaluate(make_rule(kind="flatline"), series, rule_count=1, now=NOW).decision is decision


@pytest.mark.parametrize(
    ("today", "total", "decision"),
    [
        pytest.param(6, 100, Decision.FIRED, id="others-took-it"),
        pytest.param(30, 100, Decision.BELOW, id="as-usual"),
        pytest.param(60, 200, Decision.BELOW, id="everybody-speaks-more"),
        pytest.param(3, 10, Decision.BELOW, id="everybody-speaks-less"),
        pytest.param(0, 0, Decision.BELOW, id="nobody-speaks"),
    ],
)
def test_share_drop(today: int, total: int, decision: Decision) -> None:
    past = said(*BUSY, 0, total=100)[:-1]
    seen = replace(said(today)[0], total_count=total)

    evaluation = evaluate(make_rule(kind="share_drop"), [*past, seen], rule_count=1, now=NOW)

    assert evaluation.decision is decision


@pytest.mark.parametrize(("count", "decision"), [(4, Decision.BELOW), (5, Decision.FIRED)])
def test_an_explicit_threshold_needs_no_history(count: int, decision: Decision) -> None:
    rule = make_rule(threshold=5)

    evaluation = evaluate(rule, [make_observation(count)], rule_count=1, now=NOW)

    assert (evaluation.decision, evaluation.threshold_count) == (decision, 5)
    assert evaluation.threshold is None


@pytest.mark.parametrize("kind", ["spike", "competitor_spike"])
def test_a_spike_of_every_tone_asks_for_no_share(kind: str) -> None:
    series = said(*BUSY, 160)

    assert evaluate(make_rule(kind=kind), series, rule_count=1, now=NOW).decision is Decision.FIRED


@pytest.mark.parametrize(
    ("positive", "decision"), [(120, Decision.FIRED), (30, Decision.BELOW)], ids=["praise", "talk"]
)
def test_positive_spike_asks_for_its_share(positive: int, decision: Decision) -> None:
    series = said(*BUSY, 120)
    series[-1] = replace(series[-1], judged_mention_count=positive, mention_count=200)

    evaluation = evaluate(make_rule(kind="positive_spike"), series, rule_count=1, now=NOW)

    assert evaluation.decision is decision


def test_one_author_who_writes_forty_times_lowers_the_level() -> None:
    matches = [(f"story-{n}", "loud") for n in range(40)] + [("other", "calm"), ("third", None)]

    seen = with_matches(make_observation(42), matches)

    assert (counted(seen), seen.judged_mention_count, seen.loudest_author_count) == (5, 42, 40)
    assert is_one_voice(seen)
    assert lowered(Severity.CRITICAL, seen) is Severity.WARNING
    assert lowered(Severity.INFO, seen) is Severity.INFO


def test_a_crowd_keeps_the_level() -> None:
    seen = with_matches(make_observation(42), [(f"story-{n}", f"author-{n}") for n in range(42)])

    assert counted(seen) == 42
    assert lowered(Severity.CRITICAL, seen) is Severity.CRITICAL


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([None, "x", "y"]))))
def test_what_counts_is_never_more_than_the_stories(matches: list[tuple[str, str | None]]) -> None:
    seen = with_matches(make_observation(1), matches)

    assert counted(seen) <= len({story for story, _ in matches})
    assert seen.judged_mention_count == len(matches)
