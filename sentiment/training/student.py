"""What the trainings of the networks share; see ``student_fr`` and ``student_en``.

Needs torch, which the product does not: ``pip install torch`` into an environment for training.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from sentiment.scoring.encoding import Encoder
from sentiment.scoring.lexemes import Floats, Ints, TokenBatch
from sentiment.scoring.student import REACH
from sentiment.scoring.student_file import files_of
from sentiment.scoring.student_inputs import (
    BITS,
    PLACES,
    entry_marks,
    lexeme_cues,
    place_of,
    whole_marks,
    word_rows,
)
from sentiment.scoring.weights import read_arrays
from sentiment.scoring.zones import ZONES, TargetBatch, mask_target, target_zones
from sentiment.training.corpus import Row
from sentiment.training.options import read_options

WIDTH: Final = 48
BATCH: Final = 64
#: Batches that are cut from what is drawn at once.
POOL: Final = 8
RATE: Final = 2e-3
WARM_UP: Final = 100
#: Share of the words that are hidden, so that their letters must do.
HIDDEN: Final = 0.15
SMOOTHED: Final = 0.05
#: The weights shipped are a running mean: of each step, this much stays.
KEPT: Final = 0.998
_CHUNK: Final = 1000
#: Numbers that are told of an entry.
ENTRY: Final = 1 + len(ZONES) + PLACES

Item = tuple[Ints, Floats]


def entry_cues(batch: TargetBatch) -> Floats:
    """Return all that is told of each entry: how it stands, and where."""
    places = np.eye(PLACES, dtype=np.float32)[place_of(batch.offset)]
    return np.concatenate([entry_marks(batch), places], axis=1)


def whole_cues(tokens: TokenBatch) -> Floats:
    """Return the same where a text is judged as a whole."""
    marks = whole_marks(tokens)
    return np.pad(marks, ((0, 0), (0, ENTRY - marks.shape[1])))


def items_of(rows: Sequence[Row], encoder: Encoder) -> list[Item]:
    """Return the lexemes around each brand, and where they stand."""
    encoder.table.remember_all()
    items: list[Item] = []
    for first in range(0, len(rows), _CHUNK):
        chunk = rows[first : first + _CHUNK]
        tokens, places = mask_target(
            encoder.table, [row.text for row in chunk], [(row.start, row.end) for row in chunk]
        )
        batch = target_zones(encoder.table, tokens, places)
        cues = entry_cues(batch)
        ends = np.append(tokens.starts[1:], len(tokens.lexemes))
        for begin, end, place in zip(tokens.starts, ends, places, strict=True):
            piece = slice(max(begin, place - REACH), min(end, place + REACH + 1))
            items.append((tokens.lexemes[piece], cues[piece]))
    return items


class Letters:
    """What is known of each lexeme, as tensors."""

    def __init__(self, encoder: Encoder) -> None:
        lists = [one & ((1 << BITS) - 1) for one in encoder.chars()]
        self.sizes = np.array([len(one) for one in lists])
        self.firsts = np.cumsum(self.sizes) - self.sizes
        self.buckets = np.concatenate(lists)
        self.words = word_rows(encoder.table)
        self.cues = torch.from_numpy(lexeme_cues(encoder.table))

    def bags(self, lexemes: Ints) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the buckets of some lexemes end to end, and where each begins."""
        sizes = self.sizes[lexemes]
        starts = np.cumsum(sizes) - sizes
        places = np.arange(sizes.sum()) + np.repeat(self.firsts[lexemes] - starts, sizes)
        return torch.from_numpy(self.buckets[places]), torch.from_numpy(starts)


def padded(items: Sequence[Item]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return lexemes, entries and mask of a batch."""
    longest = max(len(lexemes) for lexemes, _ in items)
    lexemes = np.zeros((len(items), longest), np.int64)
    entries = np.zeros((len(items), longest, ENTRY), np.float32)
    mask = np.zeros((len(items), longest), np.float32)
    for row, (numbers, cues) in enumerate(items):
        lexemes[row, : len(numbers)] = numbers
        entries[row, : len(numbers)] = cues
        mask[row, : len(numbers)] = 1
    return torch.from_numpy(lexemes), torch.from_numpy(entries), torch.from_numpy(mask)


def batches_of(drawn: Ints, items: Sequence[Item], rng: np.random.Generator) -> list[Ints]:
    """Cut drawn rows into batches of about the same length, so that little is padded; shuffled."""
    lengths = [len(items[row][0]) for row in drawn]
    batches = drawn[np.argsort(lengths, kind="stable")].reshape(-1, BATCH)
    return [batches[i] for i in rng.permutation(len(batches))]


def read_run(
    language: str, make: Callable[[Path], list[dict[str, Any]]]
) -> tuple[Path, list[dict[str, Any]]]:
    """Read the command line: return the folder of the sets and the arrays of each network.

    They are made by ``make``; with ``--refit`` they are those that are shipped.
    """
    refit = "--refit" in sys.argv
    sys.argv = [one for one in sys.argv if one != "--refit"]
    folder = read_options()
    return folder, [read_arrays(one) for one in files_of(language)] if refit else make(folder)
