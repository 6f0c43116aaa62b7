"""Imports: a file of a person becomes landing files, as if it had been collected, and is loaded."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from listening.collectors import faults
from listening.collectors.identity.canonical import canonical_url
from listening.collectors.imports.importing import Rejected, read_export
from listening.collectors.plan import documents_to_land
from listening.config.mapping import MappingSpec
from listening.errors import ConfigError
from listening.jobs.blocked import without_blocked
from listening.jobs.collect import know_configuration, load_landing
from listening.jobs.context import JobContext, author_hasher
from listening.logs import get_logger
from listening.model import (
    Batch,
    Document,
    FetchState,
    RawDocument,
    Reading,
    RunStatus,
    Source,
    SourceRun,
)
from listening.translate import mark
from storage.engine import open_writer
from storage.landing import write_batch
from storage.loading import LoadCounts
from storage.migrate import migrate

log = get_logger("listening.jobs.importing")

#: Documents of one landing file.
_PER_BATCH = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What an import came to: every row is a document, a repetition or rejected."""

    row_count: int
    repeated_count: int  # rows of one document
    rejected: tuple[Rejected, ...]
    rejected_path: Path | None  # where they are named; None without any
    loaded: LoadCounts


def import_file(
    context: JobContext, path: Path, *, source_id: str, mapping: MappingSpec
) -> ImportResult:
    """Read a file, land its documents under a source, and load them.

    The landing files are named after the file's content, so that doing it twice changes nothing.

    Raises:
        ConfigError: The client has no such source, or there is no such file.
        UnreadableSourceError: The file cannot be read at all, or its columns are others.
        StorageError: The warehouse refuses it; what landed stays and is loaded next time.
    """
    source = _source(context, source_id)
    if not path.exists():
        raise ConfigError(mark("there is no such file"), path=path)
    now = context.clock()
    zone = ZoneInfo(mapping.timezone or context.config.timezone)
    rows = list(read_export(path, mapping, zone=zone, now=now))
    raws = [row for row in rows if isinstance(row, RawDocument)]
    rejected = tuple(row for row in rows if isinstance(row, Rejected))
    run_id = f"import-{_digest(path, source, mapping)}"
    documents = _documents(context, raws, source=source)
    folder = context.paths.run_folder(run_id)
    folder.mkdir(parents=True, exist_ok=True)
    rejected_path = _name_rejected(folder, path, rejected)
    _land(folder, documents, source, run_id=run_id, rows=len(rows), context=context)
    _sync(context)
    loaded = load_landing(context, now=now)
    log.info("file_imported", source=source_id, rows=len(rows), rejected=len(rejected))
    return ImportResult(
        row_count=len(rows),
        repeated_count=len(raws) - len(documents),
        rejected=rejected,
        rejected_path=rejected_path,
        loaded=loaded,
    )


def _source(context: JobContext, source_id: str) -> Source:
    for source in context.config.sources:
        if source.source_id == source_id:
            return source
    raise ConfigError(
        mark("there is no source {source}"),
        hint=mark("add it to sources.yaml with kind: import and the address of the place"),
        values={"source": source_id},
    )


def _digest(path: Path, source: Source, mapping: MappingSpec) -> str:
    """Return what names an import: the file's content, the source, the mapping."""
    whole = hashlib.sha256(f"{source.source_id}\n{mapping.model_dump_json()}\n".encode())
    # A mailbox may be a folder: a file per mail.
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    for one in files:
        with one.open("rb") as file:
            while chunk := file.read(1 << 20):
                whole.update(chunk)
    return whole.hexdigest()[:16]


def _documents(
    context: JobContext, raws: Sequence[RawDocument], *, source: Source
) -> tuple[Document, ...]:
    """Return the documents of a whole file, each once."""
    place = canonical_url(source.url)
    state = FetchState(source_id=source.source_id, shared_urls=frozenset({place} if place else ()))
    landing = documents_to_land(
        Reading(kind="import", title="", site_url=None, documents=tuple(raws)),
        source=source,
        state=state,
        now=context.clock(),
        author_key=author_hasher(context.config.client_id, context.settings),
        max_documents=max(len(raws), 1),
    )
    return landing.documents


def _land(
    folder: Path,
    documents: Sequence[Document],
    source: Source,
    *,
    run_id: str,
    rows: int,
    context: JobContext,
) -> None:
    """Write the landing files; one that is there already counts. The last one has the record."""
    parts = [
        documents[start : start + _PER_BATCH]
        for start in range(0, max(len(documents), 1), _PER_BATCH)
    ]
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        visit = SourceRun(
            run_id=run_id,
            source_id=source.source_id,
            started_at=context.clock(),
            status=RunStatus.OK,
            document_count=rows,
            new_count=len(documents),
            faults=() if documents else (faults.NO_ITEMS,),
        )
        batch_id = f"batch-{number:04d}"
        batch = Batch(
            run_id=run_id,
            batch_id=batch_id,
            documents=tuple(part),
            states=(),
            source_runs=(visit,) if is_last else (),
        )
        write_batch(folder / f"{batch_id}.jsonl.gz", without_blocked(context, batch))


def _name_rejected(folder: Path, path: Path, rejected: Sequence[Rejected]) -> Path | None:
    """Write file, line and reason of every rejected row; no text of theirs."""
    if not rejected:
        return None
    target = folder / "rejected.jsonl"
    lines = (
        json.dumps({"file": path.name, "line": row.line, "reason": row.reason}) for row in rejected
    )
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def _sync(context: JobContext) -> None:
    """Make the source known to the warehouse, as a night would."""
    now = context.clock()
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        know_configuration(context, warehouse, now=now)
