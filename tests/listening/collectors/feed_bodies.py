"""Feeds written for the tests."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="utf-8"?>'


def rss_item(n: int = 1, extra: str = "", **elements: str | None) -> str:
    """Return one complete item; an element given as None is left out."""
    values: dict[str, str | None] = {
        "title": f"Article {n}",
        "link": f"https://gazette.example/article-{n}",
        "guid": f"guid-{n}",
        "pubDate": "Thu, 19 Nov 2026 18:30:00 +0100",
        "description": f"Le texte de l’article {n}.",
    }
    values |= elements
    pairs = (
        f"<{name}>{escape(text)}</{name}>" for name, text in values.items() if text is not None
    )
    return f"<item>{''.join(pairs)}{extra}</item>"


def rss(items: Iterable[str] = (), head: str = HEAD) -> bytes:
    return (
        f'{head}<rss version="2.0"><channel><title>La Gazette</title>'
        f"<link>https://gazette.example/</link><language>fr-FR</language>{''.join(items)}"
        "</channel></rss>"
    ).encode("utf-8", "replace")


def rss_of(count: int) -> bytes:
    return rss(rss_item(n) for n in range(1, count + 1))
