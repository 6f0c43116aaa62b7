"""The warehouse: loads, stories, publication, compaction and questions at several sizes.

Synthetic and seeded: lengths of texts as posts and articles have them (log-normal, median 60
words), one document in eight a copy of another. The base is written by SQL as loading would have;
what is timed goes through the product's own functions. Each step runs in a process of its own, so
that its peak of memory is its own.

``VIGIE_BENCH_SIZES=100000,1000000`` says at which sizes, ``VIGIE_BENCH_NIGHT`` how many new
documents; ``--full`` adds five millions.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import warehouse_peers, warehouse_stories
from benchmarks.report import peak_mib, table
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
from storage.checks import run_checks
from storage.compacting import compact
from storage.dimensions import sync_dimensions
from storage.engine import open_writer
from storage.loading import load_batches, load_tagged, untagged_documents
from storage.migrate import migrate
from storage.publish import LINK, publish
from storage.questions import filled_sql
from storage.questions import questions as shipped_questions
from storage.reading import open_snapshot

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
SIZES = [int(n) for n in os.environ.get("VIGIE_BENCH_SIZES", "100000,1000000").split(",")]
FULL = 5_000_000
NIGHT = int(os.environ.get("VIGIE_BENCH_NIGHT", "20000"))
SOURCES = 400
#: Documents of one day at any size: an older base is longer, not denser.
PER_DAY = 20_000
BRANDS = tuple(
    Brand(brand_id=name, name=name, role=role, terms=(name,), query_version="q1")
    for name, role in (("alba", BrandRole.OWN), ("borea", BrandRole.COMPETITOR))
)
FILL = Path(__file__).with_name("warehouse_fill.sql")


def main() -> int:
    if len(sys.argv) > 2:  # noqa: PLR2004 — a step, in its own process
        print(json.dumps(STEPS[sys.argv[1]](Path(sys.argv[2]))))
        return 0
    sizes = [*SIZES, FULL] if "--full" in sys.argv[1:] else SIZES
    found: dict[int, dict[str, Any]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
            room = shutil.disk_usage(folder).free
            if room < 6000 * size:  # four times the file: snapshot, compaction, peers
                print(f"\n{size:,}: skipped, it needs more disk than is free")
                continue
            found[size] = measure(Path(folder), size)
    report(found)
    return warehouse_stories.main()


def measure(folder: Path, size: int) -> dict[str, Any]:
    os.environ["VIGIE_BENCH_SIZE"] = str(size)
    answers: dict[str, Any] = {}
    for name in STEPS:
        command = [sys.executable, "-m", "benchmarks.warehouse", name, str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            print(f"{size:,} {name}: {done.stderr[-1500:]}")
            continue
        answers |= json.loads(done.stdout.splitlines()[-1])
        print(f"<!-- {size:,} {name} {done.stdout.splitlines()[-1]} -->", flush=True)
    return answers


def report(found: dict[int, dict[str, Any]]) -> None:
    head = ["", *(f"{size:,}" for size in found)]
    peers = [name for one in found.values() for name in one if "×" in name]
    names = list(dict.fromkeys(name for one in found.values() for name in one))
    rows = [[name, *(one.get(name, "") for one in found.values())] for name in names]
    ours = [row for row in rows if row[0] not in peers]
    table(f"Warehouse: one night of {NIGHT:,} new documents", head, ours)
    compared = [row for row in rows if row[0] in peers]
    table("Questions: pandas and SQLite, as ratios to DuckDB", head, compared)


@contextmanager
def timed(answers: dict[str, Any], name: str) -> Iterator[None]:
    """Record seconds on the clock, and of the processor, which others hardly stretch."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    answers[name] = f"{time.perf_counter() - wall:.2f} s ({time.process_time() - cpu:.2f} cpu)"


