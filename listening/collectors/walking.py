"""The loop of a walk: page after page within the budget, each at its host's pace.

Breadth first: the newest of every thread before the second page of one. A first page that fails
fails the visit; a later one is a fault of it, and what it would have let us remember is not
remembered, so that the next visit asks again.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from listening.collectors import faults
from listening.collectors.identity.canonical import absolute_url
from listening.collectors.walk import Page, PageRequest, Step, Walk
from listening.collectors.web.fetch import Fetched
from listening.errors import CollectError
from listening.model import FetchState, RawDocument, Reading, Source

#: Keys a source may remember; the oldest are forgotten first.
MAX_MEMORY_KEYS = 1000
MAX_MEMORY_CHARS = 2048

#: Fetches one page; the first one conditionally, hence perhaps without a body.
Fetch = Callable[[str, FetchState], Awaitable[Fetched]]
#: Reads one page in a worker.
Read = Callable[[Page, Mapping[str, str]], Awaitable[Step]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What a whole walk brought."""

    first: Fetched
    is_unchanged: bool = False  # the first page is the one we know: nothing else was asked for
    reading: Reading
    memory: Mapping[str, str]
    byte_count: int
    is_used_up: bool = False  # pages were left out for the budget
    has_failed_pages: bool = False
    is_signpost: bool = False  # its first page tells nothing of the others

    @property
    def is_complete(self) -> bool:
        """Whether everything the source offered was read, so that its first page stands for it."""
        return not (self.is_used_up or self.has_failed_pages or self.is_signpost)


async def walk_source(
    source: Source,
    state: FetchState,
    *,
    walk: Walk,
    fetch: Fetch,
    read: Read,
    is_known: Callable[[bytes], bool],
    now: datetime,
    max_pages: int,
) -> Walked:
    """Walk one source.

    Args:
        source: What to visit.
        state: What we remember of it.
        walk: How its kind is read.
        fetch: Fetches a page at its host's pace.
        read: Reads a page within its deadline.
        is_known: Whether a body is the first page as the last visit left it.
        now: The visit.
        max_pages: The budget.

    Raises:
        CollectError: Of the first page.
    """
    trip = _Trip(source, state)
    requests = walk.start(source, trip.memory, now=now)
    # The first page stands for the visit only where the visit starts from one page.
    stands = len(requests) == 1
    first_state = state if stands else FetchState(source_id=source.source_id)
    trip.add(requests)
    while trip.waiting and trip.page_count < max_pages:
        request = trip.waiting.popleft()
        is_first = trip.first is None
        try:
            visited = first_state if is_first else FetchState(source_id=source.source_id)
            fetched = await fetch(request.url, visited)
            if is_first and stands and (fetched.body is None or is_known(fetched.body)):
                return trip.unchanged(fetched)
            step = await read(_page(request, fetched), trip.memory)
        except CollectError as error:
            if is_first:
                raise
            trip.fail(error)
        else:
            trip.take(fetched, step)
    return trip.end()


def _page(request: PageRequest, fetched: Fetched) -> Page:
    return Page(
        request=request,
        url=fetched.url,
        body=fetched.body or b"",
        content_type=fetched.content_type,
        headers=fetched.headers,
    )


@dataclass(slots=True)
class _Trip:
    """One walk under way."""

    source: Source
    state: FetchState
    memory: dict[str, str] = field(init=False)
    waiting: deque[PageRequest] = field(default_factory=deque)
    asked: set[str] = field(default_factory=set)
    documents: dict[tuple[str, str | int], RawDocument] = field(default_factory=dict)
    found: set[str] = field(default_factory=set)
    first: Fetched | None = None
    title: str = ""
    site_url: str | None = None
    page_count: int = 0
    byte_count: int = 0
    has_failed_pages: bool = False
    is_signpost: bool = False

    def __post_init__(self) -> None:
        self.memory = dict(self.state.memory)

    def add(self, requests: tuple[PageRequest, ...]) -> None:
        """Queue the pages that were not asked for yet."""
        for request in requests:
            url = absolute_url(request.url, None)
            if url is None or url in self.asked:
                continue
            self.asked.add(url)
            self.waiting.append(request)

    def take(self, fetched: Fetched, step: Step) -> None:
        """Add what a page brought."""
        if self.first is None:
            self.first, self.is_signpost = fetched, step.is_signpost
        self.page_count += 1
        self.byte_count += len(fetched.body or b"")
        self.found.update(step.faults, fetched.faults)
        self.title = self.title or step.title or ""
        self.site_url = self.site_url or step.site_url
        for name, value in step.memory.items():
            self.memory.pop(name, None)  # to the end: what was used last is forgotten last
            if value and len(value) <= MAX_MEMORY_CHARS:
                self.memory[name] = value
        self._add_documents(step.documents)
        self.add(step.requests)

    def _add_documents(self, documents: tuple[RawDocument, ...]) -> None:
        """Add a page's documents; one that an earlier page brought is completed by the later."""
        earlier = set(self.documents)
        for number, document in enumerate(documents):
            name = document.guid or document.url
            key: tuple[str, str | int] = (name or "", "" if name else len(self.documents))
            if key in self.documents and key not in earlier:
                key = (name or "", f"{self.page_count}-{number}")  # twice on one page: kept, named
            self.documents[key] = document

    def fail(self, error: CollectError) -> None:
        """Note a page that could not be read; the rest of the visit stays."""
        self.page_count += 1
        self.has_failed_pages = True
        self.found.update((faults.PAGE_NOT_READ, error.reason))

    def unchanged(self, fetched: Fetched) -> Walked:
        """Return the walk that ended on its first page."""
        return Walked(
            first=fetched,
            is_unchanged=True,
            reading=Reading(
                kind=self.source.kind.value, title="", site_url=None, documents=(), faults=()
            ),
            memory=self.state.memory,
            byte_count=len(fetched.body or b""),
        )

    def end(self) -> Walked:
        """Return what was walked."""
        if self.first is None:
            raise AssertionError("a walk starts with at least one page")
        is_used_up = bool(self.waiting)
        if is_used_up:
            self.found.add(faults.TOO_MANY_PAGES)
        return Walked(
            first=self.first,
            reading=Reading(
                kind=self.source.kind.value,
                title=self.title,
                site_url=self.site_url,
                documents=tuple(self.documents.values()),
                faults=faults.in_order(self.found),
            ),
            memory=MappingProxyType(dict(list(self.memory.items())[-MAX_MEMORY_KEYS:])),
            byte_count=self.byte_count,
            is_used_up=is_used_up,
            has_failed_pages=self.has_failed_pages,
            is_signpost=self.is_signpost,
        )
