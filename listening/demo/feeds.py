"""How each site writes its feed: RSS 2.0, RDF, Atom, JSON Feed, with the habits of real ones."""

import json
from collections.abc import Callable, Mapping, Sequence
from email.utils import format_datetime
from html import escape
from types import MappingProxyType
from zoneinfo import ZoneInfo

from listening.demo.compose import DemoItem
from listening.demo.texts import parts
from listening.demo.world import (
    OWN_BRAND,
    TIMEZONE,
    DemoSource,
    Fault,
    FeedFormat,
    Quirk,
    demo_source,
)

_ZONE = ZoneInfo(TIMEZONE)

#: A truncated feed stops at about this share of its bytes, so many bytes into a text.
_TRUNCATED_AT = 0.7
_TRUNCATED_TEXT = 48
_TEXT_TAG = b"<description>"

#: What a hit of the search feed carries in its address, as trackers add it.
_TRACKING = "utm_source=veille&utm_medium=rss"

CONTENT_TYPES: Mapping[FeedFormat, str] = MappingProxyType(
    {
        FeedFormat.RSS20: "application/rss+xml",
        FeedFormat.RDF: "application/rdf+xml",
        FeedFormat.ATOM: "application/atom+xml",
        FeedFormat.JSON: "application/feed+json",
    }
)


def site_url(source: DemoSource, port: int) -> str:
    """Return the address of a site's first page, with its slash."""
    return f"http://{source.host}:{port}/"


def feed_url(source: DemoSource, port: int) -> str:
    """Return the address of a site's feed."""
    return f"http://{source.host}:{port}{source.path}"


def item_url(item: DemoItem, port: int) -> str:
    """Return the address that an item links to, tracking parameters included."""
    url = f"http://{demo_source(item.link_source_id).host}:{port}{item.path}"
    return f"{url}?{_TRACKING}" if item.same_as else url


def encoding(source: DemoSource) -> str:
    """Return the encoding that a site declares and uses."""
    return "iso-8859-1" if Quirk.LATIN1 in source.quirks else "utf-8"


def render_feed(source: DemoSource, items: Sequence[DemoItem], *, port: int) -> bytes:
    """Write a site's feed.

    Args:
        source: The site.
        items: Its items, oldest first; the feed shows the newest first.
        port: Of all sites.

    Returns:
        The bytes before compression; cut short for a site that is broken in this way.
    """
    newest_first = list(reversed(items))
    text = _WRITERS[source.form](source, newest_first, port)
    # What Latin-1 lacks (œ, ’, €) becomes a numeric reference, which is right in XML.
    body = text.encode(encoding(source), errors="xmlcharrefreplace")
    return _truncated(body) if source.fault is Fault.TRUNCATED else body


def _truncated(body: bytes) -> bytes:
    """Return a feed that stops within the text of an item, whose id and date are still whole."""
    text_begins = body.rfind(_TEXT_TAG, 0, int(len(body) * _TRUNCATED_AT)) + len(_TEXT_TAG)
    return body[: text_begins + _TRUNCATED_TEXT]


def paragraphs_html(text: str) -> str:
    """Return plain paragraphs as HTML."""
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.split("\n\n"))


def _link(source: DemoSource, item: DemoItem, port: int) -> str:
    return item.path if Quirk.RELATIVE in source.quirks else item_url(item, port)


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _bold(source: DemoSource, title: str) -> str:
    """Return a title as HTML, with the brand in bold where the site does that."""
    markup = escape(title, quote=False)
    if Quirk.BOLD in source.quirks:
        for spelling in sorted(set(parts().spellings[OWN_BRAND]["press"])):
            markup = markup.replace(spelling, f"<b>{spelling}</b>")
    return markup


def _rss(source: DemoSource, items: Sequence[DemoItem], port: int) -> str:
    entries = "".join(_rss_item(source, item, port) for item in items)
    return (
        f'<?xml version="1.0" encoding="{encoding(source).upper()}"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/">\n<channel>\n'
        f"<title>{escape(source.title)}</title>\n<link>{site_url(source, port)}</link>\n"
        f"<description>{escape(source.title)}</description>\n"
        f"<language>{source.language}</language>\n{entries}</channel>\n</rss>\n"
    )


