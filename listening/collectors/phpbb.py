"""phpBB 2 and 3 by their web pages: prosilver, subsilver and its heirs, and Forumactif's versions.

Markup: prosilver's and subsilver2's templates, phpBB 2's subSilver.
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
    link_with,
)

_SESSION = re.compile(r"([?&])sid=[0-9a-f]{32}(&|$)")
_PLACE = re.compile(r"[&?](?:start|p|view|hilit)=[^&#]*")
_POST_ID = re.compile(r"^p?(\d+)$")
_BY = re.compile(r"^.*?»\s*")
_POSTED = re.compile(r"^[^:0-9]{0,40}:\s*")


class PhpBb(BoardWalk):
    """Walks ``viewforum.php?f=…`` and ``viewtopic.php?t=…``."""

    post_mark = re.compile(
        rb"id=[\"']p\d+[\"'][^>]*class=[\"'][^\"']*\bpost\b|class=[\"'][^\"']*\bpost\b[^>]*id=[\"']p\d+"
        rb"|class=[\"']postbody[\"']|class=[\"']postauthor"
    )
    thread_link = re.compile(
        r"(?:viewtopic[^/?#]*(?:\.\w+)?\?(?:[^#]*&)?t=|^(?:https?://[^/]+)?/t)(?P<id>\d+)"
    )
    board_link = re.compile(
        r"(?:viewforum[^/?#]*(?:\.\w+)?\?(?:[^#]*&)?f=|^(?:https?://[^/]+)?/f)(?P<id>\d+)"
    )
    last_post_link = re.compile(r"(?:[?&]p=\d+|/t\d+[^#]*)#p?(\d+)")

    def first_page(self, href: str) -> str:
        """Return a topic's address without session, page and post."""
        return canonical_topic(href)

    def title(self, page: ForumPage) -> str:
        """Return the topic's title."""
        for path in (
            f"//h2[{has_class('topic-title')}]",
            f"//*[{has_class('topictitle')} and not(ancestor::*[{has_class('topiclist')}])]",
            "//a[contains(@href,'viewtopic') and (parent::h2 or parent::h1)]",
            f"//a[{has_class('maintitle')} or {has_class('titles')}]",
            f"//h1[{has_class('page-title')}]",
            "//div[@id='pageheader']//h2",
            "//div[@id='page-body']//h2",
            f"//*[{has_class('cattitle')}]",
        ):
            if line := line_of(first(page.root, path)):
                return line
        return line_of(first(page.root, "//title")).partition(" :: ")[2] or line_of(
            first(page.root, "//title")
        )

    def posts(self, page: ForumPage) -> Iterator[ForumPost]:
        """Yield the posts, whichever template made the page."""
        found = False
        for reader in (_prosilver, _subsilver2, _phpbb2):
            for post in reader(page):
                found = True
                yield post
            if found:
                return


def canonical_topic(href: str) -> str:
    """Return a topic's address without session, page and post.

    >>> canonical_topic("./viewtopic.php?f=3&t=309&start=15#p869")
    './viewtopic.php?f=3&t=309'
    """
    address = _SESSION.sub(r"\1", href.partition("#")[0]).rstrip("?&")
    if re.search(r"[?&]t=\d", address):
        address = _PLACE.sub("", address)
        if "?" not in address:  # the first parameter was dropped
            address = address.replace("&", "?", 1)
    return address


def _permalink(post_id: str, href: str | None) -> str:
    """Return the shortest address of a post; mirrored pages have files in its place."""
    if href and ".php" in href:
        return _SESSION.sub(r"\1", href)
    if href and re.match(r"(?:https?://[^/]+)?/t\d+", href):  # Forumactif
        return href
    return f"./viewtopic.php?p={post_id}#p{post_id}"


def _prosilver(page: ForumPage) -> Iterator[ForumPost]:
    """Yield the posts of prosilver and what descends from it."""
    for block in page.root.xpath(
        f"//*[self::div or self::article or self::li][{has_class('post')}]"
    ):
        found = _POST_ID.match(block.get("id") or "")
        if found is None:
            continue
        body = by_class(block, "content", "postbody", "entry-content")
        if body is None:
            continue
        head = by_class(block, "author", "post-date", "topic-date", "postprofile-date", tag="p")
        head = head if head is not None else by_class(block, "author", "post-info", "topic-date")
        link = link_with(block, f"#p{found[1]}", f"#{found[1]}")
        yield ForumPost(
            post_id=found[1],
            bodies=(body, *_edit_notices(body)),
            author=_author(block, head),
            date=_date(block, head),
            url=_permalink(found[1], link),
        )


