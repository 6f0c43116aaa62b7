"""NodeBB by its read API: recent topics, then their posts, twenty a page.

Addresses: ``/api/recent``, ``/api/category/ID``, ``/api/tags/NAME``, ``/api/topic/ID?page=N``.
Search is closed to visitors.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from listening.collectors import faults
from listening.collectors.forums.listing import further_pages
from listening.collectors.forums.page import first, line_of, open_forum_page
from listening.collectors.identity.canonical import absolute_url
from listening.collectors.reading.htmltext import without_quotes
from listening.collectors.reading.jsonpage import (
    api_url,
    dicts_at,
    dig,
    int_at,
    json_of,
    make_post,
    site_of_api,
    text_at,
)
from listening.collectors.reading.ownwords import own_words, post_text
from listening.collectors.reading.plaintext import one_line
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Source

_SECTION = re.compile(r"/(?:api/)?(recent|category|topic|tags|popular|unread|user|world)(?=/|$)")
_REPLY_LABEL = re.compile(
    r"^@\S+(?: @\S+)* (?:said|a dit|écrit|wrote)\b[^:]{0,80}:\s*", re.MULTILINE
)


class NodeBb:
    """Walks a forum, a category, a tag or one topic."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the list of recent topics, or the topic itself."""
        del memory, now
        parts = urlsplit(source.url)
        section = _SECTION.search(parts.path)
        base = parts.path[: section.start()] if section else parts.path.rstrip("/")
        path = parts.path[section.start() :] if section else "/recent"
        path = "/api" + path.removeprefix("/api")
        role = "posts" if section and section[1] == "topic" else "index"
        url = f"{parts.scheme}://{parts.netloc}{base}{path}"
        return (PageRequest(url=url, role=role),)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return moved topics, or posts."""
        if page.body.lstrip()[:1] == b"<":
            return _web_page(page, now=now)
        answer = json_of(page)
        if isinstance(answer, list) and dig(answer, 0, "pid") is not None:
            answer = {"posts": answer}
        if isinstance(dig(answer, "posts"), list):
            return _posts(answer, page, now=now)
        if isinstance(dig(answer, "topics"), list):
            return _topics(answer, page, memory, now=now)
        raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return ``list``: topics shown on their own are all there is to print."""
        del body, url
        return "list"


def _web_page(page: Page, *, now: datetime) -> Step:
    """Return the posts of a topic's web page, which someone saved; visits use the interface."""
    forum_page = open_forum_page(page.body, content_type=page.content_type, url=page.url)
    root = forum_page.root
    title = line_of(first(root, "//*[@component='topic/title']")) or line_of(first(root, "//h1"))
    found: set[str] = set()
    documents = []
    opening = ""
    for block in root.xpath("//*[@component='post' and @data-pid]"):
        body = first(block, ".//*[@component='post/content']")
        if body is None:
            continue
        post_id = str(block.get("data-pid"))
        parent = first(block, ".//*[@component='post/parent']/@data-topid")
        opening = opening or (post_id if block.get("data-index") in {"0", None} else "")
        stamp = first(block, ".//meta[@itemprop='datePublished']/@content")
        documents.append(
            make_post(
                guid=post_id,
                url=forum_page.absolute(f"/post/{post_id}"),
                title=title,
                text=_REPLY_LABEL.sub("", post_text(body)).strip(),
                author=str(block.get("data-username") or ""),
                published=str(stamp or block.get("data-timestamp") or ""),
                in_reply_to=str(parent or (opening if post_id != opening else "")) or None,
                found=found,
                now=now,
            )
        )
    if not documents:
        raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
    return Step(documents=tuple(documents), faults=faults.in_order(found), title=title or None)


