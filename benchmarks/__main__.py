"""Run the benchmarks one after the other: ``python -m benchmarks [collect sentiment …]``.

Each is a module of this folder with a ``main()`` that prints Markdown tables and returns its exit
status; each runs in a process of its own, so that one's memory and threads do not weigh on the
next.
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
    unknown = set(asked) - set(here)
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(here)}")
        return 2
    print(machine(), flush=True)
    worst = 0
    for name in asked or here:
        print(f"\n## {name}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False)  # noqa: S603
        worst = max(worst, done.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
