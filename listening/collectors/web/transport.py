"""The seam between httpx and our connections: its requests above, checked addresses below.

httpx's own transport (httpcore) looks through its whole pool for every request and resolves names
itself; this one connects to the address that the guard has checked, bounds the answer while it
comes, and keeps a connection only where the next request to its host is about to follow.
"""

import asyncio
import ssl
from contextlib import ExitStack
from functools import cached_property

import httpx

from listening.collectors.web.address import AddressGuard
from listening.collectors.web.connection import Connection, connect
from listening.collectors.web.http1 import AnswerReader

#: Apache closes after 5 s by default, others later.
KEPT_S = 5.0
#: Connections kept at once; each holds a file open.
MAX_KEPT = 128
_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_PORT = 65_535
#: Keys of ``httpx.Request.extensions``: the reader's ``on_head``; whether to keep the connection.
ON_HEAD, KEEP = "on_head", "keep"

_NOTHING = httpx.ByteStream(b"")

#: Scheme, host and port.
_Place = tuple[str, str, int]


class CheckedTransport(httpx.AsyncBaseTransport):
    """Sends requests to checked addresses, by HTTP/1.1 and without proxies.

    A request carries the extension ``ON_HEAD`` (told status and fields, returns what takes the
    body, see ``AnswerReader``), and ``KEEP`` when another request to that host is about to follow.
    The body goes where ``ON_HEAD`` says, not into the response. Of httpx's limits of time only
    that for connecting is looked at; the caller bounds the whole.
    """

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._kept: dict[_Place, tuple[Connection, asyncio.TimerHandle]] = {}

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """One context for all: reading the certificates takes longer than a request."""
        return ssl.create_default_context()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return status and fields as soon as the answer is here, as far as it is wanted.

        Raises:
            httpx.HTTPError: Of the network, or of either side's HTTP.
            httpx.InvalidURL: Not an address of a host.
            UnknownHostError: The name leads nowhere.
            ForbiddenAddressError: None of its addresses may be visited.
            ListeningError: Of what takes the body.
        """
        place, question = _place(request.url), _question(request)
        reader = AnswerReader(request.extensions[ON_HEAD])
        try:
            connection = self._take(place)
            if connection is None:
                connection = await self._connect(place, request)
            # Whatever happens, the question goes out once: asking again is for the host's pace.
            await _ask(connection, question, reader)
        finally:
            reader.release()
        if request.extensions.get(KEEP):
            self._keep(place, connection)
        else:
            connection.leave()
        return httpx.Response(reader.status, headers=reader.fields, stream=_NOTHING)

    async def aclose(self) -> None:
        """Close the connections that were kept."""
        for place in list(self._kept):
            self._drop(place)

    async def _connect(self, place: _Place, request: httpx.Request) -> Connection:
        scheme, host, port = place
        addresses = await self._guard.permitted_addresses(host, port)
        return await connect(
            addresses,
            port,
            tls=self._tls if scheme == "https" else None,
            host=host.rstrip("."),  # which no certificate has
            connect_s=request.extensions["timeout"]["connect"],
        )

    def _keep(self, place: _Place, connection: Connection) -> None:
        """Keep a connection for a moment, even if the end of its answer is still to come."""
        self._drop(place)
        if len(self._kept) >= MAX_KEPT:
            self._drop(next(iter(self._kept)))  # the oldest
        timer = asyncio.get_running_loop().call_later(KEPT_S, self._drop, place)
        self._kept[place] = (connection, timer)

    def _take(self, place: _Place) -> Connection | None:
        """Return the connection that was kept for a host, if it can be asked again."""
        connection, timer = self._kept.pop(place, (None, None))
        if connection is None or timer is None:
            return None
        timer.cancel()
        if connection.can_be_asked:
            return connection
        connection.leave()
        return None

    def _drop(self, place: _Place) -> None:
        connection, timer = self._kept.pop(place, (None, None))
        if connection is not None and timer is not None:
            timer.cancel()
            connection.leave()


async def _ask(connection: Connection, question: bytes, reader: AnswerReader) -> None:
    """Ask; whatever goes wrong, cancellation included, ends the connection."""
    with ExitStack() as stack:
        stack.callback(connection.leave)
        await connection.ask(question, reader)
        stack.pop_all()


def _place(url: httpx.URL) -> _Place:
    """Return where a request goes.

    Raises:
        httpx.InvalidURL: The address has no port, or a zone, which means something here only.
        httpx.UnsupportedProtocol: It is not of the Web.
    """
    scheme, host = url.scheme, url.raw_host.decode("ascii")
    if scheme not in _DEFAULT_PORTS or not host:
        raise httpx.UnsupportedProtocol("no address of the Web")
    port = _DEFAULT_PORTS[scheme] if url.port is None else url.port
    if not 0 < port <= _MAX_PORT:
        raise httpx.InvalidURL(f"no port: {port}")
    if ":" in host and "%" in host:
        raise httpx.InvalidURL("an address with a zone")
    return scheme, host, port


def _question(request: httpx.Request) -> bytes:
    """Return the bytes of a request.

    Raises:
        httpx.LocalProtocolError: A value would end its line.
    """
    lines = [b"%s %s HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)]
    lines += [b"%s: %s" % pair for pair in request.headers.raw]
    head = b"\r\n".join(lines)
    if head.count(b"\r") != len(lines) - 1 or head.count(b"\n") != len(lines) - 1 or b"\0" in head:
        raise httpx.LocalProtocolError("a header must be one line")
    return head + b"\r\n\r\n"
