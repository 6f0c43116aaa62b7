"""Comparisons: what « plutôt que X », « moins cher que X », "switched from X" say of X."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sentiment.components.clauses import Sentence
from sentiment.components.opinions import ASKED

#: Praise or blame of a comparison itself: « plutôt que X », "switched from X".
COMPARED: Final = 1.8
#: Tokens allowed between a comparing word and the brand: « plutôt que d'aller chez X ».
COMPARISON_GAP: Final = 3
#: The only words that may stand in that gap.
_LINKS: Final = frozenset(
    {
        "a",
        "aller",
        "an",
        "at",
        "au",
        "aux",
        "ce",
        "celle",
        "celui",
        "cette",
        "ceux",
        "chez",
        "d'",
        "de",
        "des",
        "du",
        "faire",
        "from",
        "going",
        "l'",
        "la",
        "le",
        "les",
        "ma",
        "mes",
        "mon",
        "my",
        "notre",
        "of",
        "our",
        "passer",
        "qu'",
        "que",
        "that",
        "the",
        "their",
        "those",
        "to",
        "un",
        "une",
        "with",
    }
)
#: Tokens between "left" and "for X", those of the brand that was left.
DEPARTURE_REACH: Final = 4
_FOR: Final = frozenset({"for", "pour"})
#: Tokens before « que X » in which « plus », « moins », "more" are looked for.
DEGREE_REACH: Final = 7
_THAN: Final = frozenset({"que", "qu'", "than"})
_MORE: Final = frozenset(
    {
        "better",
        "less",
        "meilleur",
        "meilleure",
        "meilleures",
        "meilleurs",
        "mieux",
        "moins",
        "more",
        "pire",
        "pires",
        "plus",
        "rather",
        "superieur",
        "superieure",
        "superieurs",
        "worse",
    }
)
_AS: Final = frozenset({"aussi", "autant", "as"})
_RULES: Final = {"comparative": -1.0, "inferior": 1.0, "departure": -1.0, "arrival": 1.0}


@dataclass(frozen=True, slots=True)
class Place:
    """One hit in the content positions of one sentence."""

    brand_id: str
    first: int
    last: int  # half-open

    @property
    def is_word(self) -> bool:
        """Whether the brand is one word here."""
        return self.last == self.first + 1


def compared(
    sentence: Sentence, place: Place, used: dict[int, str]
) -> Iterator[tuple[str, float, tuple[int, int]]]:
    """Yield what a comparison says of the brand that stands behind it; note the opinions used."""
    than = _than_before(sentence, place)
    if than is not None and (items := list(_compared_by_degree(sentence, place, than, used))):
        yield from items
        return
    for first, last, modifier in sentence.modifiers:
        sign = next((_RULES[kind] for kind in _RULES if kind in modifier.kinds), 0.0)
        if not sign or not _is_linked(sentence, last, place):
            continue
        doubt = ASKED if sentence.is_question else 1.0
        inside = [one for one in sentence.opinions if first <= one.first < last]
        if not inside:
            yield place.brand_id, sign * COMPARED * doubt, (first, last)
        elif not modifier.kinds.isdisjoint({"comparative", "inferior"}):
            for opinion in inside:  # « supérieur à X » praises the other one
                used[opinion.first] = place.brand_id
                yield place.brand_id, -0.9 * opinion.weight, (opinion.first, opinion.last)
        return
    if _is_new_home(sentence, place):
        yield place.brand_id, COMPARED, (place.first - 1, place.first)
        return
    yield from _less_preferred(sentence, place, used)


def _is_new_home(sentence: Sentence, place: Place) -> bool:
    """Return whether somebody else was left for the brand: "I left Y for X"."""
    here = place.first - 1
    if here < 1 or sentence.norms[here] not in _FOR:
        return False
    return any(
        "departure" in modifier.kinds and 0 < here - last <= DEPARTURE_REACH
        for _, last, modifier in sentence.modifiers
    )


def _less_preferred(
    sentence: Sentence, place: Place, used: dict[int, str]
) -> Iterator[tuple[str, float, tuple[int, int]]]:
    """« Je préfère Y à X »: X is the lesser one."""
    before = sentence.norms[: place.first]
    if not before or before[-1] not in {"a", "au", "aux", "to"}:
        return
    for index, norm in enumerate(before[:-1]):
        if norm.startswith("prefer"):
            used[index] = place.brand_id
            yield place.brand_id, -COMPARED, (index, index + 1)
            return


def _than_before(sentence: Sentence, place: Place) -> int | None:
    """Return the position of the « que » that the brand completes, when there is one."""
    for index in range(place.first - 1, max(place.first - COMPARISON_GAP - 2, -1), -1):
        if sentence.norms[index] in _THAN:
            return index
        if sentence.norms[index] not in _LINKS:
            break
    return None


def _compared_by_degree(
    sentence: Sentence, place: Place, than: int, used: dict[int, str]
) -> Iterator[tuple[str, float, tuple[int, int]]]:
    """« plus rapide que X » is the opposite of rapide for X, « aussi rapide que X » the same."""
    start = max(0, than - DEGREE_REACH)
    window = sentence.norms[start:than]
    is_english = sentence.norms[than] == "than"
    is_same = any(word in _AS for word in window)
    if not is_same and not any(
        word in _MORE or (is_english and word.endswith("er")) for word in window
    ):
        return
    for opinion in sentence.opinions:
        if start <= opinion.first < than and opinion.clause == sentence.clauses[than]:
            used[opinion.first] = place.brand_id
            share = 0.6 if is_same else -0.9
            yield place.brand_id, opinion.weight * share, (opinion.first, opinion.last)


def follows(sentence: Sentence, place: Place, kind: str) -> bool:
    """Return whether a modifier of this kind stands right before the brand."""
    return any(
        kind in modifier.kinds and _is_linked(sentence, last, place)
        for _, last, modifier in sentence.modifiers
    )


def _is_linked(sentence: Sentence, last: int, place: Place) -> bool:
    """Return whether only small words stand between position ``last`` and the brand."""
    gap = sentence.norms[last : place.first] if last <= place.first else ["far"]
    return len(gap) <= COMPARISON_GAP and _LINKS.issuperset(gap)
