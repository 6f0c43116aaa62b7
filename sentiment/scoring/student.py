"""A small network that reads texts word by word, beside the linear models.

It reads a brand's surroundings and, where a language's file holds a second pair of attentions and
votes, a text as a whole. Every token gets a vector (its word, its letters, what the lexicons say of
it, where it stands as seen from the brand), looks at two neighbours on each side, and casts a vote
on the three classes; how much each vote counts is decided by attention. A score is a sum of votes,
so that every token still answers for its part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from listening.errors import TaggingError
from sentiment.scoring.encoding import Encoder
from sentiment.scoring.lexemes import Bools, Floats, Ints, TokenBatch
from sentiment.scoring.per_lexeme import PerLexeme
from sentiment.scoring.student_file import StudentWeights, files_of
from sentiment.scoring.student_inputs import (
    BITS,
    PLACES,
    entry_marks,
    lexeme_cues,
    place_of,
    whole_marks,
    word_rows,
)
from sentiment.scoring.valence import encoder_for
from sentiment.scoring.weights import is_shipped, read_arrays
from sentiment.scoring.zones import TargetBatch

#: Tokens on each side of the brand that take part.
REACH: Final = 50
#: Tokens of a text that take part where it is judged as a whole, the opening one counted in.
WHOLE_REACH: Final = 100
#: Attentions; each of them weighs votes of its own.
ATTENTIONS: Final = 4
CLASS_COUNT: Final = 3
#: Layers, one after the other; a file may hold fewer, and says how far to each side they look.
LAYERS: Final = ("first", "second", "third")
#: Rows multiplied at once: 32 x 144 x 48 is below what OpenBLAS shares among cores.
BLOCK: Final = 32
_NEVER: Final = np.float32(-1e4)


class Student:
    """The network of one language."""

    def __init__(self, weights: StudentWeights, encoder: Encoder) -> None:
        """Take the weights and the encoder of their language."""
        arrays = self._arrays = weights.arrays
        self._table = encoder.table
        self._encoder = encoder
        self._vectors = PerLexeme(encoder.table, arrays["word"].shape[1:], self._work_out)
        names = [name for name in LAYERS if name in arrays]
        distances = arrays.get("distances", np.ones(len(names), np.float32))
        self._layers = [
            (_side_by_side(arrays[name]), arrays[f"{name}_bias"], distance)
            for name, distance in zip(names, distances.astype(np.int64).tolist(), strict=True)
        ]
        self._brand = _Voters.of(arrays, "")
        self._whole = _Voters.of(arrays, "whole_") if "whole_vote" in arrays else None
        # What is told of an entry, to the layers and to the attentions.
        self._told = np.concatenate([arrays["entry"], arrays["pull_entry"]], axis=1)
        #: What the mean of both models' logits is multiplied with.
        self.scale = float(arrays["scale"][0])

    @property
    def reads_whole(self) -> bool:
        """Return whether it judges whole texts as well."""
        return self._whole is not None

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
        near = np.abs(batch.offset) <= REACH
        told = _times(entry_marks(batch), self._told[:-PLACES])
        told += self._told[-PLACES:][place_of(batch.offset)]
        width = arrays["entry"].shape[1]
        if "kind" in arrays:
            told[:, :width] += arrays["kind"][kinds][of]
        found = self._found(batch.tokens, told[:, :width], near)
        votes = self._brand.votes(batch.tokens, found, near, told[:, width:])
        if "kind_vote" in arrays:
            votes[batch.offset == 0] += arrays["kind_vote"][kinds]
        return votes

    def whole_parts(self, tokens: TokenBatch) -> Floats:
        """Return the same for texts judged as a whole.

        Raises:
            TaggingError: It does not judge them.
        """
        if self._whole is None:
            raise TaggingError("this network does not read whole texts")
        near = np.arange(len(tokens.lexemes)) - tokens.starts[tokens.text_of] < WHOLE_REACH
        marks, entry = whole_marks(tokens), self._arrays["entry"]
        # All that is told of an entry: whether it opens the text, whether it is negated.
        told = marks[:, :1] * entry[0] + marks[:, 1:] * entry[1]
        return self._whole.votes(tokens, self._found(tokens, told, near), near)

    def _found(self, tokens: TokenBatch, told: Floats, near: Bools) -> Floats:
        """Return what the layers make of every entry; nothing far away takes part."""
        found = self._vectors.rows()[tokens.lexemes]
        found += told
        far = np.flatnonzero(~near)
        found[far] = 0
        for weights, bias, distance in self._layers:
            seen = _with_neighbours(_times(found, weights), tokens.text_of, distance)
            seen += bias
            np.maximum(seen, 0, out=seen)
            seen[far] = 0
            found += seen
        return found

    def _work_out(self, first: int) -> Floats:
        """Return the vectors of the lexemes from a number on."""
        arrays, table = self._arrays, self._table
        fresh = arrays["word"][word_rows(table)[first:]]
        fresh = fresh + lexeme_cues(table, first) @ arrays["lexeme"] + arrays["lexeme_bias"]
        fresh += _means(arrays["char"], self._encoder.chars()[first:])
        return fresh.astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Voters:
    """Attentions, and the votes they weigh."""

    weights: Floats  # attentions and votes side by side
    bias: Floats  # of the votes

    @classmethod
    def of(cls, arrays: Mapping[str, Floats], prefix: str) -> "_Voters":
        """Return those of brands, or of whole texts; votes sum to zero over the classes."""
        pull, votes = arrays[f"{prefix}pull"], _centred(arrays[f"{prefix}vote"])
        return cls(np.concatenate([pull, votes], axis=1), _centred(arrays[f"{prefix}vote_bias"]))

    def votes(
        self, tokens: TokenBatch, found: Floats, near: Bools, told: Floats | None = None
    ) -> Floats:
        """Return each entry's votes, weighed by attention; ``told`` moves the attentions."""
        both = _times(found, self.weights)
        pull = both[:, :ATTENTIONS]
        if told is not None:
            pull = pull + told
        pull = np.where(near[:, None], pull, _NEVER)
        peak = np.maximum.reduceat(pull, tokens.starts, axis=0)[tokens.text_of]
        share = np.exp(pull - peak)
        share /= np.add.reduceat(share, tokens.starts, axis=0)[tokens.text_of]
        votes = (both[:, ATTENTIONS:] + self.bias).reshape(-1, ATTENTIONS, CLASS_COUNT)
        parts: Floats = np.einsum("ea,eac->ec", share, votes)
        return parts


def _centred(votes: Floats) -> Floats:
    """Return votes from which the mean of the classes is taken."""
    by_class = votes.reshape(*votes.shape[:-1], ATTENTIONS, CLASS_COUNT)
    centred: Floats = by_class - by_class.mean(axis=-1, keepdims=True)
    return centred.reshape(votes.shape).astype(np.float32)


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


def _side_by_side(weights: Floats) -> Floats:
    """Return the weights of the entry before, of the entry and of the one after as columns."""
    return np.concatenate(np.split(weights, 3), axis=1)


def _with_neighbours(seen: Floats, text_of: Ints, distance: int) -> Floats:
    """Sum what is seen of each entry and of those some places before and after it.

    Args:
        seen: Of each entry as the one before another, as itself, and as the one after another.
        text_of: Which text the entry belongs to; nothing is seen beyond a text's ends.
        distance: How many places.
    """
    width = seen.shape[1] // 3
    ends = np.flatnonzero(text_of[distance:] != text_of[:-distance])
    seen[ends, :width] = 0
    seen[ends + distance, 2 * width :] = 0
    found = seen[:, width : 2 * width]
    found[distance:] += seen[:-distance, :width]
    found[: max(0, len(seen) - distance)] += seen[distance:, 2 * width :]
    return found
