"""WordPress: posts and comments through its REST interface, since the last visit; feeds beside it.

The feed comes first: it is there even where the interface is closed. What both bring is one
document, by its guid. An interface that failed several visits in a row is left alone, but for one
try a week, and the feed of comments stands in.

Three questions are asked of the interface: what was published since, what was modified since (a
post that was scheduled is modified before it is published), what was commented since.

Source: https://developer.wordpress.org/rest-api/reference/ (``modified_after`` since 5.7; older
ones ignore it and show everything: they are asked no more what was modified).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from listening.collectors import faults
from listening.collectors.feeds.flavour import read_any_feed
from listening.collectors.reading.dates import parse_date
from listening.collectors.reading.jsonpage import int_at, json_of, make_post, text_at
from listening.collectors.reading.plaintext import one_line, plain_text
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Source

#: How far a first visit looks back, where the source does not say.
FIRST_LOOK_BACK = timedelta(days=30)
_MAX_FAILURES = 3
#: Sites compare dates with their own clocks, at most this far from ours.
_DAY = timedelta(days=1)
_PLAIN = "rest_route="
_COMMENT = re.compile(r"#comment-(\d+)$")


@dataclass(frozen=True, slots=True)
class _Question:
    """One list of the interface, asked oldest first, so that a later visit can go on."""

    path: str
    order_by: str
    since: str  # parameter that bounds it
    stamp: str  # field by which it is ordered
    embed: str
    per_page: int  # 100 is the interface's limit; posts are long
    overlap: timedelta  # asked again every time


_QUESTIONS: Mapping[str, _Question] = MappingProxyType(
    {
        "published": _Question("posts", "date", "after", "date_gmt", "author", 30, _DAY),
        "modified": _Question(
            "posts", "modified", "modified_after", "modified_gmt", "author", 30, _DAY
        ),
        # Comments wait some days for whoever lets them through, under the date of their writing.
        "comments": _Question("comments", "date_gmt", "after", "date_gmt", "up", 100, 7 * _DAY),
    }
)


class WordPress:
    """Walks a blog given by its address, or by that of its ``wp-json``."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the feed, then posts and comments since the last visit."""
        failures = int(memory.get("rest_failures", "0"))
        is_open = failures < _MAX_FAILURES or now.weekday() == 0
        site = _site(source.url)
        context = {"failures": str(failures + 1 if is_open else failures)}
        requests = [PageRequest(url=_feed(site, "feed"), role="feed", context=context)]
        if is_open:
            first = _stamp(now - (source.history or FIRST_LOOK_BACK))
            for role in _QUESTIONS:
                # What was published is asked for as far back as wanted; modified, from now on.
                fresh = _stamp(now - _DAY) if role == "modified" else first
                known = _since(memory, role, now=now)
                if known != _NEVER:
                    number = memory.get(f"{role}_page", "1") if known else "1"
                    requests.append(_rest(site, role, known or fresh, number))
        if failures:
            url = _feed(site, "comments/feed")
            requests.append(PageRequest(url=url, role="comment-feed", context={"site": site}))
        return tuple(requests)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return the documents of a feed or of one page of the interface."""
        if page.request.role in {"feed", "comment-feed"}:
            return _read_feed(page, memory, now=now)
        answer = json_of(page)
        if not isinstance(answer, list):
            raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
        role = page.request.role
        items = [item for item in answer if isinstance(item, dict)]
        if role == "modified" and _ignores_since(page, items, now=now):
            return Step(memory={"modified_since": _NEVER})
        found: set[str] = set()
        following = _next(page, items, now=now) if items else None
        return Step(
            documents=tuple(
                _comment(item, site=_site(page.request.url), found=found, now=now)
                if role == "comments"
                else _post(item, found=found, now=now)
                for item in items
            ),
            requests=(following,) if following else (),
            memory={"rest_failures": "", **_cursor(page, items, following, now=now)},
            faults=faults.in_order(found),
        )

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return the role of a recorded page."""
        del url
        start = body[:100_000]
        if not start.lstrip().startswith((b"[", b"{")):
            return "feed"
        return "comments" if b'"author_name"' in start else "published"


#: Stands for a cursor where a question is asked no more.
_NEVER = "never"


def _site(url: str) -> str:
    """Return the blog's address with a slash at its end, from any of its addresses."""
    if _PLAIN in url:
        return url.partition("?")[0].removesuffix("index.php") + "?"
    base = url.partition("?")[0].partition("#")[0].partition("/wp-json")[0]
    return base.rstrip("/").removesuffix("/feed") + "/"


def _feed(site: str, path: str) -> str:
    """Return a feed's address; a blog without pretty addresses has it in a parameter."""
    if site.endswith("?"):
        return f"{site}feed={'rss2' if path == 'feed' else 'comments-rss2'}"
    return f"{site}{path}/"


def _rest(site: str, role: str, since: str, number: str) -> PageRequest:
    """Return a page of the posts or comments since an instant."""
    question = _QUESTIONS[role]
    path = f"wp/v2/{question.path}"
    query = {
        "per_page": str(question.per_page),
        "orderby": question.order_by,
        "order": "asc",
        question.since: since,
        "_embed": question.embed,
    }
    start = f"{site}{_PLAIN}/{path}&" if site.endswith("?") else f"{site}wp-json/{path}?"
    url = start + urlencode(query) + (f"&page={number}" if number != "1" else "")
    return PageRequest(url=url, role=role, context={"page": number, "since": since})


