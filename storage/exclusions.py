"""Documents that a brand's query keeps out although they name it, and why: kept for a while."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import duckdb
import pyarrow as pa

from listening.model import TaggedDocument
from storage.queries import load_sql
from storage.rows import TEXT, arrow_table

#: How long they are kept unless the caller says otherwise.
DEFAULT_KEPT: Final = timedelta(days=90)

_SHAPE = {
    "document_id": TEXT,
    "brand_id": TEXT,
    "reason": TEXT,
    "clause": TEXT,
    "query_version": TEXT,
}


def exclusions_table(tagged: Iterable[TaggedDocument]) -> pa.Table:
    """Return the exclusions of tagged documents as a table for :func:`load_exclusions`."""
    rows: list[tuple[Any, ...]] = [
        (one.document_id, item.brand_id, item.reason.value, item.clause, item.query_version)
        for one in tagged
        for item in one.exclusions
    ]
    return arrow_table(_SHAPE, rows)


def load_exclusions(
    connection: duckdb.DuckDBPyConnection, *, now: datetime, kept_for: timedelta
) -> None:
    """Store the registered ``incoming_exclusions``; what is over, or older than that, goes."""
    connection.execute(load_sql("tagging/remove_exclusions"), {"oldest": now - kept_for})
    connection.execute(load_sql("tagging/upsert_exclusions"), {"now": now})
