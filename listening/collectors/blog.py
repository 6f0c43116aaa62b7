"""Blogs whose feed only has the beginnings: the full text of each new item, from its page.

An item is fetched once, and again when the feed shows it changed; what was read before is not
shown again, so that the beginning in the feed never passes for an edit of the whole text.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from listening.collectors import faults
from listening.collectors.extract import read_article
from listening.collectors.feeds.flavour import read_any_feed
from listening.collectors.identity.canonical import canonical_url
from listening.collectors.reading.dates import parse_date
from listening.collectors.walk import Page, PageRequest, Step
from listening.model import DateQuality, RawDocument, Source

#: A feed that gives so many characters and does not end in an ellipsis gives the whole text.
FULL_TEXT_CHARS = 1500
_CUT_ENDS = ("…", "...", "[…]", "[...]", "lire la suite", "read more", "continue reading", "→")
_TAIL_CHARS = 40


class Blog:
    """Walks a feed and the pages of its new items."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the feed."""
        del memory, now
        return (PageRequest(url=source.url, role="feed"),)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return the new items of a feed, or one of them with its full text."""
        if page.request.role == "article":
            return _read_page(page, now=now)
        reading = read_any_feed(
            page.body, content_type=page.content_type, url=page.url or None, now=now
        )
        fresh = [one for one in reading.documents if memory.get(_key(one)) != _mark(one)]
        waiting = [one for one in fresh if one.url and is_cut(one.text)]
        whole = [one for one in fresh if one not in waiting]
        return Step(
            documents=tuple(fresh),
            requests=tuple(_request(one) for one in waiting),
            # Items that are known stay known: what is used is forgotten last.
            memory={
                _key(one): _mark(one)
                for one in reading.documents
                if one in whole or one not in fresh
            },
            faults=reading.faults,
            title=reading.title,
            site_url=reading.site_url,
        )

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return whether a recorded page is the feed or an article."""
        del url
        head = body[:2000].lower()
        is_page = b"<html" in head or b"<!doctype html" in head
        return "article" if is_page else "feed"


def is_cut(text: str) -> bool:
    """Return whether a feed's text is only a beginning."""
    tail = text[-_TAIL_CHARS:].rstrip().lower()
    return len(text) < FULL_TEXT_CHARS or tail.endswith(_CUT_ENDS)


def _key(document: RawDocument) -> str:
    name = canonical_url(document.url) or document.guid or document.title
    return "read:" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]


def _mark(document: RawDocument) -> str:
    """Return what tells whether the feed shows an item as it did."""
    content = f"{document.title}\n{document.text}".encode("utf-8", "replace")
    return hashlib.sha256(content).hexdigest()[:16]


def _request(document: RawDocument) -> PageRequest:
    """Ask for an item's page; all that the feed says of it comes back with it."""
    published = document.published_at
    values = {
        "key": _key(document),
        "mark": _mark(document),
        "guid": document.guid or "",
        "url": document.url or "",
        "title": document.title,
        "text": document.text,
        "author": document.author or "",
        "language": document.language or "",
        "published": published.isoformat() if published else "",
        "quality": document.published_at_quality.value,
    }
    return PageRequest(url=document.url or "", role="article", context=values)


def _read_page(page: Page, *, now: datetime) -> Step:
    """Return the item with the text of its page, wherever that is longer."""
    reading = read_article(page.body, content_type=page.content_type, url=page.url or None, now=now)
    (article,) = reading.documents
    known = page.request.context
    if not known.get("key"):
        return Step(documents=(article,), faults=reading.faults)
    given = parse_date(known["published"])
    text = article.text if len(article.text) > len(known["text"]) else known["text"]
    document = replace(
        article,
        guid=known["guid"] or None,
        url=known["url"],
        title=known["title"] or article.title,
        text=text,
        author=known["author"] or article.author,
        published_at=given[0] if given else article.published_at,
        published_at_quality=(
            DateQuality(known["quality"]) if given else article.published_at_quality
        ),
        language=known["language"] or article.language,
    )
    found = {fault for fault in reading.faults if fault != faults.DATE_MISSING}
    return Step(
        documents=(document,),
        memory={known["key"]: known["mark"]},
        faults=faults.in_order(found),
    )
