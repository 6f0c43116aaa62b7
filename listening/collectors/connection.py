"""One request on a connection of its own: connect to a checked address, send, take the answer.

A callback protocol without streams or pools. Every host is asked once in seconds, so there is
nothing to keep, and what a general client spends on choosing among connections is saved.
"""

import asyncio
import ssl
from collections.abc import Sequence

import httpx

from listening.collectors.http1 import AnswerReader, BadAnswerError, CutShortError
from listening.errors import ListeningError

#: For one of several addresses of a host, so that a dead one leaves time for the next.
_ATTEMPT_S = 5.0


async def exchange(
    addresses: Sequence[str],
    port: int,
    request: bytes,
    reader: AnswerReader,
    *,
    tls: ssl.SSLContext | None,
    host: str,
    connect_s: float,
) -> None:
    """Send a request to the first address that answers, and let a reader take what comes.

    Args:
        addresses: Of the host; they are what is connected to, no name is looked up here.
        port: Of the host.
        request: Head, ready to be sent.
        reader: Takes the answer; complete when this returns.
        tls: The context, or None to go without.
        host: The name that a certificate must be for.
        connect_s: For one connection, in seconds.

    Raises:
        httpx.ConnectTimeout: No address answered in time.
        httpx.ConnectError: None could be connected to.
        httpx.ReadError: The connection broke off.
        ListeningError: Of the reader.
    """
    protocol = await _connect(addresses, port, tls=tls, host=host, connect_s=connect_s)
    try:
        await protocol.ask(request, reader)
    finally:
        protocol.leave()


async def _connect(
    addresses: Sequence[str], port: int, *, tls: ssl.SSLContext | None, host: str, connect_s: float
) -> "_Exchange":
    loop = asyncio.get_running_loop()
    limit = connect_s if len(addresses) == 1 else min(connect_s, _ATTEMPT_S)
    for number, address in enumerate(addresses, start=1):
        try:
            async with asyncio.timeout(limit):
                _, protocol = await loop.create_connection(
                    _Exchange, address, port, ssl=tls, server_hostname=host if tls else None
                )
        except TimeoutError as error:
            if number == len(addresses):
                raise httpx.ConnectTimeout("no connection in time") from error
        except OSError as error:  # refused, unreachable, TLS
            if number == len(addresses):
                raise httpx.ConnectError("no connection") from error
        else:
            return protocol
    raise AssertionError("a host has at least one address")


class _Exchange(asyncio.Protocol):
    """What happens on one connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._reader: AnswerReader | None = None
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def ask(self, request: bytes, reader: AnswerReader) -> None:
        """Send the request and wait for the end of the answer."""
        self._reader = reader
        if self._transport is not None:
            self._transport.write(request)
        await self._over

    def leave(self) -> None:
        """Close the connection at once: all that we wanted of it is here."""
        if self._transport is not None:
            self._transport.abort()
        self._over.cancel()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Let the reader take what arrived; before the request, nothing should have."""
        if self._over.done():
            return
        try:
            if self._reader is None:
                raise BadAnswerError("an answer before the question")
            if self._reader.feed(data):
                self._over.set_result(None)
        except ListeningError as error:
            self._over.set_exception(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """Find out whether that was the end of the answer."""
        if self._over.done():
            return
        if exc is not None or self._reader is None:
            broken = httpx.ReadError("the connection broke off")
            broken.__cause__ = exc
            self._over.set_exception(broken)
            return
        try:
            self._reader.end()
        except CutShortError as error:
            self._over.set_exception(error)
        else:
            self._over.set_result(None)
