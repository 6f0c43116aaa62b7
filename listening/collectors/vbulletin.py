"""vBulletin 3, 4 and 5 by its web pages.

Markup: the postbit templates (3: tables; 4: list of ``li.postcontainer``; 5: ``li.b-post``).
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
    moment_of,
)

_POST = re.compile(r"^(?:post_?|edit)(\d+)$")
_PLACE = re.compile(r"[?&](?:p|page|s|goto|viewfull|posted|highlight)=[^&#]*")


class VBulletin(BoardWalk):
    """Walks ``forumdisplay.php`` and ``showthread.php``, also with short addresses."""

    post_mark = re.compile(
        rb"id=[\"']post_message_\d+|id=[\"']post_\d+[\"'][^>]*class=[\"'][^\"']*postcontainer|"
        rb"class=[\"'][^\"']*\bb-post\b|class=[\"'][^\"']*js-post\b"
    )
    thread_link = re.compile(
        r"(?:showthread\.php[?/](?:[^#]*&)?(?:t=)?|/threads?/|/(?:[^/?#]+/)+(?=\d+-[^/?#]+(?:$|[?#])))"
        r"(?P<id>\d+)"
    )
    board_link = re.compile(r"(?:forumdisplay\.php[?/](?:[^#]*&)?(?:f=)?|/forums?/)(?P<id>\d+)")
    last_post_link = re.compile(r"[?&]p=(\d+)#post\d+")

    def first_page(self, href: str) -> str:
        """Return a thread's address at its first page."""
        address = _PLACE.sub("", href.partition("#")[0])
        address = re.sub(r"/page\d+(?=$|[?/])", "", address)
        return address if "?" in address else address.replace("&", "?", 1)

    def title(self, page: ForumPage) -> str:
        """Return the thread's title."""
        for path in (
            f"//*[{has_class('threadtitle')}]",
            f"//h1[{has_class('main-title')} or {has_class('js-main-title')}]",
            f"//td[{has_class('navbar')}]/strong",
            "//meta[@property='og:title']/@content",
        ):
            if line := line_of(first(page.root, path)):
                return line
        return re.sub(r"\s+-\s+[^-]*$", "", line_of(first(page.root, "//title")))

    def posts(self, page: ForumPage) -> Iterator[ForumPost]:
        """Yield the posts, whichever version made the page."""
        found = False
        for reader in (_version4, _version5, _version3):
            for post in reader(page):
                found = True
                yield post
            if found:
                return


def _version4(page: ForumPage) -> Iterator[ForumPost]:
    for block in page.root.xpath(f"//li[{any_class('postbit', 'postbitlegacy', 'postcontainer')}]"):
        found = _POST.match(block.get("id") or "")
        body = first(block, ".//*[starts-with(@id,'post_message_')]")
        if found is None or body is None:
            continue
        words = by_class(body, "postcontent")
        yield ForumPost(
            post_id=found[1],
            bodies=(words if words is not None else body,),
            author=line_of(by_class(block, "username", "guestname", "guest")),
            date=line_of(by_class(block, "date", "postdate")),
            url=first(block, f".//a[contains(@href,'#post{found[1]}')]/@href"),
        )


def _version5(page: ForumPage) -> Iterator[ForumPost]:
    for block in page.root.xpath(
        f"//*[self::li or self::div][{has_class('b-post')} and @data-node-id]"
    ):
        body = by_class(block, "js-post__content-text", "b-post__content")
        if body is None:
            continue
        post_id = str(block.get("data-node-id"))
        yield ForumPost(
            post_id=post_id,
            bodies=(body,),
            author=line_of(by_class(block, "author", "b-userinfo__details")),
            date=moment_of(by_class(block, "b-post__timestamp")),
            url=first(block, f".//a[contains(@href,'#post{post_id}')]/@href"),
        )


def _version3(page: ForumPage) -> Iterator[ForumPost]:
    for table in page.root.xpath("//table[starts-with(@id,'post')]"):
        found = _POST.match(table.get("id"))
        body = first(table, f".//*[@id='post_message_{found[1]}']") if found else None
        if found is None or body is None:
            continue
        name = by_class(table, "bigusername")
        name = name if name is not None else first(table, f".//*[@id='postmenu_{found[1]}']")
        yield ForumPost(
            post_id=found[1],
            bodies=(body,),
            author=line_of(name),
            date=_date3(table),
            url=first(table, f".//a[contains(@href,'#post{found[1]}')]/@href"),
        )


def _date3(table: Any) -> str:
    """Return the text of the head cell beside its little icon."""
    for cell in table.xpath(f".//td[{has_class('thead')}]|.//div[{has_class('normal')}]"):
        line = line_of(cell)
        if re.search(r"\d{1,2}[:h]\d{2}", line):
            return line
    return ""
