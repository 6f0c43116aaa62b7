"""Data checks: each rule is one SELECT in ``sql/checks``; any row it returns is a failure.

A rule that is dear to search has a proof of the same name in ``sql/proofs``, asked before: one
value, true when the rule surely holds.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from storage.queries import load_sql, sql_names
from storage.reading import open_snapshot

#: Rows of a failure that are shown.
SAMPLE_SIZE = 5
#: So much is always checked again: clocks may be wrong.
_OVERLAP = timedelta(days=1)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_NEWEST = """
SELECT least((SELECT max(loaded_at) FROM fct_documents), (SELECT max(tagged_at) FROM fct_mentions))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFailure:
    """One broken rule."""

    name: str  # file name of the rule
    rule: str  # what should hold, one sentence
    row_count: int
    columns: tuple[str, ...]
    sample: tuple[tuple[Any, ...], ...]  # first rows

    def __str__(self) -> str:
        """Return the rule, the count and the first row."""
        first = dict(zip(self.columns, self.sample[0], strict=True))
        return f"{self.name}: {self.rule} {self.row_count} row(s), first: {first}"


_OLDEST = """
SELECT min(document.loaded_at)
FROM fct_documents AS document
SEMI JOIN (SELECT document_id FROM fct_mentions WHERE tagged_at >= $since) AS tagged
    USING (document_id)
"""


def checked_until(snapshot: Path, *, now: datetime) -> datetime | None:
    """Return since when rows may have changed that were checked for this snapshot.

    At least the day before ``now`` is to be looked at again. None: all of them.

    Raises:
        StorageError: There is no snapshot, or it is damaged.
    """
    with open_snapshot(snapshot) as connection:
        newest = (connection.execute(_NEWEST).fetchone() or (None,))[0]
    return None if newest is None else min(newest, now - _OVERLAP)


def run_checks(
    connection: duckdb.DuckDBPyConnection, *, since: datetime | None = None
) -> list[CheckFailure]:
    """Run every check; return the broken ones, none when all is well.

    Args:
        connection: The writer.
        since: What is dear to look at is looked at where it was loaded or tagged since then; None:
            everywhere.
    """
    limits = {"since": _EVER, "loaded_since": _EVER}
    if since is not None:
        oldest = (connection.execute(_OLDEST, {"since": since}).fetchone() or (None,))[0]
        limits = {"since": since, "loaded_since": oldest or since}
    proofs = set(sql_names("proofs"))
    failures = []
    for name in sql_names("checks"):
        proof = name.replace("checks/", "proofs/")
        if proof in proofs and connection.execute(load_sql(proof)).fetchone() == (True,):
            continue
        sql = load_sql(name)
        asked = {limit: value for limit, value in limits.items() if f"${limit}" in sql}
        cursor = connection.execute(sql, asked)
        rows = cursor.fetchall()
        if rows:
            failures.append(
                CheckFailure(
                    name=name.removeprefix("checks/"),
                    rule=sql.splitlines()[0].removeprefix("-- "),
                    row_count=len(rows),
                    columns=tuple(str(column[0]) for column in cursor.description or ()),
                    sample=tuple(rows[:SAMPLE_SIZE]),
                )
            )
    return failures
