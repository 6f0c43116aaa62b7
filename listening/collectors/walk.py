"""A walk: the kinds of source that need several pages, as pure functions over pages.

A walk says where to start and what a page holds: documents, further pages, and what to remember.
It never touches the network: ``listening.collectors.walking`` owns pace, limits and budget, and
pages are read in the worker processes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from listening.model import RawDocument, Source

#: Headers of an answer that a walk may look at, in lower case.
KEPT_HEADERS = frozenset({"link", "x-wp-total", "x-wp-totalpages", "last-modified", "etag"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """One page that a walk would like to read."""

    url: str  # absolute http(s)
    role: str  # what the page is for the walk: index, thread, posts, article, comments …
    context: Mapping[str, str] = field(default_factory=dict)  # comes back with the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page that was read."""

    request: PageRequest
    url: str  # after redirects; "" when unknown (a recorded page)
    body: bytes  # decompressed, within limits
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # of KEPT_HEADERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one page brought."""

    documents: tuple[RawDocument, ...] = ()
    requests: tuple[PageRequest, ...] = ()  # in order of worth; the budget may cut them
    #: Replaces keys of the source's memory; "" forgets a key. Kept only if the visit is kept.
    memory: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    title: str | None = None  # of the source
    site_url: str | None = None
    is_signpost: bool = False  # what it leads to may change while the page itself does not


class Walk(Protocol):
    """One kind of source that is read page by page; stateless."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the first pages of a visit; the visit fails when the very first one does.

        Args:
            source: What to visit.
            memory: What earlier visits left.
            now: The visit.
        """
        ...

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return what a page holds; runs in a worker process with a deadline.

        Args:
            page: With the context of its request.
            memory: What earlier visits left, and the pages of this one so far.
            now: The visit; later dates are refused.

        Raises:
            UnreadableSourceError: The page is not what its role promises. Nothing else.
        """
        ...

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return the role that a page found on its own has, guessed from its content."""
        ...
