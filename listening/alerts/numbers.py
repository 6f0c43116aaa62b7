"""The same formulas for one series, as plain floats, and for many, as arrays.

An array costs a microsecond per operation whatever its size: nothing for a thousand series, twenty
times too much for one that is fed row by row. What is learned and judged is therefore written once,
over values that are floats or arrays with one element per series, and asks here for the few
operations that Python spells differently for the two.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
#: A float, or an array with one element per series.
Value: TypeAlias = Any


@dataclass(frozen=True)
class Numbers:
    """Operations on values of one kind, element by element."""

    full: Callable[[float], Value]  # the same value for every series
    maximum: Callable[..., Value]
    minimum: Callable[..., Value]
    where: Callable[[Any, Any, Any], Value]  # both branches are worked out
    sqrt: Callable[[Any], Value]
    exp: Callable[[Any], Value]
    log: Callable[[Any], Value]
    log10: Callable[[Any], Value]
    any: Callable[[Any], bool]
    chosen: Callable[[Any], Sequence[int] | NDArray[np.intp]]  # numbers of the true ones
    pick: Callable[[Sequence[Value], Any], Array]  # (chosen, values)
    put: Callable[[Value, Any, Array], Value]  # the first, with the chosen replaced
    # the values that stand at these places when each series is sorted, the smallest first
    ranked: Callable[[Sequence[Value], Sequence[int]], Iterable[Value]]


#: A number below the count of what is chosen from: the same for every series, or one for each.
Place: TypeAlias = int | NDArray[np.intp]


def taken(values: Sequence[Value], place: Place) -> Value:
    """Return the value at a place, or of each series the one at its own."""
    return values[place] if isinstance(place, int) else np.choose(place, values)


def _choose(condition: Any, if_true: float, if_false: float) -> float:
    return if_true if condition else if_false


def _ranked(values: Sequence[float], ranks: Sequence[int]) -> list[float]:
    ordered = sorted(values)
    return [ordered[rank] for rank in ranks]


def _put(values: Array, chosen: Any, found: Array) -> Array:
    replaced = values.copy()
    replaced[chosen] = found
    return replaced


#: One series.
FLOATS: Numbers = Numbers(
    full=float,
    maximum=max,
    minimum=min,
    where=_choose,
    sqrt=math.sqrt,
    exp=math.exp,
    log=math.log,
    log10=math.log10,
    any=bool,
    chosen=lambda condition: (0,) if condition else (),
    pick=lambda values, _: np.array([values]),
    put=lambda _, __, found: float(found[0]),
    ranked=_ranked,
)


def arrays(size: int) -> Numbers:
    """Return the operations on ``size`` series at once."""
    return Numbers(
        full=lambda value: np.full(size, value),
        maximum=np.maximum,
        minimum=np.minimum,
        where=np.where,
        sqrt=np.sqrt,
        exp=np.exp,
        log=np.log,
        log10=np.log10,
        any=np.any,
        chosen=np.flatnonzero,
        pick=lambda values, chosen: np.stack([value[chosen] for value in values], axis=1),
        put=_put,
        ranked=lambda values, ranks: np.partition(np.stack(values), ranks, axis=0)[list(ranks)],
    )
