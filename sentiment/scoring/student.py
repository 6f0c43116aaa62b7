"""A small network that reads texts word by word, beside the linear models.

It reads a brand's surroundings and, where a language's file holds a second pair of attentions and
votes, a text as a whole. Every token gets a vector (its word, its letters, what the lexicons say of
it, where it stands as seen from the brand), looks at two neighbours on each side, and casts a vote
on the three classes; how much each vote counts is decided by attention. A score is a sum of votes,
so that every token still answers for its part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from sentiment.scoring.encoding import Encoder
from sentiment.scoring.grammar import USHER_COUNT
from sentiment.scoring.lexemes import (
    COLUMNS,
    Bools,
    Floats,
    Ints,
    LexemeTable,
    TokenBatch,
)
from sentiment.scoring.valence import encoder_for
from sentiment.scoring.weights import Arrays, is_shipped, read_arrays
from sentiment.scoring.zones import ZONES, TargetBatch

#: Rows of the tables of words and of letters: 2 to this power.
BITS: Final = 16
#: Bits of a lexeme's hash that are passed over, so that this table collides elsewhere.
_SKIPPED: Final = np.uint64(7)
#: Tokens on each side of the brand that take part.
REACH: Final = 50
#: Tokens of a text that take part where it is judged as a whole, the opening one counted in.
WHOLE_REACH: Final = 100
#: Farther than this from the brand, all places are alike.
FAR: Final = 8
#: Attentions; each of them weighs votes of its own.
ATTENTIONS: Final = 4
CLASS_COUNT: Final = 3
#: Layers, one after the other; a file may hold fewer, and says how far to each side they look.
LAYERS: Final = ("first", "second", "third")
#: Networks a language may have.
MOST: Final = 2
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


def file_of(language: str, number: int = 1) -> str:
    """Return the name of the file a language's network is kept in; it may have several."""
    return f"student_{language}.npz" if number == 1 else f"student_{language}_{number}.npz"


def files_of(language: str) -> list[str]:
    """Return the names of all files a language may have."""
    return [file_of(language, number) for number in range(1, MOST + 1)]


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


def whole_cues(tokens: TokenBatch) -> Floats:
    """Return the same where a text is judged as a whole: no brand, one zone."""
    count = len(tokens.lexemes)
    cues = np.zeros((count, 1 + len(ZONES) + 2 * FAR + 1), np.float32)
    cues[:, 0] = tokens.is_negated
    cues[:, 1] = tokens.lexemes > 0
    return cues


