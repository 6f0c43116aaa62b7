"""Digests of tables: equal content gives equal digests, whatever the order of rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import duckdb

#: When a row was written says nothing of what it says.
BOOKKEEPING_COLUMNS = frozenset(
    {"loaded_at", "tagged_at", "updated_at", "applied_at", "imported_at"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDigest:
    """How many rows a table has, and a number that changes when one of them does."""

    row_count: int
    digest: int


def table_digests(
    connection: duckdb.DuckDBPyConnection,
    *,
    tables: Sequence[str] | None = None,
    excluded_columns: Collection[str] = BOOKKEEPING_COLUMNS,
) -> dict[str, TableDigest]:
    """Return the digest of each table, by name.

    The digest is the sum over rows of DuckDB's 64-bit hash of the row, columns in order of their
    names; it can be compared between files of one DuckDB version.

    Args:
        connection: Writer or snapshot.
        tables: Which tables; all of them when None.
        excluded_columns: Columns left out, in every table.
    """
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns()"
        " JOIN duckdb_tables() USING (database_name, schema_name, table_name)"
        " WHERE NOT duckdb_columns.internal AND NOT duckdb_tables.temporary"
        " AND database_name = current_database()"
        " ORDER BY table_name, column_name"
    ).fetchall():
        if column not in excluded_columns and (tables is None or table in tables):
            columns.setdefault(table, []).append(column)
    return {table: _digest(connection, table, names) for table, names in columns.items()}


def _digest(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]
) -> TableDigest:
    relation = connection.table(_quoted(table))
    hashes = f"hash({', '.join(map(_quoted, columns))})"
    sums = f"count(*), coalesce(sum(CAST({hashes} AS HUGEINT)), 0)"
    count, digest = relation.aggregate(sums).fetchall()[0]
    return TableDigest(row_count=count, digest=int(digest))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
