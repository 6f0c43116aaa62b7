"""Rules: when a count of negative stories is a spike."""

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.alerts.calendar import Calendar
from listening.alerts.kinds import counted
from listening.alerts.rules import (
    HOURLY_FACTOR,
    LARGEST_THRESHOLD,
    alarm_threshold,
    evaluate,
    evaluate_brands,
)
from listening.config.field import FalseAlarmBudget
from listening.model import ClientEvent, Decision
from tests.builders import NOW, make_observation, make_rule, make_series

QUIET = (3, 4, 5, 4, 3, 6, 2) * 6
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("negative", "total", "decision"),
    [
        pytest.param(0, 0, Decision.BELOW, id="silence"),
        pytest.param(3, 3, Decision.BELOW, id="too-few-even-if-all-negative"),
        pytest.param(6, 8, Decision.BELOW, id="many-but-usual-for-this-brand"),
        pytest.param(20, 90, Decision.BELOW, id="unusual-but-drowned-in-other-talk"),
        pytest.param(20, 40, Decision.FIRED, id="many-unusual-and-a-large-share"),
    ],
)
def test_negative_spike(negative: int, total: int, decision: Decision) -> None:
    seen = make_observation(negative, mention_count=total)
    past = make_series(*QUIET, 0)[:-1]

    evaluation = evaluate(make_rule(), [*past, seen], rule_count=1, now=NOW)

    assert evaluation.decision is decision


def test_an_evaluation_carries_the_numbers_that_explain_it() -> None:
    evaluation = evaluate(make_rule(), make_series(*QUIET, 34), rule_count=2, now=NOW)

    assert evaluation.decision is Decision.FIRED
    assert evaluation.baseline is not None
    assert evaluation.baseline.window_count == len(QUIET)
    assert evaluation.p_value is not None and evaluation.threshold is not None
    assert evaluation.p_value < evaluation.threshold == pytest.approx(1 / 91.3125 / 2, rel=1e-6)
    assert evaluation.evaluated_at == NOW
    assert evaluation.observation.negative_story_count == 34


def test_a_release_on_fifty_sites_is_one_text() -> None:
    syndicated = make_observation(1, negative_count=50, mention_count=54)

    series = [*make_series(*QUIET, 0)[:-1], syndicated]

    assert evaluate(make_rule(), series, rule_count=1, now=NOW).decision is Decision.BELOW


def test_a_rule_learns_for_six_windows_and_judges_the_seventh() -> None:
    early = evaluate(make_rule(), make_series(*[3] * 5, 30), rule_count=1, now=NOW)
    later = evaluate(make_rule(), make_series(*[3] * 6, 60), rule_count=1, now=NOW)

    assert (early.decision, early.baseline, early.p_value) == (Decision.LEARNING, None, None)
    assert later.decision is Decision.FIRED


def test_a_window_whose_sources_were_not_read_is_an_outage_not_a_calm() -> None:
    series = [*make_series(*QUIET, 0)[:-1], make_observation(30, coverage=0.49)]

    assert evaluate(make_rule(), series, rule_count=1, now=NOW).decision is Decision.OUTAGE


def test_past_outages_are_no_part_of_what_is_normal() -> None:
    """Fourteen unread windows read as zeros would make an ordinary day look like a crisis."""
    unread = [make_observation(0, days_ago=40 - i, coverage=0.2) for i in range(14)]
    read = make_series(*[8] * 20, 9)

    evaluation = evaluate(make_rule(), [*unread, *read], rule_count=1, now=NOW)

    assert evaluation.decision is Decision.BELOW
    assert evaluation.baseline is not None and evaluation.baseline.window_count == 20


def test_an_outage_of_most_of_the_history_means_learning_again() -> None:
    unread = [make_observation(0, days_ago=40 - i, coverage=0.0) for i in range(14)]

    evaluation = evaluate(make_rule(), [*unread, *make_series(*[8] * 6)], rule_count=1, now=NOW)

    assert evaluation.decision is Decision.LEARNING


def test_the_window_under_test_is_not_in_its_own_baseline() -> None:
    small, large = (
        evaluate(make_rule(), make_series(*QUIET, last), rule_count=1, now=NOW) for last in (5, 500)
    )

    assert small.baseline == large.baseline


@pytest.mark.parametrize(
    ("count", "per", "window", "rule_count", "expected"),
    [
        pytest.param(1, "quarter", DAY, 1, 1 / 91.3125, id="one-a-quarter-daily"),
        pytest.param(1, "year", DAY, 4, 1 / 365.25 / 4, id="shared-by-four"),
        pytest.param(2, "month", DAY / 24, 1, 2 / (30.4375 * 24), id="hourly-windows"),
        pytest.param(30, "month", DAY, 1, LARGEST_THRESHOLD, id="never-above-the-unusual"),
    ],
)
def test_a_budget_becomes_a_probability(
    count: int, per: str, window: timedelta, rule_count: int, expected: float
) -> None:
    budget = FalseAlarmBudget(count, per)  # type: ignore[arg-type]  # parametrized as text

    threshold = alarm_threshold(budget, window=window, rule_count=rule_count)

    assert threshold == pytest.approx(expected)


