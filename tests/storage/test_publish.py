"""Publishing: readers never see an error or half a snapshot, whatever is killed when."""

import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from listening.errors import StorageError, WarehouseBusyError
from storage.checks import run_checks
from storage.engine import open_writer
from storage.loading import load_batch
from storage.migrate import migrate
from storage.publish import KEEP, LINK, current_snapshot, publish
from storage.reading import query_snapshot
from tests.builders import NOW, make_batch, make_document
from tests.storage.processes import HOLDER, start

COUNT = "SELECT count(*) FROM fct_documents"


def _load(path: Path, first: int, count: int = 5) -> None:
    with open_writer(path) as connection:
        documents = map(make_document, range(first, first + count))
        load_batch(connection, make_batch(*documents), now=NOW)


def _versions(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("mentions-*.duckdb"))


def test_snapshot_shows_what_was_loaded(warehouse_path: Path, tmp_path: Path) -> None:
    _load(warehouse_path, 0)

    version = publish(warehouse_path, tmp_path / "published", now=NOW)

    link = tmp_path / "published" / LINK
    assert query_snapshot(link, COUNT).rows == [(5,)]
    assert current_snapshot(tmp_path / "published") == version
    assert stat.S_IMODE(version.stat().st_mode) == 0o444
    assert version.name == "mentions-20261120T011400.000000Z-0001.duckdb"


def test_three_versions_stay(warehouse_path: Path, tmp_path: Path) -> None:
    published = []
    for hour in range(5):
        _load(warehouse_path, 10 * hour)
        at = NOW + timedelta(hours=hour)
        published.append(publish(warehouse_path, tmp_path / "published", now=at))

    assert _versions(tmp_path / "published") == [path.name for path in published[-KEEP:]]


def test_publishing_again_at_one_time_is_a_version_of_its_own(
    warehouse_path: Path, tmp_path: Path
) -> None:
    """A reader that stays open notices by the name; a replaced file would answer with old pages."""
    folder = tmp_path / "published"
    published = []
    for n in range(5):
        published.append(publish(warehouse_path, folder, now=NOW))
        assert current_snapshot(folder) == published[-1]
        assert query_snapshot(folder / LINK, COUNT).rows == [(5 * n,)]
        _load(warehouse_path, 10 * n)

    assert len(set(published)) == len(published)
    assert _versions(folder) == [path.name for path in published[-KEEP:]]


