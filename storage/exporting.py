"""Exports of a snapshot: CSV, CSV for French Excel, .xlsx, Parquet, JSON lines; streamed.

Rows come in chunks out of DuckDB, of CSV and JSON as ready lines (:mod:`storage.line_sql`), and go
straight into the file, so that memory does not grow with their number. The file takes its name when
it is whole.
"""

import csv
import json
import math
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from duckdb.sqltypes import DuckDBPyType
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from listening.errors import StorageError
from listening.translate import mark
from storage.line_sql import (
    Cell,
    csv_lines,
    defused,
    french_cell,
    json_lines,
    name_of,
    sheet_rows,
    standard_cell,
)
from storage.reading import as_asked, open_snapshot, require_reading

FORMATS: Final = ("csv", "csv-excel-fr", "xlsx", "parquet", "jsonl")
#: Rows that are held at once.
_CHUNK: Final = 5_000
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
        with open_snapshot(snapshot) as connection, as_asked():
            done = _write(connection, question, temporary, kind=kind, timezone=timezone)
        temporary.replace(target)
    except (OSError, pa.ArrowException) as error:
        raise StorageError(
            mark("cannot export to {path}: {error}"), path=target, error=error
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
    return done


@dataclass(frozen=True, slots=True)
class _Answer:
    """A statement that is asked again with its columns as ``c0``, ``c1`` …, of known types."""

    connection: duckdb.DuckDBPyConnection
    question: Question
    names: tuple[str, ...]
    types: tuple[DuckDBPyType, ...]

    @property
    def relation(self) -> str:
        """What can be selected from."""
        columns = ", ".join(name_of(place) for place in range(len(self.types)))
        return f"(\n{_open_end(self.question.sql)}\n) AS answer({columns})"

    def rows(self, sql: str) -> Iterator[list[Row]]:
        """Yield lists of rows of a statement over the relation."""
        cursor = self.connection.execute(sql, dict(self.question.parameters or {}))
        while rows := cursor.fetchmany(_CHUNK):
            yield rows


def _described(connection: duckdb.DuckDBPyConnection, question: Question) -> _Answer:
    none = f"SELECT * FROM (\n{_open_end(question.sql)}\n) LIMIT 0"  # noqa: S608 — reads only
    found = connection.execute(none, dict(question.parameters or {})).description or ()
    return _Answer(
        connection,
        question,
        names=tuple(str(column[0]) for column in found),
        types=tuple(column[1] for column in found),
    )


def _open_end(sql: str) -> str:
    """Return a statement without the semicolon that may end it."""
    text = sql.encode()
    for place, kind in reversed(duckdb.tokenize(sql)):
        if kind == duckdb.token_type.operator and text[place : place + 1] == b";":
            text = text[:place]
        elif kind != duckdb.token_type.comment:
            break
    return text.decode()


def _write(
    connection: duckdb.DuckDBPyConnection,
    question: Question,
    path: Path,
    *,
    kind: str,
    timezone: str,
) -> Exported:
    if kind == "parquet":
        answer = connection.sql(question.sql, params=dict(question.parameters or {}))
        return _write_parquet(_storable(answer).to_arrow_reader(_CHUNK), question, path)
    return _WRITERS[kind](path, _described(connection, question), timezone)


def _write_csv(path: Path, answer: _Answer, _timezone: str) -> Exported:
    return _csv(path, answer, standard_cell, ",", encoding="utf-8")


def _write_french(path: Path, answer: _Answer, timezone: str) -> Exported:
    return _csv(path, answer, french_cell(timezone), ";", encoding="utf-8-sig")


def _csv(path: Path, answer: _Answer, cell: Cell, delimiter: str, *, encoding: str) -> Exported:
    """Write a CSV file; head and origin are quoted as Python does, the cells in SQL."""

    def line(*texts: str) -> str:
        made = StringIO(newline="")
        csv.writer(made, delimiter=delimiter, lineterminator="\r\n").writerow(map(defused, texts))
        return made.getvalue()

    question = answer.question
    tail = delimiter + line(question.source, question.definition)
    lines = csv_lines(answer.types, answer.relation, cell=cell, delimiter=delimiter, tail=tail)
    head = line(*answer.names, *question.headers)
    return _write_lines(path, head, answer.rows(lines), encoding=encoding)


def _write_jsonl(path: Path, answer: _Answer, _timezone: str) -> Exported:
    question = answer.question
    origin = dict(zip(question.headers, (question.source, question.definition), strict=True))
    tail = ", " + json.dumps(origin, ensure_ascii=False)[1:] + "\n"
    lines = json_lines(answer.types, answer.names, answer.relation, tail=tail)
    return _write_lines(path, "", answer.rows(lines), encoding="utf-8")


def _write_lines(path: Path, head: str, chunks: Iterator[list[Row]], *, encoding: str) -> Exported:
    count = 0
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(head)
        for rows in chunks:
            file.write("".join(line for (line,) in rows))
            count += len(rows)
    return Exported(row_count=count, cut_cell_count=0)


def _write_xlsx(path: Path, answer: _Answer, timezone: str) -> Exported:
    zone = ZoneInfo(timezone)
    question = answer.question
    origin = (question.source, question.definition)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Vigie")
    sheet.freeze_panes = "A2"
    head = [WriteOnlyCell(sheet, value=name) for name in (*answer.names, *question.headers)]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    count = cut = 0
    try:
        for row in chain.from_iterable(answer.rows(sheet_rows(answer.types, answer.relation))):
            count += 1
            if count >= _SHEET_ROWS:
                raise StorageError(
                    mark(
                        "a sheet of .xlsx holds {count} rows; export to csv or parquet, or ask for"
                        " less"
                    ),
                    count=_SHEET_ROWS - 1,
                )
            cut += sum(isinstance(value, str) and len(value) > _CELL_CHARS for value in row)
            sheet.append([_cell(sheet, value, zone) for value in (*row, *origin)])
    finally:
        sheet.close()  # it writes into a temporary file of its own
    book.save(path)
    return Exported(row_count=count, cut_cell_count=cut)


def _storable(answer: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Return an answer with its spans of time as texts: Arrow writes none into Parquet."""
    kinds = dict(zip(answer.columns, answer.types, strict=True))
    if all(kind.id != "interval" for kind in kinds.values()):
        return answer
    columns = [
        duckdb.ColumnExpression(name).cast("VARCHAR").alias(name)
        if kind.id == "interval"
        else duckdb.ColumnExpression(name)
        for name, kind in kinds.items()
    ]
    return answer.select(*columns)


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


_WRITERS: Final[Mapping[str, Callable[[Path, _Answer, str], Exported]]] = {
    "csv": _write_csv,
    "csv-excel-fr": _write_french,
    "jsonl": _write_jsonl,
    "xlsx": _write_xlsx,
}


def _cell(sheet: Any, value: object, zone: ZoneInfo) -> object:
    """Return a cell; a text is a text, whatever it begins with."""
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo else value).replace(tzinfo=None)
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, bool | int | date | time | timedelta) or value is None:
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", str(value))[:_CELL_CHARS]
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # openpyxl would make a formula of what begins with =
    return cell
