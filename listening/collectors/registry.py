"""The kinds of source: one reader or one walk each, in dictionaries one can read."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from listening.collectors.extract import read_article
from listening.collectors.feed import read_feed
from listening.collectors.hackernews import HackerNews
from listening.collectors.walk import Walk
from listening.model import Reading, SourceKind


class Reader(Protocol):
    """Turns one body into documents; runs in a worker process with a deadline.

    Raises nothing but ``UnreadableSourceError``.
    """

    def __call__(
        self, body: bytes, *, content_type: str | None, url: str | None, now: datetime
    ) -> Reading:
        """Return what the body holds."""
        ...


# Add a kind of source here, and only here; a test fails if a SourceKind is missing.

#: Kinds whose sources are one body.
READERS: Mapping[SourceKind, Reader] = MappingProxyType(
    {SourceKind.FEED: read_feed, SourceKind.PAGE: read_article}
)

#: Kinds whose sources are walked page by page.
WALKS: Mapping[SourceKind, Walk] = MappingProxyType({SourceKind.HACKERNEWS: HackerNews()})
