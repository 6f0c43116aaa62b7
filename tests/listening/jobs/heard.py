"""Nights for tests: texts about the first brand, heard in one visit to every source."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

from listening.jobs.collect import know_configuration
from listening.jobs.context import JobContext, open_context
from listening.model import Polarity, RunStatus
from listening.settings import Settings
from storage.engine import open_writer
from storage.loading import load_batch, load_tagged
from storage.migrate import migrate
from tests.builders import (
    make_batch,
    make_document,
    make_mention,
    make_source_run,
    make_tagged,
    write_client,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text about the brand; each has words of its own unless they are given."""

    at: datetime
    polarity: Polarity = Polarity.NEGATIVE
    words: str = ""
    author: str | None = None
    source: str = "gazette-lyon"
    site: str = "gazette.example"
    flags: frozenset[str] = field(default_factory=frozenset)


_numbers = count(1)


def make_context(folder: Path, alerts: str, *, now: datetime) -> JobContext:
    write_client(folder / "clients" / "bistrot", alerts=alerts)
    return open_context("bistrot", settings=Settings(home=folder), clock=lambda: now)


def hear(
    context: JobContext,
    texts: Sequence[Text],
    *,
    at: datetime,
    status: RunStatus = RunStatus.OK,
) -> None:
    """Store what one night brought."""
    brand = context.config.brands[0]
    documents, tagged = [], []
    for text in texts:
        n = next(_numbers)
        url = f"https://{text.site}/texte-{n}"
        document = make_document(
            n,
            source_id=text.source,
            url=url,
            canonical_url=url,
            author_key=text.author,
            published_at=text.at,
            fetched_at=at,
            title="",
            text=text.words or f"{brand.name} numéro {n} : assez de mots pour une histoire à part",
        )
        score = {Polarity.NEGATIVE: -0.5, Polarity.POSITIVE: 0.5}.get(text.polarity, 0.0)
        mention = make_mention(
            n, brand_id=brand.brand_id, polarity=text.polarity, score=score, flags=text.flags
        )
        documents.append(document)
        tagged.append(make_tagged(document, mention))
    run_id = f"run-{at:%m%d%H}"
    visits = tuple(
        make_source_run(source.source_id, run_id=run_id, started_at=at, status=status)
        for source in context.config.sources
    )
    batch = make_batch(*documents, run_id=run_id, source_runs=visits)
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=at)
        know_configuration(context, warehouse, now=at)
        load_batch(warehouse, batch, now=at)
        load_tagged(warehouse, tagged, brands=context.config.brands, now=at)
