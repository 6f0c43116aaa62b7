"""Counts: what rules look at, window by window."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import duckdb

from listening.model import Observation, Window
from storage.queries import load_sql


def window_observations(
    connection: duckdb.DuckDBPyConnection,
    *,
    brand_ids: Sequence[str],
    end: datetime,
    window: timedelta,
    history: int,
) -> dict[str, list[Observation]]:
    """Count mentions of each brand in ``history`` + 1 windows in a row that end at ``end``.

    Relevant mentions only, human label first; "negative" is that polarity alone, mixed is not.
    Stories and authors are counted among the negatives; where a document names no author, its
    source stands in.

    ``coverage`` of a past window is the share of the sources (those that brought any document)
    whose oldest document is not later than the window's start: before that we could not have seen
    much, so the caller ignores windows with too little. That of the last window is the share of
    visits that succeeded in the newest run; 0 when none began within one and a half windows
    before ``end`` (a night runs late, it does not run a day late): then nobody looked.

    Args:
        connection: Writer or snapshot.
        brand_ids: Which brands; an unknown one is a row of zeros.
        end: End of the last window, not in it; aware.
        window: Length of each window, whole microseconds.
        history: How many windows before the last one.

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
    }
    rows = connection.execute(load_sql("alerting/window_counts"), parameters).fetchall()
    observations: dict[str, list[Observation]] = {brand_id: [] for brand_id in brand_ids}
    for brand_id, starts_at, ends_at, mentions, negatives, stories, authors, coverage in rows:
        observations[brand_id].append(
            Observation(
                brand_id=brand_id,
                window=Window(start=starts_at, end=ends_at),
                mention_count=mentions,
                negative_count=negatives,
                negative_story_count=stories,
                negative_author_count=authors,
                coverage=coverage,
            )
        )
    newest = _newest_coverage(connection, since=end - 1.5 * window)
    for seen in observations.values():
        seen[-1] = replace(seen[-1], coverage=newest)
    return observations


def _newest_coverage(connection: duckdb.DuckDBPyConnection, *, since: datetime) -> float:
    row = connection.execute(load_sql("alerting/newest_coverage"), {"since": since}).fetchone()
    return 0.0 if row is None else float(row[0])
