"""Measuring, and the floors below which the shipped tagger must not fall."""

import gzip
import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from listening.errors import TaggingError
from sentiment.evaluate import (
    LABELS,
    TASKS,
    Case,
    calibration_error,
    evaluate,
    evaluate_file,
    read_cases,
)
from sentiment.training.floors import floors_of

EVALUATION = Path(str(files("sentiment") / "evaluation"))
FLOORS: dict[str, dict[str, Any]] = json.loads((EVALUATION / "floors.json").read_text())


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in FLOORS])
def test_gold_files_are_the_pinned_ones_and_no_score_falls_below_its_floor(name: str) -> None:
    floor, path = FLOORS[name], EVALUATION / name

    scores = evaluate_file(path, task=floor["task"])

    assert hashlib.sha256(path.read_bytes()).hexdigest() == floor["sha256"]
    assert scores["count"] == floor["count"]
    assert scores["accuracy"] >= floor["accuracy"]
    assert scores["macro_f1"] >= floor["macro_f1"]
    low = {
        source: (found["accuracy"], floor["by_source"][source])
        for source, found in scores["by_source"].items()
        if found["accuracy"] < floor["by_source"][source]
    }
    assert low == {}  # phenomenon: what was reached, what must be


def test_floors_stand_one_case_below_the_score_and_never_sink() -> None:
    case = {"count": 10, "accuracy": 0.7, "macro_f1": 0.65}
    scores = case | {"by_source": {"irony": case, "plain": case | {"accuracy": 0.05}}}

    floors = floors_of(scores, {"accuracy": 0.9, "by_source": {"irony": 0.2}})

    assert (floors["accuracy"], floors["macro_f1"]) == (0.9, 0.64)
    assert floors["by_source"] == {"irony": 0.6, "plain": 0.0}


def test_every_gold_case_marks_its_target() -> None:
    for name in FLOORS:
        for line in (EVALUATION / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            assert row["text"][row["start"] : row["end"]] == row["target"]


def test_scores_of_a_small_file_can_be_checked_by_hand(tmp_path: Path) -> None:
    rows = [
        {"text": "C'est excellent", "label": "pos", "lang": "fr", "source": "a"},
        {"text": "C'est horrible", "label": "neg", "lang": "fr", "source": "a"},
        {"text": "Il est midi", "label": "pos", "lang": "fr", "source": "b"},
        {"text": "It is excellent", "label": "pos", "lang": "en", "source": "b"},
    ]
    path = tmp_path / "cases.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))

    scores = evaluate_file(path, task="polarity")

    assert set(scores) >= {"accuracy", "macro_f1", "recall", "ece", "texts_per_s", "by_source"}
    assert scores["accuracy"] == 0.75
    assert scores["recall"] == {"neg": 1.0, "pos": 0.6667}
    assert scores["macro_f1"] == 0.9  # neg 1.0, pos 2·2 ÷ (3 + 2)
    assert scores["by_source"]["b"]["accuracy"] == 0.5


@pytest.mark.parametrize(
    ("task", "text", "label"),
    [
        pytest.param("polarity", "Un régal, merci", "pos", id="polarity"),
        pytest.param("targeted", "Nul, ce Gamin", "neg", id="targeted-without-a-place"),
        pytest.param("insult", "bande de connards", "insult", id="insult"),
        pytest.param("insult", "quel beau temps", "clean", id="clean"),
        pytest.param("irony", "Bravo, deux heures de retard", "ironic", id="ironic"),
        pytest.param("irony", "Bravo pour ce repas", "literal", id="literal"),
    ],
)
def test_every_task_is_measured(task: Any, text: str, label: str) -> None:
    assert evaluate([Case(text, label, "fr")], task=task)["accuracy"] == 1.0


ODD = (
    ("", ""),
    ("a", "a"),
    ("😀👩‍🚀❤️" * 30, "😀"),
    ("https://exemple.example/a?b=c " * 30, "exemple"),
    ("مرحبا Gamin שלום", "Gamin"),
    ("Gamin\x00nul\x00", "Gamin"),
    ("Gamin \ud800 est \udfff", "\udfff"),
    ("Gamin\u200b", "\u200b"),
    ("\u0301", "\u0301"),
    ("Gamin " + "a" * 200_000, "Gamin"),
    ("« " * 2_000 + "Gamin" + " »" * 2_000, "Gamin"),
)


def test_more_than_a_million_characters_are_measured() -> None:
    scores = evaluate([Case("Gamin " + "a" * 1_000_000, "neu", "fr")], task="polarity")

    assert scores["count"] == 1


@pytest.mark.parametrize("language", ["fr", "en", "other"])
@pytest.mark.parametrize("task", TASKS)
def test_odd_texts_are_measured_like_others(tmp_path: Path, task: Any, language: str) -> None:
    label = LABELS[task][1]
    rows = [
        {"text": text, "target": target, "label": label, "lang": language, "source": text[:9]}
        for text, target in ODD
    ]
    path = tmp_path / "odd.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")

    scores = evaluate_file(path, task=task)

    assert sum(found["count"] for found in scores["by_source"].values()) == len(ODD)


def test_a_target_without_a_place_is_looked_for_in_the_text(tmp_path: Path) -> None:
    row = {"text": "A est nul, mais B est parfait", "label": "pos", "target": "B", "lang": "fr"}
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(row))

    assert (read_cases(path, task="targeted")[0].start) == row["text"].index("B")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"not json", id="not-json"),
        pytest.param(b'{"text": "a"}', id="no-label"),
        pytest.param(b'{"text": "a", "label": "happy"}', id="label-of-no-task"),
        pytest.param(b"[1]", id="not-an-object"),
        pytest.param(b"\xff\xfe", id="not-utf-8"),
    ],
)
def test_a_file_that_is_no_gold_file_is_refused_with_its_name(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(content)

    with pytest.raises(TaggingError, match=r"cases\.jsonl"):
        read_cases(path, task=TASKS[0])


def test_a_broken_gzip_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl.gz"
    path.write_bytes(b"no gzip")

    with pytest.raises(TaggingError, match="cannot be read"):
        read_cases(path, task="polarity")


def test_calibration_error_of_nothing_is_zero() -> None:
    assert calibration_error([]) == 0.0
