"""Multinomial logistic regression by L-BFGS; the same weights from the same data on one machine."""

from typing import Final

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

from sentiment.scoring.lexemes import Floats, Ints

_MEMORY: Final = 8


def fit_softmax(
    matrix: csr_array, labels: Ints, weights: Floats, *, penalty: float, steps: int, classes: int
) -> tuple[Floats, Floats]:
    """Return weights (n_features, n_classes) and bias (n_classes,), both centred over classes.

    Args:
        matrix: Features by row.
        labels: Class numbers.
        weights: How much each row counts; their sum does not matter.
        penalty: L2 penalty per mean loss of a row.
        steps: L-BFGS steps; stopping early regularises too.
        classes: Number of classes.
    """
    matrix = matrix.astype(np.float32)
    used = np.flatnonzero(np.bincount(matrix.indices, minlength=matrix.shape[1]))
    narrow = csr_array(matrix[:, used])
    turned = csr_array(narrow.T)
    gold = np.eye(classes, dtype=np.float32)[labels]
    share = (weights / weights.sum()).astype(np.float32)[:, None]
    size = len(used) * classes

    def loss(
        point: np.ndarray[tuple[int], np.dtype[np.float64]],
    ) -> tuple[float, np.ndarray[tuple[int], np.dtype[np.float64]]]:
        current = point[:size].reshape(len(used), classes).astype(np.float32)
        scores = narrow @ current + point[size:].astype(np.float32)
        scores -= scores.max(axis=1, keepdims=True)
        risen = np.exp(scores)
        total = risen.sum(axis=1, keepdims=True)
        value = -float((share * gold * (scores - np.log(total))).sum())
        value += 0.5 * penalty * float((current * current).sum())
        wrong = (risen / total - gold) * share
        slope = turned @ wrong + penalty * current
        slopes = np.concatenate([slope.ravel(), wrong.sum(axis=0)]).astype(np.float64)
        return value, slopes.reshape(-1)

    found = minimize(
        loss,
        np.zeros(size + classes),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": steps, "maxcor": _MEMORY, "gtol": 1e-7, "ftol": 1e-8},
    ).x
    full = np.zeros((matrix.shape[1], classes), np.float32)
    full[used] = found[:size].reshape(len(used), classes)
    bias = found[size:].astype(np.float32)
    return full - full.mean(axis=1, keepdims=True), bias - bias.mean()
