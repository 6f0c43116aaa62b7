"""The client's salt: made before there is any data, never made anew after."""

from pathlib import Path

import pytest

from listening.errors import StorageError
from listening.jobs.context import JobContext, author_hasher, client_salt, salt_path
from listening.jobs.nightly import run_night
from listening.jobs.privacy import ErasureRequest, erase_person
from listening.settings import Settings
from listening.translate import translator
from tests.builders import NOW, write_client
from tests.listening.jobs.conftest import NAME, open_home


def lose(context: JobContext) -> Path:
    path = salt_path(context.config.client_id, context.settings)
    path.unlink()
    return path


def test_a_new_client_gets_a_salt_of_its_own(tmp_path: Path) -> None:
    for name in ("bistrot", "autre"):
        write_client(tmp_path / "clients" / name)
    open_home(tmp_path)
    path = salt_path("bistrot", Settings(home=tmp_path))

    assert path.stat().st_mode & 0o777 == 0o600
    salt = client_salt("bistrot", Settings(home=tmp_path))
    assert len(salt) == 32
    assert salt != client_salt("autre", Settings(home=tmp_path))
    open_home(tmp_path)
    assert client_salt("bistrot", Settings(home=tmp_path)) == salt


def test_without_its_salt_a_night_is_refused_and_none_is_made(night: JobContext) -> None:
    """Under a new salt, somebody who was erased would be stored again."""
    erase_person(night, ErasureRequest(authors=(NAME,)), now=NOW)
    path = lose(night)
    again = open_home(night.settings.home)

    with pytest.raises(StorageError, match=path.name) as refused:
        run_night(again, run_id="later", now=NOW)

    assert not path.exists()
    french = translator("fr").gettext(refused.value.message_template, **refused.value.values)
    assert str(path) in french and "sauvegarde" in french


@pytest.mark.parametrize(
    "trace",
    [
        "var/data/bistrot/warehouse.duckdb",
        "var/data/bistrot/landing/night/batch-1.jsonl.gz",
        "var/data/bistrot/actions/2026-11.jsonl",
        "var/data/bistrot/privacy/blocklist.jsonl",
        "var/backups/bistrot/20261120T040000Z",
    ],
)
def test_every_kind_of_data_tells_that_there_was_a_salt(tmp_path: Path, trace: str) -> None:
    write_client(tmp_path / "clients" / "bistrot")
    path = tmp_path / trace
    path.parent.mkdir(parents=True)
    path.touch()

    with pytest.raises(StorageError, match=path.name):
        author_hasher("bistrot", open_home(tmp_path).settings)
