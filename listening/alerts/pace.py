"""Whether what an alert counts is still coming faster, or has passed."""

from scipy.stats import betabinom

from listening.model import Halves, Trend

#: What chance alone does less often than this is called a trend.
_UNUSUAL = 0.05

#: Until habits are known, each half of a window is believed to bring as much; in mentions.
_BELIEVED = 2.0

#: Where more than this share of the texts state no hour, their halves mean nothing.
_MOST_UNDATED = 0.25


def trend_of(halves: Halves) -> Trend | None:
    """Say whether the later half of a window has more than its usual share of the texts.

    The share of the later half is believed as it was in the windows before (a beta law); the
    texts of this window then follow a beta-binomial law, and the trend is what it makes rare.

    Returns:
        None when too many texts state no hour.

    >>> trend_of(Halves(early=4, late=20, undated=0, usual_early=50, usual_late=50))
    'rising'
    >>> trend_of(Halves(early=4, late=20, undated=0, usual_early=10, usual_late=90))
    'steady'
    """
    count = halves.early + halves.late
    if halves.undated > _MOST_UNDATED * count:
        return None
    law = betabinom(count, _BELIEVED + halves.usual_late, _BELIEVED + halves.usual_early)
    if law.sf(halves.late - 1) < _UNUSUAL:
        return "rising"
    return "falling" if law.cdf(halves.late) < _UNUSUAL else "steady"
