"""What the warehouse is measured with: a synthetic base of any size, and nights of documents."""

import hashlib
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from listening.model import (
    Batch,
    Brand,
    BrandRole,
    DateQuality,
    Document,
    Hit,
    Mention,
    Polarity,
    Source,
    SourceKind,
    SourceType,
    TaggedDocument,
    Topic,
)
from storage.dimensions import sync_dimensions
from storage.engine import open_writer
from storage.migrate import migrate

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
WRITER = "warehouse.duckdb"
SOURCES = 400
#: Documents of one day at any size: an older base is longer, not denser.
PER_DAY = 20_000
BRANDS = tuple(
    Brand(brand_id=name, name=name, role=role, terms=(name,), query_version="q1")
    for name, role in (("alba", BrandRole.OWN), ("borea", BrandRole.COMPETITOR))
)
FILL = Path(__file__).with_name("warehouse_fill.sql")


def fill(folder: Path, size: int) -> dict[str, Any]:
    """Write the base by SQL as loading would have; return how large it became."""
    with open_writer(folder / WRITER, memory_limit="4GB") as connection:
        migrate(connection, now=NOW)
        sync_dimensions(
            connection,
            client_id="banc",
            name="Banc",
            timezone="Europe/Paris",
            language="fr",
            brands=BRANDS,
            sources=_sources(),
            rules=[],
            topics=[
                Topic(
                    topic_id=f"topic-{n}",
                    name_fr=f"Thème {n}",
                    name_en=f"Topic {n}",
                    terms=("mot",),
                )
                for n in range(10)
            ],
            now=NOW,
        )
        sql = FILL.read_text(encoding="utf-8")
        connection.execute(sql.replace("$size", str(size)).replace("$per_day", str(PER_DAY)))
        shingles = connection.execute("SELECT count(*) FROM story_shingles").fetchone() or (0,)
    size = (folder / WRITER).stat().st_size
    return {"file, MB": size // 10**6, "shingles in the index": f"{shingles[0]:,}"}


def _sources() -> list[Source]:
    return [
        Source(
            source_id=f"source-{n}",
            kind=SourceKind.FEED,
            url=f"https://source-{n}.example/feed",
            source_type=SourceType.PRESS,
        )
        for n in range(SOURCES)
    ]


def night(count: int, *, seed: int, parts: int = 20) -> list[Batch]:
    """Return batches of new documents, one in eight a copy or an excerpt of another."""
    dice = random.Random(seed)  # noqa: S311 — a benchmark's dice
    vocabulary = [f"mot{n}" for n in range(20_000)]
    documents: list[Document] = []
    for number in range(count):
        at = NOW + timedelta(seconds=number)
        length = min(2000, max(5, int(dice.lognormvariate(4.1, 0.9))))
        text = " ".join(dice.choices(vocabulary, k=length))
        if number and dice.random() < 1 / 8:
            text = documents[dice.randrange(number)].text
            if dice.random() < 1 / 2:
                text = text[: len(text) // 2]
        documents.append(
            Document(
                document_id=hashlib.md5(f"{seed} {number}".encode()).hexdigest(),  # noqa: S324
                source_id=f"source-{dice.randrange(SOURCES)}",
                kind=SourceKind.FEED,
                url=f"https://bench.example/{seed}/{number}",
                canonical_url=f"https://bench.example/{seed}/{number}",
                title=f"Titre {number}",
                text=text,
                author_key=f"author-{dice.randrange(5000)}",
                language="fr",
                published_at=at,
                published_at_quality=DateQuality.GIVEN,
                fetched_at=at,
                content_hash=f"{seed}{number:025x}",
            )
        )
    batch = Batch(run_id=f"run-{seed}", batch_id="0", documents=(), states=(), source_runs=())
    size = max(1, count // parts)
    return [
        replace(batch, batch_id=str(n), documents=tuple(documents[n : n + size]))
        for n in range(0, count, size)
    ]


def tagged_document(document: Document) -> TaggedDocument:
    """Return what a tagger says of a document that names one brand."""
    mention = Mention(
        document_id=document.document_id,
        brand_id="alba",
        polarity=Polarity.NEUTRAL,
        score=0.0,
        confidence=0.5,
        hits=(Hit(brand_id="alba", start=0, end=4, term="alba"),),
        language="fr",
        query_version="q1",
        model_version="m1",
    )
    return TaggedDocument(
        document_id=document.document_id,
        content_hash=document.content_hash,
        language="fr",
        tagger_version="t1",
        mentions=(mention,),
    )
