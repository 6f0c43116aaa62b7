"""From a raw sum of evidence to score, polarity and confidence: all constants in one place."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, overload

from listening.model import Evidence, Polarity

#: Weights are multiples of this; sums of such numbers are exact whatever their order.
GRAIN: Final = 1 / 1024
#: Raw sum at which the score is tanh(1) = 0.76: two clear opinion words.
SPREAD: Final = 4.0
#: Score at which a mention stops being neutral. Half a mild word is not enough.
POSITIVE_FROM: Final = 0.12
NEGATIVE_FROM: Final = -0.12
#: Mixed: praise and blame both weigh this much, and neither outweighs the other by this factor.
MIXED_MASS: Final = 1.5
MIXED_BALANCE: Final = 1.3

#: Irony takes back praise and blames by half as much.
IRONY_TURN: Final = 1.5

#: Confidence of praise or blame by margin (see ``_margin``): at or above the first number, the
#: second one holds. Source: accuracy by margin on fr_targeted.dev and en_targeted.dev (November
#: 2026), mean of both languages, neighbours pooled where they were not monotone; how to measure it
#: again is in sentiment/evaluation/README.md.
CONFIDENCE: Final = ((0.0, 0.53), (0.2, 0.59), (0.3, 0.63), (0.5, 0.71), (0.6, 0.78), (0.8, 0.9))
#: The tagger abstains: nothing, or nothing clear, was found that judges the brand (same source).
NEUTRAL_CONFIDENCE: Final = 0.35
#: Praise and blame both stand there; which one the reader takes home is open.
MIXED_CONFIDENCE: Final = 0.4


class Deferred(Sequence[Evidence]):
    """Evidence that is put into words when somebody asks for it."""

    def __init__(self, tell: Callable[[], Sequence[Evidence]]) -> None:
        """Take what puts it into words; called once at most."""
        self._tell = tell
        self._told: Sequence[Evidence] | None = None

    def _all(self) -> Sequence[Evidence]:
        if self._told is None:
            self._told = self._tell()
        return self._told

    @overload
    def __getitem__(self, index: int) -> Evidence: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Evidence]: ...
    def __getitem__(self, index: int | slice) -> Evidence | Sequence[Evidence]:
        """Return one item, or some of them."""
        return self._all()[index]

    def __len__(self) -> int:
        """Count the items."""
        return len(self._all())


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the evidence for one brand comes to."""

    raw: float  # sum of the evidence's weights, exact
    score: float  # squashed raw, -1 .. 1
    polarity: Polarity
    confidence: float  # 0 .. 1
    evidence: Sequence[Evidence]


def grained(weight: float) -> float:
    """Return the weight as a multiple of ``GRAIN``, so that evidence adds up without rounding."""
    return round(weight / GRAIN) * GRAIN


def squash(raw: float) -> float:
    """Return the score of a raw sum: ``tanh(raw / SPREAD)``, odd, monotone, within [-1, 1].

    >>> squash(0.0)
    0.0
    >>> round(squash(4.0), 2)
    0.76
    """
    return math.tanh(raw / SPREAD)


def judge(evidence: Sequence[Evidence]) -> Judgement:
    """Return the judgement that this evidence adds up to."""
    raw = sum(item.weight for item in evidence)
    score = squash(raw)
    praise = sum(item.weight for item in evidence if item.weight > 0)
    blame = -sum(item.weight for item in evidence if item.weight < 0)
    polarity = _polarity(score, praise, blame)
    return Judgement(
        raw=raw,
        score=score,
        polarity=polarity,
        confidence=_confidence(polarity, _margin(score, praise, blame)),
        evidence=tuple(evidence),
    )


def _polarity(score: float, praise: float, blame: float) -> Polarity:
    low, high = sorted((praise, blame))
    if low >= MIXED_MASS and high < MIXED_BALANCE * low:
        return Polarity.MIXED
    if score >= POSITIVE_FROM:
        return Polarity.POSITIVE
    return Polarity.NEGATIVE if score <= NEGATIVE_FROM else Polarity.NEUTRAL


def _margin(score: float, praise: float, blame: float) -> float:
    """Return how clear the case is, 0 .. 1: strength of the score times how one-sided it is."""
    mass = praise + blame
    return abs(score) * abs(praise - blame) / mass if mass else 0.0


def _confidence(polarity: Polarity, margin: float) -> float:
    if polarity is Polarity.NEUTRAL:
        return NEUTRAL_CONFIDENCE
    if polarity is Polarity.MIXED:
        return MIXED_CONFIDENCE
    return max(value for start, value in CONFIDENCE if margin >= start)


def with_irony(judgement: Judgement, start: int, end: int) -> Judgement:
    """Return the judgement when the praise is mocking: it counts as blame instead.

    One more item of evidence, ``irony``, takes the praise back and a part of it again.

    Args:
        judgement: As found without irony.
        start: Where the cue stands in the full text.
        end: Its end, half-open.
    """
    praise = sum(item.weight for item in judgement.evidence if item.weight > 0)
    if not praise:
        return judgement
    turned = Evidence(term="irony", weight=grained(-IRONY_TURN * praise), start=start, end=end)
    return judge((*judgement.evidence, turned))
