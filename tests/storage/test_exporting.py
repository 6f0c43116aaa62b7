"""Exports: each format holds what was asked, says where it is from, and runs no formula."""

import csv
import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from listening.errors import StorageError
from storage.engine import open_writer
from storage.exporting import FORMATS, Exported, Question, export
from storage.publish import publish
from tests.builders import NOW

ORIGIN = ("vigie bistrot", "essai")
ROW = """
SELECT 'Œuf ; "à la coque"' AS title, 12.5::DOUBLE AS score, 3 AS n, true AS own,
    TIMESTAMPTZ '2026-11-20 01:14:00+00' AS at, DATE '2026-11-20' AS day_on,
    NULL AS none, [1, 2] AS list, 'nan'::DOUBLE AS nothing, 1.50::DECIMAL(9, 2) AS price
"""
EVIL = ("=1+1", "+33", "-2", "@SUM(A1)", "\tx", "\r=1")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    with open_writer(folder / "w.duckdb") as warehouse:
        warehouse.execute("CREATE VIEW mentions AS SELECT 1 AS one")
    return publish(folder / "w.duckdb", folder / "published", now=NOW)


def write(snapshot: Path, target: Path, sql: str, kind: str) -> Exported:
    question = Question(sql=sql, source=ORIGIN[0], definition=ORIGIN[1])
    return export(snapshot, question, target, kind=kind, timezone="Europe/Paris")


def test_csv_is_the_standard_one(snapshot: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.csv"

    assert write(snapshot, target, ROW, "csv").row_count == 1

    body = target.read_bytes()
    assert not body.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(body.decode().splitlines())
    assert row["title"] == 'Œuf ; "à la coque"'
    assert (row["score"], row["day_on"], row["none"]) == ("12.5", "2026-11-20", "")
    assert datetime.fromisoformat(row["at"]) == NOW
    assert (row["export_source"], row["export_definition"]) == ORIGIN


def test_csv_for_french_excel(snapshot: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.csv"

    write(snapshot, target, ROW, "csv-excel-fr")

    body = target.read_bytes()
    assert body.startswith(b"\xef\xbb\xbf") and body.endswith(b"\r\n")
    (row,) = csv.DictReader(body.decode("utf-8-sig").splitlines(), delimiter=";")
    assert row["title"] == 'Œuf ; "à la coque"'
    assert (row["score"], row["price"], row["own"]) == ("12,5", "1,50", "VRAI")
    assert (row["at"], row["day_on"]) == ("20/11/2026 02:14:00", "20/11/2026")


def test_xlsx_keeps_types(snapshot: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"

    write(snapshot, target, ROW, "xlsx")

    head, row = openpyxl.load_workbook(target).active.iter_rows(values_only=True)
    found = dict(zip(head, row, strict=True))
    assert found["title"] == 'Œuf ; "à la coque"'
    assert (found["score"], found["n"], found["own"], found["price"]) == (12.5, 3, True, 1.5)
    assert found["at"] == datetime(2026, 11, 20, 2, 14), "in the client's zone"  # noqa: DTZ001
    assert (found["nothing"], found["list"]) == (None, "[1, 2]")


def test_parquet_keeps_types(snapshot: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.parquet"

    assert write(snapshot, target, ROW, "parquet").row_count == 1

    (row,) = pq.read_table(target).to_pylist()
    assert (row["list"], row["n"], row["export_source"]) == ([1, 2], 3, ORIGIN[0])
    assert row["at"] == NOW


def test_json_lines(snapshot: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.jsonl"

    write(snapshot, target, ROW, "jsonl")

    row = json.loads(target.read_text(encoding="utf-8"))
    assert (row["score"], row["list"], row["nothing"], row["price"]) == (12.5, [1, 2], None, 1.5)
    assert row["export_definition"] == ORIGIN[1]


@pytest.mark.parametrize("kind", ["csv", "csv-excel-fr", "xlsx"])
def test_no_spreadsheet_runs_what_the_web_wrote(snapshot: Path, tmp_path: Path, kind: str) -> None:
    values = ", ".join(
        "'" + text.replace("\t", "' || chr(9) || '").replace("\r", "' || chr(13) || '") + "'"
        for text in EVIL
    )
    target = tmp_path / "evil"

    write(snapshot, target, f"SELECT unnest([{values}]) AS cell", kind)

    if kind == "xlsx":
        with target.open("rb") as file:
            sheet = openpyxl.load_workbook(file).active
            cells = [row[0] for row in sheet.iter_rows(min_row=2)]
            assert [cell.data_type for cell in cells] == ["s"] * len(EVIL)
            return
    encoding = "utf-8-sig" if kind == "csv-excel-fr" else "utf-8"
    with target.open(encoding=encoding, newline="") as file:
        rows = list(csv.reader(file, delimiter=";" if kind == "csv-excel-fr" else ","))
    assert [row[0] for row in rows[1:]] == ["'" + text for text in EVIL]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_wrong_statement_leaves_no_file_and_the_old_one(
    snapshot: Path, tmp_path: Path, kind: str
) -> None:
    target = tmp_path / "kept"
    target.write_text("old")

    with pytest.raises(StorageError):
        write(snapshot, target, "SELECT nothing FROM mentions", kind)
    with pytest.raises(StorageError):
        write(snapshot, target, "DELETE FROM mentions", kind)
    with pytest.raises(StorageError):  # it breaks while rows flow
        write(
            snapshot,
            target,
            "SELECT CAST(if(x = 90000, 'z', '1') AS INTEGER) FROM range(100000) r(x)",
            kind,
        )

    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_texts_too_long_for_a_cell_are_cut_and_counted(snapshot: Path, tmp_path: Path) -> None:
    done = write(snapshot, tmp_path / "a.xlsx", "SELECT repeat('é', 40000) AS text", "xlsx")

    assert done == Exported(row_count=1, cut_cell_count=1)
