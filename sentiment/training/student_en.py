"""Trains the English networks: ``python -m sentiment.training.student_en``.

Each learns two things at once, what a text says as a whole and what it says of a brand: posts and
reviews with a label of their own teach it far more words than there are labelled brands. Its table
of words begins with vectors found by counting which words stand near one another in all these
texts. Needs torch, like ``training.student``; one core, a quarter of an hour. Train the rest first;
``--refit`` keeps the networks and fits anew how far they are to be trusted beside them.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn
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
from sentiment.training.report import best_temperature, model_scores, write_model
from sentiment.training.student import (
    BATCH,
    KEPT,
    RATE,
    SMOOTHED,
    WARM_UP,
    WIDTH,
    Item,
    Letters,
    Network,
    items_of,
    padded,
    read_run,
    voted,
    weights_of,
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


#: Two that differ are right more often than one. The second one says less of whole texts later on.
PLANS: Final = (Plan(1, 14_000, 0.5, last=14_000), Plan(2, 11_000, 0.6, last=6_000))
#: Added to the votes on a brand: public sets hold less blame than the web. Chosen on the
#: development set without its airlines.
LEANING: Final = (0.3, 0.0, 0.0)
#: The rate falls to this share of where it began.
_LAST_RATE: Final = 0.05
_MEAN_EVERY: Final = 20
_POOL: Final = 8
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


class TwofoldNetwork(Network):
    """The network with a second pair of attentions and votes, for whole texts."""

    def __init__(self, letters: Letters) -> None:
        super().__init__(letters)
        self.whole_pull = nn.Linear(WIDTH, ATTENTIONS, bias=False)
        self.whole_vote = nn.Linear(WIDTH, ATTENTIONS * CLASS_COUNT)

    def whole(
        self, lexemes: torch.Tensor, entries: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """Return the logits of a padded batch of whole texts."""
        found = self.found(lexemes, entries, mask)
        return voted(found, self.whole_pull(found), mask, self.whole_vote)


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
            drawn = np.searchsorted(chances, self._rng.random(BATCH * _POOL))
            drawn = drawn.clip(max=len(chances) - 1)
            lengths = [len(self._task.items[row][0]) for row in drawn]
            drawn = drawn[np.argsort(lengths, kind="stable")].reshape(_POOL, BATCH)
            self._queue = [drawn[i] for i in self._rng.permutation(_POOL)]
        return self._queue.pop()


def train(net: TwofoldNetwork, whole: Task, brands: Task, plan: Plan) -> Any:
    """Return the running mean of the network over the steps."""
    rng = np.random.default_rng(plan.seed)
    mean = copy.deepcopy(net)
    tables = [net.word.weight, net.char.weight]
    others = [p for name, p in net.named_parameters() if name not in {"word.weight", "char.weight"}]
    optimisers = [
        torch.optim.Adam(others, lr=RATE, betas=(0.9, 0.99)),
        torch.optim.SparseAdam(tables, lr=RATE, betas=(0.9, 0.99)),
    ]
    tasks = ((net.whole, whole, _Drawer(whole, rng)), (net, brands, _Drawer(brands, rng)))
    for step in range(1, plan.last + 1):
        forward, task, drawer = tasks[rng.random() < plan.brand_share]
        chosen = drawer.draw()
        logits = forward(*padded([task.items[row] for row in chosen]))
        gold = torch.from_numpy(task.labels[chosen])
        loss = functional.cross_entropy(logits, gold, label_smoothing=SMOOTHED)
        for one in optimisers:
            one.zero_grad()
            for group in one.param_groups:
                left = 1 - (1 - _LAST_RATE) * step / plan.steps
                group["lr"] = RATE * min(1.0, step / WARM_UP) * left
        loss.backward()
        for one in optimisers:
            one.step()
        if step % _MEAN_EVERY == 0:
            kept = min(KEPT, step / (step + 50)) ** _MEAN_EVERY
            with torch.no_grad():
                for old, new in zip(mean.parameters(), net.parameters(), strict=True):
                    old.lerp_(new, 1 - kept)
        if step % _CHUNK == 0:
            log.info("student_stepped", step=step, loss=round(loss.item(), 3))
    return mean


def arrays_of(net: Any, items: Sequence[Item], letters: Letters) -> dict[str, Any]:
    """Return the arrays to store, those for whole texts among them."""
    arrays = weights_of(net, items, letters).arrays
    arrays["vote_bias"] += np.tile(np.array(LEANING, np.float32), ATTENTIONS) / ATTENTIONS
    arrays["whole_pull"] = net.whole_pull.weight.detach().numpy().T.copy()
    arrays["whole_vote"] = net.whole_vote.weight.detach().numpy().T.copy()
    arrays["whole_vote_bias"] = net.whole_vote.bias.detach().numpy().copy()
    return StudentWeights(arrays).packed()


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
        torch.manual_seed(plan.seed)
        net = TwofoldNetwork(letters)
        with torch.no_grad():
            net.word.weight[torch.from_numpy(rows)] = torch.from_numpy(vectors)
        made.append(arrays_of(train(net, whole, brands, plan), items, letters))
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
