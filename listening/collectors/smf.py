"""Simple Machines Forum 1.1, 2.0 and 2.1 by its web pages.

Markup: the Display and MessageIndex templates of its default themes.
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
)

_MESSAGE = re.compile(r"(?:msg_?|subject_)(\d+)$")
_TOPIC = re.compile(r"([?;&/]topic[=,])(\d+)\.[\w#]+")
_SESSION = re.compile(r"PHPSESSID=[0-9a-zA-Z]+[&;]?(?:amp;)?")
#: « Reply #1 on: November 20, 2026, 11:42:30 PM » ; « Réponse #1 le: … »
_LEAD = re.compile(r"^[«\s]*(?:[^:«»]{0,40}?\b(?:on|le|am|le\s?)\s*:\s*)?")


class Smf(BoardWalk):
    """Walks ``index.php?board=…`` and ``index.php?topic=…``."""

    post_mark = re.compile(
        rb"id=[\"']msg_?\d+[\"']|class=[\"']post_wrapper[\"']|id=[\"']subject_\d+[\"']"
    )
    thread_link = re.compile(r"[?;&/]topic[=,](?P<id>\d+)\.")
    board_link = re.compile(r"[?;&/]board[=,](?P<id>\d+)\.0")
    last_post_link = re.compile(r"topic[=,]\d+\.msg(\d+)")

    def first_page(self, href: str) -> str:
        """Return a topic's address at its first post."""
        return _TOPIC.sub(r"\1\2.0", _SESSION.sub("", href.partition("#")[0]))

    def title(self, page: ForumPage) -> str:
        """Return the topic's title."""
        for path in (
            f"//h2[{has_class('display_title')}]",
            "//*[@id='top_subject']",
            "//meta[@property='og:title']/@content",
            f"//div[{has_class('keyinfo')}]//h5",
        ):
            if line := line_of(first(page.root, path)):
                line = re.sub(r"^(?:Topic|Sujet|Auteur|Thema|Tema)\s*:\s*", "", line)
                return re.sub(r"\s*\(\w+\s+[\d\s,.]+\s+\w+\)\s*$", "", line)
        return line_of(first(page.root, "//title"))

    def posts(self, page: ForumPage) -> Iterator[ForumPost]:
        """Yield the posts of all versions."""
        wrappers = page.root.xpath(f"//div[{any_class('post_wrapper', 'windowbg', 'windowbg2')}]")
        seen: set[str] = set()
        for wrapper in wrappers:
            message_id = _message_id(wrapper)
            body = by_class(wrapper, "inner")
            if message_id is None or message_id in seen or body is None:
                continue
            seen.add(message_id)
            yield ForumPost(
                post_id=message_id,
                bodies=(body,),
                author=_author(wrapper),
                date=_date(wrapper, message_id),
                url=first(wrapper, f".//a[contains(@href,'msg{message_id}')]/@href"),
            )
        if not seen:
            yield from _version1(page)


def _version1(page: ForumPage) -> Iterator[ForumPost]:
    """Yield the posts of 1.1: a table for each, its subject has the number."""
    for subject in page.root.xpath("//*[starts-with(@id,'subject_')]"):
        found = _MESSAGE.match(subject.get("id"))
        row = next(
            (one for one in subject.iterancestors("tr") if by_class(one, "post") is not None), None
        )
        if found is None or row is None:
            continue
        poster = first(row, "./td[1]")
        shown = first(subject, f"following-sibling::*[{has_class('smalltext')}][1]")
        yield ForumPost(
            post_id=found[1],
            bodies=(by_class(row, "post"),),
            author=line_of(first(poster, ".//a[contains(@href,'action=profile')]|./b|.//b")),
            date=_LEAD.sub("", line_of(shown)).strip(" «»"),
            url=first(subject, ".//a/@href") or f"#msg{found[1]}",
        )


def _message_id(wrapper: Any) -> str | None:
    """Return the id on the body, the subject, or the wrapper itself."""
    for value in wrapper.xpath("./@id|.//*[contains(@id,'msg') or contains(@id,'subject_')]/@id"):
        if found := _MESSAGE.match(str(value)):
            return found[1]
    return None


def _author(wrapper: Any) -> str:
    poster = by_class(wrapper, "poster", "poster_info")
    if poster is None:
        return ""
    heading = first(poster, ".//h4")
    holder = heading if heading is not None else poster
    name = first(holder, ".//a[contains(@href,'action=profile') and normalize-space()]")
    return line_of(name) or line_of(holder)


def _date(wrapper: Any, message_id: str) -> str:
    """Return the date beside the subject."""
    info = by_class(wrapper, "postinfo", "keyinfo")
    if info is None:
        return ""
    if stamp := first(info, ".//time/@datetime"):
        return str(stamp)
    smalltext = by_class(info, "smalltext", "page_number")
    link = first(info, f".//a[contains(@class,'smalltext') and contains(@href,'msg{message_id}')]")
    for holder in (link, smalltext, info):
        text = _LEAD.sub("", line_of(holder)).strip(" «»")
        if re.search(r"\d", text):
            return text
    return ""
