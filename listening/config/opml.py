"""OPML in and out: the subscription lists of feed readers, FreshRSS's extensions included.

What we write can be read back without loss: our own settings stand in attributes of our name space,
which other readers ignore. XML is read without entities, network or DTD.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from lxml import etree
from pydantic import ValidationError

from listening.config.field import slug_of, write_duration
from listening.config.sources import EVERY, SourceSpec
from listening.config.span import write_span
from listening.errors import ConfigError
from listening.model import Source, SourceKind, SourceType
from listening.text import fold_term
from listening.translate import mark

SPACE = "https://vigie.example/opml"
_FRESHRSS = "https://freshrss.org/opml"
#: Larger lists are no lists of subscriptions.
MAX_BYTES = 20_000_000
_MAX_DEPTH = 50

#: Words of category names that say what a source is for; folded, in French and English.
_TYPES: Mapping[str, SourceType] = MappingProxyType(
    {
        word: source_type
        for source_type, words in {
            SourceType.PRESS: "press presse news actualite actualites actu actus journaux media "
            "medias newspapers magazines",
            SourceType.BLOG: "blog blogs",
            SourceType.FORUM: "forum forums communautes communities",
            SourceType.REVIEW: "review reviews avis",
            SourceType.SOCIAL: "social sociaux youtube reddit mastodon bluesky videos",
            SourceType.SEARCH: "search searches recherche recherches alertes alerts veille",
            SourceType.OWN: "own nous",
        }.items()
        for word in words.split()
    }
)  # fmt: skip
#: FreshRSS's kinds of feed that are feeds; the others scrape pages by XPath, which we do not.
_FEEDS = frozenset({"", "rss", "atom", "rss1", "rss2", "link", "rdf", "json", "jsonfeed", "feed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An outline that did not become a source, and why."""

    line: int
    name: str
    reason: str  # sentence of the catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlReading:
    """What a list holds: every outline with an address is in one of the three."""

    sources: tuple[Source, ...]
    repeated: tuple[Unread, ...]  # known to the client, or twice in the list
    unread: tuple[Unread, ...]


def read_opml(body: bytes, *, known: Sequence[Source] = ()) -> OpmlReading:
    """Return the sources of a subscription list; ids are made unique among the client's.

    Args:
        body: The file.
        known: Sources that the client has already.

    Raises:
        ConfigError: It is no OPML.
    """
    root = _root(body)
    addresses = {_plain(one.url) for one in known}
    taken = {one.source_id for one in known}
    sources, repeated, unread = [], [], []
    for outline, categories in _outlines(root):
        url = (outline.get("xmlUrl") or outline.get("xmlurl") or "").strip()
        name = " ".join((outline.get("title") or outline.get("text") or url).split())
        leave_out = partial(Unread, line=outline.sourceline or 0, name=name or url)
        reading_kind = (outline.get("type") or "").lower()
        if reading_kind not in _FEEDS:
            unread.append(leave_out(reason=mark("it scrapes a page instead of reading a feed")))
            continue
        if _plain(url) in addresses:
            repeated.append(leave_out(reason=mark("the address is there already")))
            continue
        source = _source(outline, url=url, name=name, categories=categories, taken=taken)
        if source is None:
            unread.append(leave_out(reason=mark("its address or settings are wrong")))
            continue
        addresses.add(_plain(url))
        taken.add(source.source_id)
        sources.append(source)
    return OpmlReading(sources=tuple(sources), repeated=tuple(repeated), unread=tuple(unread))


def write_opml(sources: Sequence[Source], *, title: str, now: datetime) -> bytes:
    """Return a subscription list with one folder per type of source."""
    root = etree.Element("opml", version="2.0", nsmap={"vigie": SPACE})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    etree.SubElement(head, "dateCreated").text = now.strftime("%a, %d %b %Y %H:%M:%S GMT")
    body = etree.SubElement(root, "body")
    for source_type in SourceType:
        group = [one for one in sources if one.source_type is source_type]
        if group:
            folder = etree.SubElement(body, "outline", text=source_type.value)
            for source in group:
                etree.SubElement(folder, "outline", _attributes(source))
    document: bytes = etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )
    return document


