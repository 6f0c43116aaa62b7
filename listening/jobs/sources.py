"""Sources, tried live for a person: nothing is stored."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from listening.collectors.collect import visit_source
from listening.collectors.discovery.discover import Found, discover
from listening.collectors.discovery.engine import detect_kind
from listening.collectors.discovery.recipes import closed_network
from listening.collectors.options import CollectOptions
from listening.config.field import slug_of
from listening.config.load import ClientConfig
from listening.errors import ConfigError
from listening.jobs.context import JobContext
from listening.model import Reading, Source, SourceKind, SourceRun, SourceType
from listening.translate import mark


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """What one live visit found."""

    visit: SourceRun
    title: str | None
    titles: tuple[str, ...]
    newest_at: datetime | None

    def to_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        visit = self.visit
        return {
            "source_id": visit.source_id,
            "status": visit.status,
            "reason": visit.reason,
            "http_status": visit.http_status,
            "documents": visit.document_count,
            "faults": visit.faults,
            "newest_at": self.newest_at,
            "duration_s": round(visit.duration_s, 3),
        }


async def check_sources(context: JobContext, sources: Sequence[Source]) -> list[SourceCheck]:
    """Visit sources at once, each as a night would, and return what was found, in order."""
    options = _options(context)
    visits = (visit_source(source, options=options, clock=context.clock) for source in sources)
    return [_check(visit, reading) for visit, reading in await asyncio.gather(*visits)]


async def find_sources(context: JobContext, source: Source) -> list[Found]:
    """Try what a pasted address may offer and return all that was tried, the best first."""
    options = _options(context)
    return await discover(source, options=options, clock=context.clock, detect=detect_kind)


def _options(context: JobContext) -> CollectOptions:
    """Return the client's limits without its off hours: somebody is waiting for the answer."""
    config = context.config
    options = CollectOptions.from_limits(
        config.collect, contact=config.contact, timezone=config.timezone
    )
    return replace(options, off_hours=None)


def sample_of(found: Found) -> SourceCheck:
    """Return what is shown of an address that was tried."""
    return _check(found.run, found.reading)


def source_for(
    url: str, config: ClientConfig, *, source_id: str | None, source_type: str | None
) -> Source:
    """Return the source that an address would become.

    Without a type it is a blog, until a recipe knows better.

    Raises:
        ConfigError: The address or the type is none, or the client has it already, or the network
            is one that gives no open way in.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(mark("{url} is no web address"), hint="https://…", values={"url": url})
    if network := closed_network(url):
        raise ConfigError(
            mark("{network} gives no open way in"),
            hint=mark("download your export there, then: vigie import FILE --source ID"),
            values={"network": network},
        )
    try:
        kind_of_place = SourceType(source_type or SourceType.BLOG)
    except ValueError as error:
        raise ConfigError(
            mark("{type} is no type of source"),
            hint=", ".join(SourceType),
            values={"type": str(source_type)},
        ) from error
    for known in config.sources:
        if known.url == url:
            raise ConfigError(
                mark("this address is already a source: {source}"),
                values={"source": known.source_id},
            )
    taken = {source.source_id for source in config.sources}
    wanted = source_id or slug_of(parts.hostname.removeprefix("www."))
    if source_id in taken:
        raise ConfigError(
            mark("the id {source} is taken"), hint="--id …", values={"source": source_id or ""}
        )
    number, unique = 2, wanted
    while unique in taken:
        unique, number = f"{wanted}-{number}", number + 1
    return Source(source_id=unique, kind=SourceKind.FEED, url=url, source_type=kind_of_place)


def _check(visit: SourceRun, reading: Reading | None) -> SourceCheck:
    if reading is None:
        return SourceCheck(visit, None, (), None)
    dates = [one.published_at for one in reading.documents if one.published_at is not None]
    titles = tuple(one.title or one.text[:80] for one in reading.documents)
    return SourceCheck(visit, reading.title, titles, max(dates, default=None))
