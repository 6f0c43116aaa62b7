"""Baselines of small counts and the detector that rests on them."""

import math
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from listening.alerts.baseline import Detector, look_at, quantile, replay, tail_probability
from listening.alerts.numbers import arrays
from listening.alerts.series import Watch
from listening.model import Baseline

DAY = 86_400
HOUR = 3600
COUNTS = st.integers(0, 10**40)
BASELINES = st.builds(
    Baseline,
    center=st.floats(0.02, 500),
    dispersion=st.floats(1.01, 20),
    window_count=st.just(56),
    low=st.just(0),
    high=st.just(0),
)


def scores(counts: list[float], step: int = DAY) -> list[float]:
    detector = Detector(step)
    return [detector.update(n * step, count) for n, count in enumerate(counts)]


def poisson(draw: random.Random, mean: float) -> int:
    count, product, limit = 0, draw.random(), math.exp(-mean)
    while product > limit:
        count, product = count + 1, product * draw.random()
    return count


def calm(days: int, mean: float, seed: int = 1) -> list[float]:
    draw = random.Random(seed)  # noqa: S311
    return [poisson(draw, mean) for _ in range(days)]


def test_the_first_week_is_learned_and_not_judged() -> None:
    found = scores([3] * 7)

    assert all(math.isnan(score) for score in found[:6])
    assert not math.isnan(found[6])


@pytest.mark.parametrize(
    ("usual", "wave"),
    [
        pytest.param([0.0] * 60, [2, 3], id="two-days-about-a-brand-that-is-never-named"),
        pytest.param(calm(60, 4), [25], id="one-day"),
        pytest.param(calm(60, 10), [19, 21, 20], id="three-days-of-twice-as-many"),
        pytest.param([1e6] * 60, [3e6], id="huge-counts"),
    ],
)
def test_a_wave_is_found(usual: list[float], wave: list[float]) -> None:
    assert max(scores([*usual, *wave])[-len(wave) :]) > Detector.threshold


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param([0.0] * 120, id="zeros"),
        pytest.param([5.0] * 120, id="the-same-every-day"),
        pytest.param([1e9] * 60, id="a-billion"),
        pytest.param([2, 3, 2, 3, 2, 12, 14] * 12, id="a-brand-of-the-weekend"),
        pytest.param([4 + n // 10 for n in range(150)], id="a-brand-that-grows"),
    ],
)
def test_what_is_usual_is_no_wave(counts: list[float]) -> None:
    found = scores(counts)[35:]

    assert all(math.isfinite(score) for score in found)
    assert max(found) < Detector.threshold


def test_an_old_crisis_hides_no_new_one() -> None:
    counts = [*calm(30, 4), 60, 50, 40, 30, *calm(12, 4, seed=2), 30]

    assert scores(counts)[-1] > Detector.threshold


def test_a_new_level_is_accepted_within_three_weeks() -> None:
    found = scores([*calm(60, 5), *calm(40, 20, seed=3)])

    assert found[61] > Detector.threshold
    assert max(found[60 + 21 :]) < Detector.threshold


def test_days_that_were_not_seen_are_unknown_and_not_empty() -> None:
    gap = [*calm(40, 10), *[math.nan] * 15, *calm(5, 10, seed=4)]
    left_out = Detector(DAY)
    found = [left_out.update(n * DAY, c) for n, c in enumerate(gap) if not math.isnan(c)]

    assert max(found[-5:]) < Detector.threshold
    assert found[-1] == pytest.approx(scores(gap)[-1])


def test_a_wave_is_seen_within_the_day() -> None:
    usual = [float(n % 24 in {9, 12, 15, 18}) for n in range(24 * 40)]

    found = scores([*usual, *[4.0] * 5], HOUR)

    assert max(found[24 * 21 : -5]) < Detector.threshold < found[-1]


