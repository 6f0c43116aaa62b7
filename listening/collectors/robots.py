"""robots.txt: read once per host and run, obeyed for every address and every redirect.

A missing file (4xx) allows everything; a file that cannot be read (5xx, 429, silence) means that
the host is left alone tonight (RFC 9309, 2.3.1).
"""

import asyncio
from urllib.parse import urljoin, urlsplit

from protego import Protego

from listening.collectors import faults
from listening.collectors.canonical import host_of
from listening.collectors.options import ROBOTS_NAME
from listening.collectors.politeness import Politeness
from listening.collectors.wire import Answer, Wire
from listening.errors import CollectError, SourceRefusedError, SourceUnavailableError

#: Google reads 500 KiB; what follows is ignored.
_MAX_BYTES = 512_000
_MAX_REDIRECTS = 5
_TIMEOUT_S = 10.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class RobotsRules:
    """The rules of all hosts of one run."""

    def __init__(self, wire: Wire, politeness: Politeness, *, timeout_s: float) -> None:
        self._wire = wire
        self._politeness = politeness
        self._timeout_s = min(timeout_s, _TIMEOUT_S)
        self._locks: dict[str, asyncio.Lock] = {}
        self._known: dict[str, Protego | CollectError] = {}

    async def check(self, url: str, *, source_id: str) -> None:
        """Return when the address may be read.

        Raises:
            SourceRefusedError: ``robots_txt``; or the host's address is forbidden.
            SourceUnavailableError: The rules cannot be known tonight.
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        async with self._locks.setdefault(origin, asyncio.Lock()):
            if origin not in self._known:
                self._known[origin] = await self._load(origin, source_id)
        rules = self._known[origin]
        if isinstance(rules, CollectError):
            raise type(rules)(source_id, rules.reason, retry_after_s=rules.retry_after_s)
        if not rules.can_fetch(url, ROBOTS_NAME):
            raise SourceRefusedError(source_id, faults.ROBOTS_TXT)

    async def _load(self, origin: str, source_id: str) -> Protego | CollectError:
        """Return the rules, or the error that every source of the host will see."""
        try:
            answer = await self._follow(f"{origin}/robots.txt", source_id)
        except CollectError as error:
            return error
        if answer is None or answer.status in _REDIRECTS:
            return Protego.parse("")
        if answer.status >= 500 or answer.status == 429:  # noqa: PLR2004 - statuses of HTTP
            return SourceUnavailableError(source_id, faults.ROBOTS_UNAVAILABLE)
        rules = Protego.parse(answer.body.decode("utf-8-sig", "replace").replace("\x00", ""))
        delay = rules.crawl_delay(ROBOTS_NAME)
        if delay:
            self._politeness.obey_delay(host_of(origin), float(delay))
        return rules

    async def _follow(self, url: str, source_id: str) -> Answer | None:
        """Return the last answer of a chain of redirects; None when it leads off http(s)."""
        answer = None
        for _ in range(_MAX_REDIRECTS + 1):
            async with self._politeness.turn(host_of(url)):
                answer = await self._wire.get(
                    url,
                    source_id=source_id,
                    timeout_s=self._timeout_s,
                    limit=_MAX_BYTES,
                    is_cut_at_limit=True,
                )
            target = answer.headers.get("Location")
            if answer.status not in _REDIRECTS or not target:
                return answer
            try:
                url = urljoin(url, target)
            except ValueError:
                return None
            if not url.lower().startswith(("http://", "https://")):
                return None
        return answer
