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
from numpy.typing import NDArray

from storage.engine import transaction
from storage.queries import load_sql
from storage.rows import registered
from storage.sketches import MIN_SHARED, sketch
from storage.stories import MIN_CONTAINMENT, Pairs, best_parents, count_passages, roots

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
    is_last = False
    while not is_last:
        count = _assign(connection, row_limit=chunk_size, window=window)
        total += count
        is_last = count < chunk_size
    if total:
        connection.execute(load_sql("stories/forget_shingles"), _window(window))
    return total


def _window(window: timedelta) -> dict[str, int]:
    return {"window_us": window // timedelta(microseconds=1)}


def _assign(connection: duckdb.DuckDBPyConnection, *, row_limit: int, window: timedelta) -> int:
    """Put the first documents that wait into their stories; return how many they were."""
    documents = connection.sql(
        load_sql("stories/next_documents"), params={"row_limit": row_limit}
    ).to_arrow_table()
    if not len(documents):
        return 0
    is_known = documents["old_text_id"].null_count < len(documents)
    with registered(connection, **_sketch_tables(documents)), transaction(connection):
        connection.execute(load_sql("stories/touch_again" if is_known else "stories/touch_new"))
        (is_changing,) = connection.execute(
            "SELECT coalesce(bool_or(is_changed AND is_known), false) FROM touched_texts"
        ).fetchone() or (False,)
        if is_changing:
            connection.execute(load_sql("stories/clear_changed"))
        connection.execute(load_sql("stories/write_texts"))
        pairs = _find_pairs(connection, window=window)
        chosen = best_parents(pairs)
        if is_changing or not pairs.is_new_child[chosen].all():
            _link_again(connection, pairs, chosen)
            connection.execute(load_sql("stories/assign_again"))
        else:
            _link_new(connection, pairs, chosen)
            connection.execute(load_sql("stories/assign_new"))
        connection.execute(load_sql("stories/write_stories"))
    return len(documents)


def _sketch_tables(documents: pa.Table) -> dict[str, pa.Table]:
    """Return the queued documents with their texts; each text with its first document; shingles.

    Documents come in order, so that the first one that has a text is its first.
    """
    columns = (documents[name].to_pylist() for name in ("document_id", "title", "text"))
    found = sketch(zip(*columns, strict=True))
    text_ids, first = np.unique(found.text_ids, return_index=True)
    owners = np.searchsorted(text_ids, found.shingles.text_ids)
    queued = documents.drop_columns(["title", "text"])
    firsts = queued.select(["document_id", "source_id", "first_seen_at", "mentioned_at"])
    names = ["first_document_id", *firsts.column_names[1:], "text_id", "shingle_count"]
    counts = np.bincount(owners, minlength=len(text_ids))
    return {
        "incoming_documents": queued.append_column("text_id", pa.array(found.text_ids)),
        "incoming_texts": firsts.take(first)
        .append_column("text_id", pa.array(text_ids))
        .append_column("shingle_count", pa.array(counts))
        .rename_columns(names),
        "incoming_shingles": pa.table(
            {
                "text_id": found.shingles.text_ids,
                "shingle": found.shingles.shingles,
                "place": found.shingles.places,
            }
        ),
    }


def _find_pairs(connection: duckdb.DuckDBPyConnection, *, window: timedelta) -> Pairs:
    limits = {"min_shared": MIN_SHARED, "min_containment": MIN_CONTAINMENT}
    query = connection.sql(load_sql("stories/find_pairs"), params=limits | _window(window))
    columns = query.to_arrow_table()
    numbers = pa.array(np.arange(len(columns)))
    places = pa.table({"pair_number": [], "place": []})
    if len(columns):
        with registered(connection, story_pairs=columns.append_column("pair_number", numbers)):
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
        parent_rank=np.arange(len(columns)),
        is_new_child=column("is_new_child", kind=np.bool_),
        parent_root=column("parent_root", kind=np.uint64),
    )


def _link_new(
    connection: duckdb.DuckDBPyConnection, pairs: Pairs, chosen: NDArray[np.intp]
) -> None:
    """Link texts that nobody repeats yet: no other text gets another story by it."""
    if not len(chosen):
        return
    children, parents = pairs.child[chosen].tolist(), pairs.parent[chosen].tolist()
    found = roots(
        dict(zip(children, parents, strict=True)),
        dict(zip(parents, pairs.parent_root[chosen].tolist(), strict=True)),
    )
    root_column = pa.array([found[child] for child in children], pa.uint64())
    links = _links(pairs, chosen).append_column("root", root_column)
    with registered(connection, incoming_links=links):
        connection.execute(load_sql("stories/link_new_texts"))


def _link_again(
    connection: duckdb.DuckDBPyConnection, pairs: Pairs, chosen: NDArray[np.intp]
) -> None:
    """Link texts that others may repeat, and move these with them."""
    with registered(connection, incoming_links=_links(pairs, chosen)):
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
        connection.execute(load_sql("stories/write_roots"))


def _links(pairs: Pairs, chosen: NDArray[np.intp]) -> pa.Table:
    return pa.table(
        {
            "child": pairs.child[chosen],
            "parent": pairs.parent[chosen],
            "containment": pairs.containment[chosen],
            "resemblance": pairs.resemblance[chosen],
            "shared": pairs.shared[chosen],
        }
    )
