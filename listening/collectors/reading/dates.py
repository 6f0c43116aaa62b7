"""Dates of documents as the Web writes them, French and English first, with their quality.

The chain: seconds since 1970, RFC 822 (``email.utils``), ISO 8601, then our own tables of month and
weekday names. ISO dates are never swapped. A date before 1995 or more than a day ahead of the visit
is no date.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz
from functools import lru_cache

from listening.collectors import faults
from listening.model import DateQuality

#: Older than any syndicated item: the format of 1999 and a few years of archives.
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
#: A server east of us may be a day ahead; more is a mistake or an advertisement.
LATEST_AHEAD = timedelta(days=1)
#: Longer texts are no dates; bounds the regular expressions below.
MAX_DATE_CHARS = 80

#: Where the clocks of the source are, as far as its owner told us; one body is read at a time.
_ASSUMED: ContextVar[tzinfo] = ContextVar("assumed_zone", default=UTC)

#: First letters of month names without accents. French and English, and the neighbours whose
#: names mean the same month, since one directory often mixes them.
_MONTHS = {
    1: "jan ene gen",
    2: "feb fev",
    3: "mar mrz maerz",
    4: "apr avr abr",
    5: "may mai mag maj",
    6: "jun juin giu",
    7: "juil jul lug",
    8: "aug aou ago",
    9: "sep set",
    10: "oct okt ott out",
    11: "nov",
    12: "dec dic dez",
}
_MONTH_OF = {prefix: month for month, names in _MONTHS.items() for prefix in names.split()}

#: Offsets in hours of the names seen in feeds; ``email.utils`` takes the European ones for UTC.
_ZONES = {
    "z": 0.0, "ut": 0.0, "utc": 0.0, "gmt": 0.0, "wet": 0.0,
    "west": 1.0, "bst": 1.0, "cet": 1.0, "mez": 1.0, "met": 1.0,
    "cest": 2.0, "mesz": 2.0, "mest": 2.0, "eet": 2.0, "sast": 2.0,
    "eest": 3.0, "msk": 3.0, "ist": 5.5, "jst": 9.0, "kst": 9.0, "aest": 10.0, "aedt": 11.0,
    "ast": -4.0, "adt": -3.0, "est": -5.0, "edt": -4.0, "et": -5.0, "cst": -6.0, "cdt": -5.0,
    "mst": -7.0, "mdt": -6.0, "pst": -8.0, "pdt": -7.0,
}  # fmt: skip

_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_TIME = (
    r"(?P<hour>\d{1,2})\s*(?:[:h.]|heures?)\s*(?P<minute>\d{2})?(?:[:.m](?P<second>\d{2}))?"
    r"(?:[.,]\d+)?\s*(?P<half>[ap]\.?m\b\.?)?"
)
_TIME_RE = re.compile(_TIME)
_HALF_ONLY = re.compile(r"\b(?P<hour>\d{1,2})\s*(?P<half>[ap]\.?m\b\.?)")
#: Words of French and English that are names of zones only in capitals.
_WORDS = re.compile(r"\b(?:[eE]t|[eE]st|[mM]et|[iI]st)\b")
#: A name counts directly after the time only: "par Poulet" and "podcast" name no zone.
_ZONE = re.compile(r"\s*(?P<name>[a-z]{1,4})(?![\w+-])")
_OFFSET = re.compile(r"(?:gmt|utc)?\s*(?P<sign>[+-])(?P<hour>\d{1,2}):?(?P<minute>\d{2})?\s*$")
_DAY_MONTH = re.compile(
    r"\b(?P<day>\d{1,2})(?:er|st|nd|rd|th|º|\.)?[\s\-/.]*(?:de\s+)?(?P<month>[a-z]{3,10})\.?"
    r"[\s,\-/.]*(?:de\s+)?(?P<year>\d{4}|\d{2})\b"
)
_MONTH_DAY = re.compile(
    r"\b(?P<month>[a-z]{3,10})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?:\S+\s+)??(?P<year>\d{4})\b"
)
_ASCTIME = re.compile(
    r"\b(?P<month>[a-z]{3,10})\s+(?P<day>\d{1,2})\s+\d{1,2}:\d{2}(?::\d{2})?\s+(?:(?:[a-z]{2,4}|[+-]\d{4})\s+)?"
    r"(?P<year>\d{4})\b"
)
_YEAR_FIRST = re.compile(
    r"\b(?P<year>(?:19|20)\d{2})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})\b"
)
_NUMBERS = re.compile(r"\b(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4}|\d{2})\b")
_YEAR_ONLY = re.compile(r"(?P<year>(?:19|20)\d{2})(?:-(?P<month>0[1-9]|1[0-2]))?")


@contextmanager
def dates_in(zone: tzinfo) -> Iterator[None]:
    """Read the dates that name no zone in this one, for as long as the context lasts."""
    token = _ASSUMED.set(zone)
    try:
        yield
    finally:
        _ASSUMED.reset(token)


def assumed_zone() -> tzinfo:
    """Return the zone of dates that name none: the source's, else UTC."""
    return _ASSUMED.get()


