"""Exports: each format holds what was asked, says where it is from, and runs no formula."""

import csv
import json
import re
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from listening.errors import StorageError
from storage.engine import open_writer
from storage.exporting import FORMATS, Exported, Question, export
from storage.migrate import migrate
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
        migrate(warehouse, now=NOW)
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


#: An expression of SQL, and how it is written: CSV, CSV for French Excel, JSON.
CELLS = [
    pytest.param("NULL::VARCHAR", "", "", "null", id="nothing"),
    pytest.param("''", "", "", '""', id="empty"),
    pytest.param("'a,b'", '"a,b"', "a,b", '"a,b"', id="comma"),
    pytest.param("'a;b'", "a;b", '"a;b"', '"a;b"', id="semicolon"),
    pytest.param("'a\"b'", '"a""b"', '"a""b"', r'"a\"b"', id="quote"),
    pytest.param("'a\nb'", '"a\nb"', '"a\nb"', r'"a\nb"', id="newline"),
    pytest.param("'\rb'", '"\'\rb"', '"\'\rb"', r'"\rb"', id="return, a formula to a spreadsheet"),
    pytest.param("'=1,\"2\"'", '"\'=1,""2"""', '"\'=1,""2"""', r'"=1,\"2\""', id="formula"),
    pytest.param("'é 😀 \\ /'", "é 😀 \\ /", "é 😀 \\ /", r'"é 😀 \\ /"', id="not only ASCII"),
    pytest.param("'{\"a\": 1}'::JSON", '"{""a"": 1}"', '"{""a"": 1}"', r'"{\"a\": 1}"', id="JSON"),
    pytest.param("'=y'::ENUM('x', '=y')", "'=y", "'=y", '"=y"', id="enumerated formula"),
    pytest.param("-3", "-3", "-3", "-3", id="a number is no formula"),
    pytest.param("1e16::DOUBLE", "1e+16", "1e+16", "1e+16", id="large number"),
    pytest.param("0.5::FLOAT", "0.5", "0,5", "0.5", id="single precision"),
    pytest.param("'-inf'::DOUBLE", "-inf", "-inf", "null", id="infinity"),
    pytest.param("1.50::DECIMAL(9, 2)", "1.50", "1,50", "1.5", id="decimal"),
    pytest.param("true", "True", "VRAI", "true", id="true"),
    pytest.param("false", "False", "FAUX", "false", id="false"),
    pytest.param(
        "TIMESTAMPTZ '2026-03-29 01:00:00.5Z'",
        "2026-03-29T01:00:00.500000+00:00",
        "29/03/2026 03:00:00",
        '"2026-03-29T01:00:00.500000+00:00"',
        id="instant, at the change of clocks",
    ),
    pytest.param(
        "TIMESTAMP '2026-03-29 02:30:00'",
        "2026-03-29T02:30:00",
        "29/03/2026 02:30:00",
        '"2026-03-29T02:30:00"',
        id="local time",
    ),
    pytest.param("'infinity'::TIMESTAMPTZ", *["infinity"] * 2, '"infinity"', id="no instant"),
    pytest.param(
        "INTERVAL '-1 hour'",
        '"-1 day, 23:00:00"',
        "-1 day, 23:00:00",
        '"-1 day, 23:00:00"',
        id="delay",
    ),
    pytest.param(
        "INTERVAL '49 hours'",
        '"2 days, 1:00:00"',
        "2 days, 1:00:00",
        '"2 days, 1:00:00"',
        id="days",
    ),
    pytest.param("[]::VARCHAR[]", "[]", "[]", "[]", id="empty list"),
    pytest.param("[1, NULL]", '"[1, null]"', "[1, null]", "[1, null]", id="list"),
    pytest.param(
        "{'a b': [{'c': 'x', 'd': [DATE '2026-11-20']}], 'e': NULL}",
        *['"{""a b"": [{""c"": ""x"", ""d"": [""2026-11-20""]}], ""e"": null}"'] * 2,
        '{"a b": [{"c": "x", "d": ["2026-11-20"]}], "e": null}',
        id="lists within structs",
    ),
    pytest.param("NULL::STRUCT(a INTEGER)", "", "", "null", id="no struct"),
    pytest.param("MAP {1: 'nan'::DOUBLE}", *['"{""1"": null}"'] * 2, '{"1": null}', id="map"),
    pytest.param("(1, 'a')", *['"[1, ""a""]"'] * 2, '[1, "a"]', id="tuple"),
]


@pytest.fixture(scope="module")
def cells(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Return the cells of one row that has a column of each of CELLS, marks between them."""
    values = ["0", *(str(cell.values[0]) for cell in CELLS), "0"]
    columns = ", '¦' AS mark, ".join(f"{value} AS x" for value in values)
    target = tmp_path_factory.mktemp("cells") / "a"
    between = {"csv": ",¦,", "csv-excel-fr": ";¦;", "jsonl": ', "mark[_0-9]*": "¦", "x[_0-9]*": '}
    found = {}
    for kind, mark in between.items():
        write(snapshot, target, f"SELECT {columns}", kind)
        found[kind] = re.split(mark, target.read_bytes().decode())[1:-1]
    return found


@pytest.mark.parametrize("place", [pytest.param(n, id=str(c.id)) for n, c in enumerate(CELLS)])
def test_a_value_is_written_as(cells: dict[str, list[str]], place: int) -> None:
    _, standard, french, plain = CELLS[place].values

    assert cells["csv"][place] == standard
    assert cells["csv-excel-fr"][place] == french
    assert cells["jsonl"][place] == plain


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param("SELECT ';' AS x;", id="semicolon at the end"),
        pytest.param("-- a;\nSELECT ';' AS x -- b", id="comments"),
        pytest.param("SELECT ';' AS x /* a; */ ; -- b;\n", id="both"),
    ],
)
def test_a_statement_may_end_as_people_write_it(snapshot: Path, tmp_path: Path, sql: str) -> None:
    write(snapshot, tmp_path / "a.jsonl", sql, "jsonl")

    assert json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8"))["x"] == ";"


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


def test_parquet_has_a_span_of_time_as_text(snapshot: Path, tmp_path: Path) -> None:
    write(snapshot, tmp_path / "a.parquet", "SELECT INTERVAL 20 HOUR AS every, 1 AS n", "parquet")

    (row,) = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert (row["every"], row["n"]) == ("20:00:00", 1)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_wrong_name_is_said_as_duckdb_does(snapshot: Path, tmp_path: Path, kind: str) -> None:
    with pytest.raises(StorageError, match='Did you mean "mentions"'):
        write(snapshot, tmp_path / "a", "FROM mention", kind)
