"""Trains the model of polarity toward a brand: ``python -m sentiment.training.target``.

The words' scores that it reads come from the polarity heads. Where these learnt from the same
tweets, the scores used here come from heads trained without the half the tweet is in; else the
target model would trust them more than it may.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from listening.logs import get_logger
from sentiment.scoring.head import Head
from sentiment.scoring.kinds import KINDS, kinds_of
from sentiment.scoring.lexemes import Ints
from sentiment.scoring.polarity import PolarityModel
from sentiment.scoring.target import FILE, TargetEncoding
from sentiment.scoring.valence import encoder_for
from sentiment.scoring.weights import read_arrays
from sentiment.training.cases import LABELS, TargetCase, story_cases, target_cases
from sentiment.training.corpus import (
    Row,
    brand_rows,
    is_fold,
    labels_of,
    read_set,
    set_digests,
)
from sentiment.training.design import (
    Design,
    Recipe,
    design_logits,
    stack_designs,
    target_design,
)
from sentiment.training.options import read_language_options
from sentiment.training.polarity import HEADS, encode_rows, train_head, training_rows
from sentiment.training.rated import rated_rows
from sentiment.training.report import best_temperature, model_scores, read_facts, write_model

log = get_logger("sentiment.training")

SEED: Final = 5
#: Our labels of brands in reviews.
LABEL_FILES: Final = ("brands_fr", "brands_fr_more", "brands_fr_passing")
#: Share of the mentions whose kind is left out, and of the rows of a set that are given any kind.
UNKNOWN_KIND: Final = 0.15
ANY_KIND: Final = {"mabsa_fr_mt": 0.3, "cases": 0.6, "stories": 0.6, "stars": 0.4}
_HANDLE: Final = re.compile(r"@\w+")
_CHUNK: Final = 2000
_FOLDS: Final = 2
_CASE_ROUNDS: Final = 3

MODELS: Final[dict[str, dict[str, Any]]] = {
    "fr": {
        "mass": {
            "mabsa_fr_mt": 1.0, "brands": 5.0, "cases": 0.5, "stories": 0.2, "stars": 0.2,
        },
        "balance": 0.75,
        "recipe": Recipe(penalty=2e-5, steps=60, dense_scale=0.05),
        #: Added to the neutral logit: public sets have few neutral mentions, the web has many.
        "neutral": 0.2,
        "refolded": (),
    },
    "en": {
        "mass": {
            "se17_topics": 1.0, "newsmtsc": 0.6, "dong14": 0.5, "brand_sxsw": 0.4, "se14_rest": 0.5,
            "se14_laptop": 0.3, "addressed": 0.3, "cases": 0.3,
        },
        "balance": 0.6,
        "recipe": Recipe(penalty=1.5e-5, steps=70, dense_scale=0.05),
        "neutral": 0.0,
        "refolded": ("en.social", "en.review"),
    },
}  # fmt: skip


def target_rows(folder: Path, language: str, *more: str) -> list[Row]:
    """Return the rows to learn from: public sets, labels of ours, cases and stories of ours.

    Args:
        folder: Where the public sets are.
        language: ``fr`` or ``en``.
        more: Files of cases beside that language's own.
    """
    rows = read_set(folder, f"{language}_targeted.train")
    if language == "fr":
        reviews = read_set(folder, "fr_reviews.train")
        rows += brand_rows(reviews, LABEL_FILES)
        rows += _rows_of(story_cases("fr_stories", seed=SEED, rounds=_CASE_ROUNDS), "stories")
        rows += rated_rows(reviews, seed=SEED)
    else:
        rows += _addressed(read_set(folder, "en_social.train"))
    cases = target_cases(language, *more, seed=SEED, rounds=_CASE_ROUNDS)
    return rows + _rows_of(cases, "cases")


def _rows_of(cases: Iterable[TargetCase], source: str) -> list[Row]:
    return [Row(one.text, LABELS.index(one.label), source, one.start, one.end) for one in cases]


def _addressed(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield tweets that begin with a handle: what they say is taken to be said to it."""
    for row in rows:
        if handle := _HANDLE.match(row.text):
            yield Row(row.text, row.label, "addressed", handle.start(), handle.end())


def named_kinds(rows: Sequence[Row]) -> Ints:
    """Return what kind of firm each brand is known to be."""
    return kinds_of([row.text for row in rows], [(row.start, row.end) for row in rows])


