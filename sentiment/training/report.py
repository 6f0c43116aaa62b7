"""Scores of a model on a development set, its calibration, and the two files a training leaves."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from sentiment.scoring.lexemes import Floats, Ints
from sentiment.scoring.weights import softmax
from sentiment.training.corpus import Row, labels_of, sources_of

_BINS: Final = 10
_NEUTRAL: Final = 1
_POLARITY_CLASSES: Final = 3


def model_scores(rows: Sequence[Row], logits: Floats) -> dict[str, Any]:
    """Return scores over all rows and by set."""
    labels, sources = labels_of(rows), sources_of(rows)
    scores = _scores(labels, logits)
    names = sorted(set(sources.tolist()))
    scores["by_source"] = {n: _scores(labels[sources == n], logits[sources == n]) for n in names}
    return scores


def _scores(labels: Ints, logits: Floats) -> dict[str, Any]:
    chances = softmax(logits)
    said = chances.argmax(axis=1)
    size = chances.shape[1]
    right, gold, given = (
        np.bincount(one, minlength=size) for one in (labels[labels == said], labels, said)
    )
    f1 = [2 * int(right[c]) / int(gold[c] + given[c]) for c in np.flatnonzero(gold).tolist()]
    scores = {
        "count": len(labels),
        "accuracy": round(float((labels == said).mean()), 4),
        "macro_f1": round(float(np.mean(f1)), 4),
        "ece": round(calibration_error(labels, chances), 4),
    }
    if chances.shape[1] == _POLARITY_CLASSES and (charged := labels != _NEUTRAL).any():
        scores["two_class"] = round(float((labels == said)[charged].mean()), 4)
    return scores


def calibration_error(labels: Ints, chances: Floats) -> float:
    """Return the expected calibration error over ten equal bins (Guo et al., 2017)."""
    sure = chances.max(axis=1)
    right = chances.argmax(axis=1) == labels
    bins = np.minimum((sure * _BINS).astype(np.int64), _BINS - 1)
    gaps = np.bincount(bins, weights=sure - right, minlength=_BINS)
    return float(np.abs(gaps).sum() / len(labels))


def best_temperature(labels: Ints, logits: Floats) -> float:
    """Return the temperature at which the likelihood of the labels is greatest."""

    def loss(log_temperature: float) -> float:
        chances = softmax(logits / np.float32(np.exp(log_temperature)))
        return -float(np.log(chances[np.arange(len(labels)), labels] + 1e-9).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))


def write_model(
    name: str, arrays: Mapping[str, npt.NDArray[np.generic]], facts: dict[str, Any]
) -> Path:
    """Write ``models/<name>.npz`` and beside it ``<name>.json``: digests, seeds and scores."""
    folder = Path(str(files("sentiment") / "models"))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **{k: arrays[k] for k in sorted(arrays)})
    path = folder / f"{name}.npz"
    path.write_bytes(buffer.getvalue())
    facts = {"sha256": hashlib.sha256(buffer.getvalue()).hexdigest(), **facts}
    text = json.dumps(facts, indent=1, ensure_ascii=False, sort_keys=True)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    return path


def read_facts(name: str) -> dict[str, Any]:
    """Return what stands beside a model that was written before."""
    path = Path(str(files("sentiment") / "models" / f"{name}.json"))
    facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return facts
