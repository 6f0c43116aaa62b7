"""The homonym guard that learns: whether a text that has the brand's name speaks of the brand.

A logistic regression over the hashed words around the name, one model per brand, learnt from some
twenty verdicts of people. It only ever takes away, never what a person labelled, and only where it
is surer than it was of every relevant text when that text was kept from it (leave-one-out).
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import exp, sqrt
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from listening.errors import TaggingError
from listening.files import write_whole
from listening.text import FOLDED_WORD, Folded
from listening.translate import mark

#: Verdicts that are needed, in all and of each kind; fewer decide nothing.
MIN_VERDICTS: Final = 20
MIN_OF_A_KIND: Final = 5
#: Verdicts that are learnt from, the newest ones; bounds the time.
MAX_VERDICTS: Final = 2_000
#: Hashed words; a brand's context has some thousand different ones.
BUCKETS: Final = 4_096
#: Words on each side of a name that count as its context.
REACH: Final = 25
#: Shortest word that counts: shorter ones are grammar.
MIN_WORD: Final = 3
#: Weight of the penalty on squared weights, chosen by leave-one-out on invented homonyms.
RIDGE: Final = 0.05
#: Never removed above this chance of being relevant, whatever was learnt.
HIGHEST_THRESHOLD: Final = 0.35
#: Kept apart from the least sure relevant text.
MARGIN: Final = 0.05
#: Times that the verdicts are split to measure; each verdict on its own up to so many.
FOLDS: Final = 60
_STEPS: Final = 300
_FORMAT: Final = 1

Vector = NDArray[np.float64]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelevanceModel:
    """What was learnt for one brand; plain numbers that JSON can hold."""

    brand_id: str
    query_version: str  # of the query under which the verdicts were given
    bias: float
    weights: dict[int, float]  # by bucket; the others are 0
    threshold: float  # a text is left out below this chance of being relevant
    verdict_count: int
    #: Measured on verdicts kept from the learning.
    removed_count: int
    removed_rightly: int
    irrelevant_count: int

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits over what decides."""
        key = json.dumps([self.bias, sorted(self.weights.items()), self.threshold])
        return hashlib.sha256(key.encode()).hexdigest()[:12]

    def relevance(self, folded: Folded, places: Sequence[Place]) -> float:
        """Return the chance, 0..1, that a text speaks of the brand.

        Args:
            folded: The text.
            places: Where the name stands, in characters of the original text.
        """
        buckets = context_buckets(folded, places)
        if not buckets:
            return 1.0
        total = sum(self.weights.get(one, 0.0) for one in buckets) / sqrt(len(buckets))
        return _chance(self.bias + total)

    def precision(self) -> tuple[float, float, float]:
        """Return the share rightly removed, and its 95 % interval (Wilson)."""
        return wilson(self.removed_rightly, self.removed_count)


def context_buckets(folded: Folded, places: Sequence[Place]) -> list[int]:
    """Return the hashed words around a name, each once; the name itself does not count."""
    text = folded.text
    spans = [(folded.index_of(start), folded.index_of(end)) for start, end in places]
    words = [(one.start(), one.end(), one[0]) for one in FOLDED_WORD.finditer(text)]
    starts = np.array([start for start, _, _ in words])
    near: set[int] = set()
    inside: set[int] = set()
    for begin, end in spans[:50]:
        first, last = np.searchsorted(starts, [begin, end])
        inside.update(range(int(first), int(last)))
        near.update(range(max(0, int(first) - REACH), min(len(words), int(last) + REACH)))
    found = {words[at][2] for at in near - inside if len(words[at][2]) >= MIN_WORD}
    return sorted({crc32(word.encode("utf-8", "surrogatepass")) % BUCKETS for word in found})


