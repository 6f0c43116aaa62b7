"""What a worker process is asked: a module of its own, so that both sides know the same classes.

The worker is run as ``__main__``; a class defined there would not be the one that is sent to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from listening.collectors.walk import Page
from listening.model import SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One body to read."""

    kind: SourceKind | None  # None: found from the body
    body: bytes
    content_type: str | None
    url: str | None
    source_id: str
    now: datetime
    zone: str = "UTC"  # IANA: of the dates that name none


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTask:
    """One page of a walk to read."""

    kind: SourceKind
    page: Page
    memory: Mapping[str, str]
    source_id: str
    now: datetime
    zone: str = "UTC"  # as above
