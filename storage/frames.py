"""Data frames: answers of a snapshot for pandas."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from storage.reading import as_asked, open_snapshot, require_reading


def read_frame(path: Path, sql: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Return the answer of one statement on a snapshot as a frame; instants are aware UTC.

    Args:
        path: A snapshot, or the link to the current one.
        sql: A reading statement; its ``$name`` parameters are bound, never pasted.
        parameters: Values by name.

    Raises:
        StorageError: There is no snapshot, it is damaged, or the statement is wrong.
    """
    require_reading(sql)
    with open_snapshot(path) as connection, as_asked():
        # Through Arrow: DuckDB's own way to pandas uses what pandas 3.1 deprecates.
        answer = connection.sql(sql, params=dict(parameters or {}))
        frame: pd.DataFrame = answer.to_arrow_table().to_pandas()
    return frame
