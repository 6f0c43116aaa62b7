"""Data checks: each rule is one SELECT in ``sql/checks``; any row it returns is a failure."""

from dataclasses import dataclass
from typing import Any

import duckdb

from storage.queries import load_sql, sql_names

#: Rows of a failure that are shown.
SAMPLE_SIZE = 5


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


def run_checks(connection: duckdb.DuckDBPyConnection) -> list[CheckFailure]:
    """Run every check; return the broken ones, none when all is well."""
    failures = []
    for name in sql_names("checks"):
        sql = load_sql(name)
        cursor = connection.execute(sql)
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
