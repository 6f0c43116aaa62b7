"""What happens in the invented history: bad evenings, a release, late orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from listening.demo.chance import coprime_step, fraction
from listening.demo.compose import (
    DemoItem,
    candidates,
    compose,
    drawn_source,
    local_day,
    local_instant,
)
from listening.demo.texts import BaseText, base_texts, parts, release_carriers
from listening.demo.world import SILENT_SOURCE, DemoSource, demo_source
from listening.model import Polarity, SourceType

#: Days from the first bad evening back to the events that prepare it.
_RELEASE_DAYS_BEFORE = 24
_RIVAL_PEAK_DAYS_BEFORE = 9
#: With the run on the morning after the evening, the source has then been silent for 12 days.
_SILENT_DAYS_BEFORE = 11
#: Deliveries of ours come late, a competitor's in time: one post a day.
_DELIVERY_DAYS_BEFORE = range(27, 7, -1)
#: Long before the feeds begin: the first article on the own brand, and an insult whose three months
#: (loi du 29 juillet 1881, art. 65) end in a bit more than two weeks.
_ARCHIVE_DAYS_BEFORE = MappingProxyType({"ar-first": 88, "ar-insult": 75})

#: The text that the silent source ends with.
_LAST_POST = "se-31"

#: Who wrote what is in the archive: two sources that carry little else, so that nothing is expected
#: of the others before their feeds begin.
_ARCHIVISTS = MappingProxyType({"ar-first": "echo-des-marronniers", "ar-insult": "gones-gourmands"})

#: From this local hour on, the evening of the same day is far enough on to be a buzz.
_EVENING_HOUR = 20

#: When the first post appears, and how long each kind of source goes on writing.
_BUZZ_START = time(17, 35)
_BUZZ_PACE = MappingProxyType(
    {
        SourceType.FORUM: (timedelta(0), timedelta(hours=5)),
        SourceType.REVIEW: (timedelta(minutes=25), timedelta(hours=4, minutes=30)),
        SourceType.PRESS: (timedelta(minutes=80), timedelta(hours=3)),
        SourceType.BLOG: (timedelta(minutes=95), timedelta(hours=3)),
        SourceType.SEARCH: (timedelta(minutes=150), timedelta(hours=1)),
    }
)
_RELEASE_START, _RELEASE_SPAN = time(8, 10), timedelta(hours=7)
_PEAK_START, _PEAK_SPAN = time(9, 0), timedelta(hours=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """On which local days the events lie."""

    buzz_days: tuple[date, ...] = ()
    release_day: date | None = None
    rival_peak_day: date | None = None
    silent_since: date | None = None  # first day on which the silent source writes nothing
    delivery_days: tuple[date, ...] = ()  # one day for each text on deliveries, in their order
    archive_days: Mapping[str, date] = field(default_factory=dict)  # by text; feeds keep them


def plot_of(buzz_days: Sequence[date]) -> Plot:
    """Return the events that go with these bad evenings; none go with none."""
    if not buzz_days:
        return Plot()
    first = min(buzz_days)
    return Plot(
        buzz_days=tuple(sorted(set(buzz_days))),
        release_day=first - timedelta(days=_RELEASE_DAYS_BEFORE),
        rival_peak_day=first - timedelta(days=_RIVAL_PEAK_DAYS_BEFORE),
        silent_since=first - timedelta(days=_SILENT_DAYS_BEFORE),
        delivery_days=tuple(first - timedelta(days=days) for days in _DELIVERY_DAYS_BEFORE),
        archive_days={
            text_id: first - timedelta(days=days) for text_id, days in _ARCHIVE_DAYS_BEFORE.items()
        },
    )


def buzz_day_before(now: datetime) -> date:
    """Return the last local evening that has come far enough to be a buzz within 24 hours.

    >>> from datetime import UTC
    >>> buzz_day_before(datetime(2026, 11, 21, 9, tzinfo=UTC)).isoformat()
    '2026-11-20'
    >>> buzz_day_before(datetime(2026, 11, 21, 21, tzinfo=UTC)).isoformat()
    '2026-11-21'
    """
    today = local_day(now)
    is_evening = now >= local_instant(today, time(_EVENING_HOUR))
    return today if is_evening else today - timedelta(days=1)


def event_items(plot: Plot, day: date) -> list[DemoItem]:
    """Return what the events of one local day bring."""
    items = []
    if day in plot.buzz_days:
        items += buzz_items(day)
    if day == plot.release_day:
        items += release_items(day)
    if day == plot.rival_peak_day:
        items += rival_peak_items(day)
    if plot.silent_since is not None and day == plot.silent_since - timedelta(days=1):
        items.append(last_post(day))
    if day in plot.delivery_days:
        items.append(delivery_item(day, plot.delivery_days.index(day)))
    return items


def archive_items(plot: Plot) -> list[DemoItem]:
    """Return what feeds still show though it is older than all the rest."""
    return [
        compose(
            text,
            demo_source(_ARCHIVISTS[text.text_id]),
            day=plot.archive_days[text.text_id],
            key=("archive", text.text_id),
            event="archive",
            is_framed=False,
        )
        for text in base_texts("archive")
        if text.text_id in plot.archive_days
    ]


def delivery_item(day: date, number: int) -> DemoItem:
    """Return the post on deliveries that has this number."""
    text = base_texts("delivery")[number]
    return compose(
        text,
        drawn_source(text, day.isoformat(), text.text_id),
        day=day,
        key=("delivery", text.text_id),
        event="delivery",
        is_framed=False,
    )


def buzz_items(day: date) -> list[DemoItem]:
    """Return one bad evening: one of two scenarios, every post by another author."""
    scenario = "ab"[day.toordinal() % 2]
    texts = [text for text in base_texts("buzz") if text.scenario in {scenario, "*"}]
    by_type: dict[SourceType, list[tuple[BaseText, DemoSource]]] = {}
    for text in texts:
        source = _buzz_source(text, texts, day)
        by_type.setdefault(source.source_type, []).append((text, source))
    return [
        compose(
            text,
            source,
            day=day,
            key=("buzz", text.text_id),
            at=_buzz_instant(day, source.source_type, number, len(group)),
            author=_buzz_author(source, text, texts, day),
            event="buzz",
            is_framed=False,
        )
        for group in by_type.values()
        for number, (text, source) in enumerate(group)
    ]


def release_items(day: date) -> list[DemoItem]:
    """Return the press release as nine sources carry it."""
    carriers = release_carriers()
    items = []
    for number, carrier in enumerate(carriers):
        text = BaseText(
            text_id=f"release-{number}",
            topic="release",
            kinds=(),
            title=carrier.title,
            text=carrier.text,
            truth={"own": Polarity.NEUTRAL},
        )
        at = local_instant(day, _RELEASE_START) + _RELEASE_SPAN * (number / len(carriers)) ** 1.5
        items.append(
            compose(
                text,
                demo_source(carrier.source_id),
                day=day,
                key=("release", number),
                at=at,
                event="release",
                is_framed=False,
            )
        )
    return items


def last_post(day: date) -> DemoItem:
    """Return the last thing that the silent source writes: an ordinary post, no farewell."""
    text = next(text for text in base_texts("sector") if text.text_id == _LAST_POST)
    return compose(text, demo_source(SILENT_SOURCE), day=day, key=("last post",), event="last_post")


def rival_peak_items(day: date) -> list[DemoItem]:
    """Return the day after the competitor's success on television."""
    texts = base_texts("rival_peak")
    items = []
    for number, text in enumerate(texts):
        late = fraction("peak", day.isoformat(), text.text_id)
        items.append(
            compose(
                text,
                drawn_source(text, day.isoformat(), text.text_id),
                day=day,
                key=("rival-peak", text.text_id),
                at=local_instant(day, _PEAK_START)
                + _PEAK_SPAN * ((number * 7 % len(texts) + late) / len(texts)),
                event="rival_peak",
                is_framed=False,
            )
        )
    return items


