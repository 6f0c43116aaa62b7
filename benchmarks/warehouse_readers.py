"""Readers, a writer and a publisher for five minutes, each killed at random: nothing may be lost.

The writer loads batches of numbered documents and writes down each number after its commit; the
publisher publishes, in turn with it as in Airflow's one-slot pool; readers ask the published link.
Each is a process, killed with SIGKILL at
random moments and started again. At the end every number written down must be in the warehouse and
in the snapshot, and no reader may have seen an error or half a batch after the first publication.

``python -m benchmarks.warehouse_readers [seconds] [seed]``
"""

import fcntl
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.report import machine, table
from listening.errors import StorageError, WarehouseBusyError
from storage.engine import open_writer
from storage.loading import load_batch
from storage.migrate import migrate
from storage.publish import publish
from tests.builders import NOW, make_batch, make_document

BATCH_SIZE = 20
READER_COUNT = 3
#: Between two blows, at random, in units of one migration and publication on this machine as loaded
#: now: where nobody lives long enough to do anything, nothing is shown.
BLOWS = (0.2, 2.0)

_COUNTS = "SELECT count(*), max(CAST(guid AS INTEGER)) FROM fct_documents"


def note(path: Path, value: object) -> None:
    """Append one line and make it last: what is noted happened."""
    with path.open("ab") as file:
        file.write(json.dumps(value).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def notes(path: Path) -> list[object]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_bytes().splitlines() if line.endswith(b"]")]


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Wait for the one slot of the pool ``duckdb_writer``; a killed holder lets go by itself."""
    with (folder / "pool").open("w") as slot:
        fcntl.flock(slot, fcntl.LOCK_EX)
        yield


def write(folder: Path) -> None:
    """Load one batch after the other, going on where the last commit was."""
    while True:
        try:
            with open_writer(folder / "warehouse.duckdb") as warehouse:
                migrate(warehouse, now=NOW)
                (count,) = warehouse.execute("SELECT count(*) FROM fct_documents").fetchone() or (
                    0,
                )
                number = count // BATCH_SIZE
                first = number * BATCH_SIZE
                documents = [
                    make_document(n, guid=str(n)) for n in range(first, first + BATCH_SIZE)
                ]
                batch = make_batch(*documents, batch_id=f"{number:06d}")
                load_batch(warehouse, batch, now=NOW)
                note(folder / "written", [first + BATCH_SIZE])
        except WarehouseBusyError:
            pass
        time.sleep(0.05)


def release(folder: Path) -> None:
    """Publish again and again."""
    while True:
        try:
            with turn(folder):
                now = datetime.now(UTC)  # noqa: TID251
                publish(folder / "warehouse.duckdb", folder / "published", now=now)
            note(folder / "releases", [1])
        except WarehouseBusyError:
            pass
        except StorageError as error:
            if (folder / "warehouse.duckdb").exists():
                note(folder / "publisher_errors", [str(error)])
        time.sleep(0.05)


def read(folder: Path) -> None:
    """Ask the link twice in one connection, and look for half a batch."""
    link = folder / "published" / "mentions.duckdb"
    while True:
        try:
            with duckdb.connect(link, read_only=True) as connection:
                first, again = (connection.execute(_COUNTS).fetchone() for _ in range(2))
            count, last = first or (0, 0)
            if first != again or count % BATCH_SIZE or (count and last != count - 1):
                note(folder / "inconsistent", [first, again])
            note(folder / "reads", [count])
        except (duckdb.Error, OSError) as error:
            note(folder / "reader_errors", [repr(error)])
        time.sleep(0.2)


@dataclass
class Crew:
    """The processes, each with what it does and how often it was killed."""

    folder: Path
    works: Sequence[tuple[str, Callable[[Path], None]]]
    running: dict[int, multiprocessing.process.BaseProcess] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)

    def start(self, place: int) -> None:
        """Start one of them, out of a process that has never opened a database."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["benchmarks.warehouse_readers"])
        process = context.Process(target=self.works[place][1], args=(self.folder,))
        process.start()
        self.running[place] = process

    def kill(self, place: int) -> None:
        """Kill one of them at once."""
        process = self.running.pop(place)
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
            name = self.works[place][0]
            self.kills[name] = self.kills.get(name, 0) + 1
        process.join()

    def end(self) -> None:
        """Kill them all."""
        for place in list(self.running):
            self.kill(place)


def run(folder: Path, *, seconds: float, seed: int = 1) -> dict[str, int]:
    """Play it; return what was counted."""
    chance = random.Random(seed)  # noqa: S311
    works = [("writer", write), ("publisher", release), *[("reader", read)] * READER_COUNT]
    crew = Crew(folder, works)
    began = time.monotonic()
    with open_writer(folder / "warehouse.duckdb") as warehouse:
        migrate(warehouse, now=NOW)
    publish(folder / "warehouse.duckdb", folder / "published", now=NOW)
    cycle_s = time.monotonic() - began
    for place in range(len(works)):
        crew.start(place)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(min(cycle_s * chance.uniform(*BLOWS), max(until - time.monotonic(), 0)))
        place = chance.randrange(len(works))
        crew.kill(place)
        crew.start(place)
    kills = dict(crew.kills)
    crew.end()
    return _counted(folder, kills)


def _counted(folder: Path, kills: dict[str, int]) -> dict[str, int]:
    publish(folder / "warehouse.duckdb", folder / "published", now=datetime.now(UTC))  # noqa: TID251
    written = max([entry[0] for entry in notes(folder / "written")], default=0)  # type: ignore[index]
    stored = []
    for path in (folder / "warehouse.duckdb", folder / "published" / "mentions.duckdb"):
        with duckdb.connect(path, read_only=True) as connection:
            stored.append((connection.execute(_COUNTS).fetchone() or (0, 0))[0])
    leftovers = [*(folder / "published").glob(".*.tmp")]
    return {
        "documents written": written,
        "documents in the warehouse": stored[0],
        "lost": max(0, written - min(stored)),
        "publications": len(notes(folder / "releases")),
        "snapshots with more documents seen by readers": len(
            {entry[0] for entry in notes(folder / "reads")}  # type: ignore[index]
        ),
        "queries of readers": 2 * len(notes(folder / "reads")),
        "errors of readers": len(notes(folder / "reader_errors")),
        "half batches seen": len(notes(folder / "inconsistent")),
        "errors of the publisher": len(notes(folder / "publisher_errors")),
        "files left half made": len(leftovers),
        **{f"kills of a {name}": count for name, count in sorted(kills.items())},
    }


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 300.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1  # noqa: PLR2004
    folder = Path(tempfile.mkdtemp(prefix="vigie-readers-"))
    try:
        found = run(folder, seconds=seconds, seed=seed)
    finally:
        if "--keep" not in sys.argv:
            shutil.rmtree(folder)
    print(machine())
    table(f"Killed at random for {seconds:g} s", ["", "count"], list(found.items()))
    idle = [name for name in ("documents written", "publications") if not found[name]]
    if idle:  # nothing was put to the test
        print(f"\nNothing shown: no {', no '.join(idle)}.")
        return 1
    wrong = ("lost", "errors of readers", "half batches seen", "errors of the publisher")
    return int(any(found[name] for name in wrong))


if __name__ == "__main__":
    sys.exit(main())
