"""The kinds of source: one reader each, in a dictionary one can read."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from listening.collectors.feed import read_feed
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


#: Add a kind of source here, and only here; a test fails if a SourceKind is missing.
READERS: Mapping[SourceKind, Reader] = MappingProxyType({SourceKind.FEED: read_feed})
