"""Reading files and addresses on demand, many in one call: what ``vigie parse`` prints."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from listening.collectors import faults
from listening.collectors.identity.identity import identities
from listening.collectors.options import CollectOptions
from listening.collectors.registry import WALKS
from listening.collectors.sandbox.process import ParserPool
from listening.collectors.sandbox.task import Task
from listening.collectors.web.body import BodyError, unpacked
from listening.collectors.web.fetch import Fetched, Fetcher
from listening.errors import CollectError
from listening.model import FetchState, RawDocument, Reading, SourceKind

#: Files in hand at once: enough to keep the workers busy, few enough for the memory.
_CHUNK = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """One document as it is printed; authors are not pseudonymised, nothing is stored."""

    id: str  # of our own; of a walked page, the post's id as its engine gives it
    kind: SourceKind
    title: str
    url: str | None
    author: str | None
    published_at: datetime | None
    language: str | None  # as declared
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """What one file or address gave: documents, or an error."""

    file: str
    format: str | None = None  # rss20, atom10, json11 …
    documents: tuple[ParsedDocument, ...] = ()
    faults: tuple[str, ...] = ()
    error: str | None = None  # word of listening.collectors.faults


def parse_files(
    names: Iterable[str],
    *,
    kind: SourceKind | None = SourceKind.FEED,
    now: datetime,
    options: CollectOptions | None = None,
) -> Iterator[ParsedFile]:
    """Yield what each file or http(s) address holds, in the order of the names.

    Files may be gzipped. A file that cannot be read never stops the others.

    Args:
        names: Paths and addresses.
        kind: How to read them; None: as each one shows it is to be read.
        now: The time of reading; later dates are refused.
        options: Limits; needed for addresses, which are refused without.
    """
    limits = options or CollectOptions(user_agent_contact="")
    waiting = iter(names)
    with asyncio.Runner() as runner:
        desk = _Desk(kind, now=now, options=limits, may_fetch=options is not None)
        try:
            while chunk := list(islice(waiting, _CHUNK)):
                yield from runner.run(desk.parse_chunk(chunk))
        finally:
            runner.run(desk.close())


class _Desk:
    """What the files of one call share."""

    def __init__(
        self, kind: SourceKind | None, *, now: datetime, options: CollectOptions, may_fetch: bool
    ) -> None:
        self._kind = kind
        self._now = now
        self._options = options
        self._may_fetch = may_fetch
        self._parsers = ParserPool(workers=options.parse_workers, timeout_s=options.parse_timeout_s)
        self._stack = AsyncExitStack()
        self._stack.push_async_exit(self._parsers)
        self._opening = asyncio.Lock()
        self._fetcher: Fetcher | None = None

    async def close(self) -> None:
        """End the workers and connections."""
        await self._stack.aclose()

    async def parse_chunk(self, names: list[str]) -> list[ParsedFile]:
        """Return what each name holds, all at once."""
        return await asyncio.gather(*(self._parse(name) for name in names))

    async def _parse(self, name: str) -> ParsedFile:
        try:
            task = await self._task(name)
            reading = await self._parsers.read(task)
        except CollectError as error:
            return ParsedFile(file=name, error=error.reason)
        except BodyError as error:
            return ParsedFile(file=name, error=error.reason)
        except OSError:
            return ParsedFile(file=name, error=faults.FILE_UNREADABLE)
        return _parsed(name, reading, self._kind)

    async def _task(self, name: str) -> Task:
        """Return the body behind a name, ready to be read."""
        content_type = url = None
        if self._may_fetch and name.lower().startswith(("http://", "https://")):
            fetched = await self._fetch(name)
            body, content_type, url = fetched.body or b"", fetched.content_type, fetched.url
        else:
            body = _file_body(Path(name), limit=self._options.max_body_bytes)
        return Task(
            kind=self._kind,
            body=body,
            content_type=content_type,
            url=url,
            source_id=name,
            now=self._now,
        )

    async def _fetch(self, url: str) -> Fetched:
        """Fetch an address; what fetching needs is opened with the first one."""
        async with self._opening:
            if self._fetcher is None:
                self._fetcher = await self._stack.enter_async_context(
                    Fetcher.open(self._options, clock=lambda: self._now)
                )
        return await self._fetcher.fetch(url, FetchState(source_id=url))


def _file_body(path: Path, *, limit: int) -> bytes:
    """Return a file's bytes, decompressed, within the limit."""
    with path.open("rb") as file:
        body = file.read(limit + 1)
    if len(body) > limit:
        raise BodyError(faults.BODY_TOO_LARGE)
    return unpacked(body, limit=limit)


def _parsed(name: str, reading: Reading, asked: SourceKind | None) -> ParsedFile:
    kind = asked or _kind_found(reading)
    known = identities(reading.documents, source_id=name, seen={}, shared_urls=frozenset())
    return ParsedFile(
        file=name,
        format=reading.kind,
        documents=tuple(
            _printed(raw.guid or document_id if kind in WALKS else document_id, raw, kind)
            for document_id, raw in zip(known.document_ids, reading.documents, strict=True)
        ),
        faults=reading.faults,
    )


def _kind_found(reading: Reading) -> SourceKind:
    """Return the kind that a worker found; readers of feeds name the format instead."""
    try:
        return SourceKind(reading.kind)
    except ValueError:
        return SourceKind.FEED


def _printed(document_id: str, raw: RawDocument, kind: SourceKind) -> ParsedDocument:
    return ParsedDocument(
        id=document_id,
        kind=kind,
        title=raw.title,
        url=raw.url,
        author=raw.author,
        published_at=raw.published_at,
        language=raw.language,
        text=raw.text,
    )
