"""What every address of the demonstration's web holds: feeds, pages, robots.txt, and the faults."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from types import MappingProxyType

from listening.demo.compose import DemoItem
from listening.demo.feeds import CONTENT_TYPES, encoding, render_feed
from listening.demo.pages import render_article, render_home
from listening.demo.world import DemoSource, Fault, Quirk, demo_sources

HTML = "text/html; charset=utf-8"
_FAULT_STATUS: Mapping[Fault, HTTPStatus] = MappingProxyType(
    {
        Fault.NOT_FOUND: HTTPStatus.NOT_FOUND,
        Fault.GONE: HTTPStatus.GONE,
        Fault.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What one address holds."""

    body: bytes
    content_type: str
    status: HTTPStatus = HTTPStatus.OK
    last_modified: datetime | None = None
    is_compressible: bool = False
    latency_s: float = 0.0

    @property
    def etag(self) -> str:
        """Strong validator over the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def site_resources(
    items: Sequence[DemoItem], *, port: int, slow_s: float
) -> dict[tuple[str, str], Resource]:
    """Return everything that the sites hold, by host and path."""
    by_source: dict[str, list[DemoItem]] = {}
    for item in items:
        by_source.setdefault(item.source_id, []).append(item)
    held: dict[tuple[str, str], Resource] = {}
    for source in demo_sources():
        shown = by_source.get(source.source_id, [])
        held[source.host, "/robots.txt"] = _robots(source)
        held[source.host, "/"] = _html(render_home(source, shown, port=port))
        held[source.host, source.path] = _feed(source, shown, port=port, slow_s=slow_s)
        for item in shown:
            if item.link_source_id == source.source_id:
                held[source.host, item.path] = _html(render_article(source, item))
    return held


def _feed(source: DemoSource, items: Sequence[DemoItem], *, port: int, slow_s: float) -> Resource:
    status = _FAULT_STATUS.get(source.fault) if source.fault else None
    if status is not None:
        body = f"<!doctype html><title>{status.phrase}</title><p>{status.phrase}</p>"
        return Resource(body=body.encode(), content_type=HTML, status=status)
    if source.fault is Fault.PAGE:
        return _html(render_home(source, items, port=port))
    newest = items[-1].published_at if items else datetime(2024, 1, 1, tzinfo=UTC)
    return Resource(
        body=render_feed(source, items, port=port),
        content_type=f"{CONTENT_TYPES[source.form]}; charset={encoding(source)}",
        last_modified=newest,
        is_compressible=Quirk.GZIP in source.quirks,
        latency_s=slow_s if source.fault is Fault.SLOW else 0.0,
    )


def _html(text: str) -> Resource:
    return Resource(body=text.encode(), content_type=HTML)


def _robots(source: DemoSource) -> Resource:
    rule = "Disallow: /" if source.fault is Fault.ROBOTS else "Disallow:"
    body = f"User-agent: *\n{rule}\n"
    return Resource(body=body.encode(), content_type="text/plain; charset=utf-8")
