"""The writer file: one holder, in UTC, always closed."""

from pathlib import Path

import duckdb
import pytest
import sqlalchemy

from listening.errors import StorageError, WarehouseBusyError, WarehouseDamagedError
from storage.engine import open_writer, sqlalchemy_engine, transaction
from tests.storage.processes import HOLDER, start


def test_writer_is_in_utc_and_within_limits(tmp_path: Path) -> None:
    with open_writer(tmp_path / "new" / "w.duckdb", memory_limit="512MB", threads=1) as connection:
        row = connection.execute(
            "SELECT current_setting('TimeZone'), current_setting('threads'),"
            " current_setting('memory_limit')"
        ).fetchone()

    assert row == ("UTC", 1, "488.2 MiB")


def test_closing_leaves_no_write_ahead_log(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"

    def fail() -> None:
        with open_writer(path) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert [entry.name for entry in tmp_path.iterdir()] == ["w.duckdb"]


def test_second_process_is_refused_with_the_holders_id(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with start(HOLDER, path) as process:
        with pytest.raises(WarehouseBusyError, match=rf"PID {process.pid}"), open_writer(path):
            pass

        process.communicate("done\n")
    with open_writer(path):
        pass


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    path.write_bytes(b"bonjour" * 1000)

    with pytest.raises(StorageError, match="cannot open warehouse"), open_writer(path):
        pass


def break_off(path: Path, error: duckdb.Error) -> None:
    """Raise as a statement does when the disk refuses."""
    with open_writer(path):
        raise error


@pytest.mark.parametrize(
    ("error", "kind", "advice"),
    [
        pytest.param(
            duckdb.FatalException('Could not write file "w.duckdb": No space left on device'),
            StorageError,
            "make room on its disk",
            id="full",
        ),
        pytest.param(
            duckdb.Error("Corrupt database file: computed checksum 1 does not match"),
            WarehouseDamagedError,
            "vigie restore.*vigie rebuild",
            id="damaged",
        ),
        pytest.param(
            duckdb.IOException("Could not sync file"), StorageError, "cannot work on", id="failing"
        ),
    ],
)
def test_what_a_disk_refuses_names_the_file_and_what_to_do(
    tmp_path: Path, error: duckdb.Error, kind: type[StorageError], advice: str
) -> None:
    with pytest.raises(kind, match=advice) as refused:
        break_off(tmp_path / "w.duckdb", error)

    assert refused.value.values["path"] == str(tmp_path / "w.duckdb")


def test_a_wrong_statement_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(duckdb.CatalogException), open_writer(tmp_path / "w.duckdb") as connection:
        connection.execute("FROM nothing")


def test_interrupted_transaction_leaves_nothing(tmp_path: Path) -> None:
    with open_writer(tmp_path / "w.duckdb") as connection:

        def be_interrupted() -> None:
            with transaction(connection):
                connection.execute("CREATE TABLE half AS SELECT 1 AS x")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            be_interrupted()
        with pytest.raises(duckdb.CatalogException):
            connection.execute("FROM half")


def test_sqlalchemy_reads_but_does_not_write(warehouse_path: Path) -> None:
    engine = sqlalchemy_engine(warehouse_path)

    with engine.connect() as connection:
        zone = connection.execute(sqlalchemy.text("SELECT current_setting('TimeZone')")).scalar()
        name = connection.execute(sqlalchemy.text("SELECT name FROM dim_clients")).scalar()
        with pytest.raises(sqlalchemy.exc.DBAPIError, match="read-only"):
            connection.execute(sqlalchemy.text("DELETE FROM dim_clients"))

    assert (zone, name) == ("UTC", "Exemple")
    with open_writer(warehouse_path):
        pass
