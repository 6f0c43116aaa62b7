"""Quiet hours: what is not critical waits for the morning."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from listening.model import Severity


class QuietHours(Protocol):
    """From when to when, on the client's clock, nobody is disturbed."""

    @property
    def start(self) -> time:
        """First quiet moment."""

    @property
    def end(self) -> time:
        """First moment that is not quiet any more, perhaps the next day."""


def release_at(
    quiet_hours: QuietHours | None, severity: Severity, now: datetime, timezone: str
) -> datetime:
    """Return when a message may go out: now, or the end of the quiet hours that now lies in.

    Start and end are times on the client's clock, whatever the season: an hour that does not exist
    on the night summer time begins is taken as the instant at which the clock jumps over it, one
    that exists twice as its first occurrence for the end and for the start alike. The start is
    quiet, the end is not. Equal times mean no quiet hours.

    Args:
        quiet_hours: The client's, or None.
        severity: Critical messages never wait.
        now: Aware instant.
        timezone: IANA name of the client's time zone.

    Returns:
        An aware instant in UTC, never before ``now``.
    """
    moment = now.astimezone(UTC)
    if quiet_hours is None or severity is Severity.CRITICAL:
        return moment
    start, end = quiet_hours.start, quiet_hours.end
    if start == end:
        return moment
    zone = ZoneInfo(timezone)
    today = moment.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        opens = _instant(day, start, zone)
        closes = _instant(day if end > start else day + timedelta(days=1), end, zone)
        if opens <= moment < closes:
            return closes
    return moment


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return when a clock in that zone first shows this time, or jumps over it."""
    local = datetime.combine(day, clock, tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    # In the gap: fold 0 and fold 1 give the offsets before and after; the jump is where they meet.
    before = local.replace(fold=0).utcoffset()
    after = local.replace(fold=1).utcoffset()
    if before is None or after is None:
        raise ValueError(f"{zone.key} gives no offset for {local}")
    return _jump(instant - abs(after - before) * 2, instant + abs(after - before) * 2, zone)


def _jump(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Return the first whole second in (low, high] at which the zone has its later offset."""
    start_offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == start_offset:
            low = middle
        else:
            high = middle
    return high
