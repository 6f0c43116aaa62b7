"""Tables of vectors for training: a batch needs a few rows of many, and Adam moves those alone."""

from typing import Final

import torch

from sentiment.scoring.lexemes import Floats, Ints
from sentiment.scoring.student_inputs import BITS
from sentiment.training.student import WIDTH

BETAS: Final = (0.9, 0.99)
_TINY: Final = 1e-8


class RowTable:
    """Vectors of which a batch needs a few: Adam moves those alone."""

    def __init__(self, spread: float, generator: torch.Generator) -> None:
        """Begin with small random vectors."""
        self.rows = torch.randn(1 << BITS, WIDTH, generator=generator) * spread
        self.mean = self.rows.clone()
        self._first, self._second = torch.zeros(1 << BITS, WIDTH), torch.zeros(1 << BITS, WIDTH)
        self._steps = 0

    def begin(self, numbers: Ints, vectors: Floats) -> None:
        """Let some of the vectors begin as others found before."""
        self.rows[torch.from_numpy(numbers)] = torch.from_numpy(vectors)
        self.mean.copy_(self.rows)

    def taken(self, numbers: Ints) -> torch.Tensor:
        """Return some of the vectors; the next step moves these."""
        self._numbers = torch.from_numpy(numbers)
        self._leaf = self.rows.index_select(0, self._numbers).requires_grad_()
        return self._leaf

    def step(self, rate: float) -> None:
        """Move what was taken along its gradient."""
        self._steps += 1
        at, slope = self._numbers, self._leaf.grad
        first = self._first.index_select(0, at).mul_(BETAS[0]).add_(slope, alpha=1 - BETAS[0])
        second = self._second.index_select(0, at).mul_(BETAS[1])
        second.addcmul_(slope, slope, value=1 - BETAS[1])
        self._first.index_copy_(0, at, first)
        self._second.index_copy_(0, at, second)
        first = first / (1 - BETAS[0] ** self._steps)
        second = second / (1 - BETAS[1] ** self._steps)
        moved = self._leaf.detach() - rate * first / (second.sqrt() + _TINY)
        self.rows.index_copy_(0, at, moved)
