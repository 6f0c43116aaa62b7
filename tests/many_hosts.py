"""Thousands of hosts on loopback, served by a process of their own that logs all it was asked.

Every feed's fate, latency and items follow from its number, so that whoever reads the log can say
what should have arrived. Listens on 127.0.0.0/8 alone, at one free port: ``127.x.y.z`` is a host.
"""

import asyncio
import gzip
import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

_HOSTS_PER_NET = 250
_ITEM_WORDS = 80
_START, _END = "bcdfgjlmnpqrstv", ("eau", "ette", "ment", "ier", "age", "tion", "eur", "isse")
_WORDS = [a + v + b + end for a in _START for v in "aiou" for b in _START for end in _END]
_HEAD = b"HTTP/1.1 %d Said\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n"
_XML, _TEXT = b"application/rss+xml; charset=utf-8", b"text/plain"
_STATUSES = (404, 500, 410)
_OK, _NOT_MODIFIED, _NOT_FOUND = 200, 304, 404


@dataclass(frozen=True, kw_only=True)
class Web:
    """What the hosts serve. Numbers of feeds start at 0; nights at 1."""

    feeds: int
    per_host: int = 4
    items: int = 20  # shown by one feed
    new_items: int = 5  # of them, each night a feed changes
    changed_share: float = 1.0  # of feeds, in nights after the first
    dead_share: float = 0.0  # statuses, broken lines, closed ports
    hanging_share: float = 0.0  # no answer, half an answer, one byte at a time
    slowest_s: float = 2.0  # answers of the others take this time at most
    seed: int = 2026

    @cached_property
    def _draws(self) -> list[tuple[float, float, float]]:
        draw = random.Random(self.seed)  # noqa: S311 - nothing secret
        return [(draw.random(), draw.random(), draw.random()) for _ in range(self.feeds)]

    def host(self, number: int) -> str:
        """Return the address of a feed's host."""
        net, last = divmod(number // self.per_host, _HOSTS_PER_NET)
        return f"127.{1 + net // _HOSTS_PER_NET}.{net % _HOSTS_PER_NET}.{1 + last}"

    def hosts(self) -> list[str]:
        """Return every host once."""
        return [self.host(number) for number in range(0, self.feeds, self.per_host)]

    def fate(self, number: int) -> str:
        """Return ``dead``, ``hanging`` or ``good``."""
        draw = self._draws[number][0]
        if draw < self.dead_share:
            return "dead"
        return "hanging" if draw < self.dead_share + self.hanging_share else "good"

    def latency_s(self, number: int) -> float:
        """Return 1 to 5 % of the longest for half of the feeds, up to 20 % for most of the rest."""
        share, place = self._draws[number][1], self._draws[number][2]
        low, high = (0.01, 0.05) if share < 0.5 else (0.05, 0.2) if share < 0.85 else (0.2, 1.0)
        return self.slowest_s * (low + place * (high - low))

    def changes(self, number: int, night: int) -> int:
        """Return how often a feed had changed by a night."""
        step = round(1 / self.changed_share) if self.changed_share else 0
        return sum((number + 7 * one) % step < 1 for one in range(2, night + 1)) if step else 0

    def guids(self, number: int, night: int) -> Iterator[str]:
        """Yield what a feed shows in a night, the newest first."""
        oldest = self.changes(number, night) * self.new_items
        for item in reversed(range(oldest, oldest + self.items)):
            yield f"{number}-{item}"

    def body(self, number: int, night: int) -> bytes:
        """Return a feed as RSS, about 17 kB for 20 items."""
        host = self.host(number)
        items = "".join(_item(guid, host) for guid in self.guids(number, night))
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>Journal {number}</title><link>http://{host}/{number}/</link>"
            f"<language>fr</language>{items}</channel></rss>"
        ).encode()