def taught_kinds(rows: Sequence[Row], rng: np.random.Generator) -> Ints:
    """Return kinds to learn with: some left out, some made up.

    A brand of unknown kind must be judged as well, and what is said plainly of one counts whatever
    its kind: no invented brand has one of its own.
    """
    any_kind = np.array([ANY_KIND.get(row.source, 0.0) for row in rows])
    kinds = np.where([row.source in ANY_KIND for row in rows], 0, named_kinds(rows))
    kinds = np.where(rng.random(len(rows)) < UNKNOWN_KIND, 0, kinds)
    made_up = rng.integers(0, len(KINDS), len(rows))
    return np.where(rng.random(len(rows)) < any_kind, made_up, kinds)


def encode_targets(
    rows: Sequence[Row], language: str, heads: tuple[Head, Head], kinds: Ints | None = None
) -> Design:
    """Return the features of rows with their brands, whose kinds may be given."""
    encoder = encoder_for("opinion", language)
    designs = []
    for first in range(0, len(rows), _CHUNK):
        chunk = rows[first : first + _CHUNK]
        spans = [(row.start, row.end) for row in chunk]
        encoding = TargetEncoding(encoder, heads, [row.text for row in chunk], spans)
        told = None if kinds is None else kinds[first : first + _CHUNK]
        designs.append(target_design(encoding, told))
    return stack_designs(designs)


def _shipped_heads(language: str) -> tuple[Head, Head]:
    model = PolarityModel.load()
    return model.head(language, "review"), model.head(language, "social")


def _folded_heads(folder: Path, language: str, fold: int) -> tuple[Head, Head]:
    """Train both heads without one half of all texts."""
    heads = []
    for kind in ("review", "social"):
        name = f"{language}.{kind}"
        rows = training_rows(folder, name)
        others = is_fold(rows, fold, _FOLDS)
        rows = [row for row, is_held in zip(rows, others, strict=True) if not is_held]
        weights = train_head(HEADS[name], rows, encode_rows(rows, language))
        heads.append(Head(weights, encoder_for("opinion", language)))
    return heads[0], heads[1]


def training_design(folder: Path, language: str, rows: Sequence[Row]) -> Design:
    """Encode the training rows with word scores from heads that have not seen them."""
    if not MODELS[language]["refolded"]:
        kinds = taught_kinds(rows, np.random.default_rng(SEED))
        return encode_targets(rows, language, _shipped_heads(language), kinds)
    designs, places = [], []
    for fold in range(_FOLDS):
        held = np.flatnonzero(is_fold(rows, fold, _FOLDS))
        heads = _folded_heads(folder, language, fold)
        designs.append(encode_targets([rows[i] for i in held.tolist()], language, heads))
        places.append(held)
    order = np.argsort(np.concatenate(places))
    return stack_designs(designs).rows(order)


def train_language(
    folder: Path, language: str
) -> tuple[dict[str, npt.NDArray[np.generic]], dict[str, Any]]:
    """Return the arrays of one language, and its scores on the development set."""
    settings = MODELS[language]
    rows = target_rows(folder, language)
    weights = train_head(settings, rows, training_design(folder, language, rows))
    held = read_set(folder, f"{language}_targeted.dev")
    kinds = named_kinds(held) if "kinds" in weights.blocks else None
    design = encode_targets(held, language, _shipped_heads(language), kinds)
    shift = np.array([0.0, settings["neutral"], 0.0], np.float32)
    weights = weights.shifted(1.0, shift)
    temperature = best_temperature(labels_of(held), design_logits(weights, design))
    weights = weights.shifted(temperature, np.zeros(3, np.float32))
    log.info("head_trained", head=f"{language}.target", rows=len(rows))
    return weights.packed(language), model_scores(held, design_logits(weights, design))


def main() -> None:
    """Train the languages asked for and write ``models/target.npz``; the others stay."""
    folder, languages = read_language_options()
    name = FILE.removesuffix(".npz")
    arrays, scores = {}, {}
    if set(languages) != set(MODELS):
        scores = read_facts(name)["dev"]
        arrays = {
            key: array
            for key, array in read_arrays(FILE).items()
            if key.split("/")[0] not in languages
        }
    for language in languages:
        found, scores[language] = train_language(folder, language)
        arrays.update(found)
    names = [f"{one}_targeted.{part}" for one in MODELS for part in ("train", "dev")]
    data = set_digests(folder, ["fr_reviews.train", *names])
    write_model(name, arrays, {"data": data, "seed": SEED, "dev": scores})


if __name__ == "__main__":
    main()
