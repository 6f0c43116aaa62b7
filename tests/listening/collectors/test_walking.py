"""Walks as the collector takes them: budget, pace, failures, memory; on a real server."""

import asyncio
import json
from typing import Any

import pytest

from listening.collectors import faults
from listening.collectors.options import CollectOptions
from listening.collectors.walk import Page as WalkPage
from listening.collectors.walk import PageRequest, Step
from listening.collectors.walking import MAX_MEMORY_KEYS, Walked, walk_source
from listening.collectors.web.fetch import Fetched
from listening.errors import CollectError, SourceUnavailableError
from listening.model import Batch, FetchState, RunStatus, SourceKind
from tests.builders import NOW, make_raw_document, make_source
from tests.collecting import collect_batch
from tests.http_server import HttpServer, Page, Request

SEARCH = "/api/v1/search_by_date?query=vigie"


def hits(*numbers: int, page: int = 0, pages: int = 1) -> bytes:
    items = [
        {
            "objectID": str(n),
            "created_at": f"2026-11-{n:02}T10:00:00Z",
            "created_at_i": 1_000 + n,
            "author": "ana",
            "comment_text": f"Avis <i>n° {n}</i>",
            "story_title": "Ask HN",
            "parent_id": 7,
        }
        for n in numbers
    ]
    return json.dumps({"hits": items, "page": page, "nbPages": pages}).encode()


class Numbered:
    """Serves one body per value of the ``page`` parameter."""

    def __init__(self, *bodies: bytes | int) -> None:
        self.bodies = bodies

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        number = int(request.path.partition("&page=")[2].partition("&")[0] or 0)
        body = self.bodies[number]
        page = Page(status=body) if isinstance(body, int) else Page(body=body)
        await page(request, writer)


def collect(server: HttpServer, *, before: Batch | None = None, **overrides: Any) -> Batch:
    source = make_source("hn", kind=SourceKind.HACKERNEWS, url=server.url(SEARCH))
    state = before.states[0] if before else FetchState(source_id="hn")
    options = CollectOptions(
        user_agent_contact="mailto:veille@exemple.example",
        allow_hosts=(server.host,),
        **({"per_host_interval_s": 0.0, "timeout_s": 2.0} | overrides),
    )
    return asyncio.run(
        collect_batch(
            [(source, state)],
            run_id="run-1",
            batch_id="batch-1",
            options=options,
            author_key=lambda name: f"key-of-{name}",
            clock=lambda: NOW,
        )
    )


def test_all_pages_are_read_and_the_cursor_moves(server: HttpServer) -> None:
    server.pages["/api/v1/search_by_date"] = Numbered(hits(3, 2, pages=2), hits(1, page=1, pages=2))

    batch = collect(server)

    (run,), (state,) = batch.source_runs, batch.states
    assert (run.status, run.new_count, run.is_used_up) == (RunStatus.OK, 3, False)
    assert run.byte_count == len(hits(3, 2, pages=2)) + len(hits(1, page=1, pages=2))
    assert [document.guid for document in batch.documents] == ["3", "2", "1"]
    assert batch.documents[0].in_reply_to == "7"
    assert state.memory == {"since": "1003"}


def test_the_next_visit_asks_since_the_cursor(server: HttpServer) -> None:
    server.pages["/api/v1/search_by_date"] = Numbered(hits(3))
    first = collect(server)

    second = collect(server, before=first)

    assert "numericFilters=created_at_i%3E%3D1003" in server.paths()[1]
    assert second.source_runs[0].status is RunStatus.UNCHANGED
    assert second.states[0].memory == {"since": "1003"}


def test_a_budget_cuts_the_visit_and_leaves_the_cursor(server: HttpServer) -> None:
    server.pages["/api/v1/search_by_date"] = Numbered(
        hits(3, pages=3), hits(2, page=1, pages=3), hits(1, page=2, pages=3)
    )

    batch = collect(server, max_pages=2)

    (run,), (state,) = batch.source_runs, batch.states
    assert (run.status, run.new_count, run.is_used_up) == (RunStatus.OK, 2, True)
    assert run.faults == (faults.TOO_MANY_PAGES,)
    assert (state.memory, state.body_hash, state.etag) == ({}, None, None)


def test_a_later_page_that_fails_is_a_fault(server: HttpServer) -> None:
    server.pages["/api/v1/search_by_date"] = Numbered(hits(3, pages=2), 404)

    batch = collect(server)

    (run,), (state,) = batch.source_runs, batch.states
    assert (run.status, run.new_count) == (RunStatus.OK, 1)
    assert run.faults == ("http_404", faults.PAGE_NOT_READ)
    assert (state.memory, state.body_hash) == ({}, None)


def test_a_first_page_that_fails_fails_the_visit(server: HttpServer) -> None:
    server.pages["/api/v1/search_by_date"] = Page(status=410)

    (run,) = collect(server).source_runs

    assert (run.status, run.reason) == (RunStatus.REFUSED, "http_410")


