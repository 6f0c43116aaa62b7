"""Comments through feeds: a site's feed of all comments, or that of each post with new ones.

RSS says where the comments of a post are (``wfw:commentRss``) and how many (``slash:comments``,
``thr:total``): a post's feed is only asked for when the number has changed.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lxml import etree

from listening.collectors.feeds.flavour import read_any_feed
from listening.collectors.identity.canonical import absolute_url
from listening.collectors.reading.charset import decode
from listening.collectors.reading.plaintext import one_line
from listening.collectors.walk import Page, PageRequest, Step
from listening.model import RawDocument, Source

#: «Commentaires sur Le titre par Léa», "Comment on Title by Lea", "Par : Léa", "By: Lea".
_TITLE = re.compile(
    r"(?:(?:Commentaires? sur|Comments? on|Kommentar zu|"
    r"Comentario en)\s+[«\"“]?(?P<post>.+?)[»\"”]?"
    r"\s+(?:par|by|von|por)\s+(?P<author>[^<>]{1,80})|(?:Par|By|Von|Por)\s*:\s*(?P<name>.{1,80}))\Z",
    re.IGNORECASE,
)
_COMMENT_LINK = re.compile(r"#(?:div-)?(?:comment|c|commentaire)-?\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Thread:
    """The comments of one item of a feed."""

    url: str  # of their feed
    count: str  # as the feed gives it; "" when it does not
    guid: str
    title: str


class FeedComments:
    """Walks a feed of comments, or a feed of posts to the feeds of their comments."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the feed."""
        del memory, now
        return (PageRequest(url=source.url, role="feed"),)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return the comments of a feed, or the feeds of the posts that have new ones."""
        reading = read_any_feed(
            page.body, content_type=page.content_type, url=page.url or None, now=now
        )
        known = page.request.context
        threads = [] if known else list(_threads(page))
        if not threads:
            return Step(
                documents=tuple(_comment(one, known) for one in reading.documents),
                memory={known["key"]: known["count"]} if known.get("count") else {},
                faults=() if known else reading.faults,
                title=None if known else reading.title,
                site_url=None if known else reading.site_url,
            )
        changed = [
            one
            for one in threads
            if one.count != "0" and (not one.count or memory.get(_key(one)) != one.count)
        ]
        return Step(
            requests=tuple(_request(one) for one in changed),
            memory={_key(one): memory[_key(one)] for one in threads if _key(one) in memory},
            faults=reading.faults,
            title=reading.title,
            site_url=reading.site_url,
        )

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return the only role there is."""
        del body, url
        return "feed"


def _threads(page: Page) -> Iterator[_Thread]:
    """Yield the items of a feed that say where their comments are."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    text = decode(page.body, content_type=page.content_type).text
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    for item in root.iter("{*}item", "{*}entry") if root is not None else ():
        values = {_name(child): (child.text or "").strip() for child in item}
        replies = next(
            (
                child.get("href", "")
                for child in item
                if _name(child) == "link" and child.get("rel") == "replies"
                and "html" not in child.get("type", "")
            ),
            "",
        )  # fmt: skip
        url = absolute_url(values.get("commentrss") or replies, page.url or None)
        if url:
            yield _Thread(
                url=url,
                count=values.get("comments.slash") or values.get("total") or "",
                guid=values.get("guid") or values.get("id") or values.get("link") or "",
                title=one_line(values.get("title", "")),
            )


def _name(element: Any) -> str:
    """Return an element's name in lower case; ``comments`` means two things in two namespaces."""
    if not isinstance(element.tag, str):
        return ""
    name = etree.QName(element)
    is_count = name.localname == "comments" and "slash" in (name.namespace or "")
    return "comments.slash" if is_count else name.localname.lower()


def _key(thread: _Thread) -> str:
    return "count:" + hashlib.sha256(thread.url.encode()).hexdigest()[:16]


def _request(thread: _Thread) -> PageRequest:
    context = {
        "key": _key(thread),
        "count": thread.count,
        "guid": thread.guid,
        "title": thread.title,
    }
    return PageRequest(url=thread.url, role="comments", context=context)


def _comment(document: RawDocument, known: Mapping[str, str]) -> RawDocument:
    """Return a comment under its post's title, as an answer to it."""
    found = _TITLE.fullmatch(document.title)
    title = known.get("title") or (found["post"] if found and found["post"] else "")
    name = (found["author"] or found["name"]) if found else None
    parent = document.in_reply_to or known.get("guid")
    if not parent and document.url and _COMMENT_LINK.search(document.url):
        parent = document.url.partition("#")[0]
    return replace(
        document,
        title=title or ("" if found else document.title),
        author=document.author or name,
        in_reply_to=parent or None,
    )
