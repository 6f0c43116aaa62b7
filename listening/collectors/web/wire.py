"""One HTTP request and its answer, within limits of bytes, headers and time; errors are named.

httpx's requests, responses and cookies over a transport of ours (``transport``), which connects to
none but addresses that the guard has checked. No redirects are followed here, no proxy is taken
from the environment, no password out of an address is sent, no cookie outlives its visit.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from listening.collectors import faults
from listening.collectors.options import CollectOptions
from listening.collectors.web.address import AddressGuard, Resolver, resolve
from listening.collectors.web.body import ACCEPTED_ENCODINGS, BodyError, BoundedBody, unpacked
from listening.collectors.web.http1 import Field
from listening.collectors.web.network_errors import NETWORK_ERRORS, named
from listening.collectors.web.transport import KEEP, ON_HEAD, CheckedTransport

_CONNECT_S = 10.0
_OK = 200
_NO_BODY = httpx.ByteStream(b"")
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


class Wire:
    """Sends requests with our name on them; an async context manager."""

    def __init__(self, options: CollectOptions, *, resolver: Resolver = resolve) -> None:
        guard = AddressGuard(allow_hosts=options.allow_hosts, resolver=resolver)
        self._transport = CheckedTransport(guard)
        self._headers = [
            (b"User-Agent", options.user_agent.encode("ascii")),
            (b"Accept", _ACCEPT.encode("ascii")),
            (b"Accept-Encoding", ACCEPTED_ENCODINGS.encode("ascii")),
        ]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        del kind, error, trace
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
        is_kept: bool = False,
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
            is_kept: Keep the connection: another request to this host is about to follow.

        Raises:
            SourceUnavailableError: Network trouble or too slow.
            SourceRefusedError: Not an address we may visit.
            UnreadableSourceError: Body too large, damaged or packed in an unknown way.
        """
        receiver = _Receiver(limit, is_cut_at_limit=is_cut_at_limit)
        try:
            request = self._request(url, headers or {}, cookies, is_kept=is_kept)
            request.extensions[ON_HEAD] = receiver.take_head
            request.extensions["timeout"] = {"connect": min(timeout_s, _CONNECT_S)}
            async with asyncio.timeout(timeout_s):
                response = await self._transport.handle_async_request(request)
            answer = receiver.answer(response)
        except NETWORK_ERRORS as error:
            raise named(error, source_id) from error
        if cookies is not None and "set-cookie" in answer.headers:
            response.request = request  # as httpx's client does, which we go without
            cookies.extract_cookies(response)
        return answer

    def _request(
        self,
        url: str,
        headers: Mapping[str, str],
        cookies: httpx.Cookies | None,
        *,
        is_kept: bool,
    ) -> httpx.Request:
        target = httpx.URL(url)
        fields = [
            (b"Host", target.netloc),
            *self._headers,
            (b"Connection", b"keep-alive" if is_kept else b"close"),
            *((name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()),
        ]
        return httpx.Request(
            "GET",
            target,
            headers=fields,
            cookies=cookies,
            stream=_NO_BODY,  # spares httpx the search for one
            extensions={KEEP: is_kept},
        )


class _Receiver:
    """Takes an answer as it comes, within limits."""

    def __init__(self, limit: int, *, is_cut_at_limit: bool) -> None:
        self._limit = limit
        self._is_cut_at_limit = is_cut_at_limit
        self._body: BoundedBody | None = None

    def take_head(self, status: int, fields: list[Field]) -> BoundedBody | None:
        """Return what takes the body; None for statuses whose body says nothing to us.

        Raises:
            BodyError: The body is announced to be too large, or packed in an unknown way.
        """
        if status != _OK:
            return None
        headers = httpx.Headers(fields)
        length = headers.get("content-length", "")
        if not self._is_cut_at_limit and length.isdecimal() and int(length) > self._limit:
            raise BodyError(faults.BODY_TOO_LARGE)
        self._body = BoundedBody(
            headers.get("content-encoding"),
            limit=self._limit,
            is_cut_at_limit=self._is_cut_at_limit,
        )
        return self._body

    def answer(self, response: httpx.Response) -> Answer:
        """Return the whole answer.

        Raises:
            BodyError: The body is damaged, or larger than it seemed.
        """
        body = b"" if self._body is None else self._body.finish()
        if not self._is_cut_at_limit:
            body = unpacked(body, limit=self._limit)
        return Answer(response.status_code, response.headers, body)
