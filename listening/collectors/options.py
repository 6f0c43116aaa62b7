"""Limits and manners of one collection, passed in by whoever starts it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

from listening.model import OffHours

#: Name that robots.txt files address us by.
ROBOTS_NAME = "Vigie"


class CollectLimits(Protocol):
    """What a client's configuration says of collecting (``listening.config.CollectSpec``)."""

    @property
    def allow_hosts(self) -> tuple[str, ...]: ...  # noqa: D102 - explained in CollectOptions
    @property
    def concurrency(self) -> int: ...  # noqa: D102
    @property
    def per_host_interval_s(self) -> float: ...  # noqa: D102
    @property
    def timeout_s(self) -> float: ...  # noqa: D102
    @property
    def max_body_mb(self) -> float: ...  # noqa: D102
    @property
    def max_documents(self) -> int: ...  # noqa: D102
    @property
    def max_pages(self) -> int: ...  # noqa: D102
    @property
    def off_hours(self) -> OffHours | None: ...  # noqa: D102
    @property
    def respect_robots(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectOptions:
    """How far one collection may go."""

    user_agent_contact: str  # URL or mailto: that a site's owner can use
    allow_hosts: tuple[str, ...] = ()  # host or host:port that may be private
    concurrency: int = 100  # requests at once, over all hosts
    per_host_interval_s: float = 2.0  # between two requests to one host
    timeout_s: float = 20.0  # for one answer, redirects included
    max_body_bytes: int = 10_000_000  # compressed, and decompressed
    max_documents: int = 2000  # items of one source
    max_pages: int = 20  # of one source in one visit, for kinds that need several
    respect_robots: bool = True
    timezone: str = "UTC"  # IANA: of dates without a zone, at sources that name none
    robots_folder: Path | None = None  # keeps robots.txt files for a day; None: for one run
    off_hours: OffHours | None = None  # in which no host is visited, on the clock of timezone
    host_hours: Mapping[str, frozenset[OffHours]] = field(default_factory=dict)  # of single hosts
    parse_timeout_s: float = 10.0  # for reading one body
    parse_workers: int = 2  # processes
    batch_deadline_s: float = 9_000.0  # no visit begins later, of any batch; a task has 3 h

    @classmethod
    def from_limits(
        cls,
        limits: CollectLimits,
        *,
        contact: str,
        timezone: str = "UTC",
        robots_folder: Path | None = None,
        host_hours: Mapping[str, frozenset[OffHours]] | None = None,
    ) -> "CollectOptions":
        """Build the options a client's configuration asks for; all else is the client's too."""
        return cls(
            user_agent_contact=contact,
            allow_hosts=tuple(limits.allow_hosts),
            concurrency=limits.concurrency,
            per_host_interval_s=limits.per_host_interval_s,
            timeout_s=limits.timeout_s,
            max_body_bytes=int(limits.max_body_mb * 1_000_000),
            max_documents=limits.max_documents,
            max_pages=limits.max_pages,
            respect_robots=limits.respect_robots,
            timezone=timezone,
            robots_folder=robots_folder,
            off_hours=limits.off_hours,
            host_hours=host_hours or {},
        )

    @property
    def user_agent(self) -> str:
        """Honest name, version and contact; nothing that could end the header line."""
        contact = "".join(c for c in self.user_agent_contact if c.isascii() and c.isprintable())
        return f"{ROBOTS_NAME}/{_own_version()} (+{contact})"


def _own_version() -> str:
    try:
        return version("vigie")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "dev"
