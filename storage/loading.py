"""Loading: landed batches become documents, states and visits; tagged files become mentions.

Loading the same files again, or in another order, gives the same tables.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import duckdb
import pyarrow as pa

from listening.errors import StorageError
from listening.hosts import site_host
from listening.model import Batch, Brand, Document, FetchState, TaggedDocument
from listening.translate import mark
from storage.batch_groups import batch_groups
from storage.engine import transaction
from storage.exclusions import DEFAULT_KEPT, exclusions_table, load_exclusions
from storage.queries import load_sql
from storage.rows import (
    DOCUMENTS,
    MENTIONS,
    QUERIES,
    REQUESTS,
    SOURCE_HOSTS,
    SOURCE_RUNS,
    STATES,
    TAGGED,
    TOPICS,
    arrow_table,
    document_from_row,
    document_row,
    mention_row,
    registered,
    request_rows,
    source_run_row,
    state_from_row,
    state_rows,
)
from storage.story_assignment import STORY_WINDOW, assign_stories


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadCounts:
    """What a load came to, in documents × sources that carried them."""

    new: int  # not in the warehouse before
    changed: int  # the same source shows another text
    unchanged: int  # the same source, the same text: a repeated load
    merged: int  # known already, now from one more source


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCounts:
    """What loading tagged documents came to."""

    documents: int  # marked as read by this tagger
    mentions: int  # added or changed
    removed: int  # mentions no longer found
    kept: int  # no longer found, but labelled by a person
    stale: int  # documents whose text changed since: left to the next tagging


def load_batch(connection: duckdb.DuckDBPyConnection, batch: Batch, *, now: datetime) -> LoadCounts:
    """Load one landed batch, see :func:`load_batches`."""
    return load_batches(connection, [batch], now=now)[0]


def load_batches(
    connection: duckdb.DuckDBPyConnection,
    batches: Iterable[Batch],
    *,
    now: datetime,
    story_window: timedelta = STORY_WINDOW,
) -> list[LoadCounts]:
    """Load landed batches, each all or nothing, then put their documents into stories.

    Several small batches are one transaction; the counts are those of each transaction.

    A document carried by several sources is one document. The version of its address's own site is
    shown before any stranger's, then the first bringer's, unless another's text is at least 1.2
    times longer; the others are kept in
    ``fct_document_sources``, so that the outcome does not depend on the order of batches. Stories
    that a killed load left unassigned are assigned by the next one.

    Raises:
        StorageError: A batch breaks a constraint of the warehouse; nothing of it stays.
    """
    counts = [
        loaded
        for group in batch_groups(batches)
        for loaded in _load_group(connection, group, now=now)
    ]
    assign_stories(connection, window=story_window)
    return counts


def _load_group(
    connection: duckdb.DuckDBPyConnection, group: list[Batch], *, now: datetime
) -> list[LoadCounts]:
    """Load batches together; where one of them cannot be loaded, one after the other up to it."""
    try:
        return [_load_together(connection, group, now=now)]
    except duckdb.Error as error:
        if len(group) > 1:
            return [loaded for one in group for loaded in _load_group(connection, [one], now=now)]
        name = f"{group[0].run_id}/{group[0].batch_id}"
        raise StorageError(
            mark("batch {name} cannot be loaded: {error}"), name=name, error=error
        ) from error


def _load_together(
    connection: duckdb.DuckDBPyConnection, batches: Sequence[Batch], *, now: datetime
) -> LoadCounts:
    tables = {
        "incoming_documents": arrow_table(
            DOCUMENTS, (document_row(one) for batch in batches for one in batch.documents)
        ),
        "incoming_states": arrow_table(STATES, chain.from_iterable(map(state_rows, batches))),
        "incoming_source_runs": arrow_table(
            SOURCE_RUNS,
            (source_run_row(run, one.batch_id) for one in batches for run in one.source_runs),
        ),
        "incoming_requests": arrow_table(REQUESTS, chain.from_iterable(map(request_rows, batches))),
    }
    filled = {name: table for name, table in tables.items() if len(table)}
    counts = LoadCounts(new=0, changed=0, unchanged=0, merged=0)
    with transaction(connection), registered(connection, **filled):
        if "incoming_documents" in filled:
            counts = _load_documents(connection, now=now)
        if "incoming_source_runs" in filled:
            connection.execute(load_sql("loading/upsert_source_runs"))
        if "incoming_states" in filled:
            connection.execute(load_sql("loading/upsert_states"))
            connection.execute(load_sql("loading/mark_missing"))
        if "incoming_requests" in filled:
            connection.execute(load_sql("loading/insert_requests"))
        connection.execute(load_sql("loading/forget_requests"), {"now": now})
        loaded = {
            "run_ids": [batch.run_id for batch in batches],
            "batch_ids": [batch.batch_id for batch in batches],
        }
        connection.execute(load_sql("loading/insert_landing_loads"), loaded | {"now": now})
    return counts


def _load_documents(connection: duckdb.DuckDBPyConnection, *, now: datetime) -> LoadCounts:
    connection.execute(load_sql("loading/stage_sightings"))
    with registered(connection, source_hosts=_source_hosts(connection)):
        connection.execute(load_sql("loading/stage_documents"))
    counts = connection.execute(load_sql("loading/count_documents")).fetchone()
    connection.execute(load_sql("loading/update_documents"), {"now": now})
    connection.execute(load_sql("loading/insert_documents"), {"now": now})
    connection.execute(load_sql("loading/upsert_document_sources"))
    connection.execute(load_sql("loading/upsert_authors"))
    connection.execute(load_sql("loading/queue_documents"))
    connection.execute("DROP TABLE sightings; DROP TABLE chosen_documents")
    connection.execute("DROP TABLE known_documents; DROP TABLE known_sources")
    new, changed, unchanged, merged = counts or (0, 0, 0, 0)
    return LoadCounts(new=new, changed=changed, unchanged=unchanged, merged=merged)


def _source_hosts(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return the host of each source's site, by the rule that makes keys of addresses."""
    sources = connection.execute(load_sql("loading/source_addresses")).fetchall()
    return arrow_table(SOURCE_HOSTS, ((name, site_host(url)) for name, url in sources))


