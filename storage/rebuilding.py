"""Making the warehouse anew from files, and proving that it is the same.

Landing files give documents, sources' memory, visits and stories; tagged files give mentions; the
log of actions gives what people said. What no file tells is carried over from the old warehouse:
the alerts and their mails, the history of the configuration, and documents whose files retention
has removed. The new file takes the old one's place only when every table is equal.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from listening.errors import StorageError
from listening.model import Batch, Brand, BrandRole, TaggedDocument
from listening.translate import mark
from storage.action_log import MentionAction
from storage.checks import run_checks
from storage.digests import BOOKKEEPING_COLUMNS, TableDigest, table_digests
from storage.engine import open_writer, transaction
from storage.landing import read_tagged
from storage.loading import load_batches, load_tagged
from storage.migrate import migrate
from storage.queries import load_sql
from storage.rows import INSTANT, TEXT, arrow_table, registered

_SUFFIX: Final = ".rebuilt.tmp"
#: Tables that follow from files; every other one is carried over as it is.
DERIVED: Final = frozenset(
    {
        "dim_authors",
        "fct_document_sources",
        "fct_documents",
        "fct_exclusions",
        "fct_mention_actions",
        "fct_mentions",
        "fct_requests",
        "fct_source_runs",
        "fct_stories",
        "fct_story_texts",
        "landing_loads",
        "schema_migrations",
        "source_states",
        "story_queue",
        "story_shingles",
    }
)
_LANDED = {"document_id": TEXT, "source_id": TEXT, "first_seen_at": INSTANT}
_BATCHES = {"run_id": TEXT, "batch_id": TEXT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The files that a warehouse follows from, in the order in which they were loaded."""

    batches: Iterable[Batch]  # read twice: an iterable that can be begun again
    tagged: Sequence[Path]
    actions: Sequence[MentionAction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    """What a rebuild came to."""

    tables: dict[str, TableDigest]
    differences: dict[str, tuple[TableDigest | None, TableDigest | None]] = field(
        default_factory=dict
    )  # table: (before, after); empty when it is proven equal
    is_compared: bool  # False: there was no readable warehouse to compare with
    is_in_use: bool  # whether the new file took the old one's place


def rebuild(
    writer_path: Path,
    sources: Sources,
    *,
    now: datetime,
    story_window: timedelta,
    exclusions_kept: timedelta,
    configure: Callable[[duckdb.DuckDBPyConnection], None],
    is_forced: bool = False,
) -> Rebuild:
    """Make the warehouse anew beside the old one, compare, and put it in its place.

    Args:
        writer_path: The warehouse; it may be missing.
        sources: The files.
        now: What is older than its retention at this instant is left out, here and there.
        story_window: As in loading.
        exclusions_kept: As in tagging.
        configure: Writes the configuration, where there is no old warehouse to carry it over from.
        is_forced: Use the new file although it differs.

    Raises:
        WarehouseBusyError: A night runs.
        StorageError: The old file cannot be read (move it away to rebuild without it), a landing
            file is damaged, or the new one breaks a data check; the old one stays.
    """
    target = writer_path.with_name(writer_path.name + _SUFFIX)
    _remove(target)
    has_old = writer_path.is_file()
    with _opened(writer_path, has_old=has_old, now=now) as connection:
        try:
            before = _digests(connection, now, exclusions_kept) if has_old else {}
            after = _build(
                connection,
                target,
                sources,
                now=now,
                story_window=story_window,
                exclusions_kept=exclusions_kept,
                configure=configure,
                has_old=has_old,
            )
            changed = _differences(before, after) if has_old else {}
            is_in_use = not changed or is_forced
            if is_in_use:
                target.replace(writer_path)
        finally:
            _remove(target)
    return Rebuild(tables=after, differences=changed, is_compared=has_old, is_in_use=is_in_use)


@contextmanager
def _opened(
    writer_path: Path, *, has_old: bool, now: datetime
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Hold the old warehouse, as ``original``, for as long as the new one is made."""
    if has_old:
        with open_writer(writer_path) as connection:
            migrate(connection, now=now)
            yield connection
        return
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone='UTC'")
        yield connection


def _build(
    connection: duckdb.DuckDBPyConnection,
    target: Path,
    sources: Sources,
    *,
    now: datetime,
    story_window: timedelta,
    exclusions_kept: timedelta,
    configure: Callable[[duckdb.DuckDBPyConnection], None],
    has_old: bool,
) -> dict[str, TableDigest]:
    original = connection.execute("SELECT current_database()").fetchone()
    name = _quoted(original[0]) if original else ""
    path = str(target).replace("'", "''")
    connection.execute(f"ATTACH '{path}' AS rebuilt")
    connection.execute("USE rebuilt")
    try:
        migrate(connection, now=now)
        if has_old:
            _carry(connection, name, sources)
        else:
            configure(connection)
        load_batches(connection, sources.batches, now=now, story_window=story_window)
        _put_actions(connection, sources.actions, name if has_old else None)
        known = _brands(connection)
        for file in sources.tagged:
            loaded_at = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
            tagged = read_tagged(file)
            load_tagged(
                connection,
                tagged,
                brands=_as_then(known, tagged),
                now=loaded_at,
                kept_for=exclusions_kept,
            )
        if has_old:
            connection.execute(_of(load_sql("rebuild/keep_first_times"), name))
        if failures := run_checks(connection):
            raise StorageError(
                mark("the rebuilt warehouse is unsound: {failures}"),
                failures="; ".join(map(str, failures)),
            )
        return _digests(connection, now, exclusions_kept)
    except duckdb.Error as error:
        raise StorageError(mark("cannot rebuild: {error}"), error=error) from error
    finally:
        connection.execute(f"USE {name}")
        connection.execute("CHECKPOINT rebuilt")
        connection.execute("DETACH rebuilt")


def _carry(connection: duckdb.DuckDBPyConnection, name: str, sources: Sources) -> None:
    """Copy what no file tells."""
    with transaction(connection):
        for table in table_digests(connection, excluded_columns=()):
            if table not in DERIVED:
                quoted = _quoted(table)
                connection.execute(f"DELETE FROM {quoted}")  # noqa: S608 — our table's own name
                connection.execute(f"INSERT INTO {quoted} BY NAME FROM {name}.{quoted}")
        with registered(connection, **_landed(sources.batches)):
            connection.execute(_of(load_sql("rebuild/carry_history"), name))


def _landed(batches: Iterable[Batch]) -> dict[str, pa.Table]:
    """Return the first time each document is landed from each source, and the batches."""
    first: dict[tuple[str, str], datetime] = {}
    known: list[tuple[str, str]] = []
    for batch in batches:
        known.append((batch.run_id, batch.batch_id))
        for one in batch.documents:
            key = (one.document_id, one.source_id)
            first[key] = min(first.get(key, one.fetched_at), one.fetched_at)
    return {
        "landed": arrow_table(_LANDED, ((*key, at) for key, at in first.items())),
        "landed_batches": arrow_table(_BATCHES, known),
    }


def _put_actions(
    connection: duckdb.DuckDBPyConnection, actions: Sequence[MentionAction], name: str | None
) -> None:
    """Write the actions before the mentions: tagging spares what a person labelled."""
    with transaction(connection):
        for one in actions:
            values = {
                "action_id": one.action_id,
                "document_id": one.document_id,
                "brand_id": one.brand_id,
                "kind": one.kind.value,
                "value": one.value,
                "actor": one.actor,
                "acted_at": one.acted_at,
            }
            connection.execute(load_sql("tagging/insert_action"), values)
        if name is not None:  # those of the time before the log
            connection.execute(_of(load_sql("rebuild/known_actions"), name))
        connection.execute(load_sql("tagging/project_labels"))


def _brands(connection: duckdb.DuckDBPyConnection) -> list[Brand]:
    rows = connection.execute(load_sql("rebuild/known_brands")).fetchall()
    return [
        Brand(brand_id=brand_id, name=name, role=BrandRole(role), terms=())
        for brand_id, name, role in rows
    ]


def _as_then(brands: Sequence[Brand], tagged: Sequence[TaggedDocument]) -> list[Brand]:
    """Return the brands with the versions that their queries had when a file was tagged.

    A brand that nothing in the file names keeps none: what was found with it cannot be told.
    """
    versions = {
        mention.brand_id: mention.query_version for one in tagged for mention in one.mentions
    }
    return [
        replace(brand, query_version=versions.get(brand.brand_id, brand.query_version))
        for brand in brands
    ]


def _digests(
    connection: duckdb.DuckDBPyConnection, now: datetime, exclusions_kept: timedelta
) -> dict[str, TableDigest]:
    """Return the digests of the current database, without what is too old at ``now``."""
    connection.execute(load_sql("loading/forget_requests"), {"now": now})
    connection.execute(load_sql("rebuild/forget_exclusions"), {"oldest": now - exclusions_kept})
    return table_digests(connection, excluded_columns=BOOKKEEPING_COLUMNS)


def _differences(
    before: dict[str, TableDigest], after: dict[str, TableDigest]
) -> dict[str, tuple[TableDigest | None, TableDigest | None]]:
    return {
        table: (before.get(table), after.get(table))
        for table in sorted({*before, *after})
        if before.get(table) != after.get(table)
    }


def _of(sql: str, name: str) -> str:
    """Return a statement that reads the old warehouse, whatever its file is called."""
    return sql.replace("original.", f"{name}.")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _remove(target: Path) -> None:
    for leftover in (target, target.with_name(target.name + ".wal")):
        leftover.unlink(missing_ok=True)
