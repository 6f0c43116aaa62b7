"""Trains the English networks: ``python -m sentiment.training.student_en``.

Each learns two things at once, what a text says as a whole and what it says of a brand: posts and
reviews with a label of their own teach it far more words than there are labelled brands. Its table
of words begins with vectors found by counting which words stand near one another in all these
texts. Needs torch, like ``training.student``; one core, a quarter of an hour. Train the rest first;
``--refit`` keeps the networks and fits anew how far they are to be trusted beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch.nn import functional

from listening.logs import get_logger
from sentiment.scoring.encoding import Encoder
from sentiment.scoring.lexemes import Floats, Ints
from sentiment.scoring.polarity import KINDS, WHOLE_SHARE, Kind, PolarityModel
from sentiment.scoring.student import ATTENTIONS, CLASS_COUNT, WHOLE_REACH
from sentiment.scoring.student_file import StudentWeights, file_of
from sentiment.scoring.student_inputs import BITS
from sentiment.scoring.target import TargetModel
from sentiment.scoring.valence import encoder_for
from sentiment.training.cases import LABELS, mention_cases
from sentiment.training.corpus import Row, labels_of, read_set, row_weights, set_digests
from sentiment.training.learner import Learner
from sentiment.training.network import Network, arrays_of
from sentiment.training.report import best_temperature, model_scores, write_model
from sentiment.training.student import (
    BATCH,
    POOL,
    SMOOTHED,
    WIDTH,
    Item,
    Letters,
    batches_of,
    items_of,
    padded,
    read_run,
    whole_cues,
)
from sentiment.training.target import target_rows
from sentiment.training.word_vectors import word_vectors

log = get_logger("sentiment.training")

LANGUAGE: Final = "en"
#: Cases the linear models do without: with them they were no better.
MORE_CASES: Final = "en_customers"


@dataclass(frozen=True, slots=True)
class Plan:
    """How one network is trained."""

    seed: int
    steps: int  # over which the rate falls
    brand_share: float  # of the batches
    last: int  # step after which it is taken


#: How far each layer looks to each side.
DISTANCES: Final = (1, 1)
#: Two that differ are right more often than one. The second one says less of whole texts later on.
PLANS: Final = (Plan(1, 14_000, 0.5, last=14_000), Plan(2, 11_000, 0.6, last=6_000))
#: Added to the votes on a brand: public sets hold less blame than the web. Chosen on the
#: development set without its airlines.
LEANING: Final = (0.3, 0.0, 0.0)
#: The rate falls to this share of where it began.
_LAST_RATE: Final = 0.05
_CHUNK: Final = 1000
_CASE_SEED: Final = 1
_CASE_ROUNDS: Final = 4
#: How even the classes of a set are made.
BALANCE: Final = 0.65
WHOLE_MASS: Final = {
    "semeval17": 1.0, "vader_amazon": 0.12, "vader_movie": 0.12, "vader_nyt": 0.12, "cases": 0.2,
}  # fmt: skip
BRAND_MASS: Final = {
    "se17_topics": 1.0, "newsmtsc": 0.6, "dong14": 0.5, "brand_sxsw": 0.4, "se14_rest": 0.5,
    "se14_laptop": 0.3, "addressed": 0.3, "cases": 0.45,
}  # fmt: skip
#: Characters by which a text is known again.
_TELLING: Final = 200
DEV: Final[dict[Kind, str]] = {"social": "en_social.dev", "review": "en_reviews.dev"}
_SETS: Final = ("en_social", "en_reviews", "en_targeted")


@dataclass(frozen=True, slots=True)
class Task:
    """Rows to learn from, as the network reads them."""

    items: list[Item]
    labels: Ints
    chances: Floats  # of each row to be drawn


def whole_rows(folder: Path) -> list[Row]:
    """Return posts, reviews and cases of ours, each with its label as a whole."""
    rows = read_set(folder, "en_social.train") + read_set(folder, "en_reviews.train")
    cases = mention_cases(LANGUAGE, MORE_CASES, seed=_CASE_SEED, rounds=_CASE_ROUNDS)
    return rows + [Row(text, LABELS.index(label), "cases") for text, label in cases]


def whole_items(rows: Sequence[Row], encoder: Encoder) -> list[Item]:
    """Return the first lexemes of each text."""
    encoder.table.remember_all()
    items: list[Item] = []
    for first in range(0, len(rows), _CHUNK):
        tokens = encoder.table.batch([row.text for row in rows[first : first + _CHUNK]])
        cues = whole_cues(tokens)
        ends = np.append(tokens.starts[1:], len(tokens.lexemes))
        for begin, end in zip(tokens.starts, ends, strict=True):
            piece = slice(begin, min(end, begin + WHOLE_REACH))
            items.append((tokens.lexemes[piece], cues[piece]))
    return items


def _each_once(rows: Sequence[Row], items: Sequence[Item]) -> list[Item]:
    """Return the items of public texts, those of several sets once."""
    first: dict[str, Item] = {}
    for row, item in zip(rows, items, strict=True):
        if row.source != "cases":
            first.setdefault(row.text[:_TELLING], item)
    return list(first.values())


def task_of(rows: Sequence[Row], items: list[Item], mass: dict[str, float]) -> Task:
    """Return rows with their chances to be drawn."""
    weights = row_weights(rows, mass, balance=BALANCE, class_count=CLASS_COUNT).astype(np.float64)
    return Task(items, labels_of(rows), np.cumsum(weights / weights.sum()))


class _Drawer:
    """Draws batches of rows of about the same length."""

    def __init__(self, task: Task, rng: np.random.Generator) -> None:
        self._task, self._rng = task, rng
        self._queue: list[Ints] = []

    def draw(self) -> Ints:
        if not self._queue:
            chances = self._task.chances
            drawn = np.searchsorted(chances, self._rng.random(BATCH * POOL))
            self._queue = batches_of(drawn.clip(max=len(chances) - 1), self._task.items, self._rng)
        return self._queue.pop()


def train(net: Network, whole: Task, brands: Task, plan: Plan) -> dict[str, torch.Tensor]:
    """Train a network; return the running mean of all but its tables, which keep their own."""
    rng = np.random.default_rng(plan.seed)
    learner = Learner(net, steps=plan.steps, last_rate=_LAST_RATE)
    tasks = ((net.whole, whole, _Drawer(whole, rng)), (net, brands, _Drawer(brands, rng)))
    for _ in range(plan.last):
        forward, task, drawer = tasks[rng.random() < plan.brand_share]
        chosen = drawer.draw()
        logits = forward(*padded([task.items[row] for row in chosen]))
        gold = torch.from_numpy(task.labels[chosen])
        learner.learn(functional.cross_entropy(logits, gold, label_smoothing=SMOOTHED))
    return learner.mean


def make_students(folder: Path) -> list[dict[str, Any]]:
    """Train them and return their arrays."""
    torch.set_num_threads(1)
    encoder = encoder_for("opinion", LANGUAGE)
    texts, mentions = whole_rows(folder), target_rows(folder, LANGUAGE, MORE_CASES)
    whole = task_of(texts, whole_items(texts, encoder), WHOLE_MASS)
    brands = task_of(mentions, items_of(mentions, encoder), BRAND_MASS)
    letters = Letters(encoder)
    items = [*whole.items, *brands.items]
    public = _each_once([*texts, *mentions], items)
    told = [letters.words[lexemes[int(lexemes[0] == 0) :]] for lexemes, _ in public]
    rows, vectors = word_vectors(told, rows=1 << BITS, width=WIDTH)
    made = []
    for plan in PLANS:
        net = Network(letters, plan.seed, distances=DISTANCES, reads_whole=True)
        net.tables["word"].begin(rows, vectors)
        arrays = arrays_of(net, train(net, whole, brands, plan), items)
        arrays["vote_bias"] += np.tile(np.array(LEANING, np.float32), ATTENTIONS) / ATTENTIONS
        made.append(StudentWeights(arrays).packed())
    return made


def finish(folder: Path, made: Sequence[dict[str, Any]]) -> None:
    """Fit how far heads and networks together are to be trusted, and write the files."""
    first = made[0]
    for name in ("scale", *(f"whole_scale_{kind}" for kind in KINDS)):
        first[name] = np.ones(1, np.float32)
    students = [StudentWeights.unpacked({**first, **arrays}) for arrays in made]
    scores: dict[str, Any] = {}
    for kind in KINDS:
        held = read_set(folder, DEV[kind])
        model = PolarityModel.with_student(LANGUAGE, *students)
        logits = model.logits([row.text for row in held], LANGUAGE, kind)
        temperature = best_temperature(labels_of(held), logits)
        first[f"whole_scale_{kind}"] = np.array([1 / temperature], np.float32)
        scores[kind] = model_scores(held, logits / np.float32(temperature))
    held = read_set(folder, "en_targeted.dev")
    texts, spans = [row.text for row in held], [(row.start, row.end) for row in held]
    logits = TargetModel.with_student(LANGUAGE, *students).logits(texts, spans, LANGUAGE)
    temperature = best_temperature(labels_of(held), logits)
    first["scale"] = np.array([1 / temperature], np.float32)
    alone = TargetModel.with_student(LANGUAGE, *students, share=1.0)
    scores["target alone"] = model_scores(held, alone.logits(texts, spans, LANGUAGE))
    scores["target"] = model_scores(held, logits / np.float32(temperature))
    names = [f"{one}.{part}" for one in _SETS for part in ("train", "dev")]
    facts = {"data": set_digests(folder, names), "dev": scores, "shares": WHOLE_SHARE}
    for number, (plan, arrays) in enumerate(zip(PLANS, made, strict=True), start=1):
        name = file_of(LANGUAGE, number).removesuffix(".npz")
        write_model(name, arrays, {**facts, "seed": plan.seed, "steps": plan.last})
    log.info("student_trained", language=LANGUAGE, accuracy=scores["target"]["accuracy"])


def main() -> None:
    """Train them; ``--refit`` keeps the networks and fits their trust alone."""
    finish(*read_run(LANGUAGE, make_students))


if __name__ == "__main__":
    main()
