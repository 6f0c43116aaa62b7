"""Reading a snapshot: one statement, read-only, within limits; every refusal says why."""

import shutil
import threading
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from listening.errors import StorageError
from storage.engine import open_writer
from storage.frames import read_frame
from storage.loading import load_batch
from storage.publish import publish
from storage.reading import open_snapshot, query_snapshot
from tests.builders import NOW, make_batch, make_document


@pytest.fixture(scope="module")
def snapshot(template_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reading")
    writer_path = Path(shutil.copy(template_path, folder / "warehouse.duckdb"))
    with open_writer(writer_path) as connection:
        load_batch(connection, make_batch(*map(make_document, range(5))), now=NOW)
    return publish(writer_path, folder / "published", now=NOW)


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param("SELECT document_id FROM fct_documents", id="select"),
        pytest.param("FROM fct_documents;", id="from"),
        pytest.param("WITH d AS (FROM fct_documents) FROM d", id="with"),
        pytest.param("-- five\nSELECT 1 FROM fct_documents", id="comment-first"),
    ],
)
def test_reading_statements_are_answered(snapshot: Path, sql: str) -> None:
    table = query_snapshot(snapshot, sql)

    assert len(table.rows) == 5
    assert len(table.columns) == len(table.types) == len(table.rows[0])
    assert not table.is_truncated


@pytest.mark.parametrize("sql", ["DESCRIBE mentions", "SHOW TABLES", "SUMMARIZE fct_documents"])
def test_schema_can_be_asked_for(snapshot: Path, sql: str) -> None:
    assert query_snapshot(snapshot, sql).rows


def test_rows_are_limited(snapshot: Path) -> None:
    table = query_snapshot(snapshot, "SELECT range AS n FROM range(10)", row_limit=3)

    assert table.columns == ("n",)
    assert table.rows == [(0,), (1,), (2,)]
    assert table.is_truncated
    assert not query_snapshot(snapshot, "FROM range(3)", row_limit=3).is_truncated


def test_instants_are_utc_whatever_the_machine_says(snapshot: Path) -> None:
    table = query_snapshot(snapshot, "SELECT published_at FROM fct_documents ORDER BY 1 DESC")

    assert table.rows[0] == (NOW,)
    assert table.rows[0][0].utcoffset() == timedelta(0)
    assert query_snapshot(snapshot, "SELECT hour(TIMESTAMPTZ '2026-01-01 12:00Z')").rows == [(12,)]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        pytest.param("DELETE FROM fct_documents", "not DELETE", id="delete"),
        pytest.param("WITH a AS (SELECT 1) INSERT INTO outbox FROM a", "not INSERT", id="insert"),
        pytest.param("CREATE TABLE x (y INT)", "not CREATE", id="create"),
        pytest.param("ATTACH 'x.duckdb'", "not ATTACH", id="attach"),
        pytest.param("COPY fct_documents TO 'x.csv'", "not COPY", id="copy"),
        pytest.param("SET threads = 1", "not SET", id="set"),
        pytest.param("PRAGMA version", "not PRAGMA", id="pragma"),
        pytest.param("INSTALL fts", "not ", id="install"),
        pytest.param("SELECT 1; SELECT 2", "expected one statement, got 2", id="two"),
        pytest.param("  -- nothing", "expected one statement, got 0", id="none"),
        pytest.param("SELEC 1", r"syntax error.*\n\nLINE 1: SELEC 1\n +\^", id="typo"),
        pytest.param("SELECT no FROM mentions", r"(?s)no.*LINE 1: .*\^", id="unknown-column"),
        pytest.param("FROM read_csv('/etc/passwd')", "disabled", id="file"),
        pytest.param("FROM '/etc/passwd'", "disabled|does not exist", id="file-as-table"),
        pytest.param("FROM read_text('https://a.example')", "disabled", id="network"),
        pytest.param("SELECT 1 / 0 + CAST('a' AS INT)", "Could not convert", id="run-time"),
    ],
)
def test_refusals_say_why(snapshot: Path, sql: str, message: str) -> None:
    with pytest.raises(StorageError, match=message):
        query_snapshot(snapshot, sql)


def test_frames_of_the_caller_are_out_of_reach(snapshot: Path) -> None:
    secrets = read_frame(snapshot, "SELECT 42 AS answer")
    assert len(secrets) == 1

    with pytest.raises(StorageError, match="secrets does not exist"):
        query_snapshot(snapshot, "FROM secrets")


def test_long_statement_is_interrupted(snapshot: Path) -> None:
    started = time.monotonic()

    with pytest.raises(StorageError, match=r"longer than 0\.3 s"):
        query_snapshot(
            snapshot,
            "SELECT sum(hash(a.range) % 7 + b.range) FROM range(10000000) a, range(10000000) b",
            timeout_s=0.3,
        )

    assert time.monotonic() - started < 5


def test_missing_snapshot_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no snapshot at"):
        query_snapshot(tmp_path / "mentions.duckdb", "SELECT 1")


@pytest.mark.parametrize("keep", [pytest.param(0, id="empty"), pytest.param(5000, id="cut-short")])
def test_corrupt_snapshot_is_said(snapshot: Path, tmp_path: Path, keep: int) -> None:
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(snapshot.read_bytes()[:keep])

    with pytest.raises(StorageError):
        query_snapshot(broken, "SELECT count(*) FROM fct_documents")


def test_text_file_is_no_snapshot(tmp_path: Path) -> None:
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"bonjour" * 1000)

    with pytest.raises(StorageError, match="is damaged"):
        query_snapshot(broken, "SELECT 1")


def test_a_snapshot_open_with_other_settings_is_not_called_damaged(snapshot: Path) -> None:
    with (
        duckdb.connect(snapshot.resolve(), read_only=True),
        pytest.raises(StorageError, match="close that connection first"),
    ):
        query_snapshot(snapshot, "SELECT 1")


def test_a_snapshot_of_another_version_is_said(tmp_path: Path) -> None:
    older = tmp_path / "older.duckdb"
    duckdb.connect(older).close()

    with (
        pytest.raises(StorageError, match="published by another version of Vigie"),
        open_snapshot(older) as connection,
    ):
        connection.execute("FROM mentions")


def test_threads_of_one_process_read_at_once(snapshot: Path) -> None:
    answers: list[object] = []

    def ask() -> None:
        for _ in range(5):
            answers.extend(query_snapshot(snapshot, "SELECT count(*) FROM fct_documents").rows)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [(5,)] * 20


def test_frame_binds_parameters_and_keeps_instants(snapshot: Path) -> None:
    frame = read_frame(
        snapshot,
        "SELECT document_id, published_at FROM fct_documents WHERE published_at < $at ORDER BY 2",
        {"at": NOW - timedelta(hours=2)},
    )

    assert list(frame.columns) == ["document_id", "published_at"]
    assert frame.published_at.tolist() == [NOW - timedelta(hours=4), NOW - timedelta(hours=3)]
    assert frame.published_at.iloc[0].tzinfo is not None


def test_frame_of_a_wrong_statement_is_refused(snapshot: Path) -> None:
    with pytest.raises(StorageError, match="nowhere does not exist"):
        read_frame(snapshot, "FROM nowhere")
