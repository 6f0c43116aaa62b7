"""Hacker News: stories and comments that name something, newest first, by Algolia's open search.

Source: https://hn.algolia.com/api (no key; up to 1,000 hits of one query).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from listening.collectors import faults
from listening.collectors.reading.jsonpage import dicts_at, int_at, json_of, make_post, text_at
from listening.collectors.reading.plaintext import one_line, plain_text
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Source

_ITEM = "https://news.ycombinator.com/item?id="
_HITS = "100"
_DEFAULTS = {"tags": "(story,comment)", "hitsPerPage": _HITS}


class HackerNews:
    """Walks ``https://hn.algolia.com/api/v1/search_by_date?query=…``."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the newest page, since the newest hit of the last visit."""
        parts = urlsplit(source.url)
        query = _DEFAULTS | dict(parse_qsl(parts.query))
        first = str(int((now - source.history).timestamp())) if source.history else ""
        if since := memory.get("since") or first:
            query["numericFilters"] = f"created_at_i>={since}"
        url = urlunsplit(parts._replace(query=urlencode(query), fragment=""))
        return (PageRequest(url=url, role="posts"),)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return the hits of one page; the cursor moves when the last page was read."""
        answer = json_of(page)
        if not isinstance(answer, dict) or not isinstance(answer.get("hits"), list):
            raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
        found: set[str] = set()
        hits = list(dicts_at(answer, "hits"))
        newest = max((int_at(hit, "created_at_i") or 0 for hit in hits), default=0)
        newest = max(newest, int(page.request.context.get("newest", memory.get("since", "0"))))
        number, count = int_at(answer, "page") or 0, int_at(answer, "nbPages") or 0
        has_more = number + 1 < count and bool(hits)
        return Step(
            documents=tuple(_document(hit, found=found, now=now) for hit in hits),
            requests=(_next(page, number + 1, newest),) if has_more else (),
            memory={} if has_more else {"since": str(newest)},
            faults=faults.in_order(found),
        )

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return the only role there is."""
        del body, url
        return "posts"


def _next(page: Page, number: int, newest: int) -> PageRequest:
    parts = urlsplit(page.url)
    query = dict(parse_qsl(parts.query)) | {"page": str(number)}
    url = urlunsplit(parts._replace(query=urlencode(query)))
    return PageRequest(url=url, role="posts", context={"newest": str(newest)})


def _document(hit: dict[str, Any], *, found: set[str], now: datetime) -> RawDocument:
    number = text_at(hit, "objectID")
    parent = text_at(hit, "parent_id")
    link = text_at(hit, "url")
    body = text_at(hit, "comment_text") or text_at(hit, "story_text")
    return make_post(
        guid=number,
        url=f"{_ITEM}{number}" if number else None,
        title=one_line(text_at(hit, "title") or text_at(hit, "story_title")),
        text="\n".join(part for part in (plain_text(body), link) if part),
        author=text_at(hit, "author"),
        published=text_at(hit, "created_at"),
        in_reply_to=parent or None,
        found=found,
        now=now,
    )
