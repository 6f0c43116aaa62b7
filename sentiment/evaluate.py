"""Measures the tagger on labelled texts: accuracy, macro-F1, recall, calibration, speed."""

import gzip
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Literal

from spacy.tokens import Doc

from listening.errors import TaggingError
from listening.model import Hit, Polarity
from listening.text import FOLDED_WORD, fold
from sentiment.components.flags import INSULT, IRONY
from sentiment.components.insults import IRONY_CHANCE
from sentiment.components.targets import judge_text
from sentiment.judgement import Judgement, with_irony
from sentiment.language import find_language
from sentiment.pipeline import build_nlp

Task = Literal["polarity", "targeted", "insult", "irony"]
TASKS: Final[tuple[Task, ...]] = ("polarity", "targeted", "insult", "irony")

#: Labels of each task, in the order in which they are shown.
LABELS: Final[Mapping[Task, tuple[str, ...]]] = {
    "polarity": ("neg", "neu", "pos"),
    "targeted": ("neg", "neu", "pos"),
    "insult": ("insult", "clean"),
    "irony": ("ironic", "literal"),
}
#: Bins of the expected calibration error.
BIN_COUNT: Final = 10
#: How sure a flag is, and how sure its absence; measured on the development sets.
FLAG_CONFIDENCE: Final = {"insult": 0.85, "clean": 0.65, "ironic": 0.6, "literal": 0.55}
#: Probability from which a text is called ironic where irony and its absence are equally frequent,
#: as in the sets that are measured on; the flag asks for more (``components.insults``).
EVEN_IRONY: Final = 0.55

#: Name under which the target of a case goes through the pipeline.
_TARGET: Final = "target"
_SHORT: Final = {Polarity.NEGATIVE: "neg", Polarity.POSITIVE: "pos"}


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled text."""

    text: str
    label: str
    language: str
    source: str = ""
    start: int = -1  # of the target, in characters
    end: int = -1


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the tagger says of one case."""

    label: str
    confidence: float  # 0 .. 1


def read_cases(path: Path, *, task: Task) -> list[Case]:
    """Read labelled texts, one JSON object a line, perhaps gzipped.

    Fields: ``text``, ``label``, optional ``target``, ``start``, ``end``, ``lang``, ``source`` (or
    ``set_source``, which wins: the name of the set inside the file).

    Raises:
        TaggingError: A line is not such an object, or has a label that the task does not know.
    """
    cases = []
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            case = _as_case(row)
        except (ValueError, KeyError, TypeError) as error:
            raise TaggingError(f"{path}:{number}: not a labelled text: {error!r}") from error
        if case.label not in LABELS[task]:
            raise TaggingError(
                f"{path}:{number}: label {case.label!r}; {task} has {', '.join(LABELS[task])}"
            )
        cases.append(case)
    if not cases:
        raise TaggingError(f"{path}: no labelled text in it")
    return cases


def _lines(path: Path) -> Iterator[str]:
    try:
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8") as file:
                yield from file
        else:
            with path.open(encoding="utf-8") as file:
                yield from file
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise TaggingError(f"{path} cannot be read: {error}") from error


def _as_case(row: Mapping[str, Any]) -> Case:
    text = str(row["text"])
    start, end = int(row.get("start", -1)), int(row.get("end", -1))
    if start < 0 and (target := row.get("target")):
        start = text.find(str(target))
        end = start + len(str(target)) if start >= 0 else -1
    language = row.get("lang") or find_language(text, FOLDED_WORD.findall(fold(text).text))
    source = str(row.get("set_source") or row.get("source") or "")
    return Case(text, str(row["label"]), str(language), source, start, end)


@cache
def _pipeline(language: str) -> Any:
    return build_nlp(language if language in {"fr", "en"} else "other", ())


def predict(cases: Sequence[Case], *, task: Task) -> list[Prediction]:
    """Return a prediction for every case, in order.

    A target without a place in its text is judged as the whole text is. ``mixed`` and ``unknown``
    count as ``neu``.
    """
    return [_prediction(doc, task) for doc in _read(cases, task)]


def judge_cases(cases: Sequence[Case]) -> list[Judgement]:
    """Return the judgement toward the target of every case, in order."""
    return [_judged(doc) for doc in _read(cases, "targeted")]


def _read(cases: Sequence[Case], task: Task) -> Iterator[Doc]:
    for language, group in groupby(cases, key=lambda case: case.language):
        nlp = _pipeline(language)
        yield from nlp.pipe(_prepared(nlp, case, task) for case in group)


def _prepared(nlp: Any, case: Case, task: Task) -> Doc:
    doc: Doc = nlp.make_doc(case.text)
    has_place = task == "targeted" and 0 <= case.start < case.end <= len(case.text)
    start, end = (case.start, case.end) if has_place else (0, len(case.text))
    doc.user_data["hits"] = [Hit(brand_id=_TARGET, start=start, end=end, term=_TARGET)]
    doc.user_data["is_whole"] = not has_place
    return doc


