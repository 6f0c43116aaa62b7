"""Rows as real series bring them: late, twice, without a count, from a clock that leaps."""

import math
import random
import tracemalloc
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from listening.alerts.baseline import Detector

DAY = 86_400
HOUR = 3600


def calm(rows: int, mean: float) -> list[float]:
    draw = random.Random(1)  # noqa: S311
    return [float(sum(draw.random() < mean / 100 for _ in range(100))) for _ in range(rows)]


def scores(counts: list[float], step: int) -> list[float]:
    detector = Detector(step)
    return [detector.update(row * step, count) for row, count in enumerate(counts)]


@pytest.mark.parametrize("timestamp", [math.nan, math.inf, np.datetime64("NaT")])
def test_a_row_without_a_time_is_refused(timestamp: float | np.datetime64) -> None:
    with pytest.raises(ValueError, match="needs a time"):
        Detector(DAY).update(timestamp, 1)


@pytest.mark.parametrize("unknown", [None, math.nan, math.inf, -1.0])
def test_what_is_no_count_was_not_seen(unknown: float | None) -> None:
    usual = calm(40, 6)
    detector, without = Detector(DAY), Detector(DAY)
    for day, count in enumerate(usual):
        detector.update(day * DAY, unknown if day == 20 else count)
        if day != 20:
            without.update(day * DAY, count)

    assert detector.update(40 * DAY, 30) == without.update(40 * DAY, 30) > Detector.threshold


@pytest.mark.parametrize("step", [300, HOUR, DAY, 7 * DAY])
def test_late_and_repeated_rows_are_not_judged_and_change_nothing(step: int) -> None:
    detector, tidy = Detector(step), Detector(step)
    for row, count in enumerate([*calm(30, 6), 30]):
        again = [
            detector.update(at * step, 1000) for at in {max(0, row - 1), max(0, row - 5)} if row
        ]
        assert detector.update(row * step, count) == pytest.approx(
            tidy.update(row * step, count), nan_ok=True
        )
        assert all(math.isnan(score) for score in again)


def test_a_clock_that_was_set_back_is_followed_after_three_days() -> None:
    detector = Detector(DAY)
    for day, count in enumerate(calm(60, 6)):
        detector.update((day + 20_000) * DAY, count)  # half a century ahead

    found = [detector.update(day * DAY, 30) for day in range(4)]

    assert math.isnan(found[1])
    assert found[2] > Detector.threshold


def test_a_leap_of_the_clock_ends_soon() -> None:
    detector = Detector(300)
    detector.update(0, 1)

    assert math.isnan(detector.update(50 * 365 * DAY, 1))


@pytest.mark.parametrize("first_on", [datetime(2026, 3, 1), datetime(2026, 10, 1)])  # noqa: DTZ001
def test_days_of_local_time_stay_days_when_the_clocks_change(first_on: datetime) -> None:
    paris = first_on.replace(tzinfo=ZoneInfo("Europe/Paris"))
    counts = [*calm(40, 6), 30]
    local, plain = Detector(DAY), Detector(DAY)

    for day, count in enumerate(counts):
        at_midnight = local.update(paris + timedelta(days=day), count)
        of_utc = plain.update(
            (first_on - timedelta(days=1)).replace(tzinfo=UTC) + timedelta(days=day), count
        )

    assert at_midnight == of_utc > Detector.threshold


def test_what_is_remembered_does_not_grow() -> None:
    detector = Detector(DAY)
    for day in range(300):
        detector.update(day * DAY, day % 5)
    tracemalloc.start()
    for day in range(300, 500):
        detector.update(day * DAY, day % 5)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert grown < 32 * 1024


def bursting(seed: int) -> list[float]:
    """Return the hours of a busy brand that somebody shares widely every day or two."""
    draw = np.random.default_rng(seed)
    hours = 100 * np.exp(draw.normal(0, 0.3, 24 * 60))
    for start in draw.integers(0, len(hours) - 4, 40):
        hours[start : start + 4] += 100 * draw.lognormal(0, 0.7) * np.array([0.5, 0.25, 0.15, 0.1])
    return [float(count) for count in draw.poisson(hours)]


def test_a_brand_that_bursts_every_day_is_judged_by_its_own_unusual_days() -> None:
    counts = [*bursting(3), 2000.0]

    found = np.array(scores(counts, HOUR))
    days = found[28 * 24 : -1].reshape(-1, 24).max(axis=1)

    assert np.count_nonzero(days >= Detector.threshold) <= 4
    assert found[-1] > Detector.threshold
