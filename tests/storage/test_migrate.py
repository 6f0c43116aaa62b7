"""Migrations: from zero, once, unedited, all or nothing."""

from pathlib import Path

import duckdb
import pytest

from listening.errors import StorageError
from storage.checks import run_checks
from storage.engine import open_writer
from storage.loading import load_batches
from storage.migrate import _BOOKKEEPING, VIEWS, _apply, migrate, migrations
from storage.queries import sql_names
from storage.visits import loaded_batches
from tests.builders import NOW

TABLES = {
    *("dim_clients", "dim_brands", "dim_sources", "dim_authors", "dim_topics", "dim_dates"),
    *("dim_alert_rules", "fct_documents", "fct_document_sources", "fct_mentions"),
    *("fct_mention_topics", "fct_mention_actions", "fct_alert_evaluations", "fct_alerts"),
    "fct_alert_actions",
    *("fct_stories", "fct_story_texts", "story_shingles", "story_queue"),
    *("fct_source_runs", "fct_own_posts", "source_states", "outbox", "schema_migrations"),
}


def test_builds_every_table_from_zero(tmp_path: Path) -> None:
    with open_writer(tmp_path / "new" / "warehouse.duckdb") as connection:
        applied = migrate(connection, now=NOW)

        names = {row[0] for row in connection.execute("SHOW TABLES").fetchall()}

    assert applied == [name for name, _ in migrations().values()] + ["views"]
    assert names >= TABLES


def test_versions_have_no_gap() -> None:
    assert list(migrations()) == list(range(1, len(migrations()) + 1))


def test_every_view_file_is_applied() -> None:
    assert {f"views/{name}" for name in VIEWS} == set(sql_names("views"))


def test_second_time_applies_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert migrate(warehouse, now=NOW) == []


def test_edited_file_is_refused(warehouse: duckdb.DuckDBPyConnection) -> None:
    known = migrations()
    name, sql = known[2]
    known[2] = (name, sql + "\n-- one more word")

    with pytest.raises(StorageError, match=r"0002_documents\.sql was edited"):
        migrate(warehouse, now=NOW, known=known)


def test_newer_warehouse_is_refused(warehouse: duckdb.DuckDBPyConnection) -> None:
    known = migrations()
    migrate(
        warehouse, now=NOW, known=known | {99: ("0099_later.sql", "CREATE TABLE later (x INT)")}
    )

    with pytest.raises(StorageError, match=r"newer than this code: it has migrations \[99\]"):
        migrate(warehouse, now=NOW)


def test_failing_file_leaves_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    broken = {99: ("0099_broken.sql", "CREATE TABLE half (x INT); INSERT INTO nowhere VALUES (1)")}

    with pytest.raises(StorageError, match=r"0099_broken\.sql cannot be applied"):
        migrate(warehouse, now=NOW, known=migrations() | broken)

    assert ("half",) not in warehouse.execute("SHOW TABLES").fetchall()
    assert migrate(warehouse, now=NOW) == []


