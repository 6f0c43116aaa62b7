"""JSON Feed 1.0 and 1.1 by hand; every value may be of a wrong type and is then left out.

Source: https://www.jsonfeed.org/version/1.1/
"""

from datetime import datetime
from typing import Any

from listening.collectors import faults
from listening.collectors.identity.canonical import absolute_url
from listening.collectors.reading.dates import judge_date
from listening.collectors.reading.items import finish_item, language_tag
from listening.collectors.reading.jsontext import load_json
from listening.collectors.reading.plaintext import literal_text, one_line, plain_text
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Reading


def read_json_feed(text: str, *, url: str | None, now: datetime) -> Reading:
    """Return the documents of a JSON Feed.

    Args:
        text: Decoded body.
        url: Address it came from; relative links are resolved against it.
        now: The visit; later dates are refused.

    Raises:
        UnreadableSourceError: Not JSON, or JSON that is not a feed.
    """
    try:
        feed = load_json(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableSourceError(url or "", faults.MALFORMED_JSON) from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise UnreadableSourceError(url or "", faults.NOT_A_FEED)
    found: set[str] = set()
    items = [item for item in feed["items"] if isinstance(item, dict)]
    site_url = absolute_url(_text(feed.get("home_page_url")), url)
    default_author = _author(feed)
    language = language_tag(_text(feed.get("language")))
    documents = tuple(_document(item, base=site_url or url, now=now, found=found) for item in items)
    documents = tuple(
        finish_item(document, author=default_author, language=language, found=found)
        for document in documents
    )
    if not documents:
        found.add(faults.NO_ITEMS)
    version = _text(feed.get("version")) or ""
    return Reading(
        kind="json11" if version.rstrip("/").endswith("1.1") else "json10",
        title=one_line(_text(feed.get("title")) or "", is_html=False),
        site_url=site_url,
        documents=documents,
        faults=faults.in_order(found),
    )


def _document(
    item: dict[str, Any], *, base: str | None, now: datetime, found: set[str]
) -> RawDocument:
    published = _text(item.get("date_published")) or _text(item.get("date_modified"))
    published_at, quality, fault = judge_date(published, now=now)
    if fault:
        found.add(fault)
    updated_at, _, _ = judge_date(_text(item.get("date_modified")), now=now)
    return RawDocument(
        guid=_identifier(item.get("id")),
        url=absolute_url(_text(item.get("url")) or _text(item.get("external_url")), base),
        title=one_line(_text(item.get("title")) or "", is_html=False),
        text=_body(item),
        author=_author(item),
        published_at=published_at,
        published_at_quality=quality,
        updated_at=updated_at,
        language=language_tag(_text(item.get("language"))),
        tags=tuple(tag for tag in _list(item.get("tags")) if isinstance(tag, str)),
    )


def _body(item: dict[str, Any]) -> str:
    """Return the text: HTML first, since plain text is often its excerpt."""
    markup = _text(item.get("content_html"))
    if markup:
        return plain_text(markup)
    plain = _text(item.get("content_text")) or _text(item.get("summary")) or ""
    return literal_text(plain)


def _author(holder: dict[str, Any]) -> str | None:
    """Return the names of the authors: 1.1's list, else 1.0's object."""
    names = []
    for author in [*_list(holder.get("authors")), holder.get("author")]:
        name = _text(author.get("name")) if isinstance(author, dict) else None
        if isinstance(author, dict) and not name:
            name = (_text(author.get("url")) or "").removeprefix("mailto:")
        if name and one_line(name) not in names:
            names.append(one_line(name))
    return ", ".join(names) or None


def _identifier(value: Any) -> str | None:
    """Return an id as text; the standard asks readers to take numbers too."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