def test_nothing_is_copied_when_nothing_was_written(warehouse_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "published"
    first = publish(warehouse_path, folder, now=NOW)
    with open_writer(warehouse_path) as connection:
        migrate(connection, now=NOW)
        assert run_checks(connection) == []

    assert publish(warehouse_path, folder, now=NOW + timedelta(hours=1)) == first
    assert _versions(folder) == [first.name]


def test_smallest_change_is_published(warehouse_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "published"
    _load(warehouse_path, 0)
    publish(warehouse_path, folder, now=NOW)
    for hour in range(1, 4):
        with open_writer(warehouse_path) as connection:
            connection.execute("UPDATE fct_documents SET language = $1", [f"l{hour}"])
        publish(warehouse_path, folder, now=NOW + timedelta(hours=hour))
        sql = "SELECT DISTINCT language FROM fct_documents"
        assert query_snapshot(folder / LINK, sql).rows == [(f"l{hour}",)]

    assert len(_versions(folder)) == KEEP


def test_corrupt_snapshot_is_said_and_published_anew(warehouse_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "published"
    _load(warehouse_path, 0)
    broken = publish(warehouse_path, folder, now=NOW)
    broken.chmod(0o644)
    with broken.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * (broken.stat().st_size - 3 * 4096))

    with pytest.raises(StorageError, match=r"cannot be opened|[Cc]orrupt|checksum"):
        query_snapshot(folder / LINK, COUNT)
    publish(warehouse_path, folder, now=NOW + timedelta(hours=1))

    assert query_snapshot(folder / LINK, COUNT).rows == [(5,)]


TMPFS = """
import subprocess, sys
from datetime import datetime, UTC
from pathlib import Path
from listening.errors import StorageError
from storage.publish import current_snapshot, publish
from storage.reading import query_snapshot
disk, writer = Path(sys.argv[1]), Path(sys.argv[2])
disk.mkdir()
size = int(writer.stat().st_size * 1.5)
made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)])
if made.returncode:
    raise SystemExit(77)
folder = disk / "published"
old = publish(writer, folder, now=datetime(2027, 1, 1, tzinfo=UTC))
import duckdb
with duckdb.connect(writer) as connection:
    connection.execute("UPDATE dim_clients SET name = 'Autre'")
try:
    publish(writer, folder, now=datetime(2027, 1, 2, tzinfo=UTC))
except StorageError as error:
    print(error)
assert current_snapshot(folder) == old
print(query_snapshot(folder / "mentions.duckdb", "SELECT name FROM dim_clients").rows)
print(sorted(path.name for path in folder.glob(".*.tmp")))
"""


def test_full_disk_is_said_and_the_old_snapshot_stays(warehouse_path: Path, tmp_path: Path) -> None:
    """A disk of its own, just large enough for one snapshot; needs user namespaces."""
    command = ["unshare", "--user", "--map-root-user", "--mount", sys.executable, "-c", TMPFS]
    try:
        done = subprocess.run(  # noqa: S603 — our own script
            [*command, str(tmp_path / "disk"), str(warehouse_path)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("this system has no unshare")
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("this system lets nobody mount a disk of his own")

    said, answer, leftovers = done.stdout.splitlines()
    assert "cannot copy" in said and "No space left on device" in said
    assert answer == "[('Exemple',)]"
    assert leftovers == "[]"


OPEN_READER = f"""
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
print("ready", flush=True)
sys.stdin.readline()
print(connection.execute({COUNT!r}).fetchone())
"""


def test_open_reader_keeps_its_version(warehouse_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "published"
    publish(warehouse_path, folder, now=NOW)
    with start(OPEN_READER, folder / LINK) as process:
        for hour in range(1, 6):
            _load(warehouse_path, 10 * hour)
            publish(warehouse_path, folder, now=NOW + timedelta(hours=hour))
        answer, _ = process.communicate("go\n")

    assert answer == "(0,)\n"
    assert query_snapshot(folder / LINK, COUNT).rows == [(25,)]


def test_writer_that_is_open_here_is_noticed(warehouse_path: Path, tmp_path: Path) -> None:
    with open_writer(warehouse_path), pytest.raises(WarehouseBusyError):
        publish(warehouse_path, tmp_path / "published", now=NOW)

    with pytest.raises(StorageError, match="nothing is published yet"):
        current_snapshot(tmp_path / "published")


def test_writer_that_another_process_holds_is_named(warehouse_path: Path, tmp_path: Path) -> None:
    with start(HOLDER, warehouse_path) as process:
        with pytest.raises(WarehouseBusyError, match=str(process.pid)):
            publish(warehouse_path, tmp_path / "published", now=NOW)

        process.communicate("done\n")


def test_damaged_writer_does_not_replace_the_snapshot(warehouse_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "published"
    version = publish(warehouse_path, folder, now=NOW)
    warehouse_path.write_bytes(b"not a database" * 1000)

    with pytest.raises(StorageError):
        publish(warehouse_path, folder, now=NOW + timedelta(hours=1))

    assert current_snapshot(folder) == version
    assert query_snapshot(folder / LINK, COUNT).rows == [(0,)]


SMALL_DISK = """
import resource, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from storage.publish import publish
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
print("ready", flush=True)
publish(Path(sys.argv[1]), Path(sys.argv[2]), now=datetime(2027, 1, 1, tzinfo=UTC))
"""


def test_full_disk_leaves_the_old_snapshot(warehouse_path: Path, tmp_path: Path) -> None:
    """The copy runs under a limit of the size of files, which fails as a full disk does."""
    folder = tmp_path / "published"
    version = publish(warehouse_path, folder, now=NOW)
    _load(warehouse_path, 0)

    with start(SMALL_DISK, warehouse_path, folder) as process:
        _, errors = process.communicate()

    assert "StorageError: cannot copy" in errors
    assert current_snapshot(folder) == version
    assert query_snapshot(folder / LINK, COUNT).rows == [(0,)]
    assert list(folder.glob(".*.tmp")) == []


PUBLISHER = """
import duckdb
import sys
from datetime import datetime, timedelta, UTC
from pathlib import Path
from storage.publish import publish
now = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(days=int(sys.argv[3]))
for n in range(1000):
    with duckdb.connect(Path(sys.argv[1])) as connection:
        connection.execute("UPDATE dim_clients SET name = name || '.'")
    publish(Path(sys.argv[1]), Path(sys.argv[2]), now=now + timedelta(seconds=n))
    if n == 0:
        print("ready", flush=True)
"""


def test_killed_publisher_leaves_a_usable_snapshot(warehouse_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "published"
    _load(warehouse_path, 0)
    publish(warehouse_path, folder, now=NOW)
    luck = random.Random(3)  # noqa: S311 — a test's dice
    for day in range(3):
        with start(PUBLISHER, warehouse_path, folder, str(day)) as process:
            time.sleep(luck.uniform(0.05, 0.4))
            process.send_signal(signal.SIGKILL)

        assert query_snapshot(folder / LINK, COUNT).rows == [(5,)]

    _wait_until_free(warehouse_path)
    last = publish(warehouse_path, folder, now=NOW + timedelta(days=365))
    assert current_snapshot(folder) == last
    assert len(_versions(folder)) == KEEP
    assert list(folder.glob(".*.tmp")) == []


def _wait_until_free(path: Path) -> None:
    """A killed publisher's copy may still run for a moment; it stops by itself."""
    for _ in range(50):
        try:
            with open_writer(path):
                return
        except WarehouseBusyError:
            time.sleep(0.1)
    raise AssertionError("the copy of a killed publisher never stopped")


READER = """
import sys
import time
from pathlib import Path
from storage.reading import query_snapshot
link, stop = Path(sys.argv[1]), Path(sys.argv[2])
sql = "SELECT count(*), count(DISTINCT story_id), max(length(text)) FROM fct_documents"
seen, queries = 0, 0
print("ready", flush=True)
while not stop.exists():
    ((count, _, _),) = query_snapshot(link, sql).rows
    assert count >= seen and count % 5 == 0, (seen, count)
    seen, queries = count, queries + 1
    time.sleep(0.02)
print(queries, flush=True)
"""


def test_readers_see_no_error_over_several_publishes(warehouse_path: Path, tmp_path: Path) -> None:
    folder, stop = tmp_path / "published", tmp_path / "stop"
    publish(warehouse_path, folder, now=NOW)
    readers = [start(READER, folder / LINK, stop) for _ in range(3)]

    for night in range(1, 5):
        _load(warehouse_path, 10 * night)
        publish(warehouse_path, folder, now=NOW + timedelta(days=night))
    stop.touch()

    for reader in readers:
        answer, errors = reader.communicate(timeout=30)
        assert reader.returncode == 0, errors
        assert int(answer) > 0
    assert query_snapshot(folder / LINK, COUNT).rows == [(20,)]


def test_nothing_to_publish_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nothing to publish"):
        publish(tmp_path / "warehouse.duckdb", tmp_path / "published", now=NOW)


def test_link_to_a_version_that_is_gone_is_said(warehouse_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "published"
    publish(warehouse_path, folder, now=NOW).unlink()

    with pytest.raises(StorageError, match="snapshot is missing"):
        current_snapshot(folder)

    shutil.rmtree(folder)
    with pytest.raises(StorageError, match="nothing is published yet"):
        current_snapshot(folder)
