"""Mastodon by its API: a hashtag's, an account's or an instance's public statuses.

Addresses: ``/api/v1/timelines/tag/TAG``, ``/api/v1/timelines/public``,
``/api/v1/accounts/ID/statuses``; 300 requests in five minutes for one address. Some instances show
timelines to their members only: those answer 401 or 422 and need the RSS feed instead.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from listening.collectors import faults
from listening.collectors.reading.htmltext import without_quotes
from listening.collectors.reading.jsonpage import dicts_at, json_of, make_post, text_at
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Source

_LIMIT = 40
_TAG = re.compile(r"/tags?/([^/?#]+)")


class Mastodon:
    """Walks a public timeline back to the last status we read."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the newest statuses."""
        del now
        parts = urlsplit(source.url)
        path = parts.path
        if "/api/" not in path:
            tag = _TAG.search(path)
            path = f"/api/v1/timelines/tag/{tag[1]}" if tag else "/api/v1/timelines/public"
        query = {"limit": str(_LIMIT)} | dict(parse_qsl(parts.query))
        if not _TAG.search(path) and "timelines/public" in path:
            query.setdefault("local", "true")
        if since := memory.get("since"):
            query["since_id"] = since
        url = f"{parts.scheme}://{parts.netloc}{path}?{urlencode(query)}"
        return (PageRequest(url=url, role="posts"),)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return a page of statuses; boosts are left to those who wrote them."""
        answer = json_of(page)
        statuses = answer.get("statuses") if isinstance(answer, dict) else answer
        if not isinstance(statuses, list):
            raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
        found: set[str] = set()
        rows = list(dicts_at(statuses))
        documents = tuple(
            _document(row, now=now, found=found) for row in rows if not row.get("reblog")
        )
        ids = [text_at(row, "id") for row in rows if text_at(row, "id")]
        newest = page.request.context.get("newest") or max(ids, key=_as_number, default="")
        newest = newest or memory.get("since", "")
        has_more = len(rows) >= _LIMIT and bool(page.url)
        oldest = min(ids, key=_as_number, default="")
        return Step(
            documents=documents,
            requests=(_next(page, oldest, newest),) if has_more else (),
            memory={} if has_more else {"since": newest},
            faults=faults.in_order(found),
        )

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return the only role there is."""
        del body, url
        return "posts"


def _as_number(text: str) -> tuple[int, str]:
    return len(text), text


def _next(page: Page, oldest: str, newest: str) -> PageRequest:
    parts = urlsplit(page.url)
    query = dict(parse_qsl(parts.query)) | {"max_id": oldest}
    url = parts._replace(query=urlencode(query)).geturl()
    return PageRequest(url=url, role="posts", context={"newest": newest})


def _document(row: dict[str, Any], *, now: datetime, found: set[str]) -> RawDocument:
    warning = text_at(row, "spoiler_text")
    body = without_quotes(text_at(row, "content"))
    tags = tuple(text_at(tag, "name") for tag in dicts_at(row, "tags"))
    return make_post(
        guid=text_at(row, "uri") or text_at(row, "id"),
        url=text_at(row, "url") or text_at(row, "uri") or None,
        title="",
        text="\n".join(part for part in (warning, body) if part),
        author=text_at(row, "account", "acct"),
        published=text_at(row, "created_at"),
        edited=text_at(row, "edited_at"),
        language=text_at(row, "language"),
        in_reply_to=text_at(row, "in_reply_to_id") or None,
        tags=tags,
        found=found,
        now=now,
    )
