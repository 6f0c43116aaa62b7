"""robots.txt: read once a day per host, obeyed for every address and every redirect.

A missing file (4xx) allows everything; a file that cannot be read (5xx, 429, silence) means that
the host is left alone tonight (RFC 9309, 2.3.1). A host that asks for more than a day between two
requests is left alone for good.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from protego import Protego

from listening.collectors import faults
from listening.collectors.identity.canonical import host_of
from listening.collectors.options import ROBOTS_NAME
from listening.collectors.web.network_errors import is_worth_retrying
from listening.collectors.web.politeness import Politeness
from listening.collectors.web.robots_cache import RobotsCache, RobotsFile
from listening.collectors.web.sender import Sender
from listening.collectors.web.wire import Answer
from listening.errors import CollectError, SourceRefusedError, SourceUnavailableError
from listening.model import RobotsDecision

#: Google reads 500 KiB; what follows is ignored.
_MAX_BYTES = 512_000
_MAX_REDIRECTS = 5
_TIMEOUT_S = 10.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: Who wants longer pauses than this wants no visits.
_MAX_DELAY_S = 86_400.0
#: Files beyond this are read in a thread, so that nobody else waits for them.
_LARGE_CHARS = 20_000

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class _Rules:
    """One host's file, understood."""

    parsed: Protego
    is_large: bool
    faults: tuple[str, ...] = ()

    @classmethod
    async def of(cls, file: RobotsFile) -> "_Rules":
        """Parse a file; a large one in a thread: 24,000 rules with wildcards take a second."""
        is_large = len(file.text) > _LARGE_CHARS
        found = (faults.ROBOTS_CUT,) if file.is_cut else ()
        parsed = await _elsewhere(Protego.parse, file.text, is_large=is_large)
        return cls(parsed, is_large, found)

    async def allow(self, url: str) -> bool:
        """Return whether the address may be read."""
        return await _elsewhere(self.parsed.can_fetch, url, ROBOTS_NAME, is_large=self.is_large)


async def _elsewhere(function: Callable[..., _Result], *arguments: str, is_large: bool) -> _Result:
    """Call a function here, or in a thread where it may take long."""
    return await asyncio.to_thread(function, *arguments) if is_large else function(*arguments)


class RobotsRules:
    """The rules of all hosts of one run.

    Args:
        sender: Fetches the files.
        politeness: Told of crawl-delays.
        cache: Files of earlier runs.
        timeout_s: For one file.
        clock: Returns now as aware UTC.
    """

    def __init__(
        self,
        sender: Sender,
        politeness: Politeness,
        *,
        cache: RobotsCache,
        timeout_s: float,
        clock: Callable[[], datetime],
    ) -> None:
        self._sender = sender
        self._politeness = politeness
        self._cache = cache
        self._timeout_s = min(timeout_s, _TIMEOUT_S)
        self._clock = clock
        self._locks: dict[str, asyncio.Lock] = {}
        self._known: dict[str, _Rules | CollectError] = {}
        self._failed_once: set[str] = set()

    async def check(self, url: str, *, source_id: str) -> tuple[str, ...]:
        """Return the faults of the file when the address may be read.

        Raises:
            SourceRefusedError: ``robots_txt``, ``crawl_delay``; or the host's address is forbidden.
            SourceUnavailableError: The rules cannot be known tonight.
        """
        origin = f"{urlsplit(url).scheme}://{host_of(url)}"
        async with self._locks.setdefault(origin, asyncio.Lock()):
            rules = self._known.get(origin)
            if rules is None:
                rules = await self._load(origin, source_id)
                self._keep(origin, rules)
        if isinstance(rules, CollectError):
            raise type(rules)(source_id, rules.reason, retry_after_s=rules.retry_after_s)
        if not await rules.allow(url):
            self._sender.note_refusal(url, source_id=source_id)
            raise SourceRefusedError(source_id, faults.ROBOTS_TXT)
        return rules.faults

    def _keep(self, origin: str, rules: _Rules | CollectError) -> None:
        """Keep what was found for the run; passing trouble only when it happens twice."""
        is_failure = isinstance(rules, CollectError) and is_worth_retrying(rules)
        if is_failure and origin not in self._failed_once:
            self._failed_once.add(origin)
        else:
            self._known[origin] = rules

    async def _load(self, origin: str, source_id: str) -> _Rules | CollectError:
        """Return the rules, or the error that every source of the host will see."""
        now = self._clock()
        file = self._cache.get(origin, now=now)
        if file is None:
            try:
                file = await self._fetch(origin, source_id)
            except CollectError as error:
                return error
            self._cache.put(origin, file, now=now)
        rules = await _Rules.of(file)
        delay_s = rules.parsed.crawl_delay(ROBOTS_NAME) or 0.0
        if delay_s > _MAX_DELAY_S:
            return SourceRefusedError(source_id, faults.CRAWL_DELAY)
        if delay_s > 0:
            self._politeness.obey_delay(host_of(origin), float(delay_s))
        return rules

    async def _fetch(self, origin: str, source_id: str) -> RobotsFile:
        answer = await self._follow(f"{origin}/robots.txt", source_id)
        if answer is None or answer.status in _REDIRECTS:
            return RobotsFile(text="")
        if answer.status >= 500 or answer.status == 429:  # noqa: PLR2004 - statuses of HTTP
            raise SourceUnavailableError(
                source_id,
                faults.ROBOTS_UNAVAILABLE,
                retry_after_s=self._sender.retry_after(answer),
            )
        text = answer.body.decode("utf-8-sig", "replace").replace("\x00", "")
        is_cut = len(answer.body) >= _MAX_BYTES
        if is_cut:  # half a line is another rule: "Disallow: /" for "Disallow: /private"
            text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
        return RobotsFile(text=text, is_cut=is_cut)

    async def _follow(self, url: str, source_id: str) -> Answer | None:
        """Return the last answer of a chain of redirects; None when it leads off http(s)."""
        answer = None
        for _ in range(_MAX_REDIRECTS + 1):
            answer, _spent_s = await self._sender.get(
                url,
                source_id=source_id,
                robots=RobotsDecision.FILE,
                timeout_s=self._timeout_s,
                limit=_MAX_BYTES,
                is_cut_at_limit=True,
                is_kept=True,  # the address itself comes next
            )
            target = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not target:
                return answer
            try:
                url = urljoin(url, target)
            except ValueError:
                return None
            if not url.lower().startswith(("http://", "https://")):
                return None
        return answer
