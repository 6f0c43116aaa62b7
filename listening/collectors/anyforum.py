"""Forums of engines without a reader of their own: FluxBB, PunBB, Vanilla, bbPress, unknown ones.

What a page tells by itself comes first: a known template, microdata, and only then repetition.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from listening.collectors.forums.anyforum_posts import (
    are_posts,
    known_posts,
    microdata_posts,
    repeated_posts,
)
from listening.collectors.forums.board import BoardWalk, ForumPost
from listening.collectors.forums.dates import PageClock
from listening.collectors.forums.page import ForumPage, first, has_class, line_of, open_forum_page
from listening.errors import UnreadableSourceError

_PLACE = re.compile(r"[?&](?:p|page|pid|start)=[^&#]*|/p(?:age[-/]?)?\d+/?$")
_MARKUP = re.compile(rb"<(?:!doctype html|html|body|head)\b", re.IGNORECASE)
_HEAD_BYTES = 4096
_BORDER = re.compile(r"\s+(?:[|•·»\u203a/\\–—]|-)\s+")


class AnyForum(BoardWalk):
    """Walks lists of threads by the addresses that most engines give them."""

    post_mark = re.compile(
        rb"class=[\"'][^\"']*(?:\bblockpost\b|\bposthead\b|\bItemComment\b|\bbbp-reply-content\b|"
        rb"\bcrawler-post\b)|schema\.org/(?:DiscussionForumPosting|Comment|Answer)"
    )
    thread_link = re.compile(
        r"viewtopic\.php\?id=(?P<id>\d+)|/discussion/(?P<vanilla>\d+)|"
        r"/(?:topics?|threads?|sujets?|t|d|discussions?|questions?)/(?P<slug>[^/?#]+)"
    )
    board_link = re.compile(
        r"viewforum\.php\?id=(?P<id>\d+)|/(?:forums?|categories|category|c|f)/(?P<slug>[^/?#]+)/?$"
    )
    last_post_link = re.compile(r"#(?:p|Comment_|post-?|comment-?|latest)(\d+)")

    def first_page(self, href: str) -> str:
        """Return a thread's address at its first page."""
        return _PLACE.sub("", href.partition("#")[0])

    def title(self, page: ForumPage) -> str:
        """Return the thread's title."""
        for path in (
            "//meta[@itemprop='headline']/@content",
            "//*[@itemprop='headline']",
            f"//*[{has_class('crumbs')}]//strong",
            f"//h1[{has_class('entry-title')}]|//h1[@id='main-title']",
            f"//*[{has_class('PageTitle')}]//h1",
            "//meta[@property='og:title']/@content",
            "//h1",
        ):
            if line := line_of(first(page.root, path)):
                return line
        return _BORDER.split(line_of(first(page.root, "//title")))[0]

    def posts(self, page: ForumPage) -> Iterator[ForumPost]:
        """Yield the posts by the surest way the page offers."""
        known = list(known_posts(page))
        yield from known or list(microdata_posts(page)) or repeated_posts(page)

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return ``thread`` for a page with posts, else ``index``."""
        page = open_forum_page(body, content_type=None, url=url or "")
        return "thread" if any(True for _ in self.posts(page)) else "index"


def is_conversation(body: bytes, *, content_type: str | None, now: datetime) -> bool:
    """Return whether a page of no known engine shows posts of a conversation."""
    if not _MARKUP.search(body[:_HEAD_BYTES]):
        return False
    try:
        page = open_forum_page(body, content_type=content_type, url="")
    except UnreadableSourceError:
        return False
    posts = list(microdata_posts(page)) or repeated_posts(page)
    return are_posts(posts, PageClock(now=now.astimezone(UTC)))
