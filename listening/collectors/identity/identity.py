"""Who a document is over all visits: by its canonical URL, else its guid, else its text.

A URL that several items of one source share (a podcast's home page, a thread's first page)
identifies none of them; then the guid decides between them. The address of a site identifies
nothing. Guids belong to their source, URLs to the whole Web, so that three feeds that carry one
document give one id.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from listening.collectors.identity.canonical import canonical_url, names_a_site
from listening.model import RawDocument

_ID_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Identities:
    """The ids of one reading, in its order, and the URLs that turned out to be shared."""

    document_ids: tuple[str, ...]
    canonical_urls: tuple[str | None, ...]
    content_hashes: tuple[str, ...]
    shared_urls: frozenset[str]


def content_hash(title: str, text: str) -> str:
    """Return 32 hex digits over what a reader sees; a new one means that it was edited."""
    return _digest("content", title, text)


def identities(
    documents: Sequence[RawDocument],
    *,
    source_id: str,
    seen: Mapping[str, str],
    shared_urls: frozenset[str],
) -> Identities:
    """Return the ids of a reading's items; the same for any order of them.

    Args:
        documents: Items of one source.
        source_id: Part of the ids that do not come from a URL.
        seen: content_hash by document_id of earlier visits.
        shared_urls: Known not to identify, from earlier visits.
    """
    urls = [canonical_url(document.url) for document in documents]
    hashes = [content_hash(document.title, document.text) for document in documents]
    shared = shared_urls | _shared(documents, urls, hashes)
    ids = []
    for document, url, digest in zip(documents, urls, hashes, strict=True):
        if url is None:
            ids.append(_id_without_url(document, digest, source_id))
        elif url not in shared:
            ids.append(_digest("url", url))
        elif seen.get(_digest("url", url)) == digest:
            # It was known under the URL before that was found to be shared: it keeps its id.
            ids.append(_digest("url", url))
        elif document.guid:
            ids.append(_digest("url+guid", url, document.guid))
        else:
            ids.append(_digest("url+text", url, digest))
    return Identities(tuple(ids), tuple(urls), tuple(hashes), frozenset(shared))


def _shared(
    documents: Sequence[RawDocument], urls: Sequence[str | None], hashes: Sequence[str]
) -> set[str]:
    """Return the URLs under which a reading shows more than one document."""
    marks: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for document, url, digest in zip(documents, urls, hashes, strict=True):
        if url is not None:
            marks[url].add(("guid", document.guid) if document.guid else ("text", digest))
    return {url for url, found in marks.items() if len(found) > 1 or names_a_site(url)}


def repeated_guids(documents: Sequence[RawDocument]) -> set[str]:
    """Return the guids that more than one item of a reading has."""
    counts = Counter(document.guid for document in documents if document.guid)
    return {guid for guid, count in counts.items() if count > 1}


def _id_without_url(document: RawDocument, digest: str, source_id: str) -> str:
    if document.guid:
        return _digest("guid", source_id, document.guid)
    return _digest("text", source_id, digest)


def _digest(tag: str, *parts: str) -> str:
    """Hash a tagged key; lengths keep ("a", "bc") and ("ab", "c") apart."""
    key = "".join(f"{len(part)}:{part}" for part in (tag, *parts))
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_DIGITS]
