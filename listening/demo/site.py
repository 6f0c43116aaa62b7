"""The demonstration's web: a real HTTP server on one loopback address per site."""

import gzip
import selectors
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from listening.demo.feeds import feed_url
from listening.demo.history import HISTORY_DAYS, history
from listening.demo.resources import HTML, Resource, site_resources
from listening.demo.world import DEMO_PORT, Fault, demo_source, demo_sources
from listening.errors import ListeningError

#: How long the slow site thinks before it answers, in seconds.
SLOW_S = 3.0
#: How long the busy site asks visitors to stay away, in seconds.
RETRY_AFTER_S = 3600

#: How often a port that is free on every address is looked for.
_PORT_TRIES = 20


class DemoSiteError(ListeningError):
    """The demonstration's web cannot be opened on this machine."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        #: Address that could not be opened.
        self.host = host
        #: Port that could not be opened.
        self.port = port

    def __str__(self) -> str:
        return (
            f"cannot listen on {self.host}:{self.port}: another program holds the port, or this"
            " system does not have the whole range 127.0.0.0/8 as Linux does"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request that a site answered."""

    host: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    status: int
    at: float  # monotonic seconds, for distances between visits


class DemoSite:
    """All sites of the invented world, each on its own address, all on one port.

    Use it as a context manager. The dead host is an address on which nobody listens.
    """

    def __init__(
        self,
        *,
        until: datetime,
        buzz_days: Sequence[date] | None = None,
        days: int = HISTORY_DAYS,
        port: int = DEMO_PORT,
        slow_s: float = SLOW_S,
    ) -> None:
        """Prepare the sites.

        Args:
            until: Instant of the visit: the sites show what was written before.
            buzz_days: Evenings with a bad buzz; None: the last one before ``until``.
            days: How far back the feeds reach.
            port: 0 for any free one; ``clients/exemple`` expects ``DEMO_PORT``.
            slow_s: Latency of the slow site.
        """
        self.port = port
        #: What the sites show, oldest first.
        self.items = history(until, days=days, buzz_days=buzz_days)
        self._days = days
        self._slow_s = slow_s
        self._resources: Mapping[tuple[str, str], Resource] = {}
        self._visits: list[Visit] = []
        self._servers: list[_HostServer] = []
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        """Listen on every address.

        Raises:
            DemoSiteError: The port is taken, or an address does not exist here.
        """
        hosts = [source.host for source in demo_sources() if source.fault is not Fault.REFUSED]
        self._servers = _open_servers(hosts, self.port, self)
        self.port = self._servers[0].server_port
        self._publish()
        self._thread = threading.Thread(target=self._accept, name="demo-web", daemon=True)
        self._wake_read, self._wake_write = socket.socketpair()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening; answers under way are finished first."""
        self._stopping.set()
        self._wake_write.send(b"x")
        self._thread.join()
        for server in self._servers:
            server.server_close()
        self._wake_read.close()
        self._wake_write.close()

    def show(self, until: datetime, *, buzz_days: Sequence[date] | None = None) -> None:
        """Show another instant from now on, as sites do when time passes."""
        self.items = history(until, days=self._days, buzz_days=buzz_days)
        self._publish()

    def url(self, source_id: str) -> str:
        """Return the address of a source's feed."""
        return feed_url(demo_source(source_id), self.port)

    @property
    def visits(self) -> tuple[Visit, ...]:
        """Every request answered so far, in the order of the answers."""
        return tuple(self._visits)

    def answer(self, host: str, path: str) -> Resource:
        """Return what an address holds; a page that says so when it holds nothing."""
        found = self._resources.get((host, urlsplit(path).path))
        if found is None:
            return Resource(
                body=b"<!doctype html><title>404</title><p>Page introuvable.</p>",
                content_type=HTML,
                status=HTTPStatus.NOT_FOUND,
            )
        return found

    def record(self, visit: Visit) -> None:
        """Add a request to the log."""
        self._visits.append(visit)

    def wait(self, seconds: float) -> None:
        """Let a slow site think, but not beyond the closing of the whole."""
        self._stopping.wait(seconds)

    def _publish(self) -> None:
        self._resources = site_resources(self.items, port=self.port, slow_s=self._slow_s)

    def _accept(self) -> None:
        """Hand each new connection to a thread of its server; one loop serves all addresses."""
        with selectors.DefaultSelector() as selector:
            for server in self._servers:
                selector.register(server, selectors.EVENT_READ, server)
            selector.register(self._wake_read, selectors.EVENT_READ, None)
            while not self._stopping.is_set():
                for key, _ in selector.select():
                    if key.data is not None:
                        key.data.handle_request()