def _topics(answer: Any, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
    rows = list(dicts_at(answer, "topics"))
    if page.request.role == "list":
        return _listed(rows, page, now=now)
    requests = []
    for row in rows:
        number = text_at(row, "tid")
        newest = text_at(row, "lastposttime") or text_at(row, "teaser", "pid")
        marker, _, known_page = memory.get(f"t:{number}", "").partition(" ")
        if not number or (newest and marker == newest):
            continue
        start = known_page if known_page.isdecimal() else "1"
        requests.append(
            PageRequest(
                url=api_url(page.url, f"/topic/{number}?page={start}"),
                role="posts",
                context={"newest": newest, "topic": number},
            )
        )
    at, count = _page_of(answer)
    base = re.sub(r"[?&]page=\d+", "", page.url)
    joiner = "&" if "?" in base else "?"
    further, remembered = further_pages(
        page,
        memory,
        following=f"{base}{joiner}page={at + 1}" if at < count else None,
        moved_count=len(requests),
        row_count=len(rows),
    )
    return Step(
        requests=(*requests, *further),
        memory=remembered,
        title=text_at(answer, "name") or None,
        site_url=site_of_api(page.url),
    )


def _posts(answer: Any, page: Page, *, now: datetime) -> Step:
    found: set[str] = set()
    title = one_line(text_at(answer, "titleRaw") or text_at(answer, "title"))
    first = text_at(answer, "mainPid")
    documents = tuple(
        _document(row, title=title, first=first, page=page, now=now, found=found)
        for row in dicts_at(answer, "posts")
        if not int_at(row, "deleted") and row.get("deleted") is not True and not row.get("isEvent")
    )  # fmt: skip
    context = page.request.context
    topic = context.get("topic") or text_at(answer, "tid")
    number, count = _page_of(answer)
    requests: tuple[PageRequest, ...] = ()
    marker = context.get("newest", "")
    if topic and number < count:
        # A long topic we do not know yet is continued at its end: what is new is there.
        following = count if number == 1 and count > 4 else number + 1  # noqa: PLR2004 - a few pages
        url = api_url(page.url, f"/topic/{topic}?page={following}")
        requests = (PageRequest(url=url, role="posts", context={**context, "topic": topic}),)
        marker = ""
    memory = {f"t:{topic}": f"{marker or '-'} {number}"} if context.get("topic") else {}
    return Step(
        documents=documents,
        requests=requests,
        memory=memory,
        faults=faults.in_order(found),
        title=title or None,
        site_url=site_of_api(page.url),
    )


def _listed(rows: list[dict[str, Any]], page: Page, *, now: datetime) -> Step:
    """Return the topics of a list as documents, for a page that is looked at on its own."""
    found: set[str] = set()
    documents = tuple(
        make_post(
            guid=text_at(row, "tid"),
            url=absolute_url(f"{site_of_api(page.url)}/topic/{text_at(row, 'slug')}", None),
            title=one_line(text_at(row, "titleRaw") or text_at(row, "title")),
            text="",
            author=text_at(row, "user", "username"),
            published=text_at(row, "timestampISO") or text_at(row, "timestamp"),
            found=found,
            now=now,
        )
        for row in rows
    )
    return Step(documents=documents, faults=faults.in_order(found))


def _page_of(answer: Any) -> tuple[int, int]:
    number = int_at(answer, "pagination", "currentPage") or 1
    return number, int_at(answer, "pagination", "pageCount") or 1


def _document(
    row: dict[str, Any],
    *,
    title: str,
    first: str,
    page: Page,
    now: datetime,
    found: set[str],
) -> RawDocument:
    post_id = text_at(row, "pid")
    parent = text_at(row, "toPid") or (first if post_id != first else "")
    topic = row.get("topic")
    text = own_words(without_quotes(text_at(row, "content")))
    own_title = one_line(text_at(topic, "titleRaw") or text_at(topic, "title"))
    return make_post(
        guid=post_id,
        url=absolute_url(f"{site_of_api(page.url)}/post/{post_id}", None)
        if post_id and page.url
        else None,
        title=title or own_title,
        text=_REPLY_LABEL.sub("", text).strip(),
        author=text_at(row, "user", "username") or text_at(row, "user", "displayname"),
        published=text_at(row, "timestampISO") or text_at(row, "timestamp"),
        edited=text_at(row, "editedISO"),
        in_reply_to=parent or None,
        found=found,
        now=now,
    )
