"""Baselines of small counts, against simulations and known quantiles."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.alerts.baseline import (
    MIN_WINDOWS,
    count_baseline,
    quantile,
    tail_probability,
)
from listening.model import Baseline

HISTORIES = st.lists(st.integers(0, 400), min_size=MIN_WINDOWS, max_size=70)
COUNTS = st.integers(0, 10**40)


def fitted(history: list[int]) -> Baseline:
    baseline = count_baseline(history)
    assert baseline is not None
    return baseline


def test_thirteen_windows_are_no_baseline_and_fourteen_are() -> None:
    assert count_baseline([3] * 13) is None
    assert fitted([3] * 14).window_count == 14


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        count_baseline([1] * 20 + [-1])
    with pytest.raises(ValueError, match="negative"):
        tail_probability(-1, fitted([1] * 20))


def test_a_first_mention_after_silence_is_rare_but_not_impossible() -> None:
    silence = fitted([0] * 28)

    assert (silence.low, silence.high) == (0, 0)
    assert 0.005 < tail_probability(1, silence) < 0.05


@pytest.mark.parametrize(
    ("calm", "crisis"),
    [
        pytest.param([3, 5, 4, 4] * 13, [60, 50, 40, 30], id="four-days-at-ten-times-the-usual"),
        pytest.param([0, 0, 1, 0] * 13, [15, 40, 20, 9], id="a-brand-that-is-hardly-mentioned"),
        pytest.param([3, 5, 4, 4] * 4, [90, 80], id="short-history"),
    ],
)
def test_an_old_crisis_hides_no_new_one(calm: list[int], crisis: list[int]) -> None:
    new = max(crisis) // 2

    assert tail_probability(new, fitted(calm + crisis)) < 0.001


def test_an_over_dispersed_brand_needs_more_to_be_unusual() -> None:
    steady = fitted([9, 10, 11, 10] * 10)
    nervous = fitted([2, 18, 6, 14, 3, 17] * 7)

    assert nervous.high > steady.high
    assert tail_probability(25, nervous) > 10 * tail_probability(25, steady)


def test_nine_windows_in_ten_lie_in_the_usual_range() -> None:
    draw = random.Random(7)  # noqa: S311
    counts = [sum(draw.random() < 0.02 for _ in range(400)) for _ in range(400)]  # Poisson, about 8
    usual = fitted(counts[:56])

    inside = sum(usual.low <= count <= usual.high for count in counts[56:])

    assert inside / len(counts[56:]) == pytest.approx(0.92, abs=0.05)


def test_false_alarms_are_about_as_many_as_the_probability_says() -> None:
    """Fresh negative binomial counts (mean 4, dispersion 2), fitted on eight weeks each time."""
    draw = random.Random(11)  # noqa: S311
    tails = []
    for _ in range(250):
        counts = [_poisson(draw, draw.gammavariate(4, 1)) for _ in range(57)]
        tails.append(tail_probability(counts[-1], fitted(counts[:-1])))

    assert 0.01 <= sum(p <= 0.05 for p in tails) / len(tails) <= 0.09


def _poisson(draw: random.Random, mean: float) -> int:
    count, product, limit = 0, draw.random(), math.exp(-mean)
    while product > limit:
        count, product = count + 1, product * draw.random()
    return count


@given(HISTORIES, COUNTS, COUNTS)
def test_a_tail_is_a_probability_that_never_rises_with_the_count(
    history: list[int], first: int, second: int
) -> None:
    baseline = fitted(history)
    fewer, more = sorted((first, second))

    at_fewer, at_more = tail_probability(fewer, baseline), tail_probability(more, baseline)

    assert 0 <= at_more <= 1 and 0 <= at_fewer <= 1
    assert at_more <= at_fewer * (1 + 1e-9)


@given(HISTORIES)
def test_nothing_or_more_is_certain(history: list[int]) -> None:
    assert tail_probability(0, fitted(history)) == 1


@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_of_the_windows_does_not_matter(history: list[int], draw: random.Random) -> None:
    shuffled = history.copy()
    draw.shuffle(shuffled)

    assert count_baseline(shuffled) == count_baseline(history)


@given(st.integers(0, 60))
def test_more_of_the_same_history_makes_the_usual_range_narrower(level: int) -> None:
    short, long = fitted([level] * 14), fitted([level] * 56)

    assert long.dispersion < short.dispersion
    assert long.high - long.low <= short.high - short.low
    assert tail_probability(3 * level + 5, long) <= tail_probability(3 * level + 5, short)


@given(HISTORIES)
def test_a_baseline_is_finite_and_its_range_in_order(history: list[int]) -> None:
    baseline = fitted(history)

    assert math.isfinite(baseline.center) and baseline.center > 0
    assert math.isfinite(baseline.dispersion) and baseline.dispersion > 1
    assert 0 <= baseline.low <= baseline.high


@given(st.floats(0.01, 0.99), st.floats(0.01, 500), st.floats(1.01, 20))
def test_a_quantile_is_the_smallest_count_with_that_probability(
    probability: float, center: float, dispersion: float
) -> None:
    baseline = Baseline(center=center, dispersion=dispersion, window_count=56, low=0, high=0)

    count = quantile(probability, center, dispersion)

    assert tail_probability(count + 1, baseline) <= 1 - probability + 1e-9
    assert count == 0 or tail_probability(count, baseline) >= 1 - probability - 1e-9
