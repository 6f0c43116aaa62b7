"""Taking people out of landing files: records that are theirs go, references to them are emptied.

One description of what is gone serves for files and for what the warehouse remembers of sources, so
that a rebuild from the files gives what the warehouse became.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from listening.errors import StorageError
from listening.model import Batch, Document, FetchState, RequestMade
from storage.blocklist import Blocklist
from storage.landing import landed_documents, rewrite_landing

#: Stands for a path that said whose page was read.
ERASED_PATH: Final = "/…"
#: A guid shorter than this ("12") is not unlike other people's.
_MIN_GUID: Final = 8


@dataclass(frozen=True, slots=True)
class Gone:
    """What is to go: the documents, and every name by which others may refer to them."""

    blocklist: Blocklist
    document_ids: set[str] = field(default_factory=set)
    author_keys: set[str] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    guids: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    pages: set[tuple[str, str]] = field(default_factory=set)  # (host, path) of the addresses

    def add(self, document: Document) -> None:
        """Take a document in, with its names."""
        self.document_ids.add(document.document_id)
        for url in {document.url, document.canonical_url} - {None}:
            self.add_url(url or "")
        if document.guid and len(document.guid) >= _MIN_GUID:
            self.guids.add(document.guid)
        if document.text:
            self.texts.add(document.text)

    def add_url(self, url: str) -> None:
        """Take an address in."""
        self.urls.add(url)
        parts = urlsplit(url)
        if parts.path.strip("/"):
            self.pages.add((parts.netloc, parts.path))

    def has(self, document: Document) -> bool:
        """Say whether a document goes."""
        return document.document_id in self.document_ids or self.blocklist.is_blocked(document)

    def is_name(self, value: str) -> bool:
        """Say whether a remembered word is a name of what is gone."""
        return (
            value in self.document_ids
            or value in self.urls
            or value in self.guids
            or value in self.author_keys
            or self.blocklist.has_document(value)
            or self.blocklist.has_url(value)
            or self.blocklist.has_words(value)
        )

    def is_path(self, host: str, path: str) -> bool:
        """Say whether a request went to a page of what is gone."""
        bare = path.partition("?")[0]
        return (host, bare) in self.pages or self.blocklist.has_words(path)


def find_gone(gone: Gone, paths: Iterable[Path]) -> None:
    """Add every landed document that goes to ``gone``.

    Raises:
        StorageError: A landing file is damaged: what it holds would stay unseen.
    """
    for path in paths:
        for document in landed_documents(path):
            if gone.has(document):
                gone.add(document)


def scrub_state(state: FetchState, gone: Gone) -> FetchState:
    """Return what is remembered of a source, without what is gone."""
    return replace(
        state,
        seen=_without(state.seen, gone),
        shared_urls=frozenset(url for url in state.shared_urls if not gone.is_name(url)),
        memory=_without(state.memory, gone),
        listed=tuple(one for one in state.listed if not gone.is_name(one)),
        missing=_without(state.missing, gone),
    )


def scrub_document(document: Document, gone: Gone) -> Document:
    """Return a document that stays, without its reference to one that is gone."""
    if document.in_reply_to and gone.is_name(document.in_reply_to):
        return replace(document, in_reply_to=None)
    return document


def scrub_request(request: RequestMade, gone: Gone) -> RequestMade:
    """Return a request without the path that said whose page it was."""
    if gone.is_path(request.host, request.path):
        return replace(request, path=ERASED_PATH)
    return request


def scrub_batch(batch: Batch, blocklist: Blocklist) -> Batch:
    """Return what may be stored of a batch; the batch itself when nothing of it is blocked."""
    if not blocklist:
        return batch
    gone = Gone(blocklist)
    for document in batch.documents:
        if gone.has(document):
            gone.add(document)
    return Batch(
        run_id=batch.run_id,
        batch_id=batch.batch_id,
        documents=tuple(scrub_document(d, gone) for d in batch.documents if not gone.has(d)),
        states=tuple(scrub_state(state, gone) for state in batch.states),
        source_runs=batch.source_runs,
        requests=tuple(scrub_request(request, gone) for request in batch.requests),
    )


def scrub_landing(path: Path, gone: Gone) -> int:
    """Write a landing, plan or tagged file anew without what is gone; return what it lost.

    Raises:
        StorageError: The file is damaged, or the disk is full; the file stays as it was.
    """
    lost = 0

    def change(kind: str, value: Any) -> Any:
        nonlocal lost
        found = _changed(kind, value, gone)
        lost += found is not value
        return found

    rewrite_landing(path, change)
    return lost


def _changed(kind: str, value: Any, gone: Gone) -> Any:
    """Return a record's value as it stays, the very same when nothing is to change; None: none."""
    if isinstance(value, Document):
        return None if gone.has(value) else scrub_document(value, gone)
    if isinstance(value, RequestMade):
        return scrub_request(value, gone)
    if isinstance(value, FetchState):
        scrubbed = scrub_state(value, gone)
        return value if scrubbed == value else scrubbed
    if kind == "tagged":
        return None if gone.is_name(value.document_id) else value
    if kind in {"source_run", "source"}:
        return value
    raise StorageError(f"nobody knows how to take a person out of a {kind!r}")


def _without(memory: Mapping[str, str], gone: Gone) -> dict[str, str]:
    return {
        key: value
        for key, value in memory.items()
        if not (gone.is_name(key) or gone.is_name(value))
    }
