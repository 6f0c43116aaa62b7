"""Putting documents into stories: each distinct text repeats at most one earlier text.

The link of a text depends on the texts there are, not on the order in which they were loaded; the
story is named after its first collected document, so that an earlier *published* document that is
found later joins it without renaming it. A former name stays the id of a document, whose present
story is one look away. See docs/decisions/0010.
"""

from datetime import timedelta

import duckdb
import numpy as np
import pyarrow as pa

from storage.engine import transaction
from storage.queries import load_sql
from storage.rows import registered
from storage.stories import (
    MIN_CONTAINMENT,
    MIN_SHARED,
    Pairs,
    Sketch,
    best_parents,
    count_passages,
    roots,
    sketch,
)

#: Texts further apart than this, by publication or by collection, are not compared.
STORY_WINDOW = timedelta(days=30)
#: Documents of one transaction: bounds the memory of a first load.
CHUNK_SIZE = 20_000


def assign_stories(
    connection: duckdb.DuckDBPyConnection,
    *,
    window: timedelta = STORY_WINDOW,
    chunk_size: int = CHUNK_SIZE,
) -> int:
    """Put every document that waits into its story; return how many there were.

    Each chunk is one transaction: killed at any point, the next call goes on.
    """
    total = 0
    parameters = {"row_limit": chunk_size}
    while documents := connection.execute(
        load_sql("stories/next_documents"), parameters
    ).fetchall():
        sketches = [
            (document_id, sketch(title, text, document_id=document_id))
            for document_id, title, text in documents
        ]
        with transaction(connection):
            _assign(connection, sketches, window=window)
        total += len(documents)
    if total:
        with transaction(connection):
            connection.execute(load_sql("stories/forget_shingles"), _window(window))
    return total


def _window(window: timedelta) -> dict[str, int]:
    return {"window_us": window // timedelta(microseconds=1)}


def _assign(
    connection: duckdb.DuckDBPyConnection,
    sketches: list[tuple[str, Sketch]],
    *,
    window: timedelta,
) -> None:
    with registered(connection, **_sketch_tables(sketches)):
        connection.execute(load_sql("stories/stage_touched"))
        connection.execute(load_sql("stories/write_texts"))
        connection.execute(load_sql("stories/add_asking_shingles"))
    pairs = _find_pairs(connection, window=window)
    with registered(connection, incoming_links=_links(pairs)):
        connection.execute(load_sql("stories/write_links"))
    moved = connection.execute(load_sql("stories/moved_texts")).fetchall()
    found = roots(
        {text_id: parent for text_id, parent, _ in moved},
        {parent: root for _, parent, root in moved if parent is not None},
    )
    table = pa.table(
        {
            "text_id": pa.array(found.keys(), pa.uint64()),
            "root_text_id": pa.array(found.values(), pa.uint64()),
        }
    )
    with registered(connection, incoming_roots=table):
        connection.execute(load_sql("stories/write_stories"))


def _sketch_tables(sketches: list[tuple[str, Sketch]]) -> dict[str, pa.Table]:
    """Return the queued documents with their texts, and each text's shingles once."""
    texts = {one.text_id: one for _, one in sketches if len(one.shingles)}
    sizes = [len(one.shingles) for one in texts.values()]
    empty = np.empty(0, np.uint32)
    return {
        "incoming_documents": pa.table(
            {
                "document_id": pa.array([document_id for document_id, _ in sketches], pa.string()),
                "text_id": pa.array([one.text_id for _, one in sketches], pa.uint64()),
            }
        ),
        "incoming_shingles": pa.table(
            {
                "text_id": np.repeat(np.fromiter(texts, np.uint64, len(texts)), sizes),
                "shingle": np.concatenate([empty, *(one.shingles for one in texts.values())]),
                "place": np.concatenate([empty, *map(np.arange, sizes)]).astype(np.uint16),
            }
        ),
    }


def _find_pairs(connection: duckdb.DuckDBPyConnection, *, window: timedelta) -> Pairs:
    limits = {"min_shared": MIN_SHARED, "min_containment": MIN_CONTAINMENT}
    connection.execute(load_sql("stories/find_pairs"), limits | _window(window))
    columns = connection.table("story_pairs").order("pair_number").to_arrow_table()
    places = connection.sql(load_sql("stories/pair_places")).to_arrow_table()

    def column(name: str, table: pa.Table = columns, kind: type = np.int64) -> np.ndarray:
        values: np.ndarray = table[name].to_numpy().astype(kind)
        return values

    return Pairs(
        child=column("child", kind=np.uint64),
        parent=column("parent", kind=np.uint64),
        shared=column("shared"),
        passages=count_passages(
            column("pair_number", places), column("place", places), pair_count=len(columns)
        ),
        child_size=column("child_size"),
        parent_size=column("parent_size"),
        is_one_source=column("is_one_source", kind=np.bool_),
        parent_rank=column("parent_rank"),
    )


def _links(pairs: Pairs) -> pa.Table:
    chosen = best_parents(pairs)
    return pa.table(
        {
            "child": pairs.child[chosen],
            "parent": pairs.parent[chosen],
            "containment": pairs.containment[chosen],
            "resemblance": pairs.resemblance[chosen],
            "shared": pairs.shared[chosen],
        }
    )
