"""How a hand-written text becomes an item of one source on one day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from listening.demo.chance import fraction, pick, token, weighted
from listening.demo.texts import BRAND_SLOTS, RIVAL_SLOT, BaseText, fill, parts
from listening.demo.world import (
    HEART,
    HEN,
    OWN_BRAND,
    SEARCH_SOURCE,
    TIMEZONE,
    DemoSource,
    demo_source,
    demo_sources,
)
from listening.model import Polarity, SourceType
from listening.text import fold_term

_ZONE = ZoneInfo(TIMEZONE)

#: How many texts appear in each local hour, from 6 to 23, relative to each other.
_HOURS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "press": (2, 4, 4, 3, 2, 2, 2, 1, 1, 1, 2, 3, 3, 1, 1, 0, 0, 0),
        "blog": (0, 1, 2, 3, 3, 2, 1, 1, 1, 1, 1, 2, 3, 3, 2, 2, 1, 0),
        "forum": (0, 1, 2, 2, 2, 2, 3, 3, 2, 2, 2, 2, 3, 3, 4, 5, 4, 2),
        "review": (0, 0, 0, 1, 1, 1, 2, 3, 4, 3, 2, 1, 1, 2, 3, 4, 3, 1),
        "search": (1, 3, 2, 1, 1, 1, 2, 1, 1, 1, 1, 1, 2, 1, 0, 0, 0, 0),
    }
)
_FIRST_HOUR = 6

#: Share of reviews, posts and articles of blogs that get a neutral opening, or a closing.
_OPENING_SHARE = 0.4
_CLOSING_SHARE = 0.3

#: Share of blog articles that spell brands with care.
_CAREFUL_SHARE = 0.7

_HEN_SHARE = 0.55


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoItem:
    """One item of one source's feed, with what is true of it."""

    guid: str  # holds the day; the same on every machine and in every later run
    source_id: str
    #: Site that the link leads to; another than ``source_id`` for hits of the search feed.
    link_source_id: str
    path: str
    title: str
    text: str
    author: str | None
    published_at: datetime
    language: str  # fr, en, mixed
    truth: Mapping[str, Polarity]  # brand_id → polarity toward it; brands not named are absent
    flags: frozenset[str]  # irony, insult, question, complaint, comparison, litotes, nickname …
    text_id: str  # of the hand-written text
    topic: str
    event: str = (
        "ordinary"  # ordinary, echo, release, rival_peak, last_post, delivery, archive, buzz
    )
    same_as: str | None = None  # guid of the item that this one repeats


def local_instant(day: date, at: time) -> datetime:
    """Return the UTC instant of a local time of the demonstration's people."""
    return datetime.combine(day, at, tzinfo=_ZONE).astimezone(UTC)


def local_day(instant: datetime) -> date:
    """Return the day on which the demonstration's people live an instant."""
    return instant.astimezone(_ZONE).date()


def compose(
    text: BaseText,
    source: DemoSource,
    *,
    day: date,
    key: tuple[object, ...],
    at: datetime | None = None,
    author: str | None = None,
    event: str = "ordinary",
    is_framed: bool = True,
) -> DemoItem:
    """Write one item.

    Args:
        text: The hand-written text.
        source: Who publishes it.
        day: Local day of publication.
        key: What tells this item from the others of its day; all its chance depends on
            (day, key) only.
        at: When; None: at an hour usual for the kind of source.
        author: Who; None: somebody usual for the source.
        event: What it belongs to.
        is_framed: May get a neutral opening and closing.
    """
    chance = (day.isoformat(), *key)
    rival = HEN if fraction("rival", *chance) < _HEN_SHARE else HEART
    brands = {**BRAND_SLOTS, RIVAL_SLOT: rival}
    names = {
        slot: pick(_spellings(brand, source, chance), "spelling", slot, *chance)
        for slot, brand in brands.items()
    }

    def choose(slot: str) -> str:
        return names.get(slot) or pick(parts().slots[slot], slot, *chance)

    title = fill(text.title, choose)
    name = token("item", *chance)
    return DemoItem(
        guid=f"tag:{source.source_id}.example,{day.isoformat()}:{name}",
        source_id=source.source_id,
        link_source_id=source.source_id,
        path=f"/{day:%Y/%m/%d}/{_slug(title)}-{name}",
        title=title,
        text=fill(_framed(text, source, chance) if is_framed else text.text, choose),
        author=author or _author(source, chance),
        published_at=(at or _usual_instant(day, source, chance)).replace(microsecond=0),
        language=text.language,
        truth=MappingProxyType({brands[slot]: polarity for slot, polarity in text.truth.items()}),
        flags=text.flags,
        text_id=text.text_id,
        topic=text.topic,
        event=event,
    )


