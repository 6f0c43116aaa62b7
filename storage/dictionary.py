"""The data dictionary: every table, view, macro and column in French and English, from comments."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy

from listening.errors import StorageError
from storage.engine import open_writer, sqlalchemy_engine
from storage.migrate import migrate

_HEAD = """\
# Data dictionary · Dictionnaire des données

Made from the comments in the database itself; do not edit. / Tiré des commentaires de la base
elle-même ; ne pas modifier.

Start with `mentions`. / Commencez par `mentions`.
"""
_KINDS = (("view", "Views · Vues"), ("macro", "Macros"), ("table", "Tables"))
_COMMENTS = """
SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal
UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal
"""
_COLUMNS = """
SELECT table_name, column_name, data_type, comment FROM duckdb_columns()
WHERE NOT internal ORDER BY table_name, column_index
"""
_MACROS = """
SELECT function_name, parameters, comment FROM duckdb_functions()
WHERE NOT internal AND function_type IN ('macro', 'table_macro')
ORDER BY function_name, function_type
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnInfo:
    """One column: name, DuckDB type, and what it means in both languages."""

    name: str
    type: str
    french: str
    english: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectInfo:
    """One table, view or macro."""

    name: str
    kind: str  # table, view, macro
    french: str
    english: str
    columns: tuple[ColumnInfo, ...]  # of a macro: none
    parameters: tuple[str, ...] = ()  # of a macro


def describe_schema(engine: sqlalchemy.Engine) -> list[ObjectInfo]:
    """Return every object of the schema with its comments, sorted by name.

    Raises:
        StorageError: An object or a column has no comment in both languages.
    """
    inspector = sqlalchemy.inspect(engine)
    with engine.connect() as connection:
        named = connection.execute(sqlalchemy.text(_COMMENTS)).all()
        columns = connection.execute(sqlalchemy.text(_COLUMNS)).all()
        macros = connection.execute(sqlalchemy.text(_MACROS)).all()
    views = set(inspector.get_view_names())
    found = [_macro(name, parameters, comment) for name, parameters, comment in macros]
    for name, comment in named:
        french, english = _languages(name, comment)
        described = tuple(
            _column(name, column, kind, said)
            for table, column, kind, said in columns
            if table == name
        )
        found.append(
            ObjectInfo(
                name=name,
                kind="view" if name in views else "table",
                french=french,
                english=english,
                columns=described,
            )
        )
    return sorted(found, key=lambda info: info.name)


def render_dictionary(objects: list[ObjectInfo]) -> str:
    """Return the dictionary as Markdown: views, macros, tables."""
    parts = [_HEAD]
    for kind, title in _KINDS:
        parts.append(f"\n## {title}\n")
        parts += [_render_object(info) for info in objects if info.kind == kind]
    return "".join(parts)


def current_dictionary(*, now: datetime) -> str:
    """Return the dictionary of the schema that this code makes, from an empty warehouse."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.duckdb"
        with open_writer(path) as connection:
            migrate(connection, now=now)
        return render_dictionary(describe_schema(sqlalchemy_engine(path)))


def _render_object(info: ObjectInfo) -> str:
    signature = f"({', '.join(info.parameters)})" if info.kind == "macro" else ""
    lines = ["", f"### `{info.name}{signature}`", "", f"{info.french}", "", f"*{info.english}*", ""]
    if info.columns:
        lines += ["| column | type | français | English |", "|---|---|---|---|"]
        lines += [
            f"| `{column.name}` | `{column.type}` | {column.french} | {column.english} |"
            for column in info.columns
        ]
    return "\n".join(lines).rstrip() + "\n"


def _macro(name: str, parameters: list[str], comment: str | None) -> ObjectInfo:
    french, english = _languages(name, comment)
    return ObjectInfo(
        name=name,
        kind="macro",
        french=french,
        english=english,
        columns=(),
        parameters=tuple(parameters),
    )


def _column(table: str, name: str, kind: str, comment: str | None) -> ColumnInfo:
    french, english = _languages(f"{table}.{name}", comment)
    return ColumnInfo(name=name, type=kind, french=french, english=english)


def _languages(name: str, comment: str | None) -> tuple[str, str]:
    """Split ``fr: … | en: …``."""
    french, separator, english = (comment or "").removeprefix("fr: ").partition(" | en: ")
    if not separator or not french or not english or not (comment or "").startswith("fr: "):
        raise StorageError(f"{name} needs a comment 'fr: … | en: …', got {comment!r}")
    return french.strip(), english.strip()
