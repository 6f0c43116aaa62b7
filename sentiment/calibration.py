"""What a client's corrections teach: a small layer on top of the model, one per client.

The model's three chances are shifted by what the words around the brand, and the client's habits as
a whole (the bias), were corrected to. A text that shares no word with a correction is hardly
touched, and frequent words never count. The layer is plain numbers in a JSON file; taking it away
gives back the shipped model.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from math import sqrt
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from listening.errors import TaggingError
from listening.model import Evidence, Polarity
from listening.text import Folded
from sentiment.components.trained import ABSTAIN_BELOW
from sentiment.judgement import Judgement, grained, squash
from sentiment.language import FREQUENT_WORDS
from sentiment.relevance import BUCKETS, context_buckets, wilson

#: Corrections below which nothing is learnt.
MIN_CORRECTIONS: Final = 20
#: Corrections that are learnt from, the newest; bounds the time.
MAX_CORRECTIONS: Final = 1_000
#: Weight of the penalty on squared weights, chosen on invented corrections.
RIDGE: Final = 0.01
#: Parts into which corrections are split to measure on those kept from the learning.
FOLDS: Final = 10
#: No chance is taken for more certain than this: else no correction could move it.
SUREST: Final = 0.95
#: Words of the corrections that a text must have, in number and as a share of its own: one word in
#: common, a Saturday or a street, does not make two texts alike. Chosen with a look at how many
#: gold cases invented corrections broke.
MIN_KNOWN: Final = 2
KNOWN_SHARE: Final = 0.25
#: How much the habits as a whole count in the layers that are tried, the boldest first.
BIASES: Final = (1.0, 0.3, 0.0)
#: Times that words are given up for the sake of the gold files.
_PRUNINGS: Final = 40
#: Name of the layer's item of evidence.
TERM: Final = "client"

_STEPS: Final = 400
_IGNORED: Final = frozenset(crc32(word.encode()) % BUCKETS for word in FREQUENT_WORDS)
_CLASSES: Final = (Polarity.NEGATIVE, Polarity.NEUTRAL, Polarity.POSITIVE)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One labelled mention as the layer sees it."""

    judgement: Judgement  # the model's, without any layer
    buckets: tuple[int, ...]  # hashed words around the brand
    label: Polarity

    @property
    def wanted(self) -> int:
        """The class of the label; ``mixed`` counts as neutral."""
        return _CLASSES.index(self.label) if self.label in _CLASSES else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What was learnt; plain numbers that JSON can hold."""

    bias: tuple[float, float, float]  # added to the logits: negative, neutral, positive
    weights: dict[int, tuple[float, float, float]]  # the same by bucket; the others are 0

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits over what decides."""
        key = json.dumps([self.bias, sorted(self.weights.items())])
        return hashlib.sha256(key.encode()).hexdigest()[:8]

    def adjusted(self, judgement: Judgement, buckets: Sequence[int]) -> Judgement:
        """Return the judgement with what was learnt; its evidence still adds up to its score."""
        if judgement.polarity is Polarity.UNKNOWN:
            return judgement
        known = [self.weights[one] for one in buckets if one in self.weights]
        shift = np.array(self.bias)
        if len(known) >= MIN_KNOWN and len(known) >= KNOWN_SHARE * len(buckets):
            shift = shift + np.sum(known, axis=0) / sqrt(len(buckets))
        if not shift.any():
            return judgement
        chances = _softmax(np.log(chances_of(judgement)) + shift)
        best = int(chances.argmax())
        sure = float(chances[best])
        polarity = _CLASSES[best] if sure >= ABSTAIN_BELOW else Polarity.NEUTRAL
        if polarity is Polarity.NEUTRAL and judgement.polarity is Polarity.MIXED:
            polarity = Polarity.MIXED
        item = Evidence(term=TERM, weight=grained(float(shift[2] - shift[0])))
        raw = judgement.raw + item.weight
        return replace(
            judgement,
            raw=raw,
            score=squash(raw),
            polarity=polarity,
            confidence=sure,
            evidence=(*judgement.evidence, item),
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain data, for :meth:`from_json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Calibration":
        """Read plain data.

        Raises:
            TaggingError: It is none.
        """
        try:
            negative, neutral, positive = map(float, data["bias"])
            weights = {int(at): _triple(values) for at, values in data["weights"].items()}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise TaggingError(f"not what corrections taught: {error!r}") from error
        return cls(bias=(negative, neutral, positive), weights=weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many labels a model gets right."""

    right: int
    count: int

    def interval(self) -> tuple[float, float, float]:
        """Return the share and its 95 % interval (Wilson)."""
        return wilson(self.right, self.count)


def lesson_buckets(folded: Folded, places: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Return the hashed words around a brand that may teach: no name of it, no frequent word."""
    return tuple(one for one in context_buckets(folded, places) if one not in _IGNORED)


def chances_of(judgement: Judgement) -> Floats:
    """Return the chances of negative, neutral, positive that stand behind a judgement.

    The raw sum is the logit of praise against blame and the confidence the chance of the label, so
    the three can be had back; mixed shares the middle.
    """
    odds = float(np.exp(np.clip(judgement.raw, -20, 20)))
    sure = min(SUREST, max(1 / 3, judgement.confidence))
    if judgement.polarity is Polarity.POSITIVE:
        found = np.array([sure / odds, 0.0, sure])
    elif judgement.polarity is Polarity.NEGATIVE:
        found = np.array([sure, 0.0, sure * odds])
    else:
        found = np.array([(1 - sure) / (1 + odds), 0.0, (1 - sure) * odds / (1 + odds)])
    found[1] = max(0.0, 1 - found.sum())
    found = np.clip(found, (1 - SUREST) / 2, SUREST)
    result: Floats = found / found.sum()
    return result


def learn(lessons: Sequence[Lesson], *, bias: float, without: Collection[int] = ()) -> Calibration:
    """Learn a layer.

    Args:
        lessons: Labelled mentions; at least one.
        bias: How much the habits as a whole may count, 0 .. 1.
        without: Buckets that must not count.
    """
    matrix = _matrix(lessons)
    duals = _fit(matrix @ matrix.T + bias, lessons)
    shifts = matrix.T @ duals
    return Calibration(
        bias=_triple(bias * duals.sum(axis=0)),
        weights={
            int(at): _triple(shifts[at])
            for at in np.flatnonzero(shifts.any(axis=1))
            if int(at) not in without
        },
    )


def harmful(layer: Calibration, gold: Sequence[Lesson]) -> frozenset[int]:
    """Return the buckets to give up so that the layer breaks no gold case by its words.

    Of each broken case the heaviest goes, until none is broken or nothing is left to give up.
    """
    given_up: frozenset[int] = frozenset()
    steady = [one for one in gold if is_right(one, None)]
    for _ in range(_PRUNINGS):
        steady = [one for one in steady if not layer.weights.keys().isdisjoint(one.buckets)]
        broken = [one for one in steady if not is_right(one, layer)]
        more = frozenset(_heaviest(layer, one) for one in broken)
        if not more:
            break
        given_up |= more
        kept = {at: value for at, value in layer.weights.items() if at not in more}
        layer = replace(layer, weights=kept)
    return given_up


def _heaviest(layer: Calibration, one: Lesson) -> int:
    """Return the bucket that speaks most against the label."""
    known = [at for at in one.buckets if at in layer.weights]
    return max(known, key=lambda at: max(layer.weights[at]) - layer.weights[at][one.wanted])


def held_out(
    lessons: Sequence[Lesson], *, bias: float, without: Collection[int] = ()
) -> list[bool]:
    """Return for each lesson whether a layer learnt without it gets it right.

    Lessons with the same words go into the same part, so that no copy teaches its twin.
    """
    groups = [crc32(repr(one.buckets).encode()) % FOLDS for one in lessons]
    right = [False] * len(lessons)
    for fold in set(groups):
        rest = [one for one, group in zip(lessons, groups, strict=True) if group != fold]
        layer = learn(rest, bias=bias, without=without) if rest else None
        for at, one in enumerate(lessons):
            if groups[at] == fold:
                right[at] = is_right(one, layer)
    return right


def is_right(lesson: Lesson, layer: Calibration | None) -> bool:
    """Return whether the model, with a layer or without, says what the person said."""
    said = lesson.judgement
    if layer is not None:
        said = layer.adjusted(said, lesson.buckets)
    polarity = said.polarity if said.polarity in _CLASSES else Polarity.NEUTRAL
    return _CLASSES.index(polarity) == lesson.wanted


def outcome(right: Sequence[bool]) -> Outcome:
    """Return how many are right."""
    return Outcome(right=sum(right), count=len(right))


def _matrix(lessons: Sequence[Lesson]) -> Floats:
    matrix = np.zeros((len(lessons), BUCKETS))
    for number, one in enumerate(lessons):
        matrix[number, list(one.buckets)] = 1 / sqrt(max(1, len(one.buckets)))
    return matrix


def _fit(gram: Floats, lessons: Sequence[Lesson]) -> Floats:
    """Minimise the mean logistic loss beside the model's own logits, plus the ridge.

    Solved in the space of the lessons, which are fewer than the words; the step is the safe one for
    the largest curvature there can be (Gershgorin).
    """
    base = np.log(np.array([chances_of(one.judgement) for one in lessons]))
    wanted = np.eye(3)[[one.wanted for one in lessons]]
    duals: Floats = np.zeros_like(base)
    step = 1 / (0.5 * float(gram.sum(axis=1).max()) / len(lessons) + RIDGE)
    for _ in range(_STEPS):
        chances = _softmax(base + gram @ duals)
        duals -= step * ((chances - wanted) / len(lessons) + RIDGE * duals)
    return duals


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return result


def _triple(values: Any) -> tuple[float, float, float]:
    negative, neutral, positive = (round(float(one), 5) + 0.0 for one in values)
    return negative, neutral, positive