def _rss_item(source: DemoSource, item: DemoItem, port: int) -> str:
    creator = f"<dc:creator>{escape(item.author)}</dc:creator>\n" if item.author else ""
    published = format_datetime(item.published_at.astimezone(_ZONE))
    if Quirk.HTML in source.quirks:
        first = item.text.split("\n\n")[0]
        content = (
            f"<description>{_cdata(escape(first[:120], quote=False) + '…')}</description>\n"
            f"<content:encoded>{_cdata(paragraphs_html(item.text))}</content:encoded>\n"
        )
    else:
        content = f"<description>{escape(item.text)}</description>\n"
    return (
        f"<item>\n<title>{escape(item.title)}</title>\n"
        f"<link>{escape(_link(source, item, port))}</link>\n"
        f'<guid isPermaLink="false">{item.guid}</guid>\n'
        f"<pubDate>{published}</pubDate>\n{creator}{content}</item>\n"
    )


def _rdf(source: DemoSource, items: Sequence[DemoItem], port: int) -> str:
    resources = "".join(f'<rdf:li rdf:resource="{escape(item_url(i, port))}"/>\n' for i in items)
    entries = "".join(_rdf_item(item, port) for item in items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{feed_url(source, port)}">\n<title>{escape(source.title)}</title>\n'
        f"<link>{site_url(source, port)}</link>\n"
        f"<description>{escape(source.title)}</description>\n"
        f"<dc:language>{source.language}</dc:language>\n"
        f"<items><rdf:Seq>\n{resources}</rdf:Seq></items>\n</channel>\n{entries}</rdf:RDF>\n"
    )


def _rdf_item(item: DemoItem, port: int) -> str:
    url = escape(item_url(item, port))
    creator = f"<dc:creator>{escape(item.author)}</dc:creator>\n" if item.author else ""
    return (
        f'<item rdf:about="{url}">\n<title>{escape(item.title)}</title>\n<link>{url}</link>\n'
        f"<dc:identifier>{item.guid}</dc:identifier>\n"
        f"<dc:date>{item.published_at.astimezone(_ZONE).isoformat()}</dc:date>\n{creator}"
        f"<description>{escape(item.text)}</description>\n</item>\n"
    )


def _atom(source: DemoSource, items: Sequence[DemoItem], port: int) -> str:
    updated = items[0].published_at.isoformat() if items else "1970-01-01T00:00:00+00:00"
    base = f' xml:base="{site_url(source, port)}"' if Quirk.RELATIVE in source.quirks else ""
    entries = "".join(_atom_entry(source, item, port) for item in items)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{source.language}"{base}>\n'
        f"<title>{escape(source.title)}</title>\n<id>tag:{source.source_id}.example,2024:feed</id>\n"
        f"<updated>{updated}</updated>\n"
        f'<link rel="alternate" href="{site_url(source, port)}"/>\n'
        f'<link rel="self" href="{feed_url(source, port)}"/>\n{entries}</feed>\n'
    )


def _atom_entry(source: DemoSource, item: DemoItem, port: int) -> str:
    author = f"<author><name>{escape(item.author)}</name></author>\n" if item.author else ""
    if Quirk.HTML in source.quirks:
        content = f'<content type="html">{escape(paragraphs_html(item.text))}</content>\n'
    else:
        content = f'<content type="text">{escape(item.text)}</content>\n'
    instant = item.published_at.isoformat()
    return (
        f'<entry>\n<title type="html">{escape(_bold(source, item.title))}</title>\n'
        f"<id>{item.guid}</id>\n"
        f'<link rel="alternate" href="{escape(_link(source, item, port))}"/>\n'
        f"<published>{instant}</published>\n<updated>{instant}</updated>\n{author}{content}"
        "</entry>\n"
    )


def _json(source: DemoSource, items: Sequence[DemoItem], port: int) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": source.title,
        "home_page_url": site_url(source, port),
        "feed_url": feed_url(source, port),
        "language": source.language,
        "items": [_json_item(item, port) for item in items],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(item: DemoItem, port: int) -> dict[str, object]:
    entry: dict[str, object] = {
        "id": item.guid,
        "url": item_url(item, port),
        "title": item.title,
        "content_text": item.text,
        "date_published": item.published_at.astimezone(_ZONE).isoformat(),
    }
    if item.author:
        entry["authors"] = [{"name": item.author}]
    return entry


_WRITERS: Mapping[FeedFormat, Callable[[DemoSource, Sequence[DemoItem], int], str]] = (
    MappingProxyType(
        {
            FeedFormat.RSS20: _rss,
            FeedFormat.RDF: _rdf,
            FeedFormat.ATOM: _atom,
            FeedFormat.JSON: _json,
        }
    )
)
