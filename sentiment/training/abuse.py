"""Trains the insult and irony heads: ``python -m sentiment.training.abuse``."""

from importlib.resources import files
from typing import Any, Final

from listening.logs import get_logger
from sentiment.scoring.abuse import FILE
from sentiment.training.cases import LABELS, mention_cases
from sentiment.training.corpus import Row, labels_of, read_set, row_weights, set_digests
from sentiment.training.design import Recipe, design_logits, train_weights
from sentiment.training.options import read_options
from sentiment.training.polarity import calibrated, encode_rows
from sentiment.training.report import model_scores, write_model

log = get_logger("sentiment.training")

SEED: Final = 3
#: Reviews and tweets about other things, added as texts without insult: this many of each set, and
#: every second review of restaurants and series, whose food and villains have rude names.
_CLEAN: Final = 3000
_SHORTEST: Final = 40
_RUDE_SETS: Final = frozenset({"tripadvisor", "allocine_tv"})

HEADS: Final[dict[str, dict[str, Any]]] = {
    "fr.insult": {
        "sets": "fr_insults",
        "clean": ("fr_reviews.train", "fr_social.train"),
        "mass": {"cyberado": 1.0, "mlma_fr": 1.2, "clean": 0.3, "plain": 0.1, "cases": 0.05},
        "balance": 0.75,
        "recipe": Recipe(penalty=1e-4, steps=60, dense_scale=0.2, classes=2),
    },
    "en.insult": {
        "sets": "en_insults",
        "clean": (),
        "mass": {"offensive_en": 1.0, "cases": 0.05},
        "balance": 0.5,
        "recipe": Recipe(penalty=3e-5, steps=60, dense_scale=0.2, classes=2),
    },
    "en.irony": {
        "sets": "en_irony",
        "clean": (),
        "mass": {"irony_en": 1.0},
        "balance": 0.5,
        "recipe": Recipe(penalty=2e-4, steps=60, dense_scale=0.1, classes=2),
    },
}


def plain_texts(language: str) -> list[str]:
    """Return our sentences without insult whose words are rude elsewhere: « le rôti de porc »."""
    path = files("sentiment.training") / "cases" / f"not_rude_{language}.txt"
    if not path.is_file():
        return []
    return [one for one in path.read_text(encoding="utf-8").splitlines() if one[:1] != "#"]


def main() -> None:
    """Train all heads and write ``models/abuse.npz``."""
    folder = read_options()
    arrays, scores, names = {}, {}, set()
    for name, settings in HEADS.items():
        language, sets = name[:2], settings["sets"]
        rows = read_set(folder, f"{sets}.train")
        for one in settings["clean"]:
            quiet = [row for row in read_set(folder, one) if len(row.text) >= _SHORTEST]
            step = max(1, len(quiet) // _CLEAN)
            rude = [row for row in quiet if row.source in _RUDE_SETS]
            rows += [Row(row.text, 0, "clean") for row in [*quiet[::step], *rude[::2]]]
        rows += [Row(text, 0, "plain") for text in plain_texts(language)]
        texts = mention_cases(language, seed=SEED)
        rows += [Row(text, 0, "cases") for text, label in texts if label != LABELS[0]]
        held = read_set(folder, f"{sets}.dev")
        recipe: Recipe = settings["recipe"]
        shares = row_weights(
            rows, settings["mass"], balance=settings["balance"], class_count=recipe.classes
        )
        design = encode_rows(rows, language, "abuse")
        weights = train_weights(design, labels_of(rows), shares, recipe)
        design = encode_rows(held, language, "abuse")
        weights = calibrated(weights, held, design)
        scores[name] = model_scores(held, design_logits(weights, design))
        arrays.update(weights.packed(name))
        names |= {f"{sets}.train", f"{sets}.dev", *settings["clean"]}
        log.info("head_trained", head=name, rows=len(rows), accuracy=scores[name]["accuracy"])
    facts = {"data": set_digests(folder, list(names)), "seed": SEED, "dev": scores}
    write_model(FILE.removesuffix(".npz"), arrays, facts)


if __name__ == "__main__":
    main()
