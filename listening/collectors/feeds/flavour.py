"""What the feeds of some platforms have of their own: wrapped links, trailers, names in titles.

A feed is recognised by its items, so that a recorded file is read as its address would be.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from urllib.parse import parse_qs, urlsplit

from listening.collectors.feed import read_feed
from listening.collectors.identity.canonical import absolute_url, unwrap_redirector
from listening.model import RawDocument, Reading

#: Items looked at to recognise a platform.
_SAMPLE = 5

#: Last lines that feeds put under every item; they name the blog, which is no mention of it.
_TRAILERS = re.compile(
    r"\n?^(?:(?:L[’']article|Cet article|The post|Der Beitrag|El art[ií]culo|La entrada) .{1,400} "
    r"(?:est apparu en premier sur|appeared first on|erschien zuerst auf|aparece primero en|"
    r"se public[óo] primero en|apareci[óo] primero en) .{1,200}|"
    r".{1,400} was originally published in .{1,200} on Medium, where people are continuing .*|"
    r"Continue reading on .{1,100} »)\s*\Z",
    re.MULTILINE | re.IGNORECASE,
)
_REDDIT_TRAILER = re.compile(
    r"\s*submitted by\s+/?u/\S+(?:\s+to\s+/?r/\S+)?\s*(?:\[link\])?\s*(?:\[comments\])?\s*\Z"
)
_FLICKR_LEAD = re.compile(r"\A.{1,100} (?:posted|has added) a (?:photo|video)(?: to .{1,200})?:\s*")
#: Longer ends of titles are no names of publications.
_MAX_SOURCE_CHARS = 80
#: Platform, host and beginning of the path of its items.
_SITES = (
    ("google-news", "news.google.com", ""),
    ("bing-news", "bing.com", "/news/apiclick.aspx"),
    ("reddit", "reddit.com", ""),
    ("flickr", "flickr.com", ""),
    ("bluesky", "bsky.app", "/profile/"),
)
_ACCOUNT = re.compile(r"/@([\w.-]+(?:@[\w.-]+)?)/\d+|/users/([\w.-]+)/statuses/")
_BLUESKY = re.compile(r"bsky\.app/profile/([\w.:-]+)/post/")


def read_any_feed(
    body: bytes, *, content_type: str | None = None, url: str | None = None, now: datetime
) -> Reading:
    """Return what a feed holds, without the particulars of its platform.

    Raises:
        UnreadableSourceError: As ``read_feed``.
    """
    return refine(read_feed(body, content_type=content_type, url=url, now=now))


def refine(reading: Reading) -> Reading:
    """Return a reading without the particulars of its platform.

    Items that Google News repeats under one title are one: their addresses are opaque.
    """
    documents = tuple(map(_without_trailer, reading.documents))
    platform = platform_of(documents)
    if platform is not None:
        documents = tuple(map(_REFINERS[platform], documents))
    if platform == "google-news":
        documents = _one_per_title(documents)
    return replace(reading, documents=documents)


def platform_of(documents: tuple[RawDocument, ...]) -> str | None:
    """Return the platform that most of the first items are from."""
    marks = [_platform(document) for document in documents[:_SAMPLE]]
    best = max(marks, key=marks.count, default=None)
    return best if best is not None and marks.count(best) * 2 > len(marks) else None


def _platform(document: RawDocument) -> str | None:
    guid, url = document.guid or "", document.url or ""
    if guid.startswith("tag:google.com,2013:googlealerts"):
        return "google-alerts"
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    if not document.title and _ACCOUNT.search(parts.path):
        return "mastodon"
    for name, site, path in _SITES:
        if (host == site or host.endswith("." + site)) and parts.path.startswith(path):
            return name
    return None


def _without_trailer(document: RawDocument) -> RawDocument:
    text = _TRAILERS.sub("", document.text)
    return document if text == document.text else replace(document, text=text.rstrip())


def _google_alerts(document: RawDocument) -> RawDocument:
    """Give the address behind the redirect."""
    return replace(document, url=unwrap_redirector(document.url or "") or document.url)


def _google_news(document: RawDocument) -> RawDocument:
    """Move the publication out of the title; the text only repeats both."""
    title, border, source = document.title.rpartition(" - ")
    if not border or not title.strip() or len(source) > _MAX_SOURCE_CHARS:
        title, source = document.title, ""
    author = document.author or source or None
    is_echo = _letters(document.text).startswith(_letters(title))
    return replace(document, title=title, author=author, text="" if is_echo else document.text)


def _bing_news(document: RawDocument) -> RawDocument:
    """Give the address behind the click counter."""
    inner = parse_qs(urlsplit(document.url or "").query).get("url", [""])[0]
    return replace(document, url=absolute_url(inner, None) or document.url)


def _reddit(document: RawDocument) -> RawDocument:
    """Drop the buttons under a post; a comment's title names its author before the post's."""
    title, author = document.title, document.author
    if author:
        author = author.removeprefix("/").removeprefix("u/")
    lead = re.match(r"/?u/\S+ on (?=\S)", title)
    text = _REDDIT_TRAILER.sub("", document.text)
    return replace(document, title=title[lead.end() :] if lead else title, text=text, author=author)


def _flickr(document: RawDocument) -> RawDocument:
    text = _FLICKR_LEAD.sub("", document.text)
    return replace(document, text=text)


def _mastodon(document: RawDocument) -> RawDocument:
    found = _ACCOUNT.search(document.url or "")
    name = (found[1] or found[2]) if found else None
    return replace(document, author=document.author or name)


def _bluesky(document: RawDocument) -> RawDocument:
    found = _BLUESKY.search(document.url or "")
    return replace(document, author=document.author or (found[1] if found else None))


_REFINERS: Mapping[str, Callable[[RawDocument], RawDocument]] = MappingProxyType(
    {
        "google-alerts": _google_alerts,
        "google-news": _google_news,
        "bing-news": _bing_news,
        "reddit": _reddit,
        "flickr": _flickr,
        "mastodon": _mastodon,
        "bluesky": _bluesky,
    }
)


def _one_per_title(documents: tuple[RawDocument, ...]) -> tuple[RawDocument, ...]:
    """Keep the first of the items with one title and publication."""
    kept: dict[tuple[str, str], RawDocument] = {}
    for document in documents:
        kept.setdefault((_letters(document.title), _letters(document.author or "")), document)
    return tuple(kept.values())


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum())