def echo(item: DemoItem) -> DemoItem:
    """Return the item as the search feed shows it, under the address of the original."""
    search = demo_source(SEARCH_SOURCE)
    day = local_day(item.published_at)
    delay = timedelta(minutes=40 + int(120 * fraction("echo", item.guid)))
    return replace(
        item,
        guid=f"tag:{search.source_id}.example,{day.isoformat()}:{token('echo', item.guid)}",
        source_id=search.source_id,
        published_at=item.published_at + delay,
        author=None,
        event="echo",
        same_as=item.guid,
    )


def candidates(text: BaseText) -> list[DemoSource]:
    """Return the sources that may publish a text: its kinds, and its language where it matters."""
    english_shelves = {"press", "blog"}
    return [
        source
        for source in demo_sources()
        if source.is_readable
        and source.writes in text.kinds
        and (source.writes not in english_shelves or source.language == text.language)
    ]


def drawn_source(text: BaseText, *chance: object) -> DemoSource:
    """Return one of the sources that may publish a text, by their shares."""
    sources = candidates(text)
    return weighted(sources, [source.share for source in sources], "source", *chance)


def _spellings(brand: str, source: DemoSource, chance: tuple[object, ...]) -> list[str]:
    careful = {SourceType.PRESS, SourceType.SEARCH}
    is_careful = source.source_type in careful or (
        source.source_type is SourceType.BLOG and fraction("care", *chance) < _CAREFUL_SHARE
    )
    return list(parts().spellings[brand]["press" if is_careful else "casual"])


def _framed(text: BaseText, source: DemoSource, chance: tuple[object, ...]) -> str:
    """Return the text, sometimes with a neutral opening or closing of its kind of source.

    Recipes and questions have none: what people say around an opinion does not go with them.
    """
    if text.topic == "homonyms" or "question" in text.flags:
        return text.text
    shelf = (text.language, source.source_type.value)
    openings, closings = parts().openings.get(shelf, ()), parts().closings.get(shelf, ())
    framed = text.text
    if openings and fraction("has opening", *chance) < _OPENING_SHARE:
        framed = f"{pick(openings, 'opening', *chance)} {framed}"
    if closings and fraction("has closing", *chance) < _CLOSING_SHARE:
        framed = f"{framed} {pick(closings, 'closing', *chance)}"
    return framed


def _author(source: DemoSource, chance: tuple[object, ...]) -> str | None:
    if source.author is not None:
        return source.author
    if source.source_type is SourceType.PRESS:
        return pick(parts().bylines, "byline", *chance)
    if source.source_type is SourceType.SEARCH:
        return None
    # Squared: a few regulars write much, many write once.
    handles = parts().handles
    return handles[int(fraction("handle", *chance) ** 2 * len(handles))]


def _usual_instant(day: date, source: DemoSource, chance: tuple[object, ...]) -> datetime:
    weights = _HOURS[source.source_type.value]
    hours = range(_FIRST_HOUR, _FIRST_HOUR + len(weights))
    hour = weighted(hours, weights, "hour", *chance)
    second = int(3600 * fraction("second", *chance))
    return local_instant(day, time(hour, second // 60, second % 60))


def _slug(title: str) -> str:
    return fold_term(title).replace(" ", "-").replace("&", "et").replace("+", "plus")[:60]


#: Every brand that a truth may name.
BRANDS = (OWN_BRAND, HEN, HEART)
