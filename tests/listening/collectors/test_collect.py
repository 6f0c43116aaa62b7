"""Whole visits against a real server: the good, the changed, the unchanged and the vicious."""

import asyncio
import gzip
import time
import zlib
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import pytest
from structlog.testing import capture_logs

from listening.collectors import faults
from listening.collectors.collect import visit_source
from listening.collectors.options import CollectOptions
from listening.model import Batch, FetchState, RunStatus, Source, SourceRun
from tests.builders import NOW, make_source
from tests.collecting import collect_batch
from tests.http_server import Handler, HttpServer, Page, Request, head
from tests.listening.collectors.feed_bodies import rss, rss_item, rss_of

OPTIONS: Mapping[str, Any] = {
    "user_agent_contact": "mailto:veille@exemple.example",
    "per_host_interval_s": 0.0,
    "timeout_s": 2.0,
    "max_body_bytes": 300_000,
}


def options_for(server: HttpServer, **overrides: Any) -> CollectOptions:
    return CollectOptions(**{"allow_hosts": (server.host,), **OPTIONS, **overrides})


def source_at(server: HttpServer, path: str) -> Source:
    return make_source(path.strip("/").replace(".", "-") or "home", url=server.url(path))


def collect(
    server: HttpServer, paths: Iterable[str], *, before: Batch | None = None, **overrides: Any
) -> Batch:
    states = {state.source_id: state for state in before.states} if before else {}
    sources = [source_at(server, path) for path in paths]
    plan = [
        (source, states.get(source.source_id, FetchState(source_id=source.source_id)))
        for source in sources
    ]
    return asyncio.run(
        collect_batch(
            plan,
            run_id="run-1",
            batch_id="batch-1",
            options=options_for(server, **overrides),
            author_key=lambda name: f"key-of-{name}",
            clock=lambda: NOW,
        )
    )


def visit(server: HttpServer, page: Handler, **overrides: Any) -> SourceRun:
    """Serve one page and return the record of a visit to it."""
    server.pages["/feed"] = page
    (run,) = collect(server, ["/feed"], **overrides).source_runs
    return run


# -- the good -----------------------------------------------------------------------------------


def test_a_visit_brings_documents_state_and_a_record(server: HttpServer) -> None:
    server.pages["/feed"] = Page(body=rss_of(3), headers={"ETag": '"1"', "Last-Modified": "hier"})

    batch = collect(server, ["/feed"])

    (run,), (state,) = batch.source_runs, batch.states
    assert (run.status, run.reason, run.http_status) == (RunStatus.OK, None, 200)
    assert (run.document_count, run.new_count, run.faults) == (3, 3, ())
    assert run.byte_count == len(rss_of(3))
    assert (state.etag, state.last_modified) == ('"1"', "hier")
    assert len(state.seen) == 3
    assert [document.guid for document in batch.documents] == ["guid-1", "guid-2", "guid-3"]
    assert {document.source_id for document in batch.documents} == {"feed"}


def test_a_second_visit_is_conditional_and_brings_nothing(server: HttpServer) -> None:
    server.pages["/feed"] = Page(body=rss_of(3), headers={"ETag": '"1"', "Last-Modified": "hier"})
    first = collect(server, ["/feed"])

    second = collect(server, ["/feed"], before=first)

    request = server.sent("/feed")[1]
    assert request.headers["if-none-match"] == '"1"'
    assert request.headers["if-modified-since"] == "hier"
    assert second.source_runs[0].status is RunStatus.UNCHANGED
    assert second.documents == ()
    assert second.states[0].unchanged_count == 1
    assert second.states[0].seen == first.states[0].seen


def test_the_same_bytes_are_not_read_again(server: HttpServer) -> None:
    server.pages["/feed"] = Page(body=rss_of(3))
    first = collect(server, ["/feed"])

    second = collect(server, ["/feed"], before=first)

    assert (second.source_runs[0].status, second.source_runs[0].http_status) == (
        RunStatus.UNCHANGED,
        200,
    )


