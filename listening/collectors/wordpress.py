"""WordPress: posts and comments through its REST interface, since the last visit; feeds beside it.

The feed comes first: it is there even where the interface is closed. What both bring is one
document, by its guid. An interface that failed several visits in a row is left alone, but for one
try a week, and the feed of comments stands in.

Source: https://developer.wordpress.org/rest-api/reference/ (``modified_after`` since 5.7; older
ones ignore it and show the newest).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from listening.collectors import faults
from listening.collectors.dates import parse_date
from listening.collectors.flavour import read_any_feed
from listening.collectors.jsonpage import int_at, json_of, make_post, text_at
from listening.collectors.plaintext import one_line, plain_text
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Source

#: Posts or comments of one page; 100 is the interface's limit, posts are long.
_PER_PAGE = {"posts": 30, "comments": 100}
#: Sites compare with their own time zone: asking a day further back misses nothing.
_OVERLAP = timedelta(days=1)
_MAX_FAILURES = 3
_PLAIN = "rest_route="


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
            requests += [_rest(site, role, memory) for role in _PER_PAGE]
        if failures:
            requests.append(PageRequest(url=_feed(site, "comments/feed"), role="comment-feed"))
        return tuple(requests)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return the documents of a feed or of one page of the interface."""
        if page.request.role in {"feed", "comment-feed"}:
            return _read_feed(page, now=now)
        answer = json_of(page)
        if not isinstance(answer, list):
            raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
        role = page.request.role
        items = [item for item in answer if isinstance(item, dict)]
        found: set[str] = set()
        make = _comment if role == "comments" else _post
        return Step(
            documents=tuple(make(item, found=found, now=now) for item in items),
            requests=_next(page, has_items=bool(items)),
            memory={"rest_failures": "", **_cursor(role, items, memory)},
            faults=faults.in_order(found),
        )

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return the role of a recorded page."""
        del url
        start = body[:100_000]
        if not start.lstrip().startswith((b"[", b"{")):
            return "feed"
        return "comments" if b'"author_name"' in start else "posts"


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


def _rest(site: str, role: str, memory: Mapping[str, str]) -> PageRequest:
    """Return the first page of posts or comments: the newest, or on from where we were.

    Going on means oldest first, so that a visit cut short can be continued by the next.
    """
    since = memory.get(f"{role}_since")
    is_post = role == "posts"
    query = {
        "per_page": str(_PER_PAGE[role]),
        "orderby": "modified" if is_post else "date_gmt",
        "order": "asc" if since else "desc",
        "_embed": "author" if is_post else "up",
    }
    if since:
        query["modified_after" if is_post else "after"] = since
    path = f"wp/v2/{role}"
    start = f"{site}{_PLAIN}/{path}&" if site.endswith("?") else f"{site}wp-json/{path}?"
    context = {"page": "1", "order": query["order"]}
    return PageRequest(url=start + urlencode(query), role=role, context=context)


def _next(page: Page, *, has_items: bool) -> tuple[PageRequest, ...]:
    """Return the following page; the first visit reads one page only, history is not news."""
    number = int(page.request.context.get("page", "1"))
    total = page.headers.get("x-wp-totalpages", "")
    if not has_items or page.request.context.get("order") != "asc":
        return ()
    if not total.isdecimal() or number >= int(total):
        return ()
    base = page.request.url.partition("&page=")[0]
    context = {**page.request.context, "page": str(number + 1)}
    url = f"{base}&page={number + 1}"
    return (PageRequest(url=url, role=page.request.role, context=context),)


def _cursor(role: str, items: list[dict[str, Any]], memory: Mapping[str, str]) -> dict[str, str]:
    """Return where the next visit goes on: the newest item seen, less the overlap."""
    name = "modified_gmt" if role == "posts" else "date_gmt"
    parsed = [parse_date(text_at(item, name)) for item in items]
    newest = max((found[0] for found in parsed if found is not None), default=None)
    if newest is None:
        return {}
    since = (newest - _OVERLAP).strftime("%Y-%m-%dT%H:%M:%S")
    key = f"{role}_since"
    return {key: max(since, memory.get(key, ""))}


def _read_feed(page: Page, *, now: datetime) -> Step:
    reading = read_any_feed(
        page.body, content_type=page.content_type, url=page.url or None, now=now
    )
    failures = page.request.context.get("failures")
    return Step(
        documents=reading.documents,
        # Counted up here, forgotten when the interface answers.
        memory={"rest_failures": failures} if failures else {},
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


def _comment(item: dict[str, Any], *, found: set[str], now: datetime) -> RawDocument:
    """Return a comment under the guid that its feed gives it."""
    link = text_at(item, "link")
    parts = urlsplit(link)
    home = f"{parts.scheme}://{parts.netloc}/"
    post = f"{home}?p={int_at(item, 'post') or 0}"
    parent = int_at(item, "parent")
    return make_post(
        guid=f"{post}#comment-{int_at(item, 'id') or 0}",
        url=link or None,
        title=one_line(text_at(item, "_embedded", "up", 0, "title", "rendered")),
        text=plain_text(text_at(item, "content", "rendered")),
        author=one_line(text_at(item, "author_name")),
        published=_utc(text_at(item, "date_gmt")),
        found=found,
        now=now,
        in_reply_to=f"{post}#comment-{parent}" if parent else post,
    )


def _utc(text: str) -> str:
    return f"{text}Z" if text and not text.endswith("Z") else text
