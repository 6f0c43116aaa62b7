"""What every reader does to an item last: limits, inherited values, and names for what is wrong."""

import re

from listening.collectors import faults
from listening.collectors.identity.canonical import MAX_URL_CHARS
from listening.collectors.reading.plaintext import cut, without_controls
from listening.model import RawDocument

#: A title is one line; what is longer is a text in the wrong place.
MAX_TITLE_CHARS = 500
#: About thirty pages: longer than any post, shorter than what hurts a tagger.
MAX_TEXT_CHARS = 100_000
MAX_AUTHOR_CHARS = 200
MAX_GUID_CHARS = MAX_URL_CHARS
MAX_TAGS = 50

_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:[-_].*)?")


def finish_item(
    document: RawDocument, *, author: str | None, language: str | None, found: set[str]
) -> RawDocument:
    """Return the item within its limits; adds what was wrong to ``found``.

    Args:
        document: As the reader built it.
        author: Of the whole source, for items that name none.
        language: Of the whole source, likewise.
        found: Faults of the reading, grown here.
    """
    title, is_title_cut = cut(document.title, MAX_TITLE_CHARS)
    text, is_text_cut = cut(document.text, MAX_TEXT_CHARS)
    guid = without_controls(document.guid)[:MAX_GUID_CHARS].strip() if document.guid else None
    if is_title_cut:
        found.add(faults.TITLE_TRUNCATED)
    if is_text_cut:
        found.add(faults.TEXT_TRUNCATED)
    if not guid and not document.url:
        found.add(faults.ITEM_WITHOUT_ID)
    if not title and not text:
        found.add(faults.ITEM_WITHOUT_CONTENT)
    name = document.author or author
    return RawDocument(
        guid=guid or None,
        url=without_controls(document.url) if document.url else None,
        title=title,
        text=text,
        author=name[:MAX_AUTHOR_CHARS] if name else None,
        published_at=document.published_at,
        published_at_quality=document.published_at_quality,
        updated_at=document.updated_at,
        language=document.language or language,
        in_reply_to=document.in_reply_to,
        tags=document.tags[:MAX_TAGS],
    )


def language_tag(declared: str | None) -> str | None:
    """Return the language of a declaration such as ``fr-FR`` in two or three letters, or None."""
    found = _LANGUAGE.fullmatch(declared.strip()) if declared else None
    return found.group(1).lower() if found else None