def test_views_are_made_again_when_the_schema_changes(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    later = {99: ("0099_later.sql", "ALTER TABLE fct_documents ADD COLUMN mood VARCHAR")}

    applied = migrate(warehouse, now=NOW, known=migrations() | later)

    assert applied == ["0099_later.sql", "views"]
    assert warehouse.execute("SELECT count(*) FROM mentions").fetchone() == (0,)


@pytest.mark.parametrize(
    ("day", "french", "week"),
    [
        pytest.param("2026-04-06", "Lundi de Pâques", (2026, 15), id="easter-monday-2026"),
        pytest.param("2024-04-01", "Lundi de Pâques", (2024, 14), id="easter-monday-2024"),
        pytest.param("2008-05-01", "Ascension, Fête du Travail", (2008, 18), id="two-in-one"),
        pytest.param("2026-05-25", "Lundi de Pentecôte", (2026, 22), id="whit-monday"),
        pytest.param("2027-01-01", "Jour de l’an", (2026, 53), id="iso-week-of-last-year"),
        pytest.param("2026-11-20", None, (2026, 47), id="ordinary-friday"),
    ],
)
def test_calendar_knows_french_holidays_and_iso_weeks(
    warehouse: duckdb.DuckDBPyConnection, day: str, french: str | None, week: tuple[int, int]
) -> None:
    row = warehouse.execute(
        "SELECT holiday_fr, is_public_holiday, iso_year, iso_week FROM dim_dates"
        " WHERE date_on = CAST($1 AS DATE)",
        [day],
    ).fetchone()

    assert row == (french, french is not None, *week)


#: What was released first: later files come on top of it.
FIRST_RELEASE = 6
#: A warehouse as the first release wrote it: two copies of a text, an excerpt, a corrected mention.
FIRST_ROWS = """
INSERT INTO dim_clients BY NAME SELECT 'exemple' AS client_id, 'Exemple' AS name,
    'fr' AS language, 'Europe/Paris' AS timezone, now() AS updated_at;
INSERT INTO dim_brands BY NAME SELECT 'alba' AS brand_id, 'Alba' AS name, 'own' AS role,
    ['alba'] AS terms, [] AS exact_terms, [] AS context_terms, [] AS excluded_terms,
    'q1' AS query_version, true AS is_active, now() AS updated_at;
INSERT INTO fct_documents BY NAME
SELECT 'd' || n AS document_id, 'source-' || n AS source_id, ['source-' || n] AS source_ids,
    'feed' AS kind, '' AS title, 'given' AS published_at_quality, seen_at AS mentioned_at,
    seen_at AS first_seen_at, seen_at AS fetched_at, seen_at AS published_at,
    'h' || n AS content_hash,
    array_to_string([('mot' || hash(i)) for i in range(CASE n WHEN 3 THEN 60 ELSE 200 END)], ' ')
        AS "text",
    'old-story-' || least(n, 2) AS story_id, 't1' AS tagged_with, now() AS loaded_at
FROM (SELECT n, TIMESTAMPTZ '2026-11-18 00:00Z' + to_hours(n) AS seen_at FROM range(1, 4) AS r(n));
INSERT INTO fct_document_sources BY NAME
SELECT document_id, source_id, first_seen_at, fetched_at, content_hash, published_at,
    published_at_quality
FROM fct_documents;
INSERT INTO fct_mentions BY NAME
SELECT document_id, 'alba' AS brand_id, 'negative' AS polarity, -0.5 AS score, 0.5 AS confidence,
    [{'start': 0, 'end': 4, 'term': 'alba'}] AS hits, [] AS evidence, [] AS flags,
    'fr' AS language, 'q1' AS query_version, 'm1' AS model_version, 't1' AS tagger_version,
    now() AS tagged_at, true AS is_matched, 'positive' AS human_polarity,
    TIMESTAMPTZ '2026-11-19 00:00Z' AS human_labelled_at, 'anna' AS human_labelled_by
FROM fct_documents;
INSERT INTO fct_mention_actions
SELECT 'a-' || document_id, document_id, 'alba', 'polarity', 'positive', 'anna',
    TIMESTAMPTZ '2026-11-19 00:00Z'
FROM fct_documents;
INSERT INTO landing_loads VALUES ('run-1', '0001', now());
"""


@pytest.mark.parametrize("release", range(FIRST_RELEASE, len(migrations()) + 1))
def test_warehouse_of_every_release_is_brought_up_to_date(tmp_path: Path, release: int) -> None:
    """Rows and people's labels stay; the first load after it puts documents into stories."""
    released = {version: file for version, file in migrations().items() if version <= release}
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("SET TimeZone='UTC'")
        connection.execute(_BOOKKEEPING)
        for version, (name, sql) in released.items():
            _apply(connection, version, name, sql, now=NOW)
        connection.execute(FIRST_ROWS)

    with open_writer(path) as connection:
        applied = migrate(connection, now=NOW)
        if release > FIRST_RELEASE:
            connection.execute("INSERT INTO story_queue SELECT document_id FROM fct_documents")
        load_batches(connection, [], now=NOW)

        assert len(applied) == len(migrations()) - release + 1
        assert run_checks(connection) == []
        assert connection.execute(
            "SELECT story_id, count(*), bool_and(is_human_labelled), any_value(polarity)"
            " FROM mentions GROUP BY ALL"
        ).fetchall() == [("d1", 3, True, "positive")]
        assert loaded_batches(connection) == {("run-1", "0001")}
