"""Values of feeds as feedparser stores them: texts, addresses, authors, categories."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from feedparser.api import StrictFeedParser

from listening.collectors.feeds.names import UnsureError

#: What the attribute ``version`` means to feedparser.
_RSS_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
_ATOM_VERSIONS = {"0.1": "atom01", "0.2": "atom02", "0.3": "atom03"}
TYPES = {
    "text": "text/plain",
    "plain": "text/plain",
    "text/plain": "text/plain",
    "html": "text/html",
    "text/html": "text/html",
    "xhtml": "application/xhtml+xml",
    "application/xhtml+xml": "application/xhtml+xml",
}
XHTML = "application/xhtml+xml"
HTML_TYPES = frozenset({"text/html", XHTML})
#: What may stand in elements that are skipped: parts that reach nothing else.
_PARTS = {
    "image": frozenset({"title", "link", "description", "uri", "size"}),
    "textinput": frozenset({"title", "link", "description", "name"}),
    "source": frozenset(
        {"", "title", "link", "id", "updated", "published", "author", "other text", "category"}
    ),
}
_AUTHOR_PARTS = frozenset({"name", "email", "uri"})
_AUTHOR_LEVEL = 2
_C1 = re.compile("[\x80-\x9f]")
_ITUNES = "http://www.itunes.com/"
_MEDIA_SCHEME = "http://search.yahoo.com/mrss/category_schema"


def finished(text: str) -> str:
    """Return a text as feedparser stores it."""
    text = text.strip()
    if text.isascii():
        return text
    if _C1.search(text):
        raise UnsureError("control characters")
    try:
        text = text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return text
    raise UnsureError("text encoded twice")


def stable_base(base: str) -> str:
    """Return an address that resolving leaves as it is."""
    if not base.startswith(("http://", "https://")) or ":///" in base:
        raise UnsureError("an unusual base")
    try:
        joined = urljoin(base, base)
    except ValueError as error:
        raise UnsureError("an unusual base") from error
    if joined != base:
        raise UnsureError("an unusual base")
    return base


def _write_author(context: dict[str, Any], author: dict[str, str]) -> None:
    name, email = author.get("name"), author.get("email")
    if name and email:
        context["author"] = f"{name} ({email})"
    elif name or email:
        context["author"] = name or email


def joined_address(base: str, uri: str) -> str:
    """Return an address as feedparser resolves it."""
    if ":///" in uri:
        raise UnsureError("an address with too many slashes")
    if not base or not uri:
        return uri
    try:
        return urljoin(base, uri)
    except ValueError:
        return ""


def version_of(role: str, declared: str, number: str) -> str:
    """Return the version of a feed by its root.

    Args:
        role: Of the root.
        declared: What its namespaces promise; "" for nothing.
        number: Its attribute.
    """
    if role == "rss":
        if declared.startswith("rss"):
            return declared
        return _RSS_VERSIONS.get(number, "rss20" if number.startswith("2.") else "rss")
    if role == "feed":
        return declared or _ATOM_VERSIONS.get(number, "atom")
    if role == "rdf":
        return declared
    raise UnsureError("an unusual root")


def may_be_skipped(skipped: str, role: str, level: int) -> bool:
    """Return whether an element so many levels inside a skipped one reaches nothing outside."""
    if level == 1:
        return role in _PARTS[skipped]
    return level == _AUTHOR_LEVEL and skipped == "source" and role in _AUTHOR_PARTS


def add_tag(entry: dict[str, Any], term: str | None, scheme: str | None, label: str | None) -> None:
    """Add a category unless the entry has it."""
    tags = entry.setdefault("tags", [])
    tag = {"term": term, "scheme": scheme, "label": label}
    if (term or scheme or label) and tag not in tags:
        tags.append(tag)


def guessed_type(value: str) -> str:
    """Return the type of a text that RSS calls plain."""
    if "&" not in value and "</" not in value:
        return "text/plain"
    return "text/html" if StrictFeedParser.looks_like_html(value) else "text/plain"


def without_div(parts: list[str]) -> list[str]:
    """Return the pieces of XHTML without the one div around all of them."""
    kept = list(parts)
    while len(kept) > 1 and not kept[-1].strip():
        kept.pop()
    while len(kept) > 1 and not kept[0].strip():
        kept.pop(0)
    if not kept or not (kept[0] == "<div>" or kept[0].startswith("<div ")) or kept[-1] != "</div>":
        return kept
    open_count = 0
    for piece in kept[:-1]:
        if piece.startswith("</"):
            open_count -= 1
            if open_count == 0:
                return kept
        elif piece.startswith("<") and not piece.endswith("/>"):
            open_count += 1
    return kept[1:-1]


def category_of(
    role: str, attributes: Mapping[str, str]
) -> tuple[str | None, str | None, str | None]:
    """Return term, scheme and label that the attributes of a category give."""
    if role == "itunes category":
        return attributes.get("text"), _ITUNES, None
    default = _MEDIA_SCHEME if role == "media category" else attributes.get("domain")
    return attributes.get("term"), attributes.get("scheme", default), attributes.get("label")


def close_category(entry: dict[str, Any], role: str, value: str) -> None:
    """Take the text of a category or of a list of keywords."""
    if role in {"keywords", "itunes keywords"}:
        for term in value.split(","):
            if term.strip():
                add_tag(entry, term.strip(), _ITUNES if role != "keywords" else None, None)
        return
    tags = entry["tags"]
    if value and tags and not tags[-1]["term"]:
        tags[-1]["term"] = value
    elif value:
        add_tag(entry, value, None, None)


def add_to_author(context: dict[str, Any], role: str, value: str) -> None:
    """Take the name or address of the last author of a feed or entry."""
    author = context["authors"][-1]
    earlier = context.get("author")
    if not author and earlier and (role != "name" or "@" in earlier):
        raise UnsureError("authors that feedparser mixes")
    author["href" if role == "uri" else role] = value
    if len(context["authors"]) == 1:
        _write_author(context, author)


def close_author(context: dict[str, Any], text: str) -> None:
    """Take the text of the last author, beside or instead of a name and an address."""
    authors = context["authors"]
    if authors[-1] and text:
        raise UnsureError("an author of text and parts")
    if text:
        authors[-1]["name"] = text
    context["author"] = text
    if not text:
        _write_author(context, authors[-1])
    if len(authors) > 1 and any("@" in value for one in authors for value in one.values()):
        raise UnsureError("addresses of several authors")
