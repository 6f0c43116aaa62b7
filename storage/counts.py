"""Counts: what rules look at, window by window."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import duckdb

from listening.model import Observation, Polarity, Window
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


def looks_per_window(
    connection: duckdb.DuckDBPyConnection, rule_id: str, *, end: datetime, window: timedelta
) -> int:
    """Return how often a rule looked within the last length of its window, this time included."""
    parameters = {"rule_id": rule_id, "after": end - window, "until": end}
    found = connection.execute(load_sql("alerting/looks_per_window"), parameters).fetchone()
    return 1 + (found[0] if found else 0)
