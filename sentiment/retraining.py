"""Accepts or refuses what corrections teach: never worse on the gold files, better on its own."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from listening.errors import TaggingError
from listening.files import write_whole
from listening.model import Polarity
from listening.text import fold
from listening.translate import mark
from sentiment.calibration import (
    BIASES,
    MAX_CORRECTIONS,
    MIN_CORRECTIONS,
    Calibration,
    Lesson,
    Outcome,
    harmful,
    held_out,
    is_right,
    learn,
    lesson_buckets,
    outcome,
)
from sentiment.evaluate import judge_cases, macro_f1, read_cases

#: Layers that can be gone back to.
KEPT: Final = 5
_FORMAT: Final = 1
_LABELS: Final = {"neg": Polarity.NEGATIVE, "neu": Polarity.NEUTRAL, "pos": Polarity.POSITIVE}
_SHORT: Final = {Polarity.NEGATIVE: "neg", Polarity.POSITIVE: "pos"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldScore:
    """One gold file without and with a layer."""

    name: str
    count: int
    right_before: int
    right_after: int
    f1_before: float
    f1_after: float

    @property
    def is_worse(self) -> bool:
        """Whether the layer costs anything here."""
        return self.right_after < self.right_before or self.f1_after < self.f1_before - 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraining:
    """What a try came to, with all its figures."""

    layer: Calibration
    is_accepted: bool
    count: int  # corrections learnt from
    right_before: int  # of them, by the shipped model
    right_held_out: int  # of them, by layers that were learnt without them
    right_after: int  # of them, by the layer itself
    gold: tuple[GoldScore, ...]

    @property
    def before(self) -> Outcome:
        """The shipped model on the client's corrections."""
        return Outcome(right=self.right_before, count=self.count)

    @property
    def after(self) -> Outcome:
        """The layer on corrections that were kept from it (cross-validation)."""
        return Outcome(right=self.right_held_out, count=self.count)


def retrain(lessons: Sequence[Lesson]) -> Retraining:
    """Learn the boldest layer that costs nothing on the gold files; refuse one that gains nothing.

    Raises:
        TaggingError: There are too few corrections.
    """
    lessons = lessons[-MAX_CORRECTIONS:]
    if len(lessons) < MIN_CORRECTIONS:
        raise TaggingError(
            mark("too few corrections: {count}; at least {least} are needed"),
            count=len(lessons),
            least=MIN_CORRECTIONS,
        )
    gold = gold_lessons()
    tries = (_tried(lessons, gold, bias) for bias in BIASES)
    last = next(tries)
    while not last.is_accepted and (another := next(tries, None)) is not None:
        last = another
    return last


def _tried(
    lessons: Sequence[Lesson], gold: Mapping[str, Sequence[Lesson]], bias: float
) -> Retraining:
    whole = learn(lessons, bias=bias)
    without = harmful(whole, [one for cases in gold.values() for one in cases])
    layer = learn(lessons, bias=bias, without=without)
    scores = tuple(_gold_score(name, cases, layer) for name, cases in sorted(gold.items()))
    before = outcome([is_right(one, None) for one in lessons])
    apart = outcome(held_out(lessons, bias=bias, without=without))
    return Retraining(
        layer=layer,
        is_accepted=apart.right > before.right and not any(one.is_worse for one in scores),
        count=len(lessons),
        right_before=before.right,
        right_held_out=apart.right,
        right_after=outcome([is_right(one, layer) for one in lessons]).right,
        gold=scores,
    )


@cache
def gold_lessons() -> Mapping[str, tuple[Lesson, ...]]:
    """Return the gold cases by file, as the layer sees them.

    Raises:
        TaggingError: A file is missing or broken.
    """
    folder = Path(str(files("sentiment") / "evaluation"))
    found = {}
    for path in sorted(folder.glob("*.jsonl")):
        cases = read_cases(path, task="targeted")
        found[path.name] = tuple(
            Lesson(
                judged,
                lesson_buckets(fold(case.text), [(case.start, case.end)]),
                _LABELS[case.label],
            )
            for case, judged in zip(cases, judge_cases(cases), strict=True)
        )
    return found


def _gold_score(name: str, cases: Sequence[Lesson], layer: Calibration) -> GoldScore:
    labels = [_SHORT.get(one.label, "neu") for one in cases]
    before = [_said(one, None) for one in cases]
    after = [_said(one, layer) for one in cases]
    return GoldScore(
        name=name,
        count=len(cases),
        right_before=sum(a == b for a, b in zip(labels, before, strict=True)),
        right_after=sum(a == b for a, b in zip(labels, after, strict=True)),
        f1_before=macro_f1(labels, before),
        f1_after=macro_f1(labels, after),
    )


def _said(one: Lesson, layer: Calibration | None) -> str:
    judged = one.judgement if layer is None else layer.adjusted(one.judgement, one.buckets)
    return _SHORT.get(judged.polarity, "neu")


# -- the client's file ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One accepted layer with the figures it was accepted for."""

    calibration: Calibration
    learnt_at: str  # ISO 8601, UTC
    figures: dict[str, Any]


def figures_of(result: Retraining) -> dict[str, Any]:
    """Return what is kept and shown of a try, as plain data."""
    share, low, high = result.after.interval()
    before, before_low, before_high = result.before.interval()
    return {
        "corrections": result.count,
        "accuracy_before": {"share": before, "low": before_low, "high": before_high},
        "accuracy_held_out": {"share": share, "low": low, "high": high},
        "right_after": result.right_after,
        "gold": [asdict(one) for one in result.gold],
    }


def load_layers(path: Path) -> list[Layer]:
    """Return a client's layers, the one in force last; none when nothing was learnt.

    Raises:
        TaggingError: The file is damaged or of another version; `vigie retrain --undo` cannot help,
            deleting the file goes back to the shipped model.
    """
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise TaggingError(f"{path} cannot be read; delete it to start anew: {error}") from error
    if not isinstance(found, dict) or found.get("format") != _FORMAT:
        raise TaggingError(f"{path} is of another version; delete it to start anew")
    try:
        return [
            Layer(
                calibration=Calibration.from_json(item["calibration"]),
                learnt_at=str(item["learnt_at"]),
                figures=dict(item["figures"]),
            )
            for item in found["layers"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise TaggingError(f"{path} is damaged; delete it to start anew: {error!r}") from error


def save_layers(path: Path, layers: Sequence[Layer]) -> None:
    """Write a client's layers as one JSON file, in one step; no layer, no file."""
    if not layers:
        path.unlink(missing_ok=True)
        return
    items = [
        {
            "calibration": one.calibration.to_json(),
            "learnt_at": one.learnt_at,
            "figures": one.figures,
        }
        for one in layers[-KEPT:]
    ]
    write_whole(path, json.dumps({"format": _FORMAT, "layers": items}, indent=1).encode())


def forget_corrections(path: Path, document_ids: Collection[str]) -> bool:
    """Take documents out of what a client's layers remember of their corrections.

    The layers themselves stay: weights of hashed words, from which no text can be told.

    Returns:
        Whether any was remembered.

    Raises:
        TaggingError: The file is damaged.
    """
    layers = load_layers(path)
    kept = [replace(one, figures=_without(one.figures, document_ids)) for one in layers]
    if kept == layers:
        return False
    save_layers(path, kept)
    return True


def _without(figures: dict[str, Any], document_ids: Collection[str]) -> dict[str, Any]:
    if "right" not in figures:
        return figures
    return figures | {"right": [key for key in figures["right"] if key[0] not in document_ids]}
