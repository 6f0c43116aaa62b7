"""What is wrong in a configuration file, as a sentence a person can act on, in their language."""

from dataclasses import dataclass
from pathlib import Path

from listening.errors import ConfigError
from listening.translate import Translator, mark

#: Way to a value in a file: keys of mappings, positions in lists from 0.
Loc = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A problem in one language, in the parts that a table or a page shows apart."""

    place: str  # file and line; empty when unknown
    key: str  # dotted; empty when unknown
    message: str
    hint: str  # what to write instead; empty when there is nothing to add


def problem(
    message: str,
    *,
    path: Path,
    place: Place | None = None,
    loc: Loc = (),
    hint: str | None = None,
    **values: str,
) -> ConfigError:
    """Build a ``ConfigError`` from sentences of the catalogue.

    Args:
        message: What is wrong, marked with ``mark``; its fields are filled in from ``values``.
        path: The file.
        place: Where in it; None when the file as a whole is meant.
        loc: Way to the key or value; empty when the problem is none of a single key.
        hint: What to write instead, marked with ``mark``.
        values: Texts that look the same in every language: names, numbers, what was written.
    """
    return ConfigError(
        message,
        path=path,
        line=place.line if place else None,
        column=place.column if place else None,
        key=dotted(loc) or None,
        hint=hint,
        values=values,
    )


def dotted(loc: Loc) -> str:
    """Write the way to a value as people count.

    >>> dotted(("brands", 0, "terms"))
    'brands.1.terms'
    """
    return ".".join(str(part + 1 if isinstance(part, int) else part) for part in loc)


def explain(error: ConfigError, words: Translator) -> Explanation:
    """Translate a problem, part by part."""
    place = str(error.path) if error.path else ""
    if error.line is not None:
        place = words.gettext("{path}, line {line}", path=place, line=error.line)
        if error.column is not None and (error.key or "").endswith("query"):
            place = words.gettext("{place}, column {column}", place=place, column=error.column)
    return Explanation(
        place=place,
        key=error.key or "",
        message=_translate(error.message_template, error, words),
        hint=_translate(error.hint_template, error, words) if error.hint_template else "",
    )


def _translate(template: str, error: ConfigError, words: Translator) -> str:
    text = words.gettext(template)
    return text if error.values is None else text.format(**error.values)


def describe(error: ConfigError, words: Translator) -> str:
    """Translate a problem into one or two lines: where and what; then what to write instead."""
    parts = explain(error, words)
    first = words.gettext(": ").join(
        part for part in (parts.place, parts.key, parts.message) if part
    )
    return f"{first}\n  → {parts.hint}" if parts.hint else first


def shorten(text: str, limit: int = 60) -> str:
    """Cut what a person wrote so that it can be quoted in one line.

    >>> shorten("a" * 100, 10)
    'aaaaaaaaa…'
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


#: Shown when a file cannot be read by the system.
UNREADABLE = mark("this file cannot be read: {reason}")
