"""What people said is relevant, and the stored documents that queries are tried on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from listening.model import Brand, BrandRole, Document
from storage.queries import load_sql
from storage.reading import open_snapshot
from storage.rows import DOCUMENTS, document_from_row

#: Documents fetched at a time.
_CHUNK: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One person's word on whether a document that has a brand's name speaks of the brand."""

    document_id: str
    is_relevant: bool
    places: tuple[tuple[int, int], ...]  # of the name, in characters of ``text``
    text: str


def labelled_mentions(connection: duckdb.DuckDBPyConnection) -> frozenset[tuple[str, str]]:
    """Return (document_id, brand_id) of the mentions whose label says that they count."""
    return frozenset(connection.execute(load_sql("tagging/labelled_mentions")).fetchall())


def read_verdicts(snapshot: Path, brand_id: str) -> list[Verdict]:
    """Return the verdicts on one brand, oldest first.

    Raises:
        StorageError: There is no snapshot, or it is damaged.
    """
    with open_snapshot(snapshot) as connection:
        rows = connection.execute(load_sql("reading/verdicts"), {"brand_id": brand_id}).fetchall()
    return [
        Verdict(
            document_id=document_id,
            is_relevant=is_relevant,
            places=tuple((start, end) for start, end in places),
            text=text,
        )
        for document_id, is_relevant, places, text in rows
    ]


def read_labels(snapshot: Path, brand_id: str) -> dict[str, bool]:
    """Return what people called relevant (True) or not, by document_id.

    Raises:
        StorageError: There is no snapshot, or it is damaged.
    """
    with open_snapshot(snapshot) as connection:
        labels = load_sql("reading/relevance_labels")
        return dict(connection.execute(labels, {"brand_id": brand_id}).fetchall())


def read_published_brand(snapshot: Path, brand_id: str) -> Brand | None:
    """Return a brand as it was when the snapshot was made; None: it was not watched yet.

    Raises:
        StorageError: There is no snapshot, or it is damaged.
    """
    with open_snapshot(snapshot) as connection:
        row = connection.execute(
            load_sql("reading/published_brand"), {"brand_id": brand_id}
        ).fetchone()
    if row is None:
        return None
    known_id, name, role, terms, exact, context, excluded, query, version = row
    return Brand(
        brand_id=known_id,
        name=name,
        role=BrandRole(role),
        terms=tuple(terms),
        exact_terms=tuple(exact),
        context_terms=tuple(context),
        excluded_terms=tuple(excluded),
        query=query or "",
        query_version=version,
    )


def read_corpus(snapshot: Path) -> Iterator[tuple[Document, str]]:
    """Yield every stored document of a snapshot with its language: fr, en, other, or empty.

    Raises:
        StorageError: There is no snapshot, or it is damaged.
    """
    with open_snapshot(snapshot) as connection:
        cursor = connection.execute(load_sql("reading/corpus"))
        while rows := cursor.fetchmany(_CHUNK):
            for row in rows:
                yield document_from_row(row[: len(DOCUMENTS)]), row[len(DOCUMENTS)] or ""
