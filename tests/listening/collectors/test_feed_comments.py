"""Comments by feeds: those of a site, and those of each post."""

from listening.collectors.registry import WALKS
from listening.model import SourceKind
from tests.http_server import HttpServer, Page
from tests.listening.collectors.feed_bodies import rss, rss_item
from tests.listening.collectors.test_blog import visit

_SPACES = (
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)


def posts(server: HttpServer, *counts: int) -> Page:
    items = [
        rss_item(
            n,
            extra=f"<wfw:commentRss>{server.url(f'/c{n}')}</wfw:commentRss>"
            f"<slash:comments>{count}</slash:comments>",
        )
        for n, count in enumerate(counts, start=1)
    ]
    return Page(body=rss(items).replace(b"<rss ", f"<rss {_SPACES} ".encode()))


def comments(server: HttpServer, *numbers: int) -> Page:
    items = [
        rss_item(n, title="Par : Hugo", link=f"{server.url('/billet')}#comment-{n}", guid=f"c{n}")
        for n in numbers
    ]
    return Page(body=rss(items))


def test_only_posts_whose_number_of_comments_changed_are_asked(server: HttpServer) -> None:
    server.pages |= {"/feed": posts(server, 2, 0), "/c1": comments(server, 1, 2)}
    first = visit(server, kind=SourceKind.COMMENTS)
    server.pages |= {"/feed": posts(server, 2, 1), "/c2": comments(server, 3)}
    server.requests.clear()

    second = visit(server, first.states[0], kind=SourceKind.COMMENTS)

    assert [one.title for one in first.documents] == ["Article 1", "Article 1"]
    assert {(one.in_reply_to, one.author_key) for one in first.documents} == {("guid-1", "Hugo")}
    assert server.paths() == ["/feed", "/c2"]
    assert [one.title for one in second.documents] == ["Article 2"]


def test_a_feed_of_comments_names_their_posts(server: HttpServer) -> None:
    title = "Commentaires sur Le retour du tramway par Hugo"
    link = "https://blog.example/tramway/#comment-12"
    server.pages["/feed"] = Page(body=rss([rss_item(1, title=title, link=link)]))

    (document,) = visit(server, kind=SourceKind.COMMENTS).documents

    assert (document.title, document.author_key) == ("Le retour du tramway", "Hugo")
    assert document.in_reply_to == "https://blog.example/tramway/"


def test_entities_in_a_hostile_feed_stay_unread(server: HttpServer) -> None:
    hostile = b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    body = rss([rss_item(1, title="Par : Hugo")]).replace(b"?>", b"?>" + hostile, 1)
    server.pages["/feed"] = Page(body=body.replace(b"Le texte", b"&x; Le texte"))

    (document,) = visit(server, kind=SourceKind.COMMENTS).documents

    assert "root:" not in document.text
    assert WALKS[SourceKind.COMMENTS].role_of(body, None) == "feed"
