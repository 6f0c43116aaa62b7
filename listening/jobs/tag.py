"""Tagging: documents that the present watchlist and models have not read yet become mentions."""

import hashlib
from datetime import datetime
from pathlib import Path

from listening.jobs.context import JobContext
from listening.jobs.counting import add_counts
from listening.logs import get_logger
from listening.model import TaggedDocument
from sentiment.annotate import annotate, build_tagger
from storage.engine import open_writer
from storage.landing import read_tagged, write_tagged
from storage.loading import TagCounts, load_tagged, untagged_documents
from storage.migrate import migrate

log = get_logger("listening.jobs.tag")

#: Documents per tagged file: some megabytes, so that memory stays small whatever the backlog.
CHUNK_SIZE = 2_000

#: Added to the name of a tagged file once its mentions are in the warehouse.
_LOADED = ".loaded"


def tag_documents(context: JobContext, *, run_id: str, now: datetime) -> int:
    """Tag what is untagged into files of the run's folder; return the number of documents.

    A new watchlist or model makes every document untagged: changing a query re-reads the past.
    """
    tagger = build_tagger(context.config.brands)
    folder = context.paths.run_folder(run_id)
    count = 0
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        chunks = untagged_documents(warehouse, tagger_version=tagger.version, chunk_size=CHUNK_SIZE)
        for documents in chunks:
            tagged = list(annotate(documents, tagger))
            write_tagged(_tagged_path(folder, tagger.version, tagged), tagged)
            count += len(tagged)
    log.info("documents_tagged", client=context.config.client_id, documents=count)
    return count


def load_tags(context: JobContext, *, now: datetime) -> TagCounts:
    """Load the tagged files that were written and not yet loaded, of every run.

    Files made by another version of the watchlist or of the models are left alone: their
    documents are tagged again.
    """
    tagger = build_tagger(context.config.brands)
    counts = []
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        for path in _tagged_files(context.paths.landing, tagger.version):
            counts.append(
                load_tagged(warehouse, read_tagged(path), brands=context.config.brands, now=now)
            )
            path.rename(path.with_name(path.name + _LOADED))
    total = add_counts(TagCounts, counts)
    log.info("tags_loaded", client=context.config.client_id, mentions=total.mentions)
    return total


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
