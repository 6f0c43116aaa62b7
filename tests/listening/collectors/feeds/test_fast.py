"""The fast path of feeds: it says what feedparser says, or that it is not sure."""

import gzip
import json
import os
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.collectors.feed import read_feed
from listening.collectors.feeds.fast import parse_fast
from listening.collectors.feeds.names import UnsureError
from listening.errors import UnreadableSourceError
from listening.model import Reading
from tests.builders import NOW

CHECKOUT = Path(__file__).resolve().parents[4]
FEEDS = Path(os.environ.get("VIGIE_SHARED", CHECKOUT.parent / "shared")) / "collect" / "feeds"
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:itunes="http://www.itunes.com/DTDs/PodCast-1.0.dtd" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:thr="http://purl.org/syndication/thread/1.0"'
)


def read(body: str | bytes, *, may_be_fast: bool, url: str | None = None) -> Reading | str:
    data = body.encode() if isinstance(body, str) else body
    try:
        return read_feed(data, url=url, now=NOW, may_be_fast=may_be_fast)
    except UnreadableSourceError as error:
        return error.reason


def both(body: str | bytes, url: str | None = None) -> tuple[Reading | str, Reading | str]:
    return read(body, may_be_fast=True, url=url), read(body, may_be_fast=False, url=url)


def rss(items: str, channel: str = "<title>Le Bocal</title>", attributes: str = "") -> str:
    return f'<rss version="2.0" {NAMESPACES} {attributes}><channel>{channel}{items}</channel></rss>'


def atom(entries: str, head: str = "<title>Le Bocal</title>", attributes: str = "") -> str:
    root = f'xmlns="http://www.w3.org/2005/Atom" {NAMESPACES} {attributes}'
    return f"<feed {root}>{head}{entries}</feed>"


XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">a<br/>b <i class="x">c</i> &amp; d</div>'
EMAIL = "<author><email>a@b.example</email></author>"
NAME = "<author><name>Léa</name></author>"


def item(inside: str) -> str:
    return rss(f"<item>{inside}</item>")


def entry(inside: str, attributes: str = "") -> str:
    return atom(f"<entry>{inside}</entry>", attributes=attributes)


@pytest.mark.parametrize(
    "feed",
    [
        pytest.param(item("<title>Un</title><link>https://a.example/1</link>"), id="rss"),
        pytest.param(entry("<title>Un</title><id>tag:1</id>"), id="atom"),
        pytest.param(
            rss("<item><title>a</title></item>", attributes='xml:lang="fr"'), id="language"
        ),
        pytest.param(entry('<link href="2"/>', 'xml:base="https://a.example/"'), id="base-of-root"),
        pytest.param(entry(f'<content type="xhtml">{XHTML}</content>'), id="xhtml"),
        pytest.param(
            item('<category domain="x">a</category><dc:subject>b</dc:subject>'), id="tags"
        ),
        pytest.param(entry(f"{NAME}<source><title>S</title>{NAME}</source>"), id="source"),
        pytest.param(item("<pubDate>mer, 16 nov 2022 09:05:00 +0100</pubDate>"), id="french-date"),
        pytest.param(item("<pubDate>bientôt</pubDate>"), id="no-date"),
        pytest.param(
            item(
                '<itunes:category text="a">x<itunes:category text="b">y</itunes:category>'
                "</itunes:category><category>c</category>"
            ),
            id="category-in-category",
        ),
        pytest.param(item("<title>a</title><item><title>b</title></item>"), id="item-in-item"),
    ],
)
def test_ordinary_feeds_take_the_fast_path_and_say_the_same(feed: str) -> None:
    fast, reference = both(feed)

    assert parse_fast(feed)["entries"]
    assert fast == reference


@pytest.mark.parametrize(
    "feed",
    [
        pytest.param("<!DOCTYPE a [<!ENTITY b 'c'>]>" + item("<title>&b;</title>"), id="entity"),
        pytest.param(item("<title>Un<b>deux</b></title>"), id="markup-in-title"),
        pytest.param(item("<title>Un</title>").replace("</rss>", ""), id="malformed"),
        pytest.param(item("<body xmlns='http://www.w3.org/1999/xhtml'>a</body>"), id="xhtml-body"),
        pytest.param(rss("").replace("xmlns:dc=", 'xmlns:dc="urn:x" xmlns:d='), id="other-prefix"),
        pytest.param(item("<title>caf\u00c3\u00a9</title>"), id="encoded-twice"),
        pytest.param(item("<title>a\u0092b</title>"), id="windows-apostrophe"),
        pytest.param(item("<link>https:////a.example</link>"), id="slashes"),
        pytest.param(item("<content:encoded mode='base64'>YQ==</content:encoded>"), id="base64"),
        pytest.param(item("<date>2026-01-01</date>"), id="name-that-feedparser-maps"),
        pytest.param(item("<image><title>a</title></image>"), id="image-of-item"),
        pytest.param(entry(EMAIL + EMAIL), id="two-authors"),
        pytest.param(entry(f"<source>{NAME}</source>"), id="author-of-source"),
        pytest.param(rss("<item><link>a</link></item>", attributes='xml:base="../x"'), id="base"),
        pytest.param("<opml><body/></opml>", id="no-feed"),
    ],
)
def test_traps_are_handed_over(feed: str) -> None:
    with pytest.raises(UnsureError):
        parse_fast(feed)

    fast, reference = both(feed)
    assert fast == reference


