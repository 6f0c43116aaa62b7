"""Statements: SQL lives in ``storage/sql/**/*.sql``, and is read from there."""

from functools import cache
from importlib.resources import files


@cache
def load_sql(name: str) -> str:
    """Return the text of ``storage/sql/<name>.sql``; parameters are DuckDB's ``$name``.

    Each file starts with its grain and its reader. Values never enter the text: they are bound.
    """
    return (files("storage") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def sql_names(folder: str) -> list[str]:
    """Return the names, for :func:`load_sql`, of all statements of one folder, sorted."""
    entries = (files("storage") / "sql" / folder).iterdir()
    stems = sorted(entry.name[:-4] for entry in entries if entry.name.endswith(".sql"))
    return [f"{folder}/{stem}" for stem in stems]