def test_new_and_edited_items_are_told_apart(server: HttpServer) -> None:
    server.pages["/feed"] = Page(body=rss_of(2))
    first = collect(server, ["/feed"])
    server.pages["/feed"] = Page(body=rss([rss_item(1, description="corrigé"), rss_item(3)]))

    second = collect(server, ["/feed"], before=first)

    assert (second.source_runs[0].new_count, second.source_runs[0].changed_count) == (1, 1)
    assert first.documents[0].document_id in {d.document_id for d in second.documents}


def test_stuck_validators_are_left_out_once(server: HttpServer) -> None:
    server.pages["/feed"] = Page(body=rss_of(1), headers={"ETag": '"stuck"'})
    batch = collect(server, ["/feed"])
    for _ in range(15):
        batch = collect(server, ["/feed"], before=batch, respect_robots=False)

    sent = [request.headers.get("if-none-match") for request in server.sent("/feed")]
    assert sent == [None, *['"stuck"'] * 14, None]
    assert batch.states[0].unchanged_count == 0


def test_a_weak_etag_that_never_matches_gives_way_to_the_date(server: HttpServer) -> None:
    """WordPress behind a proxy: the weak ETag gets the whole feed, the date alone a 304."""

    async def wordpress(request: Request, writer: asyncio.StreamWriter) -> None:
        is_known = "if-none-match" not in request.headers and "if-modified-since" in request.headers
        headers = {"ETag": 'W/"x"', "Last-Modified": "hier", "Connection": "close"}
        body = b"" if is_known else rss_of(1)
        writer.write(head(304 if is_known else 200, headers) + body)
        await writer.drain()

    server.pages["/feed"] = wordpress
    batch = collect(server, ["/feed"])
    statuses = []
    for _ in range(3):
        batch = collect(server, ["/feed"], before=batch)
        statuses.append(batch.source_runs[0].http_status)

    assert statuses == [200, 304, 304]


def test_packed_answers_are_unpacked(server: HttpServer) -> None:
    server.pages["/gzip"] = Page(
        body=gzip.compress(rss_of(2)), headers={"Content-Encoding": "gzip"}
    )
    server.pages["/deflate"] = Page(
        body=zlib.compress(rss_of(2)), headers={"Content-Encoding": "deflate"}
    )
    server.pages["/feed.xml.gz"] = Page(body=gzip.compress(rss_of(2)))

    batch = collect(server, ["/gzip", "/deflate", "/feed.xml.gz"])

    assert [run.document_count for run in batch.source_runs] == [2, 2, 2]
    assert server.sent("/gzip")[0].headers["accept-encoding"] == "gzip, deflate"


def test_redirects_are_followed_and_lasting_ones_named(server: HttpServer) -> None:
    server.pages["/old"] = Page(status=301, headers={"Location": "feed"})
    server.pages["/feed"] = Page(body=rss([rss_item(link="/relative")]))

    batch = collect(server, ["/old"])

    assert batch.source_runs[0].faults == (faults.MOVED_PERMANENTLY,)
    assert batch.documents[0].url == server.url("/relative")


def test_a_cookie_that_a_redirect_waits_for_is_sent_back(server: HttpServer) -> None:
    async def picky(request: Request, writer: asyncio.StreamWriter) -> None:
        if "seen=1" in request.headers.get("cookie", ""):
            await Page(body=rss_of(1))(request, writer)
        else:
            headers = {"Location": "/feed", "Set-Cookie": "seen=1"}
            await Page(status=302, headers=headers)(request, writer)

    assert visit(server, picky).status is RunStatus.OK


def test_we_say_who_we_are(server: HttpServer) -> None:
    visit(server, Page(body=rss_of(1)))

    agents = {request.headers["user-agent"] for request in server.requests}
    assert len(agents) == 1
    assert agents.pop().endswith("(+mailto:veille@exemple.example)")


