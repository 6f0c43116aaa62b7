"""Requests in their host's turn, each of them on record: what a site's owner may be shown.

The record keeps the path without the values of the query, and no part of a path that looks like a
key: private feeds carry their password there.
"""

import asyncio
import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from listening.collectors import faults
from listening.collectors.identity.canonical import host_of
from listening.collectors.web.politeness import Hand, Politeness
from listening.collectors.web.wire import Answer, Wire
from listening.errors import CollectError, SourceUnavailableError
from listening.model import RequestMade, RobotsDecision

#: Nobody means a longer Retry-After than this.
_MAX_RETRY_AFTER_S = 7 * 86_400.0
_MAX_PATH_CHARS = 200
#: A run of letters and digits that is no word: a key, a session, a private address.
_KEY = re.compile(r"(?=[A-Za-z_]*[0-9])(?=[0-9_]*[A-Za-z])[A-Za-z0-9_]{20,}")
_HIDDEN = "…"
_TIMEOUTS = frozenset({faults.CONNECT_TIMEOUT, faults.READ_TIMEOUT})


def _never(_host: str) -> bool:
    """Return that no host rests."""
    return False


class Sender:
    """Sends what a run asks for, one request per host at a time, and keeps the record.

    Args:
        wire: What speaks HTTP.
        politeness: The paces of the hosts.
        clock: Returns now as aware UTC.
        patience_s: A request that was given less says nothing about its host by running out of
            time: the hosts that redirected to it took the rest.
        is_resting: Returns whether a host is in its off hours.
    """

    def __init__(
        self,
        wire: Wire,
        politeness: Politeness,
        *,
        clock: Callable[[], datetime],
        patience_s: float,
        is_resting: Callable[[str], bool] = _never,
    ) -> None:
        self._wire = wire
        self._politeness = politeness
        self._clock = clock
        self._patience_s = patience_s
        self._is_resting = is_resting
        self.requests: list[RequestMade] = []

    async def get(
        self,
        url: str,
        *,
        source_id: str,
        robots: RobotsDecision,
        timeout_s: float,
        limit: int,
        headers: Mapping[str, str] | None = None,
        cookies: httpx.Cookies | None = None,
        is_cut_at_limit: bool = False,
        is_kept: bool = False,
        hand: Hand | None = None,
    ) -> tuple[Answer, float]:
        """Return the answer to one GET and the seconds it took, the wait for its turn left out.

        Args:
            url: http(s) address.
            source_id: On whose behalf.
            robots: What robots.txt says of it.
            timeout_s: See ``Wire.get``, as all that follows.
            limit: Bytes.
            headers: Beside our own.
            cookies: Sent, and grown.
            is_cut_at_limit: Return the beginning of a body that is too large.
            is_kept: Keep the connection for the next request to this host.
            hand: Takes the answer.

        Raises:
            CollectError: As ``Wire.get`` and ``refuse_paused``.
        """
        host = host_of(url)
        self.refuse_paused(host, source_id)
        queued = _time()
        async with self._politeness.turn(host, hand):
            self.refuse_paused(host, source_id)  # it may have asked while we queued
            started, requested_at = _time(), self._clock()
            answer: Answer | None = None
            reason = None
            try:
                answer = await self._wire.get(
                    url,
                    source_id=source_id,
                    timeout_s=timeout_s,
                    limit=limit,
                    headers=headers,
                    cookies=cookies,
                    is_cut_at_limit=is_cut_at_limit,
                    is_kept=is_kept,
                )
                self._politeness.note_sign(host)
            except CollectError as error:
                reason = error.reason
                self._note_failure(host, reason, timeout_s)
                raise
            finally:
                self.requests.append(
                    RequestMade(
                        requested_at=requested_at,
                        host=host,
                        path=shown_path(url),
                        source_id=source_id,
                        robots=robots,
                        status=None if answer is None else answer.status,
                        reason=reason,
                        byte_count=0 if answer is None else len(answer.body),
                        wait_s=round(started - queued, 3),
                        duration_s=round(_time() - started, 3),
                    )
                )
            spent_s = _time() - started
        if answer.status in {429, 503}:
            self._politeness.slow_down(host, self.retry_after(answer))
        return answer, spent_s

    def _note_failure(self, host: str, reason: str, timeout_s: float) -> None:
        """Let the pace know of a host that does not answer, or that does."""
        if reason not in _TIMEOUTS:
            self._politeness.note_sign(host)
        elif timeout_s >= self._patience_s:
            self._politeness.note_silence(host)

    def take_requests(self, source_ids: Collection[str]) -> tuple[RequestMade, ...]:
        """Return the requests made for some sources in the order of their ends; forget them."""
        taken = tuple(one for one in self.requests if one.source_id in source_ids)
        self.requests = [one for one in self.requests if one.source_id not in source_ids]
        return taken

    def note_refusal(self, url: str, *, source_id: str) -> None:
        """Put on record that robots.txt forbids an address, which was therefore not asked for."""
        self.requests.append(
            RequestMade(
                requested_at=self._clock(),
                host=host_of(url),
                path=shown_path(url),
                source_id=source_id,
                robots=RobotsDecision.REFUSED,
                reason=faults.ROBOTS_TXT,
            )
        )

    def refuse_paused(self, host: str, source_id: str) -> None:
        """Raise while a host wants to be left alone.

        Raises:
            SourceUnavailableError: ``off_hours``; ``host_paused``, with the rest of the pause.
        """
        if self._is_resting(host):
            raise SourceUnavailableError(source_id, faults.OFF_HOURS)
        pause_s = self._politeness.pause_left(host)
        if pause_s is not None:
            raise SourceUnavailableError(source_id, faults.HOST_PAUSED, retry_after_s=pause_s)

    def retry_after(self, answer: Answer) -> float | None:
        """Return Retry-After in seconds, from either of its two forms."""
        text = answer.headers.get("Retry-After", "").strip()
        if text.isdecimal():
            return min(float(text[:12]), _MAX_RETRY_AFTER_S)
        try:
            until = parsedate_to_datetime(text)
        except (ValueError, OverflowError):  # the latter for numbers no date has room for
            return None
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        return min(max((until - self._clock()).total_seconds(), 0.0), _MAX_RETRY_AFTER_S)


def shown_path(url: str) -> str:
    """Return the path of an address as the record keeps it.

    >>> shown_path("https://a.example/alerts/feeds/0123456789abcdef01234/7?key=s3cret")
    '/alerts/feeds/…/7?…'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path = "".join(c for c in parts.path or "/" if c.isprintable())[:_MAX_PATH_CHARS]
    return _KEY.sub(_HIDDEN, path) + (f"?{_HIDDEN}" if parts.query else "")


def _time() -> float:
    return asyncio.get_running_loop().time()
