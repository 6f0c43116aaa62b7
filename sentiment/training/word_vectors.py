"""Vectors of words, found by counting which words stand near one another: like ones are alike."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds

from sentiment.scoring.lexemes import Floats, Ints

#: Tokens on each side that count as near.
_NEAR: Final = 5
#: How often a word must occur to get a vector.
_LEAST_SEEN: Final = 4
#: How much the numbers of a vector vary.
_SPREAD: Final = 0.1
_SEED: Final = 1


def word_vectors(texts: Sequence[Ints], *, rows: int, width: int) -> tuple[Ints, Floats]:
    """Return the words that occur often enough, and a vector each.

    They are the singular vectors of the positive pointwise mutual information.

    Args:
        texts: Each the rows of its words in a table.
        rows: Of that table.
        width: Of the vectors.
    """
    seen = np.flatnonzero(np.bincount(np.concatenate(texts), minlength=rows) >= _LEAST_SEEN)
    number = np.full(rows, -1)
    number[seen] = np.arange(len(seen))
    gap = np.full(_NEAR, -1)
    line = np.concatenate([part for text in texts for part in (number[text], gap)])
    together: Any = csr_array((len(seen), len(seen)), dtype=np.float32)
    for far in range(1, _NEAR + 1):
        left, right = line[:-far], line[far:]
        both = (left >= 0) & (right >= 0)
        share = np.full(int(both.sum()), 1 / far, np.float32)
        together = together + csr_array((share, (left[both], right[both])), shape=together.shape)
    counts = (together + together.T).tocoo()
    often: Floats = np.asarray(counts.sum(axis=1)).ravel()
    rare = often**0.75  # as Levy and Goldberg smooth their contexts
    ratio = counts.data * rare.sum() / (often[counts.coords[0]] * rare[counts.coords[1]])
    told = ratio > 1
    coords = (counts.coords[0][told], counts.coords[1][told])
    matrix = csr_array((np.log(ratio[told]).astype(np.float32), coords), shape=counts.shape)
    left, sizes, _ = svds(matrix, k=width, random_state=_SEED)
    vectors = left * np.sqrt(sizes)
    return seen, (_SPREAD * vectors / vectors.std()).astype(np.float32)
