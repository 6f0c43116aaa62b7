"""A whole night in one process: batches overlap, so that a slow host holds up nobody but itself.

One loop, one set of paces and one pool of parsers serve all batches. The next batch begins while
the last hosts of earlier ones are still waited for; each is handed on and forgotten when its own
last source was visited. How many are open depends on the hosts still to visit and on the documents
that wait, so that memory does not grow with the number of sources.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from listening.collectors.collect import Collector
from listening.collectors.options import CollectOptions
from listening.collectors.plan import queues
from listening.collectors.web.address import Resolver, resolve
from listening.errors import ListeningError
from listening.model import Batch, FetchState, Source, SourceRun

#: Documents that open batches hold until they are complete, at some 5 kB each; no further batch
#: begins while there are more.
MAX_HELD_DOCUMENTS = 50_000
#: What is remembered of so many documents, an id and a digest each, takes the memory of one.
_REMEMBERED_PER_DOCUMENT = 10
#: Hosts under way per place in the line: while one waits for its pace, another is asked.
_HOSTS_PER_PLACE = 4

#: Name of a batch, and its sources with their states.
Planned = tuple[str, Sequence[tuple[Source, FetchState]]]


async def collect_batches(
    plans: Iterable[Planned],
    *,
    run_id: str,
    options: CollectOptions,
    author_key: Callable[[str], str],
    clock: Callable[[], datetime],
    on_batch: Callable[[Batch], None],
    on_visit: Callable[[SourceRun], None] | None = None,
    resolver: Resolver = resolve,
) -> None:
    """Visit the sources of many batches.

    Args:
        plans: Taken one by one, as there is room. No host is in two of them.
        run_id: Names the run in the records.
        options: Limits and manners, for all batches together.
        author_key: Turns an author's name into its pseudonym.
        clock: Returns now as aware UTC.
        on_batch: Given each batch as soon as it is complete, in a thread, one at a time.
        on_visit: Told of each visit when it ends, for progress.
        resolver: Looks hosts up; tests pass their own.
    """
    room = _Room(_HOSTS_PER_PLACE * options.concurrency)
    handing_on = asyncio.Lock()
    async with Collector.open(
        options, author_key=author_key, clock=clock, resolver=resolver
    ) as collector:

        async def collect(batch_id: str, plan: Sequence[tuple[Source, FetchState]]) -> None:
            def note_visit(run: SourceRun) -> None:
                room.hold(batch_id, run.new_count + run.changed_count)
                if on_visit is not None:
                    on_visit(run)

            batch = await collector.collect(
                plan,
                run_id=run_id,
                batch_id=batch_id,
                on_visit=note_visit,
                on_host_left=room.leave_host,
            )
            async with handing_on:
                await asyncio.to_thread(on_batch, batch)
            room.leave_batch(batch_id)

        try:
            async with asyncio.TaskGroup() as group:
                for batch_id, plan in plans:
                    room.enter(len(queues(plan)))
                    room.hold(batch_id, _remembered(plan))
                    group.create_task(collect(batch_id, plan))
                    await room.for_more()
        except ExceptionGroup as errors:  # a batch that could not be handed on
            raise _the_one(errors) from None


def _the_one(errors: ExceptionGroup) -> Exception:
    """Return the first of our own errors when there is nothing else, else all of them."""
    ours, others = errors.split(ListeningError)
    if ours is None or others is not None:
        return errors
    first: Exception = ours
    while isinstance(first, ExceptionGroup):
        first = first.exceptions[0]
    return first


def _remembered(plan: Sequence[tuple[Source, FetchState]]) -> int:
    """Return for how many documents the states of a batch count."""
    return sum(len(state.seen) for _, state in plan) // _REMEMBERED_PER_DOCUMENT


class _Room:
    """How much is under way, and whether there is room for another batch."""

    def __init__(self, max_hosts: int) -> None:
        self._max_hosts = max_hosts
        self._hosts = 0
        self._held: Counter[str] = Counter()  # documents, by batch
        self._is_free = asyncio.Event()

    def enter(self, host_count: int) -> None:
        self._hosts += host_count
        self._update()

    def leave_host(self) -> None:
        self._hosts -= 1
        self._update()

    def hold(self, batch_id: str, document_count: int) -> None:
        self._held[batch_id] += document_count
        self._update()

    def leave_batch(self, batch_id: str) -> None:
        del self._held[batch_id]
        self._update()

    async def for_more(self) -> None:
        """Wait until another batch may begin."""
        await self._is_free.wait()

    def _update(self) -> None:
        if self._hosts < self._max_hosts and self._held.total() < MAX_HELD_DOCUMENTS:
            self._is_free.set()
        else:
            self._is_free.clear()
