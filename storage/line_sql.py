"""SQL that writes each row as one line of text: of CSV, of CSV for French Excel, of JSON lines.

DuckDB makes the lines several times as fast as Python makes them of values. The cells are
expressions by type: ``x`` is an expression of that type, the answer one of a text, NULL for NULL.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from duckdb.sqltypes import DuckDBPyType

#: What a spreadsheet takes for a formula when a cell begins with it (OWASP, CSV injection).
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

_INTEGERS: Final = frozenset(
    sign + size
    for sign in ("", "u")
    for size in ("tinyint", "smallint", "integer", "bigint", "hugeint")
)
_REALS: Final = frozenset({"float", "double", "decimal"})
_ZONED: Final = "timestamp with time zone"
_INSTANTS: Final = frozenset({_ZONED, "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns"})
_NESTED: Final = frozenset({"list", "array", "struct", "tuple", "map"})
#: Cells of these types never need quotes, whatever they hold.
_SAFE: Final = _INTEGERS | _REALS | _INSTANTS | {"boolean", "date"}

Types = Sequence[DuckDBPyType]
Cell = Callable[[DuckDBPyType, str], str]


def literal(text: str) -> str:
    """Return a text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def name_of(place: int) -> str:
    """Return the name that the column at this place has in all expressions."""
    return f"c{place}"


def csv_lines(types: Types, answer: str, *, cell: Cell, delimiter: str, tail: str) -> str:
    """Return a query of lines as RFC 4180 has them; NULL is an empty cell.

    Args:
        types: Those of the columns.
        answer: What can be selected from, with columns named by :func:`name_of`.
        cell: :func:`standard_cell`, or one of :func:`french_cell`.
        delimiter: Between cells.
        tail: Ends every line, delimiter and line end included.
    """
    names = [name_of(place) for place in range(len(types))]
    cells = ", ".join(
        f"{cell(kind, name)} AS {name}" for kind, name in zip(types, names, strict=True)
    )
    special = literal(f'["\r\n{delimiter}]')
    quoted = [
        name
        if kind.id in _SAFE
        else f"CASE WHEN regexp_matches({name}, {special})"
        f" THEN concat('\"', replace({name}, '\"', '\"\"'), '\"') ELSE {name} END"
        for kind, name in zip(types, names, strict=True)
    ]
    line = f", {literal(delimiter)}, ".join(quoted)
    return f"SELECT concat({line}, {literal(tail)}) FROM (SELECT {cells} FROM {answer})"  # noqa: S608


def json_lines(types: Types, names: Sequence[str], answer: str, *, tail: str) -> str:
    """Return a query of JSON objects, one per line; arguments as in :func:`csv_lines`."""
    columns = {
        name: json_value(kind, name_of(place))
        for place, (kind, name) in enumerate(zip(types, names, strict=True))
    }
    return f"SELECT concat('{{', {_members(columns)}, {literal(tail)}) FROM {answer}"  # noqa: S608


def sheet_rows(types: Types, answer: str) -> str:
    """Return a query of rows for a sheet, which has no cells but numbers, instants and texts."""
    cells = [
        json_value(kind, name_of(place)) if kind.id in _NESTED else name_of(place)
        for place, kind in enumerate(types)
    ]
    return f"SELECT {', '.join(cells)} FROM {answer}"  # noqa: S608


def defused(text: str) -> str:
    """Return a text with an apostrophe before what would make it a formula."""
    return "'" + text if text.startswith(FORMULA) else text


def standard_cell(kind: DuckDBPyType, x: str) -> str:
    """Return a cell as ISO 8601 has it; texts that would be a formula begin with an apostrophe."""
    if kind.id == "boolean":
        return f"CASE {x} WHEN true THEN 'True' WHEN false THEN 'False' END"
    if kind.id in _NESTED:
        return json_value(kind, x)
    if kind.id in {"varchar", "enum"}:
        signs = ", ".join(map(literal, FORMULA))
        text = f"CAST({x} AS VARCHAR)"  # of JSON too
        return f"CASE WHEN left({text}, 1) IN ({signs}) THEN concat('''', {text}) ELSE {text} END"
    return _plain_text(kind, x)


def french_cell(timezone: str) -> Cell:
    """Return cells as Excel in French reads them: 12,5 and 20/11/2026 02:14:00."""
    zone = literal(timezone)

    def cell(kind: DuckDBPyType, x: str) -> str:
        if kind.id == "boolean":
            return f"CASE {x} WHEN true THEN 'VRAI' WHEN false THEN 'FAUX' END"
        if kind.id in _REALS:
            return f"replace({_plain_text(kind, x)}, '.', ',')"
        if kind.id in _INSTANTS:
            local = f"timezone({zone}, {x})" if kind.id == _ZONED else f"CAST({x} AS TIMESTAMP)"
            return f"strftime({local}, '%d/%m/%Y %H:%M:%S')"
        if kind.id == "date":
            return f"strftime({x}, '%d/%m/%Y')"
        return standard_cell(kind, x)

    return cell


