"""Migrations: from zero, once, unedited, all or nothing."""

from pathlib import Path

import duckdb
import pytest

from listening.errors import StorageError
from storage.engine import open_writer
from storage.migrate import VIEWS, migrate, migrations
from storage.queries import sql_names
from tests.builders import NOW

TABLES = {
    *("dim_clients", "dim_brands", "dim_sources", "dim_authors", "dim_topics", "dim_dates"),
    *("dim_alert_rules", "fct_documents", "fct_document_sources", "fct_mentions"),
    *("fct_mention_topics", "fct_mention_actions", "fct_alert_evaluations", "fct_alerts"),
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
