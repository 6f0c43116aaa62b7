"""Exports of a snapshot: CSV, CSV for French Excel, .xlsx, Parquet, JSON lines; streamed.

Rows come in chunks out of DuckDB and go straight into the file, so that memory does not grow with
their number. The file takes its name when it is whole.
"""

import csv
import json
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from listening.errors import StorageError
from storage.reading import open_snapshot, require_reading

FORMATS: Final = ("csv", "csv-excel-fr", "xlsx", "parquet", "jsonl")
#: What a spreadsheet takes for a formula when a cell begins with it (OWASP, CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_CHUNK: Final = 10_000
#: Limits of .xlsx (ECMA-376): rows of a sheet with its head, and characters of a cell.
_SHEET_ROWS: Final = 1_048_576
_CELL_CHARS: Final = 32_767

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is exported, and what its two last columns say of each row."""

    sql: str
    source: str  # client and snapshot
    definition: str  # name of the view or question, or the statement
    headers: tuple[str, str] = ("export_source", "export_definition")
    parameters: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export came to."""

    row_count: int
    cut_cell_count: int  # texts longer than a cell of .xlsx may be


def export(
    snapshot: Path, question: Question, target: Path, *, kind: str, timezone: str
) -> Exported:
    """Write the answer of one reading statement into a file.

    Args:
        snapshot: What is asked.
        question: Statement and origin.
        target: The file; replaced when it is there.
        kind: One of ``FORMATS``.
        timezone: In which spreadsheets show instants; the other formats keep UTC.

    Raises:
        StorageError: There is no snapshot, the statement is wrong, it has more rows than a sheet,
            or the disk is full; no file is left.
    """
    require_reading(question.sql)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with open_snapshot(snapshot) as connection:
            done = _write(connection, question, temporary, kind=kind, timezone=timezone)
        temporary.replace(target)
    except (duckdb.Error, OSError, pa.ArrowException) as error:
        raise StorageError(f"cannot export to {target}: {error}") from error
    finally:
        temporary.unlink(missing_ok=True)
    return done


def _write(
    connection: duckdb.DuckDBPyConnection,
    question: Question,
    path: Path,
    *,
    kind: str,
    timezone: str,
) -> Exported:
    parameters = dict(question.parameters or {})
    if kind == "parquet":
        answer = connection.sql(question.sql, params=parameters)
        return _write_parquet(answer.to_arrow_reader(_CHUNK), question, path)
    cursor = connection.execute(question.sql, parameters)
    names = (*(str(column[0]) for column in cursor.description or ()), *question.headers)
    return _WRITERS[kind](path, names, _rows(cursor, question), timezone)


def _rows(answer: duckdb.DuckDBPyConnection, question: Question) -> Iterator[Row]:
    origin = (question.source, question.definition)
    while rows := answer.fetchmany(_CHUNK):
        for row in rows:
            yield (*row, *origin)


def _write_csv(path: Path, names: Sequence[str], rows: Iterable[Row], _timezone: str) -> Exported:
    with path.open("w", encoding="utf-8", newline="") as file:
        return _csv(file, names, ([_standard(value) for value in row] for row in rows), ",")


def _write_french(path: Path, names: Sequence[str], rows: Iterable[Row], timezone: str) -> Exported:
    zone = ZoneInfo(timezone)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = ([_french(value, zone) for value in row] for row in rows)
        return _csv(file, names, lines, ";")


def _csv(
    file: IO[str], names: Sequence[str], rows: Iterable[Sequence[object]], mark: str
) -> Exported:
    writer = csv.writer(file, delimiter=mark, lineterminator="\r\n")  # RFC 4180
    writer.writerow([_defused(name) for name in names])
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    return Exported(row_count=count, cut_cell_count=0)


def _write_jsonl(path: Path, names: Sequence[str], rows: Iterable[Row], _timezone: str) -> Exported:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            values = {name: _plain(value) for name, value in zip(names, row, strict=True)}
            file.write(json.dumps(values, ensure_ascii=False, allow_nan=False) + "\n")
            count += 1
    return Exported(row_count=count, cut_cell_count=0)


def _write_xlsx(path: Path, names: Sequence[str], rows: Iterable[Row], timezone: str) -> Exported:
    zone = ZoneInfo(timezone)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Vigie")
    sheet.freeze_panes = "A2"
    head = [WriteOnlyCell(sheet, value=name) for name in names]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    count = cut = 0
    try:
        for row in rows:
            count += 1
            if count >= _SHEET_ROWS:
                raise StorageError(
                    f"a sheet of .xlsx holds {_SHEET_ROWS - 1} rows; export to csv or parquet,"
                    " or ask for less"
                )
            cut += sum(isinstance(value, str) and len(value) > _CELL_CHARS for value in row)
            sheet.append([_cell(sheet, value, zone) for value in row])
    finally:
        sheet.close()  # it writes into a temporary file of its own
    book.save(path)
    return Exported(row_count=count, cut_cell_count=cut)


def _write_parquet(reader: pa.RecordBatchReader, question: Question, path: Path) -> Exported:
    extra = dict(zip(question.headers, (question.source, question.definition), strict=True))
    schema = reader.schema
    for name in extra:
        schema = schema.append(pa.field(name, pa.string()))
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in reader:
            columns = [*batch.columns, *(pa.repeat(text, len(batch)) for text in extra.values())]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
            count += len(batch)
    return Exported(row_count=count, cut_cell_count=0)


_WRITERS: Final[Mapping[str, Callable[[Path, Sequence[str], Iterable[Row], str], Exported]]] = {
    "csv": _write_csv,
    "csv-excel-fr": _write_french,
    "jsonl": _write_jsonl,
    "xlsx": _write_xlsx,
}


def _standard(value: object) -> object:
    """Return a value as RFC 4180 and ISO 8601 have it."""
    if isinstance(value, str):
        return _defused(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list | dict | tuple):
        return _defused(json.dumps(_plain(value), ensure_ascii=False))
    return value


def _french(value: object, zone: ZoneInfo) -> object:
    """Return a value as Excel in French reads it: 12,5 and 20/11/2026 02:14:00."""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, datetime):
        local = value.astimezone(zone) if value.tzinfo else value
        return f"{local:%d/%m/%Y %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return _standard(value)


def _cell(sheet: Any, value: object, zone: ZoneInfo) -> object:
    """Return a cell; a text is a text, whatever it begins with."""
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo else value).replace(tzinfo=None)
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, bool | int | date | time | timedelta) or value is None:
        return value
    text = value if isinstance(value, str) else json.dumps(_plain(value), ensure_ascii=False)
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:_CELL_CHARS])
    cell.data_type = "s"  # openpyxl would make a formula of what begins with =
    return cell


def _defused(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text


def _plain(value: Any) -> Any:
    """Return a value that JSON has: instants as text, NaN as nothing."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int) else str(value)
