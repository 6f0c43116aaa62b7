"""What every benchmark shares: the data it reads, the machine it ran on, the table it prints."""

import os
import platform
import resource
from collections.abc import Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
#: Development data beside the checkout; a benchmark that lacks it says so and measures nothing.
SHARED = Path(os.environ.get("VIGIE_SHARED", CHECKOUT.parent / "shared"))


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print one table as Markdown, so that it can be pasted into docs/benchmarks.md."""
    cells = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    print(f"\n### {title}\n")
    for number, row in enumerate(cells):
        print("| " + " | ".join(one.ljust(w) for one, w in zip(row, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def skipped(title: str, why: str) -> None:
    print(f"\n### {title}\n\nSkipped: {why}.")


def machine() -> str:
    """Return one line: processors this process may use, Python, system."""
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, Python {platform.python_version()}, {platform.system()}"


def peak_mib() -> float:
    """Return the larger peak memory of this process and of its ended children, in MiB."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(one).ru_maxrss for one in who) / 1024
