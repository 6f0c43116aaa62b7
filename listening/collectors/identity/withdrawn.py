"""Which documents a source has taken back: a pure function of what it listed before and now.

A feed is a window on its newest items: the oldest fall out at its end, and that means nothing. One
that is gone while an older one, unchanged, is still listed was taken out. Nothing is concluded
from lists whose order changed, since they are sorted by something else than age, from those that
list the oldest first (podcasts), nor from search feeds, which show what they like. What is
withdrawn is recorded and kept.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice, pairwise
from types import MappingProxyType

from listening.model import Source, SourceKind, SourceType

#: Withdrawn documents remembered per source; the oldest are forgotten first.
MAX_MISSING = 1000
#: Kinds whose one body lists everything the source shows.
_LISTING = frozenset({SourceKind.FEED})


def withdrawn(
    source: Source,
    *,
    before: Sequence[str],
    shown: Sequence[str],
    dates: Sequence[datetime] = (),
    earlier: Mapping[str, str],
    now: datetime,
) -> Mapping[str, str]:
    """Return when each withdrawn document was first missed (ISO, UTC), by document_id.

    Args:
        source: What was visited.
        before: Ids it listed at the visit before, in its own order.
        shown: Ids it lists now.
        dates: Those it gives now, in its own order.
        earlier: What this function returned then; documents that are shown again leave it.
        now: The visit.
    """
    present = set(shown)
    missing = {name: since for name, since in earlier.items() if name not in present}
    is_telling = source.kind in _LISTING and source.source_type is not SourceType.SEARCH
    if is_telling and _is_newest_first(before, shown, dates):
        for name in _taken_out(before, shown, present):
            missing.setdefault(name, now.astimezone(UTC).isoformat())
    excess = max(len(missing) - MAX_MISSING, 0)
    return MappingProxyType(dict(islice(missing.items(), excess, None)))


def withdrawn_page(
    source: Source, *, before: Sequence[str], earlier: Mapping[str, str], reason: str, now: datetime
) -> Mapping[str, str]:
    """Return the same for a visit that failed: a watched page that is gone withdraws its text."""
    if source.kind is not SourceKind.PAGE or reason not in {"http_404", "http_410"}:
        return earlier
    since = now.astimezone(UTC).isoformat()
    return MappingProxyType(dict.fromkeys(before, since) | dict(earlier))


def _is_newest_first(
    before: Sequence[str], shown: Sequence[str], dates: Sequence[datetime]
) -> bool:
    """Return whether the newest stand first: by most of the dates, else by what is new."""
    falls = sum(one > following for one, following in pairwise(dates))
    rises = sum(one < following for one, following in pairwise(dates))
    if falls or rises:
        return falls > rises
    return bool(shown) and shown[0] not in before


def _taken_out(before: Sequence[str], shown: Sequence[str], present: set[str]) -> list[str]:
    """Return what left from between others that are still there, in the same order."""
    known = set(before)
    stayed = [name for name in before if name in present]
    if not stayed or stayed != [name for name in shown if name in known]:
        return []
    last = max(number for number, name in enumerate(before) if name in present)
    return [name for name in before[:last] if name not in present]
