"""Ten rules that judge one brand: how they share its budget, by equal parts or step by step.

Brands are those of the kit in ``shared/alerts/simulate.py``, with three tones and three types of
sources. Nine rules look for negative texts, praise or all texts, in all sources or those of one
type, the tenth for negative texts of one topic: they see the same texts again, as real ones do.
Half of the waves are in one type of source.

*Equal parts*: each rule fires at a tenth of the brand's chance (Bonferroni). *Step up* (Benjamini
and Hochberg 1995): k rules that have k tenths or less fire together. *Step down*: they do once one
of them has one tenth, another two, and so on. *Equal parts of more*: of the chance at which equal
parts make as many incidents of calm brands as steps up do. An alert is told once per 72 h and rule,
an incident once per 72 h and brand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.alert_scoring import load_kit
from benchmarks.report import SHARED, skipped, table
from listening.alerts.baseline import replay

SEED = 93_000
_BRANDS_PER_SIZE = 30
_HISTORY, _DAYS = 56, 238
_REST_DAYS = 3
#: Parts of the texts that are in each type of source, and about the topic.
_TYPES = (0.5, 0.3, 0.2)
_TOPIC = 0.3
#: Parts of the waves that are in one type of source, and that are fast (as in the kit).
_IN_ONE_TYPE, _FAST = 0.5, 0.7
_KS = (5, 10, 20)
#: What a rule asks for besides its chance: texts, and the share of its tone.
_MINIMUM, _MIN_SHARE = 4, 0.3
#: Accepted false alarms of a brand in 30 days.
_BUDGETS = (0.10, 0.33, 1.0)

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Bools = NDArray[np.bool_]
Split = Callable[[Floats, float], Bools]


class Wave(NamedTuple):
    """One wave, and the rules that look where it is."""

    brand: int
    first: int  # day
    last: int
    k: int  # standard deviations
    rules: tuple[int, ...]


@dataclass
class Brands:
    """Counts by rule, brand and day, what a rule may speak of, and the waves."""

    counts: list[Counts] = field(default_factory=list)  # (rules, days) of each brand
    allowed: list[Bools] = field(default_factory=list)
    waves: list[Wave] = field(default_factory=list)

    def rates(self) -> Floats:
        """Return false alarms per day of every rule, brand and day; 1 where it may not speak."""
        counts = np.concatenate(self.counts).astype(float)
        found = replay(counts, np.ones_like(counts), [day % 7 for day in range(_DAYS)])
        found = np.where(np.isnan(found) | ~np.concatenate(self.allowed), 1.0, found)
        return found.reshape(len(self.counts), -1, _DAYS)


def equal_parts(rates: Floats, chance: float) -> Bools:
    """Fire at a rule's part of the chance."""
    fires: Bools = rates <= chance / rates.shape[1]
    return fires


def step_up(rates: Floats, chance: float) -> Bools:
    """Fire at k parts where k rules of the brand have k parts or less."""
    parts, is_within = _placed(rates, chance)
    fires: Bools = parts <= (is_within * _places(rates)).max(axis=1, keepdims=True)
    return fires


def step_down(rates: Floats, chance: float) -> Bools:
    """Fire at k parts where one rule has one part, one more two, and so on to k."""
    parts, is_within = _placed(rates, chance)
    steps = np.logical_and.accumulate(is_within, axis=1).sum(axis=1, keepdims=True)
    fires: Bools = parts <= steps
    return fires


def _placed(rates: Floats, chance: float) -> tuple[Floats, Bools]:
    """Return each rule's rate in parts, and whether the k-th smallest has k parts or less."""
    parts = rates / (chance / rates.shape[1])
    return parts, np.sort(parts, axis=1) <= _places(rates)


def _places(rates: Floats) -> Counts:
    return np.arange(1, rates.shape[1] + 1)[None, :, None]


def main() -> int:
    """Print the table; 0 when there is nothing to measure with, too."""
    kit = SHARED / "alerts" / "simulate.py"
    if not kit.exists():
        skipped("Ten rules of one brand", "no shared/alerts/simulate.py")
        return 0
    simulate = load_kit(kit)
    fields = []
    for wave_count in (0, 4):
        brands = _brands(simulate, SEED + wave_count, wave_count=wave_count)
        fields.append((brands, brands.rates()))
    rows = []
    for asked in _BUDGETS:
        chance = asked / 30
        as_many = _chance_of_as_many(fields[0], chance)
        rows += [
            [f"{asked:.2f}", name, *_cells(fields, split, given)]
            for name, split, given in (
                ("equal parts", equal_parts, chance),
                ("step down", step_down, chance),
                ("step up", step_up, chance),
                ("equal parts of more", equal_parts, as_many),
            )
        ]
    head = [
        *("asked", "shared by", "calm: incidents", "alerts", "with waves: incidents", "alerts"),
        *(f"found, k={k}" for k in _KS),
        *(f"rules that say so, k={k}" for k in _KS),
        "told in all",
    ]
    table("Ten rules of one brand", head, rows)
    return 0


def _chance_of_as_many(calm: tuple[Brands, Floats], chance: float) -> float:
    """Return the chance at which equal parts make the incidents of calm that steps up make."""
    target = _false_alarms(calm, step_up(calm[1], chance))[0]
    low, high = chance, 2 * chance
    for _ in range(12):
        middle = (low + high) / 2
        if _false_alarms(calm, equal_parts(calm[1], middle))[0] <= target:
            low = middle
        else:
            high = middle
    return low


