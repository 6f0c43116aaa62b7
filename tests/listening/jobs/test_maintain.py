"""Maintenance: an unsound warehouse is named and left alone, a sound one is written anew."""

from pathlib import Path

import pytest

from listening.errors import StorageError
from listening.jobs.context import JobContext, open_context
from listening.jobs.maintain import check_warehouse, compact_warehouse
from listening.jobs.publish import publish_snapshot
from listening.settings import Settings
from storage.engine import open_writer
from storage.publish import current_snapshot
from tests.builders import NOW, write_client


@pytest.fixture
def context(tmp_path: Path) -> JobContext:
    write_client(tmp_path / "clients" / "bistrot")
    made = open_context("bistrot", settings=Settings(home=tmp_path), clock=lambda: NOW)
    publish_snapshot(made, now=NOW)
    return made


def test_sound_warehouse_is_written_anew(context: JobContext) -> None:
    check_warehouse(context, now=NOW)

    assert compact_warehouse(context).bytes_after == context.paths.writer.stat().st_size


def test_unsound_warehouse_is_said_with_its_rows_and_not_published(context: JobContext) -> None:
    published = current_snapshot(context.paths.published)
    with open_writer(context.paths.writer) as warehouse:
        warehouse.execute(
            "INSERT INTO dim_clients BY NAME SELECT client_id, 'Autre' AS name, 'fr' AS language,"
            " 'Europe/Paris' AS timezone, now() AS updated_at"
            " FROM (VALUES ('autre'), ('tiers')) AS others(client_id)"
        )

    with pytest.raises(StorageError, match=r"more_than_one_client: One file, one client\. 2 row"):
        check_warehouse(context, now=NOW)
    with pytest.raises(StorageError, match="not published: more_than_one_client"):
        publish_snapshot(context, now=NOW)

    assert current_snapshot(context.paths.published) == published
