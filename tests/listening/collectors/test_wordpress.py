"""A WordPress over HTTP: feed, posts, comments, paging, memory; answers as version 6 gives them."""

import asyncio
import json
from typing import Any

import pytest

from listening.collectors import faults
from listening.collectors.collect import collect_batch
from listening.collectors.options import CollectOptions
from listening.collectors.registry import WALKS
from listening.model import Batch, FetchState, RunStatus, SourceKind
from tests.builders import NOW, make_source
from tests.http_server import Handler, HttpServer, Page
from tests.listening.collectors.feeds import rss, rss_item

HOME = "https://blog.example"


def post(n: int, **overrides: Any) -> dict[str, Any]:
    return {
        "id": n,
        "guid": {"rendered": f"{HOME}/?p={n}"},
        "link": f"{HOME}/billet-{n}/",
        "date_gmt": f"2026-11-{n:02d}T10:00:00",
        "modified_gmt": f"2026-11-{n:02d}T11:00:00",
        "title": {"rendered": f"Billet n&rsquo;{n}"},
        "content": {"rendered": f"<p>Le texte entier du billet {n}.</p>"},
        "_embedded": {"author": [{"name": "Léa Martin"}]},
    } | overrides


def comment(n: int, *, post_id: int = 3, parent: int = 0) -> dict[str, Any]:
    return {
        "id": n,
        "post": post_id,
        "parent": parent,
        "author_name": "Hugo",
        "date_gmt": "2026-11-18T09:30:00",
        "content": {"rendered": "<p>Je ne suis pas d&#8217;accord.</p>"},
        "link": f"{HOME}/billet-{post_id}/#comment-{n}",
        "_embedded": {"up": [{"title": {"rendered": "Billet 3"}}]},
    }


def json_page(value: object, pages: int = 1) -> Page:
    headers = {"Content-Type": "application/json", "X-WP-TotalPages": str(pages)}
    return Page(body=json.dumps(value).encode(), headers=headers)


def blog(posts: Handler, comments: Handler) -> dict[str, Handler]:
    item = rss_item(3, link=f"{HOME}/billet-3/", guid=f"{HOME}/?p=3", description="Le début […]")
    return {
        "/feed/": Page(body=rss([item])),
        "/wp-json/wp/v2/posts": posts,
        "/wp-json/wp/v2/comments": comments,
    }


def visit(server: HttpServer, state: FetchState | None = None, **options: Any) -> Batch:
    source = make_source("blog", kind=SourceKind.WORDPRESS, url=server.url("/wp-json/"))
    limits = CollectOptions(
        user_agent_contact="https://vigie.example/",
        allow_hosts=(server.host,),
        per_host_interval_s=0.0,
        parse_workers=1,
        **options,
    )
    return asyncio.run(
        collect_batch(
            [(source, state or FetchState(source_id="blog"))],
            run_id="run-1",
            batch_id="0001",
            options=limits,
            author_key=lambda name: name,
            clock=lambda: NOW,
        )
    )


def test_posts_and_comments_are_whole_and_one_with_the_feed(server: HttpServer) -> None:
    server.pages |= blog(json_page([post(3), post(2)]), json_page([comment(7, parent=5)]))

    batch = visit(server)

    by_title = {document.title: document for document in batch.documents}
    assert by_title["Billet n’3"].text == "Le texte entier du billet 3."
    assert by_title["Billet n’2"].author_key == "Léa Martin"
    answer = by_title["Billet 3"]
    assert (answer.text, answer.author_key) == ("Je ne suis pas d’accord.", "Hugo")
    assert answer.in_reply_to == f"{HOME}/?p=3#comment-5"
    assert len(batch.documents) == 3


def test_the_next_visit_goes_on_from_the_newest_and_reads_every_page(server: HttpServer) -> None:
    server.pages |= blog(json_page([post(3)]), json_page([comment(7)]))
    (state,) = visit(server).states
    more = json_page([post(n) for n in (4, 5)], pages=2)
    server.pages |= blog(more, json_page([]))
    server.requests.clear()

    batch = visit(server, state)

    asked = [path for path in server.paths() if "/posts" in path]
    assert "modified_after=2026-11-02T11%3A00%3A00" in asked[0]
    assert [path.endswith("&page=2") for path in asked] == [False, True]
    assert batch.states[0].memory["posts_since"] == "2026-11-04T11:00:00"


def test_a_visit_cut_short_keeps_its_place(server: HttpServer) -> None:
    state = FetchState(source_id="blog", memory={"posts_since": "2026-11-01T00:00:00"})
    server.pages |= blog(json_page([post(2)], pages=50), json_page([]))

    batch = visit(server, state, max_pages=4)

    assert batch.source_runs[0].is_used_up
    assert batch.states[0].memory["posts_since"] == "2026-11-01T11:00:00"


def test_a_closed_interface_leaves_the_feeds(server: HttpServer) -> None:
    refused = Page(status=401, body=b"{}")
    server.pages |= blog(refused, refused)
    server.pages["/comments/feed/"] = Page(
        body=rss([rss_item(9, link=f"{HOME}/billet-3/#comment-9", title="Par : Hugo")])
    )
    state = FetchState(source_id="blog")
    for _ in range(4):
        (state,) = visit(server, state).states
    server.requests.clear()

    batch = visit(server, state)

    assert batch.source_runs[0].status is RunStatus.OK
    assert server.paths() == ["/feed/", "/comments/feed/"]


def test_an_interface_that_answers_something_else_is_a_fault(server: HttpServer) -> None:
    server.pages |= blog(json_page({"code": "rest_no_route"}), json_page([]))

    batch = visit(server)

    assert faults.PAGE_NOT_READ in batch.source_runs[0].faults
    assert len(batch.documents) == 1


@pytest.mark.parametrize(
    ("url", "paths"),
    [
        pytest.param("https://a.example/", ["/feed/", "/wp-json/wp/v2/posts"], id="home"),
        pytest.param("https://a.example/blog", ["/blog/feed/", "/blog/wp-json/"], id="sub"),
        pytest.param("https://a.example/feed/", ["/feed/", "/wp-json/wp/v2/posts"], id="feed"),
        pytest.param("https://a.example/?rest_route=/", ["/?feed=rss2", "/?rest_r"], id="plain"),
    ],
)  # fmt: skip
def test_any_address_of_the_blog_will_do(url: str, paths: list[str]) -> None:
    source = make_source("blog", kind=SourceKind.WORDPRESS, url=url)

    requests = WALKS[SourceKind.WORDPRESS].start(source, {}, now=NOW)

    assert [one.url.startswith(f"https://a.example{path}")
            for one, path in zip(requests, paths, strict=False)] == [True, True]  # fmt: skip
