"""Rows of exports: CSV as spreadsheets write it, Excel, JSON lines; each with its line."""

import codecs
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TextIO
from zipfile import BadZipFile, ZipFile

from listening.collectors import faults
from listening.collectors.jsontext import load_json
from listening.errors import UnreadableSourceError

#: A cell may hold a long post; more is an attack.
_MAX_CELL_CHARS = 200_000
_SAMPLE_BYTES = 100_000
#: An Excel file may swell to this many bytes.
_MAX_UNPACKED = 1_000_000_000
_DELIMITERS = ";,\t|"


class Layout(Protocol):
    """What a mapping says of the file's form (``listening.config.mapping.MappingSpec``)."""

    @property
    def delimiter(self) -> str | None: ...  # noqa: D102 - explained in MappingSpec
    @property
    def encoding(self) -> str | None: ...  # noqa: D102
    @property
    def sheet(self) -> str | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column, names folded to lower case."""

    line: int  # in the file, from 1
    cells: Mapping[str, str]
    fault: str | None = None  # word of listening.collectors.faults: nothing could be read


def csv_rows(path: Path, layout: Layout) -> Iterator[Row]:
    """Yield the rows of a CSV; the first line names the columns.

    Raises:
        UnreadableSourceError: It has no header.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    encoding = layout.encoding or _encoding(path, sample)
    delimiter = layout.delimiter or _delimiter(sample.decode(encoding, "replace"))
    csv.field_size_limit(_MAX_CELL_CHARS)
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        yield from _read_csv(stream, delimiter, str(path))


def _read_csv(stream: TextIO, delimiter: str, name: str) -> Iterator[Row]:
    reader = csv.reader(stream, delimiter=delimiter)
    header = [_column(cell) for cell in next(reader, [])]
    if not any(header):
        raise UnreadableSourceError(name, faults.NO_HEADER)
    while True:
        start = reader.line_num + 1  # a cell may run over several lines
        try:
            cells = next(reader, None)
        except csv.Error:
            yield Row(start, {}, faults.ROW_UNREADABLE)
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            padded = [*cells, *[""] * (len(header) - len(cells))]
            yield Row(start, dict(zip(header, padded, strict=False)))


def excel_rows(path: Path, layout: Layout) -> Iterator[Row]:
    """Yield the rows of a sheet; values, never formulas.

    Raises:
        UnreadableSourceError: It is no Excel file, has no such sheet, or swells beyond measure.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - only imports of Excel need it
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with ZipFile(path) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _MAX_UNPACKED:
                raise UnreadableSourceError(str(path), faults.DECOMPRESSION_BOMB)
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book[layout.sheet] if layout.sheet else book.worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        raise UnreadableSourceError(str(path), faults.FILE_UNREADABLE) from error
    rows = sheet.iter_rows(values_only=True)
    header = [_column(_cell(value)) for value in next(rows, ())]
    if not any(header):
        raise UnreadableSourceError(str(path), faults.NO_HEADER)
    for line, values in enumerate(rows, start=2):
        cells = dict(zip(header, map(_cell, values), strict=False))
        if any(cells.values()):
            yield Row(line, cells)
    book.close()


def json_rows(path: Path) -> Iterator[Row]:
    """Yield the objects of JSON lines, or of one JSON list; nested keys are joined by points."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE_BYTES).lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    if start.startswith(b"["):
        yield from _list_rows(path)
        return
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        for line, text in enumerate(stream, start=1):
            if text.strip():
                yield _json_row(line, text)


def _list_rows(path: Path) -> Iterator[Row]:
    try:
        values = load_json(path.read_text(encoding="utf-8-sig", errors="replace"))
    except (ValueError, RecursionError) as error:
        raise UnreadableSourceError(str(path), faults.MALFORMED_JSON) from error
    for number, value in enumerate(values, start=1):
        is_object = isinstance(value, dict)
        yield Row(number, _flat(value)) if is_object else Row(number, {}, faults.ROW_UNREADABLE)


def _json_row(line: int, text: str) -> Row:
    try:
        value = load_json(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        return Row(line, {}, faults.ROW_UNREADABLE)
    return Row(line, _flat(value))


def _flat(value: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, inner in value.items():
        name = f"{prefix}{_column(str(key))}"
        if isinstance(inner, dict) and depth < 5:  # noqa: PLR2004 - deeper is no export
            found |= _flat(inner, f"{name}.", depth + 1)
        elif not isinstance(inner, dict | list):
            found[name] = _cell(inner)
    return found


def _cell(value: Any) -> str:
    """Return a value as text; dates in ISO form, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:_MAX_CELL_CHARS]


def _column(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").split()).casefold()


def _encoding(path: Path, sample: bytes) -> str:
    """Return UTF-8 if the whole file is valid in it, with or without mark, else cp1252."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1_000_000):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(sample: str) -> str:
    """Return what parts the header into most columns, equally in the rows below it."""
    lines = list(islice((line for line in sample.splitlines() if line.strip()), 1))
    header = lines[0] if lines else ""
    return max(_DELIMITERS, key=header.count)
