"""Reader of feeds: RSS 0.9x, 1.0 and 2.0, Atom (our fast path, else feedparser), JSON Feed."""

import io
import re
from datetime import datetime
from typing import Any

import feedparser

from listening.collectors import faults
from listening.collectors.feeds.entry import author_of, entry_document, string_of, title_of
from listening.collectors.feeds.fast import parse_fast
from listening.collectors.feeds.jsonfeed import read_json_feed
from listening.collectors.feeds.names import UnsureError
from listening.collectors.identity.canonical import absolute_url
from listening.collectors.reading.charset import decode
from listening.collectors.reading.items import finish_item, language_tag
from listening.errors import UnreadableSourceError
from listening.model import Reading

#: Characters XML 1.0 forbids; one of them makes a whole feed ill-formed.
_FORBIDDEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITY = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*\?>|<!--.*?-->|\s)*(?:<!doctype\s+html|<html|<head|<body)",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TYPES = ("text/html", "application/xhtml")
#: Roots that promise a feed even where feedparser knows no such version.
_FEED_ROOT = re.compile(r"<(?:\w+:)?(?:rdf|rss|feed|channel)\b", re.IGNORECASE)
_HEAD_CHARS = 4096


def read_feed(
    body: bytes,
    *,
    content_type: str | None = None,
    url: str | None = None,
    now: datetime,
    may_be_fast: bool = True,
) -> Reading:
    """Return what a feed holds, in its own order, with a name for everything that was wrong.

    Whatever the bytes, this raises nothing but ``UnreadableSourceError``. It may be slow on hostile
    input (feedparser is quadratic on some), so call it where a deadline can stop it.

    Args:
        body: Uncompressed bytes.
        content_type: HTTP header, when there was one.
        url: Address the body came from; relative links are resolved against it.
        now: The visit; later dates are refused.
        may_be_fast: False reads with feedparser, to which the fast path is compared.

    Raises:
        UnreadableSourceError: Empty, HTML, or no feed of any kind.
    """
    if not body.strip(b" \t\r\n\0"):
        raise UnreadableSourceError(url or "", faults.EMPTY_BODY)
    decoded = decode(body, content_type=content_type)
    found = set(decoded.faults)
    text = _clean(decoded.text, found)
    head = text[:_HEAD_CHARS].lstrip()
    if head.startswith(("{", "[")):
        reading = read_json_feed(text, url=url, now=now)
        return Reading(
            kind=reading.kind,
            title=reading.title,
            site_url=reading.site_url,
            documents=reading.documents,
            faults=faults.in_order({*found, *reading.faults}),
        )
    if _ENTITY.search(head):
        found.add(faults.ENTITY_DECLARED)
    if may_be_fast:
        try:
            return _reading(parse_fast(text), url=url, now=now, found=set(found))
        except UnsureError:
            pass  # feedparser, the reference, reads what is out of the ordinary
    parsed = _parse(text, url)
    entries = parsed["entries"]
    if not entries and not parsed.get("version") and not _FEED_ROOT.search(head):
        raise UnreadableSourceError(url or "", _why_no_feed(head, content_type, parsed))
    return _reading(parsed, url=url, now=now, found=found)


def _clean(text: str, found: set[str]) -> str:
    """Return the text without what XML forbids."""
    if "\x00" in text:
        found.add(faults.NUL_BYTES_REMOVED)
        text = text.replace("\x00", "")
    if _FORBIDDEN.search(text):
        found.add(faults.CONTROL_CHARACTERS_REMOVED)
        text = _FORBIDDEN.sub("", text)
    return text.lstrip()


def _parse(text: str, url: str | None) -> Any:
    """Run feedparser on text that is already decoded and clean.

    It is not told the address: it would resolve ids against it too, which are no addresses.
    """
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        return feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception as error:
        # Its loose parser fails in many ways on broken markup; all mean the same to the caller.
        raise UnreadableSourceError(url or "", faults.MALFORMED_XML) from error


def _why_no_feed(head: str, content_type: str | None, parsed: Any) -> str:
    is_html_type = (content_type or "").lower().startswith(_HTML_TYPES)
    if _HTML.match(head) or is_html_type:
        return faults.HTML_INSTEAD_OF_FEED
    if parsed.get("bozo") and head.startswith("<"):
        return faults.MALFORMED_XML
    return faults.NOT_A_FEED


def _reading(parsed: Any, *, url: str | None, now: datetime, found: set[str]) -> Reading:
    feed = parsed["feed"]
    kind = parsed.get("version") or "unknown"
    if parsed.get("bozo"):
        found.add(faults.MALFORMED_XML)
    language = language_tag(string_of(feed, "language"))
    # RFC 4287, 4.2.1: entries without author have the feed's. RSS names editors, not authors.
    author = author_of(feed) if kind.startswith("atom") else None
    documents = tuple(
        finish_item(
            entry_document(entry, kind=kind, base=url, now=now, found=found),
            author=author,
            language=language,
            found=found,
        )
        for entry in parsed["entries"]
    )
    if not documents:
        found.add(faults.NO_ITEMS)
    return Reading(
        kind=kind,
        title=title_of(feed, kind),
        site_url=absolute_url(string_of(feed, "link"), url),
        documents=documents,
        faults=faults.in_order(found),
    )
