"""What the networks are told of a word and of where it stands."""

from typing import Final

import numpy as np

from sentiment.scoring.grammar import USHER_COUNT
from sentiment.scoring.lexemes import COLUMNS, Floats, Ints, LexemeTable, TokenBatch
from sentiment.scoring.zones import TargetBatch

#: Rows of the tables of words and of letters: 2 to this power.
BITS: Final = 16
#: Bits of a lexeme's hash that are passed over, so that this table collides elsewhere.
_SKIPPED: Final = np.uint64(7)
#: Farther than this from the brand, all places are alike.
FAR: Final = 8
#: Places as seen from the brand.
PLACES: Final = 2 * FAR + 1


def lexeme_cues(table: LexemeTable, first: int = 0) -> Floats:
    """Return what lexicons and spelling say of every lexeme met so far, or from a number on."""
    valence = table.valence()[first:] / 2
    flags = [table.column(name)[first:].astype(np.float32) for name in COLUMNS[1:-1]]
    usher = np.eye(USHER_COUNT, dtype=np.float32)[table.column("usher")[first:].astype(np.int64)]
    return np.concatenate([valence, np.stack(flags, axis=1), usher], axis=1).astype(np.float32)


def word_rows(table: LexemeTable) -> Ints:
    """Return the row of each lexeme in the table of words."""
    hashes = table.column("hash").astype(np.uint64) >> _SKIPPED
    return (hashes & np.uint64((1 << BITS) - 1)).astype(np.int64)


def entry_marks(batch: TargetBatch) -> Floats:
    """Return how each entry stands: negated or not, and its zones."""
    negated = batch.tokens.is_negated[:, None]
    return np.concatenate([negated, batch.zones], axis=1).astype(np.float32)


def place_of(offset: Ints) -> Ints:
    """Return the number of each entry's place before, on or after the brand, 0 .. PLACES - 1."""
    return np.clip(offset, -FAR, FAR) + FAR


def whole_marks(tokens: TokenBatch) -> Floats:
    """Return the first of ``entry_marks`` where a text is judged as a whole: all is one zone."""
    return np.stack([tokens.is_negated, tokens.lexemes > 0], axis=1).astype(np.float32)
