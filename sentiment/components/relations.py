"""What a turn of phrase says of one brand in it: « plutôt que X », « je retourne chez X ».

The turns are a table, ``lexicons/relations_fr.tsv``: patterns over the words around one brand, each
of a kind. What a kind is worth is not said here but fitted (``sentiment.components.trained``).
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sentiment.components.clauses import BRAND_NORM, Sentence
from sentiment.components.comparison import Place
from sentiment.components.turns import (
    CAPITAL,
    GRAMMARS,
    KEY,
    OTHER,
    TARGET,
    Grammar,
    Turn,
    turns_by_key,
    turns_of,
)
from sentiment.words import Words

#: Letters of a word that are compared; none of ours is longer.
_LONGEST: Final = 24
#: Tokens before a turn in which a negation takes it away, unless the turn itself has one.
_REACH: Final = 3
#: Kind of a turn that only looks like one of the others: « en plus du fait que X ».
NOTHING: Final = "nothing"
#: Words of a sentence that a « mais » still turns as a whole.
_SHORT: Final = 25
#: First words of contrasts after which the lesser part comes: « sauf », « à part ».
_EXCEPTING: Final = frozenset({"a", "except", "excepte", "hormis", "mis", "seul"})
#: Opinions that sum up to less say nothing clear.
_CLEAR: Final = 0.3


@dataclass(frozen=True, slots=True)
class Relation:
    """What one turn of phrase says of a brand; places are content positions of its sentence."""

    kind: str
    first: int
    last: int  # half-open


@dataclass(frozen=True, slots=True)
class Frame:
    """How a document speaks of one brand; places are characters of its text."""

    relations: tuple[tuple[str, int, int], ...] = ()  # kind, start, end
    is_aside: bool = False  # always « par X », « sur X », « que X »: never what is talked of

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of its relations."""
        return frozenset(kind for kind, _, _ in self.relations)


#: Of a brand that no turn of phrase is about.
NO_FRAME: Final = Frame()


def frames_of(
    words: Words, sentences: Sequence[Sentence], places: Sequence[Sequence[Place]]
) -> dict[str, Frame]:
    """Return the frame of every brand; sentences with their places. Empty for other languages."""
    grammar = GRAMMARS.get(words.language)
    if grammar is None:
        return {}
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    aside: dict[str, bool] = {}
    for sentence, named in zip(sentences, places, strict=True):
        for brand_id in dict.fromkeys(place.brand_id for place in named):
            mine = [place for place in named if place.brand_id == brand_id]
            is_aside = all(_is_aside(sentence, place, grammar) for place in mine)
            aside[brand_id] = aside.get(brand_id, True) and is_aside
            if (relation := relation_of(words, sentence, mine)) is not None:
                begin, end = sentence.tokens[relation.first], sentence.tokens[relation.last - 1]
                found[brand_id].append((relation.kind, *words.span(begin, end + 1)))
    return {one: Frame(tuple(found[one]), is_aside) for one, is_aside in aside.items()}


def _is_aside(sentence: Sentence, place: Place, grammar: Grammar) -> bool:
    return place.first > 0 and sentence.norms[place.first - 1] in grammar.aside


def relation_of(words: Words, sentence: Sentence, places: Sequence[Place]) -> Relation | None:
    """Return what a turn of phrase says of a brand in a sentence; None where there is none.

    Args:
        words: The document's tokens.
        sentence: One sentence with its opinions.
        places: Where it names the brand; at least one.
    """
    turn = _turn_in(words, sentence, places)
    if turn is not None or not GRAMMARS[words.language].has_sides:
        return turn
    aside = all(_is_aside(sentence, place, GRAMMARS[words.language]) for place in places)
    return _contrast_in(sentence, places, aside=aside)


def _turn_in(words: Words, sentence: Sentence, places: Sequence[Place]) -> Relation | None:
    table, grammar = turns_of(words.language), GRAMMARS[words.language]
    keys = {grammar.spelled.get(norm, norm)[:KEY] for norm in sentence.norms}
    turns = turns_by_key(words.language)
    wanted = sorted(
        {
            number
            for key in keys & turns.keys()
            for number in turns[key]
            if not any(map(keys.isdisjoint, table[number].needs))
        }
    )
    if not wanted:
        return None
    text, positions = _skeleton(words, sentence, places)
    for number in wanted:
        if (match := _found(table[number], text, grammar)) is not None:
            if table[number].kind == NOTHING:
                return None
            first = positions[text.count(" ", 0, match.start()) - 1]
            last = positions[text.count(" ", 0, match.end()) - 2] + 1
            return Relation(_resolved(table[number].kind, sentence, places[0]), first, last)
    return None


