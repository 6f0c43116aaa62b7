"""The network of :class:`sentiment.scoring.student.Student`, in a form that learns; needs torch."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from sentiment.scoring.kinds import KINDS
from sentiment.scoring.lexemes import Floats, Ints
from sentiment.scoring.student import ATTENTIONS, CLASS_COUNT, LAYERS
from sentiment.scoring.student_inputs import BITS
from sentiment.training.row_table import RowTable
from sentiment.training.student import ENTRY, HIDDEN, WIDTH, Item, Letters

#: Share of the numbers that are dropped while learning.
DROPPED: Final = 0.3


class Network(nn.Module):  # type: ignore[misc]  # torch is installed apart
    """One network; the tables of words and letters are moved row by row, see ``tables``."""

    def __init__(
        self,
        letters: Letters,
        seed: int,
        *,
        distances: Sequence[int],
        drops_channels: bool = False,
        knows_kinds: bool = False,
        reads_whole: bool = False,
    ) -> None:
        """Begin with small random weights.

        Args:
            letters: What is known of each lexeme.
            seed: Of the weights, and of what is dropped while learning.
            distances: How far each layer looks to each side.
            drops_channels: Whether a text loses whole channels while learning, which is dearer to
                do without than single numbers, and cheaper.
            knows_kinds: Whether it is told what kind of firm a brand is.
            reads_whole: Whether it has a second pair of attentions and votes, for whole texts.
        """
        super().__init__()
        torch.manual_seed(seed)
        generator = torch.Generator().manual_seed(seed)
        self.letters, self.distances = letters, tuple(distances)
        self._drop = _channels_dropped if drops_channels else _numbers_dropped
        self.tables = {"word": RowTable(0.05, generator), "char": RowTable(0.1, generator)}
        self.lexeme = nn.Linear(letters.cues.shape[1], WIDTH)
        if knows_kinds:
            self.kind = nn.Embedding(len(KINDS), WIDTH)
            self.kind.weight.data.mul_(0.1)
            self.kind_vote = nn.Embedding(len(KINDS), CLASS_COUNT)
            self.kind_vote.weight.data.zero_()
        self.entry = nn.Linear(ENTRY, WIDTH, bias=False)
        names = LAYERS[: len(distances)]
        self.layers = nn.ModuleDict({name: nn.Linear(3 * WIDTH, WIDTH) for name in names})
        self.pull = nn.Linear(WIDTH, ATTENTIONS, bias=False)
        self.pull_entry = nn.Linear(ENTRY, ATTENTIONS, bias=False)
        self.vote = nn.Linear(WIDTH, ATTENTIONS * CLASS_COUNT)
        if reads_whole:
            self.whole_pull = nn.Linear(WIDTH, ATTENTIONS, bias=False)
            self.whole_vote = nn.Linear(WIDTH, ATTENTIONS * CLASS_COUNT)

    def forward(
        self,
        lexemes: torch.Tensor,
        entries: torch.Tensor,
        mask: torch.Tensor,
        kinds: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the logits of a padded batch of brands."""
        told = self.entry(entries)
        if kinds is not None:
            told = told + self.kind(kinds)[:, None]
        found = self._found(lexemes, told, mask)
        logits = _voted(found, self.pull(found) + self.pull_entry(entries), mask, self.vote)
        return logits if kinds is None else logits + self.kind_vote(kinds)

    def whole(
        self, lexemes: torch.Tensor, entries: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """Return the logits of a padded batch of whole texts."""
        found = self._found(lexemes, self.entry(entries), mask)
        return _voted(found, self.whole_pull(found), mask, self.whole_vote)

    def _found(self, lexemes: torch.Tensor, told: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return what the layers make of every entry."""
        numbers, inverse = np.unique(lexemes.numpy(), return_inverse=True)
        vectors = self._vectors(numbers)[torch.from_numpy(inverse.reshape(lexemes.shape))]
        over = mask[..., None]
        found = self._drop(vectors + told) * over
        layers = zip(self.layers.values(), self.distances, strict=True)
        for number, (layer, distance) in enumerate(layers):
            around = _with_neighbours(self._drop(found) if number else found, distance)
            found = found + functional.relu(layer(around)) * over
        return self._drop(found)

    def _vectors(self, numbers: Ints) -> torch.Tensor:
        """Return the vectors of some lexemes: the word, its letters, its cues."""
        words, word = np.unique(self.letters.words[numbers], return_inverse=True)
        buckets, starts = self.letters.bags(numbers)
        letters, letter = np.unique(buckets.numpy(), return_inverse=True)
        vectors = self.tables["word"].taken(words)[torch.from_numpy(word)]
        vectors = vectors * (torch.rand(len(numbers), 1) > HIDDEN)
        taken = self.tables["char"].taken(letters)
        bags = functional.embedding_bag(torch.from_numpy(letter), taken, starts, mode="mean")
        return vectors + bags + self.lexeme(self.letters.cues[torch.from_numpy(numbers)])


def _numbers_dropped(found: torch.Tensor) -> torch.Tensor:
    return functional.dropout(found, DROPPED)


def _channels_dropped(found: torch.Tensor) -> torch.Tensor:
    kept = torch.rand(found.shape[0], 1, found.shape[2]) > DROPPED
    return found * kept / (1 - DROPPED)


def _with_neighbours(found: torch.Tensor, distance: int) -> torch.Tensor:
    """Lay the entries some places before and after beside each; nothing beyond a text's ends."""
    none = torch.zeros(found.shape[0], min(distance, found.shape[1]), found.shape[2])
    before = torch.cat([none, found[:, :-distance]], 1)
    after = torch.cat([found[:, distance:], none], 1)
    return torch.cat([before, found, after], 2)


def _voted(
    found: torch.Tensor, pull: torch.Tensor, mask: torch.Tensor, vote: nn.Linear
) -> torch.Tensor:
    """Return the votes of all entries, weighed by attention, over each text."""
    share = pull.masked_fill(mask[..., None] == 0, -1e4).softmax(1)
    votes = vote(found).view(*found.shape[:2], ATTENTIONS, CLASS_COUNT)
    return (share[..., None] * votes).sum((1, 2))


def arrays_of(net: Network, mean: dict[str, torch.Tensor], items: Sequence[Item]) -> dict[str, Any]:
    """Return the arrays of a ``StudentWeights``; rows that no training text has met are emptied.

    Args:
        net: For its tables and distances.
        mean: The running mean of all else.
        items: All that it learnt from.
    """
    met = np.unique(np.concatenate([lexemes for lexemes, _ in items]))
    letters = net.letters
    seen = {"word": letters.words[met], "char": letters.bags(met)[0].numpy()}
    arrays: dict[str, Floats] = {"distances": np.array(net.distances, np.float32)}
    for name, rows in seen.items():
        arrays[name] = np.zeros((1 << BITS, WIDTH), np.float32)
        arrays[name][np.unique(rows)] = net.tables[name].mean.numpy()[np.unique(rows)]
    for key, value in mean.items():
        name = key.removeprefix("layers.")
        array = value.numpy()
        if name.startswith("kind"):
            arrays[name.removesuffix(".weight")] = array.copy()
        elif name.endswith(".weight"):
            arrays[name.removesuffix(".weight")] = array.T.copy()
        else:
            arrays[name.replace(".bias", "_bias")] = array.copy()
    if "kind_vote" in arrays:
        arrays["kind_vote"] -= arrays["kind_vote"].mean(axis=1, keepdims=True)
    return arrays