def _item(guid: str, host: str) -> str:
    number, _, item = guid.partition("-")
    words = random.Random(guid).choices(_WORDS, k=_ITEM_WORDS)  # noqa: S311 - nothing secret
    text = f"Texte {guid} : {' '.join(words)}."
    return (
        f"<item><title>Article {item} du journal {number}</title><guid>{guid}</guid>"
        f"<link>http://{host}/{number}/article-{item}</link><description>{text}</description>"
        f"<pubDate>Thu, 19 Nov 2026 {int(item) % 24:02d}:30:00 +0100</pubDate></item>"
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the log."""

    at: float  # time.monotonic(), the same for all processes of a machine
    host: str
    path: str
    guids: tuple[str, ...]  # of items whose last byte went out in answer


class ManyHosts:
    """Runs the server; a context manager.

    Args:
        web: What it serves.
        log: Where it writes what it was asked.
    """

    def __init__(self, web: Web, log: Path) -> None:
        self.web = web
        self.log = log
        command = [sys.executable, "-m", "tests.many_hosts", json.dumps(asdict(web)), str(log)]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.port = int(self._answer())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._process:
            self._process.kill()

    def begin_night(self, night: int) -> None:
        """Let feeds show what they show in a night."""
        self._ask(f"night {night}")

    def cpu_s(self) -> float:
        """Return the processor time that the server has taken."""
        return float(self._ask("cpu"))

    def asked(self) -> list[Asked]:
        """Return all requests so far, in the order of their arrival."""
        self._ask("flush")
        found: dict[str, Asked] = {}
        for line in self.log.read_text(encoding="ascii").splitlines():
            ticket, at, host, path, guids = line.split(" ")
            found[ticket] = Asked(float(at), host, path, tuple(filter(None, guids.split(","))))
        return sorted(found.values(), key=lambda one: one.at)

    def wait_for(self, *, requests: int, timeout_s: float = 60.0) -> None:
        """Return as soon as so many requests have come in."""
        deadline = time.monotonic() + timeout_s
        while len(self.asked()) < requests:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(self.asked())} requests, not {requests}")
            time.sleep(0.02)

    def url(self, number: int) -> str:
        """Return the address of a feed; every fourth dead one has a port where nobody listens."""
        is_closed = self.web.fate(number) == "dead" and number % 4 == 0
        port = 1 if is_closed else self.port
        return f"http://{self.web.host(number)}:{port}/feed/{number}"

    def _ask(self, word: str) -> str:
        if self._process.stdin is not None:
            self._process.stdin.write(f"{word}\n")
        return self._answer()

    def _answer(self) -> str:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise AssertionError("the server of many hosts has died")
        return line.strip()


class _Server:
    """What all connections share."""

    def __init__(self, web: Web, log: Path) -> None:
        self.web = web
        self.night = 1
        self.count = 0
        self.log = log.open("w", encoding="ascii")
        self.page = gzip.compress(b"".join(web.body(n % web.feeds, 1) for n in range(5))[:77_000])

    def note(self, host: str, path: str) -> str:
        """Log a request; return the beginning of its line."""
        self.count += 1
        line = f"{self.count} {time.monotonic():.6f} {host} {path}"
        self.log.write(f"{line} \n")
        return line

    def command(self) -> None:
        """Do what the parent asks on stdin; its end is ours."""
        word, _, value = sys.stdin.readline().strip().partition(" ")
        if not word:
            sys.exit()
        if word == "night":
            self.night = int(value)
        self.log.flush()
        sys.stdout.write(f"{time.process_time()}\n")
        sys.stdout.flush()


class _Connection(asyncio.Protocol):
    """One connection; requests may follow one another on it."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self._received = b""
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            self._answer(head.decode("latin-1"))

    def _answer(self, head: str) -> None:
        first, *lines = head.split("\r\n")
        path = first.split(" ")[1]
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        host = headers.get("host", "").partition(":")[0]
        line = self._server.note(host, path)
        kind, _, number = path[1:].partition("/")
        if kind == "feed":
            self._serve_feed(int(number), headers, line)
        elif kind == "page":
            fields = b"Content-Encoding: gzip\r\n"
            self._later(0.2, _answer(_OK, _XML, self._server.page, fields))
        elif path == "/robots.txt" and hash(host) % 2:
            self._write(_answer(_OK, _TEXT, b"User-agent: *\nDisallow: /private/\n"))
        else:
            self._write(_answer(_NOT_FOUND, _TEXT, b""))

    def _serve_feed(self, number: int, headers: Mapping[str, str], line: str) -> None:
        web, night = self._server.web, self._server.night
        fate = web.fate(number)
        if fate == "hanging":
            self._hang(number)
        elif fate == "dead" and number % 4 == 1:
            self._later(0.05, None)
        elif fate == "dead":
            self._later(0.05, _answer(_STATUSES[number % 3], _TEXT, b""))
        else:
            etag = f'"{number}-{web.changes(number, night)}"'
            if number % 2 and headers.get("if-none-match") == etag:
                self._later(web.latency_s(number), _answer(_NOT_MODIFIED, _TEXT, b""))
                return
            fields = f"ETag: {etag}\r\n".encode() if number % 2 else b""
            body = _answer(_OK, _XML, web.body(number, night), fields)
            log = f"{line} {','.join(web.guids(number, night))}\n"
            self._later(web.latency_s(number), body, log)

    def _hang(self, number: int) -> None:
        """Say nothing, or begin to say something, or say it very slowly."""
        if number % 3:
            self._write(_HEAD % (_OK, _XML, 10_000, b"") + b"<rss>")
        if number % 3 == 2:
            self._drip()

    def _drip(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b" ")
            self._loop.call_later(1.0, self._drip)

    def _later(self, delay_s: float, answer: bytes | None, log: str = "") -> None:
        self._loop.call_later(delay_s, self._write, answer, log)

    def _write(self, answer: bytes | None, log: str = "") -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if answer is None:
            self._transport.close()
            return
        self._transport.write(answer)
        if log:
            self._server.log.write(log)


def _answer(status: int, kind: bytes, body: bytes, fields: bytes = b"") -> bytes:
    return _HEAD % (status, kind, len(body), fields) + body


def _loopback_socket() -> socket.socket:
    """Return a socket that listens on every address of the loopback device and on no other."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    listening.bind(("", 0))
    listening.listen(4096)
    listening.settimeout(0)
    return listening


async def _serve(web: Web, log: Path) -> None:
    server = _Server(web, log)
    loop = asyncio.get_running_loop()
    listening = _loopback_socket()
    await loop.create_server(lambda: _Connection(server), sock=listening, backlog=4096)
    loop.add_reader(sys.stdin.fileno(), server.command)
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def main() -> None:
    """Serve until the parent closes stdin or kills us."""
    asyncio.run(_serve(Web(**json.loads(sys.argv[1])), Path(sys.argv[2])))


if __name__ == "__main__":
    main()