def json_value(kind: DuckDBPyType, x: str, depth: int = 0) -> str:
    """Return a value of JSON; numbers that are none are NULL, as JSON has no word for them.

    ``depth`` tells the elements of nested lists apart.
    """
    if kind.id in _NESTED:
        return _json_nested(kind, x, depth)
    if kind.id == "boolean" or kind.id in _INTEGERS:
        return f"CAST({x} AS VARCHAR)"
    if kind.id in _REALS:
        # By way of its text, a decimal number becomes the nearest one.
        number = f"CAST({_plain_text(kind, x)} AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN CAST({number} AS VARCHAR) END"
    return f"CAST(to_json({_plain_text(kind, x)}) AS VARCHAR)"


def _json_nested(kind: DuckDBPyType, x: str, depth: int) -> str:
    one = f"e{depth}"
    if kind.id == "tuple":
        values = [
            f"coalesce({json_value(child, f'struct_extract_at({x}, {place})', depth)}, 'null')"
            for place, (_, child) in enumerate(_children(kind), start=1)
        ]
        return _joined("[", f"CASE WHEN {x} IS NOT NULL THEN [{', '.join(values)}] END", "]")
    children = dict(_children(kind))
    if kind.id in {"list", "array"}:
        value = f"coalesce({json_value(children['child'], one, depth + 1)}, 'null')"
        return _joined("[", f"list_transform({x}, lambda {one}: {value})", "]")
    if kind.id == "map":
        key = f"CAST(to_json({_plain_text(children['key'], f'{one}.key')}) AS VARCHAR)"
        value = f"coalesce({json_value(children['value'], f'{one}.value', depth + 1)}, 'null')"
        entries = f"list_transform(map_entries({x}), lambda {one}: concat({key}, ': ', {value}))"
        return _joined("{", entries, "}")
    fields = {
        name: json_value(child, f"struct_extract({x}, {literal(name)})", depth)
        for name, child in children.items()
    }
    return f"CASE WHEN {x} IS NOT NULL THEN concat('{{', {_members(fields)}, '}}') END"


def _children(kind: DuckDBPyType) -> list[tuple[str, DuckDBPyType]]:
    """Return the types inside a nested one by name, without the size of an array."""
    return [(name, one) for name, one in kind.children if isinstance(one, DuckDBPyType)]


def _members(values: Mapping[str, str]) -> str:
    """Return arguments of concat: the members of a JSON object."""
    return ", ', ', ".join(
        f"{literal(json.dumps(name, ensure_ascii=False) + ': ')}, coalesce({value}, 'null')"
        for name, value in values.items()
    )


def _joined(opening: str, texts: str, closing: str) -> str:
    return f"'{opening}' || array_to_string({texts}, ', ') || '{closing}'"


def _plain_text(kind: DuckDBPyType, x: str) -> str:
    """Return a value as text: ISO 8601, the shortest form of a number."""
    if kind.id in _INSTANTS:
        return _iso(x, "+00:00" if kind.id == _ZONED else "")
    if kind.id == "float":
        return f"CAST(CAST({x} AS DOUBLE) AS VARCHAR)"
    if kind.id == "interval":
        return _duration(x)
    return f"CAST({x} AS VARCHAR)"


def _iso(x: str, offset: str) -> str:
    """Return an instant; without its zone on the way, as calendars of zones take long."""
    naive = f"make_timestamp(epoch_us({x}))"
    return (
        f"CASE WHEN isfinite({x}) THEN concat(strftime({naive}, '%Y-%m-%dT%H:%M:%S'),"
        f" CASE WHEN epoch_us({x}) % 1000000 <> 0 THEN strftime({naive}, '.%f') END,"
        f" '{offset}') ELSE CAST({x} AS VARCHAR) END"
    )


def _duration(x: str) -> str:
    """Return a duration as Python says it: 2 days, 5:00:00."""
    day = 86_400_000_000
    days = f"CAST(floor(epoch_us({x}) / {day}) AS BIGINT)"
    rest = f"(epoch_us({x}) - {days} * {day})"
    return (
        f"CASE WHEN {x} IS NOT NULL THEN concat("
        f"CASE WHEN {days} <> 0 THEN concat({days}, ' day',"
        f" CASE WHEN abs({days}) <> 1 THEN 's' END, ', ') END,"
        f" {rest} // 3600000000, strftime(make_timestamp({rest}), ':%M:%S'),"
        f" CASE WHEN {rest} % 1000000 <> 0 THEN strftime(make_timestamp({rest}), '.%f') END) END"
    )
