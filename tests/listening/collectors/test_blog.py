"""Feeds with beginnings only: the page gives the whole text, once."""

import asyncio
from dataclasses import replace
from typing import Any

from listening.collectors import faults
from listening.collectors.options import CollectOptions
from listening.model import Batch, FetchState, SourceKind
from tests.builders import NOW, make_source
from tests.collecting import collect_batch
from tests.http_server import HttpServer, Page
from tests.listening.collectors.article_pages import BODY, article_page
from tests.listening.collectors.feed_bodies import rss, rss_item


def visit(
    server: HttpServer,
    state: FetchState | None = None,
    *,
    kind: SourceKind = SourceKind.BLOG,
    path: str = "/feed",
    **options: Any,
) -> Batch:
    source = make_source("blog", kind=kind, url=server.url(path))
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


def feed(server: HttpServer, *numbers: int, **elements: str) -> Page:
    values = {"description": "Le début […]"} | elements
    items = [rss_item(n, link=server.url(f"/a{n}"), **values) for n in numbers]
    return Page(body=rss(items))


def test_new_items_have_the_text_of_their_page(server: HttpServer) -> None:
    server.pages |= {"/feed": feed(server, 1), "/a1": Page(body=article_page())}

    (document,) = visit(server).documents

    assert document.text == "\n".join(BODY)
    assert (document.title, document.guid) == ("Article 1", "guid-1")


def test_what_was_read_is_neither_asked_for_nor_taken_for_an_edit(server: HttpServer) -> None:
    server.pages |= {"/feed": feed(server, 1), "/a1": Page(body=article_page())}
    (state,) = visit(server).states
    server.pages |= {"/feed": feed(server, 2, 1), "/a2": Page(body=article_page())}
    server.requests.clear()

    batch = visit(server, state)

    assert server.paths() == ["/feed", "/a2"]
    assert [document.guid for document in batch.documents] == ["guid-2"]


def test_an_item_that_its_feed_shows_changed_is_read_again(server: HttpServer) -> None:
    server.pages |= {"/feed": feed(server, 1), "/a1": Page(body=article_page())}
    (state,) = visit(server).states
    server.pages |= {
        "/feed": feed(server, 1, description="Autre début […]"),
        "/a1": Page(body=article_page(paragraphs=BODY[:3])),
    }

    batch = visit(server, state)

    assert [document.text for document in batch.documents] == ["\n".join(BODY[:3])]


def test_a_page_that_fails_leaves_the_beginning_and_is_tried_again(server: HttpServer) -> None:
    server.pages |= {"/feed": feed(server, 1), "/a1": Page(status=500)}
    first = visit(server)
    server.pages["/a1"] = Page(body=article_page())

    second = visit(server, first.states[0])

    assert [document.text for document in first.documents] == ["Le début […]"]
    assert faults.PAGE_NOT_READ in first.source_runs[0].faults
    assert [document.text for document in second.documents] == ["\n".join(BODY)]


def test_a_feed_with_whole_texts_costs_one_request(server: HttpServer) -> None:
    server.pages["/feed"] = feed(server, 1, 2, description=" ".join(BODY * 4))

    batch = visit(server)

    assert server.paths() == ["/feed"]
    assert len(batch.documents) == 2


def test_the_budget_leaves_the_rest_for_the_next_visit(server: HttpServer) -> None:
    server.pages["/feed"] = feed(server, 1, 2, 3)
    for n in (1, 2, 3):
        server.pages[f"/a{n}"] = Page(body=article_page())

    first = visit(server, max_pages=2)
    second = visit(server, replace(first.states[0], next_fetch_at=None))

    assert first.source_runs[0].is_used_up
    assert server.paths() == ["/feed", "/a1", "/feed", "/a2", "/a3"]
    assert {len(document.text) for document in second.documents} == {len("\n".join(BODY))}
