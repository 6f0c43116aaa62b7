"""Page addresses lead to feed addresses; pages to what they advertise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.collectors.discovery.recipes import (
    closed_network,
    guesses_for,
    links_in_page,
    recipes_for,
)
from listening.model import SourceKind, SourceType


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("https://www.youtube.com/channel/UCabc/videos", "https://www.youtube.com/feeds/videos.xml?channel_id=UCabc"),
        ("https://youtube.com/playlist?list=PL1", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1"),
        ("https://mastodon.social/@lea", "https://mastodon.social/@lea.rss"),
        ("https://piaille.fr/tags/lyon", "https://piaille.fr/tags/lyon.rss"),
        ("https://bsky.app/profile/lea.bsky.social", "https://bsky.app/profile/lea.bsky.social/rss"),
        ("https://www.reddit.com/r/Lyon/", "https://www.reddit.com/r/Lyon/new.rss"),
        ("https://old.reddit.com/r/Lyon/comments/abc/titre/", "https://www.reddit.com/r/Lyon/comments/abc.rss"),
        ("https://www.reddit.com/search/?q=oeuf%20coque", "https://www.reddit.com/search.rss?q=oeuf+coque&sort=new"),
        ("https://medium.com/@lea", "https://medium.com/feed/@lea"),
        ("https://medium.com/tag/lyon/latest", "https://medium.com/feed/tag/lyon"),
        ("https://lea.medium.com/un-billet", "https://lea.medium.com/feed"),
        ("https://www.tumblr.com/lea", "https://lea.tumblr.com/rss"),
        ("https://lea.tumblr.com/tagged/lyon", "https://lea.tumblr.com/tagged/lyon/rss"),
        ("https://lea.substack.com/p/un-billet", "https://lea.substack.com/feed"),
        ("https://lea.blogspot.com/search/label/lyon", "https://lea.blogspot.com/feeds/posts/default/-/lyon?alt=rss"),
        ("http://lea.over-blog.com/2020/01/x.html", "http://lea.over-blog.com/rss"),
        ("https://lea.wordpress.com/about/", "https://lea.wordpress.com/feed/"),
        ("https://www.flickr.com/photos/tags/lyon", "https://api.flickr.com/services/feeds/photos_public.gne?tags=lyon"),
        ("https://www.flickr.com/photos/12@N00/", "https://api.flickr.com/services/feeds/photos_public.gne?id=12@N00"),
        ("https://www.pinterest.fr/lea/", "https://www.pinterest.fr/lea/feed.rss"),
        ("https://www.pinterest.com/lea/cuisine/", "https://www.pinterest.com/lea/cuisine.rss"),
        ("https://www.scoop.it/topic/cuisine", "https://www.scoop.it/t/cuisine/rss.xml"),
        ("https://news.google.com/search?q=oeuf&hl=fr", "https://news.google.com/rss/search?q=oeuf&hl=fr"),
        ("https://www.bing.com/news/search?q=oeuf", "https://www.bing.com/news/search?q=oeuf&format=rss"),
        ("https://apps.apple.com/fr/app/vigie/id42", "https://itunes.apple.com/fr/rss/customerreviews/id=42/sortBy=mostRecent/xml"),
        ("https://stackoverflow.com/questions/tagged/duckdb", "https://stackoverflow.com/feeds/tag/duckdb"),
    ],
)  # fmt: skip
def test_platforms(page: str, feed: str) -> None:
    assert recipes_for(page)[0].url == feed


@pytest.mark.parametrize(
    "page",
    ["https://blog.example/", "mailto:a@b.example", "", "http://[::1", "https://medium.com/"],
)
def test_other_addresses_have_no_recipe(page: str) -> None:
    assert recipes_for(page) == ()


def test_searches_and_reviews_know_their_type() -> None:
    assert recipes_for("https://news.google.com/search?q=a")[0].source_type is SourceType.SEARCH
    assert recipes_for("https://apps.apple.com/fr/app/id42")[0].source_type is SourceType.REVIEW


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://x.com/lea", "X"),
        ("https://fr.linkedin.com/in/lea", "LinkedIn"),
        ("https://fr.trustpilot.com/review/a.example", "Trustpilot"),
        ("https://netflix.com/", None),
    ],
)
def test_networks_without_an_open_way_in_are_known(url: str, name: str | None) -> None:
    assert closed_network(url) == name


def test_a_page_offers_posts_then_comments_then_its_interface() -> None:
    page = b"""<!DOCTYPE html><html><head>
    <link rel="alternate" type="application/rss+xml" title="Commentaires" href="/comments/feed/">
    <link rel="ALTERNATE" type="application/rss+xml; charset=utf-8" href="/feed/">
    <link rel="alternate" type="application/json+oembed" href="/wp-json/oembed/1.0/embed">
    <link rel="alternate" hreflang="en" type="application/rss+xml" href="/en/feed">
    <link rel="alternate" type="application/atom+xml" href="javascript:alert(1)">
    <link rel="https://api.w.org/" href="https://blog.example/wp-json/">
    </head><body><a href="/flux.rss?all=1">tout</a><a href="https://pub.example/rss">RSS</a>
    <a href="/style.css">feed</a></body></html>"""

    found = links_in_page(page, url="https://blog.example/billet")

    assert [(one.url, one.kind) for one in found] == [
        ("https://blog.example/feed/", SourceKind.FEED),
        ("https://blog.example/comments/feed/", SourceKind.FEED),
        ("https://blog.example/wp-json/", SourceKind.WORDPRESS),
        ("https://blog.example/flux.rss?all=1", SourceKind.FEED),
    ]


def test_guesses_start_at_the_root_and_end_at_the_folder() -> None:
    urls = [one.url for one in guesses_for("https://a.example/blog/")]

    assert urls[0] == "https://a.example/feed/"
    assert urls[-1] == "https://a.example/blog/feed.json"


@given(st.text(max_size=200))
def test_no_text_breaks_the_recipes(text: str) -> None:
    for url in (text, f"https://medium.com/{text}", f"https://a.tumblr.com/{text}"):
        assert all(one.url.startswith("http") for one in recipes_for(url))
        guesses_for(url)


@given(st.binary(max_size=500))
def test_no_page_breaks_the_search_for_links(body: bytes) -> None:
    links_in_page(b"<html>" + body, url="https://a.example/")
