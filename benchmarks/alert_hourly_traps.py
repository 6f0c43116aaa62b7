"""Traps by the hour: one text on many sites, one loud author, a campaign; 24 looks at each.

A brand of 10 negative texts a day among 50, hour by hour; the trap is on the last day, and an alarm
at any of its looks counts. ``nothing`` shows what the budget of one a year lets through on a day.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from benchmarks.alert_traps import TRAPPED
from listening.alerts.calendar import Calendar
from listening.alerts.closer import Closer, look_closer, wants_hours
from listening.alerts.rules import evaluate_brands
from listening.model import BrandHours, Decision, Observation, Window

_BRANDS, _DAYS, _WINDOWS = 400, 60, 42
_NEGATIVE, _OTHERS = 10.0, 40.0
_END = datetime(2026, 3, 1, tzinfo=UTC)
_HOURS = 24
_HOUR = timedelta(hours=1)
_SHARES = 1 + 0.6 * np.cos(2 * np.pi * (np.arange(_HOURS) - 15) / _HOURS)
_SHARES /= _SHARES.sum()
_UTC = Calendar(UTC)
_TRAPS = ("nothing", "one text on 30 to 60 sites", "one author, 20 to 40 texts", "volume tripled")


class _Brand(NamedTuple):
    """What is said hour by hour."""

    negative: np.ndarray
    others: np.ndarray
    judged: np.ndarray  # different texts, three of an author
    loudest: np.ndarray  # mentions by the loud one


def hourly_trap_rows() -> list[list[str]]:
    """Return one row per trap: how many of 100 raise an alarm, by windows and by the hour."""
    rows = []
    names = (
        "nothing",
        "one text on 30 to 60 sites",
        "one author, 20 to 40 texts",
        "volume tripled",
    )
    for name in names:
        draw = np.random.default_rng(91_001)
        brands = [_brand(draw, name) for _ in range(_BRANDS)]
        hours = [_hours(brand) for brand in brands]
        by_window, by_hour = set[int](), set[int]()
        closer: list[tuple[int, Closer]] = []
        for end in range((_DAYS - 1) * _HOURS + 1, _DAYS * _HOURS + 1):
            looks = evaluate_brands(
                TRAPPED,
                [_windows(brand, end) for brand in brands],
                rule_counts=[1] * _BRANDS,
                now=_END,
                looks_per_window=_HOURS,
            )
            for number, look in enumerate(looks):
                fired = {number} if look.decision is Decision.FIRED else set()
                by_window |= fired
                if wants_hours(TRAPPED, look):
                    closer.append((number, Closer(TRAPPED, look, hours[number], 1)))
                else:
                    by_hour |= fired
        found = look_closer([look for _, look in closer], _UTC)
        pairs = zip(closer, found, strict=True)
        by_hour |= {number for (number, _), one in pairs if one.decision is Decision.FIRED}
        rows.append([name, *(f"{100 * len(one) / _BRANDS:.1f}" for one in (by_window, by_hour))])
    return rows


def _brand(draw: np.random.Generator, trap: str) -> _Brand:
    negative, others = (_counts(draw, mean) for mean in (_NEGATIVE, _OTHERS))
    judged, loudest = negative.copy(), np.zeros_like(negative)
    if trap == "volume tripled":
        negative[-_HOURS:], others[-_HOURS:] = (
            _counts(draw, 3 * mean, days=1) for mean in (_NEGATIVE, _OTHERS)
        )
        return _Brand(negative, others, negative.copy(), loudest)
    if trap != "nothing":
        is_author = trap.startswith("one author")
        count = int(draw.integers(20, 41) if is_author else draw.integers(30, 61))
        first = (_DAYS - 1) * _HOURS + int(draw.choice(_HOURS, p=_SHARES))
        spread = draw.exponential(6, count).astype(int)
        hours = np.sort(np.minimum(first + spread, _DAYS * _HOURS - 1))
        np.add.at(negative, hours, 1)
        np.add.at(judged, hours[: 3 if is_author else 1], 1)
        if is_author:
            np.add.at(loudest, hours, 1)
    return _Brand(negative, others, judged, loudest)


def _counts(draw: np.random.Generator, mean: float, *, days: int = _DAYS) -> np.ndarray:
    return draw.negative_binomial(np.tile(mean * _SHARES, days), 0.5)


def _windows(brand: _Brand, end: int) -> list[Observation]:
    """Return the windows of 24 h that end with an hour, and those before."""
    ends = [end - _HOURS * n for n in reversed(range(_WINDOWS))]
    found = []
    for one in ends:
        negative, others, judged, loudest = (int(part[one - _HOURS : one].sum()) for part in brand)
        until = _END - (_DAYS * _HOURS - one) * _HOUR
        found.append(
            Observation(
                brand_id="brand",
                window=Window(start=until - _HOURS * _HOUR, end=until),
                mention_count=negative + others,
                negative_count=negative,
                negative_story_count=judged,
                negative_voice_count=judged,
                loudest_author_count=loudest,
            )
        )
    return found


def _hours(brand: _Brand) -> BrandHours:
    return BrandHours(
        brand_id="brand",
        start=_END - _DAYS * _HOURS * _HOUR,
        counts=tuple(brand.judged.tolist()),
        coverage=(1.0,) * len(brand.judged),
    )
