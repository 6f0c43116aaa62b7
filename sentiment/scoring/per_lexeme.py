"""Arrays with one row a lexeme, worked out when a lexeme is first asked for, and kept."""

from collections.abc import Callable
from typing import Final, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

Kind = TypeVar("Kind", bound=np.generic)
#: Rows that are made room for at first; then room doubles, so that adding a few copies few.
_ROOM: Final = 1024


class Growing(Generic[Kind]):
    """An array to whose end rows are added."""

    def __init__(self, shape: tuple[int, ...], kind: type[Kind]) -> None:
        """Start empty; ``shape`` is that of one row."""
        self._held: npt.NDArray[Kind] = np.zeros((0, *shape), kind)
        self._count = 0

    def __len__(self) -> int:
        """Count the rows."""
        return self._count

    @property
    def rows(self) -> npt.NDArray[Kind]:
        """All of them; not to be written to."""
        return self._held[: self._count]

    def add(self, fresh: npt.NDArray[Kind]) -> None:
        """Add rows at the end."""
        count = self._count + len(fresh)
        if count > len(self._held):
            room = max(count, 2 * self._count, _ROOM)
            held = np.zeros((room, *self._held.shape[1:]), self._held.dtype)
            held[: self._count] = self.rows
            self._held = held
        self._held[self._count : count] = fresh
        self._count = count


class Numbered(Protocol):
    """A table that numbers lexemes, and numbers them anew when its version changes."""

    version: int

    def __len__(self) -> int:
        """Count the lexemes met."""


class PerLexeme:
    """Numbers that a model needs of every lexeme of a table."""

    def __init__(
        self,
        table: Numbered,
        shape: tuple[int, ...],
        work_out: Callable[[int], npt.NDArray[np.float32]],
    ) -> None:
        """Start empty.

        Args:
            table: Of the lexemes.
            shape: Of one row.
            work_out: Returns the rows of all lexemes from a number on.
        """
        self._table, self._shape, self._work_out = table, shape, work_out
        self._version = table.version
        self._known = Growing(shape, np.float32)

    def rows(self) -> npt.NDArray[np.float32]:
        """Return the rows of all lexemes met so far; not to be written to."""
        if self._version != self._table.version:
            self._version = self._table.version
            self._known = Growing(self._shape, np.float32)
        if len(self._known) < len(self._table):
            self._known.add(self._work_out(len(self._known)))
        return self._known.rows
