"""What a text shows besides its words: lexicon sums, emoji, capitals, marks, length.

Every cue is a sum over tokens times one number of the text, so that its share in a score can be
handed back to the tokens that caused it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sentiment.scoring.lexemes import Bools, Floats, LexemeTable, TokenBatch

#: VADER's constant: a sum of weights of about 4 comes out at 0.7.
_COMPOUND: Final = 15.0
#: What a negation leaves of a weight, its sign turned; VADER measured 0.74.
_DENIED: Final = -0.7
#: A text with fewer words says little.
_SHORT: Final = 6
#: Names of the cues, in order.
NAMES: Final = (
    *(f"{name}:{lexicon}" for lexicon in ("a", "b", "c") for name in ("pos", "neg", "sum", "end")),
    *(f"{name}:{lexicon}" for lexicon in ("a", "b", "c") for name in ("contrast",)),
    "exclamation", "question", "ellipsis", "caps", "elongated", "emoji", "address", "handle",
    "hashtag", "number", "negation", "quote", "length", "is_short",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cues:
    """Cues of some texts: value = scale[text] x the sum of its entries of ``by_token``."""

    by_token: Floats  # (n_entries, n_cues)
    scale: Floats  # (n_texts, n_cues)
    values: Floats  # (n_texts, n_cues)


def sum_by_text(by_token: Floats, batch: TokenBatch) -> Floats:
    """Sum rows of tokens over each text."""
    sums: Floats = np.add.reduceat(by_token, batch.starts, axis=0)
    return sums


def after_contrast(table: LexemeTable, batch: TokenBatch) -> Bools:
    """Mark what follows the last «mais», "but", … of each text; nothing where there is none."""
    contrast = table.column("is_contrast")[batch.lexemes].astype(np.bool_)
    position = np.where(contrast, np.arange(len(contrast)), -1)
    last = np.maximum.reduceat(position, batch.starts)[batch.text_of]
    marked: Bools = (last >= 0) & (np.arange(len(contrast)) > last)
    return marked


def text_cues(table: LexemeTable, batch: TokenBatch) -> Cues:
    """Work out the cues of a batch."""
    ids = batch.lexemes
    weights = table.valence()[ids]
    weights = np.where(batch.is_negated[:, None], weights * _DENIED, weights)
    lengths = np.diff(np.append(batch.starts, len(ids))) - 1
    place = np.arange(len(ids)) - batch.starts[batch.text_of]
    ending = place > 0.6 * lengths[batch.text_of]
    late = after_contrast(table, batch)
    columns, scales = [], []
    per_word = 1 / np.sqrt(1 + lengths)
    contrasts = []
    for lexicon in range(weights.shape[1]):
        one = weights[:, lexicon]
        total = np.add.reduceat(one, batch.starts)
        end, turn = one * ending, one * late
        columns += [np.maximum(one, 0), np.minimum(one, 0), one, end]
        scales += [per_word, per_word, 1 / np.sqrt(total**2 + _COMPOUND)]
        scales += [1 / np.sqrt(np.add.reduceat(end, batch.starts) ** 2 + _COMPOUND)]
        contrasts.append((turn, 1 / np.sqrt(np.add.reduceat(turn, batch.starts) ** 2 + _COMPOUND)))
    columns += [turn for turn, _ in contrasts]
    scales += [scale for _, scale in contrasts]
    for name in ("exclamation", "question", "ellipsis", "is_caps", "is_elongated", "is_emoji",
                 "address", "handle", "hashtag", "number", "is_negator", "quote"):  # fmt: skip
        flag = table.column(name)[ids].astype(np.float32)
        count = np.add.reduceat(flag, batch.starts)
        columns.append(flag)
        scales.append(np.where(count > 0, np.log1p(count) / np.maximum(count, 1), 0))
    inner = (ids > 0).astype(np.float32)
    columns += [inner, inner]
    each = np.maximum(lengths, 1)
    scales += [np.log1p(lengths) / each / 3, (lengths < _SHORT) / each]
    by_token = np.stack(columns, axis=1).astype(np.float32)
    scale = np.stack(scales, axis=1).astype(np.float32)
    return Cues(by_token, scale, sum_by_text(by_token, batch) * scale)
