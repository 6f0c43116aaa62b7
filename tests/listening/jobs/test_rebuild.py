"""A warehouse made anew from its files is the same; a restored one is the one that was kept."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from listening.errors import ConfigError, StorageError
from listening.jobs.backup import backup_place, make_backup
from listening.jobs.collect import landing_files
from listening.jobs.context import JobContext
from listening.jobs.privacy import ErasureRequest, erase_person
from listening.jobs.rebuild import rebuild_warehouse
from listening.jobs.restore import restore_backup
from listening.jobs.watchdog import record_good_run, watchdog_files
from storage.backup import backups
from storage.digests import TableDigest, table_digests
from storage.engine import open_writer
from storage.outbox import insert_messages, mark_sent, pending_messages
from tests.builders import NOW, make_message
from tests.listening.jobs.conftest import NAME, URL

LATER = NOW + timedelta(hours=1)


def digests(context: JobContext) -> dict[str, TableDigest]:
    with duckdb.connect(context.paths.writer, read_only=True) as connection:
        return table_digests(connection)


def change(context: JobContext, sql: str) -> None:
    with open_writer(context.paths.writer) as warehouse:
        warehouse.execute(sql)


def test_it_is_proven_equal_and_takes_the_place_of_the_old_one(night: JobContext) -> None:
    before = digests(night)
    inode = night.paths.writer.stat().st_ino

    done = rebuild_warehouse(night, now=LATER)

    assert done.differences == {} and done.is_compared and done.is_in_use
    assert digests(night) == before == done.tables
    assert night.paths.writer.stat().st_ino != inode


def test_after_an_erasure_the_files_give_what_the_warehouse_became(night: JobContext) -> None:
    erase_person(night, ErasureRequest(authors=(NAME,)), now=LATER)

    assert rebuild_warehouse(night, now=LATER).differences == {}


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        pytest.param("UPDATE fct_documents SET title = 'faux'", "fct_documents", id="text"),
        pytest.param("DELETE FROM fct_mentions", "fct_mentions", id="mention"),
        pytest.param("DELETE FROM fct_mention_actions", "fct_mention_actions", id="action"),
    ],
)
def test_a_difference_is_named_and_the_old_one_stays(
    night: JobContext, sql: str, table: str
) -> None:
    change(night, sql)
    before = digests(night)

    done = rebuild_warehouse(night, now=LATER)

    assert table in done.differences and not done.is_in_use
    assert digests(night) == before
    assert rebuild_warehouse(night, now=LATER, is_forced=True).is_in_use
    assert digests(night) == done.tables


def test_a_lost_warehouse_comes_back_from_the_files(night: JobContext) -> None:
    before = digests(night)
    night.paths.writer.unlink()

    done = rebuild_warehouse(night, now=LATER)

    assert done.is_in_use and not done.is_compared
    after = digests(night)
    for table in ("fct_documents", "fct_mentions", "fct_mention_actions", "fct_stories"):
        assert after[table] == before[table]


def damage(path: Path, *, begin: float = 0.0) -> bytes:
    """Write over bytes from some part of a file on, as a failing disk does; return the whole."""
    whole = path.read_bytes()
    at = int(begin * len(whole))
    body = (whole[:at] + b"x" * (len(whole) // 4) + whole[at + len(whole) // 4 :])[: len(whole)]
    path.write_bytes(body)
    return body


def set_aside(context: JobContext) -> list[Path]:
    return sorted(context.paths.root.parent.glob(".bistrot.before-*"))


@pytest.mark.parametrize("begin", [0.0, 0.5])
def test_a_damaged_warehouse_is_set_aside_and_made_anew(night: JobContext, begin: float) -> None:
    before = digests(night)
    body = damage(night.paths.writer, begin=begin)

    done = rebuild_warehouse(night, now=LATER)

    assert done.is_in_use and not done.is_compared
    after = digests(night)
    for table in ("fct_documents", "fct_mentions", "fct_mention_actions", "fct_stories"):
        assert after[table] == before[table]
    (aside,) = set_aside(night)
    assert (aside / "warehouse.duckdb").read_bytes() == body


def test_a_damaged_warehouse_stays_when_no_new_one_can_be_made(night: JobContext) -> None:
    body = damage(night.paths.writer)
    (path,) = landing_files(night.paths.landing)
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(StorageError, match="landing file"):
        rebuild_warehouse(night, now=LATER)

    assert night.paths.writer.read_bytes() == body


def test_a_backup_takes_the_place_of_a_damaged_warehouse(night: JobContext) -> None:
    before = digests(night)
    make_backup(night, now=LATER)
    body = damage(night.paths.writer)

    _, aside = restore_backup(night, None, now=LATER)

    assert digests(night) == before
    assert (aside / "warehouse.duckdb").read_bytes() == body


def test_what_no_file_tells_any_more_is_carried_over(night: JobContext) -> None:
    for path in landing_files(night.paths.landing):
        path.unlink()

    done = rebuild_warehouse(night, now=LATER)

    assert done.differences == {}
    assert done.tables["fct_documents"].row_count == 3


def test_a_damaged_landing_file_stops_it(night: JobContext) -> None:
    (path,) = landing_files(night.paths.landing)
    path.write_bytes(path.read_bytes()[:-20])
    before = digests(night)

    with pytest.raises(StorageError, match="damaged"):
        rebuild_warehouse(night, now=LATER)

    assert digests(night) == before
    assert list(night.paths.root.glob("*.tmp*")) == []


def test_what_is_restored_is_what_was_kept(night: JobContext) -> None:
    before = digests(night)
    made = make_backup(night, now=LATER)
    change(night, "DELETE FROM fct_mentions")
    for path in landing_files(night.paths.landing):
        path.unlink()

    record_good_run(night, run_id="run-1")
    restored, aside = restore_backup(night, None, now=LATER)

    assert restored.name == made.name
    assert digests(night) == before
    with duckdb.connect(night.paths.snapshot, read_only=True) as published:
        assert table_digests(published) == before
    assert rebuild_warehouse(night, now=LATER).differences == {}
    assert (aside / "warehouse.duckdb").exists()
    assert watchdog_files(night.paths)[0].exists()  # or it would write that nothing ever ran


def test_mails_that_went_out_since_the_backup_do_not_go_out_again(night: JobContext) -> None:
    early, waiting, late = make_message(1), make_message(2), make_message(3)
    with open_writer(night.paths.writer) as warehouse:
        insert_messages(warehouse, [early, waiting])
    make_backup(night, now=LATER)
    with open_writer(night.paths.writer) as warehouse:
        insert_messages(warehouse, [late])
        mark_sent(warehouse, early.message_id, now=LATER)
        mark_sent(warehouse, late.message_id, now=LATER)

    restore_backup(night, None, now=LATER)

    with open_writer(night.paths.writer) as warehouse:
        assert insert_messages(warehouse, [late]) == 0
        due = {one.message_id for one in pending_messages(warehouse, LATER)}
    assert waiting.message_id in due
    assert due.isdisjoint({early.message_id, late.message_id})


def test_a_damaged_backup_is_not_restored(night: JobContext) -> None:
    made = make_backup(night, now=LATER)
    path = next((backup_place(night) / "files").glob("*"))
    path.chmod(0o600)
    path.write_bytes(b"x" + path.read_bytes()[1:])
    before = digests(night)

    with pytest.raises(StorageError, match="not what was kept"):
        restore_backup(night, made.name, now=LATER)

    assert digests(night) == before


def test_under_another_salt_nothing_is_restored(night: JobContext) -> None:
    salt = night.settings.var_path / "secrets" / "bistrot.salt"
    salt.write_text("00" * 32)

    with pytest.raises(StorageError, match="salt"):
        restore_backup(night, None, now=LATER)


def test_an_unknown_backup_is_named_with_the_known_ones(night: JobContext) -> None:
    with pytest.raises(ConfigError, match="20261120T011400Z"):
        restore_backup(night, "19990101T000000Z", now=LATER)


def test_backups_go_with_their_files_but_for_the_newest(night: JobContext) -> None:
    place = backup_place(night)
    after_years = NOW + timedelta(days=4000)

    make_backup(night, now=after_years)

    assert [one.created_at for one in backups(place)] == [after_years]
    kept = {path.name for path in (place / "files").iterdir()}
    assert len(kept) == backups(place)[0].file_count - 1


def test_an_older_backup_does_not_bring_an_erased_person_back(
    night: JobContext, tmp_path: Path
) -> None:
    """One that was carried elsewhere: those we know of are removed by the erasure."""
    place = backup_place(night)
    elsewhere = place.rename(tmp_path / "elsewhere")
    erase_person(night, ErasureRequest(authors=(NAME,)), now=LATER)
    if place.exists():
        place.rename(tmp_path / "since")
    elsewhere.rename(place)

    restore_backup(night, None, now=LATER)

    with duckdb.connect(night.paths.writer, read_only=True) as connection:
        assert URL not in str(connection.sql("FROM fct_documents").fetchall())
