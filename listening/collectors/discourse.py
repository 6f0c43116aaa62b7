"""Discourse by its JSON: the latest topics, then the posts of those that moved.

Addresses: ``/latest.json``, ``/c/NAME/ID.json``, ``/tag/NAME.json``, ``/t/ID.json``,
``/t/ID/posts.json?post_ids[]=…``, ``/posts.json``, ``/search.json?q=…``. Discourse allows 200
requests a minute and 50 in ten seconds by default; our pace is far below.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from listening.collectors import faults
from listening.collectors.anyforum import AnyForum
from listening.collectors.forums.listing import further_pages
from listening.collectors.identity.canonical import absolute_url
from listening.collectors.reading.htmltext import without_quotes
from listening.collectors.reading.jsonpage import (
    dicts_at,
    dig,
    int_at,
    json_of,
    json_value,
    make_post,
    text_at,
)
from listening.collectors.reading.ownwords import own_words
from listening.collectors.reading.plaintext import one_line
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Source

#: Posts asked for at once; Discourse shows twenty on a page.
_CHUNK = 20
#: Posts of one topic that are asked for beyond those its page shows: the newest.
_MAX_POSTS = 60
_TOPIC = re.compile(r"/t/(?:[^/?#]+/)?(?P<id>\d+)(?:/\d+)?(?:\.json)?/?$")


class Discourse:
    """Walks a Discourse forum, one of its categories, or one of its topics."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the list of latest topics, or the topic itself."""
        del memory, now
        parts = urlsplit(source.url)
        path = parts.path.rstrip("/")
        if _TOPIC.search(path):
            number = _TOPIC.search(path)
            address = f"{path[: number.start()]}/t/{number['id']}.json" if number else path
            context = {"topic": number["id"]} if number else {}
            url = urlunsplit(parts._replace(path=address, fragment=""))
            return (PageRequest(url=url, role="posts", context=context),)
        if not path.endswith(".json"):
            path = f"{path}.json" if re.search(r"/(?:c|tag|latest|search|posts)\b", path) else (
                f"{path}/latest.json"
            )  # fmt: skip
        return (PageRequest(url=urlunsplit(parts._replace(path=path, fragment="")), role="index"),)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return moved topics, or posts."""
        if page.body.lstrip()[:1] == b"<":
            return AnyForum().read(page, memory, now=now)  # a saved page
        answer = json_of(page)
        if isinstance(dig(answer, "topic_list", "topics"), list) and page.request.role != "posts":
            if page.request.role == "list":
                return _listed(answer, page, now=now)
            return _topics(answer, page, memory)
        posts = _posts_in(answer)
        if posts is None:
            raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
        return _posts(answer, posts, page, memory, now=now)

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return ``list`` for topics shown on their own."""
        if body.lstrip()[:1] == b"<":
            return AnyForum().role_of(body, url)
        is_list = dig(json_value(body, url=url or ""), "topic_list") is not None
        return "list" if is_list else "posts"


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far a topic was read."""

    newest: int = 0  # number of its last post when it was opened; 0: never
    waiting: tuple[str, ...] = ()  # ids of posts up to that one that are still to be read
    first: str = ""  # id of the opening post
    title: str = ""

    @classmethod
    def of(cls, number: str, memory: Mapping[str, str]) -> "_Progress":
        newest, *others = memory.get(f"t:{number}", "").split("\t", 3)
        if not newest.isdecimal():
            return cls()
        if len(others) != 3:  # noqa: PLR2004 - nothing waits
            return cls(int(newest))
        return cls(int(newest), tuple(others[0].split(",")), others[1], others[2])

    def write(self) -> str:
        if not self.waiting:
            return str(self.newest)
        return f"{self.newest}\t{','.join(self.waiting)}\t{self.first}\t{self.title}"


def _topics(answer: Any, page: Page, memory: Mapping[str, str]) -> Step:
    """Return the topics whose last post we have not read, then those we were cut short in."""
    opened, moved_count = [], 0
    highest: dict[str, str] = {}
    for topic in dicts_at(answer, "topic_list", "topics"):
        number, newest = text_at(topic, "id"), text_at(topic, "highest_post_number")
        if not number.isdecimal() or memory.get(f"t:{number}") == newest:
            continue
        moved_count += 1
        highest[number] = newest
        if not _Progress.of(number, memory).waiting:
            opened.append(_topic_request(number, page.url))
    numbers = (name.removeprefix("t:") for name in memory if name.startswith("t:"))
    resumed = [
        _chunk_request(number, progress, page.url, highest=highest.get(number, ""))
        for number in numbers
        if (progress := _Progress.of(number, memory)).waiting
    ]
    path, _, query = text_at(answer, "topic_list", "more_topics_url").partition("?")
    more = _at(page.url, f"{path.removesuffix('.json')}.json") + (f"?{query}" if query else "")
    further, remembered = further_pages(
        page,
        memory,
        following=more if path else None,
        moved_count=moved_count,
        row_count=len(answer["topic_list"]["topics"]),
    )
    return Step(
        requests=(*opened, *resumed, *further), memory=remembered, site_url=_at(page.url, "/")
    )


def _topic_request(number: str, url: str) -> PageRequest:
    return PageRequest(url=_at(url, f"/t/{number}.json"), role="posts", context={"topic": number})


def _chunk_request(number: str, progress: _Progress, url: str, *, highest: str = "") -> PageRequest:
    """Return the page of the next posts that wait; what it needs comes along as context."""
    ids = "&".join(f"post_ids%5B%5D={one}" for one in progress.waiting[:_CHUNK])
    return PageRequest(
        url=_at(url, f"/t/{number}/posts.json?{ids}"),
        role="posts",
        context={"chunk": number, "progress": progress.write(), "highest": highest},
    )


def _listed(answer: Any, page: Page, *, now: datetime) -> Step:
    """Return the topics of a list as documents, for a page that is looked at on its own."""
    found: set[str] = set()
    names = {text_at(user, "id"): text_at(user, "username") for user in dicts_at(answer, "users")}
    documents = tuple(
        make_post(
            guid=text_at(topic, "id"),
            url=_at(page.url, f"/t/{text_at(topic, 'slug')}/{text_at(topic, 'id')}")
            if page.url
            else None,
            title=one_line(text_at(topic, "title")),
            text=one_line(text_at(topic, "excerpt")),
            author=names.get(text_at(topic, "posters", 0, "user_id"), ""),
            published=text_at(topic, "created_at"),
            found=found,
            now=now,
        )
        for topic in dicts_at(answer, "topic_list", "topics")
    )
    return Step(documents=documents, faults=faults.in_order(found))


def _posts_in(answer: Any) -> list[dict[str, Any]] | None:
    for path in (("post_stream", "posts"), ("latest_posts",), ("posts",)):
        if isinstance(dig(answer, *path), list):
            return list(dicts_at(answer, *path))
    if isinstance(answer, dict) and "cooked" in answer:
        return [answer]
    return None


def _posts(
    answer: Any,
    posts: list[dict[str, Any]],
    page: Page,
    memory: Mapping[str, str],
    *,
    now: datetime,
) -> Step:
    """Return the posts of a page and, for a topic, the ones it names but does not show."""
    found: set[str] = set()
    context = page.request.context
    chunk = context.get("chunk", "")
    reached = _Progress.of(chunk, {f"t:{chunk}": context.get("progress", "")})
    title = one_line(text_at(answer, "title")) or reached.title
    by_number = {text_at(post, "post_number"): text_at(post, "id") for post in posts}
    first = reached.first or by_number.get("1", "")
    documents = tuple(
        _document(
            post, title=title, by_number=by_number, first=first, url=page.url, now=now, found=found
        )
        for post in posts
        if int_at(post, "post_type") in {None, 1}  # 2, 3, 4: moderators' and system's notes
    )
    step = Step(documents=documents, faults=faults.in_order(found), site_url=_at(page.url, "/"))
    if chunk:
        left = replace(reached, waiting=reached.waiting[_CHUNK:])
        return _continued(step, chunk, left, page)
    topic = context.get("topic", "")
    if not topic:
        return step
    newest = max((int_at(post, "post_number") or 0 for post in posts), default=0)
    newest = max(newest, int_at(answer, "highest_post_number") or 0)
    shown = {text_at(post, "id") for post in posts}
    stream = [
        str(one) for one in dig(answer, "post_stream", "stream") or [] if isinstance(one, int)
    ]
    missing = [one for one in stream if one not in shown]
    waiting = _unread(missing, newest, _Progress.of(topic, memory))
    return _continued(step, topic, _Progress(newest, waiting, first, title), page)


def _unread(missing: list[str], newest: int, known: _Progress) -> tuple[str, ...]:
    """Return the posts to ask for: what came since the last visit, and what waited then."""
    count = newest - known.newest if known.newest else len(missing)
    start = len(missing) - max(min(count, _MAX_POSTS), 0)
    return tuple(
        one for at, one in enumerate(missing) if at >= start or one in known.waiting
    )  # fmt: skip


def _continued(step: Step, topic: str, progress: _Progress, page: Page) -> Step:
    """Return a step that remembers how far we are, and asks for what follows.

    Only the chunk that was read is remembered: one that the budget cuts waits for the next visit.
    """
    requests: tuple[PageRequest, ...] = ()
    highest = page.request.context.get("highest", "")
    if progress.waiting:
        requests = (_chunk_request(topic, progress, page.url, highest=highest),)
    elif highest.isdecimal() and int(highest) > progress.newest:  # it moved while posts waited
        requests = (_topic_request(topic, page.url),)
    return replace(step, requests=requests, memory={f"t:{topic}": progress.write()})


def _document(
    post: dict[str, Any],
    *,
    title: str,
    by_number: Mapping[str, str],
    first: str,
    url: str,
    now: datetime,
    found: set[str],
) -> RawDocument:
    number, topic = text_at(post, "post_number"), text_at(post, "topic_id")
    parent = text_at(post, "reply_to_post_number")
    post_id = text_at(post, "id")
    cooked = text_at(post, "cooked")
    slug = text_at(post, "topic_slug") or "-"
    body = without_quotes(cooked) if cooked else text_at(post, "raw") or text_at(post, "blurb")
    edited = text_at(post, "updated_at")
    return make_post(
        guid=post_id,
        url=_at(url, f"/t/{slug}/{topic}/{number}") if topic and number else None,
        title=title or one_line(text_at(post, "topic_title")),
        text=own_words(body),
        author=text_at(post, "username") or text_at(post, "name"),
        published=text_at(post, "created_at"),
        edited=edited,
        in_reply_to=by_number.get(parent) or (first if post_id != first else "") or None,
        found=found,
        now=now,
    )


def _at(url: str, path: str) -> str:
    """Return an address of the same forum, which may live below a folder."""
    base = re.sub(r"/(?:latest|top|new|posts|search|c|t|tag|categories)(?:[/.?].*)?$", "", url)
    return absolute_url(f"{base.rstrip('/')}{path}", None) or path
