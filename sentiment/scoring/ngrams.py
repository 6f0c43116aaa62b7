"""Hashed n-grams of a batch: words one to three long, negated words, characters two to five."""

from typing import Final

import numpy as np
import numpy.typing as npt

from sentiment.scoring.lexemes import Ints, LexemeTable, TokenBatch
from sentiment.scoring.spelling import hash_text

#: Odd 64-bit constants that spread sums of hashes over the buckets.
_MIX: Final = tuple(
    np.uint64(k)
    for k in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
)
_SHIFT = np.uint64(33)


def _bucket(mixed: npt.NDArray[np.uint64], bits: int) -> Ints:
    mixed = (mixed ^ (mixed >> _SHIFT)) * _MIX[3]
    return (mixed >> np.uint64(64 - bits)).astype(np.int64)


def word_ngrams(
    table: LexemeTable, batch: TokenBatch, *, bits: int, longest: int
) -> tuple[Ints, Ints, Ints]:
    """Return buckets, the entry each n-gram ends at, and its length (0: a negated word).

    The lexeme that opens a text takes part, so that "first word" is an n-gram too.
    """
    hashes = table.column("hash")[batch.lexemes].astype(np.uint64)
    buckets, ends, sizes = sequences(hashes, batch, bits=bits, shortest=1, longest=longest)
    denied = np.flatnonzero(batch.is_negated)
    with np.errstate(over="ignore"):
        negated = _bucket(hashes[denied] * _MIX[2] + np.uint64(7), bits)
    return (
        np.concatenate([buckets, negated]),
        np.concatenate([ends, denied]),
        np.concatenate([sizes, np.zeros(len(denied), np.int64)]),
    )


def sequences(
    hashes: npt.NDArray[np.uint64], batch: TokenBatch, *, bits: int, shortest: int, longest: int
) -> tuple[Ints, Ints, Ints]:
    """Return buckets, last entries and lengths of all runs of entries inside one text."""
    entries = np.arange(len(hashes))
    mixed = hashes
    found = []
    with np.errstate(over="ignore"):
        for size in range(1, longest + 1):
            if size > 1:
                mixed = mixed[:-1] * _MIX[1] + hashes[size - 1 :] * _MIX[2] + np.uint64(size)
            if size < shortest:
                continue
            last = entries[size - 1 :]
            inside = batch.text_of[last] == batch.text_of[last - (size - 1)]
            if size == 1:
                inside &= batch.lexemes > 0
            found.append((_bucket(mixed[inside] * _MIX[0], bits), last[inside], size))
    buckets = np.concatenate([one for one, _, _ in found])
    ends = np.concatenate([last for _, last, _ in found])
    sizes = np.repeat([size for _, _, size in found], [len(one) for one, _, _ in found])
    return buckets, ends, sizes


def salted(hashes: npt.NDArray[np.uint64], salt: int) -> npt.NDArray[np.uint64]:
    """Return other hashes of the same things, so that two kinds of n-gram do not meet."""
    with np.errstate(over="ignore"):
        fresh: npt.NDArray[np.uint64] = (hashes + np.uint64(salt)) * _MIX[1]
        return fresh ^ (fresh >> _SHIFT)


def char_ngrams(folded: str, *, bits: int, shortest: int = 2, longest: int = 5) -> Ints:
    """Return the buckets of the n-grams of one folded token, its borders marked.

    >>> len(char_ngrams("bon", bits=18))  # ^b bo on n$ ^bo bon on$ ^bon bon$ ^bon$
    10
    """
    if folded.startswith("<"):
        return np.zeros(0, np.int64)
    marked = f"^{folded}$"
    mask = (1 << bits) - 1
    return np.array(
        [
            hash_text(marked[i : i + n]) & mask
            for n in range(shortest, longest + 1)
            for i in range(len(marked) - n + 1)
        ],
        np.int64,
    )
