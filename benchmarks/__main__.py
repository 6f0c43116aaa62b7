"""Run the benchmarks one after the other: ``python -m benchmarks [collect sentiment …] [--full]``.

Each is a module of this folder with a ``main()`` that prints Markdown tables and returns its exit
status; each runs in a process of its own, so that one's memory and threads do not weigh on the
next. Words that begin with ``-`` go to each of them.
"""

import subprocess
import sys
from pathlib import Path

from benchmarks.report import machine

#: In the order of the pipeline.
NAMES = ("collect", "queries", "sentiment", "warehouse", "alerts")


def main(asked: list[str]) -> int:
    folder = Path(__file__).parent
    here = [name for name in NAMES if (folder / f"{name}.py").exists()]
    options = [word for word in asked if word.startswith("-")]
    names = [word for word in asked if not word.startswith("-")]
    unknown = set(names) - set(here)
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(here)}")
        return 2
    print(machine(), flush=True)
    worst = 0
    for name in names or here:
        print(f"\n## {name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", *options]
        done = subprocess.run(command, check=False)  # noqa: S603 — our own modules
        worst = max(worst, done.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
