"""One connection to a checked address: a question goes out, its answer is read as it comes.

asyncio's callback protocol without streams: what a general client spends on choosing among
connections is saved. A connection may be asked again as long as it is as clean as a new one.
"""

import asyncio
import ssl
from collections.abc import Sequence

import httpx

from listening.collectors.web.http1 import AnswerReader
from listening.errors import ListeningError

#: For one of several addresses of a host, so that a dead one leaves time for the next.
_ATTEMPT_S = 5.0


async def connect(
    addresses: Sequence[str], port: int, *, tls: ssl.SSLContext | None, host: str, connect_s: float
) -> "Connection":
    """Return a connection to the first address that answers.

    Args:
        addresses: Of the host; they are what is connected to, no name is looked up here.
        port: Of the host.
        tls: The context, or None to go without.
        host: The name that a certificate must be for.
        connect_s: For one connection, in seconds.

    Raises:
        httpx.ConnectTimeout: No address answered in time.
        httpx.ConnectError: None could be connected to.
    """
    loop = asyncio.get_running_loop()
    limit = connect_s if len(addresses) == 1 else min(connect_s, _ATTEMPT_S)
    for number, address in enumerate(addresses, start=1):
        try:
            async with asyncio.timeout(limit):
                _, connection = await loop.create_connection(
                    Connection, address, port, ssl=tls, server_hostname=host if tls else None
                )
        except TimeoutError as error:
            if number == len(addresses):
                raise httpx.ConnectTimeout("no connection in time") from error
        except OSError as error:  # refused, unreachable, TLS
            if number == len(addresses):
                raise httpx.ConnectError("no connection") from error
        else:
            return connection
    raise AssertionError("a host has at least one address")


class Connection(asyncio.Protocol):
    """What happens on one connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._reader: AnswerReader | None = None
        self._over: asyncio.Future[None] | None = None
        self._early: Exception | None = None  # what went wrong before the question

    @property
    def can_be_asked(self) -> bool:
        """Whether another question may go out: the last answer is whole, and nothing else came."""
        is_open = self._transport is not None and not self._transport.is_closing()
        return is_open and self._reader is not None and self._reader.can_be_followed

    async def ask(self, question: bytes, reader: AnswerReader) -> None:
        """Send a question and wait until its answer is here, as far as it is wanted.

        Raises:
            httpx.ReadError: The connection broke off.
            httpx.RemoteProtocolError: What came is no answer.
            ListeningError: Of the reader.
        """
        if self._early is not None:
            raise self._early
        self._reader = reader
        self._over = asyncio.get_running_loop().create_future()
        if self._transport is not None:
            self._transport.write(question)
        await self._over

    def leave(self) -> None:
        """Close the connection at once: all that we wanted of it is here."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Let the reader take what arrived; before the question, nothing should have."""
        if self._reader is None:
            self._early = httpx.RemoteProtocolError("an answer before the question")
            self.leave()
            return
        try:
            is_done = self._reader.feed(data)
        except (ListeningError, httpx.HTTPError) as error:
            self._finish(error)
            return
        if is_done:
            self._finish()
        if self._reader.is_spoilt:
            self.leave()

    def connection_lost(self, exc: Exception | None) -> None:
        """Find out whether that was the end of the answer."""
        broken = httpx.ReadError("the connection broke off")
        broken.__cause__ = exc
        if self._reader is None:
            self._early = self._early or broken
            return
        if exc is not None:
            self._finish(broken)
            return
        try:
            self._reader.end()
        except httpx.ReadError as error:
            self._finish(error)
        else:
            self._finish()

    def _finish(self, error: Exception | None = None) -> None:
        """Let the asker go on; who has gone already needs no second word."""
        if self._over is None or self._over.done():
            return
        if error is None:
            self._over.set_result(None)
        else:
            self._over.set_exception(error)
