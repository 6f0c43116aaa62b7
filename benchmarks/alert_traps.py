"""Traps: one text on many sites, one loud author, a campaign that leaves the share as it was."""

from datetime import UTC, datetime, timedelta

import numpy as np

from listening.alerts.baseline import Detector, look_at
from listening.alerts.rules import evaluate_brands
from listening.config.alerts import RuleSpec
from listening.config.field import FalseAlarmBudget
from listening.model import Decision, Observation, Window

_BRANDS = 500
_DAYS = 60
_NEGATIVE = 10.0
_SHARE = 0.2
_END = datetime(2026, 3, 1, tzinfo=UTC)
#: 0.10 per 30 days: about 1.2 a year.
TRAPPED = RuleSpec(
    id="trap",
    kind="negative_spike",
    brands=("brand",),
    false_alarm_budget=FalseAlarmBudget(1, "year"),
)


def trap_rows() -> list[list[str]]:
    """Return one row per trap: how many of 100 raise an alarm, by raw counts and by the rule."""
    rows = []
    for name in ("one text on 30 to 60 sites", "one author, 20 to 40 texts", "volume tripled"):
        draw = np.random.default_rng(91_000)
        series = [_brand(draw, name) for _ in range(_BRANDS)]
        raw = np.array([[seen.negative_count for seen in one] for one in series], dtype=float)
        slots = [seen.window.start.weekday() for seen in series[0]]
        rate = look_at(raw, np.ones_like(raw), slots).rate
        alarms = -np.log10(rate) >= Detector.threshold
        found = evaluate_brands(TRAPPED, series, rule_counts=[1] * _BRANDS, now=_END)
        fired = sum(one.decision is Decision.FIRED for one in found)
        rows.append([name, f"{100 * alarms.mean():.0f}", f"{100 * fired / _BRANDS:.1f}"])
    return rows


def _brand(draw: np.random.Generator, trap: str) -> list[Observation]:
    """Return the days of one brand; the trap is on the last."""
    negative = draw.negative_binomial(_NEGATIVE, 0.5, _DAYS)
    others = draw.negative_binomial(_NEGATIVE * (1 / _SHARE - 1), 0.5, _DAYS)
    stories, authors, voices = negative.copy(), negative.copy(), negative.copy()
    loudest = 0
    if trap.startswith("one text"):
        copies = draw.integers(30, 61)
        negative[-1] += copies
        stories[-1] += 1
        voices[-1] += 1
        authors[-1] += copies
    elif trap.startswith("one author"):
        texts = draw.integers(20, 41)
        negative[-1] += texts
        stories[-1] += texts
        authors[-1] += 1
        voices[-1] += 3
        loudest = int(texts)
    else:
        for counts in (negative, others, stories, authors):
            counts[-1] = draw.negative_binomial(
                _NEGATIVE * 3 if counts is not others else 3 * _NEGATIVE * (1 / _SHARE - 1), 0.5
            )
        stories[-1] = authors[-1] = voices[-1] = negative[-1]
    day = timedelta(days=1)
    return [
        Observation(
            brand_id="brand",
            window=Window(start=_END - day * (_DAYS - n), end=_END - day * (_DAYS - n - 1)),
            mention_count=int(negative[n] + others[n]),
            negative_count=int(negative[n]),
            negative_story_count=int(stories[n]),
            negative_author_count=int(authors[n]),
            negative_voice_count=int(voices[n]),
            loudest_author_count=loudest if n == _DAYS - 1 else 0,
        )
        for n in range(_DAYS)
    ]
