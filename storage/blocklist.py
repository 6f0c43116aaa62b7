"""Who may not come back: salted digests that are asked before anything is landed or loaded.

The list holds no name, no address and no text: keyed digests (BLAKE2b under the client's salt), of
which only somebody with the salt *and* the very words can tell whether they are on it. Words are
looked for as a whole sequence, whatever their case, accents and punctuation.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from listening.errors import StorageError
from listening.files import write_whole
from listening.model import Document
from listening.text import FOLDED_WORD, fold
from listening.translate import mark

#: File of the list, in the client's privacy folder.
NAME: Final = "blocklist.jsonl"
#: A whole text is blocked from this many words on; shorter ones are anybody's ("merci").
MIN_TEXT_WORDS: Final = 8


class BlockKind(StrEnum):
    """What a digest is of."""

    AUTHOR = "author"  # an author_key
    URL = "url"  # an address, canonical or as given
    DOCUMENT = "document"  # a document_id
    TEXT = "text"  # all words of a text
    WORDS = "words"  # a sequence of words anywhere in title, text or address


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One line of the list."""

    kind: BlockKind
    digest: str  # 32 hex
    word_count: int = 0  # of WORDS
    blocked_at: str = ""  # ISO 8601


class Blocklist:
    """The list of one client, in memory."""

    def __init__(self, salt: bytes, blocks: Iterable[Block] = ()) -> None:
        self._salt = salt
        self.blocks = tuple(blocks)
        self._known = {(block.kind, block.digest) for block in self.blocks}
        self._lengths = sorted({b.word_count for b in self.blocks if b.kind is BlockKind.WORDS})
        self._has_texts = any(block.kind is BlockKind.TEXT for block in self.blocks)

    def __bool__(self) -> bool:
        return bool(self.blocks)

    def block(self, kind: BlockKind, value: str, *, now: datetime) -> Block:
        """Return the line that blocks a value: words are folded, everything else is taken as is."""
        words = words_of(value)
        if kind in {BlockKind.TEXT, BlockKind.WORDS}:
            value = " ".join(words)
        count = len(words) if kind is BlockKind.WORDS else 0
        digest = self._digest(kind, value)
        return Block(kind=kind, digest=digest, word_count=count, blocked_at=now.isoformat())

    def only(self, blocks: Iterable[Block]) -> "Blocklist":
        """Return another list under the same salt."""
        return Blocklist(self._salt, blocks)

    def is_blocked(self, document: Document) -> bool:
        """Say whether a document must not be stored."""
        if not self.blocks:
            return False
        return any(self._has(kind, value) for kind, value in _names(document)) or (
            self.has_words(_all_text(document)) or self._has_text(document.text)
        )

    def has_words(self, text: str) -> bool:
        """Say whether a blocked sequence of words stands in a text."""
        if not self._lengths:
            return False
        words = words_of(text)
        return any(
            self._has(BlockKind.WORDS, " ".join(words[start : start + length]))
            for length in self._lengths
            for start in range(len(words) - length + 1)
        )

    def has_url(self, url: str) -> bool:
        """Say whether an address is blocked."""
        return self._has(BlockKind.URL, url)

    def has_document(self, document_id: str) -> bool:
        """Say whether a document is blocked by its id."""
        return self._has(BlockKind.DOCUMENT, document_id)

    def _has_text(self, text: str) -> bool:
        if not self._has_texts:
            return False
        words = words_of(text)
        return len(words) >= MIN_TEXT_WORDS and self._has(BlockKind.TEXT, " ".join(words))

    def _has(self, kind: BlockKind, value: str) -> bool:
        return (kind, self._digest(kind, value)) in self._known

    def _digest(self, kind: BlockKind, value: str) -> str:
        data = f"{kind.value}\n{value}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, key=self._salt, digest_size=16).hexdigest()


def words_of(text: str) -> list[str]:
    """Return the words of a text without case, accents and punctuation."""
    return FOLDED_WORD.findall(fold(text).text)


def read_blocklist(folder: Path, salt: bytes) -> Blocklist:
    """Return the client's list; an empty one when there is none.

    Raises:
        StorageError: A line cannot be read: nothing may be stored before that is mended.
    """
    path = folder / NAME
    if not path.exists():
        return Blocklist(salt)
    try:
        values = [json.loads(line) for line in path.read_bytes().splitlines()]
        blocks = [Block(**{**one, "kind": BlockKind(one["kind"])}) for one in values]
    except (ValueError, KeyError, TypeError) as error:
        raise StorageError(
            mark("the list of erased people is damaged: {path}: {error}"), path=path, error=error
        ) from error
    return Blocklist(salt, blocks)


def add_blocks(folder: Path, blocks: Sequence[Block]) -> None:
    """Add lines to the client's list, each once; whole or not at all.

    Raises:
        StorageError: The disk is full or refuses; the list stays as it was.
    """
    path = folder / NAME
    old = path.read_bytes() if path.exists() else b""
    known = {(one["kind"], one["digest"]) for one in map(json.loads, old.splitlines())}
    new = b"".join(
        json.dumps(asdict(block)).encode() + b"\n"
        for block in blocks
        if (block.kind.value, block.digest) not in known
    )
    write_whole(path, old + new)


def _names(document: Document) -> Iterator[tuple[BlockKind, str]]:
    yield BlockKind.DOCUMENT, document.document_id
    if document.author_key:
        yield BlockKind.AUTHOR, document.author_key
    for url in {document.url, document.canonical_url} - {None}:
        yield BlockKind.URL, url or ""


def _all_text(document: Document) -> str:
    parts = (document.title, document.text, document.url, document.guid)
    return "\n".join(part for part in parts if part)
