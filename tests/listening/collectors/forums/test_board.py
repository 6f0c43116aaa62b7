"""Whole walks through a small forum on a real server, night after night."""

import asyncio
from typing import Any

from listening.collectors import faults
from listening.collectors.options import CollectOptions
from listening.model import Batch, FetchState, RunStatus, SourceKind
from tests.builders import NOW, make_source
from tests.collecting import collect_batch
from tests.http_server import HttpServer, Page


def post(number: int, text: str = "") -> str:
    return (
        f'<div id="p{number}" class="post bg1"><div class="postbody"><p class="author">'
        f'<a href="./viewtopic.php?p={number}#p{number}">#</a> by <strong>'
        f'<a class="username">ana{number}</a></strong> » 18 Nov 2026 10:{number % 60:02}</p>'
        f'<div class="content">{text or f"Message {number}"}</div></div></div>'
    )


def thread(*numbers: int, title: str = "Soupe", following: str = "", previous: str = "") -> bytes:
    heads = f'<link rel="next" href="{following}">' if following else ""
    heads += f'<link rel="prev" href="{previous}">' if previous else ""
    posts = "".join(map(post, numbers))
    return (
        f'<html lang="fr"><head><title>x</title>{heads}</head><body id="phpbb">'
        f'<h2 class="topic-title"><a href="#">{title}</a></h2>{posts}</body></html>'
    ).encode()


def board(*rows: tuple[int, int], following: str = "") -> bytes:
    """Return a list of (thread, its newest post)."""
    items = "".join(
        f'<li class="row"><a href="./viewtopic.php?f=1&amp;t={number}&amp;sid={"a" * 32}" '
        f'class="topictitle">Sujet {number}</a> '
        f'<a href="./viewtopic.php?f=1&amp;t={number}&amp;p={newest}#p{newest}">»</a></li>'
        for number, newest in rows
    )
    link = f'<a rel="next" href="{following}">2</a>' if following else ""
    return f'<html><body id="phpbb"><ul class="topiclist">{items}</ul>{link}</body></html>'.encode()


def collect(
    server: HttpServer, path: str, *, before: Batch | None = None, **overrides: Any
) -> Batch:
    source = make_source("forum", kind=SourceKind.PHPBB, url=server.url(path))
    state = before.states[0] if before else FetchState(source_id="forum")
    options: dict[str, Any] = {"per_host_interval_s": 0.0, "timeout_s": 2.0}
    return asyncio.run(
        collect_batch(
            [(source, state)],
            run_id="run-1",
            batch_id="batch-1",
            options=CollectOptions(
                user_agent_contact="mailto:veille@exemple.example",
                allow_hosts=(server.host,),
                **(options | overrides),
            ),
            author_key=lambda name: f"key-of-{name}",
            clock=lambda: NOW,
        )
    )


def guids(batch: Batch) -> list[str | None]:
    return [document.guid for document in batch.documents]


def open_forum(server: HttpServer) -> None:
    server.pages["/viewforum.php?f=1"] = Page(body=board((7, 12), (8, 13)))
    server.pages["/viewtopic.php?f=1&t=7"] = Page(
        body=thread(10, 11, following="./viewtopic.php?f=1&amp;t=7&amp;start=2")
    )
    server.pages["/viewtopic.php?f=1&t=7&start=2"] = Page(body=thread(12, previous="x"))
    server.pages["/viewtopic.php?f=1&t=8"] = Page(body=thread(13, title="Pain"))


def test_the_first_night_reads_every_thread_and_page(server: HttpServer) -> None:
    open_forum(server)

    batch = collect(server, "/viewforum.php?f=1")

    assert guids(batch) == ["10", "11", "13", "12"]
    by_guid = {document.guid: document for document in batch.documents}
    assert by_guid["12"].in_reply_to == "10"
    assert by_guid["12"].title == "Soupe"
    assert by_guid["13"].url == server.url("/viewtopic.php?p=13#p13")
    assert batch.source_runs[0].status is RunStatus.OK
    assert server.paths()[0] == "/viewforum.php?f=1"
    assert "sid=" not in "".join(server.paths())


def test_a_forum_where_nothing_moved_costs_one_request(server: HttpServer) -> None:
    open_forum(server)
    first = collect(server, "/viewforum.php?f=1")
    server.requests.clear()

    second = collect(server, "/viewforum.php?f=1", before=first)

    assert server.paths() == ["/viewforum.php?f=1"]
    assert second.source_runs[0].status is RunStatus.UNCHANGED


