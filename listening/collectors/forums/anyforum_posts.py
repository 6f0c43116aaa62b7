"""Posts on pages of forums without a reader of their own: by known marks, microdata, repetition.

Known marks: the templates of FluxBB, PunBB, Vanilla, bbPress and Discourse's view without scripts.
Microdata: schema.org's DiscussionForumPosting, Comment, Question and Answer. Last, blocks that
repeat with a number in their id, a name and a date.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from listening.collectors.forums.board import ForumPost
from listening.collectors.forums.dates import PageClock
from listening.collectors.forums.page import (
    ForumPage,
    any_class,
    first,
    has_class,
    line_of,
    moment_of,
)


@dataclass(frozen=True, slots=True)
class Marks:
    """Where a template keeps the parts of a post; XPaths from the post's block."""

    block: str
    post_id: str
    body: str
    author: str
    date: str


#: One entry per template, most particular first.
TEMPLATES = (
    Marks(  # FluxBB 1.4 and 1.5, PunBB 1.2
        block=f"//div[{has_class('blockpost')} and @id]",
        post_id="@id",
        body=f".//div[{has_class('postmsg')} and not({has_class('postsignature')})]",
        author=f".//div[{has_class('postleft')}]//dt|.//div[{has_class('postleft')}]//strong",
        date=".//h2//a[contains(@href,'#p')]",
    ),
    Marks(  # PunBB 1.3 and 1.4
        block=f"//div[{has_class('post')} and .//div[{has_class('posthead')}]]",
        post_id=f"@id|.//div[{has_class('posthead')}]/@id",
        body=f".//div[{has_class('entry-content')}]",
        author=f".//*[{has_class('post-byline')}]//strong|.//*[{has_class('username')}]",
        date=f".//*[{has_class('post-link')}]//a",
    ),
    Marks(  # Vanilla 2 and later
        block=f"//*[{any_class('ItemDiscussion', 'ItemComment')} and @id]",
        post_id="@id",
        body=f".//div[{has_class('Message')}]",
        author=f".//a[{has_class('Username')}]",
        date=f".//*[{any_class('DateCreated', 'CommentMeta', 'DiscussionMeta')}]//time",
    ),
    Marks(  # bbPress 2: the head is the block's brother
        block=f"//div[.//div[{any_class('bbp-reply-content', 'bbp-topic-content')}]"
        f" and .//*[{has_class('bbp-author-name')} or {has_class('bbp-author-link')}]"
        f" and preceding-sibling::*[1][starts-with(@id,'post-')]]",
        post_id="preceding-sibling::*[1]/@id",
        body=f".//div[{any_class('bbp-reply-content', 'bbp-topic-content')}]",
        author=f".//*[{has_class('bbp-author-name')}]|.//a[{has_class('bbp-author-link')}]",
        date="preceding-sibling::*[1]"
        f"//*[{any_class('bbp-reply-post-date', 'bbp-topic-post-date')}]",
    ),
    Marks(  # Discourse without scripts
        block=f"//div[{any_class('crawler-post', 'topic-body')} and .//*[{has_class('post')}]]",
        post_id="@id|.//@id",
        body=f".//div[{has_class('post')}]",
        author=f".//*[{has_class('creator')}]//*[@itemprop='name']|.//*[{has_class('creator')}]//a",
        date=".//time",
    ),
)
_TYPES = ("DiscussionForumPosting", "Comment", "Question", "Answer", "SocialMediaPosting", "Post")
_NUMBER = re.compile(r"(\d+)\D*$")
_NUMBERED = re.compile(r"^(\D{0,30}?)[-_]?(\d+)$")
_AUTHOR_MARK = re.compile(
    r"author|user|poster|member|nick|pseudo|autor|auteur|byline", re.IGNORECASE
)
_AUTHOR_LINK = re.compile(
    r"/(?:users?|members?|profiles?|u|people|profil|membres?|benutzer|usuarios?)[/.?=]|"
    r"profile\.php|[?&]action=profile|memberlist|userinfo",
    re.IGNORECASE,
)
_BODY_MARK = re.compile(
    r"content|body|text|message|msg|entry|comment|inhalt|contenu|beitrag", re.IGNORECASE
)
_DATE_MARK = re.compile(r"date|time|posted|when|datum|heure|fecha|meta", re.IGNORECASE)
_NO_BODY = re.compile(r"signature|\bsig\b|meta|head|foot|tools|actions|author|user", re.IGNORECASE)
#: «by Odile», «Odile says:»
_SAYS = re.compile(
    r"^(?:by|par|von|por|di)\s+|\s*(?:says|said|sagt|schreibt|a dit|a écrit|dit|dice|dijo|scrive|"
    r"wrote)?\s*:?\s*$",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\d[:h]\d\d")
_MAX_NAME_CHARS = 60
_MAX_DATE_CHARS = 80
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_LEADS_AWAY = ".//a[@href and not(contains(@href,'#'))]"
_TEXT_TAGS = frozenset({"div", "p", "td", "section", "blockquote", "span", "article"})
#: Elements of one post that are looked at.
_MAX_PARTS = 500
_MAX_BLOCKS = 400


def known_posts(page: ForumPage) -> Iterator[ForumPost]:
    """Yield the posts of the first template whose marks the page has."""
    for marks in TEMPLATES:
        found = False
        for block in page.root.xpath(marks.block)[:_MAX_BLOCKS]:
            body, author = first(block, marks.body), line_of(first(block, marks.author))
            number = _NUMBER.search(str(first(block, marks.post_id) or ""))
            if body is None or number is None:
                continue
            found = True
            yield _post(block, number[1], body, author, moment_of(first(block, marks.date)))
        if found:
            return


def microdata_posts(page: ForumPage) -> Iterator[ForumPost]:
    """Yield the posts that schema.org's microdata marks, in reading order."""
    types = " or ".join(f"contains(@itemtype,'schema.org/{name}')" for name in _TYPES)
    for number, block in enumerate(page.root.xpath(f"//*[@itemscope and ({types})]"), start=1):
        body = _own(block, "text") or _own(block, "articleBody") or _own(block, "commentText")
        if not body:
            continue
        author = (_own(block, "author") or _own(block, "creator") or [None])[0]
        name = None if author is None else first(author, ".//*[@itemprop='name']")
        name = author if name is None else name
        date = (_own(block, "datePublished") or _own(block, "dateCreated") or [None])[0]
        stamp = "" if date is None else str(date.get("content") or "") or moment_of(date)
        found = _NUMBER.search(str(first(block, "@id|.//@id") or ""))
        label = "" if name is None else str(name.get("content") or "") or line_of(name)
        yield _post(block, found[1] if found else str(number), body[0], label, stamp)


def _own(block: Any, name: str) -> list[Any]:
    """Return the elements with a property of this block, not of one inside it."""
    return [
        one
        for one in block.xpath(f".//*[@itemprop='{name}']")
        if next(one.iterancestors(), None) is block
        or next((up for up in one.iterancestors() if up.get("itemscope") is not None), None)
        is block
    ]


def repeated_posts(page: ForumPage) -> list[ForumPost]:
    """Return the posts of the largest family of blocks that have a number, a name and a date."""
    families: dict[tuple[str, str], list[tuple[str, Any]]] = defaultdict(list)
    for block in page.root.iter("div", "article", "li", "section", "table", "tr"):
        found = _NUMBERED.match(block.get("id") or block.get("data-id") or "")
        if found is not None:
            families[block.tag, found[1]].append((found[2], block))
    best: list[ForumPost] = []
    best_length = 0
    for blocks in families.values():
        if len(blocks) < 2:  # noqa: PLR2004 - one block repeats nothing
            continue
        family = {block for _, block in blocks}
        read = [_unknown_post(number, one, family) for number, one in blocks[:_MAX_BLOCKS]]
        posts = [post for post in read if post is not None]
        length = sum(len(line_of(post.bodies[0])) for post in posts)
        if len(posts) * 2 > len(blocks) and length > best_length:
            best, best_length = posts, length
    return best


def _unknown_post(number: str, block: Any, family: set[Any]) -> ForumPost | None:
    """Return a block as a post where name, date and text are found in it."""
    parts = list(_own_parts(block, family))
    if any(one.tag in _HEADINGS and first(one, _LEADS_AWAY) is not None for one in parts):
        return None  # a headline that leads elsewhere: the block announces a page
    author, date, body = _author(parts), _date(parts), _body(parts)
    if not author or not date or body is None:
        return None
    return _post(block, number, body, author, date)


def _own_parts(block: Any, family: set[Any]) -> Iterator[Any]:
    """Yield what is in a block and not in an answer nested in it, in reading order."""
    waiting = list(reversed(block))
    for _ in range(_MAX_PARTS):
        if not waiting:
            return
        element = waiting.pop()
        if isinstance(element.tag, str) and element not in family:
            yield element
            waiting.extend(reversed(element))


def _author(parts: list[Any]) -> str:
    for element in parts:
        is_link = element.tag == "a" and _AUTHOR_LINK.search(element.get("href") or "")
        mark = f"{element.get('class') or ''} {element.get('rel') or ''}"
        if is_link or _AUTHOR_MARK.search(mark):
            line = _SAYS.sub("", line_of(element))
            if 0 < len(line) <= _MAX_NAME_CHARS and not _DATED.search(line):
                return line
    return ""


def _date(parts: list[Any]) -> str:
    for element in parts:
        for name in ("datetime", "data-time", "data-timestamp"):
            if stamp := element.get(name):
                return str(stamp)
        if element.tag == "abbr" and element.get("title"):
            return str(element.get("title"))
    for element in parts:
        if _DATE_MARK.search(element.get("class") or ""):
            line = line_of(element)
            if len(line) <= _MAX_DATE_CHARS and re.search(r"\d", line):
                return line
    return ""


def _body(parts: list[Any]) -> Any:
    """Return the longest element that is named like a post's text, best without name and date."""
    named = [element for element in parts if element.tag in _TEXT_TAGS and _is_body(element)]
    pure = [element for element in named if not _holds_head(element)]
    return max(pure or named, key=lambda element: len(line_of(element)), default=None)


def _is_body(element: Any) -> bool:
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return bool(_BODY_MARK.search(name)) and not _NO_BODY.search(name)


def _holds_head(element: Any) -> bool:
    """Return whether an element wraps name or date as well as the text."""
    return any(
        one.tag == "time" or _AUTHOR_MARK.search(one.get("class") or "")
        for one in element.iterdescendants()
        if isinstance(one.tag, str)
    )


def _post(block: Any, number: str, body: Any, author: str, date: str) -> ForumPost:
    link = first(block, f".//a[contains(@href,'#') and contains(@href,'{number}')]/@href")
    return ForumPost(
        post_id=number, bodies=(body,), author=author, date=date, url=link or f"#{number}"
    )


def are_posts(posts: list[ForumPost], clock: PageClock) -> bool:
    """Return whether what was found on a page of an unknown engine is a conversation."""
    dated = [post for post in posts if post.author and clock.read(post.date)[0] is not None]
    return len(dated) >= 2 and len(dated) * 2 > len(posts)  # noqa: PLR2004 - one post is a page
