"""The analyst's questions: shipped statements with their parameters, asked of a snapshot.

Each file of ``sql/questions`` begins with the question in French (``-- fr:``) and English, its
grain, its parameters (``-- $name = default | fr: meaning | en: meaning``) and an example answer.
Defaults: a number with a sign is a day counted from the last one that the snapshot knows;
``client``, ``own`` and ``widest`` are the client, its first own brand and the story with the most
documents; nothing is NULL; the rest is a number.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from listening.errors import StorageError
from listening.translate import mark
from storage.queries import load_sql, sql_names
from storage.reading import Table, open_snapshot, query_snapshot

_PARAMETER = re.compile(r"^-- \$(\w+) = ?(.*?) ?\| fr: (.*?) \| en: (.*)$", re.MULTILINE)
_DAY = re.compile(r"[+-]\d+")
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,12})?")
_KNOWN = """
SELECT day_on, client_id,
    (SELECT brand_id FROM dim_brands WHERE role = 'own' AND is_active ORDER BY brand_id LIMIT 1),
    (SELECT max_by(story_id, (document_count, first_mentioned_at, story_id)) FROM fct_stories)
FROM known_until
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One value that a question asks for."""

    name: str
    default: str  # as written, see above
    french: str
    english: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One shipped question."""

    number: int
    slug: str  # as typed: words joined by hyphens
    name: str  # of the file, without its ending
    french: str
    english: str
    example: tuple[str, ...]  # columns, then rows, cells between " | "
    parameters: tuple[Parameter, ...]
    sql: str  # the statement alone, parameters as $name

    def said(self, language: str) -> str:
        """Return the question in French, or else in English."""
        return self.french if language == "fr" else self.english


@cache
def questions() -> tuple[Question, ...]:
    """Return all questions in the order of their numbers."""
    return tuple(_read(name) for name in sql_names("questions"))


def find_question(name: str) -> Question:
    """Return a question by its number or its slug.

    Raises:
        StorageError: There is none.
    """
    for question in questions():
        if name in {str(question.number), question.slug, question.name}:
            return question
    raise StorageError(mark("there is no question {name}; vigie questions lists them"), name=name)


def ask(
    snapshot: Path,
    question: Question,
    values: Mapping[str, str] | None = None,
    *,
    row_limit: int = 1000,
    timeout_s: float = 60.0,
) -> Table:
    """Ask one question of a snapshot.

    Args:
        snapshot: A snapshot, or the link to the current one.
        question: Which.
        values: What differs from the defaults, as typed, by parameter.
        row_limit: Rows returned at most.
        timeout_s: Seconds after which it is interrupted.

    Raises:
        StorageError: As :func:`storage.reading.query_snapshot`; a value is none of its kind, or the
            question has no such parameter.
    """
    statement = filled_sql(snapshot, question, values)
    return query_snapshot(snapshot, statement, row_limit=row_limit, timeout_s=timeout_s)


def filled_sql(snapshot: Path, question: Question, values: Mapping[str, str] | None = None) -> str:
    """Return the statement with its values in it, ready to paste into any DuckDB client.

    Values become quoted literals of their type, so that none of them can be read as SQL.

    Raises:
        StorageError: As :func:`ask`.
    """
    given = dict(values or {})
    if strangers := given.keys() - {parameter.name for parameter in question.parameters}:
        known = ", ".join(parameter.name for parameter in question.parameters) or "–"
        raise StorageError(
            mark("question {number} has no parameter {name}; it has: {known}"),
            number=question.number,
            name=", ".join(sorted(strangers)),
            known=known,
        )
    if not question.parameters:
        return question.sql
    with open_snapshot(snapshot) as connection:
        last_on, defaults = _known(connection)
    _require_span(question, given, last_on)
    literals = {
        parameter.name: _literal(parameter, given.get(parameter.name), last_on, defaults)
        for parameter in question.parameters
    }
    return re.sub(r"\$(\w+)", lambda found: literals[found[1]], question.sql)


def _known(connection: duckdb.DuckDBPyConnection) -> tuple[date, dict[str, str | None]]:
    row: Any = connection.execute(_KNOWN).fetchone()
    if row is None or row[0] is None:
        raise StorageError(mark("the snapshot is empty: no source was read yet"))
    return row[0], dict(zip(("client", "own", "widest"), row[1:], strict=True))


def _literal(
    parameter: Parameter, given: str | None, last_on: date, defaults: Mapping[str, str | None]
) -> str:
    if parameter.name.endswith("_on"):
        return f"DATE '{_day(parameter, given, last_on)}'"
    if parameter.default in {"", *defaults}:
        text = defaults.get(parameter.default) if given is None else given
        return "NULL" if text is None else "'" + text.replace("'", "''") + "'"
    text = parameter.default if given is None else given
    if not _NUMBER.fullmatch(text):
        raise StorageError(
            mark("{name} must be a number such as 10 or 0.001, not {text}"),
            name=parameter.name,
            text=text,
        )
    return text


def _day(parameter: Parameter, given: str | None, last_on: date) -> str:
    text = parameter.default if given is None else given
    try:
        if _DAY.fullmatch(text):
            return (last_on + timedelta(days=int(text))).isoformat()
        return date.fromisoformat(text).isoformat()
    except (ValueError, OverflowError):
        raise StorageError(
            mark("{name} must be a day such as 2026-11-20 or -7, not {text}"),
            name=parameter.name,
            text=text,
        ) from None


def _require_span(question: Question, given: Mapping[str, str], last_on: date) -> None:
    """Refuse a period that ends before it begins: it would look like one without mentions."""
    known = {one.name: one for one in question.parameters}
    if not {"from_on", "to_on"} <= known.keys():
        return
    start, end = (_day(known[name], given.get(name), last_on) for name in ("from_on", "to_on"))
    if start >= end:
        raise StorageError(
            mark("the period is empty: it begins on {start} and ends before {end}"),
            start=start,
            end=end,
        )


def _read(name: str) -> Question:
    text = load_sql(name)
    stem = name.rsplit("/", 1)[1]
    head = [line for line in text.splitlines() if line.startswith("--")]

    def said(key: str) -> list[str]:
        return [line[len(key) + 5 :] for line in head if line.startswith(f"-- {key}: ")]

    return Question(
        number=int(stem[:2]),
        slug=stem[3:].replace("_", "-"),
        name=stem,
        french=said("fr")[0],
        english=said("en")[0],
        example=tuple(said("Example")),
        parameters=tuple(
            Parameter(name=name, default=default, french=french, english=english)
            for name, default, french, english in _PARAMETER.findall(text)
        ),
        sql="\n".join(line for line in text.splitlines() if not line.startswith("--")),
    )
