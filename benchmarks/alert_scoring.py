"""Simulated brands with known waves, and how a detector did on them."""

import importlib.util
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Self

import numpy as np

#: One mail per 72 h and brand.
_REST_HOURS = 72
_HISTORY = 56
_KS = (5, 10, 20)
_FAR = 50


def load_kit(path: Path) -> ModuleType:
    """Return the module that simulates brands."""
    spec = importlib.util.spec_from_file_location("simulate", str(path))
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Field:
    """Brands, their counts and their waves (series, first hour, last hour, k, is slow, n)."""

    hourly: np.ndarray
    meta: np.ndarray
    waves: np.ndarray
    past: np.ndarray
    hours_per_row: int = 24
    history: int = _HISTORY

    @classmethod
    def simulated(cls, kit: ModuleType, seed: int, series: int) -> Self:
        """Return the brands of one seed of the kit."""
        counts, meta, waves, past = kit.sim(seed, series)
        return cls(counts.astype(float), meta, waves, past)

    @property
    def daily(self) -> np.ndarray:
        """Return the counts by day."""
        return self.hourly.reshape(len(self.hourly), -1, 24).sum(axis=2)

    def cold(self) -> Self:
        """Return the first 28 days, judged from the eighth on."""
        early = self.past[self.past[:, 1] < 24 * 25]
        return replace(self, hourly=self.hourly[:, : 28 * 24], waves=early, history=7)

    def every(self, share: int) -> Self:
        """Return one brand in ``share``."""
        kept = self.waves[self.waves[:, 0] % share == 0].copy()
        kept[:, 0] //= share
        return replace(self, hourly=self.hourly[::share], meta=self.meta[::share], waves=kept)

    def as_hourly(self) -> Self:
        """Return the same brands, to be judged hour by hour."""
        return replace(self, hours_per_row=1)


@dataclass(frozen=True)
class Result:
    """What one level of one detector came to."""

    found: dict[int, float]
    false_alarms: float  # per brand and 30 days
    worst: float  # of family × size
    delay: float  # hours, k >= 5

    @classmethod
    def of(cls, fields: list[Field], scores: list[np.ndarray], target: float) -> "Result":
        """Return the result at the level that makes ``target`` false alarms."""
        known = np.concatenate([one[np.isfinite(one)] for one in scores])
        low, high = float(np.quantile(known, 0.8)), float(known.max()) + 1e-9
        if cls.at(fields, scores, high).false_alarms > target:
            return cls.at(fields, scores, np.inf)
        for _ in range(18):
            middle = (low + high) / 2 if high < _FAR else np.sqrt(max(low, 1e-3) * high)
            if cls.at(fields, scores, middle).false_alarms <= target:
                high = middle
            else:
                low = middle
        return cls.at(fields, scores, high)

    @classmethod
    def at(
        cls,
        fields: list[Field],
        scores: list[np.ndarray],
        level: float,
        window: tuple[int, int] | None = None,
    ) -> "Result":
        """Return the result at one level; ``window``: only of these days, the second not in it."""
        alarms: dict[tuple[float, float], float] = {}
        months: dict[tuple[float, float], float] = {}
        seen: list[tuple[int, float]] = []
        for field, score in zip(fields, scores, strict=True):
            flags = np.nan_to_num(score, nan=-np.inf) >= level
            _judge(field, flags, window, alarms=alarms, months=months, seen=seen)
        rates = {key: alarms[key] / months[key] for key in alarms}
        waves = np.array(seen)
        found = {k: float(np.isfinite(waves[waves[:, 0] == k, 1]).mean()) for k in _KS
                 if (waves[:, 0] == k).any()}  # fmt: skip
        delays = waves[waves[:, 0] >= _KS[0], 1]
        return cls(
            found,
            sum(alarms.values()) / sum(months.values()),
            max(rates.values()),
            float(np.nanmedian(delays)) if np.isfinite(delays).any() else np.nan,
        )

    def cells(self) -> list[str]:
        """Return the cells of a row of a table."""
        parts = [f"{self.found[k]:.2f}" if k in self.found else "-" for k in _KS]
        return [*parts, f"{self.false_alarms:.2f}", f"{self.worst:.2f}", f"{self.delay:.0f}"]


def _judge(
    field: Field,
    flags: np.ndarray,
    window: tuple[int, int] | None,
    *,
    alarms: dict[tuple[float, float], float],
    months: dict[tuple[float, float], float],
    seen: list[tuple[int, float]],
) -> None:
    """Add what one field's flags came to."""
    step = field.hours_per_row
    first_day, end_day = window or (field.history, flags.shape[1] * step // 24)
    first, last = first_day * 24 // step, end_day * 24 // step
    flags[:, :first] = False
    near = np.zeros_like(flags)
    for series, start, end, size, _, _ in field.waves:
        a, b = start // step, (end + (24 if step == 1 else 0)) // step
        near[series, a : b + 1 + _REST_HOURS // step] = True
        if window is None or first <= a < last:
            rows = np.flatnonzero(flags[series, a : b + 1])
            seen.append((size, (a + rows[0] + 1) * step - start if len(rows) else np.nan))
    rest = _REST_HOURS // step - (1 if step > 1 else 0)
    for series, (family, mean) in enumerate(field.meta[:, :2]):
        mails, before = 0, -(10**9)
        for row in np.flatnonzero((flags & ~near)[series, :last]):
            if row - before > rest:
                mails, before = mails + 1, row
        key = (family, mean)
        alarms[key] = alarms.get(key, 0) + mails
        months[key] = months.get(key, 0) + (~near[series, first:last]).sum() * step / 720
