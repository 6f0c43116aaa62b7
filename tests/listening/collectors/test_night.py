"""A whole night in one loop: batches overlap, and each is handed on when it is complete."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from listening.collectors import faults
from listening.collectors.night import MAX_HELD_DOCUMENTS, Planned, collect_batches
from listening.collectors.options import CollectOptions
from listening.errors import StorageError
from listening.model import Batch, FetchState, RunStatus
from tests.builders import NOW, make_source
from tests.http_server import HttpServer, Page, Request
from tests.listening.collectors.feed_bodies import rss_of


def planned(server: HttpServer, name: str, *paths: str) -> Planned:
    """Return a batch of sources on one host each: 127.0.0.1 under a name of its own."""
    sources = [
        make_source(f"{name}-{n}", url=f"http://{name}-{n}.example:{server.port}{path}")
        for n, path in enumerate(paths)
    ]
    return name, [(source, FetchState(source_id=source.source_id)) for source in sources]


async def loopback(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def collect(
    plans: Iterator[Planned],
    *,
    hosts: list[str],
    on_batch: Callable[[Batch], None] = lambda _: None,
    **overrides: Any,
) -> list[Batch]:
    batches: list[Batch] = []

    def take(batch: Batch) -> None:
        batches.append(batch)
        on_batch(batch)

    values: dict[str, Any] = {
        "user_agent_contact": "mailto:veille@exemple.example",
        "allow_hosts": tuple(hosts),
        "per_host_interval_s": 0.0,
        "timeout_s": 30.0,
        "respect_robots": False,
    }
    asyncio.run(
        collect_batches(
            plans,
            run_id="run-1",
            options=CollectOptions(**values | overrides),
            author_key=str,
            clock=lambda: NOW,
            on_batch=take,
            resolver=loopback,
        )
    )
    return batches


def test_a_slow_host_holds_up_its_own_batch_only(server: HttpServer) -> None:
    one_is_handed_on = threading.Event()

    async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.to_thread(one_is_handed_on.wait, 60)
        await Page(body=rss_of(1))(request, writer)

    server.pages |= {"/slow": slow, "/fast": Page(body=rss_of(2))}
    plans = [planned(server, "a", "/slow", "/fast"), planned(server, "b", "/fast", "/fast")]

    batches = collect(
        iter(plans),
        hosts=["a-0.example", "a-1.example", "b-0.example", "b-1.example"],
        on_batch=lambda _: one_is_handed_on.set(),
    )

    assert [batch.batch_id for batch in batches] == ["b", "a"]
    assert [len(batch.documents) for batch in batches] == [4, 3]
    assert {run.status for batch in batches for run in batch.source_runs} == {RunStatus.OK}
    assert [len(batch.requests) for batch in batches] == [2, 2]


def test_batches_of_one_slow_host_each_do_not_hold_up_the_others(server: HttpServer) -> None:
    names = [f"batch{n}" for n in range(30)]
    all_are_asked = asyncio.Event()

    async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
        if len(server.paths()) == len(names):
            all_are_asked.set()
        await all_are_asked.wait()
        await Page(body=rss_of(1))(request, writer)

    server.pages["/slow"] = slow

    batches = collect(
        iter([planned(server, name, "/slow") for name in names]),
        hosts=[f"{name}-0.example" for name in names],
        timeout_s=10.0,
    )

    assert {run.reason for batch in batches for run in batch.source_runs} == {None}


def test_plans_are_read_as_there_is_room_for_their_hosts(server: HttpServer) -> None:
    server.pages["/feed"] = Page(body=rss_of(1), delay_s=0.05)
    taken: list[int] = []
    most_ahead = 0

    def plans() -> Iterator[Planned]:
        nonlocal most_ahead
        for number in range(20):
            taken.append(number)
            most_ahead = max(most_ahead, len(taken) - len(server.paths()))
            yield planned(server, f"batch{number}", "/feed")

    batches = collect(plans(), hosts=[f"batch{n}-0.example" for n in range(20)], concurrency=1)

    assert len(batches) == 20
    assert most_ahead <= 4 + 1


def test_plans_are_read_as_there_is_room_for_what_they_hold(server: HttpServer) -> None:
    server.pages["/feed"] = Page(body=rss_of(1))
    seen = {str(number): "" for number in range(10 * MAX_HELD_DOCUMENTS)}
    handed_on: list[str] = []
    before: list[int] = []

    def plans() -> Iterator[Planned]:
        for name in "abc":
            before.append(len(handed_on))
            _, ((source, state),) = planned(server, name, "/feed")
            yield name, [(source, replace(state, seen=seen))]

    collect(
        plans(),
        hosts=[f"{name}-0.example" for name in "abc"],
        on_batch=lambda batch: handed_on.append(batch.batch_id),
    )

    assert before == [0, 1, 2]


def test_the_night_has_one_deadline(server: HttpServer) -> None:
    server.pages["/feed"] = Page(body=rss_of(1), delay_s=0.5)
    names = [f"batch{n}" for n in range(8)]

    batches = collect(
        iter([planned(server, name, "/feed") for name in names]),
        hosts=[f"{name}-0.example" for name in names],
        concurrency=1,
        batch_deadline_s=0.4,
    )

    late = [run for batch in batches for run in batch.source_runs if run.reason]
    assert len(batches) == len(names)
    assert {run.reason for run in late} == {faults.BATCH_DEADLINE}
    assert len(late) >= 4, "there was room for four hosts at a time"


def test_nothing_to_visit_is_no_trouble() -> None:
    assert collect(iter(()), hosts=[]) == []


def test_a_batch_that_cannot_be_handed_on_ends_the_night_with_that_error(
    server: HttpServer,
) -> None:
    server.pages["/feed"] = Page(body=rss_of(1))

    def full(_batch: Batch) -> None:
        raise StorageError("the disk is full")

    with pytest.raises(StorageError, match="the disk is full"):
        asyncio.run(
            collect_batches(
                [planned(server, "a", "/feed")],
                run_id="run-1",
                options=CollectOptions(
                    user_agent_contact="mailto:veille@exemple.example",
                    allow_hosts=("a-0.example",),
                    respect_robots=False,
                ),
                author_key=str,
                clock=lambda: NOW,
                on_batch=full,
                resolver=loopback,
            )
        )