def test_a_thread_that_moved_is_taken_up_where_we_stopped(server: HttpServer) -> None:
    open_forum(server)
    first = collect(server, "/viewforum.php?f=1")
    server.requests.clear()
    server.pages["/viewforum.php?f=1"] = Page(body=board((7, 14), (8, 13)))
    server.pages["/viewtopic.php?f=1&t=7&start=2"] = Page(body=thread(12, 14, previous="x"))

    second = collect(server, "/viewforum.php?f=1", before=first)

    assert server.paths() == ["/viewforum.php?f=1", "/viewtopic.php?f=1&t=7&start=2"]
    assert guids(second) == ["14"]
    assert second.documents[0].in_reply_to == "10"


def test_a_budget_leaves_the_rest_for_another_night(server: HttpServer) -> None:
    open_forum(server)

    first = collect(server, "/viewforum.php?f=1", max_pages=2)
    second = collect(server, "/viewforum.php?f=1", before=first, max_pages=3)
    third = collect(server, "/viewforum.php?f=1", before=second, max_pages=4)

    assert first.source_runs[0].is_used_up
    assert guids(first) == ["10", "11"]
    assert guids(second) == ["13"]
    assert guids(third) == ["12"]
    assert not third.source_runs[0].is_used_up


def test_a_thread_that_fails_is_tried_again(server: HttpServer) -> None:
    open_forum(server)
    server.pages["/viewtopic.php?f=1&t=8"] = Page(status=500)
    first = collect(server, "/viewforum.php?f=1")
    server.pages["/viewtopic.php?f=1&t=8"] = Page(body=thread(13))

    second = collect(server, "/viewforum.php?f=1", before=first)

    assert first.source_runs[0].faults == ("http_500", faults.PAGE_NOT_READ)
    assert guids(second) == ["13"]


def test_a_long_thread_is_continued_at_its_end(server: HttpServer) -> None:
    pages = "".join(
        f'<a href="./viewtopic.php?f=1&amp;t=9&amp;start={n}">{n}</a>' for n in (2, 3, 50)
    )
    body = thread(1, 2).replace(
        b"</body>", f'<div class="pagination">{pages}</div></body>'.encode()
    )
    server.pages["/viewforum.php?f=1"] = Page(body=board((9, 99)))
    server.pages["/viewtopic.php?f=1&t=9"] = Page(body=body)
    server.pages["/viewtopic.php?f=1&t=9&start=50"] = Page(body=thread(98, 99, previous="x"))

    assert guids(collect(server, "/viewforum.php?f=1")) == ["1", "2", "98", "99"]


def test_a_front_page_leads_to_its_boards(server: HttpServer) -> None:
    open_forum(server)
    server.pages["/index.php"] = Page(
        body=b'<html><body id="phpbb"><a href="./viewforum.php?f=1">Un</a></body></html>'
    )

    assert guids(collect(server, "/index.php")) == ["10", "11", "13", "12"]


def test_one_thread_can_be_a_source(server: HttpServer) -> None:
    open_forum(server)
    first = collect(server, "/viewtopic.php?f=1&t=7")
    server.requests.clear()
    server.pages["/viewtopic.php?f=1&t=7&start=2"] = Page(body=thread(12, 15, previous="x"))

    second = collect(server, "/viewtopic.php?f=1&t=7", before=first)

    assert guids(first) == ["10", "11", "12"]
    assert guids(second) == ["15"]
    assert server.paths() == ["/viewtopic.php?f=1&t=7&start=2"]


def test_links_to_other_sites_are_not_walked(server: HttpServer) -> None:
    open_forum(server)
    away = server.url("").replace("127.0.0.1", "localhost")
    server.pages["/viewforum.php?f=1"] = Page(
        body=board((7, 12), following=f"{away}/viewforum.php?f=1").replace(
            b"</ul>",
            f'<li class="row"><a href="{away}/viewtopic.php?f=1&amp;t=9">Ailleurs</a></li>'
            "</ul>".encode(),
        )
    )
    server.pages["/viewtopic.php?f=1&t=7&start=2"] = Page(
        body=thread(12, previous="x", following=f"{away}/viewtopic.php?f=1&amp;t=7&amp;start=3")
    )

    batch = collect(server, "/viewforum.php?f=1")

    assert guids(batch) == ["10", "11", "12"]
    assert batch.source_runs[0].faults == ()


def test_an_edited_post_is_a_changed_document(server: HttpServer) -> None:
    open_forum(server)
    first = collect(server, "/viewtopic.php?f=1&t=8")
    edited = thread(13, title="Pain").replace(b"Message 13", b"Corrig\xc3\xa9")
    server.pages["/viewtopic.php?f=1&t=8"] = Page(body=edited)

    (run,) = collect(server, "/viewtopic.php?f=1&t=8", before=first).source_runs

    assert (run.new_count, run.changed_count) == (0, 1)
