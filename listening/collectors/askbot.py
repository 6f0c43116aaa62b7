"""Askbot: the questions that moved by its API, their answers and comments by the question's page.

Addresses: ``/api/v1/questions/?sort=activity-desc&page=N``, then each question's own address.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from listening.collectors import faults
from listening.collectors.forums.listing import further_pages
from listening.collectors.forums.page import (
    ForumPage,
    all_by_class,
    by_class,
    first,
    has_class,
    line_of,
    next_link,
    open_forum_page,
)
from listening.collectors.identity.canonical import absolute_url
from listening.collectors.reading.jsonpage import (
    dicts_at,
    int_at,
    json_of,
    json_value,
    make_post,
    text_at,
)
from listening.collectors.reading.ownwords import post_text
from listening.collectors.reading.plaintext import one_line, plain_text
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Source

_TITLE = re.compile(r"\s*\[(?:closed|fermée?|deleted)\]\s*$", re.IGNORECASE)

#: "2026-11-26 02:04:14+00:00 +0100": the template adds the site's zone to a date that has one.
_TWO_OFFSETS = re.compile(r"([+-]\d{2}:\d{2})\s+[+-]\d{4}$")
_TOOLS = ("post-update-info-container", "comments", "post-controls", "tags")


class Askbot:
    """Walks a site of questions and answers."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the list of questions, newest activity first."""
        del memory, now
        parts = urlsplit(source.url)
        query = {"sort": "activity-desc"} | dict(parse_qsl(parts.query))
        base = re.sub(r"/(?:api/v1/questions|questions)(?:/.*)?$", "", parts.path.rstrip("/"))
        url = f"{parts.scheme}://{parts.netloc}{base}/api/v1/questions/?{urlencode(query)}"
        return (PageRequest(url=url, role="index"),)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return moved questions, the posts of a question's page, or comments."""
        if page.body.lstrip()[:1] not in (b"{", b"["):
            return _question_page(page, now=now)
        answer = json_of(page)
        found: set[str] = set()
        if isinstance(answer, list) and all(isinstance(one, dict) for one in answer):
            documents = tuple(
                _comment_of_json(one, page, now=now, found=found) for one in dicts_at(answer)
            )
            return Step(documents=documents, faults=faults.in_order(found))
        if not isinstance(answer, dict) or not isinstance(answer.get("questions"), list):
            raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
        return _questions(answer, page, memory, now=now)

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return ``index`` for JSON, else ``thread``."""
        is_json = body.lstrip()[:1] in (b"{", b"[")
        if is_json:
            json_value(body, url=url or "")
        return "index" if is_json else "thread"


def _questions(answer: Any, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
    found: set[str] = set()
    documents, requests = [], []
    rows = list(dicts_at(answer, "questions"))
    for row in rows:
        number, newest = text_at(row, "id"), text_at(row, "last_activity_at")
        url = _at_home(absolute_url(text_at(row, "url"), page.url or None), page.url)
        if memory.get(f"q:{number}") == newest:
            continue
        documents.append(
            make_post(
                guid=number,
                url=url,
                title=one_line(text_at(row, "title")),
                text=plain_text(text_at(row, "summary") or text_at(row, "text")),
                author=text_at(row, "author", "username"),
                published=text_at(row, "added_at"),
                tags=tuple(tag for tag in row.get("tags") or () if isinstance(tag, str)),
                found=found,
                now=now,
            )
        )
        if url:
            context = {"question": number, "newest": newest}
            requests.append(PageRequest(url=url, role="thread", context=context))
    parts = urlsplit(page.url)
    given = dict(parse_qsl(parts.query))
    at = int_at(given, "page") or 1
    query = urlencode(given | {"page": str(at + 1)})
    has_more = at < (int_at(answer, "pages") or 1)
    further, remembered = further_pages(
        page,
        memory,
        following=parts._replace(query=query).geturl() if has_more else None,
        moved_count=len(requests),
        row_count=len(rows),
    )
    return Step(
        documents=tuple(documents),
        requests=(*requests, *further),
        memory=remembered,
        faults=faults.in_order(found),
    )


def _at_home(url: str | None, home: str) -> str | None:
    """Return a question's address on the host that answers; many sites name themselves wrongly."""
    if not url or not home:
        return url
    host = urlsplit(home)
    return urlsplit(url)._replace(scheme=host.scheme, netloc=host.netloc).geturl()


def _comment_of_json(
    one: dict[str, Any], page: Page, *, now: datetime, found: set[str]
) -> RawDocument:
    return make_post(
        guid=text_at(one, "id"),
        url=absolute_url(f"#comment-{text_at(one, 'id')}", page.url) if page.url else None,
        title="",
        text=plain_text(text_at(one, "html")),
        author=text_at(one, "user_display_name"),
        published=text_at(one, "comment_added_at"),
        in_reply_to=text_at(one, "object_id") or None,
        found=found,
        now=now,
    )


