"""Migrations: numbered SQL files, each in one transaction, never edited once applied.

Tables change through ``migrations/000N_*.sql`` only. Views and macros hold no data: their files are
the truth, and all of them are made again, in one transaction, whenever one of them or the schema
changed.
"""

import hashlib
from datetime import datetime
from importlib.resources import files

import duckdb

from listening.errors import StorageError
from listening.translate import mark
from storage.engine import transaction
from storage.queries import load_sql

#: Views and macros in the order in which they build on each other.
VIEWS = (
    "net_sentiment",
    "site_of",
    "little_words",
    "mentions",
    "brand_days",
    "source_health",
    "stories",
    "story_members",
    "known_until",
    "mentions_between",
    "mentions_of",
    "kpis",
    "share_of_voice",
    "brand_hours",
    "authors",
    "influence",
    "inbox",
    "response_times",
    "drivers",
    "topics",
    "rising_terms",
    "alert_precision",
    "sentiment_accuracy",
    "coverage",
)

_BOOKKEEPING = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER PRIMARY KEY, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE schema_migrations IS 'fr: Les évolutions du schéma déjà appliquées ; la version 0 tient les vues. | en: Schema changes already applied; version 0 stands for the views.';
COMMENT ON COLUMN schema_migrations.version IS 'fr: Numéro. | en: Number.';
COMMENT ON COLUMN schema_migrations.name IS 'fr: Nom du fichier. | en: Name of the file.';
COMMENT ON COLUMN schema_migrations.sha256 IS 'fr: Empreinte du fichier. | en: Digest of the file.';
COMMENT ON COLUMN schema_migrations.applied_at IS 'fr: Quand (UTC). | en: When (UTC).';
"""  # noqa: E501 — comments are one sentence per language
_RECORD = (
    "INSERT INTO schema_migrations VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (version) DO UPDATE"
    " SET sha256 = excluded.sha256, applied_at = excluded.applied_at"
)


def migrations() -> dict[int, tuple[str, str]]:
    """Return {version: (file name, SQL)} in order; versions count from 1."""
    entries = (files("storage") / "migrations").iterdir()
    named = sorted((e for e in entries if e.name.endswith(".sql")), key=lambda e: e.name)
    return {int(entry.name[:4]): (entry.name, entry.read_text(encoding="utf-8")) for entry in named}


def migrate(
    connection: duckdb.DuckDBPyConnection,
    *,
    now: datetime,
    known: dict[int, tuple[str, str]] | None = None,
) -> list[str]:
    """Bring the schema up to date; return the names of what was applied, views included.

    Args:
        connection: The writer.
        now: Written beside what is applied.
        known: The migrations to apply; those shipped, when None.

    Raises:
        StorageError: An applied file was edited since, a file cannot be applied (nothing of it
            stays), or the warehouse is newer than this code.
    """
    known = migrations() if known is None else known
    done = _applied(connection)
    if newer := sorted(done.keys() - known.keys() - {0}):
        raise StorageError(
            mark("warehouse is newer than this code: it has migrations {newer}"), newer=newer
        )
    for version, (name, sql) in known.items():
        if version in done and done[version] != _digest(sql):
            raise StorageError(
                mark("{name} was edited after it was applied; add a new file instead"), name=name
            )
    applied = []
    for version, (name, sql) in known.items():
        if version not in done:
            _apply(connection, version, name, sql, now=now)
            applied.append(name)
    views = "\n".join(load_sql(f"views/{name}") for name in VIEWS)
    if applied or done.get(0) != _digest(views):
        _apply(connection, 0, "views", views, now=now)
        applied.append("views")
    return applied


def _applied(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """Return {version: sha256} of what the warehouse has, making the table when it is missing."""
    found = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'schema_migrations'"
        " AND database_name = current_database()"
    ).fetchone()
    if found == (0,):
        connection.execute(_BOOKKEEPING)
    return dict(connection.execute("SELECT version, sha256 FROM schema_migrations").fetchall())


def _apply(
    connection: duckdb.DuckDBPyConnection, version: int, name: str, sql: str, *, now: datetime
) -> None:
    try:
        with transaction(connection):
            connection.execute(sql)
            connection.execute(_RECORD, [version, name, _digest(sql), now])
    except duckdb.Error as error:
        raise StorageError(
            mark("migration {name} cannot be applied: {error}"), name=name, error=error
        ) from error


def _digest(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()
