"""``import vigie``: what a notebook gets, and the other documented ways in."""

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import sqlalchemy

import vigie
from listening.errors import ConfigError, StorageError
from listening.settings import get_settings
from storage.engine import open_writer
from storage.migrate import migrate
from storage.publish import publish
from tests.builders import NOW, write_client


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    write_client(home / "clients" / "bistrot")
    folder = home / "var" / "data" / "bistrot"
    with open_writer(folder / "warehouse.duckdb") as warehouse:
        migrate(warehouse, now=NOW)
    publish(folder / "warehouse.duckdb", folder / "published", now=NOW)
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = shutil.copytree(template, tmp_path / "home", symlinks=True)
    monkeypatch.setenv("LISTENING_HOME", str(copy))
    get_settings.cache_clear()
    return copy


@pytest.fixture(autouse=True)
def _settings() -> None:
    get_settings.cache_clear()


@pytest.mark.usefixtures("home")
def test_a_frame_has_typed_columns() -> None:
    found = vigie.frame(
        "SELECT date_on, is_weekend, TIMESTAMPTZ '2026-11-20 02:00+01' AS at FROM dim_dates"
        " WHERE date_on = $day",
        parameters={"day": dt.date(2026, 11, 21)},
    )

    assert isinstance(found, pd.DataFrame)
    assert found["is_weekend"].tolist() == [True]
    assert found["at"].tolist() == [pd.Timestamp("2026-11-20 01:00", tz="UTC")]


@pytest.mark.usefixtures("home")
def test_a_connection_reads_and_does_nothing_else(tmp_path: Path) -> None:
    with vigie.connect("bistrot") as connection:
        assert connection.sql("SELECT count(*) FROM mentions").fetchall() == [(0,)]
        for statement in (
            "DELETE FROM fct_documents",
            "SELECT * FROM read_text('/etc/hostname')",
            f"COPY dim_dates TO '{tmp_path / 'x.csv'}'",
            f"ATTACH '{tmp_path / 'y.duckdb'}'",
            "SET enable_external_access = true",
            "INSTALL httpfs",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)


@pytest.mark.usefixtures("home")
def test_an_unknown_client_is_named() -> None:
    with pytest.raises(ConfigError, match="cantine"):
        vigie.connect("cantine")


def test_with_several_clients_one_must_be_named(home: Path) -> None:
    write_client(home / "clients" / "cantine")

    with pytest.raises(ConfigError, match="bistrot, cantine"):
        vigie.frame("SELECT 1")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lambda body: body[: len(body) // 3], id="cut-short"),
        pytest.param(lambda body: b"\0" * 8192 + body[8192:], id="overwritten"),
    ],
)
def test_a_damaged_snapshot_is_said_to_be_one(home: Path, damage: object) -> None:
    link = home / "var" / "data" / "bistrot" / "published" / "mentions.duckdb"
    snapshot = link.resolve()
    snapshot.chmod(0o600)
    snapshot.write_bytes(damage(snapshot.read_bytes()))  # type: ignore[operator]

    with pytest.raises(StorageError, match=r"published/mentions"):
        vigie.frame("SELECT max(hash(one)) FROM dim_dates AS one")


def test_a_missing_snapshot_says_what_makes_one(home: Path) -> None:
    shutil.rmtree(home / "var" / "data" / "bistrot" / "published")

    with pytest.raises(StorageError, match="nightly"):
        vigie.connect()


def test_the_documented_ways_of_others(home: Path) -> None:
    """docs/querying.md: DuckDB itself, and SQLAlchemy with pandas."""
    link = home / "var" / "data" / "bistrot" / "published" / "mentions.duckdb"

    with duckdb.connect(link, read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM mentions").fetchone() == (0,)
    engine = sqlalchemy.create_engine(
        f"duckdb:///{link}",
        connect_args={"read_only": True},
        poolclass=sqlalchemy.pool.NullPool,
    )
    with engine.connect() as connection_:
        found = pd.read_sql(sqlalchemy.text("FROM mentions"), connection_)
    assert found.empty and "brand_name" in found.columns
