"""MyBB 1.6 and 1.8 by its web pages.

Markup: the postbit (also its classic form) and forumdisplay templates.
"""

import re
from collections.abc import Iterator
from typing import Any

from listening.collectors.forums.board import BoardWalk, ForumPost
from listening.collectors.forums.page import (
    ForumPage,
    all_by_class,
    by_class,
    first,
    has_class,
    line_of,
)

_POST = re.compile(r"^post_(\d+)$")
_CLOCK = re.compile(r"\d{1,2}\s*[:h]\s*\d{2}\b")
_PLACE = re.compile(r"&(?:page|pid|action|mode)=[^&#]*")


class MyBb(BoardWalk):
    """Walks ``forumdisplay.php?fid=…`` and ``showthread.php?tid=…``, also with short addresses."""

    post_mark = re.compile(rb"id=[\"']post_\d+[\"']|id=[\"']pid_\d+[\"']")
    thread_link = re.compile(r"(?:showthread\.php\?(?:[^#]*&)?tid=|/?thread-)(?P<id>\d+)")
    board_link = re.compile(r"(?:forumdisplay\.php\?(?:[^#]*&)?fid=|/?forum-)(?P<id>\d+)")
    last_post_link = re.compile(r"[?&]pid=(\d+)")

    def first_page(self, href: str) -> str:
        """Return a thread's address at its first page."""
        short = re.sub(
            r"(thread-\d+)(?:-(?:page|post|lastpost|newpost)[-\d]*)?\.html", r"\1.html", href
        )
        return _PLACE.sub("", short.partition("#")[0])

    def title(self, page: ForumPage) -> str:
        """Return the thread's title."""
        for path in (
            f"//*[{has_class('navigation')}]//span[{has_class('active')}]",
            f"//td[{has_class('thead')}]//strong[not(ancestor::*[{has_class('smalltext')}])]",
        ):
            if line := line_of(first(page.root, path)):
                return line
        return line_of(first(page.root, "//title"))

    def posts(self, page: ForumPage) -> Iterator[ForumPost]:
        """Yield the posts of both post layouts."""
        for block in page.root.xpath("//*[starts-with(@id,'post_')]"):
            found = _POST.match(block.get("id"))
            body = first(block, f".//*[@id='pid_{found[1]}']") if found else None
            if found is None or body is None:
                continue
            yield ForumPost(
                post_id=found[1],
                bodies=(body,),
                author=_author(block),
                date=_date(block),
                url=first(block, f".//a[contains(@href,'#pid{found[1]}')]/@href"),
                edited=_date_of(by_class(block, "edited_post")),
            )


def _author(block: Any) -> str:
    holder = by_class(block, "author_information", "post_author")
    if holder is None:
        return ""
    return line_of(by_class(holder, "largetext")) or line_of(first(holder, ".//strong"))


def _date(block: Any) -> str:
    """Return the date of a post; until 1.6 it stands in the bar above it."""
    holder = by_class(block, "post_date")
    if holder is not None:
        return _date_of(holder)
    small = all_by_class(block, "smalltext", "tcat")
    return next((_date_of(one) for one in small if _CLOCK.search(line_of(one))), "")


def _date_of(holder: Any) -> str:
    """Return the date in full, which MyBB keeps in a title where it shows "Today, 11:42 PM".

    The title then holds the day only; the time is in the text.
    """
    if holder is None:
        return ""
    shown = (holder.text or "").strip() or line_of(holder)
    dated = first(holder, ".//span[@title]")
    if dated is None:
        return shown
    title = str(dated.get("title")).strip()
    if re.search(r"\d{1,2}\s*[:h]\s*\d{2}", title):
        return title
    clock = re.search(r"\d{1,2}\s*[:h]\s*\d{2}(?:\s*[AaPp][Mm])?", line_of(holder))
    return f"{title}, {clock.group()}" if clock else title