def _buzz_source(text: BaseText, texts: Sequence[BaseText], day: date) -> DemoSource:
    """Return who publishes; press and blogs take turns, so that each blog has one article."""
    sources = [source for source in candidates(text) if source.source_id != SILENT_SOURCE]
    if sources[0].source_type in {SourceType.PRESS, SourceType.BLOG}:
        return sources[_place(text, texts) % len(sources)]
    return drawn_source(text, day.isoformat(), "buzz", text.text_id)


def _buzz_instant(day: date, source_type: SourceType, number: int, count: int) -> datetime:
    """Return when the ``number``-th of ``count`` posts appears: fast at first, then slower."""
    delay, span = _BUZZ_PACE[source_type]
    jitter = 0.6 * fraction("buzz", day.isoformat(), source_type.value, number) if number else 0.0
    progress: float = ((number + jitter) / count) ** 1.3
    return local_instant(day, _BUZZ_START) + delay + span * progress


def _buzz_author(
    source: DemoSource, text: BaseText, texts: Sequence[BaseText], day: date
) -> str | None:
    if source.author is not None or source.source_type is SourceType.SEARCH:
        return source.author
    if source.source_type is SourceType.PRESS:
        return parts().bylines[_place(text, texts)]
    handles = parts().handles
    start = int(fraction("buzz authors", day.isoformat()) * len(handles))
    step = coprime_step(len(handles), 97)
    return handles[(start + texts.index(text) * step) % len(handles)]


def _place(text: BaseText, texts: Sequence[BaseText]) -> int:
    """Return the place of a text among those of its kind."""
    return [other.text_id for other in texts if other.kinds == text.kinds].index(text.text_id)
