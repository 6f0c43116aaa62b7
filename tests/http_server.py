"""A real HTTP server on loopback that behaves well, badly or viciously, as each page says.

It speaks raw bytes over asyncio in a thread of its own, so that a page can drip, never end, lie
about its length or break off. Every request is kept for the tests to look at.
"""

import asyncio
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent."""

    path: str  # with its query
    headers: Mapping[str, str]  # names in lower case
    at: float  # time.monotonic()


#: Writes a whole answer, or as much of it as it likes.
Handler = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A well-behaved answer; one with an ETag answers 304 to a client that has it."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.delay_s)
        etag = self.headers.get("ETag")
        is_known = etag is not None and request.headers.get("if-none-match") == etag
        status, body = (304, b"") if is_known else (self.status, self.body)
        headers = {"Content-Length": str(len(body)), "Connection": "close", **self.headers}
        writer.write(head(status, headers) + body)
        await writer.drain()


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """Return a status line with headers, ready to be written."""
    lines = [f"HTTP/1.1 {status} Status", *(f"{name}: {text}" for name, text in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class HttpServer:
    """Serves ``pages`` at a free port; a context manager.

    Pages may be added and replaced while it runs. A path without a page is a 404. A page under
    ``name.example/path`` is for those who ask for that host, one under ``name.example`` for
    everything there.

    Args:
        pages: Answers by path, or by host and path.
        address: Of this machine.
        port: 0 for any free one.
        tls: Speak TLS with it.
    """

    def __init__(
        self,
        pages: Mapping[str, Handler] | None = None,
        *,
        address: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.pages: dict[str, Handler] = dict(pages or {})
        self._address = address
        self._tls = tls
        self.requests: list[Request] = []
        self.port = port
        self.open_count = 0
        self.most_open = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def host(self) -> str:
        return f"{self._address}:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def paths(self) -> list[str]:
        """Return the paths asked for, robots.txt left out, in order."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    def sent(self, path: str) -> list[Request]:
        """Return the requests for one path."""
        return [request for request in self.requests if request.path == path]

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(
            self._answer, self._address, self.port, backlog=512, ssl=self._tls
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()

    def _page_for(self, request: Request) -> Handler:
        path = request.path.partition("?")[0]
        host = request.headers.get("host", "").partition(":")[0] or "/"
        for name in (host + path, host, request.path, path):
            if name in self.pages:
                return self.pages[name]
        return Page(status=404)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_count += 1
        self.most_open = max(self.most_open, self.open_count)
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (line.partition(":") for line in lines[1:] if line)
            headers = {name.lower(): text.strip() for name, _, text in pairs}
            request = Request(lines[0].split(" ")[1], headers, time.monotonic())
            self.requests.append(request)
            await self._page_for(request)(request, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away, which is what hostile pages are for
        except asyncio.CancelledError:
            pass  # the test is over; a task that ends cancelled would be logged
        finally:
            self.open_count -= 1
            writer.close()