@pytest.mark.parametrize("step", [6 * HOUR, 7 * DAY])
def test_other_steps_are_judged_too(step: int) -> None:
    found = scores([*calm(40 * max(1, DAY // step), 1), 60], step)

    assert found[-1] > Detector.threshold


def test_timestamps_may_be_of_any_kind() -> None:
    first = datetime(2026, 3, 2, tzinfo=UTC)
    counts = [*calm(20, 3), 15]
    dates, naive, arrays = Detector(DAY), Detector(DAY), Detector(DAY)
    for n, count in enumerate(counts):
        at = first + timedelta(days=n)
        same = {
            dates.update(at, count),
            naive.update(at.replace(tzinfo=None), count),
            arrays.update(np.datetime64(at.replace(tzinfo=None), "s"), count),
        }

    assert len(same) == 1


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=10, max_size=40), st.integers(7, 40))
def test_a_score_rests_on_nothing_that_comes_later(counts: list[int], cut: int) -> None:
    whole = scores([float(count) for count in counts])
    part = scores([float(count) for count in counts[:cut]])

    assert whole[: len(part)] == pytest.approx(part, nan_ok=True)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 90), min_size=12, max_size=30))
def test_a_replay_is_what_the_detector_said(counts: list[int]) -> None:
    series = np.array([counts, counts[::-1]], dtype=float)
    slots = [(3 + n) % 7 for n in range(len(counts))]

    rates = replay(series, np.ones_like(series), slots)

    online = scores([float(count) for count in counts])
    assert -np.log10(rates[0]) == pytest.approx(online, nan_ok=True, abs=1e-9)
    newest = look_at(series, np.ones_like(series), slots)
    assert newest.rate == pytest.approx(rates[:, -1], nan_ok=True)


def hourly_replay(
    counts: NDArray[np.float64], coverage: NDArray[np.float64]
) -> NDArray[np.float64]:
    watch = Watch(arrays(len(counts)), HOUR)
    found = np.empty(counts.shape)
    for row in range(counts.shape[1]):
        watch.take(counts[:, row], row=row, slot=(row // 24 + 3) % 7, coverage=coverage[:, row])
        found[:, row] = -np.log10(watch.false_alarms_per_day())
    return found


def test_series_that_end_on_different_days_are_judged_as_each_alone() -> None:
    counts = np.random.default_rng(11).poisson(4.0, (6, 60)).astype(float)
    coverage = np.ones_like(counts)
    coverage[2, :30] = 0  # a short history
    slots = (np.arange(6)[:, None] + np.arange(60)) % 7
    slots[3:, 40] = 6  # a holiday

    together = look_at(counts, coverage, slots)

    for n in range(6):
        alone = look_at(counts[[n]], coverage[[n]], slots[n].tolist())
        for found, expected in zip(together, alone, strict=True):
            assert found[n] == pytest.approx(expected[0])


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.02, 0.3, 4.0]))
def test_one_series_by_floats_and_many_by_arrays_are_judged_alike(seed: int, mean: float) -> None:
    draw = np.random.default_rng(seed)
    counts = draw.negative_binomial(mean, 0.5, (2, 24 * 11)).astype(float)
    coverage = (draw.random(counts.shape) > 0.02).astype(float)

    together = hourly_replay(counts, coverage)

    for series in range(2):
        seen = np.where(coverage[series] > 0, counts[series], math.nan)
        alone = np.array(scores(seen.tolist(), HOUR))
        assert together[series] == pytest.approx(alone, nan_ok=True, abs=1e-9)


def test_a_burst_within_one_hour_is_seen_in_that_hour() -> None:
    usual = [float(n % 24 in {9, 12, 15, 18}) for n in range(24 * 40 + 10)]

    assert scores([*usual, 14.0], HOUR)[-1] > Detector.threshold


def rising(seed: int) -> list[float]:
    return [float(poisson(random.Random(seed + n), 3 * 1.02**n)) for n in range(120)]  # noqa: S311


def seasonal(seed: int) -> list[float]:
    means = [8 * (1 + 0.3 * math.sin(2 * math.pi * n / 365)) for n in range(365)]
    return [float(poisson(random.Random(seed + n), mean)) for n, mean in enumerate(means)]  # noqa: S311


