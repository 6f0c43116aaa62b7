"""What queries kept out: stored with the reason, kept for a while, gone when it is found again."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from listening.model import Exclusion, ExclusionReason, TaggedDocument
from storage.engine import open_writer
from storage.landing import read_tagged, write_tagged
from storage.loading import load_batch, load_tagged
from storage.migrate import migrate
from tests.builders import NOW, make_batch, make_brand, make_document, make_mention, make_tagged

Load = Callable[..., list[tuple[object, ...]]]
BRAND = make_brand()
DOCUMENT = make_document()


def excluded(clause: str = "SAUF recette") -> TaggedDocument:
    exclusion = Exclusion(
        brand_id=BRAND.brand_id, reason=ExclusionReason.NOT, clause=clause, query_version="q1"
    )
    return make_tagged(DOCUMENT, exclusions=(exclusion,))


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Load]:
    """Return a function that loads one tagged document and returns what is then stored."""
    with open_writer(tmp_path / "w.duckdb") as warehouse:
        migrate(warehouse, now=NOW)
        load_batch(warehouse, make_batch(DOCUMENT), now=NOW)

        def load(tagged: TaggedDocument, *, days: int = 0) -> list[tuple[object, ...]]:
            now = NOW + timedelta(days=days)
            kept_for = timedelta(days=30)
            load_tagged(warehouse, [tagged], brands=[BRAND], now=now, kept_for=kept_for)
            return warehouse.execute(
                "SELECT clause, reason, excluded_at::DATE - $1::DATE FROM fct_exclusions",
                [NOW],
            ).fetchall()

        yield load


def test_it_is_stored_once_with_its_reason_and_first_day(rows: Load) -> None:
    assert rows(excluded()) == [("SAUF recette", "not", 0)]
    assert rows(excluded("SAUF plat"), days=3) == [("SAUF plat", "not", 0)]


def test_a_wider_query_ends_it(rows: Load) -> None:
    rows(excluded())

    assert rows(make_tagged(DOCUMENT, make_mention())) == []


def test_it_is_forgotten_after_its_time(rows: Load) -> None:
    rows(excluded())
    other = make_tagged(make_document(2))

    assert rows(other, days=29) != []
    assert rows(other, days=31) == []


def test_it_survives_the_landing_file(tmp_path: Path) -> None:
    path = tmp_path / "tagged.jsonl.gz"
    write_tagged(path, [excluded()])

    assert read_tagged(path) == [excluded()]
