"""Compaction: a smaller file with the same content, or the old one."""

import random
import signal
import time
from pathlib import Path

import pytest

from listening.errors import StorageError, WarehouseBusyError
from storage.compacting import compact
from storage.digests import table_digests
from storage.engine import open_writer
from storage.loading import load_batch
from storage.migrate import migrate
from tests.builders import NOW, make_batch, make_document
from tests.storage.processes import HOLDER, start


@pytest.fixture
def worn_path(warehouse_path: Path) -> Path:
    """Return a warehouse with a hole: a large table that was dropped."""
    with open_writer(warehouse_path) as connection:
        load_batch(connection, make_batch(*map(make_document, range(20))), now=NOW)
        connection.execute("CREATE TABLE large AS SELECT hash(i) AS x FROM range(150000) AS r(i)")
        connection.execute("CHECKPOINT")
        connection.execute("DROP TABLE large")
    return warehouse_path


def test_file_becomes_smaller_and_says_the_same(worn_path: Path) -> None:
    with open_writer(worn_path) as connection:
        before = table_digests(connection)

    done = compact(worn_path)

    assert done.bytes_after < done.bytes_before
    assert worn_path.stat().st_size == done.bytes_after
    assert [path.name for path in worn_path.parent.iterdir()] == [worn_path.name]
    with open_writer(worn_path) as connection:
        assert table_digests(connection) == before
        assert migrate(connection, now=NOW) == [], "views, macros and comments came along"
        assert connection.execute("SELECT count(*) FROM mentions").fetchone() == (0,)
        assert load_batch(connection, make_batch(make_document(1)), now=NOW).unchanged == 1


def test_file_that_another_process_holds_is_left_alone(worn_path: Path) -> None:
    with start(HOLDER, worn_path) as process:
        with pytest.raises(WarehouseBusyError):
            compact(worn_path)
        process.communicate("done\n")


def test_nothing_to_compact_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nothing to compact"):
        compact(tmp_path / "warehouse.duckdb")


COMPACTOR = """
import sys
from pathlib import Path
from storage.compacting import compact
print("ready", flush=True)
while True:
    compact(Path(sys.argv[1]))
"""


def test_killed_compaction_leaves_a_whole_file(worn_path: Path) -> None:
    with open_writer(worn_path) as connection:
        before = table_digests(connection)
    luck = random.Random(7)  # noqa: S311 — a test's dice
    for _ in range(3):
        with start(COMPACTOR, worn_path) as process:
            time.sleep(luck.uniform(0.05, 0.5))
            process.send_signal(signal.SIGKILL)

        with open_writer(worn_path) as connection:
            assert table_digests(connection) == before

    compact(worn_path)
    assert [path.name for path in worn_path.parent.iterdir()] == [worn_path.name]
