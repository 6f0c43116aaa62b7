"""Decisions without effects: which sources form a batch, which documents of a visit are landed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from types import MappingProxyType

from listening.collectors import faults
from listening.collectors.identity.canonical import host_of
from listening.collectors.identity.identity import Identities, identities, repeated_guids
from listening.collectors.identity.withdrawn import withdrawn
from listening.collectors.schedule import is_due
from listening.model import Document, FetchState, RawDocument, Reading, Source, SourceKind

#: Documents remembered per source, or as many as it shows where that is more; older ones are
#: forgotten, and would count as new again.
MAX_SEEN = 2000
#: Before any visit: a source that was never visited waits longest.
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """What one visit adds to what we know."""

    documents: tuple[Document, ...]  # new or changed
    seen: Mapping[str, str]
    shared_urls: frozenset[str]
    listed: tuple[str, ...]  # ids shown, in the source's order
    missing: Mapping[str, str]  # ids withdrawn, and since when
    document_count: int  # shown by the source
    new_count: int
    changed_count: int
    faults: tuple[str, ...]
    is_used_up: bool


def split_batches(
    sources: Sequence[Source],
    states: Mapping[str, FetchState],
    *,
    now: datetime,
    batch_size: int,
) -> list[list[tuple[Source, FetchState]]]:
    """Return the sources that are due, in batches that can run side by side.

    All sources of one host are in one batch, so that its pace is kept, even when they are more than
    ``batch_size``. Hosts with many sources come first: they take longest. Within a host, whoever
    waits longest comes first, so that nobody is left out night after night for lack of time.
    """
    by_host: dict[str, list[tuple[Source, FetchState]]] = {}
    for source in sources:
        state = states.get(source.source_id)
        if source.kind is SourceKind.IMPORT:
            continue  # nobody visits it
        if is_due(state, now=now):
            pair = (source, state or FetchState(source_id=source.source_id))
            by_host.setdefault(host_of(source.url), []).append(pair)
    batches: list[list[tuple[Source, FetchState]]] = []
    first_open = 0
    for queue in sorted(by_host.values(), key=len, reverse=True):  # stable: configuration order
        queue.sort(key=lambda pair: pair[1].next_fetch_at or _LONG_AGO)
        while first_open < len(batches) and len(batches[first_open]) >= batch_size:
            first_open += 1
        fitting = (b for b in batches[first_open:] if len(b) + len(queue) <= batch_size)
        batch = next(fitting, None)
        if batch is None:
            batch = []
            batches.append(batch)
        batch.extend(queue)
    return batches


def queues(
    plan: Sequence[tuple[Source, FetchState]],
) -> list[list[tuple[Source, FetchState]]]:
    """Return one queue per host, the longest first."""
    by_host: dict[str, list[tuple[Source, FetchState]]] = {}
    for source, state in plan:
        by_host.setdefault(host_of(source.url), []).append((source, state))
    return sorted(by_host.values(), key=len, reverse=True)


def documents_to_land(
    reading: Reading,
    *,
    source: Source,
    state: FetchState,
    now: datetime,
    author_key: Callable[[str], str],
    max_documents: int,
) -> Landing:
    """Return the documents that are new, or whose text changed since we last saw them.

    Of several items with one identity the first one counts: feeds list the newest first. Two items
    with one guid but different addresses are two documents, and the fault is named.

    Args:
        reading: What the source shows now.
        source: Where it was read.
        state: What we remember of it.
        now: The visit.
        author_key: Turns a name into its pseudonym.
        max_documents: Items beyond this number are left out.
    """
    shown = reading.documents[:max_documents]
    known = identities(
        shown, source_id=source.source_id, seen=state.seen, shared_urls=state.shared_urls
    )
    found = {*reading.faults}
    is_used_up = len(reading.documents) > max_documents
    if is_used_up:
        found.add(faults.TOO_MANY_ITEMS)
    if len(set(known.document_ids)) < len(shown) or repeated_guids(shown):
        found.add(faults.DUPLICATE_ID)
    current: dict[str, str] = {}
    landed: list[Document] = []
    new_count = 0
    for index, raw in enumerate(shown):
        document_id, digest = known.document_ids[index], known.content_hashes[index]
        if document_id in current or _is_void(raw):
            continue
        current[document_id] = digest
        if state.seen.get(document_id) != digest:
            landed.append(_document(raw, index, known, source, now=now, author_key=author_key))
            new_count += document_id not in state.seen
    return Landing(
        documents=tuple(landed),
        seen=_remembered(current, state.seen),
        shared_urls=_bounded(known.shared_urls, max(MAX_SEEN, len(shown))),
        listed=tuple(current),
        missing=withdrawn(
            source,
            before=state.listed,
            shown=tuple(current),
            dates=[raw.published_at for raw in shown if raw.published_at is not None],
            earlier=state.missing,
            now=now,
        ),
        document_count=len(shown),
        new_count=new_count,
        changed_count=len(landed) - new_count,
        faults=faults.in_order(found),
        is_used_up=is_used_up,
    )


def _is_void(raw: RawDocument) -> bool:
    """Return whether there is nothing to read and nothing to open."""
    return not raw.title and not raw.text and not raw.url


def _document(
    raw: RawDocument,
    index: int,
    known: Identities,
    source: Source,
    *,
    now: datetime,
    author_key: Callable[[str], str],
) -> Document:
    return Document(
        document_id=known.document_ids[index],
        source_id=source.source_id,
        kind=source.kind,
        url=raw.url,
        canonical_url=known.canonical_urls[index],
        title=raw.title,
        text=raw.text,
        author_key=author_key(raw.author) if raw.author else None,
        language=raw.language or source.language,
        published_at=raw.published_at,
        published_at_quality=raw.published_at_quality,
        fetched_at=now,
        content_hash=known.content_hashes[index],
        guid=raw.guid,
        in_reply_to=raw.in_reply_to,
    )


def _remembered(current: Mapping[str, str], earlier: Mapping[str, str]) -> Mapping[str, str]:
    """Return all that is shown now, then what was shown before, up to ``MAX_SEEN``."""
    merged = dict(current)
    for document_id, digest in earlier.items():
        merged.setdefault(document_id, digest)
    return MappingProxyType(dict(islice(merged.items(), max(MAX_SEEN, len(current)))))


def _bounded(urls: frozenset[str], limit: int) -> frozenset[str]:
    return urls if len(urls) <= limit else frozenset(sorted(urls)[:limit])
