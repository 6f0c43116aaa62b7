"""A small network that reads a brand's surroundings word by word, beside the linear model.

Every token gets a vector (its word, its letters, what the lexicons say of it, where it stands as
seen from the brand), looks at two neighbours on each side, and casts a vote on the three classes;
how much each vote counts is decided by attention. A score is a sum of votes, so that every token
still answers for its part.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sentiment.scoring.encoding import Encoder
from sentiment.scoring.lexemes import COLUMNS, USHER_COUNT, Floats, Ints, LexemeTable
from sentiment.scoring.weights import Arrays, read_arrays
from sentiment.scoring.zones import TargetBatch

#: Rows of the tables of words and of letters: 2 to this power.
BITS: Final = 16
#: Bits of a lexeme's hash that are passed over, so that this table collides elsewhere.
_SKIPPED: Final = np.uint64(7)
#: Tokens on each side of the brand that take part.
REACH: Final = 50
#: Farther than this from the brand, all places are alike.
FAR: Final = 8
#: Attentions; each of them weighs votes of its own.
ATTENTIONS: Final = 4
CLASS_COUNT: Final = 3
#: Rows multiplied at once: 32 x 144 x 48 is below what OpenBLAS shares among cores.
BLOCK: Final = 32
_NEVER: Final = np.float32(-1e4)
_LEVELS: Final = 127
#: Tables kept as int8 with one scale a column.
TABLES: Final = ("word", "char")


@dataclass(frozen=True, slots=True)
class StudentWeights:
    """What training found."""

    arrays: dict[str, Floats]

    def packed(self) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
        """Return the arrays to store."""
        stored: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]] = {}
        for name, values in self.arrays.items():
            if name in TABLES:
                scale = np.maximum(np.abs(values).max(axis=0), 1e-9) / _LEVELS
                stored[name] = np.rint(values / scale).astype(np.int8)
                stored[f"{name}/scale"] = scale.astype(np.float32)
            else:
                stored[name] = values.astype(np.float32)
        return stored

    @classmethod
    def unpacked(cls, stored: Arrays) -> "StudentWeights":
        """Read what :meth:`packed` made."""
        arrays = {name: one.astype(np.float32) for name, one in stored.items() if "/" not in name}
        for name in TABLES:
            arrays[name] = arrays[name] * stored[f"{name}/scale"].astype(np.float32)
        return cls(arrays)


def file_of(language: str) -> str:
    """Return the name of the file a language's network is kept in."""
    return f"student_{language}.npz"


def lexeme_cues(table: LexemeTable) -> Floats:
    """Return what lexicons and spelling say of every lexeme met so far."""
    valence = table.valence() / 2
    flags = np.stack([table.column(name).astype(np.float32) for name in COLUMNS[1:-1]], axis=1)
    usher = np.eye(USHER_COUNT, dtype=np.float32)[table.column("usher").astype(np.int64)]
    return np.concatenate([valence, flags, usher], axis=1).astype(np.float32)


def word_rows(table: LexemeTable) -> Ints:
    """Return the row of each lexeme in the table of words."""
    hashes = table.column("hash").astype(np.uint64) >> _SKIPPED
    return (hashes & np.uint64((1 << BITS) - 1)).astype(np.int64)


def entry_cues(batch: TargetBatch) -> Floats:
    """Return where each entry stands: negated or not, its zones, its distance from the brand."""
    count = len(batch.offset)
    places = np.zeros((count, 2 * FAR + 1), np.float32)
    places[np.arange(count), np.clip(batch.offset, -FAR, FAR) + FAR] = 1
    negated = batch.tokens.is_negated[:, None]
    return np.concatenate([negated, batch.zones, places], axis=1).astype(np.float32)