def parse_date(
    text: str | None, *, zone: tzinfo | None = None
) -> tuple[datetime, DateQuality] | None:
    """Return the instant a text means, or None when it cannot be told.

    The quality is ``INFERRED`` when the zone or the time of day had to be assumed: midnight, and
    the given zone, else that of ``dates_in``, else UTC.

    >>> parse_date("mer, 16 nov 2022 09:05:00 +0100")[0].isoformat()
    '2022-11-16T08:05:00+00:00'
    >>> parse_date("12/03/2026 à 14h30")[1].value
    'inferred'
    """
    if text is None or not (cleaned := " ".join(text.split())) or len(cleaned) > MAX_DATE_CHARS:
        return None
    return _read(cleaned, zone or _ASSUMED.get())


@lru_cache(maxsize=4096)
def _read(text: str, zone: tzinfo) -> tuple[datetime, DateQuality] | None:
    """Return the instant of a tidy text; most items of a feed give theirs twice."""
    for read in (_epoch, _rfc822, _iso, _partial_iso, _written):
        try:
            found = read(text, zone)
            # Inside the try: an offset can push year 1 or 9999 over the edge.
            if found is not None:
                return found[0].astimezone(UTC), found[1]
        except (ValueError, OverflowError):
            continue
    return None


def judge_date(
    text: str | None, *, now: datetime, zone: tzinfo | None = None
) -> tuple[datetime | None, DateQuality, str | None]:
    """Return a date that can be trusted, its quality, and the fault when there is none.

    Args:
        text: As the source writes it.
        now: The visit.
        zone: As for ``parse_date``.

    Returns:
        ``(None, COLLECTED, fault)`` when the date is missing, unreadable, before 1995 or more
        than a day ahead.
    """
    if text is None or not text.strip():
        return None, DateQuality.COLLECTED, faults.DATE_MISSING
    parsed = parse_date(text, zone=zone)
    if parsed is None:
        return None, DateQuality.COLLECTED, faults.DATE_UNREADABLE
    return check_range(*parsed, now=now)


def check_range(
    instant: datetime, quality: DateQuality, *, now: datetime
) -> tuple[datetime | None, DateQuality, str | None]:
    """Return the instant unless it is absurd for something published on the Web."""
    if instant > now + LATEST_AHEAD:
        return None, DateQuality.COLLECTED, faults.DATE_IN_FUTURE
    if instant < EARLIEST:
        return None, DateQuality.COLLECTED, faults.DATE_ABSURD
    return instant, quality, None


def _epoch(text: str, zone: tzinfo) -> tuple[datetime, DateQuality] | None:
    del zone
    if not _EPOCH.fullmatch(text):
        return None
    seconds = float(text)
    if seconds > 1e11:  # noqa: PLR2004 - milliseconds: in seconds it would be the year 5138
        seconds /= 1000
    return datetime.fromtimestamp(seconds, tz=UTC), DateQuality.GIVEN


def _rfc822(text: str, zone: tzinfo) -> tuple[datetime, DateQuality] | None:
    """Read RFC 822 when it names its zone by a number or a name that ``email.utils`` has right."""
    del zone
    last = text.rsplit(" ", 1)[-1].lower()
    is_offset = re.fullmatch(r"[+-]\d{4}", last) is not None
    if not (is_offset or last in {"gmt", "ut", "utc", "z"}) or ":" not in text:
        return None
    if re.search(r"\s0\d{3}\s", text):  # the empty date of .NET, read as 2001 there
        return None
    parts = parsedate_tz(text)
    if parts is None:
        return None
    if not (is_offset or parts[9] == 0) or re.match(r"\s*\d{4}[-/]", text):
        return None
    hour, minute, second = parts[3], parts[4], min(parts[5], 59)  # a leap second is the 59th here
    own = timezone(timedelta(seconds=parts[9] or 0))
    instant = datetime(parts[0], parts[1], parts[2], hour, minute, second, tzinfo=own)
    return instant, DateQuality.GIVEN


