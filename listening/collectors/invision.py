"""Invision Community 4 and 5 (and IP.Board 3) by its web pages.

Markup: the comment and topic templates; every date is a ``time`` element.
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

_COMMENT = re.compile(r"^(?:elComment_|comment-|entry|post_id_)(\d+)$")
_PLACE = re.compile(r"(?:/page/\d+/?|[?&](?:page|do|comment|tab)=[^&#]*)+")


_HEADS = ("ipsComment_meta", "ipsComment_header", "ipsEntry__header")


class Invision(BoardWalk):
    """Walks ``/forum/ID-name/`` and ``/topic/ID-title/``."""

    post_mark = re.compile(
        rb"id=[\"'](?:elComment_|comment-)\d+[\"']|class=[\"'][^\"']*ips(?:Comment|Entry)\b|id=[\"']post_id_\d+"
    )
    thread_link = re.compile(r"[/?]topic/(?P<id>\d+)-")
    board_link = re.compile(r"[/?]forum/(?P<id>\d+)-[^/?#]*/?$")
    last_post_link = re.compile(r"[?&]comment=(\d+)|#(?:comment-|entry|findComment-)(\d+)")

    def first_page(self, href: str) -> str:
        """Return a topic's address at its first page."""
        address = _PLACE.sub("/", href.partition("#")[0])
        return re.sub(r"/+$", "/", address)

    def title(self, page: ForumPage) -> str:
        """Return the topic's title."""
        for path in (
            f"//h1[{has_class('ipsType_pageTitle')}]//span[not(*)][normalize-space()]",
            f"//h1[{has_class('ipsPageHeader__title')}]",
            f"//h1[{any_class('ipsType_pageTitle', 'ipsTitle', 'ipsType_pagetitle')}]",
            "//meta[@property='og:title']/@content",
        ):
            if line := line_of(first(page.root, path)):
                return line
        return line_of(first(page.root, "//title"))

    def posts(self, page: ForumPage) -> Iterator[ForumPost]:
        """Yield the posts of both versions."""
        for block in page.root.xpath(
            f"//*[self::article or self::div][{any_class('ipsComment', 'ipsEntry', 'post_block')}]"
        ):
            post_id = _post_id(block)
            body = first(block, ".//*[@data-role='commentContent']")
            body = (
                body if body is not None else by_class(block, "ipsType_richText", "entry-content")
            )
            if post_id is None or body is None:
                continue
            yield ForumPost(
                post_id=post_id,
                bodies=(body,),
                author=_author(block),
                date=_date(block),
                url=link_with(
                    block,
                    f"comment={post_id}",
                    f"#comment-{post_id}",
                    f"#findComment-{post_id}",
                    f"#entry{post_id}",
                ),
            )


def _post_id(block: Any) -> str | None:
    for value in (block.get("id"), *block.xpath(".//@data-commentid|.//a/@id|.//@id")):
        if value and (found := _COMMENT.match(str(value))):
            return found[1]
    return None


def _author(block: Any) -> str:
    holder = by_class(
        block,
        "cAuthorPane_author",
        "ipsComment_author",
        "ipsEntry__username",
        "ipsEntry__author",
        "author",
        "post_username",
    )
    if holder is None:
        return ""
    name = first(holder, ".//a[normalize-space() and not(.//img)]")
    return line_of(name) or line_of(first(holder, ".//strong")) or line_of(holder)


def _date(block: Any) -> str:
    stamp = first(block, f".//*[{any_class(*_HEADS)}]//time/@datetime")
    if stamp:
        return str(stamp)
    element = by_class(block, "published")
    if element is not None:
        return str(element.get("title") or "") or line_of(element)
    return moment_of(first(block, ".//time"))
