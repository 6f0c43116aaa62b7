"""One polite, conditional, bounded visit to an address: from a source's state to bytes.

Redirects are followed here, each step checked against robots.txt, the address guard and the host's
pace. Retries for network trouble live here and nowhere else, two tries at most; everything longer
is the schedule's business.
"""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin

import httpx
import stamina

from listening.collectors import faults
from listening.collectors.identity.canonical import host_of
from listening.collectors.options import CollectOptions
from listening.collectors.walk import KEPT_HEADERS
from listening.collectors.web.address import Resolver, resolve
from listening.collectors.web.network_errors import is_worth_retrying
from listening.collectors.web.off_hours import is_resting
from listening.collectors.web.politeness import Hand, Politeness
from listening.collectors.web.robots import RobotsRules
from listening.collectors.web.robots_cache import RobotsCache
from listening.collectors.web.sender import Sender
from listening.collectors.web.wire import Answer, Wire
from listening.errors import CollectError, SourceRefusedError, SourceUnavailableError
from listening.model import FetchState, RequestMade, RobotsDecision

MAX_REDIRECTS = 5
#: After so many 304s in a row the validators are left out once: some servers never change them.
MAX_UNCHANGED = 14
_MAX_VALIDATOR_CHARS = 1024
_MAX_HEADER_CHARS = 4096
_OK, _NO_CONTENT, _NOT_MODIFIED = 200, 204, 304
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
#: Sources that answer these come back by themselves; 401, 403, 410 and 451 do not.
_SOFT_STATUSES = frozenset({404, 408, 425, 429})
_RETRY_WAIT_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What one visit brought."""

    status: int
    url: str  # after redirects
    body: bytes | None  # None: 304
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    sent_etag: str | None = None  # validators of the request
    faults: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)  # those a walk may look at


@dataclass(frozen=True, slots=True)
class _Trip:
    """One try of a visit, from its address over redirects to the answer."""

    source_id: str
    headers: Mapping[str, str]
    hand: Hand | None
    #: For this visit only: some sites redirect until they see theirs.
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    found: set[str] = field(default_factory=set)


class Fetcher:
    """Everything a run shares between its visits: the wire, the paces, the robots rules."""

    def __init__(
        self,
        sender: Sender,
        politeness: Politeness,
        robots: RobotsRules | None,
        *,
        options: CollectOptions,
    ) -> None:
        self._sender = sender
        self._politeness = politeness
        self._robots = robots
        self._options = options

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        options: CollectOptions,
        *,
        clock: Callable[[], datetime],
        resolver: Resolver = resolve,
    ) -> AsyncIterator["Fetcher"]:
        """Yield a fetcher; its connections are closed at the end."""
        async with Wire(options, resolver=resolver) as wire:
            politeness = Politeness(
                interval_s=options.per_host_interval_s, concurrency=options.concurrency
            )

            def is_in_off_hours(host: str) -> bool:
                return is_resting(
                    host,
                    by_host=options.host_hours,
                    everywhere=options.off_hours,
                    now=clock(),
                    timezone=options.timezone,
                )

            sender = Sender(
                wire,
                politeness,
                clock=clock,
                patience_s=options.timeout_s / 2,
                is_resting=is_in_off_hours,
            )
            robots = None
            if options.respect_robots:
                cache = RobotsCache(options.robots_folder)
                cache.forget_old(now=clock())
                robots = RobotsRules(
                    sender, politeness, cache=cache, timeout_s=options.timeout_s, clock=clock
                )
            yield cls(sender, politeness, robots, options=options)

    def take_requests(self, source_ids: Collection[str]) -> tuple[RequestMade, ...]:
        """Return the requests made for some sources in the order of their ends; forget them."""
        return self._sender.take_requests(source_ids)

    async def ready(self, url: str) -> None:
        """Wait for the pace of an address's host, holding nothing."""
        await self._politeness.ready(host_of(url))

    async def fetch(self, url: str, state: FetchState, hand: Hand | None = None) -> Fetched:
        """Return what the address shows now, or that it has not changed.

        Args:
            url: http(s) address.
            state: Of the source.
            hand: Takes the answer, redirects left out; the caller frees it.

        Raises:
            SourceUnavailableError: Network trouble, a soft status, or the host asked for a pause.
            SourceRefusedError: A person has to look: status, robots.txt, address.
            UnreadableSourceError: Body too large, damaged or empty.
        """
        headers = conditions(state)
        async for attempt in stamina.retry_context(
            on=is_worth_retrying, attempts=2, timeout=None, wait_initial=_RETRY_WAIT_S
        ):
            with attempt:
                return await self._follow(_Trip(state.source_id, headers, hand), url)
        raise AssertionError("stamina always returns or raises")

    async def _follow(self, trip: "_Trip", url: str) -> Fetched:
        """Follow redirects to the answer; the time limit holds for all steps together."""
        source_id, cookies, found = trip.source_id, trip.cookies, trip.found
        visited: set[tuple[str, int]] = set()
        left_s = self._options.timeout_s
        for _ in range(MAX_REDIRECTS + 1):
            if (url, len(cookies.jar)) in visited:
                raise SourceUnavailableError(source_id, faults.REDIRECT_LOOP)
            visited.add((url, len(cookies.jar)))
            answer, spent_s = await self._hop(trip, url, timeout_s=left_s)
            left_s = max(left_s - spent_s, 0.1)
            if answer.status not in _REDIRECTS:
                return self._judge(answer, url, trip.headers, source_id, found)
            if answer.status in _PERMANENT and len(visited) == 1:
                found.add(faults.MOVED_PERMANENTLY)
            url = _redirect_target(url, answer, source_id)
        raise SourceUnavailableError(source_id, faults.TOO_MANY_REDIRECTS)

    async def _hop(self, trip: "_Trip", url: str, *, timeout_s: float) -> tuple[Answer, float]:
        """Make one request in its host's turn; return the answer and the seconds it took."""
        if trip.hand is not None:
            trip.hand.free()  # of the last step: nobody waits for the next host's turn with it
        host = host_of(url)
        self._sender.refuse_paused(host, trip.source_id)
        robots = RobotsDecision.IGNORED
        if self._robots is not None and host:
            trip.found.update(await self._robots.check(url, source_id=trip.source_id))
            robots = RobotsDecision.ALLOWED
        return await self._sender.get(
            url,
            source_id=trip.source_id,
            robots=robots,
            timeout_s=timeout_s,
            limit=self._options.max_body_bytes,
            headers=trip.headers,
            cookies=trip.cookies,
            hand=trip.hand,
        )

    def _judge(
        self,
        answer: Answer,
        url: str,
        headers: Mapping[str, str],
        source_id: str,
        found: set[str],
    ) -> Fetched:
        """Return the visit of a final answer, or raise what its status means."""
        status = answer.status
        sent_etag = headers.get("If-None-Match")
        is_conditional = bool(headers)
        if status not in {_OK, _NO_CONTENT} and not (status == _NOT_MODIFIED and is_conditional):
            raise _status_error(status, source_id, self._sender.retry_after(answer))
        return Fetched(
            status=status,
            url=url,
            body=None if status == _NOT_MODIFIED else answer.body,
            content_type=answer.headers.get("content-type"),
            etag=_validator(answer, "etag"),
            last_modified=_validator(answer, "last-modified"),
            sent_etag=sent_etag,
            faults=faults.in_order(found),
            headers={
                name: value[:_MAX_HEADER_CHARS]
                for name, value in answer.headers.items()
                if name in KEPT_HEADERS
            },
        )


