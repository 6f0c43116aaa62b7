"""A web page as a tree: characters, meta elements, JSON-LD; nothing runs, nothing loads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from listening.collectors import faults
from listening.collectors.reading.charset import decode
from listening.collectors.reading.jsontext import load_json
from listening.collectors.reading.plaintext import CONTROL
from listening.errors import UnreadableSourceError

#: Where a page says its character set, when the server does not.
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_HEAD_BYTES = 8192
#: Larger blocks of JSON-LD are catalogues, not the description of an article.
_MAX_JSON_CHARS = 1_000_000
_MAX_NODES = 20_000
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_CDATA = re.compile(
    r"^\s*(?:/[/*]\s*)?<!\[CDATA\[(?:\s*\*/)?|(?:/[/*]\s*)?\]\]>(?:\s*\*/)?\s*$|;\s*$"
)


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """One page, parsed."""

    text: str  # decoded
    root: Any  # lxml's html element
    meta: dict[str, tuple[str, ...]]  # contents by lower-case name, property or itemprop, in order
    nodes: tuple[dict[str, Any], ...]  # every object of the JSON-LD, outer ones first
    faults: tuple[str, ...] = ()

    def first(self, *names: str) -> str | None:
        """Return the first content that any of the names has, in the order of the names."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)


def open_page(body: bytes, *, content_type: str | None = None, url: str | None = None) -> HtmlPage:
    """Return a page ready to be searched.

    Raises:
        UnreadableSourceError: Empty, or no markup at all.
    """
    if not body.strip(b" \t\r\n\0"):
        raise UnreadableSourceError(url or "", faults.EMPTY_BODY)
    decoded = decode(body, content_type=_with_charset(body, content_type))
    text = CONTROL.sub("", decoded.text.replace("\x00", ""))
    parser = etree.HTMLParser(
        recover=True, no_network=True, remove_pis=True, huge_tree=False, encoding="utf-8"
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableSourceError(url or "", faults.NOT_A_PAGE) from error
    if root is None or "<" not in text:
        raise UnreadableSourceError(url or "", faults.NOT_A_PAGE)
    return HtmlPage(
        text=text,
        root=root,
        meta=_meta(root),
        nodes=tuple(_linked_data(root)),
        faults=decoded.faults,
    )


def text_of(element: Any) -> str:
    """Return the text of an element on one line, scripts and styles left out."""
    parts = element.xpath(".//text()[not(ancestor::script or ancestor::style)]")
    return " ".join("".join(parts).split())


def _with_charset(body: bytes, content_type: str | None) -> str | None:
    """Return the header, completed by what the page itself says of its characters."""
    if content_type and "charset" in content_type.lower():
        return content_type
    found = _META_CHARSET.search(body[:_HEAD_BYTES])
    return f"text/html; charset={found.group(1).decode('ascii')}" if found else content_type


def _meta(root: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for element in root.iter("meta"):
        content = " ".join((element.get("content") or "").split())
        names = {element.get("name"), element.get("property"), element.get("itemprop")}
        for name in names if content else ():
            if name:
                key = name.strip().lower()
                found[key] = (*found.get(key, ()), content)
    return found


def _linked_data(root: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of all JSON-LD blocks, broad first, so that outer ones come before."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        waiting = [_json(script.text or "")]
        for count, value in enumerate(waiting):
            if count > _MAX_NODES:
                break
            if isinstance(value, list):
                waiting.extend(value)
            elif isinstance(value, dict):
                yield value
                waiting.extend(child for child in value.values() if isinstance(child, dict | list))


def _json(text: str) -> Any:
    """Return what a block holds; commas too many and CDATA marks are forgiven, the rest is not."""
    if len(text) > _MAX_JSON_CHARS:
        return None
    clean = _CDATA.sub("", _CDATA.sub("", text.strip()))
    for candidate in (clean, _TRAILING_COMMA.sub("", clean)):
        try:
            return load_json(candidate, is_strict=False)
        except (ValueError, RecursionError):
            continue
    return None
