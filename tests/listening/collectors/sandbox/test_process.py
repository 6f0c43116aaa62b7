"""Reading in processes that can be killed."""

import asyncio
import time
from multiprocessing import Queue, get_context

import pytest

from listening.collectors import faults
from listening.collectors.sandbox.process import ParserPool
from listening.collectors.sandbox.task import Task
from listening.collectors.sandbox.worker import perform
from listening.errors import UnreadableSourceError
from listening.model import Reading, SourceKind
from tests.builders import NOW
from tests.listening.collectors.feed_bodies import rss_of

#: Half a million nested tags in an ill-formed feed: many seconds of feedparser.
SLOW = b"<rss version='2.0'><channel><item>" + b"<a>" * 500_000


def task(body: bytes) -> Task:
    return Task(
        kind=SourceKind.FEED,
        body=body,
        content_type=None,
        url=None,
        source_id="gazette-lyon",
        now=NOW,
    )


def read_all(*bodies: bytes, timeout_s: float = 30) -> list[Reading | str]:
    async def run() -> list[Reading | str]:
        async with ParserPool(workers=2, timeout_s=timeout_s) as pool:

            async def one(body: bytes) -> Reading | str:
                try:
                    return await pool.read(task(body))
                except UnreadableSourceError as error:
                    assert error.source_id == "gazette-lyon"  # noqa: PT017 - one of two ways
                    return error.reason

            return await asyncio.gather(*(one(body) for body in bodies))

    return asyncio.run(run())


def test_bodies_are_read_like_in_process() -> None:
    assert read_all(rss_of(3)) == [perform(task(rss_of(3)))]


def test_reasons_cross_the_border() -> None:
    assert read_all(b"<html>", b"") == [faults.HTML_INSTEAD_OF_FEED, faults.EMPTY_BODY]


def test_slow_input_is_stopped_and_the_others_are_read() -> None:
    started = time.monotonic()

    found = read_all(SLOW, rss_of(1), rss_of(2), timeout_s=1)

    assert found[0] == faults.PARSE_TIMEOUT
    assert all(isinstance(reading, Reading) for reading in found[1:])
    assert time.monotonic() - started < 15


def read_in_daemon(outcome: "Queue[int]") -> None:
    (reading,) = read_all(rss_of(2))
    outcome.put(len(reading.documents) if isinstance(reading, Reading) else -1)


def test_a_daemonic_process_may_read_too() -> None:
    """Airflow's workers may be, and multiprocessing would refuse them children."""
    context = get_context("spawn")
    outcome: Queue[int] = context.Queue()
    process = context.Process(target=read_in_daemon, args=(outcome,), daemon=True)
    process.start()

    assert outcome.get(timeout=30) == 2
    process.join()
    outcome.close()


def test_no_process_is_left_or_started_for_nothing() -> None:
    async def run() -> None:
        async with ParserPool() as pool:
            assert pool._idle == []

    asyncio.run(run())


@pytest.mark.parametrize("body", [b"\xff" * 100, b"<" * 1000, b"{" * 100_000])
def test_odd_bodies_do_not_end_the_worker(body: bytes) -> None:
    refused, read = read_all(body, rss_of(1))

    assert isinstance(refused, str)
    assert isinstance(read, Reading)