def _cells(fields: list[tuple[Brands, Floats]], split: Split, chance: float) -> list[str]:
    """Return what one way of sharing comes to: without waves, with them, what it finds."""
    cells = []
    for one in fields:
        fired = split(one[1], chance)
        cells += [f"{rate:.3f}" for rate in _false_alarms(one, fired)]
    found: dict[int, list[tuple[bool, float]]] = {k: [] for k in _KS}
    for wave in fields[-1][0].waves:
        if wave.k in found:
            spoke = np.max(fired[wave.brand, :, wave.first : wave.last + 1], axis=1)
            found[wave.k].append((bool(spoke.any()), float(spoke[list(wave.rules)].mean())))
    cells += [f"{np.mean([one for one, _ in found[k]]):.3f}" for k in _KS]
    cells += [f"{np.mean([share for _, share in found[k]]):.2f}" for k in _KS]
    return [*cells, str(sum(_told(fired[:, :, _HISTORY:])))]


def _false_alarms(one: tuple[Brands, Floats], fired: Bools) -> tuple[float, float]:
    """Return incidents and alerts away from waves, per brand and 30 days."""
    near = _near(one[0])[:, _HISTORY:]
    alone = fired[:, :, _HISTORY:] & ~near[:, None, :]
    months = float((~near).sum()) / 30
    incidents = sum(_told(np.max(alone, axis=1, keepdims=True)))
    return incidents / months, sum(_told(alone)) / months


def _brands(kit: ModuleType, seed: int, *, wave_count: int) -> Brands:
    draw = np.random.default_rng(seed)
    brands = Brands()
    for family in ("nb1", "social"):
        for mean in kit.MEANS:
            for _ in range(_BRANDS_PER_SIZE):
                _add(brands, kit, draw, family=family, mean=mean, wave_count=wave_count)
    return brands


def _add(
    brands: Brands,
    kit: ModuleType,
    draw: np.random.Generator,
    *,
    family: str,
    mean: float,
    wave_count: int,
) -> None:
    """Draw one brand: counts by tone, type and topic, then its waves."""
    mu, hours, phi, swing, _ = kit.baseline(draw, mean, family, _DAYS)
    negative = _by_type(draw, _daily(kit.draw(draw, hours, phi)))
    praise, others = (
        _by_type(draw, _daily(kit.draw(draw, kit.baseline(draw, size, family, _DAYS)[1], phi)))
        for size in (mean, 0.5 * mean)
    )
    number = len(brands.counts)
    for day, k, counts in _waves(kit, draw, mu, phi=phi, swing=swing, wave_count=wave_count):
        kind = int(draw.choice(3, p=_TYPES)) if draw.random() < _IN_ONE_TYPE else None
        if kind is None:
            negative += _by_type(draw, counts)
        else:
            negative[kind] += counts
        rules = (0, 1, 9, *range(3, 9)) if kind is None else (0, 1, 9, 3 + kind, 6 + kind)
        brands.waves.append(Wave(number, day, int(np.flatnonzero(counts)[-1]), k, rules))
    texts = negative + praise + others
    bad, all_texts = negative.sum(axis=0), texts.sum(axis=0)
    topic = draw.binomial(bad, _TOPIC)
    counted = np.array([bad, all_texts, praise.sum(axis=0), *negative, *texts, topic])
    whole = np.array([all_texts, all_texts, all_texts, *texts, *texts, all_texts])
    is_toned = np.isin(np.arange(len(counted)), (0, 2, 3, 4, 5))[:, None]
    has_share = ~is_toned | (counted >= _MIN_SHARE * whole)
    brands.counts.append(counted)
    brands.allowed.append((counted >= _MINIMUM) & has_share)


def _waves(
    kit: ModuleType,
    draw: np.random.Generator,
    mu: Floats,
    *,
    phi: float,
    swing: float,
    wave_count: int,
) -> Iterator[tuple[int, int, Counts]]:
    """Yield first day, size and counts by day of the waves, which are those of the kit."""
    for place in range(wave_count):
        day = _HISTORY + 8 + 45 * place + int(draw.integers(0, 22))
        k = int(draw.choice(kit.KS))
        spread = np.sqrt(phi * mu[day] + (np.exp(swing**2) - 1) * mu[day] ** 2)
        start = day * 24 + int(draw.choice(24, p=kit.DIURNAL))
        shape = "fast" if draw.random() < _FAST else "slow"
        _, hours = kit.outbreak(draw, start, k, spread, shape)
        days = hours[hours < _DAYS * 24] // 24
        if len(days) > 1:
            yield day, k, np.bincount(days, minlength=_DAYS)


def _daily(hourly: Counts) -> Counts:
    days: Counts = hourly.reshape(-1, 24).sum(axis=1)
    return days


def _by_type(draw: np.random.Generator, counts: Counts) -> Counts:
    """Share counts between the types of sources; (types, days)."""
    return draw.multinomial(counts, _TYPES).T


def _near(brands: Brands) -> Bools:
    """Say of each brand and day whether a wave is on, or was a moment ago."""
    near = np.zeros((len(brands.counts), _DAYS), dtype=bool)
    for wave in brands.waves:
        near[wave.brand, wave.first : wave.last + 1 + _REST_DAYS] = True
    return near


def _told(fired: Bools) -> Iterator[int]:
    """Yield of each brand and rule how often it is told: once per 72 h."""
    for row in fired.reshape(-1, fired.shape[-1]):
        before, count = -_DAYS, 0
        for day in np.flatnonzero(row).tolist():
            if day - before >= _REST_DAYS:
                before, count = day, count + 1
        yield count


if __name__ == "__main__":
    raise SystemExit(main())