def _next(page: Page, items: list[dict[str, Any]], *, now: datetime) -> PageRequest | None:
    """Return the following page, where the headers tell of one.

    It is told how far the first page of this visit went: a cursor behind that would get nowhere.
    """
    number = int(page.request.context.get("page", "1"))
    total = page.headers.get("x-wp-totalpages", "")
    if not total.isdecimal() or number >= int(total):
        return None
    base = page.request.url.partition("&page=")[0]
    stamps = _stamps(items, _question(page.request.role).stamp, now=now)
    passed = {"passed": _stamp(max(stamps))} if stamps else {}
    context = {**passed, **page.request.context, "page": str(number + 1)}
    return replace(page.request, url=f"{base}&page={number + 1}", context=context)


def _ignores_since(page: Page, items: list[dict[str, Any]], *, now: datetime) -> bool:
    """Return whether a site shows posts that were modified before the instant it was asked for."""
    since = parse_date(page.request.context.get("since"), zone=UTC)
    stamps = _stamps(items, "modified_gmt", now=now)
    return since is not None and bool(stamps) and min(stamps) < since[0] - 2 * _DAY


def _cursor(
    page: Page, items: list[dict[str, Any]], following: PageRequest | None, *, now: datetime
) -> dict[str, str]:
    """Return where the next visit goes on: the newest item seen, less the overlap.

    Where so many items share a day that this would not get past them, the page is remembered
    instead; it overlaps too, for what moves up when an earlier item is modified.
    """
    role, context, question = page.request.role, page.request.context, _question(page.request.role)
    stamps = _stamps(items, question.stamp, now=now)
    if not stamps:
        return {}
    asked = context.get("since", "")
    since = max(_stamp(max(stamps) - question.overlap), asked)
    is_end = following is None or len(stamps) < len(items)  # only days to come are left
    if is_end or since >= context.get("passed", _stamp(max(stamps))):
        return {f"{role}_since": since, f"{role}_page": ""}
    number = int(context.get("page", "1")) + ("passed" not in context)
    return {f"{role}_since": asked, f"{role}_page": str(number)}


def _question(role: str) -> _Question:
    """Return the question of a page; a page on its own is taken for posts."""
    return _QUESTIONS.get(role, _QUESTIONS["published"])


def _since(memory: Mapping[str, str], role: str, *, now: datetime) -> str:
    """Return where a question goes on, "" at the beginning; never from a day that is to come."""
    known = memory.get(f"{role}_since", "")
    return known if known == _NEVER or known <= _stamp(now) else ""


def _stamps(items: list[dict[str, Any]], name: str, *, now: datetime) -> list[datetime]:
    """Return the dates of items up to now; one post that announces a far day hides no others."""
    found = (parse_date(text_at(item, name), zone=UTC) for item in items)
    return [min(one[0], now) for one in found if one is not None and one[0] <= now + _DAY]


def _stamp(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%S}"


def _read_feed(page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
    """Return what a feed has and the interface does not have yet.

    A feed shows a post otherwise than the interface does: of what that gave once, the feed would
    pass for an edit.
    """
    reading = read_any_feed(
        page.body, content_type=page.content_type, url=page.url or None, now=now
    )
    failures = page.request.context.get("failures")
    # Counted up here, forgotten when the interface answers; a page it no longer has, likewise.
    counted = {f"{role}_page": "" for role in _QUESTIONS} | {"rest_failures": failures or ""}
    role = "comments" if page.request.role == "comment-feed" else "published"
    since = parse_date(_since(memory, role, now=now), zone=UTC)
    overlap = _QUESTIONS[role].overlap
    documents = tuple(
        one
        for one in reading.documents
        if since is None or one.published_at is None or one.published_at > since[0] + overlap
    )
    if page.request.role == "comment-feed":
        documents = tuple(_fed_comment(one, page.request.context["site"]) for one in documents)
    return Step(
        documents=documents,
        memory=counted if failures else {},
        faults=tuple(fault for fault in reading.faults if fault != faults.NO_ITEMS),
        title=reading.title,
        site_url=reading.site_url,
    )


def _post(item: dict[str, Any], *, found: set[str], now: datetime) -> RawDocument:
    text = text_at(item, "content", "rendered") or text_at(item, "excerpt", "rendered")
    return make_post(
        guid=text_at(item, "guid", "rendered") or text_at(item, "link"),
        url=text_at(item, "link") or None,
        title=one_line(text_at(item, "title", "rendered")),
        text=plain_text(text),
        author=text_at(item, "_embedded", "author", 0, "name"),
        published=_utc(text_at(item, "date_gmt")),
        edited=_utc(text_at(item, "modified_gmt")),
        found=found,
        now=now,
    )


def _comment(item: dict[str, Any], *, site: str, found: set[str], now: datetime) -> RawDocument:
    """Return a comment; the guid in its feed begins with its post's, which is not told here."""
    parent = int_at(item, "parent")
    post = text_at(item, "_embedded", "up", 0, "link") or f"{site}?p={int_at(item, 'post') or 0}"
    return make_post(
        guid=_comment_guid(site, int_at(item, "id") or 0),
        url=text_at(item, "link") or None,
        title=one_line(text_at(item, "_embedded", "up", 0, "title", "rendered")),
        text=plain_text(text_at(item, "content", "rendered")),
        author=one_line(text_at(item, "author_name")),
        published=_utc(text_at(item, "date_gmt")),
        found=found,
        now=now,
        in_reply_to=_comment_guid(site, parent) if parent else post,
    )


def _comment_guid(site: str, number: int | str) -> str:
    return f"{site.removesuffix('?')}#comment-{number}"


def _fed_comment(document: RawDocument, site: str) -> RawDocument:
    """Return a comment of the feed under the guid that the interface gives it."""
    number = _COMMENT.search(document.url or "")
    return replace(document, guid=_comment_guid(site, number[1])) if number else document


def _utc(text: str) -> str:
    return f"{text}Z" if text and not text.endswith("Z") else text
