"""Lemmy by its API: the posts and comments of a community, or of a search, newest first.

Addresses: ``/api/v3/post/list``, ``/api/v3/comment/list``, ``/api/v3/search``. A source may be the
address of a community: ``https://lemmy.example/c/NAME``.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from listening.collectors import faults
from listening.collectors.reading.jsonpage import dicts_at, dig, json_of, make_post, text_at
from listening.collectors.reading.markdown import markdown_text
from listening.collectors.reading.plaintext import one_line
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Source

_LIMIT = "50"
_COMMUNITY = re.compile(r"/c/([^/?#]+)")


class Lemmy:
    """Walks an instance, a community, or a search."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the first page of posts, and of comments unless the address is an API's own."""
        del memory, now
        parts = urlsplit(source.url)
        query = {"sort": "New", "limit": _LIMIT} | dict(parse_qsl(parts.query))
        origin = f"{parts.scheme}://{parts.netloc}"
        if "/api/" in parts.path:
            return (PageRequest(url=f"{origin}{parts.path}?{urlencode(query)}", role="posts"),)
        if "q" in query:
            query |= {"type_": "All"}
            return (PageRequest(url=f"{origin}/api/v3/search?{urlencode(query)}", role="posts"),)
        if name := _COMMUNITY.search(parts.path):
            query["community_name"] = name[1]
        query.setdefault("type_", "All" if "community_name" in query else "Local")
        return tuple(
            PageRequest(url=f"{origin}/api/v3/{what}/list?{urlencode(query)}", role=what)
            for what in ("post", "comment")
        )

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return the posts and comments of a page; older pages until a known one."""
        answer = json_of(page)
        if not isinstance(dig(answer, "posts"), list) and not isinstance(
            dig(answer, "comments"), list
        ):
            raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
        found: set[str] = set()
        views = [*dicts_at(answer, "posts"), *dicts_at(answer, "comments")]
        documents = tuple(
            document
            for view in views
            if (document := _document(view, now=now, found=found)) is not None
        )
        key = f"since:{page.request.role}"
        dates = [one.published_at.isoformat() for one in documents if one.published_at]
        newest = max([*dates, page.request.context.get("newest", memory.get(key, ""))])
        is_caught_up = bool(memory.get(key)) and any(date <= memory[key] for date in dates)
        has_more = len(views) >= int(_LIMIT) and not is_caught_up and bool(page.url)
        return Step(
            documents=documents,
            requests=(_next(page, newest),) if has_more else (),
            memory={} if has_more else {key: newest},
            faults=faults.in_order(found),
        )

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return ``comment`` for a list of comments."""
        del url
        return "post" if b'"posts"' in body else "comment"


def _next(page: Page, newest: str) -> PageRequest:
    parts = urlsplit(page.url)
    query = dict(parse_qsl(parts.query))
    query["page"] = str(int(query.get("page", "1")) + 1)
    url = parts._replace(query=urlencode(query)).geturl()
    return PageRequest(url=url, role=page.request.role, context={"newest": newest})


def _document(view: dict[str, Any], *, now: datetime, found: set[str]) -> RawDocument | None:
    post, comment = view.get("post"), view.get("comment")
    one = comment if isinstance(comment, dict) else post
    if not isinstance(one, dict) or one.get("deleted") is True or one.get("removed") is True:
        return None
    parents = text_at(comment, "path").split(".")[1:-1]
    body = markdown_text(text_at(one, "content") or text_at(one, "body"))
    link = text_at(one, "url")
    return make_post(
        guid=text_at(one, "ap_id") or text_at(one, "id"),
        url=text_at(one, "ap_id") or None,
        title=one_line(text_at(post, "name"), is_html=False),
        text="\n".join(part for part in (body, link) if part),
        author=text_at(view, "creator", "display_name") or text_at(view, "creator", "name"),
        published=_utc(text_at(one, "published")),
        edited=_utc(text_at(one, "updated")),
        in_reply_to=(text_at(post, "ap_id") or (parents[-1] if parents else None))
        if comment
        else None,
        found=found,
        now=now,
    )


def _utc(text: str) -> str:
    """Return a date with its zone, which old versions leave out."""
    return text if not text or re.search(r"(?:Z|[+-]\d\d:?\d\d)$", text) else f"{text}Z"
