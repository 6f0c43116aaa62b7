"""Small bars of the last windows, as text and as heights for HTML cells."""

from dataclasses import dataclass

from listening.notify.plot import Figure, Plot
from listening.translate import Translator

#: Pixels of the highest bar.
BAR_HEIGHT = 64

_BLOCKS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One window."""

    figure: str  # as people read it; a dash when the sources were not read
    block: str  # one character of its height, or "·" when the sources were not read
    height: int  # pixels
    kind: str  # usual, apart, last, unread


def bars(plot: Plot, tr: Translator) -> list[Bar]:
    """Return the windows as bars, oldest first; the last one is the window under test."""
    highest = max((one.value or 0.0 for one in plot.figures), default=0.0)
    return [
        _bar(one, plot=plot, highest=highest, is_last=one is plot.figures[-1], tr=tr)
        for one in plot.figures
    ]


def figure_text(value: float | None, *, is_share: bool, tr: Translator) -> str:
    """Write one figure: a number of texts, or a share in percent."""
    if value is None:
        return "–"
    return tr.percent(value) if is_share else tr.number(value)


def _bar(one: Figure, *, plot: Plot, highest: float, is_last: bool, tr: Translator) -> Bar:
    text = figure_text(one.value, is_share=plot.is_share, tr=tr)
    if one.value is None:
        return Bar(figure=text, block="·", height=1, kind="unread")
    part = one.value / highest if highest else 0.0
    kind = "last" if is_last else "apart" if _is_apart(one.value, plot) else "usual"
    return Bar(
        figure=text,
        block=_BLOCKS[round(part * (len(_BLOCKS) - 1))],
        height=max(2, round(part * BAR_HEIGHT)),
        kind=kind,
    )


def _is_apart(value: float, plot: Plot) -> bool:
    """Say whether an earlier window was outside of what is usual, on the side that matters."""
    if plot.usual is None:
        return False
    return value < plot.usual.low if plot.is_share else value > plot.usual.high