class Student:
    """The network of one language."""

    def __init__(self, weights: StudentWeights, encoder: Encoder) -> None:
        """Take the weights and the encoder of their language."""
        self._arrays = weights.arrays
        self._encoder = encoder
        self._version = encoder.table.version
        self._vectors = np.zeros((0, self._arrays["word"].shape[1]), np.float32)
        #: What the mean of both models' logits is multiplied with.
        self.scale = float(self._arrays["scale"][0])

    @classmethod
    def load(cls, language: str, encoder: Encoder) -> "Student":
        """Read the shipped weights.

        Raises:
            TaggingError: The file is missing or broken.
        """
        return cls(StudentWeights.unpacked(read_arrays(file_of(language))), encoder)

    def parts(self, batch: TargetBatch) -> Floats:
        """Return the votes of every entry; summed over a text they are its logits."""
        arrays, tokens = self._arrays, batch.tokens
        near = np.abs(batch.offset) <= REACH
        cues = entry_cues(batch)
        found = self._lexemes()[tokens.lexemes] + _times(cues, arrays["entry"])
        found *= near[:, None]
        for name in ("first", "second"):
            around = _with_neighbours(found, tokens.starts)
            seen = np.maximum(_times(around, arrays[name]) + arrays[f"{name}_bias"], 0)
            found = found + seen * near[:, None]
        pull = _times(found, arrays["pull"]) + _times(cues, arrays["pull_entry"])
        pull = np.where(near[:, None], pull, _NEVER)
        peak = np.maximum.reduceat(pull, tokens.starts, axis=0)[tokens.text_of]
        share = np.exp(pull - peak)
        share /= np.add.reduceat(share, tokens.starts, axis=0)[tokens.text_of]
        votes = (_times(found, arrays["vote"]) + arrays["vote_bias"]).reshape(
            -1, ATTENTIONS, CLASS_COUNT
        )
        votes -= votes.mean(axis=2, keepdims=True)
        parts: Floats = np.einsum("ea,eac->ec", share, votes).astype(np.float32)
        return parts

    def _lexemes(self) -> Floats:
        """Return the vectors of all lexemes met so far."""
        lists, version = self._encoder.chars(), self._encoder.table.version
        known = len(self._vectors) if version == self._version else 0
        if known < len(lists):
            self._version = version
            table, arrays = self._encoder.table, self._arrays
            fresh = arrays["word"][word_rows(table)[known:]]
            fresh = fresh + lexeme_cues(table)[known:] @ arrays["lexeme"] + arrays["lexeme_bias"]
            fresh += _means(arrays["char"], lists[known:])
            self._vectors = np.concatenate([self._vectors[:known], fresh.astype(np.float32)])
        return self._vectors


def _means(rows: Floats, lists: list[Ints]) -> Floats:
    """Return the mean row of each list of buckets; zero for an empty one."""
    sizes = np.array([len(one) for one in lists])
    means = np.zeros((len(lists), rows.shape[1]), np.float32)
    full = np.flatnonzero(sizes)
    if len(full):
        buckets = np.concatenate(lists) & ((1 << BITS) - 1)
        starts = np.cumsum(sizes[full]) - sizes[full]
        means[full] = np.add.reduceat(rows[buckets], starts, axis=0) / sizes[full, None]
    return means


def _times(rows: Floats, weights: Floats) -> Floats:
    """Return the matrix product, cut into equal blocks of rows.

    Small products stay on one core, where the BLAS would wake all of them for microseconds of work;
    and a row comes out the same whatever rows stand beside it.
    """
    count, width = rows.shape
    blocks = np.zeros((-(-count // BLOCK) * BLOCK, width), np.float32)
    blocks[:count] = rows
    product = np.matmul(blocks.reshape(-1, BLOCK, width), weights)
    flat: Floats = product.reshape(-1, weights.shape[1])[:count]
    return flat


def _with_neighbours(found: Floats, starts: Ints) -> Floats:
    """Lay the entry before and the one after beside each; nothing beyond a text's ends."""
    before = np.concatenate([np.zeros((1, found.shape[1]), np.float32), found[:-1]])
    before[starts] = 0
    after = np.concatenate([found[1:], np.zeros((1, found.shape[1]), np.float32)])
    after[starts[1:] - 1] = 0
    return np.concatenate([before, found, after], axis=1)
