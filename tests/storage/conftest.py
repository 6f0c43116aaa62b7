"""A migrated warehouse, made once and copied for each test."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from listening.model import BrandRole
from storage.dimensions import sync_dimensions
from storage.engine import open_writer
from storage.migrate import migrate
from tests.builders import NOW, make_brand, make_source

BRANDS = (
    make_brand(),
    make_brand("tartine", role=BrandRole.COMPETITOR),
    make_brand("boulange", role=BrandRole.COMPETITOR),
    make_brand("restauration", role=BrandRole.SECTOR),
)
SOURCES = (
    make_source(title="La Gazette de Lyon", weight=2.0),
    make_source("forum"),
    make_source("blog"),
)


@pytest.fixture(scope="session")
def template_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the migrated warehouse, made by the first of the workers that needs it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    path = shared / "template" / "warehouse.duckdb"
    path.parent.mkdir(exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            unfinished = path.with_suffix(".tmp")
            _make_template(unfinished)
            unfinished.replace(path)
    return path


def _make_template(path: Path) -> None:
    with open_writer(path) as connection:
        migrate(connection, now=NOW)
        sync_dimensions(
            connection,
            client_id="exemple",
            name="Exemple",
            timezone="Europe/Paris",
            language="fr",
            brands=BRANDS,
            sources=SOURCES,
            rules=[{"id": "mauvais-buzz", "kind": "negative_spike", "severity": "critical"}],
            now=NOW,
        )


@pytest.fixture
def warehouse_path(template_path: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(template_path, tmp_path / "warehouse.duckdb"))


@pytest.fixture
def warehouse(warehouse_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_writer(warehouse_path) as connection:
        yield connection


@contextmanager
def in_memory(template_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a copy of the template without a disk, for many small loads."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone='UTC'")
        connection.execute(f"ATTACH '{template_path}' AS template (READ_ONLY)")
        connection.execute("COPY FROM DATABASE template TO memory")
        connection.execute("DETACH template")
        yield connection
