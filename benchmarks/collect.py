"""Collection, part by part: ``python -m benchmarks.collect [articles …]``."""

import importlib
import sys
from pathlib import Path

PARTS = ("network", "parsing", "articles", "forums", "urls", "robots", "night", "scale")


def main(asked: list[str]) -> int:
    folder = Path(__file__).parent
    here = [part for part in PARTS if (folder / f"collect_{part}.py").exists()]
    return max(
        importlib.import_module(f"benchmarks.collect_{part}").main() for part in asked or here
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