def test_a_budget_nobody_shares_is_refused() -> None:
    with pytest.raises(ValueError, match="rule_count"):
        alarm_threshold(FalseAlarmBudget(1, "year"), window=DAY, rule_count=0)


def test_observations_must_be_one_brands_in_order_of_time() -> None:
    with pytest.raises(ValueError, match="order"):
        evaluate(make_rule(), make_series(1, 2)[::-1], rule_count=1, now=NOW)
    mixed = [make_observation(days_ago=1), make_observation(brand_id="autre")]
    with pytest.raises(ValueError, match="several brands"):
        evaluate(make_rule(), mixed, rule_count=1, now=NOW)
    with pytest.raises(ValueError, match="at least"):
        evaluate(make_rule(), [], rule_count=1, now=NOW)


def test_one_author_who_writes_forty_times_counts_three_times() -> None:
    loud = make_observation(40, negative_author_count=1, negative_voice_count=3)

    assert counted(loud) == 3
    series = [*make_series(*QUIET, 0)[:-1], loud]
    assert evaluate(make_rule(), series, rule_count=1, now=NOW).decision is Decision.BELOW


def test_looking_every_hour_asks_for_more_than_looking_once() -> None:
    budget = FalseAlarmBudget(1, "quarter")
    nightly, hourly = (
        alarm_threshold(budget, window=DAY, rule_count=1, looks_per_window=n) for n in (1, 24)
    )

    assert hourly == pytest.approx(nightly / HOURLY_FACTOR)


def test_all_brands_at_once_are_judged_as_one_by_one() -> None:
    first, second = make_series(*QUIET, 34), make_series(*QUIET[::-1], 2)[9:]

    both = evaluate_brands(make_rule(), [first, second], rule_counts=[1, 2], now=NOW)

    alone = [
        evaluate(make_rule(), first, rule_count=1, now=NOW),
        evaluate(make_rule(), second, rule_count=2, now=NOW),
    ]
    assert [one.decision for one in both] == [one.decision for one in alone]
    assert [one.p_value for one in both] == pytest.approx([one.p_value for one in alone])


def test_a_holiday_is_usual_for_a_sunday() -> None:
    """Twenty on Sundays, four otherwise: twenty on a holiday in the week is nothing new."""
    counts = [
        20 if make_observation(days_ago=70 - n).window.start.weekday() == 6 else 4
        for n in range(70)
    ]
    series = make_series(*counts, 20)
    day = (series[-1].window.start + DAY / 2).date()

    plain = evaluate_brands(make_rule(), [series], rule_counts=[1], now=NOW)[0]
    calendar = Calendar(UTC, {day: "Noël"})
    holiday = evaluate_brands(make_rule(), [series], rule_counts=[1], now=NOW, calendar=calendar)[0]

    assert plain.p_value is not None and holiday.p_value is not None
    assert holiday.p_value > 10 * plain.p_value
    assert (plain.known_days, holiday.known_days) == (None, "Noël")


def _sale(last_on: date, *, is_judged: bool = True) -> ClientEvent:
    return ClientEvent(
        name="Soldes", first_on=last_on, last_on=last_on, is_yearly=False, is_judged=is_judged
    )


def test_an_announced_day_is_usual_for_those_announced_before() -> None:
    counts = [18 if n % 30 == 29 else 4 for n in range(119)]
    series = make_series(*counts, 18)
    days = [seen.window.start.date() for seen in series]
    sales = Calendar(UTC, events=tuple(_sale(days[n]) for n in range(29, 120, 30)))

    plain, known = (
        evaluate_brands(make_rule(), [series], rule_counts=[1], now=NOW, calendar=calendar)[0]
        for calendar in (Calendar(UTC), sales)
    )

    assert plain.p_value is not None and known.p_value is not None
    assert known.p_value > 3 * plain.p_value
    assert known.known_days == "Soldes"


@pytest.mark.parametrize(
    ("rule", "is_judged", "decision"),
    [
        pytest.param({}, True, Decision.FIRED, id="known-and-judged"),
        pytest.param({}, False, Decision.SILENCED, id="not-judged-and-stored-as-silenced"),
        pytest.param({"threshold": 20}, False, Decision.FIRED, id="a-number-knows-no-calendar"),
    ],
)
def test_an_announced_day_may_be_left_alone(
    rule: dict[str, int], is_judged: bool, decision: Decision
) -> None:
    series = make_series(*QUIET, 40)
    today = _sale(series[-1].window.start.date(), is_judged=is_judged)
    calendar = Calendar(UTC, events=(today,))

    (found,) = evaluate_brands(
        make_rule(**rule), [series], rule_counts=[1], now=NOW, calendar=calendar
    )

    assert found.decision is decision


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 60), min_size=15, max_size=60), st.integers(1, 300))
def test_a_tighter_budget_never_fires_where_a_looser_one_does_not(
    counts: list[int], rule_count: int
) -> None:
    loose, tight = (
        evaluate(make_rule(), make_series(*counts), rule_count=n, now=NOW) for n in (1, rule_count)
    )

    assert loose.decision is Decision.FIRED or tight.decision is not Decision.FIRED
