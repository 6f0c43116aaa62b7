"""The timed steps of the warehouse benchmark, through the product's own functions.

Each runs in a process of its own, ``python -m benchmarks.warehouse_steps STEP FOLDER SIZE``, so
that its peak of memory is its own, and prints its answers as one line of JSON.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import warehouse_peers
from benchmarks.report import peak_mib
from benchmarks.warehouse_base import BRANDS, NOW, WRITER, fill, night, tagged_document
from listening.model import Batch
from storage.checks import checked_until, run_checks
from storage.compacting import compact
from storage.engine import Warehouse, open_writer
from storage.exporting import FORMATS, Question, export
from storage.loading import load_batches, load_tagged, untagged_documents
from storage.migrate import migrate
from storage.publish import LINK, publish
from storage.questions import filled_sql
from storage.questions import questions as shipped_questions
from storage.reading import open_snapshot

NIGHT = int(os.environ.get("VIGIE_BENCH_NIGHT", "20000"))
FEW = 1000
ROUNDS = int(os.environ.get("VIGIE_BENCH_ROUNDS", "2"))
#: What is exported: a million mentions at most; of .xlsx, which takes ten times longer, a tenth.
EXPORTED = {kind: 100_000 if kind == "xlsx" else 1_000_000 for kind in FORMATS}
#: Beyond it the peers take minutes: pandas reads everything, SQLite has to be filled first.
PEERS_UP_TO = 1_000_000

Answers = dict[str, Any]


@contextmanager
def timed(answers: Answers, name: str, *, rounds: int = 1) -> Iterator[None]:
    """Record seconds of the processor, which others hardly stretch, and on the clock; the best.

    Those of ended children, such as the one that copies a publication, count as well.
    """
    wall, cpu = time.perf_counter(), sum(os.times()[:4])
    yield
    wall, cpu = time.perf_counter() - wall, sum(os.times()[:4]) - cpu
    best = answers.get(name, [cpu, wall]) if rounds > 1 else [cpu, wall]
    answers[name] = [round(min(best[0], cpu), 2), round(min(best[1], wall), 2)]


def make(folder: Path, size: int) -> Answers:
    """Fill the base, or take the one that is there."""
    writer = folder / WRITER
    if not writer.exists():
        return fill(folder, size)
    with open_writer(writer) as connection:
        migrate(connection, now=NOW)
    return {"file, MB": writer.stat().st_size // 10**6}


def first_publication(folder: Path, _size: int) -> Answers:
    """Check everything and publish, as the night before did."""
    answers: Answers = {}
    writer = folder / WRITER
    with timed(answers, "all checks, everything"), open_writer(writer) as connection:
        failures = run_checks(connection)
    answers["failed checks"] = ", ".join(one.name for one in failures) or "none"
    publish(writer, folder / "published", now=NOW - timedelta(days=1))
    return answers


def load(folder: Path, _size: int) -> Answers:
    """One night: load with stories, checks of what changed, publication."""
    answers: Answers = {}
    writer, published = folder / WRITER, folder / "published"
    batches = night(NIGHT, seed=_unused_seed(writer))
    with timed(answers, "load + checks + publish"):
        with timed(answers, f"- load {NIGHT:,} with stories"), open_writer(writer) as connection:
            load_batches(connection, batches, now=NOW)
        with timed(answers, "- checks of what changed"):
            since = checked_until(published / LINK, now=NOW)
            with open_writer(writer) as connection:
                run_checks(connection, since=since)
        with timed(answers, "- publish"):
            publish(writer, published, now=NOW)
    answers["load, peak MiB"] = f"{peak_mib():.0f}"
    with timed(answers, "publish, nothing written"):
        publish(writer, published, now=NOW + timedelta(hours=1))
    return answers


def requeue(folder: Path, _size: int, *, count: int) -> Answers:
    """Load documents, and queue them again as if their stories were not looked for yet."""
    writer = folder / WRITER
    batches = night(count, seed=_unused_seed(writer), parts=1)
    with open_writer(writer) as connection:
        load_batches(connection, batches, now=NOW)
        _forget_stories(connection, batches)
    return {}


def stories(folder: Path, _size: int, *, count: int) -> Answers:
    """Time the assignment alone, of what was queued again."""
    with open_writer(folder / WRITER) as connection:
        wall, cpu = time.perf_counter(), time.process_time()
        load_batches(connection, [], now=NOW)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        f"stories of {count:,}": [round(cpu, 2), round(wall, 2)],
        f"stories of {count:,}: documents/s of cpu; of clock": (
            f"{count / cpu:,.0f}; {count / wall:,.0f}"
        ),
        f"stories of {count:,}, peak MiB": f"{peak_mib():.0f}",
    }


def tag(folder: Path, _size: int) -> Answers:
    """Write back what a tagger says of a night, and read it back in one look at the untagged."""
    answers: Answers = {}
    with open_writer(folder / WRITER) as connection:
        with timed(answers, f"read {NIGHT:,} untagged"):
            chunks = list(untagged_documents(connection, tagger_version="t1", limit=NIGHT))
        tagged = [[tagged_document(one) for one in chunk] for chunk in chunks]
        with timed(answers, f"tagging write-back {NIGHT:,}"):
            for chunk in tagged:
                load_tagged(connection, chunk, brands=BRANDS, now=NOW)
    publish(folder / WRITER, folder / "published", now=NOW + timedelta(hours=2))
    return answers


def questions(folder: Path, _size: int) -> Answers:
    """Ask the views and the shipped questions, with the defaults of their parameters."""
    answers: Answers = {}
    asked = {
        "view stories, all": "SELECT count(*), sum(mention_count), max(title) FROM stories",
        "story_members of one story": "SELECT * FROM story_members WHERE story_id ="
        " (SELECT story_id FROM fct_stories ORDER BY document_count DESC LIMIT 1)",
    }
    snapshot = folder / "published" / LINK
    for question in shipped_questions():
        asked[f"question {question.number:02} {question.slug}"] = filled_sql(snapshot, question)
    with open_snapshot(snapshot) as connection:
        connection.execute("SELECT 1")
        for name, sql in asked.items():
            for _ in range(ROUNDS):
                with timed(answers, name, rounds=ROUNDS):
                    connection.execute(sql).fetchall()
    answers["questions, peak MiB"] = f"{peak_mib():.0f}"
    return answers


def peers(folder: Path, size: int) -> Answers:
    """Ask five questions of pandas and SQLite."""
    if size > PEERS_UP_TO:
        return {}
    return warehouse_peers.compare(folder / "published" / LINK, folder)


def exporting(folder: Path, size: int, *, kind: str) -> Answers:
    """Export mentions with their texts."""
    answers: Answers = {}
    rows = min(size, EXPORTED[kind])
    question = Question(sql=f"FROM mentions LIMIT {rows}", source="banc", definition="mentions")
    target = folder / f"mentions.{kind}"
    name = f"export {kind}, {rows:,} rows"
    with timed(answers, name):
        export(folder / "published" / LINK, question, target, kind=kind, timezone="Europe/Paris")
    answers[f"export {kind}, peak MiB; MB"] = f"{peak_mib():.0f}; {target.stat().st_size // 10**6}"
    target.unlink()
    return answers


def compaction(folder: Path, _size: int) -> Answers:
    """Write the file anew."""
    answers: Answers = {}
    with timed(answers, "compaction"):
        done = compact(folder / WRITER)
    answers["compaction, MB"] = f"{done.bytes_before // 10**6} → {done.bytes_after // 10**6}"
    answers["compaction, peak MiB"] = f"{peak_mib():.0f}"
    return answers


def _unused_seed(writer: Path) -> int:
    """Return a seed of which no night was loaded into this file, which may be used again."""
    with open_writer(writer) as connection:
        found = connection.execute("SELECT count(*) FROM fct_documents").fetchone() or (0,)
    return int(found[0])


def _forget_stories(connection: Warehouse, batches: list[Batch]) -> None:
    ids = [document.document_id for batch in batches for document in batch.documents]
    connection.execute("INSERT INTO story_queue SELECT unnest(CAST($1 AS VARCHAR[]))", [ids])
    for table in ("fct_story_texts", "story_shingles"):
        connection.execute(
            f"DELETE FROM {table} WHERE text_id IN (SELECT text_id FROM fct_documents"  # noqa: S608
            " WHERE document_id IN (FROM story_queue))"
        )
    connection.execute(
        "UPDATE fct_documents SET text_id = NULL, story_id = document_id"
        " WHERE document_id IN (FROM story_queue)"
    )


STEPS: dict[str, Callable[[Path, int], Answers]] = {
    "fill": make,
    "first-publication": first_publication,
    "load": load,
    "requeue-some": partial(requeue, count=FEW),
    "stories-some": partial(stories, count=FEW),
    "requeue": partial(requeue, count=NIGHT),
    "stories": partial(stories, count=NIGHT),
    "tag": tag,
    "questions": questions,
    "peers": peers,
    **{f"export-{kind}": partial(exporting, kind=kind) for kind in FORMATS},
    "compaction": compaction,
}


if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