def read_states(
    connection: duckdb.DuckDBPyConnection, source_ids: Sequence[str] | None = None
) -> dict[str, FetchState]:
    """Return what we remember of these sources, or of every source, by source_id."""
    parameters = {"source_ids": None if source_ids is None else list(source_ids)}
    rows = connection.execute(load_sql("loading/read_states"), parameters).fetchall()
    return {row[0]: state_from_row(row) for row in rows}


def untagged_documents(
    connection: duckdb.DuckDBPyConnection,
    *,
    tagger_version: str,
    limit: int | None = None,
    chunk_size: int = 1000,
) -> Iterator[list[Document]]:
    """Yield, in lists of up to ``chunk_size``, the documents this tagger has not read.

    Order is by document_id. What is tagged while the iterator runs is not seen by it.
    """
    cursor = connection.cursor()
    try:
        cursor.execute("SET TimeZone='UTC'")
        parameters = {"tagger_version": tagger_version, "row_limit": limit}
        cursor.execute(load_sql("tagging/untagged_documents"), parameters)
        while rows := cursor.fetchmany(chunk_size):
            yield [document_from_row(row) for row in rows]
    finally:
        cursor.close()


def load_tagged(
    connection: duckdb.DuckDBPyConnection,
    tagged: Sequence[TaggedDocument],
    *,
    brands: Sequence[Brand],
    now: datetime,
    kept_for: timedelta = DEFAULT_KEPT,
) -> TagCounts:
    """Write the mentions of tagged documents, all or nothing; human labels stay as they are.

    Mentions that tagging again no longer finds are removed, unless a person labelled them. What
    the queries kept out is stored beside them, for as long as ``kept_for``.

    Raises:
        StorageError: A mention names a brand that is not among ``brands``, or one that another
            mention of its document names, or breaks a constraint.
    """
    latest = {document.document_id: document for document in tagged}
    found = [mention for document in latest.values() for mention in document.mentions]
    if strangers := {m.brand_id for m in found} - {brand.brand_id for brand in brands}:
        raise StorageError(f"mentions of brands that are not watched: {sorted(strangers)}")
    if len({(mention.document_id, mention.brand_id) for mention in found}) < len(found):
        raise StorageError("a document was tagged with two mentions of one brand")
    tables = _tagged_tables(list(latest.values()), brands)
    try:
        with transaction(connection), registered(connection, **tables):
            return _load_tagged(connection, len(latest), now=now, kept_for=kept_for)
    except duckdb.Error as error:
        raise StorageError(mark("mentions cannot be loaded: {error}"), error=error) from error


def _tagged_tables(
    tagged: Sequence[TaggedDocument], brands: Sequence[Brand]
) -> dict[str, pa.Table]:
    """Return all that tagging says, by the names that the statements read."""
    return {
        "incoming_tagged": arrow_table(
            TAGGED,
            ((t.document_id, t.content_hash, t.language, t.tagger_version) for t in tagged),
        ),
        "incoming_mentions": arrow_table(
            MENTIONS, map(mention_row, (m for t in tagged for m in t.mentions))
        ),
        "incoming_exclusions": exclusions_table(tagged),
        "incoming_topics": arrow_table(
            TOPICS,
            (
                (t.document_id, tag.brand_id, tag.topic_id, list(tag.terms))
                for t in tagged
                for tag in t.topics
            ),
        ),
        "incoming_queries": arrow_table(
            QUERIES,
            ((one.brand_id, one.query_version) for one in brands if one.query_version),
        ),
    }


def _load_tagged(
    connection: duckdb.DuckDBPyConnection,
    document_count: int,
    *,
    now: datetime,
    kept_for: timedelta,
) -> TagCounts:
    def affected(step: str, parameters: Mapping[str, Any]) -> int:
        return len(connection.execute(load_sql(f"tagging/{step}"), parameters).fetchall())

    connection.execute(load_sql("tagging/stage_tagged"))
    current = connection.execute("SELECT count(*) FROM current_tagged").fetchone() or (0,)
    connection.execute(load_sql("tagging/note_query_changes"), {"now": now})
    removed = affected("remove_mentions", {})
    kept = affected("keep_labelled", {"now": now})
    mentions = affected("update_mentions", {"now": now}) + affected("insert_mentions", {"now": now})
    connection.execute(load_sql("tagging/write_topics"))
    load_exclusions(connection, now=now, kept_for=kept_for)
    connection.execute(load_sql("tagging/project_labels"))
    connection.execute(load_sql("tagging/mark_tagged"))
    connection.execute("DROP TABLE current_tagged; DROP TABLE known_mentions")
    return TagCounts(
        documents=current[0],
        mentions=mentions,
        removed=removed,
        kept=kept,
        stale=document_count - current[0],
    )
