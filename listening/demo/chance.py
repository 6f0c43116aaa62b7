"""Chance that is the same on every machine, in every Python and for ever: a hash of its reasons."""

import hashlib
import math
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def fraction(*reasons: object) -> float:
    """Return a number in [0, 1) that depends on the reasons only."""
    digest = hashlib.blake2b(repr(reasons).encode(), digest_size=7).digest()
    return int.from_bytes(digest, "big") / 2**56


def pick(options: Sequence[T], *reasons: object) -> T:
    """Return one of the options, all equally likely."""
    return options[int(fraction(*reasons) * len(options))]


def weighted(options: Sequence[T], weights: Sequence[float], *reasons: object) -> T:
    """Return one of the options, each as likely as its weight."""
    left = fraction(*reasons) * sum(weights)
    for option, weight in zip(options, weights, strict=True):
        left -= weight
        if left < 0:
            return option
    return options[-1]


def rounded(mean: float, *reasons: object) -> int:
    """Return a whole number, the one below or the one above, that is ``mean`` on average."""
    return math.floor(mean + fraction(*reasons))


def coprime_step(length: int, at_least: int) -> int:
    """Return the smallest step ≥ ``at_least`` that visits every place of a ring of ``length``.

    >>> coprime_step(42, 6)
    11
    """
    step = max(1, at_least)
    while math.gcd(step, length) != 1:
        step += 1
    return step


def token(*reasons: object) -> str:
    """Return ten hexadecimal digits that name the reasons."""
    return hashlib.blake2b(repr(reasons).encode(), digest_size=5).hexdigest()
