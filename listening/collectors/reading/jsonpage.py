"""Pages that are JSON: every value may be of a wrong type, and is then as good as absent."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from listening.collectors import faults
from listening.collectors.reading.charset import decode
from listening.collectors.reading.dates import judge_date
from listening.collectors.reading.items import finish_item
from listening.collectors.reading.jsontext import load_json
from listening.collectors.walk import Page
from listening.errors import UnreadableSourceError
from listening.model import DateQuality, RawDocument


def json_of(page: Page) -> Any:
    """Return the value a page holds.

    Raises:
        UnreadableSourceError: Empty, or not JSON.
    """
    return json_value(page.body, content_type=page.content_type, url=page.url)


def json_value(body: bytes, *, content_type: str | None = None, url: str = "") -> Any:
    """Return the value of a body.

    Raises:
        UnreadableSourceError: Empty, or not JSON.
    """
    if not body.strip(b" \t\r\n\0"):
        raise UnreadableSourceError(url, faults.EMPTY_BODY)
    try:
        return load_json(decode(body, content_type=content_type).text)
    except (ValueError, RecursionError) as error:
        raise UnreadableSourceError(url, faults.MALFORMED_JSON) from error


def dig(value: Any, *path: str | int) -> Any:
    """Return what lies at a path of keys and positions, or None where it ends early.

    >>> dig({"a": [{"b": 1}]}, "a", 0, "b"), dig({"a": None}, "a", "b")
    (1, None)
    """
    for step in path:
        if isinstance(step, int) and isinstance(value, list):
            value = value[step] if -len(value) <= step < len(value) else None
        elif isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value


def text_at(value: Any, *path: str | int) -> str:
    """Return a text or number as text, "" for anything else."""
    found = dig(value, *path)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return str(found).strip()


def int_at(value: Any, *path: str | int) -> int | None:
    """Return a whole number, also one written as text, or None."""
    text = text_at(value, *path)
    return int(text) if text.lstrip("-").isdecimal() and len(text) <= 20 else None  # noqa: PLR2004


def dicts_at(value: Any, *path: str | int) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list."""
    found = dig(value, *path)
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict):
            yield one


def make_post(
    *,
    guid: str,
    url: str | None,
    title: str,
    text: str,
    author: str,
    published: str,
    found: set[str],
    now: datetime,
    edited: str = "",
    language: str = "",
    in_reply_to: str | None = None,
    tags: tuple[str, ...] = (),
    quality: DateQuality | None = None,
) -> RawDocument:
    """Return one post within its limits; adds what was wrong to ``found``.

    Args:
        guid: As the engine names it.
        url: Absolute, or None.
        title: Of the thread; plain text.
        text: Plain text.
        author: Name, "" when unknown.
        published: Date as the engine writes it.
        found: Faults of the page, grown here.
        now: The visit.
        edited: Date of the last edit, "" when none.
        language: As the engine declares it.
        in_reply_to: guid or URL of the parent.
        tags: Words the engine files it under.
        quality: Of the date, where it is known better than by its form.
    """
    # Interfaces that name no zone mean UTC, wherever their server stands.
    published_at, form, fault = judge_date(published, now=now, zone=UTC)
    if fault:
        found.add(fault)
    updated_at, _, _ = judge_date(edited, now=now, zone=UTC)
    document = RawDocument(
        guid=guid or None,
        url=url,
        title=title,
        text=text,
        author=author or None,
        published_at=published_at,
        published_at_quality=quality if quality and published_at else form,
        updated_at=updated_at,
        language=language or None,
        in_reply_to=in_reply_to,
        tags=tags,
    )
    return finish_item(document, author=None, language=None, found=found)


def site_of_api(url: str) -> str:
    """Return the address of the site of an API under ``/api/``, without a slash at its end."""
    return url.partition("/api/")[0]


def api_url(url: str, path: str) -> str:
    """Return the address of another page of the same API; ``path`` begins with a slash."""
    return f"{site_of_api(url)}/api{path}"
