"""Single mentions as published: the model's word, a person's word, the text they are about."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from listening.errors import StorageError
from listening.model import Document, Evidence, Hit, Mention, Polarity
from listening.translate import mark
from storage.queries import load_sql
from storage.reading import open_snapshot
from storage.rows import DOCUMENTS, document_from_row


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMention:
    """One mention beside its document and what a person said."""

    mention: Mention
    document: Document
    human_polarity: Polarity | None
    human_by: str | None


def find_documents(connection: duckdb.DuckDBPyConnection, start: str, brand_id: str) -> list[str]:
    """Return the ids, of documents with a mention of a brand, that begin so.

    Args:
        connection: Writer or snapshot.
        start: How the id begins.
        brand_id: The brand.
    """
    parameters = {"start": start, "brand_id": brand_id}
    rows = connection.execute(load_sql("reading/find_documents"), parameters).fetchall()
    return [document_id for (document_id,) in rows]


def read_mention(snapshot: Path, document_id: str, brand_id: str) -> StoredMention:
    """Return one mention.

    Raises:
        StorageError: There is no snapshot, it is damaged, or there is no such mention.
    """
    with open_snapshot(snapshot) as connection:
        found = list(_read(connection, document_id=document_id, brand_id=brand_id, is_said=False))
    if not found:
        raise StorageError(
            mark("there is no mention of {brand} in document {document}"),
            brand=brand_id,
            document=document_id,
        )
    return found[0]


def read_corrections(snapshot: Path) -> list[StoredMention]:
    """Return every mention whose tone a person has said, the oldest word first.

    Raises:
        StorageError: There is no snapshot, or it is damaged.
    """
    with open_snapshot(snapshot) as connection:
        return list(_read(connection, document_id=None, brand_id=None, is_said=True))


def _read(
    connection: duckdb.DuckDBPyConnection,
    *,
    document_id: str | None,
    brand_id: str | None,
    is_said: bool,
) -> Iterator[StoredMention]:
    parameters = {"document_id": document_id, "brand_id": brand_id, "is_said": is_said}
    cursor = connection.execute(load_sql("reading/mentions"), parameters)
    names = [column[0] for column in cursor.description or ()]
    for row in cursor.fetchall():
        document = document_from_row(row[: len(DOCUMENTS)])
        yield _as_stored(document, dict(zip(names, row, strict=True)))


def _as_stored(document: Document, row: dict[str, Any]) -> StoredMention:
    said = row["human_polarity"]
    mention = Mention(
        document_id=document.document_id,
        brand_id=row["brand_id"],
        polarity=Polarity(row["polarity"]),
        score=row["score"],
        confidence=row["confidence"],
        hits=tuple(Hit(brand_id=row["brand_id"], **hit) for hit in row["hits"]),
        evidence=tuple(Evidence(**item) for item in row["evidence"]),
        flags=frozenset(row["flags"]),
        language=row["judged_language"],
        query_version=row["query_version"],
        model_version=row["model_version"],
    )
    return StoredMention(
        mention=mention,
        document=document,
        human_polarity=Polarity(said) if said else None,
        human_by=row["human_labelled_by"],
    )
