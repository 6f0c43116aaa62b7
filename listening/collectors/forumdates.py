"""Dates as forum engines show them: relative to the page's own clock, in its own order and zone.

"Hier, 14:02" needs the day the page was made, "11-05-2026" the order its board writes dates in, and
"17 Aug 2008 23:13" the zone in its footer. What a page says of its clock is read once per page.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from listening.collectors import faults
from listening.collectors.dates import assumed_zone, check_range, parse_date
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

_UNITS = {
    "second": timedelta(seconds=1), "seconde": timedelta(seconds=1), "sec": timedelta(seconds=1),
    "minute": timedelta(minutes=1), "min": timedelta(minutes=1), "minuten": timedelta(minutes=1),
    "hour": timedelta(hours=1), "heure": timedelta(hours=1), "hr": timedelta(hours=1),
    "day": timedelta(days=1), "jour": timedelta(days=1), "week": timedelta(weeks=1),
    "semaine": timedelta(weeks=1), "month": timedelta(days=30), "mois": timedelta(days=30),
    "year": timedelta(days=365), "an": timedelta(days=365), "annee": timedelta(days=365),
}  # fmt: skip
_AGO = re.compile(
    r"(?:(?:il y a|vor)\s+)?(?:(?:moins de|less than|about|environ|un peu plus de|over)\s+)?"
    r"(?P<count>\d{1,4}|une?|an?)\s+(?P<unit>[a-z]+)(?P<ago>\s+ago)?"
)
_AGO_WORDS = re.compile(r"\bago\b|\bil y a\b|\bvor\b")
_DAY_WORD = re.compile(
    r"\b(?P<word>today|yesterday|aujourd[' ]?hui|avant[- ]hier|hier|heute|gestern)\b"
)
_DAYS_BACK = {"today": 0, "heute": 0, "yesterday": 1, "gestern": 1, "hier": 1}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday lundi", "tuesday mardi", "wednesday mercredi", "thursday jeudi",
         "friday vendredi", "saturday samedi", "sunday dimanche")
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY_AT = re.compile(
    rf"^\W*(?P<day>{'|'.join(_WEEKDAYS)})\b(?:\s+(?:at|a))?\W*(?=\d{{1,2}}[:h])"
)
_TIME = re.compile(
    r"\b(?P<hour>\d{1,2})\s*[:h]\s*(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[ap]m)?\b"
)
_NUMERIC = re.compile(r"\b(\d{1,2})[-/](\d{1,2})[-/](\d{4}|\d{2})\b")
_HALF = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)
_JUST_NOW = re.compile(r"\b(?:just now|a l'instant|moments? ago|a few seconds ago|instant)\b")
_LAST_MONTH, _LAST_DAY = 12, 31


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
        flat = _flat(shown)
        try:
            instant = self._relative(flat)
        except OverflowError:  # "9999 years ago"
            return None, DateQuality.COLLECTED, faults.DATE_ABSURD
        if instant is not None:
            return check_range(instant, DateQuality.INFERRED, now=self.now)
        if self.is_month_first:
            shown = _NUMERIC.sub(_swapped, shown)
        found = parse_date(shown[:80], zone=UTC) or parse_date(shown[-80:], zone=UTC)
        if found is None:
            return None, DateQuality.COLLECTED, faults.DATE_UNREADABLE
        instant, quality = found
        if quality is DateQuality.INFERRED:
            instant = instant.replace(tzinfo=self.zone)
        return check_range(instant, quality, now=max(self.now, self.now.astimezone(UTC)))

    def _relative(self, flat: str) -> datetime | None:
        """Return the instant of "3 minutes ago", "hier, 14:02", "lundi à 10:22", else None."""
        if word := _DAY_WORD.search(flat):
            name = word["word"]
            back = 2 if name.startswith("avant") else _DAYS_BACK.get(name, 0)
            return self._at(self.now - timedelta(days=back), flat[word.end() :])
        if _AGO_WORDS.search(flat) and (ago := _AGO.search(flat)):
            unit = _UNITS.get(ago["unit"]) or _UNITS.get(ago["unit"].removesuffix("s"))
            if unit is not None:
                count = int(ago["count"]) if ago["count"].isdecimal() else 1
                return self.now - count * unit
        if _JUST_NOW.search(flat):
            return self.now
        if named := _WEEKDAY_AT.search(flat):
            back = (self.now.weekday() - _WEEKDAYS[named["day"]]) % 7 or 7
            return self._at(self.now - timedelta(days=back), flat[named.end() :])
        return None

    def _at(self, day: datetime, rest: str) -> datetime | None:
        """Return the time a text names, on that day; midnight where it names none."""
        found = _TIME.search(rest)
        if found is None:
            return day.replace(hour=0, minute=0, second=0, microsecond=0)
        hour = int(found["hour"])
        if found["half"]:
            hour = hour % 12 + (12 if found["half"] == "pm" else 0)
        try:
            return day.replace(
                hour=hour,
                minute=int(found["minute"]),
                second=int(found["second"] or 0),
                microsecond=0,
            )
        except ValueError:
            return None


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
    is_month_first = _is_month_first(texts)
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
    if abs(offset) > _FARTHEST or abs(ahead - offset) > _SLACK:
        return None
    return timezone(offset) if offset else UTC


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


def _is_month_first(dates: Iterable[str]) -> bool:
    """Return whether a board writes 11-20-2026; where no number tells, whoever says pm does."""
    texts = list(dates)
    pairs = [
        (int(found[1]), int(found[2])) for text in texts for found in _NUMERIC.finditer(text[:200])
    ]
    if any(first > _LAST_MONTH for first, _ in pairs):
        return False
    if any(_LAST_MONTH < second <= _LAST_DAY for _, second in pairs):
        return True
    return bool(pairs) and any(_HALF.search(text) for text in texts)


def _swapped(found: re.Match[str]) -> str:
    return f"{found[2]}-{found[1]}-{found[3]}"


def _flat(text: str) -> str:
    plain = text.replace("’", "'").replace("\u202f", " ")
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