def _root(body: bytes) -> Any:
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser) if len(body) <= MAX_BYTES else None
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise ConfigError(mark("this file is no OPML"), hint=mark("export it again as OPML"))
    return root


def _outlines(root: Any) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Yield the outlines that have an address, with the folders they are in."""
    for outline in root.iter("{*}outline"):
        if outline.get("xmlUrl") or outline.get("xmlurl"):
            above = list(outline.iterancestors("{*}outline"))[:_MAX_DEPTH]
            folders = [one.get("text") or one.get("title") or "" for one in above]
            yield outline, (*folders, *re.split(r"[,/]", outline.get("category") or ""))


def _source(
    outline: Any, *, url: str, name: str, categories: Sequence[str], taken: set[str]
) -> Source | None:
    """Return the source of an outline, or None when its values are wrong."""
    own = {
        key: outline.get(f"{{{SPACE}}}{key}")
        for key in ("id", "kind", "type", "every", "timezone", "history", "off_hours")
    }
    weight = outline.get(f"{{{SPACE}}}weight") or _priority(outline)
    values = {
        "id": _free_id(own["id"] or name, url, taken),
        "kind": own["kind"] or _kind(outline),
        "url": url,
        "type": own["type"] or _type(categories),
        "title": "".join(char for char in name if char.isprintable())[:200] or None,
        "language": outline.get(f"{{{SPACE}}}language") or _language(outline),
        "weight": _number(weight),
        "every": own["every"] or EVERY,
        "timezone": own["timezone"],
        "history": own["history"],
        "off_hours": own["off_hours"],
    }
    try:
        return SourceSpec.model_validate(values).to_source()
    except ValidationError:
        return None


def _kind(outline: Any) -> SourceKind:
    """Return blog for feeds that FreshRSS completes from their pages."""
    has_selector = outline.get(f"{{{_FRESHRSS}}}cssFullContent")
    return SourceKind.BLOG if has_selector else SourceKind.FEED


def _priority(outline: Any) -> str:
    return "2.0" if outline.get(f"{{{_FRESHRSS}}}priority") == "important" else "1.0"


def _type(categories: Sequence[str]) -> SourceType:
    for category in categories:
        for word in re.findall(r"[a-z]+", fold_term(category)):
            if word in _TYPES:
                return _TYPES[word]
    return SourceType.BLOG


def _language(outline: Any) -> str | None:
    declared = (outline.get("language") or "")[:2].lower()
    return declared if re.fullmatch(r"[a-z]{2}", declared) else None


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _free_id(name: str, url: str, taken: set[str]) -> str:
    stem = slug_of(name)[:50].strip("-") or slug_of(url.partition("//")[2])[:50].strip("-")
    stem = stem or "source"
    unique, number = stem, 2
    while unique in taken:
        unique, number = f"{stem}-{number}", number + 1
    return unique


def _plain(url: str) -> str:
    """Return an address as two lists may both mean it: scheme and last slash do not count."""
    return url.strip().partition("://")[2].rstrip("/")


def _attributes(source: Source) -> dict[str, str]:
    values = {
        "type": "rss",
        "text": source.title or source.source_id,
        "title": source.title or source.source_id,
        "xmlUrl": source.url,
        f"{{{SPACE}}}id": source.source_id,
        f"{{{SPACE}}}kind": source.kind.value,
        f"{{{SPACE}}}type": source.source_type.value,
        f"{{{SPACE}}}weight": f"{source.weight:g}",
        f"{{{SPACE}}}every": write_duration(source.poll_every),
    }
    if source.timezone:
        values[f"{{{SPACE}}}timezone"] = source.timezone
    if source.history:
        values[f"{{{SPACE}}}history"] = write_duration(source.history)
    if source.off_hours:
        values[f"{{{SPACE}}}off_hours"] = write_span(source.off_hours)
    if source.language:
        values[f"{{{SPACE}}}language"] = source.language
    return values
