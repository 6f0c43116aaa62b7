"""Landing files: the same values come back, or a clear error does."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.errors import StorageError
from listening.model import Batch, FetchState, Source, SourceRun, TaggedDocument
from storage.landing import (
    VERSION,
    read_batch,
    read_plan,
    read_tagged,
    write_batch,
    write_plan,
    write_tagged,
)
from tests.builders import make_batch, make_document, make_mention, make_source, make_tagged

TEXT = st.text(max_size=20)
INSTANT = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
REAL = st.floats(allow_nan=False, allow_infinity=False)
STATES = st.builds(
    FetchState,
    failure_score=REAL,
    next_fetch_at=st.none() | INSTANT,
    last_success_at=st.none() | INSTANT,
    last_new_at=st.none() | INSTANT,
    seen=st.dictionaries(TEXT, TEXT, max_size=3),
    shared_urls=st.frozensets(TEXT, max_size=3),
    memory=st.dictionaries(TEXT, TEXT, max_size=3),
)
SOURCES = st.builds(
    Source, weight=REAL, poll_every=st.timedeltas(timedelta(0), timedelta(days=3000))
)
RUNS = st.builds(
    SourceRun,
    started_at=INSTANT,
    duration_s=REAL,
    faults=st.lists(TEXT, max_size=3).map(tuple),
)
BATCHES = st.builds(
    Batch,
    documents=st.lists(
        st.builds(
            make_document,
            title=TEXT,
            text=TEXT,
            published_at=st.none() | INSTANT,
            fetched_at=INSTANT,
            guid=st.none() | TEXT,
        ),
        max_size=3,
    ).map(tuple),
    states=st.lists(STATES, max_size=3).map(tuple),
    source_runs=st.lists(RUNS, max_size=3).map(tuple),
)
TAGGED = st.builds(
    TaggedDocument,
    mentions=st.lists(
        st.builds(
            make_mention,
            score=st.floats(-1, 1),
            confidence=st.floats(0, 1),
            flags=st.frozensets(TEXT, max_size=3),
        ),
        max_size=3,
    ).map(tuple),
)


@settings(max_examples=30, deadline=None)
@given(batch=BATCHES)
def test_batch_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, batch: Batch) -> None:
    path = tmp_path_factory.mktemp("landing") / "0001.jsonl.gz"

    write_batch(path, batch)

    assert read_batch(path) == batch


@settings(max_examples=30, deadline=None)
@given(tagged=st.lists(TAGGED, max_size=3))
def test_tagged_documents_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, tagged: list[TaggedDocument]
) -> None:
    path = tmp_path_factory.mktemp("landing") / "tagged-0001.jsonl.gz"

    write_tagged(path, tagged)

    assert read_tagged(path) == tagged


@settings(max_examples=30, deadline=None)
@given(plan=st.lists(st.tuples(SOURCES, STATES), max_size=3))
def test_plan_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, plan: list[tuple[Source, FetchState]]
) -> None:
    path = tmp_path_factory.mktemp("landing") / "0001.plan.json.gz"

    write_plan(path, plan)

    assert read_plan(path) == plan


def test_file_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "run" / "0001.jsonl.gz"

    assert write_batch(path, make_batch(make_document(1)))
    assert not write_batch(path, make_batch(make_document(2)))

    assert read_batch(path) == make_batch(make_document(1))
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_same_batch_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "one" / "0001.jsonl.gz", tmp_path / "two" / "0001.jsonl.gz"

    write_batch(one, make_batch(make_document()))
    write_batch(two, make_batch(make_document()))

    assert one.read_bytes() == two.read_bytes()


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


def _without_footer(data: bytes) -> bytes:
    return gzip.compress(b"".join(gzip.decompress(data).splitlines(keepends=True)[:-1]))


def _newer(data: bytes) -> bytes:
    ours, newer = (b'"version": %d' % version for version in (VERSION, VERSION + 1))
    return gzip.compress(gzip.decompress(data).replace(ours, newer))


def _wrong_field(data: bytes) -> bytes:
    return gzip.compress(gzip.decompress(data).replace(b'"kind":"feed"', b'"kind":"soup"'))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param(_cut, "cut short or damaged", id="cut-in-half"),
        pytest.param(_flip, "damaged", id="one-byte-flipped"),
        pytest.param(_without_footer, "cut short", id="last-line-missing"),
        pytest.param(_newer, f"newer version: {VERSION + 1}", id="newer-format"),
        pytest.param(_wrong_field, "not a Document", id="unknown-kind"),
        pytest.param(lambda _: b"", "damaged", id="empty"),
        pytest.param(lambda _: b"<html>", "cut short or damaged", id="no-gzip"),
    ],
)
def test_damaged_file_is_named(tmp_path: Path, damage: object, message: str) -> None:
    path = tmp_path / "0001.jsonl.gz"
    write_batch(path, make_batch(make_document()))
    assert callable(damage)
    path.write_bytes(damage(path.read_bytes()))

    with pytest.raises(StorageError, match=message) as caught:
        read_batch(path)

    assert str(path) in str(caught.value)


def test_damaged_file_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "0001.jsonl.gz"
    path.write_bytes(b"half a gzip")

    assert write_batch(path, make_batch(make_document()))
    assert read_batch(path) == make_batch(make_document())


def test_missing_and_foreign_files_are_told_apart(tmp_path: Path) -> None:
    write_tagged(tmp_path / "tagged-0001.jsonl.gz", [make_tagged(make_document())])

    with pytest.raises(StorageError, match="missing"):
        read_batch(tmp_path / "nothing.jsonl.gz")
    with pytest.raises(StorageError, match=r"no landing file of vigie\.batch"):
        read_batch(tmp_path / "tagged-0001.jsonl.gz")


def test_lone_surrogate_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "0001.jsonl.gz"
    batch = make_batch(make_document(text="\ud83d", content_hash="0" * 32))

    with pytest.raises(StorageError, match="cannot write"):
        write_batch(path, batch)

    assert list(tmp_path.iterdir()) == []


def test_plan_without_sources_is_a_file_too(tmp_path: Path) -> None:
    path = tmp_path / "0001.plan.json.gz"
    write_plan(path, [])
    assert read_plan(path) == []
    write_plan(tmp_path / "0002.plan.json.gz", [(make_source(), FetchState(source_id="x"))])
    assert len(read_plan(tmp_path / "0002.plan.json.gz")) == 1
