"""Whether a query is true for a text, which places name the brand, and which SAUF kept it out.

Every step takes time in proportion to the places of the query's words (times a logarithm): PROCHE
looks for the nearest place by bisection and gives back places it was given, never pairs of them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from listening.query.nodes import (
    And,
    AtLeast,
    Author,
    InTitle,
    Lang,
    Literal,
    Near,
    Node,
    Not,
    Or,
    SameSentence,
    Site,
    Type,
    is_naming,
    namer,
)
from sentiment.query.places import Place, Places
from sentiment.query.sentences import sentence_starts


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a query may ask of a document beside its words; empty: unknown, and never true."""

    title_length: int = 0  # characters of the title at the head of the text
    host: str = ""  # of its address, small letters
    author_key: str = ""
    language: str = ""  # fr, en, other
    source_type: str = ""


NO_FACTS: Final = Facts()


class Evaluation:
    """One text with the places of all literals in it, ready to be asked any of the queries."""

    def __init__(
        self, text: str, word_starts: Sequence[int], places: Places, title_words: int, facts: Facts
    ) -> None:
        """Keep what the questions are about.

        Args:
            text: The text whose sentences count.
            word_starts: Where each word begins in it.
            places: The places of each literal, from left to right.
            title_words: So many words, the first ones, stand in the title.
            facts: About the document.
        """
        self._text = text
        self._word_starts = word_starts
        self._places = places
        self._title_words = title_words
        self._facts = facts
        self._sentences: list[int] | None = None
        self._known: dict[tuple[int, bool], list[Place]] = {}

    def is_true(self, node: Node, *, ignoring_not: bool = False) -> bool:
        """Say whether the query is true; ``ignoring_not``: as if nothing stood after SAUF."""
        return self._is_true(node, ignoring_not=ignoring_not, in_title=False)

    def _is_true(self, node: Node, *, ignoring_not: bool, in_title: bool) -> bool:
        if isinstance(node, Not):
            return ignoring_not or not self._is_true(
                node.part, ignoring_not=False, in_title=in_title
            )
        if isinstance(node, And | Or):
            truths = (
                self._is_true(part, ignoring_not=ignoring_not, in_title=in_title)
                for part in node.parts
            )
            return all(truths) if isinstance(node, And) else any(truths)
        if isinstance(node, InTitle):
            return self._is_true(node.part, ignoring_not=ignoring_not, in_title=True)
        if isinstance(node, Site | Author | Lang | Type):
            return self._is_fact(node)
        return bool(self.places(node, in_title=in_title))

    def _is_fact(self, node: Site | Author | Lang | Type) -> bool:
        facts = self._facts
        if isinstance(node, Site):
            return facts.host == node.host or facts.host.endswith(f".{node.host}")
        if isinstance(node, Author):
            return bool(facts.author_key) and facts.author_key == node.name
        if isinstance(node, Lang):
            return facts.language == node.code
        return facts.source_type == node.name

    def places(self, node: Node, *, in_title: bool = False) -> list[Place]:
        """Return the places a part of a query stands at, from left to right."""
        if isinstance(node, Literal):
            found = self._places.get(node, ())
            limit = self._title_words
            return [one for one in found if one.last_word < limit] if in_title else list(found)
        if isinstance(node, InTitle):
            return self.places(node.part, in_title=True)
        key = (id(node), in_title)  # the nodes outlive this evaluation
        if key not in self._known:
            self._known[key] = self._combined(node, in_title=in_title)
        return self._known[key]

    def _combined(self, node: Node, *, in_title: bool) -> list[Place]:
        if isinstance(node, Or):
            return _in_order(
                place for part in node.parts for place in self.places(part, in_title=in_title)
            )
        if isinstance(node, AtLeast):
            found = self.places(node.part, in_title=in_title)
            return found if _separate_count(found) >= node.count else []
        if isinstance(node, Near | SameSentence):
            left, right = self._pair(node, in_title=in_title)
            return _in_order([*left, *right])
        return []

    def _pair(
        self, node: Near | SameSentence, *, in_title: bool
    ) -> tuple[list[Place], list[Place]]:
        """Return the places on both sides that have one of the other side with them."""
        left = self.places(node.left, in_title=in_title)
        right = self.places(node.right, in_title=in_title) if left else []
        if not right:
            return [], []
        if isinstance(node, Near):
            return (
                _close(left, right, node.distance, after=True, before=not node.is_ordered),
                _close(right, left, node.distance, after=not node.is_ordered, before=True),
            )
        lefts, rights = self._in_sentences(left), self._in_sentences(right)
        both = {s for s, places in lefts.items() if _are_apart(places, rights.get(s, ()))}
        return (
            [place for s in both for place in lefts[s]],
            [place for s in both for place in rights[s]],
        )

    def _in_sentences(self, places: Iterable[Place]) -> dict[int, list[Place]]:
        if self._sentences is None:
            self._sentences = sentence_starts(self._text)
        found: dict[int, list[Place]] = {}
        for place in places:
            start = self._word_starts[place.first_word]
            found.setdefault(bisect_right(self._sentences, start), []).append(place)
        return found

    def names(self, node: Node, *, in_title: bool = False) -> list[Place]:
        """Return the places that name the brand, of a query that is true.

        Of several conditions, and of two things near each other, the first names it.
        """
        if isinstance(node, And):
            return self.names(namer(node), in_title=in_title)
        if isinstance(node, Or):
            parts = [part for part in node.parts if is_naming(part)]
            return _in_order(
                place
                for part in parts
                if self._is_true(part, ignoring_not=False, in_title=in_title)
                for place in self.names(part, in_title=in_title)
            )
        if isinstance(node, Near | SameSentence):
            pair = {one[:2] for one in self._pair(node, in_title=in_title)[0]}
            return [one for one in self.names(node.left, in_title=in_title) if one[:2] in pair]
        if isinstance(node, InTitle):
            return self.names(node.part, in_title=True)
        if isinstance(node, AtLeast):
            return self.names(node.part, in_title=in_title)
        return self.places(node, in_title=in_title)

    def blocking(self, node: Node, *, in_title: bool = False) -> list[Not]:
        """Return the SAUF that make a query false that would be true without them."""
        if isinstance(node, Not):
            is_false = self._is_true(node.part, ignoring_not=False, in_title=in_title)
            return [node] if is_false else []
        if isinstance(node, And | Or):
            parts: tuple[Node, ...] = node.parts
            if isinstance(node, Or):
                parts = tuple(
                    part
                    for part in parts
                    if self._is_true(part, ignoring_not=True, in_title=in_title)
                )
            return [one for part in parts for one in self.blocking(part, in_title=in_title)]
        if isinstance(node, InTitle):
            return self.blocking(node.part, in_title=True)
        return []


