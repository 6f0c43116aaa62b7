"""Weights of a linear model, and the file they are kept in.

Weights of the classes sum to zero in every row, so the last class is not stored. Hashed blocks are
kept as int8 with one scale a column; measured, that changes one label in a thousand. Files are
``.npz`` read with ``allow_pickle=False``.
"""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from listening.errors import TaggingError
from sentiment.scoring.lexemes import Floats

_LEVELS: Final = 127
Arrays = Mapping[str, npt.NDArray[np.generic]]


@dataclass(frozen=True, slots=True)
class Weights:
    """What training found; every array has ``n_classes - 1`` columns."""

    blocks: Mapping[str, Floats]  # name → (n_buckets, n_classes - 1)
    dense: Floats  # (n_features, n_classes - 1)
    bias: Floats  # (n_classes - 1,)

    def packed(self, prefix: str) -> dict[str, npt.NDArray[np.generic]]:
        """Return the arrays to store, their names beginning with ``prefix``."""
        arrays: dict[str, npt.NDArray[np.generic]] = {
            f"{prefix}/dense": self.dense.astype(np.float32),
            f"{prefix}/bias": self.bias.astype(np.float32),
        }
        for name, block in self.blocks.items():
            scale = np.maximum(np.abs(block).max(axis=0), 1e-9) / _LEVELS
            arrays[f"{prefix}/block/{name}"] = np.rint(block / scale).astype(np.int8)
            arrays[f"{prefix}/scale/{name}"] = scale.astype(np.float32)
        return arrays

    @classmethod
    def unpacked(cls, prefix: str, arrays: Arrays) -> "Weights":
        """Read the arrays that :meth:`packed` made.

        Raises:
            TaggingError: There is no such model among the arrays.
        """
        if f"{prefix}/bias" not in arrays:
            raise TaggingError(f"the model files lack {prefix!r}: train them again")
        start = f"{prefix}/block/"
        blocks = {
            key.removeprefix(start): (
                arrays[key].astype(np.float32)
                * arrays[f"{prefix}/scale/{key.removeprefix(start)}"].astype(np.float32)
            )
            for key in arrays
            if key.startswith(start)
        }
        dense = arrays[f"{prefix}/dense"].astype(np.float32)
        return cls(blocks, dense, arrays[f"{prefix}/bias"].astype(np.float32))

    def shifted(self, temperature: float, shift: Floats) -> "Weights":
        """Return the weights whose logits are ``logits / temperature + shift``."""
        centred = (shift - shift.mean())[:-1].astype(np.float32)
        return Weights(
            {name: block / np.float32(temperature) for name, block in self.blocks.items()},
            self.dense / np.float32(temperature),
            self.bias / np.float32(temperature) + centred,
        )


def closed(scores: Floats) -> Floats:
    """Add the class that is not stored: minus the sum of the others."""
    return np.concatenate([scores, -scores.sum(axis=1, keepdims=True)], axis=1)


def rows_times(rows: Floats, weights: Floats) -> Floats:
    """Return the matrix product, each row summed alike whatever rows stand beside it.

    A BLAS product may differ in the last digit with the size of the batch, and a label must not
    depend on its neighbours.
    """
    product: Floats = np.einsum("rf,fc->rc", rows, weights)
    return product


def softmax(logits: Floats) -> Floats:
    """Return probabilities by row."""
    risen = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = risen / risen.sum(axis=1, keepdims=True)
    return shares


def is_shipped(name: str) -> bool:
    """Return whether there is such a file in ``sentiment/models``."""
    return (files("sentiment") / "models" / name).is_file()


@cache
def model_bytes(name: str) -> bytes:
    """Return a shipped file of ``sentiment/models``.

    Raises:
        TaggingError: It is missing.
    """
    try:
        return (files("sentiment") / "models" / name).read_bytes()
    except OSError as error:
        raise TaggingError(f"the model file {name} is missing: {error}") from error


def read_arrays(name: str) -> dict[str, npt.NDArray[np.generic]]:
    """Return all arrays of a shipped file.

    Raises:
        TaggingError: It is missing or not such a file.
    """
    try:
        with np.load(io.BytesIO(model_bytes(name)), allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}
    except ValueError as error:
        raise TaggingError(f"the model file {name} cannot be read: {error}") from error


def models_digest() -> str:
    """Return the sha256 of all shipped weights and lexicons; part of every model version."""
    folder = files("sentiment") / "models"
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith((".npz", ".tsv")))
    digest = hashlib.sha256()
    for name in names:
        digest.update(f"{name}\0{hashlib.sha256(model_bytes(name)).hexdigest()}\n".encode())
    return digest.hexdigest()