class Student:
    """The network of one language."""

    def __init__(self, weights: StudentWeights, encoder: Encoder) -> None:
        """Take the weights and the encoder of their language."""
        self._arrays = weights.arrays
        self._encoder = encoder
        self._version = encoder.table.version
        self._vectors = np.zeros((0, self._arrays["word"].shape[1]), np.float32)
        names = [name for name in LAYERS if name in self._arrays]
        distances = self._arrays.get("distances", np.ones(len(names), np.float32))
        self._layers = list(zip(names, distances.astype(np.int64).tolist(), strict=True))
        #: What the mean of both models' logits is multiplied with.
        self.scale = float(self._arrays["scale"][0])

    @property
    def reads_whole(self) -> bool:
        """Return whether it judges whole texts as well."""
        return "whole_vote" in self._arrays

    def whole_scale(self, kind: str) -> float:
        """Return what the mean of both models' logits of a whole text is multiplied with."""
        return float(self._arrays[f"whole_scale_{kind}"][0])

    def parts(self, batch: TargetBatch, kinds: Ints) -> Floats:
        """Return the votes of every entry; summed over a text they are its logits.

        Args:
            batch: The texts.
            kinds: Of each text's brand, see ``scoring.kinds``; read where the file knows of them.
        """
        arrays, of = self._arrays, batch.tokens.text_of
        cues, near = entry_cues(batch), np.abs(batch.offset) <= REACH
        told = _times(cues, arrays["entry"])
        if "kind" in arrays:
            told += arrays["kind"][kinds][of]
        found = self._found(batch.tokens, told, near)
        pull = _times(found, arrays["pull"]) + _times(cues, arrays["pull_entry"])
        votes = self._votes(batch.tokens, found, pull, near, "vote")
        if "kind_vote" in arrays:
            votes[batch.offset == 0] += arrays["kind_vote"][kinds]
        return votes

    def whole_parts(self, tokens: TokenBatch) -> Floats:
        """Return the same for texts judged as a whole."""
        near = np.arange(len(tokens.lexemes)) - tokens.starts[tokens.text_of] < WHOLE_REACH
        found = self._found(tokens, _times(whole_cues(tokens), self._arrays["entry"]), near)
        return self._votes(
            tokens, found, _times(found, self._arrays["whole_pull"]), near, "whole_vote"
        )

    def _found(self, tokens: TokenBatch, told: Floats, near: Bools) -> Floats:
        """Return what the layers make of every entry; nothing far away takes part."""
        arrays = self._arrays
        found = self._lexemes()[tokens.lexemes] + told
        found *= near[:, None]
        for name, distance in self._layers:
            around = _with_neighbours(found, tokens.text_of, distance)
            seen = np.maximum(_times(around, arrays[name]) + arrays[f"{name}_bias"], 0)
            found = found + seen * near[:, None]
        return found

    def _votes(
        self, tokens: TokenBatch, found: Floats, pull: Floats, near: Bools, name: str
    ) -> Floats:
        """Return each entry's votes, weighed by attention."""
        pull = np.where(near[:, None], pull, _NEVER)
        peak = np.maximum.reduceat(pull, tokens.starts, axis=0)[tokens.text_of]
        share = np.exp(pull - peak)
        share /= np.add.reduceat(share, tokens.starts, axis=0)[tokens.text_of]
        votes = _times(found, self._arrays[name]) + self._arrays[f"{name}_bias"]
        votes = votes.reshape(-1, ATTENTIONS, CLASS_COUNT)
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


class Panel:
    """Networks of one language that vote together; says and offers what one of them does."""

    def __init__(self, members: Sequence[Student]) -> None:
        """Take at least one; the first one's file holds what was fitted for all of them."""
        self._members = tuple(members)
        self.scale = members[0].scale

    @property
    def reads_whole(self) -> bool:
        """Return whether they judge whole texts as well."""
        return all(one.reads_whole for one in self._members)

    def whole_scale(self, kind: str) -> float:
        """Return what the mean of all models' logits of a whole text is multiplied with."""
        return self._members[0].whole_scale(kind)

    def parts(self, batch: TargetBatch, kinds: Ints) -> Floats:
        """Return the mean votes of every entry."""
        return _mean([one.parts(batch, kinds) for one in self._members])

    def whole_parts(self, tokens: TokenBatch) -> Floats:
        """Return the same for texts judged as a whole."""
        return _mean([one.whole_parts(tokens) for one in self._members])


def _mean(votes: Sequence[Floats]) -> Floats:
    mean: Floats = (sum(votes[1:], start=votes[0]) / len(votes)).astype(np.float32)
    return mean


@cache
def shipped_panel(language: str) -> Panel | None:
    """Return the networks of a language, loaded once; None where none is shipped.

    Raises:
        TaggingError: A file is broken.
    """
    names = [name for name in files_of(language) if is_shipped(name)]
    encoder = encoder_for("opinion", language)
    members = [Student(StudentWeights.unpacked(read_arrays(name)), encoder) for name in names]
    return Panel(members) if members else None


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


def _with_neighbours(found: Floats, text_of: Ints, distance: int) -> Floats:
    """Lay the entries some places before and after beside each; nothing beyond a text's ends."""
    count, width = found.shape
    around = np.zeros((count, 3 * width), np.float32)
    around[:, width : 2 * width] = found
    is_one = (text_of[distance:] == text_of[:-distance])[:, None]
    around[distance:, :width] = found[:-distance] * is_one
    around[: max(0, count - distance), 2 * width :] = found[distance:] * is_one
    return around