TEXTS = st.sampled_from(
    [
        "", " ", "Un titre", "Œuf &amp; lait", "a &lt;b&gt; c", "<![CDATA[<p>Un<br>deux</p>]]>",
        "&lt;p&gt;Un&lt;/p&gt;&lt;p&gt;deux &amp;amp; trois", "Léa (lea@a.example)",
        "lea@a.example", "https://a.example/?a=1&amp;b=2", "/relatif",
        "Thu, 26 Nov 2026 09:05:00 +0100",
        "2026-11-20T10:00:00Z", "jeu. 19 nov. 2026", "un, deux", "caf\u00c3\u00a9", "\u00a0x",
        "<b>gras</b>", XHTML, "&#8217;&#x2019;&#146;",
    ]
)  # fmt: skip
ATTRIBUTES = st.sampled_from(
    ["", ' type="html"', ' type="text"', ' type="xhtml"', ' isPermaLink="false"', ' xml:lang="fr"',
     ' href="https://a.example/2"', ' rel="self" href="/s"', ' term="t" label="l"', ' domain="d"',
     ' xml:base="https://b.example/x/"', ' url="https://c.example/"', ' text="Arts"', ' ref="x"']
)  # fmt: skip
NAMES = st.sampled_from(
    ["title", "link", "guid", "id", "description", "summary", "content", "content:encoded",
     "author", "dc:creator", "itunes:author", "pubDate", "dc:date", "updated", "published",
     "category", "dc:subject", "itunes:category", "itunes:keywords", "media:title",
     "media:description", "source",
     "itunes:summary", "itunes:subtitle", "atom:link", "atom:id", "dc:title", "dc:language",
     "enclosure", "slash:comments", "thr:in-reply-to", "image", "textInput", "name", "foo",
     "media:group", "contributor", "item", "entry", "rights", "generator", "date", "authors"]
)  # fmt: skip


@st.composite
def elements(draw: st.DrawFn, depth: int = 2) -> str:
    name, attributes = draw(NAMES), draw(ATTRIBUTES)
    inside = draw(TEXTS)
    if depth and draw(st.integers(0, 4)) == 0:
        inside += "".join(draw(st.lists(elements(depth - 1), max_size=3)))
    return f"<{name}{attributes}>{inside}</{name}>"


ITEMS = st.lists(elements(), max_size=6).map("".join)


@settings(max_examples=40, deadline=None)
@given(st.lists(ITEMS, max_size=3), ITEMS, ATTRIBUTES.filter(lambda one: "type" not in one))
def test_any_rss_reads_the_same_on_both_paths(
    items: list[str], channel: str, attributes: str
) -> None:
    feed = rss("".join(f"<item>{item}</item>" for item in items), channel, attributes)

    fast, reference = both(feed, "https://feed.example/rss")

    assert fast == reference


@settings(max_examples=40, deadline=None)
@given(st.lists(ITEMS, max_size=3), ITEMS, ATTRIBUTES.filter(lambda one: "type" not in one))
def test_any_atom_reads_the_same_on_both_paths(
    entries: list[str], head: str, attributes: str
) -> None:
    feed = atom("".join(f"<entry>{entry}</entry>" for entry in entries), head, attributes)

    fast, reference = both(feed, "https://feed.example/atom")

    assert fast == reference


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_reads_the_same_on_both_paths(title: str, text: str) -> None:
    feed = rss(
        f"<item><title>{escape(title)}</title><description>{escape(text)}</description></item>"
    )

    fast, reference = both(feed.encode("utf-8", "ignore"))

    assert fast == reference


@pytest.mark.skipif(not FEEDS.exists(), reason="the shared feeds are not here")
def test_every_recorded_feed_reads_the_same_on_both_paths() -> None:
    different = []
    with (FEEDS / "expected.jsonl").open(encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            path = FEEDS / case["file"]
            packed = path.with_name(path.name + ".gz")
            body = path.read_bytes() if path.exists() else gzip.decompress(packed.read_bytes())
            fast, reference = both(body, case.get("url"))
            if fast != reference:
                different.append(case["file"])

    assert different == []
