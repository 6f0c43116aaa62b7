"""Small bars of the last windows, as text and as heights for HTML cells."""

from collections.abc import Sequence
from dataclasses import dataclass

from listening.model import Baseline, Observation

#: Four weeks of days: what fits on a telephone.
MAX_BARS = 28

#: Pixels of the highest bar.
BAR_HEIGHT = 64

_BLOCKS = "▁▂▃▄▅▆▇█"
_MIN_COVERAGE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One window."""

    count: int
    block: str  # one character of its height, or "·" when the sources were not read
    height: int  # pixels
    kind: str  # usual, above, last, unread


def bars(history: Sequence[Observation], baseline: Baseline | None) -> list[Bar]:
    """Return the last windows as bars, oldest first; the last one is the window under test."""
    shown = history[-MAX_BARS:]
    highest = max((seen.negative_story_count for seen in shown), default=0)
    return [
        _bar(seen, highest=highest, baseline=baseline, is_last=seen is shown[-1]) for seen in shown
    ]


def _bar(seen: Observation, *, highest: int, baseline: Baseline | None, is_last: bool) -> Bar:
    count = seen.negative_story_count
    if seen.coverage < _MIN_COVERAGE:
        return Bar(count=count, block="·", height=1, kind="unread")
    share = count / highest if highest else 0.0
    kind = "above" if baseline is not None and count > baseline.high else "usual"
    return Bar(
        count=count,
        block=_BLOCKS[round(share * (len(_BLOCKS) - 1))],
        height=max(2, round(share * BAR_HEIGHT)),
        kind="last" if is_last else kind,
    )
