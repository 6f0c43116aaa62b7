"""The feeds of platforms, as they are written; recorded shapes with invented contents."""

import pytest

from listening.collectors.feeds.flavour import read_any_feed
from listening.model import RawDocument
from tests.builders import NOW
from tests.listening.collectors.feed_bodies import rss, rss_item

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:yt="http://www.youtube.com/xml/schemas/2015"><title>x</title>{}</feed>"""


def read(body: bytes) -> tuple[RawDocument, ...]:
    return read_any_feed(body, now=NOW).documents


def test_google_alerts_lead_to_the_article_without_tags() -> None:
    entry = """<entry><id>tag:google.com,2013:googlealerts/feed:12</id>
    <title type="html">Le &lt;b&gt;bistrot&lt;/b&gt; ferme</title>
    <link href="https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://gazette.example/a&amp;ct=ga"/>
    <published>2026-11-19T08:00:00Z</published>
    <content type="html">Le &lt;b&gt;bistrot&lt;/b&gt; de la rue ...</content></entry>"""

    (document,) = read(ATOM.format(entry).encode())

    assert document.url == "https://gazette.example/a"
    assert (document.title, document.text) == ("Le bistrot ferme", "Le bistrot de la rue ...")


def test_google_news_moves_the_publication_out_of_the_title_and_says_it_once() -> None:
    items = [
        rss_item(
            n,
            title="Le bistrot ferme – un quartier sous le choc - La Gazette",
            link=f"https://news.google.com/rss/articles/CBMi{n}",
            description='<a href="x">Le bistrot ferme – un quartier sous le choc</a> La Gazette',
        )
        for n in (1, 2)
    ]

    (document,) = read(rss(items))

    assert document.title == "Le bistrot ferme – un quartier sous le choc"
    assert (document.author, document.text) == ("La Gazette", "")


def test_bing_news_leads_to_the_article() -> None:
    link = "http://www.bing.com/news/apiclick.aspx?ref=F&tid=1&url=https%3a%2f%2fgazette.example%2fa&c=2"

    (document,) = read(rss([rss_item(1, link=link)]))

    assert document.url == "https://gazette.example/a"


def test_youtube_gives_the_description_and_the_channel() -> None:
    entry = """<entry><id>yt:video:abc</id><yt:videoId>abc</yt:videoId><title>La soupe</title>
    <link rel="alternate" href="https://www.youtube.com/watch?v=abc"/>
    <author><name>Léa cuisine</name></author><published>2026-11-19T08:00:00+00:00</published>
    <media:group><media:title>La soupe</media:title>
    <media:description>Une recette.</media:description></media:group></entry>"""

    (document,) = read(ATOM.format(entry).encode())

    assert (document.text, document.author) == ("Une recette.", "Léa cuisine")
    assert document.url == "https://www.youtube.com/watch?v=abc"


def test_reddit_has_no_buttons() -> None:
    entry = """<entry><author><name>/u/lea</name></author><id>t3_abc</id>
    <link href="https://www.reddit.com/r/Lyon/comments/abc/x/"/><title>/u/lea on Où manger ?</title>
    <updated>2026-11-19T08:00:00+00:00</updated><content type="html">&lt;p&gt;Une idée ?&lt;/p&gt;
    &amp;#32; submitted by &amp;#32; &lt;a href="x"&gt; /u/lea &lt;/a&gt; &lt;br/&gt;
    &lt;a href="x"&gt;[link]&lt;/a&gt; &lt;a href="y"&gt;[comments]&lt;/a&gt;</content></entry>"""

    (document,) = read(ATOM.format(entry).encode())

    assert (document.title, document.text, document.author) == ("Où manger ?", "Une idée ?", "lea")


@pytest.mark.parametrize(
    ("link", "author"),
    [
        ("https://piaille.fr/@lea/1134", "lea"),
        ("https://piaille.fr/@lea@mamot.fr/1134", "lea@mamot.fr"),
        ("https://bsky.app/profile/lea.bsky.social/post/3k", "lea.bsky.social"),
    ],
)
def test_accounts_are_the_authors_of_their_posts(link: str, author: str) -> None:
    (document,) = read(rss([rss_item(1, title=None, link=link)]))

    assert document.author == author


@pytest.mark.parametrize(
    "trailer",
    [
        "L’article La soupe est apparu en premier sur Le Bistrot.",
        "Cet article La soupe est apparu en premier sur Le Bistrot.",
        "The post Soup appeared first on Le Bistrot.",
        "Soup was originally published in Le Bistrot on Medium, where people are continuing it.",
    ],
)
def test_the_name_of_the_blog_under_every_item_is_no_mention(trailer: str) -> None:
    (document,) = read(rss([rss_item(1, description=f"<p>Bonne.</p><p>{trailer}</p>")]))

    assert document.text == "Bonne."


def test_flickr_says_who_posted_once() -> None:
    text = "<p><a href='x'>lea</a> posted a photo:</p><p>La rue Mercière</p>"

    (document,) = read(
        rss([rss_item(1, link="https://www.flickr.com/photos/lea/1/", description=text)])
    )

    assert document.text == "La rue Mercière"


def test_other_feeds_stay_as_they_are() -> None:
    (document,) = read(rss([rss_item(1, title="Un titre - avec tiret")]))

    assert (document.title, document.text) == ("Un titre - avec tiret", "Le texte de l’article 1.")
