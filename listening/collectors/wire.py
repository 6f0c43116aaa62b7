"""One HTTP request and its answer, within limits of bytes, headers and time; errors are named.

httpx gives addresses, cookies and the names of what can go wrong; the connection is ours
(``connection``, ``http1``), because a night makes tens of thousands of requests to thousands of
hosts and httpx's pool takes five times the processor time for it (docs/benchmarks.md). No
redirects are followed here, no proxy is taken from the environment, no connection is kept.
"""

import asyncio
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import Self

import httpx

from listening.collectors import faults
from listening.collectors.address import AddressGuard, Resolver, resolve
from listening.collectors.body import ACCEPTED_ENCODINGS, BodyError, BoundedBody, unpacked
from listening.collectors.connection import exchange
from listening.collectors.http1 import AnswerReader, Field, Headers
from listening.collectors.network_errors import NETWORK_ERRORS, named
from listening.collectors.options import CollectOptions

_CONNECT_S = 10.0
_OK = 200
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml,"
    " application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)


#: An address that needs no rewriting before it is sent: most of them.
_PLAIN_URL = re.compile(
    r"(https?)://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::([1-9][0-9]{0,4}))?"
    r"((?:/[A-Za-z0-9_~$&'()*+,;=:@-][A-Za-z0-9._~$&'()*+,;=:@-]*)*/?"
    r"(?:\?[A-Za-z0-9._~$&()*+,;=:@/?-]*)?)"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; the body is read for status 200 only."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class _Target:
    """An address, as a request needs it."""

    is_tls: bool
    host: str
    port: int
    authority: str  # for the Host header
    path: str  # with the query


class Wire:
    """Sends requests with our name on them; an async context manager."""

    def __init__(self, options: CollectOptions, *, resolver: Resolver = resolve) -> None:
        self._guard = AddressGuard(allow_hosts=options.allow_hosts, resolver=resolver)
        self._head = (
            f"User-Agent: {options.user_agent}\r\nAccept: {_ACCEPT}\r\n"
            f"Accept-Encoding: {ACCEPTED_ENCODINGS}\r\nConnection: close\r\n"
        )

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """One context for all: reading the certificates takes longer than a request."""
        return ssl.create_default_context()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        del kind, error, trace  # nothing stays open

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
        receiver = _Receiver(limit, is_cut_at_limit=is_cut_at_limit)
        try:
            async with asyncio.timeout(timeout_s):
                target = _target(url)
                addresses = await self._guard.permitted_addresses(target.host, target.port)
                await exchange(
                    addresses,
                    target.port,
                    self._request(target, _with_cookies(headers or {}, url, cookies)),
                    AnswerReader(receiver.take_head),
                    tls=self._tls if target.is_tls else None,
                    host=target.host,
                    connect_s=min(timeout_s, _CONNECT_S),
                )
            answer = receiver.answer()
        except NETWORK_ERRORS as error:
            raise named(error, source_id) from error
        if cookies is not None and "set-cookie" in answer.headers:
            _keep_cookies(cookies, url, answer.status, receiver.fields)
        return answer

    def _request(self, target: _Target, headers: Mapping[str, str]) -> bytes:
        """Return the bytes of a request.

        Raises:
            httpx.LocalProtocolError: A value would end its line.
        """
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        if any(end in value for value in headers.values() for end in "\r\n\0"):
            raise httpx.LocalProtocolError("a header must be one line")
        first = f"GET {target.path} HTTP/1.1\r\nHost: {target.authority}\r\n"
        return f"{first}{self._head}{lines}\r\n".encode("latin-1", "replace")


class _Receiver:
    """Takes an answer as it comes, within limits."""

    def __init__(self, limit: int, *, is_cut_at_limit: bool) -> None:
        self._limit = limit
        self._is_cut_at_limit = is_cut_at_limit
        self._status = 0
        self._body: BoundedBody | None = None
        self.fields: list[Field] = []
        self._headers = Headers()

    def take_head(self, status: int, fields: list[Field]) -> BoundedBody | None:
        """Return what takes the body; None for statuses whose body says nothing to us.

        Raises:
            BodyError: The body is announced to be too large, or packed in an unknown way.
        """
        self._status, self.fields, self._headers = status, fields, Headers(fields)
        if status != _OK:
            return None
        length = self._headers.get("content-length", "")
        if not self._is_cut_at_limit and length.isdecimal() and int(length) > self._limit:
            raise BodyError(faults.BODY_TOO_LARGE)
        self._body = BoundedBody(
            self._headers.get("content-encoding"),
            limit=self._limit,
            is_cut_at_limit=self._is_cut_at_limit,
        )
        return self._body

    def answer(self) -> Answer:
        """Return the whole answer.

        Raises:
            BodyError: The body is damaged, or larger than it seemed.
        """
        body = b"" if self._body is None else self._body.finish()
        if not self._is_cut_at_limit:
            body = unpacked(body, limit=self._limit)
        return Answer(self._status, self._headers, body)


def _target(url: str) -> _Target:
    """Take an address apart.

    Raises:
        httpx.InvalidURL: It is none.
        httpx.UnsupportedProtocol: It is not of the Web.
    """
    plain = _PLAIN_URL.fullmatch(url)
    if plain is not None:
        scheme, host, port, path = plain.groups()
        number = int(port) if port else _DEFAULT_PORTS[scheme]
        authority = host if number == _DEFAULT_PORTS[scheme] else f"{host}:{number}"
        path = path if path.startswith("/") else f"/{path}"
    else:
        target = httpx.URL(url)
        scheme, host = target.scheme, target.raw_host.decode("ascii")
        if scheme not in _DEFAULT_PORTS or not host:
            raise httpx.UnsupportedProtocol(url)
        number = target.port or _DEFAULT_PORTS[scheme]
        authority, path = target.netloc.decode("ascii"), target.raw_path.decode("ascii")
    if number > _MAX_PORT:
        raise httpx.InvalidURL(f"no port: {number}")
    return _Target(scheme == "https", host, number, authority, path)


def _with_cookies(
    headers: Mapping[str, str], url: str, cookies: httpx.Cookies | None
) -> Mapping[str, str]:
    """Return the headers with the cookies that belong to an address."""
    if cookies is None or not len(cookies.jar):
        return headers
    request = httpx.Request("GET", url)
    cookies.set_cookie_header(request)
    return {**headers, "Cookie": request.headers.get("Cookie", "")}


def _keep_cookies(cookies: httpx.Cookies, url: str, status: int, fields: list[Field]) -> None:
    set_cookies = [field for field in fields if field[0] == b"set-cookie"]
    request = httpx.Request("GET", url)
    cookies.extract_cookies(httpx.Response(status, headers=set_cookies, request=request))