def fill(folder: Path) -> dict[str, Any]:
    size = int(os.environ["VIGIE_BENCH_SIZE"])
    with open_writer(folder / "warehouse.duckdb", memory_limit="4GB") as connection:
        migrate(connection, now=NOW)
        sync_dimensions(
            connection,
            client_id="banc",
            name="Banc",
            timezone="Europe/Paris",
            language="fr",
            brands=BRANDS,
            sources=sources(),
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
    bytes_ = (folder / "warehouse.duckdb").stat().st_size
    return {"file, MB": bytes_ // 10**6, "shingles in the index": f"{shingles[0]:,}"}


def sources() -> list[Source]:
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
                document_id=f"new{seed}{number:025x}",
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


def load(folder: Path) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    batches = night(NIGHT, seed=1)
    with open_writer(folder / "warehouse.duckdb") as connection, timed(answers, f"load {NIGHT:,}"):
        load_batches(connection, batches, now=NOW)
    answers["load, peak MiB"] = f"{peak_mib():.0f}"
    return answers


def stories(folder: Path) -> dict[str, Any]:
    """Time the assignment alone: documents are queued again as if they were new."""
    answers: dict[str, Any] = {}
    with open_writer(folder / "warehouse.duckdb") as connection:
        for count in sorted({min(1000, NIGHT), NIGHT}):
            batches = night(count, seed=2 + count, parts=1)
            load_batches(connection, batches, now=NOW)
            connection.execute(
                "INSERT INTO story_queue SELECT document_id FROM fct_documents"
                " WHERE document_id LIKE $1",
                [f"new{2 + count}%"],
            )
            connection.execute(
                "DELETE FROM fct_story_texts WHERE text_id IN (SELECT text_id FROM fct_documents"
                " WHERE document_id IN (FROM story_queue))"
            )
            connection.execute(
                "DELETE FROM story_shingles WHERE text_id IN (SELECT text_id FROM fct_documents"
                " WHERE document_id IN (FROM story_queue))"
            )
            connection.execute(
                "UPDATE fct_documents SET text_id = NULL, story_id = document_id"
                " WHERE document_id IN (FROM story_queue)"
            )
            wall, cpu = time.perf_counter(), time.process_time()
            load_batches(connection, [], now=NOW)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            answers[f"stories per {count:,}"] = (
                f"{wall:.2f} s ({cpu:.2f} cpu): {count / wall:,.0f} documents/s"
            )
    answers["stories, peak MiB"] = f"{peak_mib():.0f}"
    return answers


def tag(folder: Path) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    with open_writer(folder / "warehouse.duckdb") as connection:
        chunks = list(untagged_documents(connection, tagger_version="t1", limit=NIGHT))
        tagged = [[tagged_document(one) for one in chunk] for chunk in chunks]
        with timed(answers, f"tagging write-back {NIGHT:,}"):
            for chunk in tagged:
                load_tagged(connection, chunk, brands=BRANDS, now=NOW)
    return answers


def tagged_document(document: Document) -> TaggedDocument:
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


def publication(folder: Path) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    writer = folder / "warehouse.duckdb"
    with open_writer(writer) as connection, timed(answers, "checks"):
        failures = run_checks(connection)
    answers["failed checks"] = ", ".join(one.name for one in failures) or "none"
    with timed(answers, "publish"):
        publish(writer, folder / "published", now=NOW)
    with timed(answers, "publish, nothing written"):
        publish(writer, folder / "published", now=NOW + timedelta(hours=1))
    return answers


def questions(folder: Path) -> dict[str, Any]:
    """Ask the views and the shipped questions, with the defaults of their parameters."""
    answers: dict[str, Any] = {}
    asked = {
        "view stories, all": "SELECT count(*), sum(mention_count), max(title) FROM stories",
        "story_members of one story": "SELECT * FROM story_members WHERE story_id ="
        " (SELECT story_id FROM fct_stories ORDER BY document_count DESC LIMIT 1)",
        "widest stories": "FROM fct_stories ORDER BY document_count DESC LIMIT 20",
    }
    snapshot = folder / "published" / LINK
    for question in shipped_questions():
        asked[f"question {question.number:02} {question.slug}"] = filled_sql(snapshot, question)
    with open_snapshot(snapshot) as connection:
        for name, sql in asked.items():
            with timed(answers, name):
                connection.execute(sql).fetchall()
    return answers


def peers(folder: Path) -> dict[str, Any]:
    if int(os.environ["VIGIE_BENCH_SIZE"]) > max(SIZES):
        return {}
    return warehouse_peers.compare(folder / "published" / LINK, folder)


def compaction(folder: Path) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    with timed(answers, "compaction"):
        done = compact(folder / "warehouse.duckdb")
    answers["compaction, MB"] = f"{done.bytes_before // 10**6} → {done.bytes_after // 10**6}"
    answers["compaction, peak MiB"] = f"{peak_mib():.0f}"
    return answers


STEPS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "fill": fill,
    "load": load,
    "stories": stories,
    "tag": tag,
    "publish": publication,
    "questions": questions,
    "peers": peers,
    "compaction": compaction,
}


if __name__ == "__main__":
    sys.exit(main())