def _contrast_in(sentence: Sentence, places: Sequence[Place], *, aside: bool) -> Relation | None:
    """Return the side of a brand in « X livre vite, mais Y est lent »: its own, or the opposite.

    Of one brand alone, what follows the last « mais » counts, where the sentence is short.
    """
    if not sentence.segments or not sentence.segments[-1] or not sentence.opinions:
        return None
    place = places[0]
    mine = sentence.segments[place.first]
    taken = {index for one in places for index in range(one.first, one.last)}
    others = {
        sentence.segments[index]
        for index, norm in enumerate(sentence.norms)
        if (norm == BRAND_NORM and index not in taken) or sentence.clauses[index] in sentence.names
    }
    own = sum(one.weight for one in sentence.opinions if one.segment == mine)
    other = sum(one.weight for one in sentence.opinions if one.segment != mine)
    if not others:
        is_short = len(sentence.norms) <= _SHORT
        return None if aside or not is_short else _last_word(sentence)
    if not others - {mine} or mine in others:
        return None
    span = next(
        ((first, last) for first, last, one in sentence.modifiers if "contrast" in one.kinds),
        (place.first, place.last),
    )
    if abs(own) >= _CLEAR:
        return Relation("segment+" if own > 0 else "segment-", *span)
    if abs(other) >= _CLEAR:
        return Relation("turned-" if other > 0 else "turned+", *span)
    return None


def _last_word(sentence: Sentence) -> Relation | None:
    """Return the side of what follows the last « mais » of a sentence about one brand."""
    turns = [
        (first, last)
        for first, last, one in sentence.modifiers
        if "contrast" in one.kinds and sentence.norms[first] not in _EXCEPTING
    ]
    if not turns:
        return None
    after = sum(one.weight for one in sentence.opinions if one.first >= turns[-1][1])
    if abs(after) < _CLEAR:
        return None
    return Relation("last+" if after > 0 else "last-", *turns[-1])


def _found(turn: Turn, text: str, grammar: Grammar) -> re.Match[str] | None:
    for match in turn.pattern.finditer(text):
        before = text[: match.start()].split(" ")[-_REACH - 1 :]
        if turn.is_denying or grammar.before.isdisjoint(before):
            return match
    return None


def _skeleton(words: Words, sentence: Sentence, places: Sequence[Place]) -> tuple[str, list[int]]:
    """Return the sentence as patterns read it, and the position of each of its words."""
    mine = {index for place in places for index in range(place.first, place.last)}
    names = {words.norms[sentence.tokens[place.first]] for place in places if place.is_word}
    spelled = GRAMMARS[words.language].spelled
    parts: list[str] = []
    positions: list[int] = []
    for index, norm in enumerate(sentence.norms):
        if index in mine or norm in names:
            part = TARGET
        elif norm == BRAND_NORM:
            part = OTHER
        else:
            is_name = index and words.is_capital(sentence.tokens[index])
            part = (CAPITAL if is_name else "") + spelled.get(norm, norm[:_LONGEST])
        if parts and part == parts[-1] and part in {TARGET, OTHER}:
            continue
        parts.append(part)
        positions.append(index)
    return f" {' '.join(parts)} ", positions


def _resolved(kind: str, sentence: Sentence, place: Place) -> str:
    """Return the kind with the side it takes: from what is said of the others."""
    side = _SIDES.get(kind)
    if side is None:
        return kind
    clause = sentence.clauses[place.first]
    total = sum(
        one.weight
        for one in sentence.opinions
        if one.first < place.last or one.clause != clause  # « à X que j'adore »
    )
    turned, otherwise = side
    sign = turned * total if abs(total) >= _CLEAR else otherwise
    return f"{kind}{'+' if sign > 0 else '-'}"


#: Kinds that take their side from the rest of the text: the sign they give it, and their side where
#: the rest says nothing.
_SIDES: Final = {
    "contrary": (-1, -1),
    "excepted": (-1, -1),
    "measured": (-1, 1),
    "even": (1, 1),
}