def test_one_dead_source_harms_nobody(server: HttpServer) -> None:
    server.pages["/feed"] = Page(body=rss_of(2))

    batch = collect(server, ["/dead", "/feed"])

    dead, alive = batch.source_runs
    assert (dead.status, dead.reason, dead.http_status) == (RunStatus.FAILED, "http_404", 404)
    assert alive.status is RunStatus.OK
    assert batch.states[0].failure_score == 1
    assert batch.states[0].next_fetch_at is not None


@pytest.mark.parametrize(
    ("page", "robots", "expected"),
    [
        pytest.param(
            Page(body=rss_of(1)),
            Page(status=301, headers={"Location": "http://["}),
            (RunStatus.OK, None),
            id="robots-txt-leads-nowhere",
        ),
        pytest.param(
            Page(
                status=429,
                headers={"Retry-After": "Mon, 99999999999999999999 Nov 1994 08:49:37 GMT"},
            ),
            Page(status=404),
            (RunStatus.FAILED, "http_429"),
            id="retry-after-beyond-all-dates",
        ),
    ],
)
def test_an_odd_header_harms_nobody(
    server: HttpServer, page: Page, robots: Page, expected: tuple[RunStatus, str | None]
) -> None:
    server.pages |= {"/odd": page, "/robots.txt": robots}
    with HttpServer({"/feed": Page(body=rss_of(2))}) as good:
        sources = [source_at(server, "/odd"), source_at(good, "/feed")]
        batch = asyncio.run(
            collect_batch(
                [(source, FetchState(source_id=source.source_id)) for source in sources],
                run_id="r",
                batch_id="b",
                options=options_for(server, allow_hosts=(server.host, good.host)),
                author_key=str,
                clock=lambda: NOW,
            )
        )

    odd, alive = batch.source_runs
    assert (odd.status, odd.reason) == expected
    assert (alive.status, alive.document_count) == (RunStatus.OK, 2)


def test_a_mistake_of_ours_ends_in_the_record_of_its_source(server: HttpServer) -> None:
    server.pages["/broken"] = Page(body=rss([rss_item(1, author="broken")]))
    server.pages["/feed"] = Page(body=rss_of(2))
    sources = [source_at(server, "/broken"), source_at(server, "/feed")]

    def author_key(name: str) -> str:
        if name == "broken":
            raise ZeroDivisionError
        return name

    with capture_logs() as events:
        batch = asyncio.run(
            collect_batch(
                [(source, FetchState(source_id=source.source_id)) for source in sources],
                run_id="r",
                batch_id="b",
                options=options_for(server),
                author_key=author_key,
                clock=lambda: NOW,
            )
        )

    broken, alive = batch.source_runs
    assert (broken.status, broken.reason) == (RunStatus.FAILED, faults.INTERNAL_ERROR)
    assert batch.states[0].failure_score == 1
    assert (alive.status, alive.document_count) == (RunStatus.OK, 2)
    (event,) = [event for event in events if event["event"] == "source_failed_unexpectedly"]
    assert (event["source"], event["exc_info"]) == ("broken", True)


def test_sources_whose_turn_comes_too_late_are_recorded_and_left_as_they_were(
    server: HttpServer,
) -> None:
    server.pages["/first"] = Page(body=rss_of(2), delay_s=0.3)
    server.pages["/second"] = Page(body=rss_of(2))

    batch = collect(server, ["/first", "/second"], batch_deadline_s=0.2)

    first, second = batch.source_runs
    assert (first.status, len(batch.documents)) == (RunStatus.OK, 2)
    assert (second.status, second.reason) == (RunStatus.FAILED, faults.BATCH_DEADLINE)
    assert batch.states[1] == FetchState(source_id="second")
    assert server.paths() == ["/first"]


def test_progress_is_told(server: HttpServer) -> None:
    server.pages["/feed"] = Page(body=rss_of(1))
    told: list[str] = []
    source = source_at(server, "/feed")

    asyncio.run(
        collect_batch(
            [(source, FetchState(source_id=source.source_id))],
            run_id="r",
            batch_id="b",
            options=options_for(server),
            author_key=str,
            clock=lambda: NOW,
            on_visit=lambda run: told.append(run.source_id),
        )
    )

    assert told == ["feed"]


