"""Rows of exports: CSV as spreadsheets write it, Excel, JSON lines; each with its line."""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TextIO
from zipfile import BadZipFile, ZipFile

from listening.collectors import faults
from listening.collectors.reading.jsontext import load_json
from listening.errors import UnreadableSourceError

#: A cell may hold a long post; more is an attack.
_MAX_CELL_CHARS = 200_000
_SAMPLE_BYTES = 100_000
#: An Excel file may swell to this many bytes.
_MAX_UNPACKED = 1_000_000_000
_DELIMITERS = ";,\t|"
#: Rows among which the header is looked for.
_MAX_ABOVE = 15
#: What Excel writes, and reads, above a CSV to say how its cells are parted.
_SEPARATOR = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
#: ``window.YTD.tweets.part0 =``: how X's archive names its lists.
_VARIABLE = re.compile(rb"\s*(?:var\s+)?[\w.$]{1,100}\s*=\s*(?=[\[{])")
_MAX_VARIABLE = 200
#: Members of a list inside an object that have names: ``data.0.comment``.
_MAX_LISTED = 20
_MAX_DEPTH = 8


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


#: Names of columns that are looked for, folded as ``Row`` folds them.
Wanted = AbstractSet[str]


def csv_rows(path: Path, layout: Layout, *, wanted: Wanted = frozenset()) -> Iterator[Row]:
    """Yield the rows of a CSV below the line that names the columns.

    Args:
        path: The file.
        layout: How it is written.
        wanted: Columns that tell the header from titles above it.

    Raises:
        UnreadableSourceError: It has no header.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    encoding = layout.encoding or _encoding(path, sample)
    delimiter = layout.delimiter or _delimiter(sample.decode(encoding, "replace"))
    csv.field_size_limit(_MAX_CELL_CHARS)
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        yield from _read_csv(stream, delimiter, str(path), wanted=wanted)


def _read_csv(stream: TextIO, delimiter: str, name: str, *, wanted: Wanted) -> Iterator[Row]:
    above = header_line(csv.reader(stream, delimiter=delimiter), wanted)
    stream.seek(0)
    reader = csv.reader(stream, delimiter=delimiter)
    header = [_column(cell) for cell in next(islice(reader, above, None), [])]
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


def header_line(rows: Iterable[Sequence[Any]], wanted: Wanted) -> int:
    """Return how many rows stand above the header: titles, empty ones, Excel's "sep=;".

    Where none of the first rows has a wanted column, the first that is not empty is the header.
    """
    first = 0
    is_first = True
    for number, cells in enumerate(islice(rows, _MAX_ABOVE)):
        names = {_column(_cell(cell)) for cell in cells} - {""}
        if names & wanted:
            return number
        is_mark = any(name.startswith("sep=") for name in names)
        if is_first and names and not is_mark:
            first, is_first = number, False
    return first


def excel_rows(path: Path, layout: Layout, *, wanted: Wanted = frozenset()) -> Iterator[Row]:
    """Yield the rows of a sheet below the one that names the columns; values, never formulas.

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
    above = header_line(sheet.iter_rows(values_only=True), wanted)
    rows = islice(sheet.iter_rows(values_only=True), above, None)
    header = [_column(_cell(value)) for value in next(rows, ())]
    if not any(header):
        raise UnreadableSourceError(str(path), faults.NO_HEADER)
    for line, values in enumerate(rows, start=above + 2):
        cells = dict(zip(header, map(_cell, values), strict=False))
        if any(cells.values()):
            yield Row(line, cells)
    book.close()


def json_rows(path: Path) -> Iterator[Row]:
    """Yield the objects of JSON lines, or of one JSON list; nested keys are joined by points.

    A list may stand in a variable, as in X's archive, or in an object, as in those of Meta.
    """
    with path.open("rb") as file:
        start = file.read(_SAMPLE_BYTES).lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    is_line = start.startswith(b"{") and _is_object(start.partition(b"\n")[0])
    if (start.startswith((b"[", b"{")) and not is_line) or _VARIABLE.match(start):
        yield from _list_rows(path)
        return
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        for line, text in enumerate(stream, start=1):
            if text.strip():
                yield _json_row(line, text)


def _list_rows(path: Path) -> Iterator[Row]:
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace").strip()
        variable = _VARIABLE.match(text.encode()[:_MAX_VARIABLE])
        value = load_json(text[variable.end() :].rstrip(";") if variable else text)
    except (ValueError, RecursionError) as error:
        raise UnreadableSourceError(str(path), faults.MALFORMED_JSON) from error
    values = _longest_list(value)
    for number, value in enumerate(values, start=1):
        is_object = isinstance(value, dict)
        yield Row(number, _flat(value)) if is_object else Row(number, {}, faults.ROW_UNREADABLE)


def _longest_list(value: Any) -> list[Any]:
    """Return a list, or the longest one that an object has; an object without one is a row."""
    if isinstance(value, dict):
        lists = [one for one in value.values() if isinstance(one, list)]
        return max(lists, key=len, default=[value])
    return value if isinstance(value, list) else []


def _is_object(line: bytes) -> bool:
    """Return whether a line is an object, and not one that is all there is and holds a list."""
    try:
        value = load_json(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and not any(
        isinstance(one, list) and one and isinstance(one[0], dict) for one in value.values()
    )


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
    for key, given in value.items():
        name = f"{prefix}{_column(str(key))}"
        inner = given
        if isinstance(given, list):
            inner = {str(number): one for number, one in enumerate(given[:_MAX_LISTED])}
        if not isinstance(inner, dict):
            found[name] = _mended(_cell(inner))
        elif depth < _MAX_DEPTH:
            found |= _flat(inner, f"{name}.", depth + 1)
    return found


def _mended(text: str) -> str:
    """Return a text that was written byte by byte, as Meta's exports are, in its characters."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


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
    """Return what Excel's first line says, else what parts a line into the most cells."""
    lines = [line for line in sample.splitlines() if line.strip()][:_MAX_ABOVE]
    if lines and (said := _SEPARATOR.fullmatch(lines[0].lstrip("\ufeff"))):
        return said[1]
    return max(_DELIMITERS, key=lambda mark: max((line.count(mark) for line in lines), default=0))
