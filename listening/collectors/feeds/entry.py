"""One document out of one entry, in feedparser's shape, whichever path produced it."""

import calendar
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from feedparser.datetimes import _parse_date

from listening.collectors import faults
from listening.collectors.identity.canonical import absolute_url
from listening.collectors.reading.dates import check_range, judge_date
from listening.collectors.reading.items import language_tag
from listening.collectors.reading.plaintext import literal_text, one_line, plain_text
from listening.model import DateQuality, RawDocument

#: An address inside a name; feedparser's own pattern ends domains after four letters.
_ADDRESS = re.compile(r"<?(?:mailto:)?[^\s<>()\"',;:@]+@[^\s<>()\"',;@]+>?", re.IGNORECASE)
#: Longer names are none; bounds that pattern.
_MAX_NAME_CHARS = 500
_MARKED_UP = frozenset({"text/html", "application/xhtml+xml", "text/x-html"})
_SEVERAL = 2


def entry_document(
    entry: Any, *, kind: str, base: str | None, now: datetime, found: set[str]
) -> RawDocument:
    """Return the document of one entry.

    Args:
        entry: As feedparser or the fast path gives it.
        kind: Format of the feed, in feedparser's words.
        base: Address of the feed.
        now: The visit; later dates are refused.
        found: Faults of the reading, grown here.
    """
    published_at, quality, fault = _published(entry, kind=kind, now=now)
    if fault:
        found.add(fault)
    updated_at, _, _ = judge_date(string_of(entry, "updated"), now=now)
    return RawDocument(
        guid=string_of(entry, "id"),
        url=absolute_url(_link(entry), base),
        title=title_of(entry, kind),
        text=_text(entry),
        author=author_of(entry),
        published_at=published_at,
        published_at_quality=quality,
        updated_at=updated_at,
        language=language_tag(_entry_language(entry)),
        in_reply_to=_parent(entry),
        tags=_tags(entry),
    )


def _link(entry: Any) -> str | None:
    """Return the address as written; feedparser takes any guid for one where there is no link."""
    link = string_of(entry, "feedburner_origlink") or string_of(entry, "link")
    if link is not None and link == string_of(entry, "id") and ":" not in link[:8]:
        return None
    return link


def _published(
    entry: Any, *, kind: str, now: datetime
) -> tuple[datetime | None, DateQuality, str | None]:
    """Return the first date that can be trusted; RSS 1.0 and Dublin Core keep theirs in updated."""
    verdict: tuple[datetime | None, DateQuality, str | None]
    verdict = (None, DateQuality.COLLECTED, faults.DATE_MISSING)
    for name in ("published", "created", "updated"):
        text = string_of(entry, name)
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
    key = f"{name}_parsed"
    # The fast path leaves this to the few dates that need it.
    parts = dict.get(entry, key) if key in entry else _parse_date(string_of(entry, name))
    if parts is None:
        return None, DateQuality.COLLECTED, faults.DATE_UNREADABLE
    try:
        instant = datetime.fromtimestamp(calendar.timegm(parts), tz=UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None, DateQuality.COLLECTED, faults.DATE_UNREADABLE
    return check_range(instant, DateQuality.INFERRED, now=now)


def title_of(holder: Any, kind: str) -> str:
    """Return the title of a feed or entry on one line."""
    value = string_of(holder, "title")
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
    return plain_text(string_of(entry, "summary") or "")


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


def author_of(holder: Any) -> str | None:
    """Return the names of the authors, without addresses where there is a name.

    Some forums put a link into dc:creator, so it is read as HTML.
    """
    names: list[str] = []
    authors = [author for author in _dicts(dict.get(holder, "authors")) if author]
    written = string_of(holder, "author")
    if written and len(authors) < _SEVERAL:
        names = [_name(written)]
    for author in authors if not names else ():
        name = _name(string_of(author, "name") or string_of(author, "email") or "")
        if name and name not in names:
            names.append(name)
    if not names and isinstance(source := dict.get(holder, "source"), dict):
        return author_of(source)
    return ", ".join(names) or None


def _name(text: str) -> str:
    """Return a name without the mail address beside it; the address where there is no name."""
    line = one_line(text)[:_MAX_NAME_CHARS]
    return _ADDRESS.sub("", line).strip(" ()<>[],;:\"'") or line


def _entry_language(entry: Any) -> str | None:
    for holder in (*_dicts(dict.get(entry, "content")), dict.get(entry, "title_detail")):
        if isinstance(holder, dict) and (language := string_of(holder, "language")):
            return language
    return string_of(entry, "language")


def _parent(entry: Any) -> str | None:
    """Return guid or URL of the item this one answers (RFC 4685)."""
    reply = dict.get(entry, "thr_in-reply-to")
    if not isinstance(reply, dict):
        return None
    return string_of(reply, "ref") or string_of(reply, "href")


def _tags(entry: Any) -> tuple[str, ...]:
    terms = (string_of(tag, "term") for tag in _dicts(dict.get(entry, "tags")))
    return tuple(dict.fromkeys(line for term in terms if term and (line := one_line(term))))


def _dicts(values: Any) -> Iterable[Any]:
    return [value for value in values if isinstance(value, dict)] if values else []


def string_of(holder: Any, name: str) -> str | None:
    """Return a value as feedparser stored it; its own lookup would invent aliases and warn."""
    value = dict.get(holder, name)
    return value.strip() or None if isinstance(value, str) else None
