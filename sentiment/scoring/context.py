"""What is said around a brand: n-grams of its clause, of the words near it, of its frame."""

from typing import Final

import numpy as np
import numpy.typing as npt

from sentiment.scoring.lexemes import Ints, LexemeTable
from sentiment.scoring.ngrams import salted, sequences
from sentiment.scoring.zones import WINDOW, ZONES, TargetBatch

_CLAUSE: Final = 11
_LEFT: Final = 12
_RIGHT: Final = 13
_FRAME: Final = 14
_SHAPE: Final = 15
#: Words of a frame («mieux que <target>») and of a shape («+ que <target>»), the brand counted in.
FRAME: Final = 4
SHAPE: Final = 6
#: Weight, summed over the lexicons, from which a word counts as praise or blame in a shape.
_CHARGED: Final = 0.9
_STRONG: Final = 4.0
_KINDS: Final = (
    "is_negator", "is_contrast", "is_than", "is_more", "is_less", "is_as", "is_unlike", "is_stop",
    "is_comma",
)  # fmt: skip


def word_shapes(table: LexemeTable, batch: TargetBatch) -> npt.NDArray[np.uint64]:
    """Return what kind of word each entry is: praise, blame, negation, "than", …, anything."""
    ids = batch.tokens.lexemes
    charge = table.valence()[ids].sum(axis=1)
    charge = np.where(batch.tokens.is_negated, -charge, charge)
    shape = np.select(
        [charge > _STRONG, charge > _CHARGED, charge < -_STRONG, charge < -_CHARGED], [1, 2, 3, 4]
    )
    for number, name in enumerate(_KINDS, start=5):
        shape = np.where(table.column(name)[ids].astype(np.bool_), number, shape)
    shape = np.where(batch.offset == 0, 30, shape)
    return np.where(ids == 0, 31, shape).astype(np.uint64)


def context_ngrams(table: LexemeTable, batch: TargetBatch, *, bits: int) -> tuple[Ints, Ints, Ints]:
    """Return buckets, last entries and lengths of all n-grams of the context."""
    tokens = batch.tokens
    hashes = table.column("hash")[tokens.lexemes].astype(np.uint64)
    hashes = np.where(tokens.is_negated, salted(hashes, 3), hashes)
    clause = batch.zones[:, ZONES.index("clause")]
    found = [_inside(salted(hashes, _CLAUSE), batch, clause, bits)]
    left = (batch.offset < 0) & (batch.offset >= -WINDOW)
    right = (batch.offset > 0) & (batch.offset <= WINDOW)
    found.append(_inside(salted(hashes, _LEFT), batch, left, bits))
    found.append(_inside(salted(hashes, _RIGHT), batch, right, bits))
    plain = table.column("hash")[tokens.lexemes].astype(np.uint64)
    found.append(_framing(salted(plain, _FRAME), batch, bits, FRAME))
    found.append(_framing(salted(word_shapes(table, batch), _SHAPE), batch, bits, SHAPE))
    buckets, ends, sizes = (np.concatenate(column) for column in zip(*found, strict=True))
    return buckets, ends, sizes


def _inside(
    hashes: npt.NDArray[np.uint64], batch: TargetBatch, where: npt.NDArray[np.bool_], bits: int
) -> tuple[Ints, Ints, Ints]:
    """Return the words and pairs of words that lie wholly in a zone, the brand left out."""
    where = where & (batch.offset != 0)
    buckets, ends, sizes = sequences(hashes, batch.tokens, bits=bits, shortest=1, longest=2)
    keep = where[ends] & where[ends - (sizes - 1)]
    return buckets[keep], ends[keep], sizes[keep]


def _framing(
    hashes: npt.NDArray[np.uint64], batch: TargetBatch, bits: int, longest: int
) -> tuple[Ints, Ints, Ints]:
    """Return the runs of words that contain the brand."""
    buckets, ends, sizes = sequences(hashes, batch.tokens, bits=bits, shortest=2, longest=longest)
    keep = (batch.offset[ends] >= 0) & (batch.offset[ends] < sizes)
    return buckets[keep], ends[keep], sizes[keep]
