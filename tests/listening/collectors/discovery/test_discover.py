"""A pasted page address becomes a source, by what the site really answers."""

import asyncio

from listening.collectors.discovery.discover import MAX_TRIES, Found, discover
from listening.collectors.discovery.engine import detect_kind
from listening.collectors.options import CollectOptions
from listening.model import RunStatus, SourceKind
from tests.builders import NOW, make_source
from tests.http_server import HttpServer, Page
from tests.listening.collectors.article_pages import article_page
from tests.listening.collectors.feed_bodies import rss_of

FEED_LINK = '<link rel="alternate" type="application/rss+xml" href="/flux">'


def look(server: HttpServer, path: str, *, allow: bool = True) -> list[Found]:
    options = CollectOptions(
        user_agent_contact="https://vigie.example/",
        allow_hosts=(server.host,) if allow else (),
        per_host_interval_s=0.0,
        parse_workers=1,
    )
    source = make_source("place", url=server.url(path))
    return asyncio.run(discover(source, options=options, clock=lambda: NOW, detect=detect_kind))


def test_a_page_leads_to_the_feed_it_advertises(server: HttpServer) -> None:
    server.pages |= {"/": Page(body=article_page(head=FEED_LINK)), "/flux": Page(body=rss_of(3))}

    best = look(server, "/")[0]

    assert (best.candidate.url, best.candidate.found_by) == (server.url("/flux"), "link")
    assert best.document_count == 3


def test_a_feed_is_its_own_source(server: HttpServer) -> None:
    server.pages["/rss"] = Page(body=rss_of(2))

    (found,) = look(server, "/rss")

    assert (found.candidate.kind, found.is_good) == (SourceKind.FEED, True)


def test_a_silent_page_is_searched_at_the_usual_places(server: HttpServer) -> None:
    server.pages |= {"/blog/": Page(body=article_page()), "/atom.xml": Page(body=rss_of(1))}

    best = look(server, "/blog/")[0]

    assert best.candidate.url == server.url("/atom.xml")


def test_posts_come_before_comments(server: HttpServer) -> None:
    comments = '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
    server.pages |= {
        "/": Page(body=article_page(head=comments + FEED_LINK)),
        "/comments/feed/": Page(body=rss_of(9)),
        "/flux": Page(body=rss_of(1)),
    }

    assert [one.candidate.found_by for one in look(server, "/")] == ["link", "link-comments"]


def test_the_tries_are_counted_and_the_page_itself_is_the_last_resort(server: HttpServer) -> None:
    server.pages["/page"] = Page(body=article_page())

    found = look(server, "/page")

    assert len(found) <= MAX_TRIES
    assert not any(one.candidate.kind is SourceKind.FEED and one.is_good for one in found)


def test_private_addresses_stay_forbidden(server: HttpServer) -> None:
    found = look(server, "/", allow=False)

    assert server.paths() == []
    assert {one.run.status for one in found} == {RunStatus.REFUSED}