class _HostServer(ThreadingHTTPServer):
    """The server of one address."""

    daemon_threads = False  # server_close waits for the answers under way
    timeout = 0  # handle_request is called when a connection is there
    request_queue_size = 128

    def __init__(self, host: str, port: int, site: DemoSite) -> None:
        self.host = host
        self.site = site
        super().__init__((host, port), _Answer)

    def server_bind(self) -> None:
        """Bind without asking a name server who we are."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.host, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a visitor hangs up in the middle of an answer."""


class _Answer(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    server_version = "DemoWeb"
    sys_version = ""
    timeout: ClassVar[float | None] = 10
    server: _HostServer

    def do_GET(self) -> None:
        """Answer with a body."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer with the headers alone."""
        self._answer(with_body=False)

    def log_message(self, *_: Any) -> None:
        """Keep stderr clean; the site has its own log."""

    def _answer(self, *, with_body: bool) -> None:
        site, host = self.server.site, self.server.host
        resource = site.answer(host, self.path)
        if resource.latency_s:
            site.wait(resource.latency_s)
        is_fresh = resource.status is HTTPStatus.OK and self._has(resource)
        status = HTTPStatus.NOT_MODIFIED if is_fresh else resource.status
        site.record(
            Visit(
                host=host,
                path=self.path,
                headers={name.lower(): value for name, value in self.headers.items()},
                status=status,
                at=time.monotonic(),
            )
        )
        self._send(resource, status, with_body=with_body and not is_fresh)

    def _has(self, resource: Resource) -> bool:
        """Return True when the visitor already has this body; If-None-Match goes first."""
        if (tags := self.headers["If-None-Match"]) is not None:
            known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return resource.etag in known
        since = self.headers["If-Modified-Since"]
        if since is None or resource.last_modified is None:
            return False
        try:
            return resource.last_modified.replace(microsecond=0) <= parsedate_to_datetime(since)
        except ValueError:
            return False  # RFC 9110, 13.1.3: a date that is none is ignored

    def _send(self, resource: Resource, status: HTTPStatus, *, with_body: bool) -> None:
        body = resource.body
        self.send_response(status)
        if resource.is_compressible and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Vary", "Accept-Encoding")
        if resource.last_modified is not None:
            self.send_header("ETag", resource.etag)
            self.send_header("Last-Modified", format_datetime(resource.last_modified, usegmt=True))
        if resource.status is HTTPStatus.SERVICE_UNAVAILABLE:
            self.send_header("Retry-After", str(RETRY_AFTER_S))
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", resource.content_type)
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if with_body:
            self.wfile.write(body)


def _open_servers(hosts: Sequence[str], port: int, site: DemoSite) -> list[_HostServer]:
    """Open one port on every address; with port 0, look for one that is free on all of them."""
    tries = _PORT_TRIES if port == 0 else 1
    for attempt in range(tries):
        servers: list[_HostServer] = []
        chosen = port
        try:
            for host in hosts:
                servers.append(_HostServer(host, chosen, site))
                chosen = servers[0].server_port
        except OSError as error:
            for server in servers:
                server.server_close()
            if attempt == tries - 1:
                raise DemoSiteError(host, chosen) from error
        else:
            return servers
    raise AssertionError("unreachable: the last attempt returns or raises")
