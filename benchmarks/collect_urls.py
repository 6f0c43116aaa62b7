"""Keys of addresses: equivalences of listening, and addresses to keep apart, beside libraries.

A tool is right about a pair when it gives both addresses one form, or, for two documents, two.
"""

import sys
import time
from collections.abc import Callable

from courlan import clean_url, normalize_url
from url_normalize import url_normalize
from w3lib.url import canonicalize_url, url_query_cleaner

from benchmarks.report import table
from listening.collectors.identity.canonical import canonical_url

_A = "https://blog.example/2026/les-oeufs-durs"
_SID = "0123456789abcdef" * 2
#: Two addresses of one document, and why.
SAME = (
    ("scheme", "http://blog.example/2026/les-oeufs-durs", _A),
    ("case of host", "https://Blog.Example/2026/les-oeufs-durs", _A),
    ("port", "https://blog.example:443/2026/les-oeufs-durs", _A),
    ("trailing slash", _A + "/", _A),
    ("utm", _A + "?utm_source=rss&utm_medium=rss", _A),
    ("xtor", _A + "?xtor=RSS-1", _A),
    ("xtor in fragment", _A + "#xtor=RSS-1", _A),
    ("at_", _A + "?at_medium=rss&at_campaign=x", _A),
    ("fbclid", _A + "?fbclid=IwAR0", _A),
    ("gclid", _A + "?gclid=x1", _A),
    ("fragment", _A + "#top", _A),
    ("order", _A + "?b=2&a=1", _A + "?a=1&b=2"),
    ("phpBB session", f"https://f.example/v.php?t=5&sid={_SID}", "https://f.example/v.php?t=5"),
    ("PHPSESSID", f"https://f.example/v?t=5&PHPSESSID={_SID}", "https://f.example/v?t=5"),
    ("jsessionid", "https://f.example/v;jsessionid=AB12?t=5", "https://f.example/v?t=5"),
    ("escapes", "https://f.example/%7eme/%c3%a9", "https://f.example/~me/é"),
    ("dots", "https://f.example/a/../v?t=5", "https://f.example/v?t=5"),
    ("IDNA", "https://münchen.example/a", "https://xn--mnchen-3ya.example/a"),
    ("Google redirect", f"https://www.google.com/url?sa=t&url={_A}&ct=ga", _A),
    ("www", "https://www.blog.example/2026/les-oeufs-durs", _A),
    ("mobile host", "https://m.blog.example/2026/les-oeufs-durs", _A),
    ("AMP path", _A + "/amp/", _A),
    ("AMP query", _A + "?amp=1", _A),
    ("AMP cache", "https://blog-example.cdn.ampproject.org/c/s/" + _A[8:], _A),
)
#: Addresses of two documents.
APART = (
    ("topic", "https://f.example/viewtopic.php?t=5", "https://f.example/viewtopic.php?t=6"),
    ("post", "https://f.example/viewtopic.php?p=12", "https://f.example/viewtopic.php?p=13"),
    ("article", "https://b.example/?p=12", "https://b.example/?p=13"),
    ("SMF page", "https://f.example/?topic=1.0", "https://f.example/?topic=1.15"),
    ("post by fragment", "https://f.example/v?t=5#p12", "https://f.example/v?t=5#p13"),
    ("message by fragment", "https://f.example/v?t=5#msg1", "https://f.example/v?t=5#msg2"),
    ("video", "https://youtube.com/watch?v=abcdefghijk", "https://youtube.com/watch?v=abcdefghijl"),
    ("page", "https://f.example/v?t=5&page=2", "https://f.example/v?t=5&page=3"),
)
_ROUNDS = 20

TOOLS: dict[str, Callable[[str], object]] = {
    "vigie": canonical_url,
    "url-normalize": url_normalize,
    "url-normalize, filtered": lambda url: url_normalize(url, filter_params=True),
    "w3lib canonicalize": canonicalize_url,
    "w3lib, no query": lambda url: canonicalize_url(url_query_cleaner(url)),
    "courlan clean_url": clean_url,
    "courlan normalize, strict": lambda url: normalize_url(url, strict=True),
}


def main() -> int:
    rows = []
    for name, tool in TOOLS.items():
        same = [why for why, one, other in SAME if not _is_one(tool, one, other)]
        apart = [why for why, one, other in APART if _is_one(tool, one, other)]
        urls = [url for _, *pair in (*SAME, *APART) for url in pair]
        started = time.process_time()
        for _ in range(_ROUNDS):
            for url in urls:
                tool(url)
        micros = (time.process_time() - started) / _ROUNDS / len(urls) * 1e6
        rows.append(
            [
                name,
                f"{len(SAME) - len(same)}/{len(SAME)}",
                f"{len(APART) - len(apart)}/{len(APART)}",
                f"{micros:.0f}",
                ", ".join([*same, *(f"merges {why}" for why in apart)][:6]),
            ]
        )
    head = ["", "one document", "two documents", "µs/URL", "wrong (first six)"]
    table("Keys of addresses", head, rows)
    return 0


def _is_one(tool: Callable[[str], object], one: str, other: str) -> bool:
    return tool(one) == tool(other)


if __name__ == "__main__":
    sys.exit(main())