def _in_order(places: Iterable[Place]) -> list[Place]:
    """Return each place once, from left to right."""
    kept: list[Place] = []
    for place in sorted(places, key=_rank):
        if not kept or place != kept[-1]:
            kept.append(place)
    return kept


def _rank(place: Place) -> tuple[int, int, str]:
    return place.first_word, place.last_word, place.literal.text


def _separate_count(places: Sequence[Place]) -> int:
    """Return how many places there are that do not overlap, as many as possible."""
    count, reach = 0, -1
    for place in sorted(places, key=lambda one: one.last_word):
        if place.first_word > reach:
            count, reach = count + 1, place.last_word
    return count


def _are_apart(left: Sequence[Place], right: Sequence[Place]) -> bool:
    """Say whether one place of each side exists that do not overlap."""
    if not left or not right:
        return False
    return min(one.last_word for one in left) < max(one.first_word for one in right) or min(
        one.last_word for one in right
    ) < max(one.first_word for one in left)


def _close(
    places: Sequence[Place], others: Sequence[Place], distance: int, *, after: bool, before: bool
) -> list[Place]:
    """Return the places with one of the others at most ``distance`` words after or before."""
    firsts = sorted(one.first_word for one in others) if after else []
    lasts = sorted(one.last_word for one in others) if before else []
    return [
        place
        for place in places
        if _has_between(firsts, place.last_word + 1, place.last_word + 1 + distance)
        or _has_between(lasts, place.first_word - 1 - distance, place.first_word - 1)
    ]


def _has_between(values: Sequence[int], low: int, high: int) -> bool:
    at = bisect_left(values, low)
    return at < len(values) and values[at] <= high
