"""The record of requests, robots.txt over a day, and the paces a host asks for."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from listening.collectors import faults
from listening.collectors.options import CollectOptions
from listening.collectors.web.politeness import Politeness
from listening.collectors.web.robots_cache import RobotsCache, RobotsFile
from listening.collectors.web.sender import Sender, shown_path
from listening.collectors.web.wire import Wire
from listening.errors import CollectError
from listening.model import Batch, FetchState, OffHours, RobotsDecision, RunStatus
from tests.builders import NOW, make_source
from tests.collecting import collect_batch
from tests.http_server import HttpServer, Page, Request
from tests.listening.collectors.feed_bodies import rss_of


def collect(
    server: HttpServer,
    *paths: str,
    clock: Callable[[], datetime] = lambda: NOW,
    **overrides: Any,
) -> Batch:
    values: dict[str, Any] = {
        "user_agent_contact": "mailto:veille@exemple.example",
        "allow_hosts": (server.host,),
        "per_host_interval_s": 0.0,
        "timeout_s": 5.0,
    }
    options = CollectOptions(**values | overrides)
    sources = [make_source(path.strip("/"), url=server.url(path)) for path in paths]
    return asyncio.run(
        collect_batch(
            [(source, FetchState(source_id=source.source_id)) for source in sources],
            run_id="run",
            batch_id="batch",
            options=options,
            author_key=lambda name: name,
            clock=clock,
        )
    )


def collect_hosts(server: HttpServer, *urls: str, **overrides: Any) -> Batch:
    """Collect sources on hosts that all lead to the server; their port is left out."""
    plan = []
    for number, url in enumerate(urls):
        host, _, path = url.partition("/")
        source = make_source(f"s{number}", url=f"http://{host}:{server.port}/{path}")
        plan.append((source, FetchState(source_id=source.source_id, failure_score=1)))

    async def loopback(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    values: dict[str, Any] = {
        "user_agent_contact": "mailto:veille@exemple.example",
        "allow_hosts": tuple(overrides.pop("hosts")),
        "per_host_interval_s": 0.0,
        "timeout_s": 5.0,
    }
    return asyncio.run(
        collect_batch(
            plan,
            run_id="run",
            batch_id="batch",
            options=CollectOptions(**values | overrides),
            author_key=str,
            clock=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC),
            resolver=loopback,
        )
    )


def robots(text: str) -> Page:
    return Page(body=text.encode())


def test_every_request_is_on_record(server: HttpServer) -> None:
    server.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /prive")
    server.pages["/feed"] = Page(body=rss_of(1))

    batch = collect(server, "/feed", "/perdu", "/prive")

    assert [(one.path, one.status, one.robots, one.reason) for one in batch.requests] == [
        ("/robots.txt", 200, RobotsDecision.FILE, None),
        ("/feed", 200, RobotsDecision.ALLOWED, None),
        ("/perdu", 404, RobotsDecision.ALLOWED, None),
        ("/prive", None, RobotsDecision.REFUSED, faults.ROBOTS_TXT),
    ]
    assert {one.host for one in batch.requests} == {server.host}
    assert batch.requests[1].byte_count == len(rss_of(1))
    assert len(server.requests) == 3, "what robots.txt forbids is not asked for"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        pytest.param("https://a.example", "/", id="home"),
        pytest.param("https://a.example/feed?key=secret&q=x", "/feed?…", id="values-of-a-query"),
        pytest.param(
            "https://a.example/feeds/0a1b2c3d4e5f60718293/7", "/feeds/…/7", id="key-in-the-path"
        ),
        pytest.param(
            "https://a.example/2026/un-article-sur-les-oeufs-de-paques-2026",
            "/2026/un-article-sur-les-oeufs-de-paques-2026",
            id="words",
        ),
        pytest.param("https://u:pw@a.example/x#y", "/x", id="password"),
        pytest.param("https://[::1", "", id="no-address"),
    ],
)
def test_a_path_is_shown_without_secrets(url: str, path: str) -> None:
    assert shown_path(url) == path


def test_robots_txt_is_asked_for_once_a_day(server: HttpServer, tmp_path: Path) -> None:
    server.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /prive")
    server.pages["/feed"] = Page(body=rss_of(1))
    for hours in (0, 1, 23, 25):
        batch = collect(
            server, "/feed", "/prive", clock=lambda: NOW + timedelta(hours=hours),  # noqa: B023
            robots_folder=tmp_path / "robots",
        )  # fmt: skip
        assert batch.source_runs[1].reason == faults.ROBOTS_TXT

    assert len(server.sent("/robots.txt")) == 2


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut"),
        pytest.param(b"[]", id="another-shape"),
        pytest.param(b'{"read_at": "2026-11-20", "text": "", "is_cut": false}', id="no-zone"),
        pytest.param(b"\xff", id="no-text"),
    ],
)
def test_a_damaged_copy_is_asked_for_again(tmp_path: Path, damage: bytes) -> None:
    cache = RobotsCache(tmp_path)
    cache.put("https://a.example", RobotsFile(text="x"), now=NOW)
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage)

    assert cache.get("https://a.example", now=NOW) is None


@pytest.mark.parametrize(
    ("break_count", "reason", "paths"),
    [
        pytest.param(1, None, ["/robots.txt", "/robots.txt", "/a", "/b"], id="once"),
        pytest.param(9, faults.CONNECTION_LOST, ["/robots.txt"] * 2, id="always"),
    ],
)
def test_a_robots_txt_that_breaks_off_is_asked_for_once_more(
    server: HttpServer, break_count: int, reason: str | None, paths: list[str]
) -> None:
    async def breaks(request: Request, writer: asyncio.StreamWriter) -> None:
        if len(server.sent("/robots.txt")) > break_count:
            await Page(status=404)(request, writer)

    server.pages |= {"/robots.txt": breaks} | {f"/{n}": Page(body=rss_of(1)) for n in "ab"}

    batch = collect(server, "/a", "/b")

    assert [run.reason for run in batch.source_runs] == [reason, reason]
    assert [request.path for request in server.requests] == paths


def test_two_spellings_of_a_host_share_its_pace_and_its_robots_txt(server: HttpServer) -> None:
    server.pages["/feed"] = Page(body=rss_of(1), delay_s=0.1)

    collect_hosts(
        server,
        "bücher.example/feed",
        "u:p@xn--bcher-kva.example/feed",
        hosts=["xn--bcher-kva.example"],
    )

    assert [request.path for request in server.requests] == ["/robots.txt", "/feed", "/feed"]
    assert server.most_open == 1


def test_sources_that_redirect_to_one_host_do_not_hold_up_others(server: HttpServer) -> None:
    names = [f"a{n}.example" for n in range(9)]
    last_is_asked = asyncio.Event()
    to_common = {"Location": f"http://common.example:{server.port}/feed"}

    async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
        await last_is_asked.wait()
        await Page(body=rss_of(1))(request, writer)

    async def last(request: Request, writer: asyncio.StreamWriter) -> None:
        last_is_asked.set()
        await Page(body=rss_of(2))(request, writer)

    server.pages |= {
        "/away": Page(status=302, headers=to_common),
        "/first": Page(body=rss_of(1)),
        "/last": last,
        "/feed": slow,
    }

    batch = collect_hosts(
        server,
        *(f"{name}/away" for name in names),
        "z.example/first",
        "z.example/last",
        hosts=[*names, "common.example", "z.example"],
        concurrency=2,
        respect_robots=False,
    )

    assert {run.reason for run in batch.source_runs} == {None}


def test_copies_of_long_ago_are_removed(tmp_path: Path) -> None:
    for name, days in (("old", 3), ("new", 1)):
        at = (NOW - timedelta(days=days)).timestamp()
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (at, at))

    RobotsCache(tmp_path).forget_old(now=NOW)

    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_a_copy_that_is_gone_when_its_turn_comes_is_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gone").symlink_to("nowhere")  # listed, but not there: as when another removed it
    (tmp_path / "old").touch()
    os.utime(tmp_path / "old", (0, 0))

    RobotsCache(tmp_path).forget_old(now=NOW)

    assert [path.name for path in tmp_path.iterdir()] == ["gone"]
    assert "robots_copies_not_removed" not in "".join(capsys.readouterr())


def test_a_copy_that_cannot_be_removed_harms_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()  # which no unlink removes
    os.utime(tmp_path / "folder", (0, 0))

    RobotsCache(tmp_path).forget_old(now=NOW)


def test_a_crawl_delay_is_kept_between_requests(server: HttpServer) -> None:
    server.pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 0.3")
    server.pages |= {f"/{n}": Page(body=rss_of(1)) for n in "ab"}

    collect(server, "/a", "/b")

    gaps = [later.at - earlier.at for earlier, later in pairwise(server.requests)]
    assert len(gaps) == 2
    assert min(gaps) >= 0.29


def test_a_long_crawl_delay_allows_one_request_per_run(server: HttpServer) -> None:
    server.pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 3600")
    server.pages |= {f"/{n}": Page(body=rss_of(1)) for n in "ab"}

    batch = collect(server, "/a", "/b")

    assert [(run.status, run.reason) for run in batch.source_runs] == [
        (RunStatus.OK, None),
        (RunStatus.FAILED, faults.HOST_PAUSED),
    ]
    assert batch.states[1].failure_score == 0
    assert server.paths() == ["/a"]


def test_robots_txt_cut_within_a_line_makes_no_new_rule(server: HttpServer) -> None:
    line = "Disallow: /prive/dossier-numero-1\n"
    server.pages["/robots.txt"] = robots("User-agent: *\n" + line * (600_000 // len(line)))
    server.pages["/feed"] = Page(body=rss_of(1))

    (run,) = collect(server, "/feed").source_runs

    assert (run.status, run.faults) == (RunStatus.OK, (faults.ROBOTS_CUT,))


def test_off_hours_that_begin_during_the_run_are_kept(server: HttpServer) -> None:
    server.pages["/feed"] = Page(body=rss_of(1))
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)

    (run,) = collect(
        server,
        "/feed",
        clock=lambda: noon,
        off_hours=OffHours(time(8), time(19)),
        timezone="Europe/Paris",
    ).source_runs

    assert run.reason == faults.OFF_HOURS
    assert server.requests == []


def test_the_off_hours_of_a_host_hold_for_all_that_leads_there(server: HttpServer) -> None:
    rests = f"rests.example:{server.port}"
    server.pages |= {
        "/feed": Page(body=rss_of(1)),
        "/away": Page(status=302, headers={"Location": f"http://{rests}/feed"}),
    }

    batch = collect_hosts(
        server,
        "rests.example/feed",
        "open.example/away",
        "open.example/feed",
        hosts=["rests.example", "open.example"],
        host_hours={rests: frozenset({OffHours(time(8), time(19))})},
    )

    assert [run.reason for run in batch.source_runs] == [faults.OFF_HOURS, faults.OFF_HOURS, None]
    assert {state.failure_score for state in batch.states[:2]} == {1}, "it is no blame"
    assert {state.next_fetch_at for state in batch.states[:2]} == {None}, (
        "they are as due as before"
    )
    assert {request.headers["host"].partition(":")[0] for request in server.requests} == {
        "open.example"
    }


@pytest.mark.parametrize(
    ("patience_s", "is_paused"),
    [
        pytest.param(0.05, True, id="it-had-its-time"),
        pytest.param(1.0, False, id="a-redirect-before-it-took-the-time"),
    ],
)
def test_a_host_is_silent_only_if_it_was_given_time(
    server: HttpServer, patience_s: float, *, is_paused: bool
) -> None:
    server.pages["/feed"] = Page(delay_s=1.0)
    options = CollectOptions(
        user_agent_contact="mailto:veille@exemple.example", allow_hosts=(server.host,)
    )

    async def run() -> list[str]:
        async with Wire(options) as wire:
            politeness = Politeness(interval_s=0.0, concurrency=1)
            sender = Sender(wire, politeness, clock=lambda: NOW, patience_s=patience_s)
            reasons = []
            for _ in range(4):
                with pytest.raises(CollectError) as failed:
                    await sender.get(
                        server.url("/feed"),
                        source_id="a",
                        robots=RobotsDecision.IGNORED,
                        timeout_s=0.05,
                        limit=99,
                    )
                reasons.append(failed.value.reason)
            return reasons

    reasons = asyncio.run(run())

    assert faults.HOST_PAUSED not in reasons[:3]
    assert (reasons[3] == faults.HOST_PAUSED) is is_paused
