"""Feeds: speed and equality of our two paths beside feedparser, counts, crashes, forms of dates.

Processor time, the best of several interleaved rounds; megabytes are those of the feeds' own bytes.
"""

import gzip
import io
import json
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import feedparser

from benchmarks.dates_written import DATES
from benchmarks.report import SHARED, skipped, table
from listening.collectors.feed import read_feed
from listening.collectors.feeds.fast import parse_fast
from listening.collectors.feeds.names import UnsureError
from listening.collectors.reading.charset import decode
from listening.collectors.reading.dates import parse_date
from listening.errors import UnreadableSourceError
from listening.model import Reading

FOLDER = SHARED / "collect" / "feeds"
#: Feeds of the collection are older than this.
NOW = datetime(2026, 11, 26, tzinfo=UTC)
_ROUNDS = 5

Feed = tuple[dict[str, Any], bytes]


def main() -> int:
    expected = FOLDER / "expected.jsonl"
    if not expected.exists():
        skipped("Feeds", f"no feeds at {FOLDER}")
        return 0
    lines = expected.read_text(encoding="utf-8").splitlines()
    feeds = [(case, _body(case["file"])) for case in map(json.loads, lines)]
    real = [(case, body) for case, body in feeds if case["category"] == "realworld"]
    _speed([body for case, body in real if not case["file"].endswith(".json")])
    _equality(feeds)
    _dates()
    return 0


def _body(name: str) -> bytes:
    path = FOLDER / name
    if path.exists():
        return path.read_bytes()
    return gzip.decompress(path.with_name(path.name + ".gz").read_bytes())


def _speed(bodies: list[bytes]) -> None:
    megabytes = sum(map(len, bodies)) / 1e6
    tools: dict[str, Callable[[bytes], object]] = {
        "feedparser": lambda body: feedparser.parse(io.BytesIO(body)),
        "feedparser, nothing cleaned or resolved": lambda body: feedparser.parse(
            io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False
        ),
        "fast path: to the same entries": _fast_entries,
        "vigie through feedparser: to documents": lambda body: _read(body, may_be_fast=False),
        "vigie: to documents with plain text": lambda body: _read(body, may_be_fast=True),
    }
    best = dict.fromkeys(tools, float("inf"))
    for _ in range(_ROUNDS):
        for name, tool in tools.items():
            started = time.process_time()
            for body in bodies:
                tool(body)
            best[name] = min(best[name], time.process_time() - started)
    slowest = best["feedparser"]
    title = f"Parsing: {len(bodies)} real feeds, {megabytes:.2f} MB"
    rows = [
        [name, f"{megabytes / seconds:.1f}", f"{slowest / seconds:.1f} ×"]
        for name, seconds in best.items()
    ]
    table(title, ["", "MB/s", "feedparser's speed"], rows)


def _fast_entries(body: bytes) -> object:
    """Parse as far as feedparser does, bytes to entries; by feedparser where we are not sure."""
    text = decode(body).text.lstrip()
    try:
        return parse_fast(text)
    except UnsureError:
        return feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)


def _read(body: bytes, *, may_be_fast: bool, url: str | None = None) -> Reading | str:
    try:
        return read_feed(body, url=url, now=NOW, may_be_fast=may_be_fast)
    except UnreadableSourceError as error:
        return error.reason


def _equality(feeds: Iterable[Feed]) -> None:
    rows: dict[str, list[int]] = {}
    for case, body in feeds:
        row = rows.setdefault(case["category"], [0] * 6)
        fast = _read(body, may_be_fast=True, url=case.get("url"))
        reference = _read(body, may_be_fast=False, url=case.get("url"))
        row[0] += 1
        row[1] += fast == reference
        row[2] += _is_taken(body)
        row[3] += isinstance(fast, str)
        if case.get("n_entries") is not None:
            found = len(fast.documents) if isinstance(fast, Reading) else -1
            row[4] += 1
            row[5] += found == case["n_entries"]
    rows["all"] = [sum(column) for column in zip(*rows.values(), strict=True)]
    head = ["", "files", "same on both paths", "fast path", "refused", "with gold", "count right"]
    table("Feeds: 0 crashes, or this table would not be here", head,
          [[name, *row] for name, row in rows.items()])  # fmt: skip


def _is_taken(body: bytes) -> bool:
    try:
        parse_fast(decode(body).text.lstrip())
    except UnsureError:
        return False
    return True


def _dates() -> None:
    rows = []
    for text, wanted in DATES:
        ours = parse_date(text)
        theirs = feedparser.datetimes._parse_date(text)  # noqa: SLF001 - what it does with dates
        shown = "–" if theirs is None else time.strftime("%Y-%m-%dT%H:%M", theirs[:9])
        found = "–" if ours is None else ours[0].strftime("%Y-%m-%dT%H:%M")
        rows.append([text, wanted, _verdict(found, wanted), _verdict(shown, wanted)])
    right = [sum(row[column] == "right" for row in rows) for column in (2, 3)]
    rows.append(["**right**", len(DATES), *right])
    table("Forms of dates", ["written", "meant (UTC)", "vigie", "feedparser"], rows)


def _verdict(found: str, wanted: str) -> str:
    return "right" if found == wanted else found


if __name__ == "__main__":
    sys.exit(main())
