"""Collecting: a batch of sources from their states to documents, states and a record of each visit.

One asyncio program: one queue per host, all hosts side by side, bodies read in other processes. A
source that fails is recorded and harms nobody else.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime

from listening.collectors import faults
from listening.collectors.options import CollectOptions
from listening.collectors.plan import documents_to_land, queues
from listening.collectors.registry import WALKS
from listening.collectors.sandbox.process import ParserPool
from listening.collectors.sandbox.task import PageTask, Task
from listening.collectors.visit import (
    Visit,
    failed_visit,
    good_visit,
    missed_visit,
    unchanged_visit,
)
from listening.collectors.walk import Page, Step
from listening.collectors.walking import walk_source
from listening.collectors.web.address import Resolver, resolve
from listening.collectors.web.fetch import Fetched, Fetcher
from listening.collectors.web.off_hours import is_off
from listening.collectors.web.politeness import Hand
from listening.errors import CollectError, SourceUnavailableError
from listening.logs import get_logger
from listening.model import (
    Batch,
    FetchState,
    Reading,
    Source,
    SourceRun,
)

log = get_logger("listening.collectors.collect")


async def visit_source(
    source: Source,
    *,
    options: CollectOptions,
    clock: Callable[[], datetime],
    resolver: Resolver = resolve,
) -> tuple[SourceRun, Reading | None]:
    """Try one source live, as for the first time, and return its record and what it shows."""
    async with Collector.open(
        options, author_key=lambda name: name, clock=clock, resolver=resolver
    ) as collector:
        state = FetchState(source_id=source.source_id)
        visit = await collector.visit(source, state, run_id="check")
    return visit.run, visit.reading


class Collector:
    """Visits sources; holds what the visits of one run share."""

    def __init__(
        self,
        fetcher: Fetcher,
        parsers: ParserPool,
        *,
        options: CollectOptions,
        author_key: Callable[[str], str],
        clock: Callable[[], datetime],
    ) -> None:
        self._fetcher = fetcher
        self._parsers = parsers
        self._options = options
        self._author_key = author_key
        self._clock = clock
        self._ends_at = _time() + options.batch_deadline_s
        # Bodies wait here for a parser: the bound on memory when answers come faster than that.
        self._places = asyncio.Semaphore(2 * options.concurrency)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        options: CollectOptions,
        *,
        author_key: Callable[[str], str],
        clock: Callable[[], datetime],
        resolver: Resolver = resolve,
    ) -> AsyncIterator["Collector"]:
        """Yield a collector; connections and processes end with it.

        Args:
            options: Limits and manners.
            author_key: Turns an author's name into its pseudonym.
            clock: Returns now as aware UTC.
            resolver: Looks hosts up; tests pass their own.
        """
        async with (
            Fetcher.open(options, clock=clock, resolver=resolver) as fetcher,
            ParserPool(workers=options.parse_workers, timeout_s=options.parse_timeout_s) as parsers,
        ):
            yield cls(fetcher, parsers, options=options, author_key=author_key, clock=clock)

    async def collect(
        self,
        plan: Sequence[tuple[Source, FetchState]],
        *,
        run_id: str,
        batch_id: str,
        on_visit: Callable[[SourceRun], None] | None = None,
        on_host_left: Callable[[], None] | None = None,
    ) -> Batch:
        """Visit every source of a plan once; return all that a load needs, in the plan's order.

        Args:
            plan: Sources with their states; sources of one host are visited one after the other.
            run_id: Names the run in the records.
            batch_id: Names this batch of it.
            on_visit: Told of each visit when it ends, for progress.
            on_host_left: Told when the last source of a host was visited.
        """
        visits: dict[str, Visit] = {}

        async def visit_queue(queue: Iterable[tuple[Source, FetchState]]) -> None:
            for source, state in queue:
                reason = self._why_not(source)
                if reason is None:
                    visit = await self.visit(source, state, run_id=run_id)
                else:
                    now = self._clock()
                    visit = missed_visit(source, state, run_id=run_id, now=now, reason=reason)
                visits[source.source_id] = replace(visit, reading=None)
                if on_visit is not None:
                    on_visit(visit.run)
            if on_host_left is not None:
                on_host_left()

        async with asyncio.TaskGroup() as group:
            for queue in queues(plan):
                group.create_task(visit_queue(queue))
        ordered = [visits[source.source_id] for source, _ in plan]
        return Batch(
            run_id=run_id,
            batch_id=batch_id,
            documents=tuple(document for visit in ordered for document in visit.documents),
            states=tuple(visit.state for visit in ordered),
            source_runs=tuple(visit.run for visit in ordered),
            requests=self._fetcher.take_requests(visits.keys()),
        )

    def _why_not(self, source: Source) -> str | None:
        """Return why a source cannot be visited any more in this run, or None."""
        if _time() >= self._ends_at:
            return faults.BATCH_DEADLINE
        is_resting = is_off(source.off_hours, now=self._clock(), timezone=self._options.timezone)
        return faults.OFF_HOURS if is_resting else None  # those of its host: each request asks

    async def fetch(self, url: str) -> Fetched:
        """Fetch one address as a visit would, at its host's pace.

        Raises:
            CollectError: As a visit records it.
        """
        await self._fetcher.ready(url)
        return await self._fetcher.fetch(url, FetchState(source_id=url))

    async def visit(self, source: Source, state: FetchState, *, run_id: str) -> Visit:
        """Visit one source; every way it can fail ends in its record, not in an exception."""
        await self._fetcher.ready(source.url)
        read = self._walk if source.kind in WALKS else self._read
        started_at = self._clock()
        started = _time()
        try:
            visit = await read(source, state, run_id=run_id, started_at=started_at)
        except CollectError as error:
            visit = failed_visit(source, state, error, run_id=run_id, now=started_at)
        except Exception:  # the boundary: no source, whatever it sends, ends the others' batch
            log.exception("source_failed_unexpectedly", source=source.source_id)
            mistake = SourceUnavailableError(source.source_id, faults.INTERNAL_ERROR)
            visit = failed_visit(source, state, mistake, run_id=run_id, now=started_at)
        run = replace(visit.run, duration_s=round(_time() - started, 3))
        log.info(
            "source_visited",
            source=source.source_id,
            status=run.status.value,
            reason=run.reason,
            documents=run.document_count,
            new=run.new_count,
        )
        return replace(visit, run=run)

    async def _read(
        self, source: Source, state: FetchState, *, run_id: str, started_at: datetime
    ) -> Visit:
        """Fetch and read; an unchanged body is not read again."""
        with self._hand() as hand:
            fetched = await self._fetcher.fetch(source.url, state, hand)
            return await self._read_fetched(
                source, state, fetched, run_id=run_id, started_at=started_at
            )

    @contextmanager
    def _hand(self) -> Iterator[Hand]:
        """Yield room for one answer, empty at first, free at the end."""
        hand = Hand(self._places)
        try:
            yield hand
        finally:
            hand.free()

    async def _read_fetched(
        self,
        source: Source,
        state: FetchState,
        fetched: Fetched,
        *,
        run_id: str,
        started_at: datetime,
    ) -> Visit:
        body = fetched.body
        if body is None:
            return unchanged_visit(source, state, fetched, run_id=run_id, now=started_at)
        body_hash = _digest(body)
        if body_hash == state.body_hash:
            return unchanged_visit(source, state, fetched, run_id=run_id, now=started_at)
        reading = await self._parsers.read(
            Task(
                kind=source.kind,
                body=body,
                content_type=fetched.content_type,
                url=fetched.url,
                source_id=source.source_id,
                now=started_at,
                zone=source.timezone or self._options.timezone,
            )
        )
        landing = documents_to_land(
            reading,
            source=source,
            state=state,
            now=started_at,
            author_key=self._author_key,
            max_documents=self._options.max_documents,
        )
        visit = good_visit(
            source, state, fetched, landing, body_hash=body_hash, run_id=run_id, now=started_at
        )
        return replace(visit, reading=reading)

    async def _walk(
        self, source: Source, state: FetchState, *, run_id: str, started_at: datetime
    ) -> Visit:
        """Walk from page to page; between two pages nothing is held but what was found."""

        async def fetch(url: str, known: FetchState) -> Fetched:
            await self._fetcher.ready(url)
            with self._hand() as hand:
                return await self._fetcher.fetch(url, known, hand)

        async def read(page: Page, memory: Mapping[str, str]) -> Step:
            return await self._parsers.read(
                PageTask(
                    kind=source.kind,
                    page=page,
                    memory=memory,
                    source_id=source.source_id,
                    now=started_at,
                    zone=source.timezone or self._options.timezone,
                )
            )

        walked = await walk_source(
            source,
            state,
            walk=WALKS[source.kind],
            fetch=fetch,
            read=read,
            is_known=lambda body: _digest(body) == state.body_hash,
            now=started_at,
            max_pages=self._options.max_pages,
        )
        if walked.is_unchanged:
            return unchanged_visit(source, state, walked.first, run_id=run_id, now=started_at)
        landing = documents_to_land(
            walked.reading,
            source=source,
            state=state,
            now=started_at,
            author_key=self._author_key,
            max_documents=self._options.max_documents,
        )
        visit = good_visit(
            source,
            state,
            walked.first,
            landing,
            body_hash=_digest(walked.first.body or b""),
            run_id=run_id,
            now=started_at,
            walked=walked,
        )
        return replace(visit, reading=walked.reading)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _time() -> float:
    return asyncio.get_running_loop().time()