def conditions(state: FetchState) -> dict[str, str]:
    """Return the headers that let a server answer "not changed": both validators, verbatim.

    None after ``MAX_UNCHANGED`` such answers in a row, to heal servers whose validators are stuck.
    """
    if state.unchanged_count >= MAX_UNCHANGED:
        return {}
    pairs = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in pairs.items() if value}


def _status_error(status: int, source_id: str, retry_after_s: float | None) -> CollectError:
    reason = faults.http_reason(status)
    if status in _SOFT_STATUSES or status >= 500:  # noqa: PLR2004 - statuses of HTTP
        return SourceUnavailableError(source_id, reason, retry_after_s=retry_after_s)
    return SourceRefusedError(source_id, reason)


def _redirect_target(url: str, answer: Answer, source_id: str) -> str:
    """Return where a redirect leads, without the fragment."""
    location: str = answer.headers.get("location", "").strip()
    try:
        target = urljoin(url, location).partition("#")[0]
    except ValueError:
        target = ""
    if not location or not target.lower().startswith(("http://", "https://")):
        raise SourceRefusedError(source_id, faults.BAD_REDIRECT)
    return target


def _validator(answer: Answer, name: str) -> str | None:
    """Return a validator that can be sent back as it is."""
    value: str = answer.headers.get(name, "").strip()
    is_usable = len(value) <= _MAX_VALIDATOR_CHARS and value.isprintable() and value.isascii()
    return value if value and is_usable else None
