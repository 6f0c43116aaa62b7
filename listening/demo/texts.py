"""The hand-written texts, read from ``texts/*.yaml``, and how their slots are filled."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from listening.demo.world import HEART, HEN, OWN_BRAND
from listening.model import Polarity

#: Short words of the files for a brand; ``rival`` is one of the competitors, drawn per use.
RIVAL_SLOT = "rival"
BRAND_SLOTS = MappingProxyType({"own": OWN_BRAND, "hen": HEN, "heart": HEART})

#: Files whose texts are drawn every day; the others belong to one event each.
DAILY_FILES = (
    "own_positive",
    "own_negative",
    "own_neutral",
    "rivals",
    "compare",
    "english",
    "homonyms",
    "sector",
    "hortense",
)

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseText:
    """One text as written by hand, with its truth."""

    text_id: str
    topic: str  # name of its file
    kinds: tuple[str, ...]  # of the sources that may publish it
    title: str
    text: str
    language: str = "fr"  # fr, en, mixed
    truth: Mapping[str, Polarity]  # by slot: own, rival, hen, heart
    flags: frozenset[str] = frozenset()
    scenario: str | None = None  # of a bad evening: a, b, or * for both


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What is put into and around the texts."""

    slots: Mapping[str, Sequence[str]]
    spellings: Mapping[str, Mapping[str, Sequence[str]]]  # brand → press | casual → spellings
    openings: Mapping[tuple[str, str], Sequence[str]]  # (language, kind of source)
    closings: Mapping[tuple[str, str], Sequence[str]]
    handles: tuple[str, ...]  # what people call themselves on forums
    bylines: tuple[str, ...]  # of the press


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """How one source carries the press release."""

    source_id: str
    title: str
    text: str


@cache
def base_texts(topic: str) -> tuple[BaseText, ...]:
    """Return the texts of one file, in its order."""
    return tuple(_to_text(topic, entry) for entry in _load(topic))


@cache
def daily_texts() -> tuple[BaseText, ...]:
    """Return the texts of ordinary days."""
    return tuple(text for topic in DAILY_FILES for text in base_texts(topic))


@cache
def parts() -> Parts:
    """Return slots, spellings, openings, closings and names."""
    data = _load("parts")
    authors = data["authors"]
    return Parts(
        slots=data["slots"],
        spellings={OWN_BRAND: data["own"]} | data["rivals"],
        openings=_by_language(data["openings"], data["openings_en"]),
        closings=_by_language(data["closings"], data["closings_en"]),
        handles=tuple(first + last for last in authors["last"] for first in authors["first"]),
        bylines=tuple(authors["press"]),
    )


@cache
def release_carriers() -> tuple[Carrier, ...]:
    """Return the press release as each source prints it: whole, cut, or introduced."""
    data = _load("release")
    return tuple(
        Carrier(
            source_id=entry["source"],
            title=entry.get("title", data["title"]),
            text="\n\n".join(_carried_paragraphs(entry, data["paragraphs"])),
        )
        for entry in data["carried"]
    )


def fill(text: str, choose: Callable[[str], str]) -> str:
    """Fill the slots of a text; ``{Plat}`` is ``{plat}`` with a capital.

    >>> fill("{Plat}, encore {plat} ?", lambda slot: f"le {slot}")
    'Le plat, encore le plat ?'
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        chosen = choose(name.lower())
        return chosen[:1].upper() + chosen[1:] if name[0].isupper() else chosen

    return _SLOT.sub(value, text)


def _load(name: str) -> Any:
    path = files("listening.demo") / "texts" / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _to_text(topic: str, entry: Mapping[str, Any]) -> BaseText:
    slots = (*BRAND_SLOTS, RIVAL_SLOT)
    return BaseText(
        text_id=entry["id"],
        topic=topic,
        kinds=tuple(entry["in"]),
        title=entry["title"],
        text=entry["text"],
        language=entry.get("language", "fr"),
        truth={slot: Polarity(entry[slot]) for slot in slots if slot in entry},
        flags=frozenset(entry.get("flags", ())),
        scenario=entry.get("scenario"),
    )


def _by_language(
    french: Mapping[str, Sequence[str]], english: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], Sequence[str]]:
    return {("fr", kind): lines for kind, lines in french.items()} | {
        ("en", kind): lines for kind, lines in english.items()
    }


def _carried_paragraphs(entry: Mapping[str, Any], paragraphs: Sequence[str]) -> list[str]:
    kept = [paragraphs[index] for index in entry["paragraphs"]]
    kept[-1] += entry.get("ending", "")
    return [entry["opening"], *kept] if "opening" in entry else kept