def _edit_notices(_: Any) -> tuple[Any, ...]:
    return ()


def _author(block: Any, head: Any) -> str:
    for holder in (head, by_class(block, "postprofile", "post-author")):
        if holder is None:
            continue
        name = by_class(holder, "username-coloured", "username", "author-name")
        name = name if name is not None else first(holder, ".//strong|.//b")
        name = name if name is not None else first(holder, ".//a[normalize-space()]")
        if line := line_of(name):
            return line
    return ""


def _date(block: Any, head: Any) -> str:
    """Return the date: of the time element, or what follows the name."""
    stamp = first(block, f".//*[{has_class('author')} or {has_class('post-date')}]//time/@datetime")
    if stamp is not None:
        return str(stamp)
    if head is None:
        return ""
    text = line_of(head)
    if "»" in text:
        return _BY.sub("", text)
    tails = [str(tail) for tail in head.xpath("./text()|./span/text()")]
    return next((tail for tail in reversed(tails) if re.search(r"\d", tail)), text)


def _subsilver2(page: ForumPage) -> Iterator[ForumPost]:
    """Yield the posts of phpBB 3's second template: one table for each."""
    for name in all_by_class(page.root, "postauthor"):
        row = next(name.iterancestors("tr"), None)
        table = next(name.iterancestors("table"), None)
        if row is None or table is None:
            continue
        anchor = first(name, "(ancestor::td|ancestor::tr)[last()]//a[starts-with(@name,'p')]/@name")
        anchor = anchor or first(table, ".//a[starts-with(@name,'p')]/@name")
        found = _POST_ID.match(str(anchor or ""))
        bodies = all_by_class(table, "postbody")
        if found is None or not bodies:
            continue
        posted = first(row, f".//a[contains(@href,'#p{found[1]}')]/following-sibling::b[1]")
        date = posted.tail if posted is not None else line_of(by_class(row, "gensmall"))
        link = first(row, f".//a[contains(@href,'#p{found[1]}')]/@href")
        yield ForumPost(
            post_id=found[1],
            bodies=tuple(bodies[:1]),
            author=line_of(name),
            date=date or "",
            url=_permalink(found[1], link),
        )


def _phpbb2(page: ForumPage) -> Iterator[ForumPost]:
    """Yield the posts of phpBB 2 and of Forumactif's oldest version."""
    for name in all_by_class(page.root, "name"):
        anchor = first(name, ".//a[@name or @id]")
        anchor_id = (anchor.get("name") or anchor.get("id") or "") if anchor is not None else ""
        found = _POST_ID.match(anchor_id)
        row = next(name.iterancestors("tr"), None)
        if found is None or row is None:
            continue
        bodies = all_by_class(row, "postbody")
        details = by_class(row, "postdetails", "gensmall") if bodies else None
        dates = [one for one in all_by_class(row, "postdetails") if _is_dated(one)]
        details = dates[0] if dates else details
        if not bodies:
            continue
        link = first(row, f".//a[contains(@href,'#{found[1]}')]/@href")
        yield ForumPost(
            post_id=found[1],
            bodies=tuple(bodies),
            author=line_of(first(name, ".//b|.//strong")) or line_of(name),
            date=_POSTED.sub("", _own_text(details)),
            url=link or f"viewtopic.php?p={found[1]}#{found[1]}",
        )


def _is_dated(element: Any) -> bool:
    return bool(re.search(r"(?:19|20)\d\d\b.*\d:\d\d|\d:\d\d", line_of(element)))


def _own_text(element: Any) -> str:
    """Return the text of an element up to its first nested one that follows a text."""
    if element is None:
        return ""
    texts = [str(text) for text in element.xpath("./text()")]
    return next((text for text in texts if re.search(r"\d:\d\d|\d{4}", text)), line_of(element))
