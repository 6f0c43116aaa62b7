"""Trains the French networks: ``python -m sentiment.training.student_fr``.

They learn from the rows of the target model, the mentions we labelled ourselves above all, and may
know of a brand what kind of firm it is (``sentiment.scoring.kinds``), never its name. Kinds are
left out or made up now and then: a brand of unknown kind must be judged as well, and what is said
of it plainly counts whatever its kind. Needs torch, like ``training.student``; one core, ten
minutes. Train the other models first; ``--refit`` keeps the networks and fits anew how far they
are to be trusted beside the linear model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from listening.logs import get_logger
from sentiment.scoring.kinds import KINDS
from sentiment.scoring.lexemes import Floats, Ints
from sentiment.scoring.student import ATTENTIONS, CLASS_COUNT, LAYERS
from sentiment.scoring.student_file import StudentWeights, file_of
from sentiment.scoring.student_inputs import BITS
from sentiment.scoring.target import TargetModel
from sentiment.scoring.valence import encoder_for
from sentiment.training.corpus import Row, labels_of, read_set, row_weights, set_digests
from sentiment.training.report import best_temperature, model_scores, write_model
from sentiment.training.row_table import BETAS, RowTable
from sentiment.training.student import (
    BATCH,
    ENTRY,
    HIDDEN,
    KEPT,
    RATE,
    SMOOTHED,
    WARM_UP,
    WIDTH,
    Item,
    Letters,
    items_of,
    padded,
    read_run,
    voted,
)
from sentiment.training.target import ANY_KIND, UNKNOWN_KIND, named_kinds, target_rows

log = get_logger("sentiment.training")

LANGUAGE: Final = "fr"
#: One network each; together they are right more often than one trained longer.
SEEDS: Final = (1, 2)
STEPS: Final = 1300
MASS: Final = {"mabsa_fr_mt": 1.0, "brands": 2.0, "cases": 1.0}
#: How far each layer looks to each side.
DISTANCES: Final = (1, 2, 3)
#: How even the classes of a set are made.
BALANCE: Final = 0.75
#: Channels of a text that are dropped.
DROPPED: Final = 0.3
_LAST_RATE: Final = 0.1
_MEAN_EVERY: Final = 20
#: Batches are cut from a pool sorted by length, so that little is padded.
_POOL: Final = 8
_REPORT_EVERY: Final = 300


class BrandNetwork(nn.Module):  # type: ignore[misc]  # torch is installed apart
    """The network of :class:`sentiment.scoring.student.Student`, in a form that learns fast."""

    def __init__(self, letters: Letters, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        generator = torch.Generator().manual_seed(seed)
        self.letters = letters
        self.tables = {"word": RowTable(0.05, generator), "char": RowTable(0.1, generator)}
        self.lexeme = nn.Linear(letters.cues.shape[1], WIDTH)
        self.kind = nn.Embedding(len(KINDS), WIDTH)
        self.kind.weight.data.mul_(0.1)
        self.kind_vote = nn.Embedding(len(KINDS), CLASS_COUNT)
        self.kind_vote.weight.data.zero_()
        self.entry = nn.Linear(ENTRY, WIDTH, bias=False)
        self.layers = nn.ModuleDict({name: nn.Linear(3 * WIDTH, WIDTH) for name in LAYERS})
        self.pull = nn.Linear(WIDTH, ATTENTIONS, bias=False)
        self.pull_entry = nn.Linear(ENTRY, ATTENTIONS, bias=False)
        self.vote = nn.Linear(WIDTH, ATTENTIONS * CLASS_COUNT)

    def forward(
        self, lexemes: torch.Tensor, entries: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor
    ) -> torch.Tensor:
        """Return the logits of a padded batch of brands."""
        numbers, inverse = np.unique(lexemes.numpy(), return_inverse=True)
        vectors = self._vectors(numbers)[torch.from_numpy(inverse.reshape(lexemes.shape))]
        over = mask[..., None]
        found = self._dropped(vectors + self.entry(entries) + self.kind(kinds)[:, None]) * over
        for number, (name, distance) in enumerate(zip(LAYERS, DISTANCES, strict=True)):
            around = with_neighbours(self._dropped(found) if number else found, distance)
            found = found + functional.relu(self.layers[name](around)) * over
        found = self._dropped(found)
        pull = self.pull(found) + self.pull_entry(entries)
        return voted(found, pull, mask, self.vote) + self.kind_vote(kinds)

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

    @staticmethod
    def _dropped(found: torch.Tensor) -> torch.Tensor:
        """Drop channels of whole texts: dearer to do without than single numbers, and cheaper."""
        kept = torch.rand(found.shape[0], 1, found.shape[2]) > DROPPED
        return found * kept / (1 - DROPPED)


def with_neighbours(found: torch.Tensor, distance: int) -> torch.Tensor:
    """Lay the entries some places before and after beside each; nothing beyond a text's ends."""
    none = torch.zeros(found.shape[0], min(distance, found.shape[1]), found.shape[2])
    before = torch.cat([none, found[:, :-distance]], 1)
    after = torch.cat([found[:, distance:], none], 1)
    return torch.cat([before, found, after], 2)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Rows to learn from, as the network reads them."""

    items: list[Item]
    labels: Ints
    kinds: Ints
    any_kind: Floats  # chance of each row to be given any kind
    chances: Floats  # of each row to be drawn

    def batch(
        self, chosen: Ints, rng: np.random.Generator
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return lexemes, entries, mask and kinds of some rows."""
        kinds = np.where(rng.random(len(chosen)) < UNKNOWN_KIND, 0, self.kinds[chosen])
        made_up = rng.integers(0, len(KINDS), len(chosen))
        kinds = np.where(rng.random(len(chosen)) < self.any_kind[chosen], made_up, kinds)
        return *padded([self.items[row] for row in chosen]), torch.from_numpy(kinds)


