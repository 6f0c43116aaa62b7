"""Off hours: when a host is not visited, on the client's clock; pure functions.

A host has one answer: what any of its sources asks for holds for all of them.
"""

from collections.abc import Iterable, Mapping
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


def hours_by_host(sources: Iterable[Source]) -> dict[str, frozenset[OffHours]]:
    """Return what the sources of each host ask for; hosts of which nobody asks are left out."""
    hours: dict[str, frozenset[OffHours]] = {}
    for source in sources:
        if source.off_hours is not None:
            host = host_of(source.url)
            hours[host] = hours.get(host, frozenset()) | {source.off_hours}
    return hours


def is_resting(
    host: str,
    *,
    by_host: Mapping[str, frozenset[OffHours]],
    everywhere: OffHours | None,
    now: datetime,
    timezone: str,
) -> bool:
    """Return whether a host is not to be visited now, whoever's source leads there."""
    hours = (everywhere, *by_host.get(host, ()))
    return any(is_off(one, now=now, timezone=timezone) for one in hours)


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
    known = list(sources)
    asked = hours_by_host(known)
    return frozenset(
        host
        for host in {host_of(source.url) for source in known}
        if is_resting(host, by_host=asked, everywhere=everywhere, now=now, timezone=timezone)
    )