def learn(
    brand_id: str, query_version: str, verdicts: Iterable[tuple[Sequence[int], bool]]
) -> RelevanceModel:
    """Learn from verdicts: the buckets around the name, and whether the text was relevant.

    Raises:
        TaggingError: There are too few verdicts, or too few of one kind.
    """
    given = [(buckets, is_relevant) for buckets, is_relevant in verdicts if buckets]
    given = given[-MAX_VERDICTS:]
    labels = np.array([is_relevant for _, is_relevant in given], dtype=float)
    relevant = int(labels.sum())
    if len(given) < MIN_VERDICTS or min(relevant, len(given) - relevant) < MIN_OF_A_KIND:
        raise TaggingError(
            mark(
                "too few verdicts on {brand}: {count}, relevant: {relevant}; at least {least} are"
                " needed, and {of_a_kind} of each kind"
            ),
            brand=brand_id,
            count=len(given),
            relevant=relevant,
            least=MIN_VERDICTS,
            of_a_kind=MIN_OF_A_KIND,
        )
    matrix = _matrix([buckets for buckets, _ in given])
    gram = matrix @ matrix.T + 1.0  # the bias is a word that every text has
    held_out = _held_out(gram, labels)
    threshold = max(0.0, min(HIGHEST_THRESHOLD, float(held_out[labels == 1].min()) - MARGIN))
    removed = held_out < threshold
    duals = _fit(gram, labels)
    weights, bias = matrix.T @ duals, float(duals.sum())
    return RelevanceModel(
        brand_id=brand_id,
        query_version=query_version,
        bias=round(bias, 6),
        weights={int(at): round(float(weights[at]), 6) for at in np.flatnonzero(weights)},
        threshold=round(threshold, 4),
        verdict_count=len(given),
        removed_count=int(removed.sum()),
        removed_rightly=int((removed & (labels == 0)).sum()),
        irrelevant_count=int((labels == 0).sum()),
    )


def _matrix(rows: Sequence[Sequence[int]]) -> Vector:
    matrix = np.zeros((len(rows), BUCKETS))
    for number, buckets in enumerate(rows):
        matrix[number, list(buckets)] = 1 / sqrt(len(buckets))
    return matrix


def _fit(gram: Vector, labels: Vector) -> Vector:
    """Minimise the mean logistic loss, both kinds weighing the same, plus the ridge.

    Solved in the space of the texts, which are fewer than the words; the step is the safe one for
    the largest curvature there can be (Gershgorin).
    """
    share = labels.mean()
    weight = np.where(labels == 1, 0.5 / share, 0.5 / (1 - share)) / len(labels)
    duals = np.zeros(len(labels))
    step = 1 / (0.25 * float(weight.max()) * float(gram.sum(axis=1).max()) + RIDGE)
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-np.clip(gram @ duals, -30, 30)))
        duals -= step * (weight * (chances - labels) + RIDGE * duals)
    return duals


def _held_out(gram: Vector, labels: Vector) -> Vector:
    """Return each text's chance according to what was learnt without it."""
    chances = np.zeros(len(labels))
    folds = np.arange(len(labels)) % min(len(labels), FOLDS)
    for fold in range(int(folds.max()) + 1):
        is_out, is_in = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        duals = _fit(gram[np.ix_(is_in, is_in)], labels[is_in])
        chances[is_out] = [_chance(one) for one in gram[np.ix_(is_out, is_in)] @ duals]
    return chances


def _chance(value: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))


def wilson(hits: int, count: int) -> tuple[float, float, float]:
    """Return a share and its 95 % interval; (0, 0, 1) of nothing.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    JASA 22 (1927).

    >>> tuple(round(one, 3) for one in wilson(9, 10))
    (0.9, 0.596, 0.982)
    """
    if not count:
        return 0.0, 0.0, 1.0
    z, share = 1.959964, hits / count
    scale = 1 + z * z / count
    middle = (share + z * z / (2 * count)) / scale
    half = z / scale * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return share, max(0.0, middle - half), min(1.0, middle + half)


def save_models(path: Path, models: Iterable[RelevanceModel]) -> None:
    """Write a client's models as one JSON file, in one step; no model, no file."""
    items = [asdict(model) for model in models]
    if not items:
        path.unlink(missing_ok=True)
        return
    write_whole(path, json.dumps({"format": _FORMAT, "models": items}, indent=1).encode())


def load_models(path: Path) -> dict[str, RelevanceModel]:
    """Return a client's models by brand_id; none when nothing was learnt.

    Raises:
        TaggingError: The file is damaged or of a newer version; `vigie query learn` makes it anew.
    """
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise TaggingError(f"{path} cannot be read: {error}") from error
    try:
        if found["format"] != _FORMAT:
            raise TaggingError(f"{path} is of another version: {found['format']!r}")
        models = [
            RelevanceModel(**item | {"weights": {int(k): v for k, v in item["weights"].items()}})
            for item in found["models"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TaggingError(f"{path} is damaged: {error}") from error
    return {model.brand_id: model for model in models}