def mentions_of(rows: Sequence[Row], items: list[Item]) -> Mentions:
    """Return the rows with their kinds and their chances to be drawn."""
    weights = row_weights(rows, MASS, balance=BALANCE, class_count=CLASS_COUNT).astype(np.float64)
    kinds = np.where([row.source in ANY_KIND for row in rows], 0, named_kinds(rows))
    any_kind = np.array([ANY_KIND.get(row.source, 0.0) for row in rows], np.float32)
    return Mentions(items, labels_of(rows), kinds, any_kind, weights / weights.sum())


def train(net: BrandNetwork, mentions: Mentions, seed: int) -> dict[str, torch.Tensor]:
    """Train a network; return the running mean of all but its tables, which keep their own."""
    rng = np.random.default_rng(seed)
    optimiser = torch.optim.Adam(net.parameters(), lr=RATE, betas=BETAS)
    mean = {name: value.clone() for name, value in net.state_dict().items()}
    queue: list[Ints] = []
    for step in range(1, STEPS + 1):
        if not queue:
            drawn = rng.choice(len(mentions.items), BATCH * _POOL, p=mentions.chances)
            lengths = [len(mentions.items[row][0]) for row in drawn]
            drawn = drawn[np.argsort(lengths, kind="stable")].reshape(_POOL, BATCH)
            queue = [drawn[i] for i in rng.permutation(_POOL)]
        chosen = queue.pop()
        logits = net(*mentions.batch(chosen, rng))
        gold = torch.from_numpy(mentions.labels[chosen])
        loss = functional.cross_entropy(logits, gold, label_smoothing=SMOOTHED)
        rate = RATE * min(1.0, step / WARM_UP) * (1 - (1 - _LAST_RATE) * step / STEPS)
        optimiser.zero_grad()
        optimiser.param_groups[0]["lr"] = rate
        loss.backward()
        optimiser.step()
        for table in net.tables.values():
            table.step(rate)
        if step % _MEAN_EVERY == 0:
            _average(net, mean, min(KEPT, step / (step + 50)) ** _MEAN_EVERY)
        if step % _REPORT_EVERY == 0:
            log.info("student_stepped", step=step, loss=round(loss.item(), 3))
    return mean


def _average(net: BrandNetwork, mean: dict[str, torch.Tensor], kept: float) -> None:
    with torch.no_grad():
        for table in net.tables.values():
            table.mean.lerp_(table.rows, 1 - kept)
        for name, value in net.state_dict().items():
            mean[name].lerp_(value, 1 - kept)


def arrays_of(
    net: BrandNetwork, mean: dict[str, torch.Tensor], items: Sequence[Item]
) -> dict[str, Any]:
    """Return the arrays to store; rows of the tables no training text has met are emptied."""
    met = np.unique(np.concatenate([lexemes for lexemes, _ in items]))
    letters = net.letters
    seen = {"word": letters.words[met], "char": letters.bags(met)[0].numpy()}
    arrays: dict[str, Floats] = {"distances": np.array(DISTANCES, np.float32)}
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
    arrays["kind_vote"] -= arrays["kind_vote"].mean(axis=1, keepdims=True)
    return StudentWeights(arrays).packed()


def make_students(folder: Path) -> list[dict[str, Any]]:
    """Train them and return their arrays."""
    torch.set_num_threads(1)
    encoder = encoder_for("opinion", LANGUAGE)
    rows = target_rows(folder, LANGUAGE)
    items = items_of(rows, encoder)
    mentions, letters = mentions_of(rows, items), Letters(encoder)
    made = []
    for seed in SEEDS:
        net = BrandNetwork(letters, seed)
        made.append(arrays_of(net, train(net, mentions, seed), items))
    return made


def finish(folder: Path, made: Sequence[dict[str, Any]]) -> None:
    """Fit how far all models together are to be trusted, and write the files."""
    for arrays in made:
        arrays["scale"] = np.ones(1, np.float32)
    students = [StudentWeights.unpacked(arrays) for arrays in made]
    held = read_set(folder, "fr_targeted.dev")
    texts, spans = [row.text for row in held], [(row.start, row.end) for row in held]
    alone = TargetModel.with_student(LANGUAGE, *students, share=1.0)
    logits = TargetModel.with_student(LANGUAGE, *students).logits(texts, spans, LANGUAGE)
    temperature = best_temperature(labels_of(held), logits)
    made[0]["scale"] = np.array([1 / temperature], np.float32)
    scores = {
        "alone": model_scores(held, alone.logits(texts, spans, LANGUAGE)),
        "mixed": model_scores(held, logits / np.float32(temperature)),
    }
    names = ["fr_targeted.train", "fr_targeted.dev", "fr_reviews.train"]
    facts = {"data": set_digests(folder, names), "steps": STEPS, "dev": scores}
    for number, (seed, arrays) in enumerate(zip(SEEDS, made, strict=True), start=1):
        name = file_of(LANGUAGE, number).removesuffix(".npz")
        write_model(name, arrays, {**facts, "seed": seed})
    log.info("student_trained", language=LANGUAGE, accuracy=scores["mixed"]["accuracy"])


def main() -> None:
    """Train them; ``--refit`` keeps the networks and fits their trust alone."""
    finish(*read_run(LANGUAGE, make_students))


if __name__ == "__main__":
    main()
