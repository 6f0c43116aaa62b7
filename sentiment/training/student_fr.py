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
from torch.nn import functional

from listening.logs import get_logger
from sentiment.scoring.kinds import KINDS
from sentiment.scoring.lexemes import Floats, Ints
from sentiment.scoring.student import CLASS_COUNT
from sentiment.scoring.student_file import StudentWeights, file_of
from sentiment.scoring.target import TargetModel
from sentiment.scoring.valence import encoder_for
from sentiment.training.corpus import Row, labels_of, read_set, row_weights, set_digests
from sentiment.training.learner import Learner
from sentiment.training.network import Network, arrays_of
from sentiment.training.report import best_temperature, model_scores, write_model
from sentiment.training.student import (
    BATCH,
    POOL,
    SMOOTHED,
    Item,
    Letters,
    batches_of,
    items_of,
    padded,
    read_run,
)
from sentiment.training.target import ANY_KIND, UNKNOWN_KIND, named_kinds, target_rows

log = get_logger("sentiment.training")

LANGUAGE: Final = "fr"
#: One network each; together they are right more often than one trained longer.
SEEDS: Final = (1, 2)
STEPS: Final = 1600
MASS: Final = {"mabsa_fr_mt": 1.2, "brands": 2.2, "cases": 1.0, "stories": 0.8, "stars": 0.4}
#: How far each layer looks to each side.
DISTANCES: Final = (1, 2, 3)
#: How even the classes of a set are made.
BALANCE: Final = 0.75
_LAST_RATE: Final = 0.1


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


def train(net: Network, mentions: Mentions, seed: int) -> dict[str, torch.Tensor]:
    """Train a network; return the running mean of all but its tables, which keep their own."""
    rng = np.random.default_rng(seed)
    learner = Learner(net, steps=STEPS, last_rate=_LAST_RATE)
    queue: list[Ints] = []
    for _ in range(STEPS):
        if not queue:
            drawn = rng.choice(len(mentions.items), BATCH * POOL, p=mentions.chances)
            queue = batches_of(drawn, mentions.items, rng)
        chosen = queue.pop()
        logits = net(*mentions.batch(chosen, rng))
        gold = torch.from_numpy(mentions.labels[chosen])
        learner.learn(functional.cross_entropy(logits, gold, label_smoothing=SMOOTHED))
    return learner.mean


def make_students(folder: Path) -> list[dict[str, Any]]:
    """Train them and return their arrays."""
    torch.set_num_threads(1)
    encoder = encoder_for("opinion", LANGUAGE)
    rows = target_rows(folder, LANGUAGE)
    items = items_of(rows, encoder)
    mentions, letters = mentions_of(rows, items), Letters(encoder)
    made = []
    for seed in SEEDS:
        net = Network(letters, seed, distances=DISTANCES, drops_channels=True, knows_kinds=True)
        arrays = arrays_of(net, train(net, mentions, seed), items)
        made.append(StudentWeights(arrays).packed())
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
