"""The files of the networks: what training found, and how it is kept."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sentiment.scoring.lexemes import Floats
from sentiment.scoring.weights import Arrays

#: Networks a language may have.
MOST: Final = 2
_LEVELS: Final = 127
#: Tables kept as int8 with one scale a column.
TABLES: Final = ("word", "char")


@dataclass(frozen=True, slots=True)
class StudentWeights:
    """What training found."""

    arrays: dict[str, Floats]

    def packed(self) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
        """Return the arrays to store."""
        stored: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]] = {}
        for name, values in self.arrays.items():
            if name in TABLES:
                scale = np.maximum(np.abs(values).max(axis=0), 1e-9) / _LEVELS
                stored[name] = np.rint(values / scale).astype(np.int8)
                stored[f"{name}/scale"] = scale.astype(np.float32)
            else:
                stored[name] = values.astype(np.float32)
        return stored

    @classmethod
    def unpacked(cls, stored: Arrays) -> "StudentWeights":
        """Read what :meth:`packed` made."""
        arrays = {name: one.astype(np.float32) for name, one in stored.items() if "/" not in name}
        for name in TABLES:
            arrays[name] = arrays[name] * stored[f"{name}/scale"].astype(np.float32)
        return cls(arrays)


def file_of(language: str, number: int = 1) -> str:
    """Return the name of the file a language's network is kept in; it may have several."""
    return f"student_{language}.npz" if number == 1 else f"student_{language}_{number}.npz"


def files_of(language: str) -> list[str]:
    """Return the names of all files a language may have."""
    return [file_of(language, number) for number in range(1, MOST + 1)]
