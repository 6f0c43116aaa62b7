"""Texts of our own for training: hand-written utterances, put together by a small grammar.

The files under ``cases/`` hold clauses, whole texts and comparisons with a place for a brand; here
invented brands are filled in and clauses are joined. They teach what public sets lack: a brand that
only stands by, two brands of opposite fortune in one sentence, plain news, mocking praise.
"""

import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

LABELS: Final = ("neg", "neu", "pos")
#: Invented; none is known to be a firm.
BRANDS: Final = (
    "Novatel", "Kivoo", "Zéphyra", "Bankéo", "Maravelle", "Lumoza", "Tortelin", "Verdalys",
    "Oktavo", "Brisalia", "Quartel", "Fjordel", "Pimprelle", "Solvanto", "Ramequin", "Dactylo",
    "Arvonne", "Celestix", "Boréva", "Mistralo",
)  # fmt: skip
_JOINTS: Final = {
    "fr": {
        "contrast": (
            ", mais ", " mais ", " alors que ", ", par contre ", ". Par contre ", ", tandis que ",
            " ; ", ". ", ", en revanche ", ". En revanche ", ", pourtant ", "... mais ",
            ", sauf que ", ". Heureusement, ", ", à l'inverse ",
        ),
        "same": (" et ", ", ", ". ", " ! ", ", et en plus ", ". De plus, "),
    },
    "en": {
        "contrast": (
            ", but ", " but ", " while ", ". However, ", ", whereas ", " although ", "; ", ". ",
            ", yet ", "... but ", ". On the other hand, ",
        ),
        "same": (" and ", ", ", ". ", "! ", ", plus ", ". Also, "),
    },
}  # fmt: skip
#: Kinds whose brands are named A, B, C.
_LETTERED: Final = frozenset({"pair", "review", "notice", "story"})
_ENDINGS: Final = ("", "", "", ".", ".", "!", " !", "!!", "...", " :)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of a file: a kind, the labels of its brands, the text with their places."""

    kind: str
    labels: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class TargetCase:
    """A text and what it says of ``text[start:end]``."""

    text: str
    start: int
    end: int
    label: str


def read_sentences(*names: str) -> list[Sentence]:
    """Read files under ``cases/``, one after the other: ``fr``, ``fr_stories``, ``en_customers``.

    Raises:
        ValueError: A line has an unknown label or lacks a brand's place.
    """
    return [sentence for name in names for sentence in _read(name)]


def _read(name: str) -> list[Sentence]:
    text = (files("sentiment.training") / "cases" / f"{name}.tsv").read_text(encoding="utf-8")
    sentences = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#"):
            continue
        kind, labels, words = line.split("\t")
        sentence = Sentence(kind, tuple(labels.split()), words)
        places = [f"{{{key}}}" for key in _keys(sentence)]
        if not set(sentence.labels) <= set(LABELS) or any(words.count(p) < 1 for p in places):
            raise ValueError(f"cases/{name}.tsv:{number}: {line!r}")
        sentences.append(sentence)
    return sentences


def _keys(sentence: Sentence) -> Sequence[str]:
    """Return the names of the brands' places in a sentence, one a label."""
    if sentence.kind == "remark":
        return ()
    return "ABC"[: len(sentence.labels)] if sentence.kind in _LETTERED else ("X",)


def _filled(parts: list[tuple[str, str]], brands: dict[str, str]) -> tuple[str, dict[str, int]]:
    """Put brands into texts laid end to end; return the first place of each."""
    places: dict[str, int] = {}
    text = ""
    for words, key in parts:
        for piece in _pieces(words):
            name = key or piece
            if piece in {"X", "A", "B", "C"}:
                name = key if piece == "X" else piece
                places.setdefault(name, len(text))
                text += brands[name]
            else:
                text += piece
    return text, places


def _pieces(words: str) -> list[str]:
    return [piece for piece in words.replace("{", "\0").replace("}", "\0").split("\0") if piece]


def _roughened(text: str, rng: random.Random) -> str:
    """Write as people do: lower case, capitals, no accents; lengths stay the same."""
    roll = rng.random()
    if roll < 0.25:  # noqa: PLR2004
        return text.lower() if len(text.lower()) == len(text) else text
    if roll < 0.32:  # noqa: PLR2004
        return text.upper() if len(text.upper()) == len(text) else text
    if roll < 0.45:  # noqa: PLR2004
        plain = unicodedata.normalize("NFKD", text)
        plain = "".join(c for c in plain if not unicodedata.combining(c))
        return plain if len(plain) == len(text) else text
    return text


def target_cases(language: str, *more: str, seed: int, rounds: int = 3) -> Iterator[TargetCase]:
    """Yield cases with a target, the same for the same seed.

    Args:
        language: ``fr`` or ``en``.
        more: Files to read beside that language's own.
        seed: Chooses brands, joints and roughness.
        rounds: How often each sentence of the file is used on its own; joined texts grow with it.
    """
    rng = random.Random(seed)  # noqa: S311
    sentences = read_sentences(language, *more)
    clauses = [one for one in sentences if one.kind == "clause"]
    asides = [one for one in sentences if one.kind == "aside"]
    remarks = [one for one in sentences if one.kind == "remark"]
    for _ in range(rounds):
        for one in sentences:
            if one.kind in {"aside", "remark"}:
                continue
            keys = _keys(one)
            ending = rng.choice(_ENDINGS) if one.kind == "clause" else ""
            parts = [(one.text + ending, "X")]
            yield from _cases(parts, dict(zip(keys, one.labels, strict=True)), rng)
        for first in clauses:
            second = rng.choice(clauses)
            kind = "same" if first.labels == second.labels else "contrast"
            joint = rng.choice(_JOINTS[language][kind])
            parts = [(first.text + joint, "A"), (second.text + rng.choice(_ENDINGS), "B")]
            yield from _cases(parts, {"A": first.labels[0], "B": second.labels[0]}, rng)
            aside = rng.choice(asides)
            parts = [(first.text, "A"), (aside.text, "B")]
            yield from _cases(parts, {"A": first.labels[0], "B": "neu"}, rng)
            remark = rng.choice(remarks)  # the last word counts: «le cadre est joli mais …»
            kind = "same" if first.labels == remark.labels else "contrast"
            joint = rng.choice(_JOINTS[language][kind])
            parts = [(first.text + joint + remark.text + rng.choice(_ENDINGS), "A")]
            yield from _cases(parts, {"A": remark.labels[0]}, rng)


def story_cases(name: str, *, seed: int, rounds: int = 3) -> Iterator[TargetCase]:
    """Yield the texts of a file each on its own, with changing brands, the same for the same seed.

    Args:
        name: A file of stories, ``fr_stories``.
        seed: Chooses brands and roughness.
        rounds: How often each text is used.
    """
    rng = random.Random(seed)  # noqa: S311
    for _ in range(rounds):
        for one in read_sentences(name):
            labels = dict(zip(_keys(one), one.labels, strict=True))
            yield from _cases([(one.text, "")], labels, rng)


def _cases(
    parts: list[tuple[str, str]], labels: dict[str, str], rng: random.Random
) -> Iterator[TargetCase]:
    brands = dict(zip(labels, rng.sample(BRANDS, len(labels)), strict=True))
    text, places = _filled(parts, brands)
    text = _roughened(text, rng)
    text = text[:1].upper() + text[1:] if rng.random() < 0.5 else text  # noqa: PLR2004
    for key, label in labels.items():
        start = places[key]
        yield TargetCase(text, start, start + len(brands[key]), label)


def mention_cases(
    language: str, *more: str, seed: int, rounds: int = 3
) -> Iterator[tuple[str, str]]:
    """Yield texts about one brand with their label, for heads that judge whole texts."""
    rng = random.Random(seed)  # noqa: S311
    for _ in range(rounds):
        for one in read_sentences(language, *more):
            if one.kind not in {"clause", "single"}:
                continue
            brand = rng.choice([*BRANDS, "", "@user"])
            ending = rng.choice(_ENDINGS) if one.kind == "clause" else ""
            text, _ = _filled([(one.text + ending, "X")], {"X": brand})
            yield _roughened(text.strip(), rng), one.labels[0]
