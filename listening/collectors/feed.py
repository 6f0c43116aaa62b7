"""Reader of feeds: RSS 0.9x, 1.0 and 2.0, Atom (feedparser), JSON Feed (ours)."""

import calendar
import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import feedparser

from listening.collectors import faults
from listening.collectors.canonical import absolute_url
from listening.collectors.charset import decode
from listening.collectors.dates import check_range, judge_date
from listening.collectors.items import finish_item, language_tag
from listening.collectors.jsonfeed import read_json_feed
from listening.collectors.plaintext import literal_text, one_line, plain_text
from listening.errors import UnreadableSourceError
from listening.model import DateQuality, RawDocument, Reading

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
#: An address inside a name; feedparser's own pattern ends domains after four letters.
_ADDRESS = re.compile(r"<?(?:mailto:)?[^\s<>()\"',;:@]+@[^\s<>()\"',;@]+>?", re.IGNORECASE)
_MARKED_UP = frozenset({"text/html", "application/xhtml+xml", "text/x-html"})
_HEAD_CHARS = 4096
_SEVERAL = 2


def read_feed(
    body: bytes, *, content_type: str | None = None, url: str | None = None, now: datetime
) -> Reading:
    """Return what a feed holds, in its own order, with a name for everything that was wrong.

    Whatever the bytes, this raises nothing but ``UnreadableSourceError``. It may be slow on hostile
    input (feedparser is quadratic on some), so call it where a deadline can stop it.

    Args:
        body: Uncompressed bytes.
        content_type: HTTP header, when there was one.
        url: Address the body came from; relative links are resolved against it.
        now: The visit; later dates are refused.

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
    language = language_tag(_string(feed, "language"))
    # RFC 4287, 4.2.1: entries without author have the feed's. RSS names editors, not authors.
    author = _author(feed) if kind.startswith("atom") else None
    documents = tuple(
        finish_item(
            _document(entry, kind=kind, base=url, now=now, found=found),
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
        title=_title(feed, kind),
        site_url=absolute_url(_string(feed, "link"), url),
        documents=documents,
        faults=faults.in_order(found),
    )


def _document(
    entry: Any, *, kind: str, base: str | None, now: datetime, found: set[str]
) -> RawDocument:
    published_at, quality, fault = _published(entry, kind=kind, now=now)
    if fault:
        found.add(fault)
    updated_at, _, _ = judge_date(_string(entry, "updated"), now=now)
    return RawDocument(
        guid=_string(entry, "id"),
        url=absolute_url(_link(entry), base),
        title=_title(entry, kind),
        text=_text(entry),
        author=_author(entry),
        published_at=published_at,
        published_at_quality=quality,
        updated_at=updated_at,
        language=language_tag(_entry_language(entry)),
        in_reply_to=_parent(entry),
        tags=_tags(entry),
    )


def _link(entry: Any) -> str | None:
    """Return the address as written; feedparser takes any guid for one where there is no link."""
    link = _string(entry, "feedburner_origlink") or _string(entry, "link")
    if link is not None and link == _string(entry, "id") and ":" not in link[:8]:
        return None
    return link


def _published(
    entry: Any, *, kind: str, now: datetime
) -> tuple[datetime | None, DateQuality, str | None]:
    """Return the first date that can be trusted; RSS 1.0 and Dublin Core keep theirs in updated."""
    verdict: tuple[datetime | None, DateQuality, str | None]
    verdict = (None, DateQuality.COLLECTED, faults.DATE_MISSING)
    for name in ("published", "created", "updated"):
        text = _string(entry, name)
        if text is None:
            continue
        verdict = judge_date(text, now=now)
        if verdict[2] == faults.DATE_UNREADABLE:
            verdict = _feedparsers_date(entry, name, now=now)
        if verdict[0] is not None:
            is_stand_in = name == "updated" and kind.startswith("atom")
            return verdict[0], DateQuality.INFERRED if is_stand_in else verdict[1], None
    return verdict


def _feedparsers_date(
    entry: Any, name: str, *, now: datetime
) -> tuple[datetime | None, DateQuality, str | None]:
    """Ask feedparser, which knows Greek, Hungarian and Korean forms; only after our own chain."""
    parts = dict.get(entry, f"{name}_parsed")
    if parts is None:
        return None, DateQuality.COLLECTED, faults.DATE_UNREADABLE
    try:
        instant = datetime.fromtimestamp(calendar.timegm(parts), tz=UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None, DateQuality.COLLECTED, faults.DATE_UNREADABLE
    return check_range(instant, DateQuality.INFERRED, now=now)


def _title(holder: Any, kind: str) -> str:
    value = _string(holder, "title")
    if value is None:
        return ""
    detail = dict.get(holder, "title_detail") or {}
    # RSS does not say whether a title is HTML; Atom does, and then "AT&amp;T" may be meant so.
    is_html = not kind.startswith("atom") or detail.get("type") in _MARKED_UP
    return one_line(value, is_html=is_html)


def _text(entry: Any) -> str:
    """Return the fullest text: the content if there is any, else the summary."""
    contents = [_readable(content) for content in dict.get(entry, "content") or []]
    best = max(contents, key=len, default="")
    summary = dict.get(entry, "summary_detail")
    if best:
        return best
    if summary:
        return _readable(summary)
    return plain_text(_string(entry, "summary") or "")


def _readable(content: Any) -> str:
    """Return the text of one feedparser content: only text/plain is taken literally."""
    value = content.get("value")
    if not isinstance(value, str) or _is_binary(content.get("type")):
        return ""
    return literal_text(value) if content.get("type") == "text/plain" else plain_text(value)


def _is_binary(content_type: Any) -> bool:
    """Return whether a content is an image or another file written as base64."""
    return isinstance(content_type, str) and content_type.startswith(
        ("image/", "audio/", "video/", "application/octet-stream")
    )


def _author(holder: Any) -> str | None:
    """Return the names of the authors, without addresses where there is a name.

    Some forums put a link into dc:creator, so it is read as HTML.
    """
    names: list[str] = []
    authors = [author for author in _dicts(dict.get(holder, "authors")) if author]
    written = _string(holder, "author")
    if written and len(authors) < _SEVERAL:
        names = [_name(written)]
    for author in authors if not names else ():
        name = _name(_string(author, "name") or _string(author, "email") or "")
        if name and name not in names:
            names.append(name)
    if not names and isinstance(source := dict.get(holder, "source"), dict):
        return _author(source)
    return ", ".join(names) or None


def _name(text: str) -> str:
    """Return a name without the mail address beside it; the address where there is no name."""
    line = one_line(text)
    return _ADDRESS.sub("", line).strip(" ()<>[],;:\"'") or line


def _entry_language(entry: Any) -> str | None:
    for holder in (*_dicts(dict.get(entry, "content")), dict.get(entry, "title_detail")):
        if isinstance(holder, dict) and (language := _string(holder, "language")):
            return language
    return _string(entry, "language")


def _parent(entry: Any) -> str | None:
    """Return guid or URL of the item this one answers (RFC 4685)."""
    reply = dict.get(entry, "thr_in-reply-to")
    if not isinstance(reply, dict):
        return None
    return _string(reply, "ref") or _string(reply, "href")


def _tags(entry: Any) -> tuple[str, ...]:
    terms = (_string(tag, "term") for tag in _dicts(dict.get(entry, "tags")))
    return tuple(dict.fromkeys(line for term in terms if term and (line := one_line(term))))


def _dicts(values: Any) -> Iterable[Any]:
    return [value for value in values if isinstance(value, dict)] if values else []


def _string(holder: Any, name: str) -> str | None:
    """Return a value as feedparser stored it; its own lookup would invent aliases and warn."""
    value = dict.get(holder, name)
    return value.strip() or None if isinstance(value, str) else None
