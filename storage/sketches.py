"""Sketches: a text as it is compared with others, its words' id and a sample of its shingles.

Texts are cut into words one by one and all the rest is done for many at once: arrays of a million
words cost less than a thousand small ones.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from listening.text import FOLDED_WORD, fold

#: Shorter texts are too often equal by chance ("Merci beaucoup !") to be one story.
MIN_STORY_WORDS = 8
#: Words of a shingle: shorter ones are everybody's, longer ones break at each correction.
SHINGLE_WORDS = 3
#: One shingle in so many is kept, the same ones in every text: a power of two.
SAMPLING = 4
#: Sampled shingles that a text needs, and must share, to be compared: about 30 words.
MIN_SHARED = 6
#: Sampled shingles of a text at most, its first ones: some 80,000 words.
MAX_SHINGLES = 20_000

#: Words that are turned into shingles at once: 40 MB of arrays.
_BLOCK_WORDS = 500_000
#: Words whose ids are remembered; then all are forgotten.
_MAX_KNOWN_WORDS = 1 << 18
#: Beyond ASCII, what belongs to no word: typographic signs, emoji.
_NO_LETTERS = re.compile(r"(?:(?![^\W_])[^\x00-\x7f])+")
#: ASCII with all but letters, digits, ``&`` and ``+`` turned into spaces.
_SPACED = bytes(n if chr(n).isalnum() or chr(n) in "&+" else 32 for n in range(128)) + bytes(128)
_ODD = tuple(
    map(np.uint64, (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)),
)


@dataclass(frozen=True, slots=True)
class Shingles:
    """Sampled shingles of several texts, by column, in the order of the texts."""

    text_ids: NDArray[np.uint64]
    shingles: NDArray[np.uint32]  # each once in a text
    places: NDArray[np.uint16]  # from 0, without a gap


@dataclass(frozen=True, slots=True)
class Sketches:
    """Documents as they are compared."""

    text_ids: NDArray[np.uint64]  # of each document; equal for equal folded words
    shingles: Shingles  # of each different text that has enough of them


def sketch(documents: Iterable[tuple[str, str, str]]) -> Sketches:
    """Return the sketches of documents, given as document_id, title and text.

    The words are those of the text, else of title and text; a document with fewer than
    ``MIN_STORY_WORDS`` is a text of its own.
    """
    text_ids: list[int] = []
    known: set[int] = set()
    blocks: list[Shingles] = []
    waiting: list[tuple[int, list[bytes]]] = []
    word_count = 0
    for document_id, title, text in documents:
        text_id, words = _identify(document_id, title, text)
        text_ids.append(text_id)
        if text_id not in known and len(words) >= MIN_SHARED + SHINGLE_WORDS - 1:
            waiting.append((text_id, words))
            word_count += len(words)
        known.add(text_id)
        if word_count >= _BLOCK_WORDS:
            blocks.append(_shingles(waiting))
            waiting, word_count = [], 0
    blocks.append(_shingles(waiting))
    shingles = Shingles(
        np.concatenate([block.text_ids for block in blocks]),
        np.concatenate([block.shingles for block in blocks]),
        np.concatenate([block.places for block in blocks]),
    )
    return Sketches(np.array(text_ids, np.uint64), shingles)


def _identify(document_id: str, title: str, text: str) -> tuple[int, list[bytes]]:
    """Return the id of a document's text: 64 bits; and its words."""
    words: list[bytes] = []
    for part in _parts(title, text):
        words = _words(fold(part).text)
        if len(words) >= MIN_STORY_WORDS:
            key = b"story\n" + b" ".join(words)
            break
    else:
        key = b"document\n" + document_id.encode()
    return int.from_bytes(hashlib.sha256(key).digest()[:8], "big"), words


def _parts(title: str, text: str) -> Iterator[str]:
    yield text
    yield f"{title}\n{text}"


def _words(text: str) -> list[bytes]:
    """Return the words that ``FOLDED_WORD`` finds in a folded text, several times as fast."""
    if not text.isascii():
        text = _NO_LETTERS.sub(" ", text)
        if not text.isascii():
            return [word.encode("utf-8", "surrogatepass") for word in FOLDED_WORD.findall(text)]
    letters = text.encode().translate(_SPACED)
    for name_sign in (b"&", b"+"):
        letters = letters.replace(name_sign, b" " + name_sign + b" ")
    return letters.split()


class _WordIds(dict[bytes, int]):
    """The 64 bits of each word; the same in every process, as shingles are stored."""

    def __missing__(self, word: bytes) -> int:
        if len(self) >= _MAX_KNOWN_WORDS:
            self.clear()
        digest = hashlib.blake2b(word, digest_size=8)
        self[word] = found = int.from_bytes(digest.digest(), "big")
        return found


_WORD_IDS = _WordIds()


def _shingles(texts: Sequence[tuple[int, list[bytes]]]) -> Shingles:
    """Return the sampled shingles of texts; none of a text that has too few."""
    sizes = np.array([len(words) for _, words in texts], np.intp)
    words = chain.from_iterable(words for _, words in texts)
    ids = np.fromiter(map(_WORD_IDS.__getitem__, words), np.uint64, sizes.sum())
    mixed = _mix(ids)
    begins = np.flatnonzero(mixed & np.uint64(SAMPLING - 1) == 0)
    ends = np.cumsum(sizes)
    owners = np.searchsorted(ends, begins, side="right")
    inside = begins + SHINGLE_WORDS <= ends[owners] if len(begins) else np.empty(0, np.bool_)
    owners, sampled = owners[inside], (mixed[begins[inside]] >> np.uint64(32)).astype(np.uint32)
    short = _ranks(owners) < MAX_SHINGLES
    owners, sampled = owners[short], sampled[short]
    keys = (owners.astype(np.uint64) << np.uint64(32)) | sampled
    _, first = np.unique(keys, return_index=True)
    first.sort()
    owners, sampled = owners[first], sampled[first]
    enough = (np.bincount(owners, minlength=len(texts)) >= MIN_SHARED)[owners]
    owners, sampled = owners[enough], sampled[enough]
    text_ids = np.array([text_id for text_id, _ in texts], np.uint64)
    return Shingles(text_ids[owners], sampled, _ranks(owners).astype(np.uint16))


def _mix(ids: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a hash of each word with those that follow it."""
    count = max(0, len(ids) - SHINGLE_WORDS + 1)
    mixed: NDArray[np.uint64] = np.zeros(count, np.uint64)
    for place, factor in enumerate(_ODD):
        mixed += ids[place : place + count] * factor
    mixed ^= mixed >> np.uint64(29)
    mixed *= _ODD[1]
    mixed ^= mixed >> np.uint64(32)
    return mixed


def _ranks(owners: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the place of each element among those of its owner; owners are sorted."""
    return np.arange(len(owners)) - np.searchsorted(owners, owners, side="left")
