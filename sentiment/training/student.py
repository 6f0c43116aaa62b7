"""Trains the networks beside the target model: ``python -m sentiment.training.student [fr en]``.

Needs torch, which the product does not: ``pip install torch`` into an environment for training.
One core, a few minutes a language. Train the other models first; where one of them is trained again
later, ``--refit`` fits anew how far the two are to be trusted together. There is no English network
yet: none was trained long enough to help.
"""

import copy
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from listening.logs import get_logger
from sentiment.scoring.encoding import Encoder
from sentiment.scoring.lexemes import Floats, Ints
from sentiment.scoring.student import (
    ATTENTIONS,
    BITS,
    CLASS_COUNT,
    FAR,
    REACH,
    StudentWeights,
    entry_cues,
    file_of,
    lexeme_cues,
    word_rows,
)
from sentiment.scoring.target import TargetModel
from sentiment.scoring.valence import encoder_for
from sentiment.scoring.weights import read_arrays
from sentiment.scoring.zones import ZONES, mask_target, target_zones
from sentiment.training.corpus import Row, labels_of, read_set, row_weights, set_digests
from sentiment.training.options import read_language_options
from sentiment.training.report import best_temperature, model_scores, write_model
from sentiment.training.target import MODELS, target_rows

log = get_logger("sentiment.training")

SEED: Final = 11
WIDTH: Final = 48
BATCH: Final = 64
STEPS: Final = {"fr": 700, "en": 1500}
RATE: Final = 2e-3
WARM_UP: Final = 100
#: Share of the words that are hidden, so that their letters must do; and of the numbers.
HIDDEN: Final = 0.15
DROPPED: Final = 0.3
SMOOTHED: Final = 0.05
#: The weights shipped are a running mean: of each step, this much stays.
KEPT: Final = 0.998
_MEAN_EVERY: Final = 20
#: Batches are cut from a pool sorted by length, so that little is padded.
_POOL: Final = 8
_CHUNK: Final = 1000
_ENTRY: Final = 1 + len(ZONES) + 2 * FAR + 1

Item = tuple[Ints, Floats]


def items_of(rows: Sequence[Row], encoder: Encoder) -> list[Item]:
    """Return the lexemes around each brand, and where they stand."""
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
        self.entry = nn.Linear(_ENTRY, WIDTH, bias=False)
        self.first = nn.Conv1d(WIDTH, WIDTH, 3, padding=1)
        self.second = nn.Conv1d(WIDTH, WIDTH, 3, padding=1)
        self.pull = nn.Linear(WIDTH, ATTENTIONS, bias=False)
        self.pull_entry = nn.Linear(_ENTRY, ATTENTIONS, bias=False)
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
    entries = np.zeros((len(items), longest, _ENTRY), np.float32)
    mask = np.zeros((len(items), longest), np.float32)
    for row, (numbers, cues) in enumerate(items):
        lexemes[row, : len(numbers)] = numbers
        entries[row, : len(numbers)] = cues
        mask[row, : len(numbers)] = 1
    return torch.from_numpy(lexemes), torch.from_numpy(entries), torch.from_numpy(mask)


def train(items: list[Item], labels: Ints, weights: Floats, letters: Letters, steps: int) -> Any:
    """Return the running mean of the network; rows are drawn by their weight."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    rng = np.random.default_rng(SEED)
    net = Network(letters)
    mean = copy.deepcopy(net)
    tables = [net.word.weight, net.char.weight]
    others = [p for name, p in net.named_parameters() if name not in {"word.weight", "char.weight"}]
    optimisers = [
        torch.optim.Adam(others, lr=RATE, betas=(0.9, 0.99)),
        torch.optim.SparseAdam(tables, lr=RATE, betas=(0.9, 0.99)),
    ]
    chances = weights.astype(np.float64) / weights.astype(np.float64).sum()
    queue: list[Ints] = []
    for step in range(1, steps + 1):
        if not queue:
            drawn = rng.choice(len(items), BATCH * _POOL, p=chances)
            drawn = drawn[np.argsort([len(items[i][0]) for i in drawn], kind="stable")]
            queue = [drawn.reshape(_POOL, BATCH)[i] for i in rng.permutation(_POOL)]
        chosen = queue.pop()
        logits = net(*padded([items[i] for i in chosen]))
        gold = torch.from_numpy(labels[chosen])
        loss = functional.cross_entropy(logits, gold, label_smoothing=SMOOTHED)
        for one in optimisers:
            one.zero_grad()
            for group in one.param_groups:
                group["lr"] = RATE * min(1.0, step / WARM_UP) * (1 - 0.9 * step / steps)
        loss.backward()
        for one in optimisers:
            one.step()
        if step % _MEAN_EVERY == 0:
            kept = min(KEPT, step / (step + 50)) ** _MEAN_EVERY
            with torch.no_grad():
                for old, new in zip(mean.parameters(), net.parameters(), strict=True):
                    old.lerp_(new, 1 - kept)
            if step % 100 == 0:
                log.info("student_stepped", step=step, loss=round(loss.item(), 3))
    return mean


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


def make_student(folder: Path, language: str) -> None:
    """Train one language and write its file."""
    encoder = encoder_for("opinion", language)
    rows = target_rows(folder, language)
    settings = MODELS[language]
    shares = row_weights(
        rows, settings["mass"], balance=settings["balance"], class_count=CLASS_COUNT
    )
    items = items_of(rows, encoder)
    letters = Letters(encoder)
    net = train(items, labels_of(rows), shares, letters, STEPS[language])
    finish(folder, language, weights_of(net, items, letters).packed())


def finish(folder: Path, language: str, arrays: dict[str, Any]) -> None:
    """Fit how far both models together are to be trusted, and write the file."""
    arrays["scale"] = np.ones(1, np.float32)
    student = StudentWeights.unpacked(arrays)
    held = read_set(folder, f"{language}_targeted.dev")
    texts, spans = [row.text for row in held], [(row.start, row.end) for row in held]
    alone = TargetModel.with_student(language, student, share=1.0)
    logits = TargetModel.with_student(language, student).logits(texts, spans, language)
    temperature = best_temperature(labels_of(held), logits)
    arrays["scale"] = np.array([1 / temperature], np.float32)
    scores = {
        "alone": model_scores(held, alone.logits(texts, spans, language)),
        "mixed": model_scores(held, logits / np.float32(temperature)),
    }
    names = [f"{language}_targeted.train", f"{language}_targeted.dev"]
    names.append("fr_reviews.train" if language == "fr" else "en_social.train")
    facts = {"data": set_digests(folder, names), "seed": SEED, "dev": scores}
    facts["steps"] = STEPS[language]
    write_model(file_of(language).removesuffix(".npz"), arrays, facts)
    log.info("student_trained", language=language, accuracy=scores["mixed"]["accuracy"])


def main() -> None:
    """Train the languages asked for; ``--refit`` keeps the networks and fits their trust alone."""
    refit = "--refit" in sys.argv
    sys.argv = [one for one in sys.argv if one != "--refit"]
    folder, languages = read_language_options()
    for language in languages:
        if refit:
            finish(folder, language, read_arrays(file_of(language)))
        else:
            make_student(folder, language)


if __name__ == "__main__":
    main()
