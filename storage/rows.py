"""Value types as Arrow tables, for loads in bulk, and back from rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa

from listening.model import (
    Batch,
    DateQuality,
    Document,
    FetchState,
    Mention,
    SourceKind,
    SourceRun,
)

TEXT = pa.string()
TEXTS = pa.list_(pa.string())
INSTANT = pa.timestamp("us", tz="UTC")
DAY = pa.date32()
COUNT = pa.int64()
REAL = pa.float64()
FLAG = pa.bool_()
BYTES = pa.binary()
PAIRS = pa.map_(pa.string(), pa.string())

HITS = pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32()), ("term", pa.string())]))
EVIDENCE = pa.list_(
    pa.struct(
        [
            ("term", pa.string()),
            ("weight", pa.float64()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("is_negated", pa.bool_()),
        ]
    )
)

DOCUMENTS = {
    "document_id": TEXT,
    "source_id": TEXT,
    "kind": TEXT,
    "url": TEXT,
    "canonical_url": TEXT,
    "title": TEXT,
    "text": TEXT,
    "author_key": TEXT,
    "language": TEXT,
    "published_at": INSTANT,
    "published_at_quality": TEXT,
    "fetched_at": INSTANT,
    "content_hash": TEXT,
    "guid": TEXT,
    "in_reply_to": TEXT,
    "story_id": TEXT,
}
STATES = {
    "source_id": TEXT,
    "etag": TEXT,
    "last_modified": TEXT,
    "body_hash": TEXT,
    "failure_score": REAL,
    "next_fetch_at": INSTANT,
    "last_success_at": INSTANT,
    "last_new_at": INSTANT,
    "unchanged_count": COUNT,
    "seen": PAIRS,
    "shared_urls": TEXTS,
    "memory": PAIRS,
    "listed": TEXTS,
    "missing": PAIRS,
    "visited_at": INSTANT,
    "run_id": TEXT,
    "batch_id": TEXT,
}
SOURCE_RUNS = {
    "run_id": TEXT,
    "source_id": TEXT,
    "batch_id": TEXT,
    "started_at": INSTANT,
    "status": TEXT,
    "reason": TEXT,
    "http_status": COUNT,
    "duration_s": REAL,
    "byte_count": COUNT,
    "document_count": COUNT,
    "new_count": COUNT,
    "changed_count": COUNT,
    "faults": TEXTS,
    "is_used_up": FLAG,
}
REQUESTS = {
    "run_id": TEXT,
    "batch_id": TEXT,
    "request_number": COUNT,
    "requested_at": INSTANT,
    "host": TEXT,
    "path": TEXT,
    "source_id": TEXT,
    "robots": TEXT,
    "status": COUNT,
    "reason": TEXT,
    "byte_count": COUNT,
    "wait_s": REAL,
    "duration_s": REAL,
}
TAGGED = {"document_id": TEXT, "content_hash": TEXT, "language": TEXT, "tagger_version": TEXT}
SOURCE_HOSTS = {"source_id": TEXT, "host": TEXT}
QUERIES = {"brand_id": TEXT, "query_version": TEXT}
TOPICS = {"document_id": TEXT, "brand_id": TEXT, "topic_id": TEXT, "terms": TEXTS}
MENTIONS = {
    "document_id": TEXT,
    "brand_id": TEXT,
    "polarity": TEXT,
    "score": REAL,
    "confidence": REAL,
    "hits": HITS,
    "evidence": EVIDENCE,
    "zones": TEXTS,
    "flags": TEXTS,
    "language": TEXT,
    "query_version": TEXT,
    "model_version": TEXT,
}

Shape = Mapping[str, pa.DataType]


def arrow_table(shape: Shape, rows: Iterable[Sequence[Any]]) -> pa.Table:
    """Build a table from rows whose values stand in the order of ``shape``; it may be empty."""
    columns = list(zip(*rows, strict=True)) or [()] * len(shape)
    arrays = [
        pa.array(values, type=kind) for values, kind in zip(columns, shape.values(), strict=True)
    ]
    return pa.Table.from_arrays(arrays, names=list(shape))


@contextmanager
def registered(connection: duckdb.DuckDBPyConnection, **tables: pa.Table) -> Iterator[None]:
    """Let statements read these tables by their names, as long as the block runs.

    After an error the names stay until they are used again: a failed transaction takes no more
    statements, and one more error would hide the first.
    """
    for name, table in tables.items():
        connection.register(name, table)
    yield
    for name in tables:
        connection.unregister(name)


def document_row(document: Document) -> tuple[Any, ...]:
    """Return a row of ``DOCUMENTS``; until it is put into one, a document is its own story."""
    return (
        document.document_id,
        document.source_id,
        document.kind.value,
        document.url,
        document.canonical_url,
        document.title,
        document.text,
        document.author_key,
        document.language,
        document.published_at,
        document.published_at_quality.value,
        document.fetched_at,
        document.content_hash,
        document.guid,
        document.in_reply_to,
        document.document_id,
    )


def document_from_row(row: Sequence[Any]) -> Document:
    """Return the document of a row in the order of ``DOCUMENTS``."""
    values = dict(zip(DOCUMENTS, row, strict=True))
    values["kind"] = SourceKind(values["kind"])
    values["published_at_quality"] = DateQuality(values["published_at_quality"])
    return Document(**values)


def state_rows(batch: Batch) -> Iterator[tuple[Any, ...]]:
    """Yield rows of source_states; a state is as old as the visit of its batch."""
    visits = {run.source_id: run.started_at for run in batch.source_runs}
    for state in batch.states:
        visited_at = visits.get(state.source_id) or state.last_success_at
        yield (
            state.source_id,
            state.etag,
            state.last_modified,
            state.body_hash,
            state.failure_score,
            state.next_fetch_at,
            state.last_success_at,
            state.last_new_at,
            state.unchanged_count,
            list(state.seen.items()),
            sorted(state.shared_urls),
            list(state.memory.items()),
            list(state.listed),
            list(state.missing.items()),
            visited_at or datetime.fromtimestamp(0, tz=UTC),
            batch.run_id,
            batch.batch_id,
        )


def state_from_row(row: Sequence[Any]) -> FetchState:
    """Return what we remember of a source, of a row of ``loading/read_states.sql``."""
    return FetchState(
        source_id=row[0],
        etag=row[1],
        last_modified=row[2],
        body_hash=row[3],
        failure_score=row[4],
        next_fetch_at=row[5],
        last_success_at=row[6],
        last_new_at=row[7],
        unchanged_count=row[8],
        seen=row[9],
        shared_urls=frozenset(row[10]),
        memory=row[11],
        listed=tuple(row[12]),
        missing=row[13],
    )


def source_run_row(run: SourceRun, batch_id: str) -> tuple[Any, ...]:
    """Return a row of ``SOURCE_RUNS``."""
    return (
        run.run_id,
        run.source_id,
        batch_id,
        run.started_at,
        run.status.value,
        run.reason,
        run.http_status,
        run.duration_s,
        run.byte_count,
        run.document_count,
        run.new_count,
        run.changed_count,
        list(run.faults),
        run.is_used_up,
    )


def request_rows(batch: Batch) -> Iterator[tuple[Any, ...]]:
    """Yield rows of ``REQUESTS``, numbered from 1."""
    for number, request in enumerate(batch.requests, start=1):
        yield (
            batch.run_id,
            batch.batch_id,
            number,
            request.requested_at,
            request.host,
            request.path,
            request.source_id,
            request.robots.value,
            request.status,
            request.reason,
            request.byte_count,
            request.wait_s,
            request.duration_s,
        )


def mention_row(mention: Mention) -> tuple[Any, ...]:
    """Return a row of ``MENTIONS``."""
    hits = [{"start": hit.start, "end": hit.end, "term": hit.term} for hit in mention.hits]
    evidence = [
        {
            "term": proof.term,
            "weight": proof.weight,
            "start": proof.start,
            "end": proof.end,
            "is_negated": proof.is_negated,
        }
        for proof in mention.evidence
    ]
    return (
        mention.document_id,
        mention.brand_id,
        mention.polarity.value,
        mention.score,
        mention.confidence,
        hits,
        evidence,
        sorted({hit.zone for hit in mention.hits}),
        sorted(mention.flags),
        mention.language,
        mention.query_version,
        mention.model_version,
    )
