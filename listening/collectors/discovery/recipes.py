"""From the address of a page to the addresses of its feeds: platforms, links, guesses; all pure.

Nothing here touches the network: ``listening.collectors.discovery.discover`` tries what comes out.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from listening.collectors.discovery.candidate import Candidate, address_of, is_on
from listening.collectors.discovery.platforms import RECIPES
from listening.collectors.identity.canonical import absolute_url
from listening.collectors.reading.html_page import open_page, text_of
from listening.errors import UnreadableSourceError
from listening.model import SourceKind

#: Networks that give no open way in: their official exports are imported instead.
_CLOSED = {
    "x.com": "X",
    "twitter.com": "X",
    "facebook.com": "Facebook",
    "instagram.com": "Instagram",
    "linkedin.com": "LinkedIn",
    "tiktok.com": "TikTok",
    "threads.net": "Threads",
    "threads.com": "Threads",
    "trustpilot.com": "Trustpilot",
    "tripadvisor.com": "Tripadvisor",
    "tripadvisor.fr": "Tripadvisor",
}
_FEED_TYPES = frozenset({
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
    "text/xml", "application/xml", "application/json",
})  # fmt: skip
_SAYS_FEED = re.compile(
    r"(?:^|[/._?=-])(?:rss|atom|feeds?|rdf|syndication)(?:$|[/._?&=-])", re.IGNORECASE
)
_SAYS_COMMENTS = re.compile(r"comment|r[ée]ponse|repl(?:y|ies)", re.IGNORECASE)
_NO_FEED = re.compile(
    r"wp-json/oembed|/oembed|opensearch|\.(?:css|js|png|jpe?g|svg|ico)$", re.IGNORECASE
)
#: A page with more links than this says nothing by each of them.
_MAX_LINKS = 12
#: Enough for the head and most of the body of any page.
_MAX_PAGE_BYTES = 2_000_000


def closed_network(url: str) -> str | None:
    """Return the name of the network when an address is on one that gives no open way in."""
    address = address_of(url)
    if address is None:
        return None
    names = (name for host, name in _CLOSED.items() if is_on(address.host, host))
    return next(names, None)


def recipes_for(url: str) -> tuple[Candidate, ...]:
    """Return the feed addresses that a page's address leads to by itself, best first.

    >>> [one.url for one in recipes_for("https://www.youtube.com/channel/UCabc")]
    ['https://www.youtube.com/feeds/videos.xml?channel_id=UCabc']
    """
    address = address_of(url)
    if address is None:
        return ()
    found = [candidate for recipe in RECIPES for candidate in recipe(address)]
    return tuple({candidate.url: candidate for candidate in reversed(found)}.values())[::-1]


def guesses_for(url: str) -> tuple[Candidate, ...]:
    """Return where feeds usually lie, seen from the page's folder and from the site's root."""
    address = address_of(url)
    if address is None:
        return ()
    folder = "/".join(address.steps)
    starts = [f"{address.origin}/{folder}", address.origin] if folder else [address.origin]
    names = ("feed/", "rss", "atom.xml", "feed.xml", "rss.xml", "index.xml", "feed.json")
    urls = [f"{start.rstrip('/')}/{name}" for start in starts[-1:] + starts[:-1] for name in names]
    return tuple(Candidate(url=one, found_by="guess") for one in urls)


def links_in_page(body: bytes, *, url: str, content_type: str | None = None) -> list[Candidate]:
    """Return what a page offers to be read by machines, best first.

    Feeds that it advertises come first, feeds of comments after the others, then the REST interface
    of WordPress, then links that look like feeds. At most a dozen.

    Args:
        body: The page.
        url: Its address, against which links are resolved.
        content_type: HTTP header, when there was one.
    """
    try:
        page = open_page(body[:_MAX_PAGE_BYTES], content_type=content_type, url=url)
    except UnreadableSourceError:
        return []
    base = next((str(one) for one in page.root.xpath("//base/@href")), "")
    base = absolute_url(base, url) or url
    advertised = list(_advertised(page.root, base))
    found = [one for one in advertised if one.found_by == "link"]
    found += [one for one in advertised if one.found_by == "link-comments"]
    found += _interfaces(page.root, base)
    found += _linked(page.root, base)
    return list({one.url: one for one in reversed(found)}.values())[::-1][:_MAX_LINKS]


def _advertised(root: Any, base: str) -> Iterator[Candidate]:
    """Yield the feeds of ``<link rel="alternate">``."""
    for link in root.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").lower().partition(";")[0].strip()
        if "alternate" not in relations or kind not in _FEED_TYPES or link.get("hreflang"):
            continue
        url = _resolved(link.get("href"), base)
        if url is None or (kind.startswith("application/json") and not _SAYS_FEED.search(url)):
            continue
        is_comments = _SAYS_COMMENTS.search(f"{link.get('title') or ''} {urlsplit(url).path}")
        yield Candidate(url=url, found_by="link-comments" if is_comments else "link")


def _interfaces(root: Any, base: str) -> list[Candidate]:
    links = root.xpath("//link[@rel='https://api.w.org/']/@href")
    urls = [url for one in links if (url := _resolved(str(one), base))]
    return [Candidate(url=url, kind=SourceKind.WORDPRESS, found_by="wp-json") for url in urls[:1]]


def _linked(root: Any, base: str) -> list[Candidate]:
    """Return links of the page's text that look like feeds, on the page's own site."""
    found = []
    for link in root.iter("a"):
        url = _resolved(link.get("href"), base)
        words = f"{urlsplit(url).path}?{urlsplit(url).query}" if url else ""
        names_feed = text_of(link).lower() in {"rss", "atom", "flux rss", "rss feed", "syndication"}
        if url and (_SAYS_FEED.search(words) or names_feed) and _site(url) == _site(base):
            found.append(Candidate(url=url, found_by="anchor"))
    return found[:_MAX_LINKS]


def _resolved(href: str | None, base: str) -> str | None:
    url = absolute_url(href, base)
    return None if url is None or _NO_FEED.search(url) else url


def _site(url: str) -> list[str]:
    """Return the last two labels of an address's host."""
    return (urlsplit(url).hostname or "").split(".")[-2:]
