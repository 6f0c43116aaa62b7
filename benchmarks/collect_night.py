"""A night of 10,000 sources: plan, fetch, read, land, load; beside the update of lemon24/reader.

One source per host, and no pause between robots.txt and feed, so that politeness bounds nothing;
robots.txt, the address guard and all limits are on. Night 1: all is new. Night 2: 70 % of the
sources are unchanged, half of them by 304, half by the same bytes; the others have 5 new items.
Memory is that of all processes together. ``VIGIE_BENCH_SOURCES`` makes it smaller.
"""

import importlib
import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser_sgmllib

from benchmarks.report import table
from tests.integration.home import Home
from tests.integration.many import Command, Cost, collect, stored_guids, write_client
from tests.many_hosts import ManyHosts, Web

SOURCES = int(os.environ.get("VIGIE_BENCH_SOURCES", "10000"))
WORKERS = (8, 32, 128)
TITLE = f"Night: {SOURCES:,} sources"
#: Night 2 changes this share of the feeds.
CHANGED_SHARE = 0.3


def update_with_reader(database: str, workers: str, urls: str) -> None:
    """Add the feeds of a file to a database of reader, and update them all."""
    # reader brings its own feedparser, which asks for the module under its old name.
    sys.modules["sgmllib"] = feedparser_sgmllib
    reader_library = importlib.import_module("reader")
    with reader_library.make_reader(database) as reader:
        for url in Path(urls).read_text(encoding="ascii").split():
            reader.add_feed(url, exist_ok=True)
        reader.update_feeds(workers=int(workers), scheduled=False)  # all of them, as we do


def reader_run(home: Home, database: Path, workers: int, urls: Path) -> Cost:
    here = [sys.executable, "-m", "benchmarks.collect_night"]
    with Command(home, [*here, str(database), str(workers), str(urls)]) as running:
        cost = running.end()
    if cost.code:
        raise AssertionError(cost.said)
    return cost


def best_workers(home: Home, urls: list[str]) -> int:
    """Return the setting with which reader updates some feeds fastest."""
    some = home.root / "some.txt"
    some.write_text("\n".join(urls[:400]), encoding="ascii")
    walls = {
        workers: reader_run(home, home.root / f"some-{workers}.sqlite", workers, some).wall_s
        for workers in WORKERS
    }
    return min(walls, key=lambda workers: walls[workers])


def vigie_run(home: Home, now: datetime) -> Cost:
    with collect(home, now) as running:
        cost = running.end()
    if cost.code:
        raise AssertionError(cost.said)
    return cost


def main() -> int:
    web = Web(feeds=SOURCES, per_host=1, changed_share=CHANGED_SHARE)
    now = datetime.now(UTC)  # noqa: TID251 - the night begins now
    with (
        tempfile.TemporaryDirectory() as folder,
        ManyHosts(web, Path(folder) / "log") as server,
    ):
        home = Home(Path(folder) / "home")
        write_client(home, server, concurrency=100, per_host_interval_s=0.0)
        urls = [server.url(number) for number in range(SOURCES)]
        listed = home.root / "urls.txt"
        listed.write_text("\n".join(urls), encoding="ascii")
        workers = best_workers(home, urls)
        rows = []
        for night in (1, 2):
            server.begin_night(night)
            ours = vigie_run(home, now + timedelta(days=night - 1))
            theirs = reader_run(home, home.root / "reader.sqlite", workers, listed)
            rows += [
                _row(f"vigie, night {night}", ours, ours),
                _row(f"reader, {workers} workers, night {night}", theirs, ours),
            ]
        stored = stored_guids(home)
    expected = {guid for n in range(SOURCES) for night in (1, 2) for guid in web.guids(n, night)}
    if set(stored) != expected or stored.total() != len(expected):
        raise AssertionError(f"{stored.total()} items stored of {len(expected)}")
    table(TITLE, ["", "wall s", "CPU s", "peak MiB", "vigie ÷ it"], rows)
    return 0


def _row(name: str, cost: Cost, ours: Cost) -> list[str]:
    ratio = f"{ours.wall_s / cost.wall_s:.2f}"
    return [name, f"{cost.wall_s:.1f}", f"{cost.cpu_s:.1f}", f"{cost.peak_mib:.0f}", ratio]


if __name__ == "__main__":
    if sys.argv[1:]:
        update_with_reader(*sys.argv[1:])
        sys.exit()
    sys.exit(main())