def test_a_first_page_of_another_kind_is_unreadable(server: HttpServer) -> None:
    server.pages["/api/v1/search_by_date"] = Page(body=b'{"message": "hello"}')

    (run,) = collect(server).source_runs

    assert (run.status, run.reason) == (RunStatus.UNREADABLE, faults.UNEXPECTED_PAGE)


def test_robots_txt_is_asked_for_every_page(server: HttpServer) -> None:
    server.pages["/robots.txt"] = Page(body=b"User-agent: *\nDisallow: /*page=")
    server.pages["/api/v1/search_by_date"] = Numbered(hits(3, pages=2), hits(2, page=1, pages=2))

    (run,) = collect(server).source_runs

    assert run.faults == (faults.PAGE_NOT_READ, faults.ROBOTS_TXT)
    assert len(server.paths()) == 1


def test_each_page_waits_for_the_pace_of_the_host(server: HttpServer) -> None:
    server.pages["/api/v1/search_by_date"] = Numbered(hits(3, pages=2), hits(2, page=1, pages=2))

    collect(server, per_host_interval_s=0.15)

    first, second = server.requests[-2:]
    assert second.at - first.at >= 0.15


# -- the loop alone ------------------------------------------------------------------------------


class Story:
    """A walk whose pages are told by a table of steps; ``start`` asks for ``urls``."""

    def __init__(self, *urls: str) -> None:
        self.urls = urls

    def start(self, *_: object, **__: object) -> tuple[PageRequest, ...]:
        return tuple(PageRequest(url=url, role="page") for url in self.urls)

    def read(self, *_: object, **__: object) -> Step:
        raise AssertionError("read by the test")

    def role_of(self, body: bytes, url: str | None) -> str:
        raise AssertionError((body, url))


def walk(steps: dict[str, Step | CollectError], *urls: str, **memory: str) -> Walked:
    source = make_source("forum")

    async def fetch(url: str, state: FetchState) -> Fetched:
        assert state.source_id == source.source_id
        return Fetched(status=200, url=url, body=url.encode())

    async def read(page: WalkPage, _: object) -> Step:
        step = steps[page.url]
        if isinstance(step, CollectError):
            raise step
        return step

    return asyncio.run(
        walk_source(
            source,
            FetchState(source_id="forum", memory=memory),
            walk=Story(*urls),
            fetch=fetch,
            read=read,
            is_known=lambda _: False,
            now=NOW,
            max_pages=10,
        )
    )


def ask(*urls: str) -> tuple[PageRequest, ...]:
    return tuple(PageRequest(url=url, role="page") for url in urls)


A, B, C = (f"https://forum.example/{name}" for name in "abc")


def test_pages_are_walked_breadth_first_and_once() -> None:
    one, two, three = (make_raw_document(n) for n in (1, 2, 3))
    walked = walk(
        {
            A: Step(documents=(one,), requests=ask(B, C, A)),
            B: Step(documents=(two,), requests=ask(f"{B}2", C)),
            C: Step(documents=(three,)),
            f"{B}2": Step(),
        },
        A,
    )

    assert [document.guid for document in walked.reading.documents] == [
        "guid-1",
        "guid-2",
        "guid-3",
    ]
    assert walked.is_complete


def test_a_later_page_completes_a_document_of_an_earlier_one() -> None:
    excerpt, full = make_raw_document(1, text="Le début…"), make_raw_document(1, text="Tout.")
    walked = walk(
        {
            A: Step(documents=(excerpt, make_raw_document(2)), requests=ask(B)),
            B: Step(documents=(full,)),
        },
        A,
    )

    assert walked.reading.documents[0].text == "Tout."
    assert len(walked.reading.documents) == 2


def test_two_documents_of_one_page_with_one_guid_both_stay() -> None:
    twice = (make_raw_document(1), make_raw_document(1, text="autre"))

    assert len(walk({A: Step(documents=twice)}, A).reading.documents) == 2


def test_memory_is_replaced_forgotten_and_bounded() -> None:
    many = {f"t{n}": "x" for n in range(MAX_MEMORY_KEYS)}
    walked = walk({A: Step(memory={"old": "", "big": "x" * 3000, **many})}, A, old="1", kept="2")

    assert "old" not in walked.memory and "big" not in walked.memory
    assert "kept" not in walked.memory  # the oldest of too many
    assert len(walked.memory) == MAX_MEMORY_KEYS


def test_only_what_was_read_is_remembered() -> None:
    walked = walk(
        {
            A: Step(requests=ask(B, C)),
            B: SourceUnavailableError("forum", faults.READ_TIMEOUT),
            C: Step(memory={"c": "1"}),
        },
        A,
        b="0",
    )

    assert walked.memory == {"b": "0", "c": "1"}
    assert walked.reading.faults == (faults.PAGE_NOT_READ, faults.READ_TIMEOUT)
    assert not walked.is_complete


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:x()", ""])
def test_only_web_addresses_are_asked_for(url: str) -> None:
    assert walk({A: Step(requests=ask(url))}, A).is_complete