def test_one_source_can_be_tried_live(server: HttpServer) -> None:
    server.pages["/feed"] = Page(body=rss_of(2))

    run, reading = asyncio.run(
        visit_source(source_at(server, "/feed"), options=options_for(server), clock=lambda: NOW)
    )

    assert run.status is RunStatus.OK
    assert reading is not None and len(reading.documents) == 2


# -- the refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((status, RunStatus.FAILED) for status in (404, 408, 425, 429, 500, 502, 503, 599)),
        *((status, RunStatus.REFUSED) for status in (400, 401, 403, 410, 451)),
        *((status, RunStatus.REFUSED) for status in (304, 206)),
    ],
)
def test_statuses_have_their_weight(server: HttpServer, status: int, expected: RunStatus) -> None:
    run = visit(server, Page(status=status))

    assert (run.status, run.reason, run.http_status) == (expected, f"http_{status}", status)


def test_robots_txt_is_obeyed_also_behind_a_redirect(server: HttpServer) -> None:
    server.pages["/robots.txt"] = Page(body=b"User-agent: Vigie\nDisallow: /private")
    server.pages["/way"] = Page(status=302, headers={"Location": "/private/feed"})

    batch = collect(server, ["/private/feed", "/way"])

    assert [run.reason for run in batch.source_runs] == [faults.ROBOTS_TXT] * 2
    assert {run.status for run in batch.source_runs} == {RunStatus.REFUSED}
    assert server.paths() == ["/way"]
    assert len(server.sent("/robots.txt")) == 1


@pytest.mark.parametrize("status", [500, 503, 429])
def test_unreadable_robots_txt_means_another_night(server: HttpServer, status: int) -> None:
    server.pages["/robots.txt"] = Page(status=status)

    run = visit(server, Page(body=rss_of(1)))

    assert (run.status, run.reason) == (RunStatus.FAILED, faults.ROBOTS_UNAVAILABLE)
    assert server.paths() == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_missing_robots_txt_allows(server: HttpServer, status: int) -> None:
    server.pages["/robots.txt"] = Page(status=status)

    assert visit(server, Page(body=rss_of(1))).status is RunStatus.OK


def test_robots_txt_can_be_switched_off(server: HttpServer) -> None:
    server.pages["/robots.txt"] = Page(body=b"User-agent: *\nDisallow: /")

    assert visit(server, Page(body=rss_of(1)), respect_robots=False).status is RunStatus.OK


def test_private_addresses_are_refused(server: HttpServer) -> None:
    run = visit(server, Page(body=rss_of(1)), allow_hosts=())

    assert (run.status, run.reason) == (RunStatus.REFUSED, faults.ADDRESS_FORBIDDEN)
    assert server.requests == []


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        pytest.param("http://127.0.0.2:9/", faults.ADDRESS_FORBIDDEN, id="loopback"),
        pytest.param("http://[::ffff:127.0.0.1]:9/", faults.ADDRESS_FORBIDDEN, id="mapped"),
        pytest.param("http://2130706433/", faults.ADDRESS_FORBIDDEN, id="number"),
        pytest.param("http://169.254.169.254/", faults.ADDRESS_FORBIDDEN, id="metadata"),
        pytest.param("file:///etc/passwd", faults.BAD_REDIRECT, id="file"),
        pytest.param("", faults.BAD_REDIRECT, id="nowhere"),
        pytest.param("http://[bad/", faults.BAD_REDIRECT, id="no-address"),
    ],
)
def test_redirects_cannot_leave_the_open_web(
    server: HttpServer, location: str, reason: str
) -> None:
    run = visit(server, Page(status=302, headers={"Location": location}))

    assert (run.status, run.reason) == (RunStatus.REFUSED, reason)


