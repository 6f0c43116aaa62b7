"""One pace per host."""

import asyncio
import time
from itertools import pairwise

from listening.collectors.web.politeness import MAX_WAIT_S, Politeness


def test_one_host_is_asked_one_at_a_time_with_a_pause() -> None:
    starts: list[float] = []

    async def run() -> None:
        politeness = Politeness(interval_s=0.05, concurrency=9)

        async def ask() -> None:
            async with politeness.turn("a.example"):
                starts.append(time.monotonic())

        await asyncio.gather(ask(), ask(), ask())

    asyncio.run(run())

    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert all(pause >= 0.045 for pause in pauses)


def test_hosts_do_not_wait_for_each_other_but_share_the_slots() -> None:
    most = now = 0

    async def run() -> None:
        politeness = Politeness(interval_s=10, concurrency=2)

        async def ask(host: str) -> None:
            nonlocal most, now
            async with politeness.turn(host):
                now += 1
                most = max(most, now)
                await asyncio.sleep(0.01)
                now -= 1

        await asyncio.gather(*(ask(f"{n}.example") for n in range(6)))

    asyncio.run(asyncio.wait_for(run(), 5))

    assert most == 2


def test_a_long_pause_holds_for_the_host_and_nobody_else() -> None:
    async def run() -> tuple[float | None, float | None]:
        politeness = Politeness(interval_s=0, concurrency=2)
        politeness.slow_down("a.example", 3600)
        return politeness.pause_left("a.example"), politeness.pause_left("b.example")

    left, other = asyncio.run(run())

    assert left is not None and left > MAX_WAIT_S
    assert other is None


def test_a_short_pause_is_sat_out() -> None:
    async def run() -> tuple[float | None, float]:
        politeness = Politeness(interval_s=0, concurrency=2)
        politeness.slow_down("a.example", 0.1)
        started = time.monotonic()
        async with politeness.turn("a.example"):
            pass
        return politeness.pause_left("a.example"), time.monotonic() - started

    left, waited = asyncio.run(run())

    assert left is None
    assert waited >= 0.09


def test_a_crawl_delay_slows_the_host_down() -> None:
    async def run() -> float:
        politeness = Politeness(interval_s=0, concurrency=2)
        politeness.obey_delay("a.example", 0.1)
        started = time.monotonic()
        await politeness.ready("a.example")
        return time.monotonic() - started

    assert asyncio.run(run()) >= 0.09
