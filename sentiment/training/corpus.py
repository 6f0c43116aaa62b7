"""Reads the labelled sets, and refuses to train on what may only be measured on."""

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from listening.errors import TaggingError
from sentiment.scoring.lexemes import Bools, Floats, Ints

#: Sets whose licence forbids derived or commercial use: measured on, never learnt from.
MEASURE_ONLY: Final = frozenset({"airline", "semeval16_fr"})
POLARITY: Final = ("neg", "neu", "pos")
YES_NO: Final = {"clean": 0, "insult": 1, "literal": 0, "ironic": 1}
#: Digits of a text's sha256 in ``labels/*.tsv``.
DIGITS: Final = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text; ``label`` is a class number."""

    text: str
    label: int
    source: str
    start: int = 0
    end: int = 0


def read_set(folder: Path, name: str) -> list[Row]:
    """Read ``<folder>/<name>.jsonl.gz``; a training set comes without what may not be learnt from.

    Raises:
        TaggingError: The file is missing or not such a file.
    """
    path = folder / f"{name}.jsonl.gz"
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            rows = [_as_row(json.loads(line)) for line in file]
    except (OSError, ValueError, KeyError) as error:
        raise TaggingError(f"{path} cannot be read: {error!r}") from error
    if name.endswith(".train"):
        return [row for row in rows if row.source not in MEASURE_ONLY]
    return rows


def _as_row(row: dict[str, object]) -> Row:
    label = str(row["label"])
    number = YES_NO[label] if label in YES_NO else POLARITY.index(label)
    start, end = int(str(row.get("start", 0))), int(str(row.get("end", 0)))
    return Row(str(row["text"]), number, str(row["set_source"]), start, end)


def file_digest(path: Path) -> str:
    """Return the sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def set_digests(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """Return the sha256 of the sets a model was made from, by name."""
    return {name: file_digest(folder / f"{name}.jsonl.gz") for name in sorted(names)}


def text_key(text: str) -> str:
    """Return what stands for a text in our label files."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def brand_rows(reviews: Sequence[Row], names: Sequence[str] = ("brands_fr",)) -> Iterator[Row]:
    """Yield the brand mentions in reviews that this project labelled by hand.

    Args:
        reviews: Where the texts are; labels of other texts are passed over.
        names: Files under ``labels/``.
    """
    by_key = {text_key(row.text): row.text for row in reviews}
    labelled: list[tuple[str, int, int, str]] = []
    for name in names:
        path = files("sentiment.training") / "labels" / f"{name}.tsv"
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                key, start, end, label = line.split("\t")
                labelled.append((key, int(start), int(end), label))
    for key, first, last, label in sorted(labelled):
        if key in by_key:
            yield Row(by_key[key], POLARITY.index(label), "brands", first, last)


def labels_of(rows: Sequence[Row]) -> Ints:
    """Return the class numbers."""
    return np.array([row.label for row in rows], np.int64)


def sources_of(rows: Sequence[Row]) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """Return the names of the sets."""
    return np.array([row.source for row in rows], np.str_)


def row_weights(
    rows: Sequence[Row], mass: dict[str, float], *, balance: float, class_count: int
) -> Floats:
    """Weigh rows so that each set has its mass, and its classes are evened out.

    Args:
        rows: All of them; sets without a mass weigh nothing.
        mass: Total weight by set.
        balance: 0 leaves the classes of a set as frequent as they are, 1 makes them equal.
        class_count: Number of classes.
    """
    labels, sources = labels_of(rows), sources_of(rows)
    weights = np.zeros(len(rows), np.float32)
    for source, total in mass.items():
        inside = sources == source
        counts = np.bincount(labels[inside], minlength=class_count)
        shares = np.where(counts > 0, np.maximum(counts, 1) ** (1.0 - balance), 0)
        for label in np.flatnonzero(counts):
            here = inside & (labels == label)
            weights[here] = total * shares[label] / shares.sum() / counts[label]
    return weights


def is_fold(rows: Sequence[Row], fold: int, fold_count: int) -> Bools:
    """Mark the rows of one fold; a text is in the same fold wherever it occurs."""
    keys = (int(text_key(row.text)[:8], 16) % fold_count for row in rows)
    return np.fromiter((key == fold for key in keys), np.bool_, len(rows))
