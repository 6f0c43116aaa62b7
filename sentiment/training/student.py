"""What the trainings of the networks share; see ``student_fr`` and ``student_en``.

Needs torch, which the product does not: ``pip install torch`` into an environment for training.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from sentiment.scoring.encoding import Encoder
from sentiment.scoring.lexemes import Floats, Ints, TokenBatch
from sentiment.scoring.student import ATTENTIONS, CLASS_COUNT, REACH
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
from sentiment.scoring.weights import read_arrays
from sentiment.scoring.zones import ZONES, TargetBatch, mask_target, target_zones
from sentiment.training.corpus import Row
from sentiment.training.options import read_options

WIDTH: Final = 48
BATCH: Final = 64
RATE: Final = 2e-3
WARM_UP: Final = 100
#: Share of the words that are hidden, so that their letters must do; and of the numbers.
HIDDEN: Final = 0.15
DROPPED: Final = 0.3
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


class Network(nn.Module):  # type: ignore[misc]  # torch is installed apart
    """The network of :class:`sentiment.scoring.student.Student`, in a form that learns."""

    def __init__(self, letters: Letters) -> None:
        super().__init__()
        self.letters = letters
        self.word = nn.Embedding(1 << BITS, WIDTH, sparse=True)
        self.char = nn.EmbeddingBag(1 << BITS, WIDTH, mode="mean", sparse=True)
        nn.init.normal_(self.word.weight, 0, 0.05)
        nn.init.normal_(self.char.weight, 0, 0.1)
        self.lexeme = nn.Linear(letters.cues.shape[1], WIDTH)
        self.entry = nn.Linear(ENTRY, WIDTH, bias=False)
        self.first = nn.Conv1d(WIDTH, WIDTH, 3, padding=1)
        self.second = nn.Conv1d(WIDTH, WIDTH, 3, padding=1)
        self.pull = nn.Linear(WIDTH, ATTENTIONS, bias=False)
        self.pull_entry = nn.Linear(ENTRY, ATTENTIONS, bias=False)
        self.vote = nn.Linear(WIDTH, ATTENTIONS * CLASS_COUNT)
        self.drop = nn.Dropout(DROPPED)

    def forward(
        self, lexemes: torch.Tensor, entries: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """Return the logits of a padded batch of brands."""
        found = self.found(lexemes, entries, mask)
        return voted(found, self.pull(found) + self.pull_entry(entries), mask, self.vote)

    def found(
        self, lexemes: torch.Tensor, entries: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """Return what the layers make of every entry."""
        unique, inverse = torch.unique(lexemes, return_inverse=True)
        numbers = unique.numpy()
        words = self.word(torch.from_numpy(self.letters.words[numbers]))
        if self.training:
            words = words * (torch.rand(len(numbers), 1) > HIDDEN)
        vectors = words + self.char(*self.letters.bags(numbers))
        vectors = vectors + self.lexeme(self.letters.cues[unique])
        found = self.drop(vectors[inverse] + self.entry(entries)) * mask[..., None]
        found, over = found.transpose(1, 2), mask[:, None]
        found = found + functional.relu(self.first(found)) * over
        found = found + functional.relu(self.second(self.drop(found))) * over
        return self.drop(found.transpose(1, 2))


def voted(
    found: torch.Tensor, pull: torch.Tensor, mask: torch.Tensor, vote: nn.Linear
) -> torch.Tensor:
    """Return the votes of all entries, weighed by attention, over each text."""
    share = pull.masked_fill(mask[..., None] == 0, -1e4).softmax(1)
    votes = vote(found).view(*found.shape[:2], ATTENTIONS, CLASS_COUNT)
    return (share[..., None] * votes).sum((1, 2))


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


def weights_of(net: Any, items: Sequence[Item], letters: Letters) -> StudentWeights:
    """Return the arrays of the run-time class; rows no training text has met are emptied."""
    met = np.unique(np.concatenate([lexemes for lexemes, _ in items]))
    seen = {
        "word": np.unique(letters.words[met]),
        "char": np.unique(letters.bags(met)[0].numpy()),
    }
    arrays: dict[str, Floats] = {"scale": np.ones(1, np.float32)}
    for name, rows in seen.items():
        table = getattr(net, name).weight.detach().numpy()
        arrays[name] = np.zeros_like(table)
        arrays[name][rows] = table[rows]
    for name in ("lexeme", "entry", "pull", "pull_entry", "vote"):
        arrays[name] = getattr(net, name).weight.detach().numpy().T.copy()
    for name in ("lexeme", "vote"):
        arrays[f"{name}_bias"] = getattr(net, name).bias.detach().numpy().copy()
    for name in ("first", "second"):
        layer = getattr(net, name)
        kernel = layer.weight.detach().numpy()  # (out, in, place)
        arrays[name] = kernel.transpose(2, 1, 0).reshape(-1, WIDTH).copy()
        arrays[f"{name}_bias"] = layer.bias.detach().numpy().copy()
    return StudentWeights(arrays)


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
