"""One HTTP request and its answer, within limits of bytes, headers and time; errors are named.

The only module that speaks httpx. No redirects are followed here, no proxy is taken from the
environment, no connection is kept: one host is asked every few seconds at most, and a pool of idle
connections costs more time than it saves (measured: docs/benchmarks).
"""

import asyncio
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpcore
import httpx

from listening.collectors import faults
from listening.collectors.address import (
    ForbiddenAddressError,
    GuardedBackend,
    Resolver,
    UnknownHostError,
    resolve,
)
from listening.collectors.body import ACCEPTED_ENCODINGS, BodyError, BoundedBody, unpacked
from listening.collectors.options import CollectOptions
from listening.errors import (
    CollectError,
    SourceRefusedError,
    SourceUnavailableError,
    UnreadableSourceError,
)

_CONNECT_S = 10.0
_OK = 200
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml,"
    " application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; the body is read for status 200 only."""

    status: int
    headers: httpx.Headers
    body: bytes


class _GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over a pool whose connections pass the address guard."""

    def __init__(self, backend: GuardedBackend, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=0,
            http1=True,
            http2=False,
            network_backend=backend,
        )


class Wire:
    """Sends requests with our name on them; an async context manager."""

    def __init__(self, options: CollectOptions, *, resolver: Resolver = resolve) -> None:
        backend = GuardedBackend(allow_hosts=options.allow_hosts, resolver=resolver)
        # One context for all: reading the certificates takes longer than a request.
        self._transport = _GuardedTransport(backend, ssl.create_default_context())
        self._headers = {
            "User-Agent": options.user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPTED_ENCODINGS,
            "Connection": "close",
        }

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._transport.aclose()

    async def get(
        self,
        url: str,
        *,
        source_id: str,
        timeout_s: float,
        limit: int,
        headers: Mapping[str, str] | None = None,
        cookies: httpx.Cookies | None = None,
        is_cut_at_limit: bool = False,
    ) -> Answer:
        """Return the answer to one GET.

        Args:
            url: http(s) address.
            source_id: Named in errors.
            timeout_s: For all of it, from the lookup of the name to the last byte.
            limit: Bytes of the body, compressed as well as decompressed.
            headers: Beside our own.
            cookies: Sent, and grown by those of the answer; for one visit only.
            is_cut_at_limit: Return the beginning of a body that is too large.

        Raises:
            SourceUnavailableError: Network trouble or too slow.
            SourceRefusedError: Not an address we may visit.
            UnreadableSourceError: Body too large, damaged or packed in an unknown way.
        """
        try:
            async with asyncio.timeout(timeout_s):
                request = self._request(url, timeout_s, headers or {}, cookies)
                response = await self._transport.handle_async_request(request)
                try:
                    response.request = request
                    if cookies is not None:
                        cookies.extract_cookies(response)
                    body = b""
                    if response.status_code == _OK:
                        body = await _read(response, limit, is_cut_at_limit=is_cut_at_limit)
                    return Answer(response.status_code, response.headers, body)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise SourceUnavailableError(source_id, faults.READ_TIMEOUT) from error
        except BodyError as error:
            kind = _BODY_ERRORS.get(error.reason, UnreadableSourceError)
            raise kind(source_id, error.reason) from error
        except _ERRORS as error:
            raise _named(error, source_id) from error

    def _request(
        self,
        url: str,
        timeout_s: float,
        headers: Mapping[str, str],
        cookies: httpx.Cookies | None,
    ) -> httpx.Request:
        timeout = httpx.Timeout(timeout_s, connect=min(timeout_s, _CONNECT_S), pool=None)
        target = httpx.URL(url)
        if target.scheme not in {"http", "https"} or not target.host:
            raise httpx.UnsupportedProtocol(url)
        request = httpx.Request(
            "GET",
            target,
            headers={**self._headers, **headers},
            extensions={"timeout": timeout.as_dict()},
        )
        if cookies is not None:
            cookies.set_cookie_header(request)
        return request


async def _read(response: httpx.Response, limit: int, *, is_cut_at_limit: bool) -> bytes:
    """Return the body of a response, decompressed, never more than ``limit`` bytes."""
    length = response.headers.get("Content-Length", "")
    if not is_cut_at_limit and length.isdecimal() and int(length) > limit:
        raise BodyError(faults.BODY_TOO_LARGE)
    bounded = BoundedBody(
        response.headers.get("Content-Encoding"), limit=limit, is_cut_at_limit=is_cut_at_limit
    )
    async for chunk in response.aiter_raw():
        if not bounded.feed(chunk):
            break
    body = bounded.finish()
    return body if is_cut_at_limit else unpacked(body, limit=limit)


_BODY_ERRORS: Mapping[str, type[CollectError]] = {faults.TRUNCATED_BODY: SourceUnavailableError}
_ERRORS = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    ForbiddenAddressError,
    UnknownHostError,
    OSError,
    UnicodeError,
)


def _named(error: Exception, source_id: str) -> CollectError:
    """Return our error for one of the network's, by its type, never by its text alone."""
    if isinstance(error, ForbiddenAddressError):
        return SourceRefusedError(source_id, faults.ADDRESS_FORBIDDEN)
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | UnicodeError):
        return SourceRefusedError(source_id, faults.BAD_URL)
    return SourceUnavailableError(source_id, _network_reason(error))


#: What an error is called by the type of any of its causes, the first that fits …
_BY_CAUSE = (
    (UnknownHostError, faults.DNS_FAILURE),
    (ssl.SSLError, faults.TLS_ERROR),
    (ConnectionRefusedError, faults.CONNECTION_REFUSED),
)
#: … or by its own type.
_BY_TYPE = (
    ((httpx.ConnectTimeout, httpx.PoolTimeout), faults.CONNECT_TIMEOUT),
    ((httpx.TimeoutException,), faults.READ_TIMEOUT),
    ((httpx.ConnectError,), faults.HOST_UNREACHABLE),
)


def _network_reason(error: Exception) -> str:
    causes = list(_causes(error))
    for kind, reason in _BY_CAUSE:
        if any(isinstance(cause, kind) for cause in causes):
            return reason
    for kinds, reason in _BY_TYPE:
        if isinstance(error, kinds):
            return reason
    if isinstance(error, httpx.ProtocolError):
        # h11 uses one type for both; a closed connection is the only harmless case.
        is_closed = "peer closed" in str(error) or "disconnected" in str(error)
        return faults.CONNECTION_LOST if is_closed else faults.BAD_HTTP
    return faults.CONNECTION_LOST


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, what caused it, and the members of groups, each once."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting.extend(cause for cause in (current.__cause__, current.__context__) if cause)
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
