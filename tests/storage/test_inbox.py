"""The inbox tells the last word on each mention, and takes handling back when people do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from storage.engine import open_writer
from tests.storage.planting import Planted, plant

AT = datetime(2026, 11, 19, 11, tzinfo=UTC)
_SAY = "INSERT INTO fct_mention_actions VALUES ($1, $2, 'oeuf-a-la-coque', $3, $4, 'camille', $5)"
_ASK = "FROM inbox SELECT status, owner, waited_hours, is_handled WHERE document_id = $1"


class Case(NamedTuple):
    """What was said, an hour apart, and what the inbox makes of it."""

    said: list[tuple[str, str | None]]
    status: str
    owner: str | None
    handled_after_h: int | None


CASES = {
    "nothing": Case([], "new", None, None),
    "begun": Case([("status", "in_progress")], "in_progress", None, 1),
    "taken-over": Case([("owner", "nadia")], "new", "nadia", 1),
    "noted": Case([("note", "vu")], "new", None, 1),
    "corrected": Case([("polarity", "negative")], "new", None, None),
    "new-is-not-handled": Case([("status", "new")], "new", None, None),
    "slip": Case([("status", "ignored"), ("status", "new")], "new", None, None),
    "note-before-a-slip": Case(
        [("note", "vu"), ("status", "answered"), ("status", "new")], "new", None, None
    ),
    "done-later": Case([("status", "ignored"), ("status", "new"), ("note", "vu")], "new", None, 3),
    "given-up": Case([("owner", "nadia"), ("owner", None)], "new", None, None),
    "taken-over-again": Case(
        [("owner", "nadia"), ("owner", None), ("owner", "théo")], "new", "théo", 3
    ),
    "answered-then-given-up": Case(
        [("owner", "nadia"), ("status", "answered"), ("owner", None)], "answered", None, 2
    ),
}


@pytest.fixture(scope="module")
def inbox(template_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path = tmp_path_factory.mktemp("inbox") / "warehouse.duckdb"
    path.write_bytes(template_path.read_bytes())
    with open_writer(path) as connection:
        plant(connection, [Planted(document_id=name, at=AT, polarity="negative") for name in CASES])
        for name, case in CASES.items():
            for hour, (kind, value) in enumerate(case.said, start=1):
                row = [f"{name}-{hour}", name, kind, value, AT + timedelta(hours=hour)]
                connection.execute(_SAY, row)
        yield connection


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in CASES])
def test_the_last_word_counts(inbox: Any, name: str) -> None:
    case = CASES[name]

    status, owner, waited_hours, is_handled = inbox.execute(_ASK, [name]).fetchone()

    assert (status, owner) == (case.status, case.owner)
    assert (waited_hours if is_handled else None) == case.handled_after_h
