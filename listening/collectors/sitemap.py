"""Sitemaps, for sites without a feed: pages that are new or changed since the last visit, in full.

Oldest first, so that a visit that its budget cuts short is continued by the next. A first visit
looks back a few days only: an archive is no news. Pages without a date are known by their address,
as long as there are few of them.

Source: https://www.sitemaps.org/protocol.html and Google's news extension.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from lxml import etree

from listening.collectors import faults
from listening.collectors.extract import read_article
from listening.collectors.identity.canonical import absolute_url, host_of
from listening.collectors.reading.dates import LATEST_AHEAD, parse_date
from listening.collectors.walk import Page, PageRequest, Step
from listening.collectors.web.body import BodyError, unpacked
from listening.errors import UnreadableSourceError
from listening.model import DateQuality, Source

#: How far a first visit looks back.
FIRST_LOOK_BACK = timedelta(days=3)
#: Pages of one sitemap without a date that are remembered by their address, four characters each,
#: within MAX_MEMORY_CHARS; with more of them, they are left out.
MAX_UNDATED = 500
#: Before the marks of a sitemap's pages: one that has none yet has been visited all the same.
_VISITED = "."
#: Sitemaps of an index that one visit opens.
_MAX_MAPS = 8
_MAX_BYTES = 50_000_000  # the protocol's own limit
_NEWSY = ("news", "post", "article", "actu", "blog", "recent", "latest")


@dataclass(frozen=True, slots=True)
class _Entry:
    url: str
    changed_at: datetime | None
    title: str
    published: str  # of the news extension

    @property
    def place(self) -> str:
        """Order of reading: by date, then address; compares as text."""
        return f"{_place(self.changed_at)} {self.url}" if self.changed_at else ""


class Sitemap:
    """Walks a sitemap, or an index of sitemaps, to the pages that changed."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the sitemap."""
        del memory
        first = _place(now - (source.history or FIRST_LOOK_BACK))
        return (PageRequest(url=source.url, role="map", context={"first": first}),)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return the sitemaps of an index, the new pages of a sitemap, or a page's article."""
        if page.request.role == "article":
            return _read_page(page, memory, now=now)
        root = _root(page)
        is_index = etree.QName(root).localname == "sitemapindex"
        host = host_of(page.url) if page.url else None
        entries = [one for one in _entries(root, page.url or None, now=now)
                   if host is None or host_of(one.url) == host]  # fmt: skip
        if is_index:
            first = memory.get("opened") or page.request.context.get("first", "")
            return Step(
                requests=_maps(entries, first, page.request.context),
                memory={"opened": _place(now - FIRST_LOOK_BACK)},
                site_url=_home(page.url),
                is_signpost=any(one.changed_at is None for one in entries),
            )
        first = page.request.context.get("first") or _place(now - FIRST_LOOK_BACK)
        return _new_pages(page.url, entries, memory, first=first)

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return whether a recorded page is a sitemap or an article."""
        del url
        head = body[:2000].lower()
        is_map = b"<urlset" in head or b"<sitemapindex" in head or body.startswith(b"\x1f\x8b")
        return "map" if is_map else "article"


def _root(page: Page) -> Any:
    try:
        body = unpacked(page.body, limit=_MAX_BYTES)
    except BodyError as error:
        raise UnreadableSourceError(page.url, error.reason) from error
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableSourceError(page.url, faults.MALFORMED_XML) from error
    if root is None or etree.QName(root).localname not in {"urlset", "sitemapindex"}:
        raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
    return root


def _entries(root: Any, base: str | None, *, now: datetime) -> Iterable[_Entry]:
    for element in root.iter("{*}url", "{*}sitemap"):
        values = {
            etree.QName(child).localname: (child.text or "").strip()
            for child in element.iter()
            if isinstance(child.tag, str) and child is not element
        }
        url = absolute_url(values.get("loc"), base)
        stated = parse_date(values.get("lastmod")) or parse_date(values.get("publication_date"))
        changed_at = stated[0] if stated and stated[0] <= now + LATEST_AHEAD else None
        if url:
            yield _Entry(
                url, changed_at, values.get("title", ""), values.get("publication_date", "")
            )


def _maps(
    entries: Iterable[_Entry], first: str, context: Mapping[str, str]
) -> tuple[PageRequest, ...]:
    """Return the sitemaps worth opening: changed since we looked, then those named after news."""
    lately = [one for one in entries if one.changed_at and one.place >= first]
    undated = [one for one in entries if one.changed_at is None]
    named = [one for one in undated if any(word in one.url.lower() for word in _NEWSY)]
    lately.sort(key=lambda one: one.place, reverse=True)
    chosen = [*lately, *(named or undated[-_MAX_MAPS:])][:_MAX_MAPS]
    return tuple(PageRequest(url=one.url, role="map", context=context) for one in chosen)


def _place(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%S}"


def _new_pages(url: str, entries: list[_Entry], memory: Mapping[str, str], *, first: str) -> Step:
    """Return the pages to read, with what to remember once each is read."""
    cursor = "since:" + _digest(url)
    since = memory.get(cursor, first)
    dated = sorted((one for one in entries if one.place > since), key=lambda one: one.place)
    requests = [_request(one, cursor, one.place) for one in dated]
    undated = [one for one in entries if one.changed_at is None]
    found = set()
    remembered: dict[str, str] = {}
    if len(undated) > MAX_UNDATED:
        found.add(faults.SITEMAP_WITHOUT_DATES)
    else:
        fresh, remembered = _unknown(url, undated, memory)
        requests += fresh
    return Step(
        requests=tuple(requests),
        memory={cursor: since, **remembered},
        faults=faults.in_order(found),
        site_url=_home(url),
    )


def _unknown(
    url: str, undated: list[_Entry], memory: Mapping[str, str]
) -> tuple[list[PageRequest], dict[str, str]]:
    """Return the pages without a date that a sitemap has new, and the marks of the others.

    A first visit knows them all. What is new is marked once it has been read.
    """
    key = "pages:" + _digest(url)
    marks = {_mark(one.url): one for one in undated}
    spelt_out = {"page:" + _digest(one.url): mark for mark, one in marks.items()}  # until 0.1.0
    carried = {name: mark for name, mark in spelt_out.items() if name in memory}
    known = memory.get(key, _VISITED + "".join(carried.values()) if carried else None)
    if known is None:
        return [], {key: _VISITED + "".join(marks)}
    old = {known[at : at + 4] for at in range(len(_VISITED), len(known), 4)}
    fresh = [_request(one, key, mark) for mark, one in marks.items() if mark not in old]
    kept = "".join(mark for mark in marks if mark in old)
    return fresh, {key: _VISITED + kept, **dict.fromkeys(carried, "")}


def _request(entry: _Entry, key: str, value: str) -> PageRequest:
    context = {
        "key": key,
        "value": value,
        "url": entry.url,
        "changed": entry.changed_at.isoformat() if entry.changed_at else "",
        "published": entry.published,
    }
    return PageRequest(url=entry.url, role="article", context=context)


def _read_page(page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
    """Return a page's article; the sitemap's date stands in where the page has none."""
    reading = read_article(page.body, content_type=page.content_type, url=page.url or None, now=now)
    (article,) = reading.documents
    known = page.request.context
    stated = parse_date(known.get("published")) or parse_date(known.get("changed"))
    found = set(reading.faults)
    if article.published_at is None and stated is not None:
        found.discard(faults.DATE_MISSING)
        article = replace(
            article, published_at=stated[0], published_at_quality=DateQuality.INFERRED
        )
    return Step(
        documents=(article,),
        memory=_after_reading(known, memory),
        faults=faults.in_order(found),
    )


def _after_reading(context: Mapping[str, str], memory: Mapping[str, str]) -> dict[str, str]:
    """Return what to remember of a page: its place in the order, or its mark beside the others."""
    key = context.get("key")
    if not key:
        return {}
    before = "" if context.get("changed") else memory.get(key, _VISITED)
    return {key: before + context["value"]}


def _mark(url: str) -> str:
    """Return four characters for an address: 1 in 30,000 that one of 500 has them already."""
    return urlsafe_b64encode(hashlib.sha256(url.encode("utf-8", "replace")).digest()[:3]).decode()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _home(url: str) -> str | None:
    return "/".join(url.split("/")[:3]) + "/" if url else None
