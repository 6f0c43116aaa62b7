"""Off hours: when a host is not visited, on the client's clock; pure functions.

A host has one answer: what any of its sources asks for holds for all of them.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from listening.collectors.identity.canonical import host_of
from listening.model import OffHours, Source


def is_off(hours: OffHours | None, *, now: datetime, timezone: str) -> bool:
    """Return whether an instant lies in the off hours; their start does, their end does not.

    The clock decides, whatever the season: an hour that summer time leaves out is never off, one
    that it repeats is off twice.

    Args:
        hours: From when to when; may run over midnight.
        now: Aware instant.
        timezone: IANA name.
    """
    if hours is None:
        return False
    clock = now.astimezone(ZoneInfo(timezone)).time()
    if hours.start < hours.end:
        return hours.start <= clock < hours.end
    return clock >= hours.start or clock < hours.end


def resting_hosts(
    sources: Iterable[Source], *, everywhere: OffHours | None, now: datetime, timezone: str
) -> frozenset[str]:
    """Return the hosts that are not to be visited now.

    Args:
        sources: All of the client's, due or not.
        everywhere: Off hours of the client for every host, in force beside a source's own.
        now: Aware instant.
        timezone: The client's.
    """
    is_everywhere = is_off(everywhere, now=now, timezone=timezone)
    return frozenset(
        host_of(source.url)
        for source in sources
        if is_everywhere or is_off(source.off_hours, now=now, timezone=timezone)
    )
