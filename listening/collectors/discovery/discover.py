"""What an address that a person pasted offers to be listened to: tried live, shown, chosen from.

Few requests, each as polite and guarded as those of a night: the address itself, what its platform
is known for, what its page advertises, the usual places; it stops at the first group that gives
documents.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from listening.collectors import faults
from listening.collectors.collect import Collector
from listening.collectors.discovery.candidate import Candidate
from listening.collectors.discovery.recipes import guesses_for, links_in_page, recipes_for
from listening.collectors.options import CollectOptions
from listening.collectors.web.address import Resolver, resolve
from listening.errors import CollectError
from listening.model import (
    FetchState,
    Reading,
    RunStatus,
    Source,
    SourceKind,
    SourceRun,
    SourceType,
)

#: Addresses tried for one pasted address, its own page included.
MAX_TRIES = 14
#: Good ones among which a person chooses.
ENOUGH = 3
#: Pages of a walk that are read to show a sample.
_SAMPLE_PAGES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One address that was tried."""

    candidate: Candidate
    run: SourceRun
    reading: Reading | None

    @property
    def document_count(self) -> int:
        """Documents it shows now."""
        return len(self.reading.documents) if self.reading is not None else 0

    @property
    def is_good(self) -> bool:
        """Whether it was read and holds documents."""
        return self.run.status is RunStatus.OK and self.document_count > 0


#: Recognises the engine of a page from body, content type and address.
Detect = Callable[[bytes, str | None, str], SourceKind | None]


async def discover(
    source: Source,
    *,
    options: CollectOptions,
    clock: Callable[[], datetime],
    detect: Detect | None = None,
    resolver: Resolver = resolve,
) -> list[Found]:
    """Return all that was tried for an address, the best first.

    Args:
        source: With the pasted address; its id and type are kept where a recipe knows no better.
        options: Limits and manners.
        clock: Returns now as aware UTC.
        detect: Recognises engines that have a kind of their own.
        resolver: Looks hosts up; tests pass their own.
    """
    limited = replace(options, max_pages=min(options.max_pages, _SAMPLE_PAGES))
    async with Collector.open(
        limited, author_key=lambda name: name, clock=clock, resolver=resolver
    ) as collector:
        search = _Search(source, collector, detect)
        async for group in search.groups():
            await search.try_all(group)
            if any(one.is_good for one in search.tried):
                break
    return sorted(search.tried, key=_rank)


class _Search:
    """One address under way."""

    def __init__(self, source: Source, collector: Collector, detect: Detect | None) -> None:
        self._source = source
        self._collector = collector
        self._detect = detect
        self._asked: set[tuple[str, SourceKind]] = set()
        self.tried: list[Found] = []

    async def groups(self) -> AsyncIterator[Sequence[Candidate]]:
        """Yield what to try next, as long as nothing was found."""
        url = self._source.url
        if recipes := recipes_for(url):
            yield recipes
        body, content_type, final_url = await self._page()
        if body:
            yield self._in_page(body, content_type, final_url)
        else:
            yield [Candidate(url=url, source_type=self._source.source_type, found_by="address")]
            if not any(one.run.http_status for one in self.tried):
                return  # nobody answers there, or we may not ask: guessing changes nothing
        yield guesses_for(final_url)
        root = "/".join(final_url.split("/")[:3])
        yield [
            Candidate(url=f"{root}/{name}", kind=SourceKind.SITEMAP, found_by="sitemap")
            for name in ("sitemap.xml", "wp-sitemap.xml", "sitemap_index.xml")
        ]
        yield [Candidate(url=final_url, kind=SourceKind.PAGE, found_by="page")]

    async def try_all(self, candidates: Iterable[Candidate]) -> None:
        """Visit candidates one after the other, within the number of tries."""
        for candidate in candidates:
            key = (candidate.url, candidate.kind)
            if key in self._asked or len(self._asked) >= MAX_TRIES:
                continue
            self._asked.add(key)
            source = replace(self._source, url=candidate.url, kind=candidate.kind)
            state = FetchState(source_id=source.source_id)
            visit = await self._collector.visit(source, state, run_id="discover")
            found = Found(candidate=candidate, run=visit.run, reading=visit.reading)
            self.tried.append(found)
            if sum(one.is_good for one in self.tried) >= ENOUGH:
                return

    async def _page(self) -> tuple[bytes, str | None, str]:
        """Return the pasted address's own body; empty when it cannot be had."""
        try:
            fetched = await self._collector.fetch(self._source.url)
        except CollectError:
            return b"", None, self._source.url
        return fetched.body or b"", fetched.content_type, fetched.url

    def _in_page(self, body: bytes, content_type: str | None, url: str) -> list[Candidate]:
        """Return what a body is itself, or what it points to."""
        start = body[:1000].lstrip().lower()
        is_page = b"<html" in start or start.startswith(b"<!doctype html")
        kind = self._detect(body, content_type, url) if self._detect is not None else None
        own = self._source.source_type
        if kind is not None and kind is not SourceKind.FEED:
            return [Candidate(url=url, kind=kind, source_type=SourceType.FORUM, found_by="engine")]
        if b"<urlset" in start or b"<sitemapindex" in start:
            return [
                Candidate(url=url, kind=SourceKind.SITEMAP, source_type=own, found_by="address")
            ]
        if not is_page:
            return [Candidate(url=url, source_type=own, found_by="address")]
        return links_in_page(body, url=url, content_type=content_type)


def _rank(found: Found) -> tuple[bool, bool, bool]:
    """Order: what gives documents, posts before comments; then as they were tried."""
    return (
        not found.is_good,
        found.candidate.found_by == "link-comments",
        faults.NO_ITEMS in found.run.faults,
    )
