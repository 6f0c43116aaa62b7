"""A migrated warehouse, made once and copied for each test."""

import shutil
from collections.abc import Iterator
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
    path = tmp_path_factory.mktemp("template") / "warehouse.duckdb"
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
    return path


@pytest.fixture
def warehouse_path(template_path: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(template_path, tmp_path / "warehouse.duckdb"))


@pytest.fixture
def warehouse(warehouse_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_writer(warehouse_path) as connection:
        yield connection
