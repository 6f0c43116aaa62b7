"""The warehouse: loads, stories, publication, questions, exports and compaction at several sizes.

Synthetic and seeded: lengths of texts as posts and articles have them (log-normal, median 60
words), one document in eight a copy of another, identifiers without order. The base is written by
SQL as loading would have; what is timed goes through the product's own functions
(:mod:`benchmarks.warehouse_steps`).

``--full`` adds five millions. ``VIGIE_BENCH_SIZES=100000,1000000`` says at which sizes,
``VIGIE_BENCH_NIGHT`` how many new documents, ``VIGIE_BENCH_STEPS=fill,questions`` which steps,
``VIGIE_BENCH_KEEP=FOLDER`` where the filled files stay: the next run uses them again.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import warehouse_stories
from benchmarks.report import table
from benchmarks.warehouse_base import WRITER
from benchmarks.warehouse_steps import NIGHT, STEPS

SIZES = [int(n) for n in os.environ.get("VIGIE_BENCH_SIZES", "100000,1000000").split(",")]
FULL = 5_000_000
#: Bytes of disk per document: the file, its snapshots, a compacted copy, exports, peers.
ROOM = 6000
#: A step is given up after so many seconds.
LIMIT_S = float(os.environ.get("VIGIE_BENCH_LIMIT", "900"))

Found = dict[int, dict[str, Any]]


def main() -> int:
    """Measure each size, and print the tables."""
    sizes = [*SIZES, FULL] if "--full" in sys.argv[1:] else SIZES
    found: Found = {}
    for size in sizes:
        with place(size) as folder:
            room = shutil.disk_usage(folder).free
            if not (folder / WRITER).exists() and room < ROOM * size:
                print(f"\n{size:,}: skipped, it needs more disk than is free")
                continue
            found[size] = measure(folder, size)
    report(found)
    return 0 if "VIGIE_BENCH_STEPS" in os.environ else warehouse_stories.main()


@contextmanager
def place(size: int) -> Iterator[Path]:
    """Give a folder to measure in: one that stays when asked for, else one that goes."""
    kept = os.environ.get("VIGIE_BENCH_KEEP")
    if kept:
        folder = Path(kept) / str(size)
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as name:
        yield Path(name)


def measure(folder: Path, size: int) -> dict[str, Any]:
    """Run the steps one after the other; one that fails or takes too long is told and left out."""
    answers: dict[str, Any] = {}
    for name in os.environ.get("VIGIE_BENCH_STEPS", ",".join(STEPS)).split(","):
        command = [sys.executable, "-m", "benchmarks.warehouse_steps", name, str(folder), str(size)]
        try:
            done = subprocess.run(  # noqa: S603 — our own module
                command, capture_output=True, text=True, check=True, timeout=LIMIT_S
            )
        except subprocess.CalledProcessError as error:
            print(f"{size:,} {name}: {error.stderr[-1500:]}")
        except subprocess.TimeoutExpired:
            answers[name] = f"more than {LIMIT_S:.0f} s"
        else:
            answers |= json.loads(done.stdout.splitlines()[-1])
            print(f"<!-- {size:,} {name} {done.stdout.splitlines()[-1]} -->", flush=True)
    return answers


def report(found: Found) -> None:
    """Print what was measured, and how it grows."""
    head = ["", *(f"{size:,}" for size in found)]
    names = list(dict.fromkeys(name for one in found.values() for name in one))
    peers = [name for name in names if "×" in name]
    ours = [name for name in names if name not in peers]
    rows = [
        [name, *(said(one.get(name)) for one in found.values()), growth(found, name)]
        for name in ours
    ]
    table(
        f"Warehouse: one night of {NIGHT:,} new documents; seconds of processor (on the clock)",
        [*head, "last ÷ first"],
        rows,
    )
    table(
        "Questions: pandas and SQLite, as ratios to DuckDB",
        head,
        [[name, *(one.get(name, "") for one in found.values())] for name in peers],
    )


def said(answer: object) -> str:
    """Return an answer as a cell."""
    if isinstance(answer, list):
        return f"{answer[0]:.2f} ({answer[1]:.2f})"
    return "" if answer is None else str(answer)


def growth(found: Found, name: str) -> str:
    """Return how many times more of the processor the largest base takes than the smallest."""
    timed = [one[name][0] for one in found.values() if isinstance(one.get(name), list)]
    return f"{timed[-1] / timed[0]:.1f}" if len(timed) > 1 and timed[0] else ""


if __name__ == "__main__":
    sys.exit(main())
