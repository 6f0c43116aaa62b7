"""Public figures: the only authors whose name is stored, because the configuration says why."""

from collections.abc import Mapping

import duckdb

from storage.queries import load_sql
from storage.rows import TEXT, arrow_table, registered

_SHAPE = {"author_key": TEXT, "display_name": TEXT}


def name_figures(connection: duckdb.DuckDBPyConnection, names: Mapping[str, str]) -> None:
    """Write the names of these authors, and take every other name away.

    Args:
        connection: The writer.
        names: Name to show, by author_key.
    """
    with registered(connection, figures=arrow_table(_SHAPE, names.items())):
        connection.execute(load_sql("privacy/name_figures"))