def epidemic(weeks: int) -> list[float]:
    means = [40 * math.exp(1.3 * math.cos(2 * math.pi * (n - 30) / 52.18)) for n in range(weeks)]
    return [float(poisson(random.Random(n), mean)) for n, mean in enumerate(means)]  # noqa: S311


def test_a_season_that_comes_every_year_is_learned_where_rows_are_weeks() -> None:
    found = scores(epidemic(52 * 4), 7 * DAY)
    *usual, newest = epidemic(52 * 4 + 4)

    assert max(found[7:52]) > Detector.threshold > max(found[52:])
    assert scores([*usual, 3 * newest], 7 * DAY)[-1] > Detector.threshold


def rare(seed: int) -> list[float]:
    draw = random.Random(seed)  # noqa: S311
    return [float(poisson(draw, 6)) if draw.random() < 0.1 else 0.0 for _ in range(400)]


@pytest.mark.parametrize(
    ("series", "most"),
    [
        pytest.param(rising, 4, id="doubles-every-five-weeks"),
        pytest.param(seasonal, 6, id="a-season"),
        pytest.param(rare, 8, id="nine-days-in-ten-are-empty"),
        pytest.param(lambda _: [0.0] * 300 + [1.0] + [0.0] * 60, 0, id="one-after-ever-zero"),
        pytest.param(lambda _: [1e6 + 1e3 * (n % 9) for n in range(200)], 0, id="a-million"),
        pytest.param(
            lambda seed: [n if n % 11 else math.nan for n in calm(300, 5, seed)], 3, id="gaps"
        ),
    ],
)
def test_no_storm_of_alarms(series: Callable[[int], list[float]], most: int) -> None:
    alarms, last = 0, -10
    for row, score in enumerate(scores(series(7))):
        if score >= Detector.threshold and row - last > 2:
            alarms, last = alarms + 1, row

    assert alarms <= most


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.floats(0, 1e12), st.just(math.nan), st.integers(0, 3).map(float), st.just(math.inf)
        ),
        min_size=10,
        max_size=60,
    ),
    st.sampled_from([HOUR, 6 * HOUR, DAY, 7 * DAY]),
)
def test_whatever_is_counted_gets_a_score_or_none(counts: list[float], step: int) -> None:
    assert all(math.isnan(score) or 0 <= score <= 300 for score in scores(counts, step))


def test_half_the_sources_are_expected_to_bring_half() -> None:
    counts = np.array([[*calm(40, 20), 10.0]])
    slots = [n % 7 for n in range(41)]
    whole, half = np.ones_like(counts), np.ones_like(counts)
    half[0, -1] = 0.5

    expected = [look_at(counts, coverage, slots).expected[0] for coverage in (whole, half)]

    assert expected[1] == pytest.approx(expected[0] / 2)


@given(BASELINES, COUNTS, COUNTS)
def test_a_tail_is_a_probability_that_never_rises_with_the_count(
    baseline: Baseline, first: int, second: int
) -> None:
    fewer, more = sorted((first, second))

    at_fewer, at_more = tail_probability(fewer, baseline), tail_probability(more, baseline)

    assert 0 <= at_more <= 1 and 0 <= at_fewer <= 1
    assert at_more <= at_fewer * (1 + 1e-9)
    assert tail_probability(0, baseline) == 1


def test_a_negative_count_has_no_tail() -> None:
    baseline = Baseline(center=1, dispersion=2, window_count=9, low=0, high=3)
    with pytest.raises(ValueError, match="negative"):
        tail_probability(-1, baseline)


@given(st.floats(0.01, 0.99), st.floats(0.01, 500), st.floats(1.01, 20))
def test_a_quantile_is_the_smallest_count_with_that_probability(
    probability: float, center: float, dispersion: float
) -> None:
    baseline = Baseline(center=center, dispersion=dispersion, window_count=56, low=0, high=0)

    count = quantile(probability, center, dispersion)

    assert tail_probability(count + 1, baseline) <= 1 - probability + 1e-9
    assert count == 0 or tail_probability(count, baseline) >= 1 - probability - 1e-9
