"""What the chart of an alert shows: the very figure that its rule judges, and what is usual."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from listening.config.alerts import COUNTED_KINDS
from listening.model import Baseline, Observation, RuleKind, Window

#: Four weeks of days: what fits on a telephone.
MAX_BARS: Final = 28

#: A window of which less was read is a gap, and no small number.
_MIN_COVERAGE: Final = 0.5

#: Fewer usable windows than this know no usual share.
_SHARE_WINDOWS: Final = 7

#: The usual range is the one that nine windows in ten stay in.
_OUTSIDE: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One window: a number of texts, or a share of 0..1; None when too little was read."""

    window: Window
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What nine windows in ten stay in."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """The last windows, oldest first; the last one is the window under test."""

    figures: tuple[Figure, ...]
    usual: Usual | None = None
    is_share: bool = False
    is_capped: bool = False  # an author wrote more than is counted of one


def plot_of(
    kind: RuleKind, history: Sequence[Observation], baseline: Baseline | None
) -> Plot | None:
    """Return what there is to draw; None for rules that know no habit, and before there is one."""
    if kind in COUNTED_KINDS or not history:
        return None
    shown = history[-MAX_BARS:]
    if kind is RuleKind.SHARE_DROP:
        figures = tuple(Figure(window=one.window, value=_share(one)) for one in shown)
        return Plot(figures=figures, usual=usual_share(history[:-1]), is_share=True)
    usual = Usual(low=baseline.low, high=baseline.high) if baseline else None
    return Plot(
        figures=tuple(Figure(window=one.window, value=_count(one)) for one in shown),
        usual=usual,
        is_capped=any(
            one.negative_story_count > one.counted
            for one in shown
            if kind is RuleKind.NEGATIVE_SPIKE
        ),
    )


def usual_share(past: Sequence[Observation]) -> Usual | None:
    """Return the range that nine windows in ten gave the brand of what was said of all brands."""
    shares = sorted(share for one in past if (share := _share(one)) is not None)
    if len(shares) < _SHARE_WINDOWS:
        return None
    left_out = round(_OUTSIDE * len(shares))
    return Usual(low=shares[left_out], high=shares[-1 - left_out])


def _count(seen: Observation) -> float | None:
    return None if seen.coverage < _MIN_COVERAGE else seen.counted


def _share(seen: Observation) -> float | None:
    if seen.coverage < _MIN_COVERAGE or not seen.total_count:
        return None
    return seen.mention_count / seen.total_count
