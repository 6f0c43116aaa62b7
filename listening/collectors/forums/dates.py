"""Dates as forum engines show them: relative to the page's own clock, in its own order and zone.

"Hier, 14:02" needs the day the page was made, "11-05-2026" the order its board writes dates in, and
"17 Aug 2008 23:13" the zone in its footer. What a page says of its clock is read once per page.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from listening.collectors import faults
from listening.collectors.reading.dates import LATEST_AHEAD, assumed_zone, check_range, parse_date
from listening.collectors.reading.relativedates import plain, relative_date, with_known_months
from listening.model import DateQuality

#: Longer texts hold a date somewhere; the rest of them only slows the search down.
_MAX_CHARS = 160
#: Hidden fields of phpBB's forms; phpBBex writes them with a script.
_EPOCH_CLOCK = re.compile(r"creation_time[\"']\s+value=[\"'](\d{10})\b|\.val\(['\"](1\d{9})['\"]\)")
#: The head of an SMF page: its time for machines, then for people.
_SMF_CLOCK = re.compile(r"<time datetime=\"(\d{4}-[^\"]{6,40})\">([^<]{5,60})</time>")
_HEAD_CHARS = 40_000
#: What stands before the time that a page shows of itself, in small letters.
_CLOCK_WORDS = (
    *("current time:", "it is currently", "nous sommes le", "nous sommes actuellement le"),
    *("la date/heure actuelle est", "date/heure actuelle", "heure actuelle"),
)
_SHOWN_CLOCK = re.compile(r"(?:\s|:|<[^>]{0,60}>)*([^<>\"]{5,60})")
#: Zones are whole quarters of an hour, none farther than this from UTC.
_QUARTER = timedelta(minutes=15)
_FARTHEST = timedelta(hours=14)
#: Offsets that exist besides whole hours from -12 to +14, in minutes (IANA tz 2024).
_ODD_OFFSETS = frozenset({-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825})
#: A clock that is off by more than this from a quarter of an hour is not a zone's.
_SLACK = timedelta(minutes=4)
_ZONE_WORDS = (
    *("all times are", "time zone", "timezone", "fuseau horaire", "heures au format"),
    *("heure au format", "toutes les heures", "alle zeiten"),
)
_ZONE = re.compile(
    r"\b(?:UTC|GMT)\b(?:[^<>\"\d+\-]{0,3}\">(?:UTC|GMT))?\s*(?:([+\-−–]\s*\d{1,2})(?::?(\d{2}))?)?"  # noqa: RUF001 - as boards write it
)
#: phpBB 3.1 and later name the zone itself in the title of its offset.
_ZONE_NAME = re.compile(
    r"\b(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)"
    r"/[A-Z][A-Za-z_]{2,30}(?:/[A-Z][A-Za-z_]{2,30})?\b"
)
#: Between the words and the zone: tags, "currently", a name of the zone.
_ZONE_REACH = 240
_FOOTER_CHARS = 20_000

_NUMERIC = re.compile(r"\b(\d{1,2})[-/](\d{1,2})[-/](\d{4}|\d{2})\b")
_HALF = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)
_LAST_MONTH, _LAST_DAY = 12, 31
_TAG = re.compile(r"<[^>]{0,2000}>")
_SCANNED_CHARS = 300_000


@dataclass(frozen=True, slots=True)
class PageClock:
    """What a page says of its own time."""

    now: datetime  # when the page was made, in its zone; the visit where it does not say
    zone: tzinfo = UTC
    is_month_first: bool = False  # 11-05-2026 is 5 November

    def read(self, text: str) -> tuple[datetime | None, DateQuality, str | None]:
        """Return the date of a text that holds one, its quality, and the fault when there is none.

        A date without a zone is taken in the page's zone and marked as inferred; it keeps that
        zone's offset, so that it prints as it was shown.
        """
        shown = " ".join(text.replace("\u200e", "").replace("\u200f", "").split())[:_MAX_CHARS]
        if not shown:
            return None, DateQuality.COLLECTED, faults.DATE_MISSING
        flat = plain(shown)
        try:
            instant = relative_date(flat, now=self.now)
        except OverflowError:  # "9999 years ago"
            return None, DateQuality.COLLECTED, faults.DATE_ABSURD
        if instant is not None:
            return check_range(instant, DateQuality.INFERRED, now=self.now)
        if self.is_month_first:
            shown = _NUMERIC.sub(_swapped, shown)
        found = _parsed(shown) or _parsed(with_known_months(plain(shown)))
        if found is None:
            return None, DateQuality.COLLECTED, faults.DATE_UNREADABLE
        instant, quality = found
        if quality is DateQuality.INFERRED:
            instant = instant.replace(tzinfo=self.zone)
        return check_range(instant, quality, now=max(self.now, self.now.astimezone(UTC)))


def _parsed(shown: str) -> tuple[datetime, DateQuality] | None:
    return parse_date(shown[:80], zone=UTC) or parse_date(shown[-80:], zone=UTC)


def page_clock(
    markup: str, dates: Iterable[str], *, now: datetime, is_live: bool = False
) -> PageClock:
    """Return the clock of a page.

    Its zone is the one in its footer; else what its own clock is ahead of ours, where the page was
    just fetched; else the source's own.

    Args:
        markup: The whole page.
        dates: The dates it shows, as it writes them: numbers above 12 tell their order.
        now: The visit, where the page does not show its own time.
        is_live: The page was made at the visit, not recorded some day.
    """
    texts = list(dates)
    is_month_first = _is_month_first(texts, markup=markup, now=now)
    stated = _zone(markup)
    plain = PageClock(now=now, is_month_first=is_month_first)
    made_at, shown = _shown_clock(markup, plain)
    zone = stated or _zone_between(shown, made_at or (now if is_live else None))
    zone = _with_summer(zone, at=made_at or now)
    if made_at is None and shown is not None:
        made_at = shown.replace(tzinfo=zone)
    return PageClock((made_at or now).astimezone(zone), zone, is_month_first)


def _with_summer(zone: tzinfo | None, *, at: datetime) -> tzinfo:
    """Return the source's own zone where it agrees with what a page says of its clock today.

    A page states an offset, that of the day; its posts of last summer have another one.
    """
    own = assumed_zone()
    if zone is None or (own is not UTC and at.astimezone(own).utcoffset() == zone.utcoffset(None)):
        return own
    return zone


def _shown_clock(markup: str, plain: PageClock) -> tuple[datetime | None, datetime | None]:
    """Return when the page was made, where it says so in UTC, and the time it shows, as if UTC."""
    if found := _EPOCH_CLOCK.search(markup):
        return datetime.fromtimestamp(int(found[1] or found[2]), tz=UTC), None
    if found := _SMF_CLOCK.search(markup, 0, _HEAD_CHARS):
        parsed = parse_date(found[1], zone=UTC)
        return (parsed[0] if parsed else None), plain.read(found[2])[0]
    small = markup.lower()
    for words in _CLOCK_WORDS if len(small) == len(markup) else ():
        at = small.rfind(words)
        shown = _SHOWN_CLOCK.match(markup, at + len(words)) if at >= 0 else None
        if shown is not None and re.search(r"\d{4}", shown[1]):
            instant = plain.read(shown[1])[0]
            if instant is not None:
                return None, instant
    return None, None


def _zone_between(shown: datetime | None, real: datetime | None) -> tzinfo | None:
    """Return the zone in which the real time is shown so, or None when there is no such zone."""
    if shown is None or real is None:
        return None
    ahead = shown - real
    quarters = round(ahead / _QUARTER)
    offset = quarters * _QUARTER
    if not _exists(offset) or abs(ahead - offset) > _SLACK:
        return None
    return timezone(offset) if offset else UTC


def _exists(offset: timedelta) -> bool:
    """Return whether some place keeps such a time: a page recorded 15 minutes ago names none."""
    minutes = offset // timedelta(minutes=1)
    is_whole = minutes % 60 == 0 and -12 * 60 <= minutes <= 14 * 60
    return is_whole or minutes in _ODD_OFFSETS


def _zone(markup: str) -> tzinfo | None:
    """Return the zone in the footer, or None where there is none."""
    tail = markup[-_FOOTER_CHARS:]
    small = tail.lower()
    at = max(small.rfind(words) for words in _ZONE_WORDS)  # posts before it may quote such lines
    if at < 0 or len(small) != len(tail):
        return None
    name = _ZONE_NAME.search(tail, at, at + _ZONE_REACH)
    if name is not None and (named := _named_zone(name[0])) is not None:
        return named
    found = _ZONE.search(tail, at, at + _ZONE_REACH)
    if found is None:
        return None
    if not found[1]:
        return UTC
    hours = int(re.sub(r"[−–]", "-", found[1]).replace(" ", ""))  # noqa: RUF001 - as boards write it
    minutes = int(found[2] or 0) * (-1 if hours < 0 else 1)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(offset) if abs(offset) <= _FARTHEST and offset else UTC


def _named_zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones
        return None


def _is_month_first(dates: Iterable[str], *, markup: str, now: datetime) -> bool:
    """Return whether a board writes 11-20-2026.

    What tells, surest first: numbers above 12 in the dates of the posts, then on the rest of the
    page; dates to come; the order of the posts; where nothing does, whoever says pm.
    """
    texts = list(dates)
    shown = [one for text in texts for one in _numbers(text[:_MAX_CHARS])]
    if not shown:
        return False
    for numbers in (shown, _numbers(_TAG.sub(" ", markup[:_SCANNED_CHARS]))):
        day_first = sum(one[0] > _LAST_MONTH for one in numbers)
        month_first = sum(_LAST_MONTH < one[1] <= _LAST_DAY for one in numbers)
        if day_first or month_first:
            return month_first > day_first
    limit = (now + LATEST_AHEAD).date()
    by_day = [(year, month, day) for day, month, year in shown]
    by_month = [(year, month, day) for month, day, year in shown]
    last = (limit.year, limit.month, limit.day)
    if (max(by_day) > last) != (max(by_month) > last):
        return max(by_day) > last
    if (by_day == sorted(by_day)) != (by_month == sorted(by_month)):
        return by_month == sorted(by_month)
    return any(_HALF.search(text) for text in texts)


def _numbers(text: str) -> list[tuple[int, int, int]]:
    """Return the numbers of every date of a text in national order, the year last and whole."""
    found = (tuple(map(int, one.groups())) for one in _NUMERIC.finditer(text))
    return [(a, b, year if year >= 100 else 2000 + year) for a, b, year in found]  # noqa: PLR2004 - two digits


def _swapped(found: re.Match[str]) -> str:
    return f"{found[2]}-{found[1]}-{found[3]}"
