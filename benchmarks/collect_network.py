"""Network: 1,000 feeds of 200 ms, 100 at once, on loopback, beside aiohttp, requests and httpx.

One server process, 1,000 addresses 127.x.y.z, so that no pace of a host bounds anybody; 77 kB of
feed packed to 12. Ours has everything on that a night has: the address guard, robots.txt of every
host, the pace of each host, limits of bytes and time. That makes twice as many requests as the
others make; a second row, without robots.txt, shows like beside like.
The others fetch and unpack, no more. Rounds are interleaved; the median counts.

``VIGIE_BENCH_FEEDS`` and ``VIGIE_BENCH_ROUNDS`` make it smaller.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

import aiohttp
import httpx
import requests

from benchmarks.report import table
from listening.collectors.options import CollectOptions
from listening.collectors.web.fetch import Fetcher
from listening.model import FetchState
from tests.many_hosts import ManyHosts, Web

FEEDS = int(os.environ.get("VIGIE_BENCH_FEEDS", "1000"))
ROUNDS = int(os.environ.get("VIGIE_BENCH_ROUNDS", "5"))
AT_ONCE = 100
LATENCY_S = 0.2
BODY_BYTES = 77_000
TITLE = f"Network: {FEEDS:,} feeds of 200 ms, {AT_ONCE} at once"
NOW = datetime(2026, 11, 20, tzinfo=UTC)

Urls = Sequence[str]


def vigie(urls: Urls, *, respects_robots: bool = True) -> int:
    hosts = tuple(url.split("/")[2] for url in urls)
    options = CollectOptions(
        user_agent_contact="mailto:bench@exemple.example",
        allow_hosts=hosts,
        concurrency=AT_ONCE,
        per_host_interval_s=0.0,
        respect_robots=respects_robots,
    )

    async def run() -> int:
        async with Fetcher.open(options, clock=lambda: NOW) as fetcher:
            in_hand = asyncio.Semaphore(2 * AT_ONCE)

            async def fetch(url: str) -> int:
                async with in_hand:
                    await fetcher.ready(url)
                    fetched = await fetcher.fetch(url, FetchState(source_id=url))
                    return len(fetched.body or b"")

            return sum(await asyncio.gather(*map(fetch, urls)))

    return asyncio.run(run())


def with_aiohttp(urls: Urls) -> int:
    async def run() -> int:
        connector = aiohttp.TCPConnector(limit=AT_ONCE)
        async with aiohttp.ClientSession(connector=connector) as session:

            async def fetch(url: str) -> int:
                async with session.get(url) as response:
                    return len(await response.read())

            return sum(await asyncio.gather(*map(fetch, urls)))

    return asyncio.run(run())


def with_httpx(urls: Urls) -> int:
    async def run() -> int:
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=20)
        async with httpx.AsyncClient(limits=limits, timeout=600, trust_env=False) as client:
            at_once = asyncio.Semaphore(AT_ONCE)  # its pool is slow to choose among many that wait

            async def fetch(url: str) -> int:
                async with at_once:
                    return len((await client.get(url)).content)

            return sum(await asyncio.gather(*map(fetch, urls)))

    return asyncio.run(run())


def with_requests(urls: Urls) -> int:
    def fetch(url: str) -> int:
        return len(requests.get(url, timeout=20).content)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sum(threads.map(fetch, urls))


TOOLS: dict[str, Callable[[Urls], int]] = {
    "vigie": vigie,
    "vigie, robots.txt off": partial(vigie, respects_robots=False),
    "aiohttp": with_aiohttp,
    "requests, threads": with_requests,
    "httpx": with_httpx,
}


def main() -> int:
    walls: dict[str, list[float]] = {name: [] for name in TOOLS}
    works: dict[str, list[float]] = {name: [] for name in TOOLS}
    web = Web(feeds=FEEDS, per_host=1)
    with tempfile.TemporaryDirectory() as folder, ManyHosts(web, Path(folder) / "log") as server:
        urls = [f"http://{host}:{server.port}/page/{n}" for n, host in enumerate(web.hosts())]
        for _ in range(ROUNDS):
            for name, tool in TOOLS.items():
                started, worked = time.perf_counter(), time.process_time()
                size = tool(urls)
                walls[name].append(time.perf_counter() - started)
                works[name].append(time.process_time() - worked)
                if size != FEEDS * BODY_BYTES:
                    raise AssertionError(f"{name} brought {size} bytes")
    ideal = FEEDS * LATENCY_S / AT_ONCE
    rows = [
        [
            name,
            f"{median(walls[name]):.2f}",
            f"{min(walls[name]):.2f}",
            f"{median(walls[name]) / ideal:.2f}",
            f"{median(works[name]):.2f}",
            f"{_ratio(walls['vigie'], walls[name]):.2f}",
        ]
        for name in TOOLS
    ]
    head = ["", "wall s", "best", "÷ ideal", "CPU s", "vigie ÷ it"]
    table(f"{TITLE}; ideal {ideal:.1f} s", head, rows)
    return 0


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median over the rounds, each measured side by side."""
    return median(one / other for one, other in zip(ours, theirs, strict=True))


if __name__ == "__main__":
    sys.exit(main())