def _question_page(page: Page, *, now: datetime) -> Step:
    forum_page = open_forum_page(page.body, content_type=page.content_type, url=page.url)
    found: set[str] = set()
    heading = first(forum_page.root, f"//h1//*[{has_class('js-editable-content')}]")
    heading = first(forum_page.root, "//h1") if heading is None else heading
    title = _TITLE.sub("", line_of(heading))
    documents = tuple(_posts(forum_page, title, now=now, found=found))
    documents = documents or tuple(_recent_posts(forum_page, title, now=now, found=found))
    if not documents:
        raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
    context = page.request.context
    number = context.get("question")
    following = forum_page.own(next_link(forum_page.root))
    return Step(
        documents=documents,
        requests=(PageRequest(url=following, role="thread", context=context),) if following else (),
        memory={f"q:{number}": context.get("newest", "")} if number and not following else {},
        faults=faults.in_order(found),
        title=title or None,
    )


def _posts(page: ForumPage, title: str, *, now: datetime, found: set[str]) -> Iterator[RawDocument]:
    """Yield question, answers and comments in the page's order."""
    question_id = ""
    blocks = page.root.xpath(
        f"//div[@data-post-id and {has_class('post')}]"
        f"|//div[@data-comment-id and {has_class('comment')}]"
    )
    parent = ""
    for block in blocks:
        comment_id, post_id = block.get("data-comment-id"), block.get("data-post-id")
        is_question = "js-question" in (block.get("class") or "")
        body = by_class(block, "comment-body") if comment_id else by_class(block, "post-body")
        if body is None or (comment_id or post_id) == "0":  # an empty form
            continue
        author, date = _signed(block, body, is_comment=bool(comment_id))
        if is_question:
            question_id = post_id or ""
        own_id = comment_id or post_id or ""
        reply_to = parent if comment_id else question_id if not is_question else ""
        if not comment_id:
            parent = own_id
        for tool in all_by_class(body, *_TOOLS):
            tool.getparent().remove(tool)
        anchor = f"#comment-{own_id}" if comment_id else f"#post-id-{own_id}"
        yield make_post(
            guid=own_id,
            url=page.absolute(anchor) if page.url else None,
            title=title,
            text=post_text(body),
            author=author,
            published=date,
            in_reply_to=reply_to or None,
            found=found,
            now=now,
        )


def _recent_posts(
    page: ForumPage, title: str, *, now: datetime, found: set[str]
) -> Iterator[RawDocument]:
    """Yield question, answers and comments as the templates since 0.12 mark them up."""
    question_id = ""
    blocks = page.root.xpath(
        f"//div[@data-post-id and ({has_class('js-post')} or {has_class('js-comment')})]"
    )
    for block in blocks:
        is_comment = "js-comment" in (block.get("class") or "").split()
        holder = by_class(block, "js-comment-body" if is_comment else "post-body")
        own_id = block.get("data-post-id")
        if holder is None or own_id == "0":  # the pattern of a comment to come
            continue
        body = by_class(holder, "js-editable-content")
        body = holder if body is None else body
        parent = first(block, "ancestor::*[@data-parent-post-id][1]/@data-parent-post-id")
        signed = block if is_comment else by_class(block, "post-update-info")
        name = None if signed is None else by_class(signed, "js-comment-author", "user-name-link")
        date = first(block, f".//abbr[{has_class('js-timeago')}]/@title") or ""
        anchor = f"#comment-{own_id}" if is_comment else f"#post-id-{own_id}"
        yield make_post(
            guid=own_id,
            url=page.absolute(anchor) if page.url else None,
            title=title,
            text=post_text(body),
            author=line_of(name),
            published=_TWO_OFFSETS.sub(r"\1", str(date)),
            in_reply_to=str(parent) if is_comment and parent else question_id or None,
            found=found,
            now=now,
        )
        question_id = question_id or own_id


def _signed(block: Any, body: Any, *, is_comment: bool) -> tuple[str, str]:
    """Return author and date of a post: those of its first signature, not of its last edit."""
    holder = block if is_comment else by_class(body, "post-update-info")
    if holder is None:
        holder = by_class(block, "post-update-info")
    if holder is None:
        return "", ""
    date = first(holder, f".//abbr[{has_class('timeago')}]/@title") or ""
    names = holder.xpath(".//a[contains(@href,'/users/') and normalize-space()]")
    return line_of(names[0]) if names else "", str(date)