def test_a_host_that_is_silent_three_times_costs_its_other_sources_no_time(
    server: HttpServer,
) -> None:
    paths = [f"/{number}" for number in range(6)]
    server.pages.update(dict.fromkeys(paths, silent))

    batch = collect(server, paths, timeout_s=0.2)

    reasons = [run.reason for run in batch.source_runs]
    assert reasons == [faults.READ_TIMEOUT] * 3 + [faults.HOST_PAUSED] * 3
    assert len([path for path in server.paths() if path in paths]) == 3
    assert [state.failure_score > 0 for state in batch.states] == [True] * 3 + [False] * 3


@pytest.mark.parametrize("sign", [Page(body=rss_of(1)), Page(status=404)], ids=["answer", "no"])
def test_a_sign_of_life_begins_the_count_again(server: HttpServer, sign: Handler) -> None:
    paths = [f"/{number}" for number in range(6)]
    server.pages.update(dict.fromkeys(paths, silent))
    server.pages["/2"] = sign

    batch = collect(server, paths, timeout_s=0.2)

    reasons = [run.reason for run in batch.source_runs]
    assert reasons.count(faults.READ_TIMEOUT) == 5
    assert faults.HOST_PAUSED not in reasons


async def silent(_request: Request, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)


def test_retry_after_holds_for_the_whole_host(server: HttpServer) -> None:
    server.pages["/first"] = Page(status=429, headers={"Retry-After": "7200"})
    server.pages["/second"] = Page(body=rss_of(1))

    batch = collect(server, ["/first", "/second"])

    first, second = batch.source_runs
    assert (first.reason, second.reason) == ("http_429", faults.HOST_PAUSED)
    assert server.paths() == ["/first"]
    assert batch.states[0].next_fetch_at is not None
    assert [state.failure_score for state in batch.states] == [1, 0]


def test_a_stumbling_server_gets_one_second_chance(server: HttpServer) -> None:
    async def stumbling(request: Request, writer: asyncio.StreamWriter) -> None:
        is_first = len(server.sent("/feed")) == 1
        await Page(status=502 if is_first else 200, body=rss_of(1))(request, writer)

    assert visit(server, stumbling).status is RunStatus.OK
    assert len(server.sent("/feed")) == 2


# -- the vicious --------------------------------------------------------------------------------


