"""Forums read by their web pages: from a board to the threads that changed, to their new posts.

What is common to all engines lives here; an engine is a small class that knows its marks. A thread
we know is taken up at the page where we stopped; one we do not know is read from its first page,
and, when it is long, from its last one: what is new is there.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from listening.collectors import faults
from listening.collectors.forums.dates import PageClock, page_clock
from listening.collectors.forums.listing import board_chain, further_pages, has_place
from listening.collectors.forums.page import (
    ForumPage,
    last_link,
    line_of,
    links,
    next_link,
    open_forum_page,
)
from listening.collectors.reading.items import finish_item, language_tag
from listening.collectors.reading.ownwords import post_text, quoted_post
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Source

#: A thread with more pages left than this is continued at its last one.
MAX_PAGES_BEHIND = 3
#: Boards of a forum's front page that are visited.
MAX_BOARDS = 30
_THREAD, _INDEX = "thread", "index"
_ROW_CLASSES = frozenset({"structItem", "ipsDataItem", "discussionListItem", "row", "windowbg"})
_REPLY = re.compile(r"^(?:re|aw|réf?)\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumPost:
    """One post as its engine marks it up."""

    post_id: str
    bodies: tuple[Any, ...]  # elements that hold its words
    author: str
    date: str  # as shown, or better as machines read it
    url: str | None = None  # permalink, perhaps relative
    edited: str = ""


@dataclass(slots=True, kw_only=True)
class Row:
    """One thread or board in a list."""

    row_id: str
    url: str
    link: Any  # the element that names it
    marker: str = ""  # changes with every new post; "" when the list does not tell


class BoardWalk(ABC):
    """A forum engine whose web pages are walked; subclasses say how to recognise its parts."""

    #: Bytes that only a page with posts has.
    post_mark: ClassVar[re.Pattern[bytes]]
    #: Addresses of threads and boards; the first group that matches is the id.
    thread_link: ClassVar[re.Pattern[str]]
    board_link: ClassVar[re.Pattern[str]]
    #: Addresses that name the newest post of a row; group 1 is its id.
    last_post_link: ClassVar[re.Pattern[str]]

    @abstractmethod
    def posts(self, page: ForumPage) -> Iterator[ForumPost]:
        """Yield the posts of a thread page in their order."""

    @abstractmethod
    def title(self, page: ForumPage) -> str:
        """Return the thread's title."""

    # -- the walk ------------------------------------------------------------------------------

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the board, or the page of the thread where we stopped."""
        del now
        if not self.thread_link.search(source.url):
            return (PageRequest(url=source.url, role=_INDEX),)
        known = _Progress.read(memory.get("t:self", ""))
        context = {"thread": "self", "first": known.first_id}
        return (PageRequest(url=known.url or source.url, role=_THREAD, context=context),)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return the posts of a thread page, or the changed threads of a list."""
        forum_page = open_forum_page(page.body, content_type=page.content_type, url=page.url)
        if page.request.role == _THREAD:
            return self._thread(page, forum_page, memory, now=now)
        return self._index(page, forum_page, memory)

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return ``thread`` for a page with posts, else ``index``."""
        del url
        return _THREAD if self.post_mark.search(body) else _INDEX

    # -- lists -----------------------------------------------------------------------------------

    def _index(self, page: Page, forum_page: ForumPage, memory: Mapping[str, str]) -> Step:
        threads = list(self._rows(forum_page, self.thread_link))
        boards = [] if threads else list(self._rows(forum_page, self.board_link))[:MAX_BOARDS]
        if not threads and not boards and not self.post_mark.search(page.body):
            raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
        requests = [
            request for row in threads if (request := _thread_request(row, memory)) is not None
        ]
        changed_boards = [
            row
            for row in boards
            if _has_changed(row, memory.get(f"b:{row.row_id}")) or has_place(memory, row.row_id)
        ]
        further, remembered = further_pages(
            page,
            memory,
            following=forum_page.own(next_link(forum_page.root)) if threads else None,
            moved_count=len(requests),
            row_count=len(threads),
            name=page.request.context.get("board", ""),
        )
        rows = [(row.row_id, row.marker, row.url) for row in changed_boards]
        chain, passed = board_chain(page, memory, rows, is_quiet=not (requests or rows))
        return Step(
            requests=(*requests, *further, *chain),
            memory={**remembered, **passed},
            title=self._site_title(forum_page),
            site_url=forum_page.url or None,
        )

    def _rows(self, page: ForumPage, pattern: re.Pattern[str]) -> Iterator[Row]:
        """Yield the rows of a list: links to one thread, and to its newest post, stand together."""
        rows: dict[str, Row] = {}
        current: Row | None = None
        for href, element in links(page.root):
            found = pattern.search(href)
            newest = self.last_post_link.search(href)
            if found is not None:
                row_id = next(group for group in found.groups() if group)
                address = page.own(self.first_page(href)) or ("" if page.url else href)
                current = rows.get(row_id) if address else None
                if current is None and address and newest is None and line_of(element):
                    current = rows[row_id] = Row(row_id=row_id, url=address, link=element)
            if newest is not None and current is not None:
                post_id = next(group for group in newest.groups() if group)
                current.marker = max(current.marker, post_id, key=lambda text: text.zfill(20))
        for row in rows.values():
            row.marker = row.marker or _shown_activity(row.link)
            yield row

    def first_page(self, href: str) -> str:
        """Return a thread's address without what names a page or a post of it."""
        return href.partition("#")[0]

    def _site_title(self, page: ForumPage) -> str | None:
        names = page.root.xpath("//meta[@property='og:site_name']/@content|//title/text()")
        return " ".join(str(names[0]).split()) if names else None

    # -- threads ---------------------------------------------------------------------------------

    def _thread(
        self, page: Page, forum_page: ForumPage, memory: Mapping[str, str], *, now: datetime
    ) -> Step:
        posts = list(self.posts(forum_page))
        if not posts:
            raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
        clock = page_clock(
            forum_page.markup, [post.date for post in posts], now=now, is_live=bool(page.url)
        )
        context = page.request.context
        following = forum_page.own(next_link(forum_page.root))
        last = last_link(forum_page.root)
        is_first_page = not context.get("first") and not _names_a_later_page(forum_page)
        first_id = context.get("first") or (posts[0].post_id if is_first_page else "")
        if is_first_page and last is not None and last[0] - 1 > MAX_PAGES_BEHIND:
            following = forum_page.own(last[1]) or following
        found: set[str] = set()
        reader = _PostReader(
            page=forum_page,
            clock=clock,
            title=_REPLY.sub("", self.title(forum_page)),
            language=language_tag(forum_page.root.get("lang")),
            thread_url=forum_page.absolute(self.first_page(forum_page.url)) or None,
            first_id=first_id,
            found=found,
        )
        documents = tuple(reader.document(post) for post in posts)
        thread = context.get("thread", "")
        step = Step(documents=documents, faults=faults.in_order(found), title=reader.title)
        if not thread or not forum_page.url:
            return step
        marker = "" if following else context.get("marker", "")
        progress = _Progress(marker=marker, first_id=first_id, url=forum_page.url)
        onward = {**context, "first": first_id}
        requests = (PageRequest(url=following, role=_THREAD, context=onward),) if following else ()
        del memory
        return replace(step, requests=requests, memory={f"t:{thread}": progress.write()})


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far a thread was read."""

    marker: str  # of its row when the last page was read; "" when there is more to read
    first_id: str
    url: str  # of the page where reading goes on

    @classmethod
    def read(cls, text: str) -> "_Progress":
        parts = text.split("\t", 2)
        return cls(*parts) if len(parts) == 3 else cls("", "", "")  # noqa: PLR2004 - three fields

    def write(self) -> str:
        return f"{self.marker}\t{self.first_id}\t{self.url}"


def _shown_activity(link: Any) -> str:
    """Return what the row around a link shows of its activity: machine dates, else reply count."""
    row = next((one for one in link.iterancestors() if _is_row(one)), None)
    if row is None:
        return ""
    stamps = [str(value) for value in row.xpath(".//time/@datetime|.//*/@data-time")]
    if stamps:
        return max(stamps)[:40]
    counts = row.xpath(".//a[contains(@href,'whoposted')]|.//dl//dd")
    return " ".join(line_of(one) for one in counts)[:40]


def _is_row(element: Any) -> bool:
    classes = set((element.get("class") or "").split())
    return element.tag in {"tr", "li"} or bool(classes & _ROW_CLASSES)


def _has_changed(row: Row, known_marker: str | None) -> bool:
    return not row.marker or known_marker != row.marker


def _thread_request(row: Row, memory: Mapping[str, str]) -> PageRequest | None:
    """Return the page at which a thread is taken up, or None when nothing is new in it."""
    known = _Progress.read(memory.get(f"t:{row.row_id}", ""))
    if not _has_changed(row, known.marker or None):
        return None
    context = {"thread": row.row_id, "marker": row.marker, "first": known.first_id}
    return PageRequest(url=known.url or row.url, role=_THREAD, context=context)


def _names_a_later_page(page: ForumPage) -> bool:
    """Return whether a page says that pages come before it."""
    previous = page.root.xpath("//link[@rel='prev']|//a[@rel='prev']")
    return bool(previous)


@dataclass(frozen=True, slots=True, kw_only=True)
class _PostReader:
    """What the posts of one page share."""

    page: ForumPage
    clock: PageClock
    title: str
    language: str | None
    thread_url: str | None
    first_id: str
    found: set[str]

    def document(self, post: ForumPost) -> RawDocument:
        """Return a post within its limits."""
        parents = [quoted_post(body) for body in post.bodies]
        parent = next((one for one in parents if one), None)
        if parent is None and post.post_id != self.first_id:
            parent = self.first_id or self.thread_url
        published_at, quality, fault = self.clock.read(post.date)
        if fault:
            self.found.add(fault)
        updated_at = self.clock.read(post.edited)[0] if post.edited else None
        document = RawDocument(
            guid=post.post_id,
            url=self.page.absolute(post.url),
            title=self.title,
            text=post_text(*post.bodies),
            author=post.author or None,
            published_at=published_at,
            published_at_quality=quality,
            updated_at=updated_at,
            in_reply_to=parent,
        )
        return finish_item(document, author=None, language=self.language, found=self.found)
