"""The gold files: enough cases, of every phenomenon, none twice, none learnt from."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from listening.text import FOLDED_WORD, fold
from sentiment.training.cases import read_sentences

EVALUATION = Path(str(files("sentiment") / "evaluation"))
#: Share of words, and of pairs of words, from which two texts count as the same case.
SAME = 0.6
#: What a careful reader tells apart; each must have cases in each language.
PHENOMENA = {
    *("double_negation", "litotes", "irony", "comparison", "two_brands", "contrast", "conditional"),
    *("reported_speech", "question", "rhetorical_question", "spam", "all_caps", "elongation"),
    *("emoji", "code_mixing", "web_spelling", "bystander", "negation", "intensity", "irrealis"),
    *("insult", "complaint", "recommendation", "purchase_intent", "neutral_press", "risk"),
}

#: Files of cases that training reads.
CASES = {"fr": ("fr", "fr_stories"), "en": ("en", "en_customers")}

Row = dict[str, Any]


@cache
def gold(language: str) -> tuple[Row, ...]:
    """Return the cases of a language, of all its files."""
    paths = sorted(EVALUATION.glob(f"*_{language}.jsonl"))
    lines = (line for path in paths for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(map(json.loads, lines))


@pytest.mark.parametrize(("language", "count"), [("fr", 400), ("en", 200)])
def test_there_are_enough_cases_and_every_phenomenon_has_some(language: str, count: int) -> None:
    by_phenomenon = Counter(row["source"] for row in gold(language))

    assert by_phenomenon.total() >= count
    assert by_phenomenon.keys() >= PHENOMENA
    assert min(by_phenomenon[one] for one in PHENOMENA) >= 5


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_label_and_every_register_has_its_share(language: str) -> None:
    labels = Counter(row["label"] for row in gold(language))
    registers = Counter(row["register"] for row in gold(language) if "register" in row)

    assert min(labels[one] / labels.total() for one in ("neg", "neu", "pos")) > 0.2
    assert set(registers) == {"press", "forum", "review", "tweet"}
    assert min(registers.values()) >= 0.1 * registers.total()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_case_marks_its_target(language: str) -> None:
    for row in gold(language):
        assert row["text"][row["start"] : row["end"]] == row["target"]
        assert row["lang"] == language


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_cases_are_nearly_the_same(language: str) -> None:
    texts = list(dict.fromkeys(masked(row) for row in gold(language)))  # two targets, one text
    near = list(near_duplicates([shingles(one) for one in texts]))

    assert [(texts[a], texts[b]) for a, b in near] == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_case_is_one_that_training_writes(language: str) -> None:
    sentences = read_sentences(*CASES[language])
    written = [shingles(re.sub(r"{[XABC]}", "x", one.text)) for one in sentences]
    cases = [shingles(masked(row)) for row in gold(language) if "register" in row]

    near = [(a, b) for a, b in near_duplicates([*cases, *written]) if a < len(cases) <= b]

    assert near == []


def masked(row: Row) -> str:
    """Return the text with a letter where any brand of the files stands."""
    text: str = row["text"]
    for name in names(row["lang"]):
        text = text.replace(name, "x")
    return text


@cache
def names(language: str) -> tuple[str, ...]:
    """Return the targets of a language, the longest first."""
    return tuple(
        sorted({row["target"] for row in gold(language)}, key=lambda one: (-len(one), one))
    )


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Return the words of a text and its pairs of words."""
    words = FOLDED_WORD.findall(fold(text).text)
    return frozenset([*((word,) for word in words), *pairwise(words)])


def near_duplicates(items: list[frozenset[tuple[str, ...]]]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of items that share most of what they have."""
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        for shingle in item:
            holders[shingle].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for shingle, numbers in holders.items():
        if len(shingle) > 1:  # a pair of words at least; single ones are everywhere
            shared.update(combinations(numbers, 2))
    for a, b in shared:
        if len(items[a] & items[b]) >= SAME * len(items[a] | items[b]):
            yield a, b
