"""Tagging: documents that the present watchlist and models have not read yet become mentions."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from listening.errors import StorageError
from listening.jobs.context import JobContext, author_hasher
from listening.jobs.counting import add_counts
from listening.logs import get_logger
from listening.model import Document, TaggedDocument
from sentiment.annotate import Tagger, annotate, build_tagger
from sentiment.calibration import Calibration
from sentiment.relevance import RelevanceModel, load_models
from sentiment.retraining import load_layers
from sentiment.surroundings import Surroundings
from storage.engine import open_writer
from storage.landing import read_tagged, write_tagged
from storage.loading import TagCounts, load_tagged, untagged_documents
from storage.migrate import migrate
from storage.verdicts import labelled_mentions

log = get_logger("listening.jobs.tag")

#: Documents per tagged file: some megabytes, so that memory stays small whatever the backlog.
CHUNK_SIZE = 2_000

#: Added to the name of a tagged file once its mentions are in the warehouse.
_LOADED = ".loaded"


def tag_documents(context: JobContext, *, run_id: str, now: datetime) -> int:
    """Tag what is untagged; return the number of documents.

    A new watchlist or model makes every document untagged: changing a query re-reads the past.
    Each chunk is stored before the next one is read, so that a try cut short leaves less for the
    next one; the warehouse is open only to read and to store.
    """
    tagger = open_tagger(context, now=now)
    folder = context.paths.run_folder(run_id)
    _load_written(context, tagger.version, now=now)  # what an earlier try wrote
    seen: set[tuple[str, str]] = set()
    while documents := _next_chunk(context, tagger.version, now=now):
        chunk = {(one.document_id, one.content_hash) for one in documents}
        if chunk <= seen:
            raise StorageError(f"{len(chunk)} tagged documents stay untagged after their load")
        seen |= chunk
        tagged = list(annotate(documents, tagger))
        write_tagged(_tagged_path(folder, tagger.version, tagged), tagged)
        _load_written(context, tagger.version, now=now)
    log.info("documents_tagged", client=context.config.client_id, documents=len(seen))
    return len(seen)


def load_tags(context: JobContext, *, now: datetime) -> TagCounts:
    """Load the tagged files that were written and not yet loaded, of every run.

    Tagging loads its own; this takes what a try that died left behind. Files made by another
    version of the watchlist or of the models are left alone: their documents are tagged again.
    """
    total = _load_written(context, open_tagger(context, now=now).version, now=now)
    log.info("tags_loaded", client=context.config.client_id, mentions=total.mentions)
    return total


def open_tagger(context: JobContext, *, now: datetime) -> Tagger:
    """Return the tagger of a client: its watchlist, its sources, what people taught it."""
    relevance = load_models(context.paths.relevance)
    labelled: frozenset[tuple[str, str]] = frozenset()
    if relevance:
        with open_writer(context.paths.writer) as warehouse:
            migrate(warehouse, now=now)
            labelled = labelled_mentions(warehouse)
    layer = layer_in_force(context)
    surroundings = surroundings_of(
        context, relevance=relevance, labelled=labelled, calibration=layer
    )
    return build_tagger(context.config.brands, surroundings)


def layer_in_force(context: JobContext) -> Calibration | None:
    """Return what a client's corrections taught; None: nothing, or it was taken back."""
    layers = load_layers(context.paths.calibration)
    return layers[-1].calibration if layers else None


def surroundings_of(
    context: JobContext,
    *,
    relevance: Mapping[str, RelevanceModel],
    labelled: frozenset[tuple[str, str]],
    calibration: Calibration | None = None,
) -> Surroundings:
    """Return what a client's queries may ask about documents, and what people taught."""
    return Surroundings(
        author_key=author_hasher(context.config.client_id, context.settings),
        source_types={one.source_id: one.source_type.value for one in context.config.sources},
        relevance=relevance,
        labelled=labelled,
        calibration=calibration,
        topics=context.config.topics,
    )


def _next_chunk(context: JobContext, version: str, *, now: datetime) -> list[Document]:
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        chunks = untagged_documents(
            warehouse, tagger_version=version, limit=CHUNK_SIZE, chunk_size=CHUNK_SIZE
        )
        return next(chunks, [])


def _load_written(context: JobContext, version: str, *, now: datetime) -> TagCounts:
    counts = []
    if files := _tagged_files(context.paths.landing, version):
        with open_writer(context.paths.writer) as warehouse:
            migrate(warehouse, now=now)
            for path in files:
                tagged = read_tagged(path)
                brands = context.config.brands
                kept_for = timedelta(days=context.settings.exclusion_days)
                counts.append(
                    load_tagged(warehouse, tagged, brands=brands, now=now, kept_for=kept_for)
                )
                path.rename(path.with_name(path.name + _LOADED))
    return add_counts(TagCounts, counts)


def _tagged_path(folder: Path, version: str, tagged: list[TaggedDocument]) -> Path:
    """Name a tagged file after what is in it: other documents, or other texts, are another file."""
    digest = hashlib.sha256()
    for one in tagged:
        digest.update(f"{one.document_id}{one.content_hash}".encode())
    return folder / f"tagged-{version}-{digest.hexdigest()[:16]}.jsonl.gz"


def _tagged_files(landing: Path, version: str) -> list[Path]:
    return sorted(
        landing.glob(f"*/tagged-{version}-*.jsonl.gz"),
        key=lambda path: (path.stat().st_mtime_ns, path.name),
    )
