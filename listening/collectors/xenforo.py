"""XenForo 1 and 2 by its web pages.

Markup: the message templates of both versions; 2 has ``article.message`` with machine dates.
"""

import re
from collections.abc import Iterator
from typing import Any

from listening.collectors.forums.board import BoardWalk, ForumPost
from listening.collectors.forums.page import (
    ForumPage,
    any_class,
    by_class,
    first,
    has_class,
    line_of,
    link_with,
    moment_of,
)

_POST = re.compile(r"^(?:js-)?post-(\d+)$")
_PLACE = re.compile(r"/(?:page-\d+|latest|unread|post-\d+|preview)/?(?:\?[^#]*)?$")


class XenForo(BoardWalk):
    """Walks ``/forums/NAME.ID/`` and ``/threads/TITLE.ID/``."""

    post_mark = re.compile(
        rb"data-content=[\"']post-\d+|<li[^>]{1,200}id=[\"']post-\d+[\"'][^>]*class=[\"'][^\"']*message"
    )
    thread_link = re.compile(r"(?:^|/|\?)threads/(?:[^/?#]*\.)?(?P<id>\d+)(?:/|$|#|\?)")
    board_link = re.compile(r"(?:^|/|\?)forums/(?:[^/?#]*\.)?(?P<id>\d+)/?$")
    last_post_link = re.compile(r"/posts/(\d+)|#post-(\d+)")

    def first_page(self, href: str) -> str:
        """Return a thread's address at its first page."""
        return _PLACE.sub("/", href.partition("#")[0])

    def title(self, page: ForumPage) -> str:
        """Return the thread's title without its prefix label."""
        for path in (
            f"//h1[{has_class('p-title-value')}]",
            f"//*[{has_class('titleBar')}]//h1",
            "//meta[@property='og:title']/@content",
        ):
            heading = first(page.root, path)
            if heading is None:
                continue
            if not isinstance(heading, str):
                for label in heading.xpath(f".//*[{any_class('label', 'prefix', 'label-append')}]"):
                    label.text = ""
                    for inner in list(label):
                        label.remove(inner)
            if line := line_of(heading):
                return line
        return line_of(first(page.root, "//title"))

    def posts(self, page: ForumPage) -> Iterator[ForumPost]:
        """Yield the posts of both versions."""
        for block in page.root.xpath(
            f"//*[self::article or self::li or self::div][{has_class('message')}]"
        ):
            found = _POST.match(block.get("data-content") or block.get("id") or "")
            body = by_class(block, "bbWrapper", "messageText", "message-body")
            if found is None or body is None:
                continue
            yield ForumPost(
                post_id=found[1],
                bodies=(body,),
                author=(block.get("data-author") or "").strip() or _author(block),
                date=_date(block),
                url=link_with(block, f"post-{found[1]}", f"posts/{found[1]}"),
                edited=moment_of(by_class(block, "message-lastEdit", "editDate")),
            )


def _author(block: Any) -> str:
    return line_of(by_class(block, "message-name", "username"))


def _date(block: Any) -> str:
    """Return the machine date of 2, or the title, data or words of 1's DateTime."""
    head = by_class(block, "message-attribution-main", "message-attribution", "messageDetails")
    holder = head if head is not None else block
    if stamp := first(holder, ".//time/@datetime"):
        return str(stamp)
    element = by_class(holder, "DateTime", "datePermalink")
    if element is None:
        element = by_class(block, "DateTime")
    if element is None:
        return ""
    for name in ("data-time", "title"):
        if value := element.get(name):
            return str(value)
    return line_of(element)
