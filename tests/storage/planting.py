"""Puts documents and mentions straight into a warehouse: many small worlds, quickly."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from storage.rows import EVIDENCE, FLAG, INSTANT, TEXT, TEXTS, arrow_table, registered


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One mention of one document; documents of one id are one document."""

    document_id: str
    at: datetime
    brand_id: str | None = "oeuf-a-la-coque"  # None: a document that names nobody
    polarity: str = "neutral"
    human_polarity: str | None = None
    source_id: str = "gazette-lyon"
    author: str | None = None
    story_id: str | None = None  # None: a story of its own
    title: str = ""
    text: str = "Le texte."
    language: str = "fr"
    flags: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    evidence: tuple[tuple[str, float], ...] = ()  # term, weight
    in_reply_to: str | None = None
    is_matched: bool = True
    query_version: str = "q1"


_SHAPE = {
    "document_id": TEXT,
    "mentioned_at": INSTANT,
    "brand_id": TEXT,
    "polarity": TEXT,
    "human_polarity": TEXT,
    "source_id": TEXT,
    "author_key": TEXT,
    "story_id": TEXT,
    "title": TEXT,
    "text": TEXT,
    "language": TEXT,
    "flags": TEXTS,
    "topics": TEXTS,
    "evidence": EVIDENCE,
    "in_reply_to": TEXT,
    "is_matched": FLAG,
    "query_version": TEXT,
}

_DOCUMENTS = """
INSERT INTO fct_documents BY NAME
SELECT DISTINCT ON (document_id)
    document_id, source_id, [source_id] AS source_ids, 'feed' AS kind,
    'https://exemple.example/' || document_id AS url, url AS canonical_url, title, "text",
    author_key, "language", "language" AS found_language, mentioned_at AS published_at,
    'given' AS published_at_quality, mentioned_at, mentioned_at AS first_seen_at,
    mentioned_at AS fetched_at, md5("text") AS content_hash, document_id AS guid, in_reply_to,
    story_id, 't1' AS tagged_with, mentioned_at AS loaded_at
FROM planted
"""
_SOURCES = """
INSERT INTO fct_document_sources BY NAME
SELECT DISTINCT ON (document_id)
    document_id, source_id, mentioned_at AS first_seen_at, mentioned_at AS fetched_at,
    md5("text") AS content_hash, mentioned_at AS published_at, 'given' AS published_at_quality
FROM planted
"""
_MENTIONS = """
INSERT INTO fct_mentions BY NAME
SELECT
    document_id, brand_id, polarity, 0.0 AS score, 0.5 AS confidence,
    [{'start': 0, 'end': 2, 'term': 'le'}] AS hits, evidence, flags, "language", query_version,
    'm1' AS model_version, 't1' AS tagger_version, mentioned_at AS tagged_at, is_matched,
    human_polarity, CASE WHEN human_polarity IS NOT NULL THEN mentioned_at END AS human_labelled_at
FROM planted
WHERE brand_id IS NOT NULL
"""
_TOPICS = """
INSERT INTO fct_mention_topics BY NAME
SELECT document_id, brand_id, unnest(topics) AS topic_id, ['mot'] AS terms
FROM planted
WHERE brand_id IS NOT NULL
"""


def plant(connection: duckdb.DuckDBPyConnection, rows: Iterable[Planted]) -> None:
    """Insert documents, their sources, mentions and topics."""
    table = arrow_table(_SHAPE, [_values(row) for row in rows])
    with registered(connection, planted=table):
        for statement in (_DOCUMENTS, _SOURCES, _MENTIONS, _TOPICS):
            connection.execute(statement)


def plant_topics(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Make topics of these ids."""
    connection.executemany(
        "INSERT INTO dim_topics VALUES ($1, $2, $3, [$1], true, now())",
        [[name, name.title(), f"the {name}"] for name in names],
    )


def _values(row: Planted) -> tuple[object, ...]:
    evidence = [
        {"term": term, "weight": weight, "start": 0, "end": len(term), "is_negated": False}
        for term, weight in row.evidence
    ]
    return (
        row.document_id, row.at, row.brand_id, row.polarity, row.human_polarity, row.source_id,
        row.author, row.story_id or row.document_id, row.title, row.text, row.language,
        list(row.flags), list(row.topics), evidence, row.in_reply_to, row.is_matched,
        row.query_version,
    )  # fmt: skip