def _prediction(doc: Doc, task: Task) -> Prediction:
    names = {flag.name for flag in doc.user_data["flags"]}
    if task == "insult":
        label = "insult" if INSULT in names else "clean"
        return Prediction(label, FLAG_CONFIDENCE[label])
    if task == "irony":
        return _irony(doc, is_flagged=IRONY in names)
    judgement = _judged(doc)
    return Prediction(_SHORT.get(judgement.polarity, "neu"), judgement.confidence)


def _judged(doc: Doc) -> Judgement:
    judgement, flags = _judgement(doc), doc.user_data["flags"]
    cue = next((flag for flag in flags if flag.name == IRONY and flag.is_sure), None)
    if cue is None or "whole" in doc.user_data:
        return judgement
    return with_irony(judgement, cue.start, cue.end)


def _irony(doc: Doc, *, is_flagged: bool) -> Prediction:
    """Return what the head says where there is one; the flag alone is raised for the very sure."""
    chance: float | None = doc.user_data.get(IRONY_CHANCE)
    if chance is None or is_flagged:
        label = "ironic" if is_flagged else "literal"
        return Prediction(label, FLAG_CONFIDENCE[label])
    is_ironic = chance >= EVEN_IRONY
    return Prediction("ironic" if is_ironic else "literal", max(chance, 1 - chance))


def _judgement(doc: Doc) -> Judgement:
    if "whole" in doc.user_data:
        whole: Judgement = doc.user_data["whole"]
        return whole
    if doc.user_data["is_whole"]:
        return judge_text(doc.user_data["words"], doc.user_data["sentences"])
    judgements: dict[str, Judgement] = doc.user_data["judgements"]
    found = judgements.get(_TARGET)
    return found or judge_text(doc.user_data["words"], ())


def evaluate(cases: Sequence[Case], *, task: Task) -> dict[str, Any]:
    """Return the scores of the tagger on these cases, as one JSON object.

    Returns:
        ``accuracy``, ``macro_f1`` (mean over the labels that occur), ``recall`` by label, ``ece``
        (expected calibration error over ten bins), ``texts_per_s`` on one core (by
        processor time, building the pipeline not counted), and ``by_source``: the same for each
        source, with its ``count``.
    """
    for language in {case.language for case in cases}:
        _pipeline(language)
    started = time.process_time()
    predictions = predict(cases, task=task)
    elapsed = time.process_time() - started
    pairs = list(zip(cases, predictions, strict=True))
    by_source: dict[str, list[tuple[Case, Prediction]]] = defaultdict(list)
    for pair in pairs:
        by_source[pair[0].source].append(pair)
    return {
        **_scores(pairs, task),
        "texts_per_s": round(len(cases) / elapsed, 1) if elapsed else 0.0,
        "by_source": {source: _scores(found, task) for source, found in sorted(by_source.items())},
    }


def evaluate_file(path: Path, *, task: Task) -> dict[str, Any]:
    """Read a file of labelled texts and return its scores, see ``evaluate``."""
    return evaluate(read_cases(path, task=task), task=task)


def _scores(pairs: Sequence[tuple[Case, Prediction]], task: Task) -> dict[str, Any]:
    gold = Counter(case.label for case, _ in pairs)
    right = Counter(case.label for case, said in pairs if case.label == said.label)
    labels = [label for label in LABELS[task] if gold[label]]
    f1 = macro_f1([case.label for case, _ in pairs], [said.label for _, said in pairs])
    return {
        "count": len(pairs),
        "accuracy": round(right.total() / len(pairs), 4),
        "macro_f1": round(f1, 4),
        "recall": {label: round(right[label] / gold[label], 4) for label in labels},
        "ece": round(calibration_error((p.confidence, c.label == p.label) for c, p in pairs), 4),
    }


def macro_f1(labels: Sequence[str], said: Sequence[str]) -> float:
    """Return the mean F1 over the labels that occur, 0 .. 1."""
    gold, found = Counter(labels), Counter(said)
    right = Counter(a for a, b in zip(labels, said, strict=True) if a == b)
    return sum(2 * right[one] / (gold[one] + found[one]) for one in gold) / max(1, len(gold))


def calibration_error(outcomes: Iterable[tuple[float, bool]]) -> float:
    """Return the expected calibration error of ``(confidence, was it right)`` pairs, 0 .. 1.

    Source:
        Guo et al. (2017), "On Calibration of Modern Neural Networks", with ten equal bins.

    >>> calibration_error([(0.75, True), (0.75, False)])
    0.25
    """
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, is_right in outcomes:
        bins[min(int(confidence * BIN_COUNT), BIN_COUNT - 1)].append((confidence, is_right))
    count = sum(map(len, bins.values()))
    gaps = (
        abs(sum(confidence for confidence, _ in found) - sum(is_right for _, is_right in found))
        for found in bins.values()
    )
    return sum(gaps) / count if count else 0.0
