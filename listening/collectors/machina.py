"""django-machina by its web pages; their dates are written in the site's language.

Markup: the forum_conversation templates of 1.x.
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

_AUTHOR = re.compile(r"^\W*(?:by|par|von|por|di|de)\s*:?\s+", re.IGNORECASE)


class Machina(BoardWalk):
    """Walks ``/forum/NAME-ID/`` and ``/forum/NAME-ID/topic/TITLE-ID/``."""

    post_mark = re.compile(rb"class=[\"'][^\"']*\bpost-content\b")
    thread_link = re.compile(r"/topic/[^/?#]*?-?(?P<id>\d+)/(?:$|[?#])")
    board_link = re.compile(r"/forum/[^/?#]*?-(?P<id>\d+)/?$")
    last_post_link = re.compile(r"/topic/[^/?#]+/\?post=(\d+)")

    def first_page(self, href: str) -> str:
        """Return a topic's address at its first page."""
        return re.sub(r"\?(?:post|page)=.*$", "", href.partition("#")[0])

    def title(self, page: ForumPage) -> str:
        """Return the topic's title."""
        for path in (
            f"//h1[{has_class('topic-title')} or not(@class)]",
            f"//*[{has_class('breadcrumb-item')} and {has_class('active')}]",
            f"(//*[{has_class('post-title')} or {has_class('subject')}])[1]",
            "//h1|//h2|//h3",
        ):
            if line := line_of(first(page.root, path)):
                return line
        return line_of(first(page.root, "//title"))

    def posts(self, page: ForumPage) -> Iterator[ForumPost]:
        """Yield the posts of a topic page."""
        for body in all_by_class(page.root, "post-content"):
            block = _block(body)
            if block is None:
                continue
            post_id = _post_id(block)
            if post_id is None:
                continue
            words = by_class(body, "post-content-body")
            words = words if words is not None else body
            yield ForumPost(
                post_id=post_id,
                bodies=(words,),
                author=_author(block),
                date=_date(block),
                url=first(block, f".//a[contains(@href,'post={post_id}')]/@href") or f"#{post_id}",
            )


def _block(body: Any) -> Any:
    """Return the nearest element around a body that names its post."""
    for one in (body, *body.iterancestors("div", "article", "li", "tr")):
        if _post_id(one) is not None:
            return one
    return None


def _post_id(block: Any) -> str | None:
    for value in block.xpath("./@id|.//a/@id|.//a/@name|.//@id"):
        if found := re.match(r"^(?:post-?)?(\d+)$", str(value)):
            return found[1]
    return None


def _author(block: Any) -> str:
    for holder in (by_class(block, "username"), by_class(block, "post-username", "poster")):
        if holder is not None and (line := line_of(holder)):
            return _AUTHOR.sub("", line)
    info = by_class(block, "post-info", "created", "posted")
    if info is None:
        return ""
    name = first(info, ".//a[normalize-space()]|.//b|.//strong")
    if name is not None:
        return line_of(name)
    return re.split(r"\s*[,»•]\s*|\s+(?:on|le)\s+", _AUTHOR.sub("", line_of(info)))[0]


def _date(block: Any) -> str:
    info = by_class(block, "created", "posted", "post-info", "text-muted")
    text = line_of(info)
    found = re.search(r"\d{1,2}(?:er)?\s+\w+\.?\s+\d{4}.*|\w+\.?\s+\d{1,2},\s+\d{4}.*", text)
    return found.group() if found else text
