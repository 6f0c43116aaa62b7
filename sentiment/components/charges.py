"""The evidence of rules, models and turns of phrase together: what each place speaks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from listening.model import Evidence
from sentiment.judgement import GRAIN, Deferred, Judgement, grained
from sentiment.scoring.polarity import Scored

#: Evidence kept one by one.
MAX_EVIDENCE: Final = 40
Places = npt.NDArray[np.int64]  # (n, 2)
Sums = npt.NDArray[np.float64]


def joint_evidence(
    rules: Judgement | None,
    said: Sequence[Scored],
    text: str,
    push: float,
    turns: Sequence[tuple[float, int, int]],
) -> tuple[float, Sequence[Evidence]]:
    """Return the sum of the evidence, and the evidence itself.

    There is one item a place that matters, and one for all the rest.

    Args:
        rules: What the rules found; None where they have no say.
        said: What the models say at each hit of the brand.
        text: The text the offsets point into.
        push: What the rules add to the logit of praise and take from that of blame.
        turns: The same for turns of phrase, each with its place.
    """
    rest, places, weights = _charges(said)
    denied: set[tuple[int, int]] = set()
    if rules is not None and rules.raw:
        factor = 2 * push / rules.raw
        added = [(item.start, item.end) for item in rules.evidence]
        denied = {(item.start, item.end) for item in rules.evidence if item.is_negated}
        places, weights = _summed(
            np.concatenate([places, np.array(added, np.int64).reshape(-1, 2)]),
            np.concatenate([weights, [item.weight * factor for item in rules.evidence]]),
        )
    if turns:
        places, weights = _summed(
            np.concatenate([places, np.array([one[1:] for one in turns], np.int64)]),
            np.concatenate([weights, [2 * weight for weight, _, _ in turns]]),
        )
    if len(weights) >= MAX_EVIDENCE:
        ranked = np.argsort(-np.abs(weights), kind="stable")
        rest += float(weights[ranked[MAX_EVIDENCE - 1 :]].sum())
        kept = np.sort(ranked[: MAX_EVIDENCE - 1])
        places, weights = places[kept], weights[kept]
    grains = np.rint(weights / GRAIN) * GRAIN
    told = _Told(text, places, grains, grained(rest), denied)
    return float(grains.sum()) + told.rest, Deferred(told.items)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the items are made from when they are asked for."""

    text: str
    places: Places
    weights: Sums
    rest: float
    denied: set[tuple[int, int]]

    def items(self) -> tuple[Evidence, ...]:
        matters = np.flatnonzero(self.weights)
        places, weights = self.places[matters].tolist(), self.weights[matters].tolist()
        items = [
            Evidence(
                term=self.text[start:end],
                weight=weight,
                start=start,
                end=end,
                is_negated=(start, end) in self.denied,
            )
            for (start, end), weight in zip(places, weights, strict=True)
        ]
        return (*items, Evidence(term="rest", weight=self.rest))


def _charges(said: Sequence[Scored]) -> tuple[float, Places, Sums]:
    """Return what speaks for praise against blame: without a place, and by place, in order."""
    rest = sum(float(one.bias[2] - one.bias[0]) for one in said) / len(said)
    places = np.concatenate([one.places for one in said])
    weights = np.concatenate([one.parts[:, 2] - one.parts[:, 0] for one in said]) / len(said)
    if len(said) == 1:  # its tokens are in order, none twice
        return rest, places, weights.astype(np.float64)
    return rest, *_summed(places, weights)


def _summed(places: Places, weights: Sums) -> tuple[Places, Sums]:
    """Sum the weights of equal places; in order of place."""
    unique, number = np.unique(places, axis=0, return_inverse=True)
    sums = np.bincount(number.ravel(), weights, minlength=len(unique))
    return unique, sums.astype(np.float64)