async def endless_body(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(head(200, {"Content-Type": "application/rss+xml"}) + b"<rss>")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def announces_five_gigabytes(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(head(200, {"Content-Length": "5000000000"}) + b"<rss>")
    await writer.drain()
    await asyncio.sleep(5)


async def drip(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(head(200, {"Content-Length": "1000"}))
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def endless_headers(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"x" * 1000 + b"\r\n")
        await writer.drain()


async def silence(_request: Request, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)


async def breaks_off(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(head(200, {"Content-Length": "1000"}) + b"<rss>")
    await writer.drain()


async def garbage(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x16\x03\x01 this is not HTTP\r\n\r\n")
    await writer.drain()


async def endless_redirects(request: Request, writer: asyncio.StreamWriter) -> None:
    await Page(status=302, headers={"Location": request.path + "?x"})(request, writer)


BOMB = gzip.compress(bytes(50_000_000))
FAILED, UNREADABLE = RunStatus.FAILED, RunStatus.UNREADABLE


@pytest.mark.parametrize(
    ("page", "status", "reason"),
    [
        pytest.param(endless_body, UNREADABLE, faults.BODY_TOO_LARGE, id="endless-body"),
        pytest.param(announces_five_gigabytes, UNREADABLE, faults.BODY_TOO_LARGE, id="5-gb"),
        pytest.param(
            Page(body=BOMB, headers={"Content-Encoding": "gzip"}),
            UNREADABLE,
            faults.DECOMPRESSION_BOMB,
            id="gzip-bomb",
        ),
        pytest.param(Page(body=BOMB), UNREADABLE, faults.DECOMPRESSION_BOMB, id="gzip-file-bomb"),
        pytest.param(
            Page(body=b"x", headers={"Content-Encoding": "br"}),
            UNREADABLE,
            faults.UNKNOWN_CONTENT_ENCODING,
            id="brotli",
        ),
        pytest.param(drip, FAILED, faults.READ_TIMEOUT, id="drip"),
        pytest.param(silence, FAILED, faults.READ_TIMEOUT, id="silence"),
        pytest.param(endless_headers, FAILED, faults.BAD_HTTP, id="endless-headers"),
        pytest.param(garbage, FAILED, faults.BAD_HTTP, id="garbage"),
        pytest.param(breaks_off, FAILED, faults.CONNECTION_LOST, id="breaks-off"),
        pytest.param(endless_redirects, FAILED, faults.TOO_MANY_REDIRECTS, id="redirects"),
        pytest.param(
            Page(status=302, headers={"Location": "/feed"}),
            FAILED,
            faults.REDIRECT_LOOP,
            id="redirect-loop",
        ),
        pytest.param(Page(), UNREADABLE, faults.EMPTY_BODY, id="empty"),
        pytest.param(Page(status=204), UNREADABLE, faults.EMPTY_BODY, id="no-content"),
        pytest.param(
            Page(
                body=b"<!doctype html><title>Forum</title>", headers={"Content-Type": "text/html"}
            ),
            UNREADABLE,
            faults.HTML_INSTEAD_OF_FEED,
            id="html",
        ),
        pytest.param(
            Page(body=b"<rss version='2.0'><channel><item>" + b"<a>" * 95_000),
            UNREADABLE,
            faults.PARSE_TIMEOUT,
            id="slow-to-parse",
        ),
    ],
)
def test_every_attack_ends_in_time_under_its_name(
    server: HttpServer, page: Handler, status: RunStatus, reason: str
) -> None:
    started = time.monotonic()

    run = visit(server, page, timeout_s=0.4, parse_timeout_s=0.3)

    assert (run.status, run.reason) == (status, reason)
    assert time.monotonic() - started < 5


def test_closed_ports_and_unknown_names_are_told_apart(server: HttpServer) -> None:
    async def run() -> Batch:
        async def no_tls(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.0 400 plain HTTP here\r\n\r\n")
            writer.close()

        plain = await asyncio.start_server(no_tls, "127.0.0.1", 0)
        port = plain.sockets[0].getsockname()[1]
        sources = [
            make_source("closed", url="http://127.0.0.1:9/"),
            make_source("unknown", url=f"http://{'a' * 70}.invalid/"),
            make_source("no-web-address", url="ftp://a.example/"),
            make_source("tls", url=f"https://127.0.0.1:{port}/"),
        ]
        async with plain:
            return await collect_batch(
                [(source, FetchState(source_id=source.source_id)) for source in sources],
                run_id="r",
                batch_id="b",
                options=options_for(server, allow_hosts=("127.0.0.1",)),
                author_key=str,
                clock=lambda: NOW,
            )

    batch = asyncio.run(run())

    assert [run.reason for run in batch.source_runs] == [
        faults.CONNECTION_REFUSED,
        faults.DNS_FAILURE,
        faults.BAD_URL,
        faults.TLS_ERROR,
    ]


def test_the_pace_of_a_host_is_kept(server: HttpServer) -> None:
    paths = [f"/{n}" for n in range(4)]
    server.pages.update({path: Page(body=rss_of(1)) for path in paths})

    collect(server, paths, per_host_interval_s=0.1)

    times = [request.at for request in server.requests]
    assert len(times) == 5  # robots.txt counts
    assert all(b - a >= 0.09 for a, b in pairwise(times))
    assert server.most_open == 1


def test_too_many_items_are_cut_and_named(server: HttpServer) -> None:
    run = visit(server, Page(body=rss_of(12)), max_documents=10)

    assert (run.document_count, run.faults, run.is_used_up) == (10, (faults.TOO_MANY_ITEMS,), True)
