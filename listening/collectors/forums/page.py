"""A forum's web page as a tree: its address, its elements by their classes, its next page.

lxml, and not selectolax: it is a dependency already, holds hostile nesting, and 1.5 ms a page are
little beside the seconds between two requests to one forum.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import lxml.html
from lxml import etree

from listening.collectors import faults
from listening.collectors.identity.canonical import absolute_url, host_of
from listening.collectors.reading.charset import decode
from listening.collectors.reading.plaintext import CONTROL, one_line, tree_text
from listening.errors import UnreadableSourceError
from listening.hosts import bare_host

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_HEAD_BYTES = 8192

_NUMBER = re.compile(r"\d{1,6}")


@dataclass(frozen=True, slots=True)
class ForumPage:
    """One page, parsed."""

    root: Any
    markup: str
    url: str  # absolute, "" when unknown: by the answer, else as the page says itself

    def absolute(self, href: str | None) -> str | None:
        """Return a link of the page as an address, or None when that cannot be known."""
        return absolute_url(href, self.url or None) if href else None

    def own(self, href: str | None) -> str | None:
        """Return a link as an address where it stays on the page's site: that is all we walk."""
        address = self.absolute(href)
        if address is None or not self.url or _site(address) == _site(self.url):
            return address
        return None


def _site(url: str) -> str:
    return bare_host(host_of(url))


def open_forum_page(body: bytes, *, content_type: str | None, url: str) -> ForumPage:
    """Return a page ready to be searched.

    Raises:
        UnreadableSourceError: Empty, or no markup at all.
    """
    if not body.strip(b" \t\r\n\0"):
        raise UnreadableSourceError(url, faults.EMPTY_BODY)
    declared = content_type
    if not (content_type and "charset" in content_type.lower()):
        found = _META_CHARSET.search(body[:_HEAD_BYTES])
        if found:
            declared = f"text/html; charset={found[1].decode('ascii', 'ignore')}"
    markup = CONTROL.sub("", decode(body, content_type=declared).text.replace("\x00", ""))
    parser = lxml.html.HTMLParser(
        recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False,
        encoding="utf-8",
    )  # fmt: skip
    try:
        root = lxml.html.document_fromstring(markup.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableSourceError(url, faults.UNEXPECTED_PAGE) from error
    return ForumPage(root, markup, url or _own_url(root))


def _own_url(root: Any) -> str:
    """Return the address a recorded page gives itself: canonical link, og:url, base."""
    for path in (
        "//link[@rel='canonical']/@href",
        "//meta[@property='og:url']/@content",
        "//base/@href",
    ):
        for href in root.xpath(path):
            if address := absolute_url(str(href), None):
                return address
    return ""


# -- finding -------------------------------------------------------------------------------------


def has_class(name: str) -> str:
    """Return the XPath condition that an element has a class."""
    return f"contains(concat(' ',normalize-space(@class),' '),' {name} ')"


def by_class(element: Any, *names: str, tag: str = "*") -> Any:
    """Return the first descendant that has any of the classes, tried in order, or None."""
    for name in names:
        found = element.xpath(f".//{tag}[{has_class(name)}]")
        if found:
            return found[0]
    return None


def all_by_class(element: Any, *names: str, tag: str = "*") -> list[Any]:
    """Return the descendants that have any of the classes, in reading order."""
    wanted = set(names)
    found = element.iter() if tag == "*" else element.iter(tag)
    return [
        one
        for one in found
        if one is not element and not wanted.isdisjoint((one.get("class") or "").split())
    ]


def first(element: Any, path: str) -> Any:
    """Return the first result of an XPath, or None."""
    found = element.xpath(path)
    return found[0] if found else None


def line_of(element: Any) -> str:
    """Return an element's text on one line, "" for None."""
    if element is None:
        return ""
    if isinstance(element, str):
        return one_line(str(element), is_html=False)
    return " ".join(tree_text(element).split())


def moment_of(element: Any) -> str:
    """Return the date of a ``time`` or ``abbr`` in or at an element by machine or by word."""
    if element is None:
        return ""
    for path in ("(self::time|.//time)/@datetime", ".//@data-time", ".//abbr/@title"):
        for value in element.xpath(path):
            if str(value).strip():
                return str(value).strip()
    return line_of(element)


def any_class(*names: str) -> str:
    """Return the XPath condition that an element has one of the classes."""
    return "(" + " or ".join(has_class(name) for name in names) + ")"


def link_with(element: Any, *parts: str) -> str | None:
    """Return the first link below an element whose address has one of the parts, in order."""
    for part in parts:
        for href in element.xpath(f".//a[contains(@href,'{part}')]/@href"):
            return str(href)
    return None


# -- pages of a thread -----------------------------------------------------------------------------

_PAGERS = (
    *("pagination", "pagelinks", "pagesection", "PageNav", "pageNav", "pageNav-main", "paging"),
    *("ipsPagination", "pagination_bottom", "topic-actions", "action-bar", "gensmall", "nav"),
    *("pages", "pageNavigation", "page-nav", "vbmenu_control", "pagenav"),
)
#: What engines write on the link to the next page.
_NEXT_WORDS = ("Next", "Suivant", "Suivante", "Next »", "Suivant »", "»", "\u203a")


_NEXT_LINK = frozenset({"pagination_next", "pageNav-jump--next", "next_page"})
_NEXT_BOX = frozenset({"next", "arrow-right", "ipsPagination_next", "next_page"})
_CURRENT_PAGE = (
    f"//*[{has_class('pagelinks')}]/*[self::strong or {has_class('current_page')}]"
    "/following-sibling::a[1]/@href"
)


def next_link(root: Any) -> str | None:
    """Return the link to the next page by what the engines mark it with."""
    by_worth: dict[int, str] = {}
    for link in root.iter("link", "a"):
        href = link.get("href")
        if not href or href.startswith(("#", "javascript:")):
            continue
        worth = _next_worth(link)
        if worth:
            by_worth.setdefault(worth, str(href))
    if by_worth:
        return by_worth[max(by_worth)]
    return next((str(href) for href in root.xpath(_CURRENT_PAGE)), None)


def _next_worth(link: Any) -> int:
    """Return how surely a link leads to the next page; 0: not at all."""
    if "next" in (link.get("rel") or "").split():
        return 4 if link.tag == "link" else 3
    box = link.getparent()
    boxed = set() if box is None else set((box.get("class") or "").split())
    if not _NEXT_LINK.isdisjoint((link.get("class") or "").split()) or boxed & _NEXT_BOX:
        return 2
    # An arrow to one post is the link to the newest one.
    is_arrow = (link.text or "").strip() in _NEXT_WORDS and "#" not in link.get("href")
    return 1 if is_arrow else 0


def last_link(root: Any) -> tuple[int, str] | None:
    """Return number and link of the last page that the page shows, or None."""
    best: tuple[int, str] | None = None
    for pager in all_by_class(root, *_PAGERS):
        for link in pager.iter("a"):
            label = (link.text_content() or "").strip()
            if _NUMBER.fullmatch(label) and (best is None or int(label) > best[0]):
                best = (int(label), link.get("href") or "")
    return best


def joined(base: str, href: str) -> str:
    """Return a link joined to an address, or as it is."""
    try:
        return urljoin(base, href)
    except ValueError:
        return href


def links(root: Any) -> Iterable[tuple[str, Any]]:
    """Yield address and element of every link in reading order."""
    for link in root.iter("a"):
        href = link.get("href")
        if href:
            yield str(href), link
