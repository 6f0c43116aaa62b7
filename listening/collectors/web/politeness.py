"""One pace per host: one request at a time, a pause between two, longer when the host asks for it.

Hosts do not wait for each other; a limit holds for all requests together.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

#: Pauses we sit out inside a run; whoever asks for more is visited another night.
MAX_WAIT_S = 30.0
#: Crawl-delays we sit out between two requests; whoever asks for more gets one request per run.
MAX_DELAY_S = 120.0
#: No host's interval grows beyond this by its complaints.
_MAX_INTERVAL_S = 60.0
_FIRST_SLOWDOWN_S = 0.2
#: A host that let so many requests in a row run out of time …
_MAX_SILENCES = 3
#: … is left alone for so long, beyond most runs: its other sources would cost as much each.
SILENCE_PAUSE_S = 3600.0


@dataclass(slots=True)
class _Host:
    """What we owe one host."""

    interval_s: float
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = 0.0  # on the loop's clock
    paused_until: float | None = None
    pause_after_s: float | None = None  # once a request was made
    silence_count: int = 0  # in a row


class Hand:
    """Room for one visit's answer in memory, taken when its host's turn has come, not before.

    Args:
        places: As many as there is room for in all.
    """

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._is_full = False

    async def take(self) -> None:
        """Wait for room, unless this visit has it already."""
        if not self._is_full:
            await self._places.acquire()
            self._is_full = True

    def free(self) -> None:
        """Leave the room to others, if this visit has it."""
        if self._is_full:
            self._is_full = False
            self._places.release()


class Politeness:
    """The paces of all hosts of one run.

    Args:
        interval_s: From the end of a request to the start of the next one to that host.
        concurrency: Requests at once over all hosts.
    """

    def __init__(self, *, interval_s: float, concurrency: int) -> None:
        self._interval_s = interval_s
        self._slots = asyncio.Semaphore(concurrency)
        self._hosts: dict[str, _Host] = {}

    async def ready(self, host: str) -> None:
        """Wait until a request to this host would not have to wait for its pace."""
        await _sleep_until(self._host(host).next_at)

    @asynccontextmanager
    async def turn(self, host: str, hand: Hand | None = None) -> AsyncIterator[None]:
        """Hold this host while one request goes out and its answer comes in.

        Args:
            host: Whose turn is waited for.
            hand: Takes the answer; it stays with the caller.
        """
        mine = self._host(host)
        async with mine.lock:
            await _sleep_until(mine.next_at)
            if hand is not None:
                await hand.take()
            async with self._slots:
                try:
                    yield
                finally:
                    # From its end: a request that was slow on its way must not meet the next one.
                    mine.next_at = _time() + mine.interval_s
                    if mine.pause_after_s is not None:
                        mine.paused_until = _time() + mine.pause_after_s

    def obey_delay(self, host: str, delay_s: float) -> None:
        """Take a crawl-delay of robots.txt into account.

        Beyond ``MAX_DELAY_S`` one request more is made, and the host is then left alone.
        """
        mine = self._host(host)
        if delay_s > MAX_DELAY_S:
            mine.pause_after_s = delay_s
            return
        mine.interval_s = max(mine.interval_s, delay_s)
        mine.next_at = max(mine.next_at, _time() + mine.interval_s)

    def slow_down(self, host: str, retry_after_s: float | None) -> None:
        """React to 429 or 503: the whole host is visited more slowly, or no more in this run."""
        mine = self._host(host)
        if retry_after_s is not None and retry_after_s > MAX_WAIT_S:
            mine.paused_until = _time() + retry_after_s
            return
        mine.interval_s = min(max(2 * mine.interval_s, _FIRST_SLOWDOWN_S), _MAX_INTERVAL_S)
        mine.next_at = _time() + max(mine.interval_s, retry_after_s or 0.0)

    def note_silence(self, host: str) -> None:
        """Count a request that ran out of time; the third in a row ends the visits to its host."""
        mine = self._host(host)
        mine.silence_count += 1
        if mine.silence_count >= _MAX_SILENCES:
            mine.paused_until = max(mine.paused_until or 0.0, _time() + SILENCE_PAUSE_S)

    def note_sign(self, host: str) -> None:
        """Take note that a host said something, if only no."""
        self._host(host).silence_count = 0

    def pause_left(self, host: str) -> float | None:
        """Return the seconds a host is to be left alone, or None when it is not."""
        until = self._host(host).paused_until
        if until is None or until <= _time():
            return None
        return until - _time()

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host(interval_s=self._interval_s))


def _time() -> float:
    return asyncio.get_running_loop().time()


async def _sleep_until(instant: float) -> None:
    await asyncio.sleep(max(instant - _time(), 0.0))
