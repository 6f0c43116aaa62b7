"""Trains the polarity heads: ``python -m sentiment.training.polarity``."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from listening.logs import get_logger
from sentiment.scoring.polarity import FILE
from sentiment.scoring.valence import encoder_for
from sentiment.scoring.weights import Weights
from sentiment.training.cases import LABELS, mention_cases
from sentiment.training.corpus import (
    Row,
    brand_rows,
    labels_of,
    read_set,
    row_weights,
    set_digests,
)
from sentiment.training.design import Design, Recipe, design_logits, text_design, train_weights
from sentiment.training.options import read_options
from sentiment.training.report import best_temperature, model_scores, write_model

log = get_logger("sentiment.training")

SEED: Final = 1
#: A long review says more than «au top»: short praise is thinned out, it is two thirds of the set.
_LONG: Final = 400
_LEAST_KEPT: Final = 0.15
_CASE_ROUNDS: Final = 4

HEADS: Final[dict[str, dict[str, Any]]] = {
    "fr.review": {
        "train": ("fr_reviews.train",),
        "dev": "fr_reviews.dev",
        "mass": {"cdiscount": 1.0, "tripadvisor": 0.25, "allocine_tv": 0.25, "cases": 0.03},
        "balance": 0.8,
        "recipe": Recipe(penalty=5e-6, steps=50, dense_scale=0.1),
    },
    "fr.social": {
        "train": ("fr_social.train",),
        "dev": "fr_social.dev",
        "mass": {"umsab_fr": 1.0, "cases": 0.1},
        "balance": 0.5,
        "recipe": Recipe(penalty=4e-4, steps=60, dense_scale=0.1),
    },
    "en.review": {
        "train": ("en_reviews.train", "en_social.train"),
        "dev": "en_reviews.dev",
        "mass": {
            "vader_amazon": 1.0, "vader_movie": 1.0, "vader_nyt": 1.0,
            "semeval17": 0.3, "cases": 0.1,
        },
        "balance": 0.5,
        "recipe": Recipe(penalty=1e-5, steps=80, dense_scale=0.1),
    },
    "en.social": {
        "train": ("en_social.train", "en_reviews.train"),
        "dev": "en_social.dev",
        "mass": {
            "semeval17": 1.0, "vader_amazon": 0.1, "vader_movie": 0.1, "vader_nyt": 0.1,
            "cases": 0.15,
        },
        "balance": 0.7,
        "recipe": Recipe(penalty=1e-5, steps=110, dense_scale=0.1),
    },
}  # fmt: skip


#: What tells a review from a post, where the source does not say it.
_KIND_RECIPE: Final = Recipe(penalty=1e-4, steps=30, dense_scale=0.1, classes=2)
_KIND_ROWS: Final = 6000


def kind_rows(folder: Path, language: str) -> list[Row]:
    """Return posts (0) and reviews (1) of a language, at most 6,000 of each."""
    rows = []
    for label, kind in enumerate(("social", "reviews")):
        found = read_set(folder, f"{language}_{kind}.train")
        step = max(1, len(found) // _KIND_ROWS)
        rows += [Row(row.text, label, kind) for row in found[::step]]
    return rows


def train_kind(rows: Sequence[Row], language: str) -> Weights:
    """Train what routes a text of unknown source to one of the heads."""
    shares = row_weights(rows, {"social": 1.0, "reviews": 1.0}, balance=0.0, class_count=2)
    return train_weights(encode_rows(rows, language), labels_of(rows), shares, _KIND_RECIPE)


def training_rows(folder: Path, name: str) -> list[Row]:
    """Return the rows a head learns from, hand-written cases included."""
    language = name[:2]
    rows = [row for one in HEADS[name]["train"] for row in read_set(folder, one)]
    if name == "fr.review":
        labelled = {row.text for row in brand_rows(rows)}
        rng = random.Random(SEED)  # noqa: S311
        rows = [row for row in rows if row.text not in labelled and _is_kept(row, rng)]
    cases = mention_cases(language, seed=SEED, rounds=_CASE_ROUNDS)
    return rows + [Row(text, LABELS.index(label), "cases") for text, label in cases]


def _is_kept(row: Row, rng: random.Random) -> bool:
    if row.source != "cdiscount" or LABELS[row.label] != "pos":
        return True
    return rng.random() < _LEAST_KEPT + (1 - _LEAST_KEPT) * min(1.0, len(row.text) / _LONG)


def encode_rows(rows: Sequence[Row], language: str, lexicon: Any = "opinion") -> Design:
    """Return the features of rows as whole texts."""
    encoder = encoder_for(lexicon, language)
    return text_design(encoder, encoder.encode([row.text for row in rows]))


def train_head(settings: dict[str, Any], rows: Sequence[Row], design: Design) -> Weights:
    """Train a linear model on rows already encoded.

    Args:
        settings: Its ``recipe``, and ``mass`` and ``balance`` of the rows.
        rows: What it learns from.
        design: Their features.
    """
    recipe: Recipe = settings["recipe"]
    weights = row_weights(
        rows, settings["mass"], balance=settings["balance"], class_count=recipe.classes
    )
    return train_weights(design, labels_of(rows), weights, recipe)


def calibrated(weights: Weights, rows: Sequence[Row], design: Design) -> Weights:
    """Return the weights at the temperature that fits the development rows."""
    logits = design_logits(weights, design)
    temperature = best_temperature(labels_of(rows), logits)
    return weights.shifted(temperature, np.zeros(logits.shape[1], np.float32))


def main() -> None:
    """Train all heads and write ``models/polarity.npz``."""
    folder = read_options()
    arrays, scores, names = {}, {}, set()
    for name, settings in HEADS.items():
        rows = training_rows(folder, name)
        held = read_set(folder, settings["dev"])
        weights = train_head(settings, rows, encode_rows(rows, name[:2]))
        design = encode_rows(held, name[:2])
        weights = calibrated(weights, held, design)
        scores[name] = model_scores(held, design_logits(weights, design))
        arrays.update(weights.packed(name))
        names |= {*settings["train"], settings["dev"]}
        log.info("head_trained", head=name, rows=len(rows), **_short(scores[name]))
    for language in ("fr", "en"):
        weights = train_kind(kind_rows(folder, language), language)
        arrays.update(weights.packed(f"{language}.kind"))
        scores[f"{language}.kind"] = _kind_scores(folder, language, weights)
    facts = {"data": set_digests(folder, list(names)), "seed": SEED, "dev": scores}
    write_model(FILE.removesuffix(".npz"), arrays, facts)


def _kind_scores(folder: Path, language: str, weights: Weights) -> dict[str, Any]:
    held = [
        Row(row.text, label, kind)
        for label, kind in enumerate(("social", "reviews"))
        for row in read_set(folder, f"{language}_{kind}.dev")
    ]
    return model_scores(held, design_logits(weights, encode_rows(held, language)))


def _short(scores: dict[str, Any]) -> dict[str, Any]:
    return {key: scores[key] for key in ("accuracy", "macro_f1", "ece")}


if __name__ == "__main__":
    main()
