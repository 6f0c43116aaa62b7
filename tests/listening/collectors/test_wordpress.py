"""A WordPress over HTTP: feed, posts, comments, paging, memory; answers as version 6 gives them."""

import asyncio
import json
from asyncio import StreamWriter
from datetime import timedelta
from typing import Any

import pytest

from listening.collectors import faults
from listening.collectors.options import CollectOptions
from listening.collectors.registry import WALKS
from listening.model import Batch, FetchState, RunStatus, SourceKind
from tests.builders import NOW, make_source
from tests.collecting import collect_batch
from tests.http_server import Handler, HttpServer, Page, Request
from tests.listening.collectors.feed_bodies import rss, rss_item

HOME = "https://blog.example"
CURSORS = {
    "published_since": "2026-11-17T00:00:00",
    "modified_since": "2026-11-17T00:00:00",
    "comments_since": "2026-11-17T00:00:00",
}


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
    source = make_source(
        "blog",
        kind=SourceKind.WORDPRESS,
        url=server.url("/wp-json/"),
        history=options.pop("history", None),
    )
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
    assert answer.in_reply_to == server.url("/#comment-5")
    assert len(batch.documents) == 3


def test_a_first_visit_goes_back_as_far_as_the_source_says(server: HttpServer) -> None:
    server.pages |= blog(json_page([post(3)]), json_page([comment(7)]))

    visit(server)
    visit(server, history=timedelta(days=90))

    (month, quarter) = [path for path in server.paths() if "&after=" in path and "/posts" in path]
    assert "after=2026-10-21T01%3A14%3A00" in month
    assert "after=2026-08-22T01%3A14%3A00" in quarter


def test_the_next_visit_goes_on_from_the_newest_and_reads_every_page(server: HttpServer) -> None:
    server.pages |= blog(json_page([post(3)]), json_page([comment(7)]))
    (state,) = visit(server).states
    more = json_page([post(n) for n in (4, 5)], pages=2)
    server.pages |= blog(more, json_page([]))
    server.requests.clear()

    batch = visit(server, state)

    asked = [path for path in server.paths() if "/posts" in path and "&after=" in path]
    assert "after=2026-11-02T10%3A00%3A00" in asked[0]
    assert [path.endswith("&page=2") for path in asked] == [False, True]
    assert batch.states[0].memory["published_since"] == "2026-11-04T10:00:00"


def test_what_was_modified_is_asked_for_beside_what_was_published(server: HttpServer) -> None:
    scheduled = post(19, modified_gmt="2026-11-12T11:00:00")

    async def posts(request: Request, writer: StreamWriter) -> None:
        answer = json_page([scheduled] if "&after=" in request.path else [])
        await answer(request, writer)

    server.pages |= blog(posts, json_page([]))

    batch = visit(server, FetchState(source_id="blog", memory=CURSORS))

    assert "Billet n’19" in [one.title for one in batch.documents]


def test_a_site_that_ignores_the_date_is_asked_no_more_what_was_modified(
    server: HttpServer,
) -> None:
    server.pages |= blog(json_page([post(2)]), json_page([]))
    (state,) = visit(server, FetchState(source_id="blog", memory=CURSORS)).states
    server.requests.clear()

    visit(server, state)

    assert state.memory["modified_since"] == "never"
    assert not [path for path in server.paths() if "modified_after" in path]


def test_a_post_that_announces_a_far_day_hides_no_others(server: HttpServer) -> None:
    announced = post(5, date_gmt="2030-01-01T00:00:00", modified_gmt="2030-01-01T00:00:00")
    server.pages |= blog(json_page([post(3), announced]), json_page([]))

    batch = visit(server)

    assert len(batch.documents) == 2
    assert batch.states[0].memory["published_since"] == "2026-11-02T10:00:00"


def test_pages_of_days_to_come_keep_no_place(server: HttpServer) -> None:
    announced = [post(n, date_gmt=f"2030-01-{n:02d}T00:00:00") for n in (5, 6)]

    async def posts(request: Request, writer: StreamWriter) -> None:
        rest = request.path.endswith("&page=2")
        answer = json_page(announced[1:] if rest else [post(3), announced[0]], pages=2)
        await answer(request, writer)

    server.pages |= blog(posts, json_page([]))

    batch = visit(server)

    assert {"Billet n’5", "Billet n’6"} <= {one.title for one in batch.documents}
    assert batch.states[0].memory["published_since"] == "2026-11-02T10:00:00"
    assert "published_page" not in batch.states[0].memory


def test_the_clock_of_a_site_may_be_ahead_of_ours(server: HttpServer) -> None:
    ahead = f"{NOW + timedelta(hours=5):%Y-%m-%dT%H:%M:%S}"
    server.pages |= blog(json_page([post(3, date_gmt=ahead)]), json_page([]))

    (state,) = visit(server).states

    assert state.memory["published_since"] == f"{NOW - timedelta(days=1):%Y-%m-%dT%H:%M:%S}"


def test_a_place_that_is_yet_to_come_is_given_up(server: HttpServer) -> None:
    server.pages |= blog(json_page([post(4)]), json_page([]))
    stuck = CURSORS | {"published_since": "2029-12-31T00:00:00", "published_page": "3"}

    batch = visit(server, FetchState(source_id="blog", memory=stuck))

    (asked,) = [path for path in server.paths() if "/posts" in path and "&after=" in path]
    assert f"after={NOW - timedelta(days=30):%Y-%m-%d}" in asked
    assert "&page=" not in asked
    assert {one.guid for one in batch.documents} == {f"{HOME}/?p=3", f"{HOME}/?p=4"}
    assert batch.states[0].memory["published_since"] == "2026-11-03T10:00:00"


def test_a_feed_that_writes_a_known_post_otherwise_passes_for_no_edit(server: HttpServer) -> None:
    server.pages |= blog(json_page([post(3)]), json_page([]))
    (state,) = visit(server).states
    server.pages |= blog(json_page([]), json_page([]))
    shorter = rss_item(
        3,
        link=f"{HOME}/billet-3/",
        guid=f"{HOME}/?p=3",
        pubDate="Tue, 03 Nov 2026 10:00:00 +0000",
        description="Le début […]",
    )
    server.pages["/feed/"] = Page(body=rss([shorter]))

    assert visit(server, state).documents == ()


def test_a_visit_cut_short_keeps_its_place(server: HttpServer) -> None:
    async def posts(request: Request, writer: StreamWriter) -> None:
        answer = json_page([post(14 if "&page=2" in request.path else 9)], pages=50)
        await answer(request, writer)

    memory = CURSORS | {"published_since": "2026-11-08T00:00:00"}
    server.pages |= blog(posts, json_page([]))

    batch = visit(server, FetchState(source_id="blog", memory=memory), max_pages=5)

    assert batch.source_runs[0].is_used_up
    assert batch.states[0].memory["published_since"] == "2026-11-13T10:00:00"


def test_a_day_with_more_posts_than_the_budget_is_left_behind_page_by_page(
    server: HttpServer,
) -> None:
    state = FetchState(
        source_id="blog", memory=CURSORS | {"published_since": "2026-11-18T09:00:00"}
    )
    server.pages |= blog(json_page([post(18)], pages=50), json_page([]))
    pages = []
    for _ in range(3):
        (state,) = visit(server, state, max_pages=5).states
        pages.append(state.memory["published_page"])

    assert pages == ["2", "3", "4"]


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
