"""The invented history: what the demonstration's web says on each day, and up to an instant.

Pure: an ordinary day depends on its date only, an event on the day that the plot gives it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType

from listening.demo.chance import coprime_step, fraction, rounded, weighted
from listening.demo.compose import DemoItem, compose, drawn_source, echo, local_day
from listening.demo.plot import Plot, archive_items, buzz_day_before, event_items, plot_of
from listening.demo.texts import BaseText, daily_texts
from listening.demo.world import OWN_BRAND, SILENT_SOURCE, demo_source
from listening.model import Polarity, SourceType

#: How far back the feeds reach.
HISTORY_DAYS = 45

#: Texts per ordinary day and pool, on average over a week.
_MEANS: Mapping[str, float] = MappingProxyType(
    {
        "own-positive": 2.9,
        "own-neutral": 1.6,
        "own-mixed": 0.35,
        "rival-positive": 1.9,
        "rival-negative": 0.9,
        "rival-neutral": 0.9,
        "rival-mixed": 0.25,
        "compare-won": 0.45,
        "compare-even": 0.3,
        "homonym": 1.0,
        "sector": 1.7,
        "hortense": 0.3,
    }
)

#: How often a day brings 0, 1, 2 or 3 negative mentions of the own brand: 0.92 on average.
_NEGATIVE_WEIGHTS = (40, 35, 18, 7)
#: Share of them in which a competitor does better.
_LOST_SHARE = 0.16

#: From Monday to Sunday: people eat out at the weekend, offices write on working days.
_LEISURE = (0.75, 0.8, 0.85, 0.95, 1.05, 1.3, 1.3)
_OFFICE = (1.15, 1.2, 1.15, 1.15, 1.1, 0.7, 0.55)

#: Texts are dealt like cards; a new deal begins after so many days.
_SEASON_DAYS = 256
#: Walks through the texts of a pool so that neighbours in a file do not follow one another.
_GOLDEN_SHARE = 0.38

#: Share of articles that the search feed repeats.
_ECHO_SHARE = 0.25


def items_for_day(day: date) -> tuple[DemoItem, ...]:
    """Return what one ordinary local day brings, oldest first."""
    items = [
        item
        for pool, count in _plan(day).items()
        for item in (_pool_item(pool, day, number) for number in range(count))
    ]
    items += [echo(item) for item in items if _is_echoed(item)]
    return _in_order(items)


def history(
    until: datetime,
    *,
    days: int = HISTORY_DAYS,
    buzz_days: Sequence[date] | None = None,
) -> tuple[DemoItem, ...]:
    """Return what the web says in ``[until - days, until)``, oldest first.

    With a bad evening there are also two items from long before. A later ``until`` only adds items
    at the end and drops those that grew too old.

    Args:
        until: Instant of the visit.
        days: How far back.
        buzz_days: Evenings with a bad buzz, local days; the other events of the plot depend on
            the first of them. None: the evening before ``until``; empty: nothing ever happens.
    """
    evenings = (buzz_day_before(until),) if buzz_days is None else tuple(sorted(buzz_days))
    plot = plot_of(evenings)
    since = until - timedelta(days=days)
    first, last = local_day(since), local_day(until)
    all_days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    items = [item for day in all_days for item in (*items_for_day(day), *event_items(plot, day))]
    shown = [
        item
        for item in items
        if since <= item.published_at < until and not _is_silenced(item, plot)
    ]
    return _in_order([*archive_items(plot), *shown])


@cache
def _pools() -> Mapping[str, tuple[BaseText, ...]]:
    pools: dict[str, list[BaseText]] = {}
    for text in daily_texts():
        pools.setdefault(_pool_of(text), []).append(text)
    return {pool: tuple(texts) for pool, texts in pools.items()}


def _pool_of(text: BaseText) -> str:
    """Return in which pool a text is drawn, which its truth decides."""
    if text.topic in {"hortense", "homonyms", "sector"}:
        return "homonym" if text.topic == "homonyms" else text.topic
    if not text.truth:
        return "sector"
    toward_us = text.truth.get("own")
    if toward_us is None:
        return f"rival-{next(iter(text.truth.values())).value}"
    if len(text.truth) == 1:
        return f"own-{toward_us.value}"
    return {Polarity.POSITIVE: "compare-won", Polarity.NEGATIVE: "compare-lost"}.get(
        toward_us, "compare-even"
    )


@cache
def _plan(day: date) -> Mapping[str, int]:
    """Return how many texts of each pool a day brings."""
    key = day.isoformat()
    plan = {}
    for pool, mean in _MEANS.items():
        week = _OFFICE if pool in {"sector", "own-neutral", "rival-neutral"} else _LEISURE
        plan[pool] = rounded(mean * week[day.weekday()], "count", pool, key)
    negative = weighted(range(len(_NEGATIVE_WEIGHTS)), _NEGATIVE_WEIGHTS, "negative", key)
    lost = int(negative > 0 and fraction("lost", key) < _LOST_SHARE * 2)
    return plan | {"own-negative": negative - lost, "compare-lost": lost}


def _pool_item(pool: str, day: date, number: int) -> DemoItem:
    """Return the ``number``-th item of a pool; every text has its turn before one comes back."""
    texts = _pools()[pool]
    step = coprime_step(len(texts), at_least=round(len(texts) * _GOLDEN_SHARE))
    text = texts[(_drawn_before(pool, day) + number) * step % len(texts)]
    source = drawn_source(text, day.isoformat(), pool, number)
    return compose(text, source, day=day, key=(pool, number))


def _drawn_before(pool: str, day: date) -> int:
    """Return how many texts of a pool were drawn before a day, since its season began."""
    ordinal = day.toordinal()
    season = range(ordinal - ordinal % _SEASON_DAYS, ordinal)
    return sum(_plan(date.fromordinal(earlier))[pool] for earlier in season)


def _is_echoed(item: DemoItem) -> bool:
    kinds = {SourceType.PRESS, SourceType.BLOG}
    return (
        demo_source(item.source_id).source_type in kinds
        and OWN_BRAND in item.truth
        and fraction("echoed", item.guid) < _ECHO_SHARE
    )


def _is_silenced(item: DemoItem, plot: Plot) -> bool:
    return (
        plot.silent_since is not None
        and item.link_source_id == SILENT_SOURCE
        and local_day(item.published_at) >= plot.silent_since
    )


def _in_order(items: Iterable[DemoItem]) -> tuple[DemoItem, ...]:
    return tuple(sorted(items, key=lambda item: (item.published_at, item.guid)))
