"""What a feed has said so far, kept the way feedparser keeps it."""

import re
from collections.abc import Mapping
from typing import Any

from listening.collectors.feeds.names import Names, UnsureError
from listening.collectors.feeds.values import (
    HTML_TYPES,
    TYPES,
    XHTML,
    add_tag,
    add_to_author,
    category_of,
    close_author,
    close_category,
    finished,
    guessed_type,
    joined_address,
    may_be_skipped,
    stable_base,
    version_of,
    without_div,
)

_LONE_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")
_CONTENTS = frozenset({"title", "media title", "description", "summary", "content", "encoded"})
_CATEGORIES = frozenset({"category", "media category", "itunes category"})
_DATES = frozenset({"published", "updated", "created"})
_PLAIN_LEAVES = _DATES | {"language", "feedburner_origlink"}


class FeedState:
    """The feed and its entries; every method may raise ``UnsureError``."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self.feed: dict[str, Any] = {}
        self.entries: list[dict[str, Any]] = []
        #: Whether the leaf that just started holds XHTML.
        self.is_markup = False
        self._skipped = ""  # role of the element that is skipped
        self._source_has_title = self._source_has_author = False
        self._entry: dict[str, Any] | None = None
        self._depths: dict[str, int] = {}
        self._languages: list[str | None] = [None]
        self._base = ""
        self._bases = [""]
        self._is_in_feed = False
        self._title_depth = -1
        self._has_content = False
        self._is_content = False  # the text that just started counts as content
        self._is_permalink = False
        self._type = ""
        self._author_text = ""

    @property
    def _is_rss(self) -> bool:
        return not self._names.version.startswith("atom")

    def enter(self, attributes: Mapping[str, str]) -> None:
        """Take the language and the base of an element."""
        language = self._languages[-1]
        if attributes:
            declared = attributes.get("xml:lang", attributes.get("lang"))
            language = language if declared is None else declared or None
            if base := attributes.get("xml:base"):
                self._base = stable_base(base)
        self._languages.append(language)
        self._bases.append(self._base)

    def leave(self) -> None:
        """Forget the language of an element, and its base, unless there was none before."""
        self._languages.pop()
        self._bases.pop()
        self._base = self._bases[-1] or self._base

    def start_root(self, role: str, attributes: Mapping[str, str]) -> None:
        """Take the root."""
        self._names.version = version_of(role, self._names.version, attributes.get("version", ""))
        self._is_in_feed = role == "feed"
        if self._languages[-1]:
            self.feed["language"] = self._languages[-1]

    def start_skipped(self, role: str) -> None:
        """Take the start of a picture or form of the feed, or of the feed an entry is from."""
        if self._entry is not None and role != "source":
            raise UnsureError("an image in an item")
        self._title_depth = -1
        self._skipped = role

    def skip(self, role: str, level: int) -> None:
        """Take the start of an element so many levels inside one that is skipped."""
        if not may_be_skipped(self._skipped, role, level):
            raise UnsureError("an unusual image or source")
        self._source_has_title |= self._skipped == "source" and role == "title"
        self._source_has_author |= role == "author"

    def start(self, role: str, attributes: dict[str, str], depth: int) -> bool:
        """Take the start of an element with a role; return whether its text is wanted."""
        self.is_markup = False
        if role in _CONTENTS:
            return self._start_content(role, attributes)
        if role in _PLAIN_LEAVES:
            if role == "feedburner_origlink" and attributes:
                raise UnsureError("an origin with attributes")
            return True
        if role in {"link", "id", "author", "source"}:
            return self._start_named(role, attributes, depth)
        if role in _CATEGORIES or role in {"keywords", "itunes keywords"}:
            return self._start_category(role, attributes)
        self._start_structure(role, attributes)
        return role == "other text"

    def _start_structure(self, role: str, attributes: dict[str, str]) -> None:
        """Take the start of an element that only holds others."""
        if role == "item":
            self._start_item(attributes)
        elif role == "channel":
            if "lastmod" in attributes or "href" in attributes:
                raise UnsureError("a channel of CDF")
            self._is_in_feed = True
        elif role == "reply":
            if attributes and self._entry is not None:
                self._entry["thr_in-reply-to"] = attributes
        elif role == "owner":
            if self._entry is not None or not self._is_rss:
                raise UnsureError("an owner of an item")
        elif role in {"rss", "rdf", "feed", "size"}:
            raise UnsureError("a root inside")

    def _start_item(self, attributes: dict[str, str]) -> None:
        if "lastmod" in attributes or "href" in attributes:
            raise UnsureError("an item of CDF")
        self._entry = {}
        self._depths = {}
        self.entries.append(self._entry)
        self._title_depth = -1
        if about := attributes.get("rdf:about"):
            self._entry["id"] = about

    def _start_content(self, role: str, attributes: dict[str, str]) -> bool:
        entry = self._entry
        if entry is None and role in {"content", "encoded"}:
            raise UnsureError("content of a feed")
        kind = attributes.get("type")
        default = "text/html" if role in {"description", "encoded"} else "text/plain"
        self._is_content = role in {"content", "encoded"}
        context = self.feed if entry is None else entry
        if role in {"description", "summary"} and "summary" in context and not self._has_content:
            self._is_content, default = True, "text/plain"
        if self._is_content:
            self._has_content = True
        if entry is None and self._is_content:
            raise UnsureError("content of a feed")
        self._type = default if kind is None else TYPES.get(kind, "")
        if not self._type or attributes.get("mode") == "base64":
            raise UnsureError("an unusual content")
        self.is_markup = self._type == XHTML
        return True

    def _start_named(self, role: str, attributes: dict[str, str], depth: int) -> bool:
        if role == "link":
            return self._start_link(attributes)
        if role == "id":
            self._is_permalink = attributes.get("ispermalink", "true") == "true"
        elif role == "source":
            self._title_depth = -1
        else:
            return self._start_author(depth)
        return True

    def _start_link(self, attributes: dict[str, str]) -> bool:
        href = attributes.get("url", attributes.get("uri", attributes.get("href")))
        if not href:
            if "href" in attributes or (self._entry is None and not self._is_in_feed):
                raise UnsureError("a link to nowhere")
            return True
        kind = attributes.get("type", "text/html")
        if attributes.get("rel", "alternate") == "alternate" and TYPES.get(kind) in HTML_TYPES:
            context = self.feed if self._entry is None else self._entry
            context["link"] = joined_address(self._base, href)
        return False

    def _start_author(self, depth: int) -> bool:
        if self._entry is None and self._is_rss:
            return False
        context = self.feed if self._entry is None else self._entry
        if self._depths.setdefault("author" if self._entry else "feed author", depth) != depth:
            raise UnsureError("an author inside")
        context.setdefault("authors", []).append({})
        self._author_text = ""
        return True

    def start_part(self, text: str) -> None:
        """Take the start of the name or address inside an author, after some text of its own."""
        self._author_text += text

    def end_part(self, role: str, value: str) -> None:
        """Take the name or address of an author."""
        context = self.feed if self._entry is None else self._entry
        add_to_author(context, role, value)

    def _start_category(self, role: str, attributes: dict[str, str]) -> bool:
        if self._entry is None:
            return False
        if role in {"keywords", "itunes keywords"}:
            return not attributes
        add_tag(self._entry, *category_of(role, attributes))
        return True

    def end(self, role: str) -> None:
        """Take the end of an element without text of its own."""
        if role == "item":
            if self._source_has_author and not (self._entry or {}).get("author"):
                raise UnsureError("an author of a source")
            self._source_has_title = self._source_has_author = False
            self._entry = None
            self._has_content = False
        elif role == "channel":
            self._is_in_feed = False

    def end_leaf(self, role: str, parts: list[str], depth: int) -> None:
        """Take the text of an element."""
        if role in {"other text", "source"}:
            return
        if role in _CONTENTS:
            self._end_content(role, parts, depth)
            return
        value = finished("".join(parts))
        if role in _PLAIN_LEAVES:
            self._store(role, value, depth)
        elif role == "link":
            self._end_link(value)
        elif role == "id":
            self._end_id(value, depth)
        elif role == "author":
            self._end_author("".join(parts))
        elif self._entry is not None:
            close_category(self._entry, role, value)

    def _store(self, key: str, value: str, depth: int) -> None:
        if self._entry is None:
            if self._is_in_feed:
                self.feed[key] = value
            return
        earlier = self._depths.setdefault(key, depth)
        if depth > earlier and key in _DATES:
            raise UnsureError("a date inside")
        if depth <= earlier:
            self._depths[key] = depth
            self._entry[key] = value

    def _end_link(self, value: str) -> None:
        address = joined_address(self._base, value)
        if self._entry is not None:
            self._entry["link"] = _LONE_REFERENCE.sub(r"&\g<1>", address.replace("&amp;", "&"))
        elif self._is_in_feed:
            self.feed["link"] = _LONE_REFERENCE.sub(r"&\g<1>", address)

    def _end_id(self, value: str, depth: int) -> None:
        if self._is_permalink:
            value = joined_address(self._base, value)
        self._store("id", value, depth)
        if self._is_permalink:
            context = self.feed if self._entry is None else self._entry
            context.setdefault("link", value)

    def _end_author(self, own: str) -> None:
        context = self.feed if self._entry is None else self._entry
        close_author(context, finished(self._author_text + own))

    def _end_content(self, role: str, parts: list[str], depth: int) -> None:
        entry = self._entry
        key = "title" if role.endswith("title") else "summary"
        if self._type == XHTML and self._names.version == "atom10":
            parts = without_div(parts)
        value = finished("".join(parts))
        detail = {"type": self._type, "language": self._languages[-1], "value": value}
        if self._type == "text/plain" and self._is_rss and key != "title":
            detail["type"] = guessed_type(value)
        if self._is_content and entry is not None and key != "title":
            entry.setdefault("content", []).append(detail)
            entry.setdefault("summary", value)
            return
        if key == "title":
            if role == "media title" and self._source_has_title:
                raise UnsureError("a title after that of a source")
            is_repeated = -1 < self._title_depth <= depth
            if value and role == "title":
                self._title_depth = depth
            if is_repeated:
                return
        if entry is None and not self._is_in_feed:
            return
        if entry is None and key == "summary":
            key = "subtitle" if role == "description" else "summary"
        self._store(key, value, depth)
        (self.feed if entry is None else entry)[f"{key}_detail"] = detail
