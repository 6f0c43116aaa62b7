"""Where the words of a text stand as seen from a brand: its clause, its side of «mais», near it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from sentiment.scoring.grammar import USHER_COUNT
from sentiment.scoring.lexemes import Bools, Floats, Ints, LexemeTable, TokenBatch

#: Text that stands for the brand whatever its name, so that no model learns names.
TARGET: Final = "<target>"
#: Tokens on each side that count as near.
NEAR: Final = 3
WINDOW: Final = 6
#: The first of the zones are told apart by the word before the brand as well: «que X», «chez X», …
USHERED: Final = 2
ZONES: Final = (
    "text", "sentence", "segment", "clause", "clause-before", "clause-after", "near-before",
    "near-after", "segments-before", "segments-after", "other-sentences", "last-sentence",
    "compared", "contrary", "as-good-as",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TargetBatch:
    """Texts with one masked brand each; arrays as in :class:`TokenBatch`."""

    tokens: TokenBatch
    offset: Ints  # tokens from the brand: negative before it, 0 on it
    zones: Bools  # (n_entries, n_zones)
    usher: Ints  # group of the word before the brand; shape (n_texts,)


def is_handle(text: str, span: tuple[int, int]) -> bool:
    """Return whether the brand is spoken to: «@kivoo»."""
    start = span[0]
    return text[start : start + 1] == "@" or text[max(0, start - 1) : start] == "@"


def mask_target(
    table: LexemeTable, texts: Sequence[str], spans: Sequence[tuple[int, int]]
) -> tuple[TokenBatch, Ints]:
    """Cut texts with each brand replaced by one token; return them and the brands' entries."""
    table.make_room()
    target = table.number(TARGET)
    split, places = [], []
    for text, (start, end) in zip(texts, spans, strict=True):
        before, after = table.split(text[:start]), table.split(text[end:])
        split.append([*before, target, *after])
        places.append(len(before) + 1)
    batch = table.join(split)
    return batch, batch.starts + np.array(places, np.int64)


def _runs(breaks: Bools, batch: TokenBatch) -> Ints:
    """Number the stretches between breaks; a break opens a new one, and so does a text."""
    opening = breaks.copy()
    opening[batch.starts] = True
    return np.cumsum(opening)


def target_zones(table: LexemeTable, batch: TokenBatch, places: Ints) -> TargetBatch:
    """Mark the zones of every entry."""
    ids, of = batch.lexemes, batch.text_of

    def flag(name: str) -> Bools:
        marked: Bools = table.column(name)[ids].astype(np.bool_)
        return marked

    after_stop = np.concatenate(([False], flag("is_stop")[:-1]))
    contrast = flag("is_contrast")
    sentence = _runs(after_stop, batch)
    segment = _runs(after_stop | contrast, batch)
    clause = _runs(after_stop | contrast | flag("is_comma"), batch)
    here = places[of]
    offset = np.arange(len(ids)) - here
    in_text = ids > 0
    in_sentence = (sentence == sentence[here]) & in_text
    in_segment = (segment == segment[here]) & in_text
    in_clause = (clause == clause[here]) & in_text
    before, after = offset < 0, offset > 0
    last = sentence[np.append(batch.starts[1:], len(ids)) - 1][of]
    near_than = _any_near(flag("is_than"), before & in_clause & (offset >= -NEAR), batch)
    near_unlike = _any_near(flag("is_unlike"), before & (offset >= -NEAR), batch)
    near_as = _any_near(flag("is_as"), before & in_clause & (offset >= -WINDOW), batch)
    usher = table.column("usher")[ids[places - 1]].astype(np.int64)
    zones = np.stack(
        [
            in_text,
            in_sentence,
            in_segment,
            in_clause,
            in_clause & before,
            in_clause & after,
            in_text & before & (offset >= -NEAR),
            in_text & after & (offset <= NEAR),
            in_sentence & ~in_segment & before,
            in_sentence & ~in_segment & after,
            in_text & ~in_sentence,
            in_text & (sentence == last),
            in_sentence & before & (near_than & ~near_as)[of],
            in_sentence & near_unlike[of],
            in_sentence & before & near_as[of],
        ],
        axis=1,
    )
    return TargetBatch(batch, offset, zones, usher)


def _any_near(flag: Bools, where: Bools, batch: TokenBatch) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = np.logical_or.reduceat(flag & where, batch.starts)
    return found


def zone_parts(batch: TargetBatch, signals: Floats, by_text: Floats) -> Floats:
    """Return what each entry adds: its signals times the weights of its zones in its text.

    Args:
        batch: The texts.
        signals: One row an entry.
        by_text: Weights; shape (n_texts, n_zones * n_signals, n_classes).
    """
    zones, class_count = batch.zones.astype(np.float32), by_text.shape[2]
    weights = by_text.reshape(len(by_text), len(ZONES), -1)
    of_signals = np.empty((len(zones), weights.shape[2]), np.float32)
    for text, (first, last) in enumerate(_bounds(batch)):
        np.matmul(zones[first:last], weights[text], out=of_signals[first:last])
    by_signal = of_signals.reshape(len(zones), -1, class_count)
    parts: Floats = np.einsum("esc,es->ec", by_signal, signals)
    return parts


def _bounds(batch: TargetBatch) -> Iterator[tuple[int, int]]:
    """Yield the entries of each text, half-open."""
    return pairwise([*batch.tokens.starts.tolist(), len(batch.offset)])


def ushered_sums(batch: TargetBatch, sums: Floats) -> Floats:
    """Return the sums of the first zones, in the columns of the word before the brand."""
    width = sums.shape[1] // len(ZONES) * USHERED
    columns = np.zeros((len(sums), USHER_COUNT, width), np.float32)
    columns[np.arange(len(sums)), batch.usher] = sums[:, :width]
    return columns.reshape(len(sums), -1)


def zone_sums(batch: TargetBatch, signals: Floats, spread: float) -> tuple[Floats, Floats]:
    """Sum signals of tokens by zone, squeezed into -1 .. 1.

    Args:
        batch: The texts.
        signals: One row a token, one column a signal.
        spread: Sum at which the squeezed value is 0.71.

    Returns:
        Values of shape (n_texts, n_zones * n_signals), and the factor of each sum, so that a
        token's share of a value is its signal times the factor.
    """
    zones = batch.zones.T.astype(np.float32)
    each = [zones[:, first:last] @ signals[first:last] for first, last in _bounds(batch)]
    sums = np.stack(each).reshape(len(batch.tokens), -1)
    factor = 1 / np.sqrt(sums**2 + spread**2)
    return (sums * factor).astype(np.float32), factor.astype(np.float32)
