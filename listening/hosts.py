"""Whose site a host is: the bare name of a host, without its entrances.

Both the keys of addresses and the question which source is a page's own site ask this.
"""

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache
from urllib.parse import urlsplit

from tld import is_tld

_ENTRANCES = frozenset({"www", "m", "mobile", "amp", "touch"})
#: Hosts that only serve a site's feeds.
_FEEDS = frozenset({"feed", "feeds", "rss"})
#: A host keeps at least its domain and its ending.
_LEAST_LABELS = 2
_ADDRESS_OF_A_MACHINE = re.compile(r"[\d.]+|\[.*\]")


def bare_host(host: str) -> str:
    """Return a host without the names of its entrances; a stranger's domain is never reached.

    Args:
        host: In lower case, ASCII.

    >>> bare_host("www.blog.example"), bare_host("fr.m.wiki.example"), bare_host("m.example")
    ('blog.example', 'fr.wiki.example', 'm.example')
    >>> bare_host("www.amp.com.au"), bare_host("touch.blogspot.com")
    ('amp.com.au', 'touch.blogspot.com')
    """
    if _ADDRESS_OF_A_MACHINE.fullmatch(host):
        return host
    labels = _without_first(host.split("."), _ENTRANCES)
    while len(labels) > _LEAST_LABELS + 1 and labels[1] == "m" and not _is_ending(labels[2:]):
        labels = [labels[0], *labels[2:]]
    return ".".join(labels)


def site_host(url: str) -> str:
    """Return the host of the site that a source is read from; "" where it names no one's site.

    >>> site_host("https://www.gazette.example/rss"), site_host("https://rss.gazette.example/")
    ('gazette.example', 'gazette.example')
    >>> site_host("https://amp.com.au/feed"), site_host("https://com.au/feed")
    ('amp.com.au', '')
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
    except ValueError:
        return ""
    labels = _without_first(bare_host(host).split("."), _FEEDS)
    is_a_site = len(labels) >= _LEAST_LABELS and not _is_ending(labels)
    return ".".join(labels) if is_a_site else ""


def _without_first(labels: list[str], names: AbstractSet[str]) -> list[str]:
    while len(labels) > _LEAST_LABELS and labels[0] in names and not _is_ending(labels[1:]):
        labels = labels[1:]
    return labels


def _is_ending(labels: list[str]) -> bool:
    return _is_public_suffix(".".join(labels))


@lru_cache(maxsize=4096)
def _is_public_suffix(name: str) -> bool:
    """Return whether strangers register names under this one: com.au, but also blogspot.com."""
    return is_tld(name)
