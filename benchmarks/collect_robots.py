"""robots.txt: what we obey beside urllib's reading, on Google's cases; speed on real files."""

import gzip
import json
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.robotparser import RobotFileParser

from protego import Protego

from benchmarks.report import SHARED, skipped, table
from listening.collectors.web import robots

FOLDER = SHARED / "collect" / "robots"
TITLE = "robots.txt: Google's own cases"
_ADDRESS = "https://site.example/a/page?x=1"

Reader = Callable[[str, str, str], bool]


def ours(text: str, agent: str, url: str) -> bool:
    """Ask the parser that the collector asks."""
    return bool(robots.Protego.parse(text).can_fetch(url, agent))


def protego(text: str, agent: str, url: str) -> bool:
    return bool(Protego.parse(text).can_fetch(url, agent))


def urllib(text: str, agent: str, url: str) -> bool:
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    return parser.can_fetch(agent, url)


def main() -> int:
    cases = FOLDER / "google_cases.jsonl"
    if not cases.exists():
        skipped(TITLE, f"no cases at {FOLDER}")
        return 0
    questions = [json.loads(line) for line in cases.read_text(encoding="utf-8").splitlines()]
    files = [_text(path) for path in sorted((FOLDER / "real").glob("*"))]
    rows = []
    readers: dict[str, Reader] = {"vigie": ours, "protego": protego, "urllib.robotparser": urllib}
    for name, reader in readers.items():
        right = sum(_is_right(reader, question) for question in questions)
        started = time.process_time()
        for text in files:
            reader(text, "vigie", _ADDRESS)
        seconds = time.process_time() - started
        size = sum(map(len, files)) / 1e6
        rows.append([name, f"{right}/{len(questions)}", len(files), f"{size / seconds:.1f}"])
    table(TITLE, ["", "right", "real files, 0 errors", "MB/s"], rows)
    return 0


def _is_right(reader: Reader, question: dict[str, Any]) -> bool:
    found = reader(question["robots"], question["agent"], question["url"])
    return found == question["allowed"]


def _text(path: Any) -> str:
    body = path.read_bytes()
    plain = gzip.decompress(body) if path.suffix == ".gz" else body
    return str(plain.decode("utf-8-sig", "replace").replace("\x00", ""))


if __name__ == "__main__":
    sys.exit(main())
