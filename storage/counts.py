"""Counts: what rules look at, window by window."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import duckdb

from listening.model import BrandHours, Observation, Polarity, Window
from storage.alert_context import newest_visits
from storage.queries import load_sql
from storage.reach import Reach, source_reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which mentions a rule looks at; an empty list lets everything through."""

    source_types: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    def parameters(self) -> dict[str, list[str]]:
        """Return the parameters of the statements."""
        return {name: list(values) for name, values in asdict(self).items()}


EVERYTHING = Part()
_HOUR = timedelta(hours=1)
_JUDGED = ("judged_count", "judged_mention_count", "loudest_author_count", "total_count")


def window_observations(
    connection: duckdb.DuckDBPyConnection,
    *,
    brand_ids: Sequence[str],
    end: datetime,
    window: timedelta,
    history: int,
    polarity: Polarity | None = Polarity.NEGATIVE,
    part: Part = EVERYTHING,
    is_past: bool = False,
    reach: Reach | None = None,
) -> dict[str, list[Observation]]:
    """Count mentions of each brand in ``history`` + 1 windows in a row that end at ``end``.

    Relevant mentions only, human label first; "negative" is that polarity alone, mixed is not.
    Stories and authors are counted among the negatives; where a document names no author, its
    source stands in. Voices are stories of which a named author brings at most three.

    ``coverage`` of a past window is the share of the brand's mentions, of all time, that came from
    sources whose oldest document is not later than the window's start (for a brand without
    mentions, the share of such sources): before that we could not have seen much, so the caller
    ignores windows with too little. That of the last window is the share of
    the planned sources that were read, see ``newest_visits``; 0 when nobody looked.

    Args:
        connection: Writer or snapshot.
        brand_ids: Which brands; an unknown one is a row of zeros.
        end: End of the last window, not in it; aware.
        window: Length of each window, whole microseconds.
        history: How many windows before the last one.
        polarity: Tone of the mentions that are judged; None: every tone.
        part: Which mentions count at all.
        is_past: Whether all windows are past ones, also the last.
        reach: That of the warehouse, for those who ask several times; asked here when None.

    Returns:
        By brand_id, oldest window first; the last one is under test. Zeros are included.

    Raises:
        ValueError: ``window`` or ``history`` is not positive, or ``end`` is naive.
    """
    if window <= timedelta(0) or history < 0 or end.tzinfo is None:
        raise ValueError(f"no windows: window={window}, history={history}, end={end}")
    parameters = {
        "brand_ids": list(brand_ids),
        "window_end": end,
        "window_us": window // timedelta(microseconds=1),
        "history": history,
        "polarity": polarity,
        **part.parameters(),
    }
    reach = reach or source_reach(connection)
    rows = connection.execute(load_sql("alerting/window_counts"), parameters).fetchall()
    observations: dict[str, list[Observation]] = {brand_id: [] for brand_id in brand_ids}
    for (
        brand_id,
        starts_at,
        mentions,
        negatives,
        stories,
        authors,
        voices,
        *judged,
    ) in rows:
        observations[brand_id].append(
            Observation(
                brand_id=brand_id,
                window=Window(start=starts_at, end=starts_at + window),
                mention_count=mentions,
                negative_count=negatives,
                negative_story_count=stories,
                negative_author_count=authors,
                negative_voice_count=voices,
                coverage=reach.coverage(brand_id, starts_at),
                **dict(zip(_JUDGED, judged, strict=True)),
            )
        )
    if is_past:
        return observations
    newest = newest_visits(connection, Window(start=end - window, end=end))
    for seen in observations.values():
        seen[-1] = replace(seen[-1], coverage=newest.coverage)
    return observations


def hour_counts(
    connection: duckdb.DuckDBPyConnection,
    *,
    brand_ids: Sequence[str],
    start: datetime,
    end: datetime,
    polarity: Polarity | None = Polarity.NEGATIVE,
    part: Part = EVERYTHING,
    reach: Reach | None = None,
) -> dict[str, BrandHours]:
    """Count the new texts about each brand hour by hour, from ``start`` to ``end``.

    A text is new when it did not appear within the 24 hours before; of a named author three count
    in any 24 hours. So what an hour holds never depends on later ones.

    ``coverage`` is the share of the brand's mentions, of all time, that came from sources that
    reach back to the hour and were read after it: what nobody read yet is unknown, not empty.

    Args:
        connection: Writer or snapshot.
        brand_ids: Which brands; an unknown one has only zeros.
        start: Start of the first hour, whole hours before ``end``.
        end: End of the last hour, not in it; aware.
        polarity: Tone of the mentions that are judged; None: every tone.
        part: Which mentions count at all.
        reach: That of the warehouse, for those who ask several times; asked here when None.

    Returns:
        By brand_id.

    Raises:
        ValueError: There is no whole hour from ``start`` to ``end``, or they are naive.
    """
    count, rest = divmod(end - start, _HOUR) if end.tzinfo and start.tzinfo else (0, None)
    if count < 1 or rest:
        raise ValueError(f"no whole hours from {start} to {end}")
    reach = reach or source_reach(connection)
    parameters = {
        "brand_ids": list(brand_ids),
        "from_at": start,
        "until": end,
        "polarity": polarity,
        **part.parameters(),
    }
    counts = {brand_id: [0] * count for brand_id in brand_ids}
    for brand_id, index, texts in connection.execute(
        load_sql("alerting/hour_counts"), parameters
    ).fetchall():
        counts[brand_id][-1 - index] = texts
    hours = [Window(start=start + n * _HOUR, end=start + (n + 1) * _HOUR) for n in range(count)]
    return {
        brand_id: BrandHours(
            brand_id=brand_id,
            start=start,
            counts=tuple(counts[brand_id]),
            coverage=tuple(reach.coverage_within(brand_id, hour) for hour in hours),
        )
        for brand_id in brand_ids
    }


def looks_within(
    connection: duckdb.DuckDBPyConnection, rule_id: str, *, end: datetime, length: timedelta
) -> int:
    """Return how often a rule looked within some time before ``end``, this time included."""
    parameters = {"rule_id": rule_id, "after": end - length, "until": end}
    found = connection.execute(load_sql("alerting/looks_within"), parameters).fetchone()
    return 1 + (found[0] if found else 0)