def _iso(text: str, zone: tzinfo) -> tuple[datetime, DateQuality] | None:
    if not re.match(r"\d{4}-?(?:\d{2}|W\d{2})", text):
        return None
    tidy = re.sub(r"(?<=\d) (?=[+-]\d{2}:?\d{2}$|[zZ]$)", "", text)
    tidy = re.sub(r"(?i)\s*(?:utc|gmt)$", "Z", tidy)
    tidy = re.sub(r"(?<=[T ]\d\d:\d\d):60", ":59", tidy)
    instant = datetime.fromisoformat(tidy)
    if instant.tzinfo is not None:
        return instant, DateQuality.GIVEN
    return instant.replace(tzinfo=zone), DateQuality.INFERRED


def _partial_iso(text: str, zone: tzinfo) -> tuple[datetime, DateQuality] | None:
    found = _YEAR_ONLY.fullmatch(text)
    if found is None:
        return None
    month = int(found["month"] or 1)
    return datetime(int(found["year"]), month, 1, tzinfo=zone), DateQuality.INFERRED


def _written(text: str, zone: tzinfo) -> tuple[datetime, DateQuality] | None:
    """Read dates in words or in national order; day before month unless that is impossible."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    flat = _WORDS.sub("&", plain).lower()
    day = _day(flat)
    if day is None:
        return None
    (year, month, day_of_month), rest = day
    clock = _clock(rest)
    if clock is None:
        return datetime(year, month, day_of_month, tzinfo=zone), DateQuality.INFERRED
    (hour, minute, second), after = clock
    offset = _offset(after)
    own = zone if offset is None else timezone(offset)
    instant = datetime(year, month, day_of_month, hour, minute, second, tzinfo=own)
    return instant, DateQuality.INFERRED if offset is None else DateQuality.GIVEN


def _day(flat: str) -> tuple[tuple[int, int, int], str] | None:
    """Return (year, month, day) and the text without them."""
    for pattern in (_DAY_MONTH, _ASCTIME, _MONTH_DAY):
        for found in pattern.finditer(flat):
            month = _month(found["month"])
            if month is not None:
                whole = (_year(found["year"]), month, int(found["day"]))
                # The time and the zone stand between the day and the year, which ends it.
                keep = found.group()[:-4] if pattern is _ASCTIME else " "
                return whole, flat[: found.start()] + keep + flat[found.end() :]
    numbers = _YEAR_FIRST.search(flat) or _NUMBERS.search(flat)
    if numbers is None:
        return None
    day, number = int(numbers["day"]), int(numbers["month"])
    if number > 12 >= day:  # noqa: PLR2004 - twelve months: it can only be the American order
        day, number = number, day
    whole = (_year(numbers["year"]), number, day)
    return whole, flat[: numbers.start()] + " " + flat[numbers.end() :]


def _month(name: str) -> int | None:
    """Return the number of a month by the first letters of its name, longest match first."""
    return next((_MONTH_OF[name[:size]] for size in (5, 4, 3) if name[:size] in _MONTH_OF), None)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004 - two digits mean this or the last century
        return year
    return 2000 + year if year < 70 else 1900 + year  # noqa: PLR2004 - as RFC 2822 has it


def _clock(rest: str) -> tuple[tuple[int, int, int], str] | None:
    """Return (hour, minute, second) and the text after them."""
    found = _TIME_RE.search(rest)
    if found is None:
        found = _HALF_ONLY.search(rest)
    if found is None:
        return None
    parts = found.groupdict()
    hour = int(parts["hour"])
    half = (parts.get("half") or "").replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    whole = (hour, int(parts.get("minute") or 0), int(parts.get("second") or 0))
    return whole, rest[found.end() :]


def _offset(after: str) -> timedelta | None:
    """Return the offset that the text after a time states, by number or by name."""
    tail = re.sub(r"\([^)]*\)\s*$", "", after).rstrip()
    if found := _OFFSET.search(tail):
        span = timedelta(hours=int(found["hour"]), minutes=int(found["minute"] or 0))
        return span if found["sign"] == "+" else -span
    named = _ZONE.match(tail)
    hours = _ZONES.get(named["name"]) if named else None
    return None if hours is None else timedelta(hours=hours)
