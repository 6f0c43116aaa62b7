"""Finds what is judged and how hard: opinion words with negation, degree, doubt and irony applied.

An opinion knows nothing of brands yet; ``sentiment.components.targets`` gives it to one.
"""

import re
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc

from sentiment.components.clauses import Opinion, Sentence, clauses_with_names, cut_sentence
from sentiment.lexicon import IS_LONG, JUDGES, Lexicon, load_lexicon
from sentiment.words import Words, shortened

#: Tokens after a negator that it can still turn: « pas vraiment très bien placé ».
NEGATION_REACH: Final = 4
#: Tokens between « ne » and « pas »: « ne l'a vraiment pas ».
OPENER_REACH: Final = 6
#: Negated praise is blame, a little weaker; negated blame is mild praise (litotes).
NEGATED_PRAISE: Final = -0.8
NEGATED_BLAME: Final = -0.5
#: Degree words do not strengthen what is negated: « pas très bon » is milder than « pas bon ».
NEGATED_SCALE: Final = 0.85
#: Share of capitals among the letters from which capitals stress nothing.
SHOUTED_SHARE: Final = 0.5
EMPHASIS: Final = 1.25  # capitals, elongation
EXCLAIMED: Final = 1.1
ASKED: Final = 0.2  # in a question
PRESUPPOSED: Final = 0.7  # in one that takes it for granted: "why is X so slow?"
SUPPOSED: Final = 0.5  # under a condition
QUOTED: Final = 0.7  # inside quotation marks
CONCEDED: Final = 0.5  # after « malgré », "despite"


_CAPITALS: Final = re.compile(r"[^\W\d_]{3,}\Z")


@dataclass(frozen=True, slots=True)
class _Place:
    """An opinion word as the lexicon has it; places are content positions of its sentence."""

    first: int
    last: int  # half-open
    weight: float
    is_long: bool = False  # elongated: « nuuul »


class OpinionFinder:
    """Component: reads ``doc.user_data["words"]``, sets ``doc.user_data["sentences"]``."""

    def __init__(self, name: str, *, language: str) -> None:
        """Load the lexicon of ``language``; ``other`` has none and finds nothing."""
        self.name = name
        self._lexicon = load_lexicon(language) if language in {"fr", "en"} else None

    def __call__(self, doc: Doc) -> Doc:
        """Find the opinions of every sentence of a document that names a brand."""
        words: Words = doc.user_data["words"]
        sentences: list[Sentence] = []
        if self._lexicon is not None and doc.user_data.get("hits"):
            is_shouted = _is_shouted(words.text)
            masked = set() if doc.user_data.get("is_whole") else _tokens_of(words, doc)
            for begin, end in words.sentences:
                sentence = cut_sentence(words, begin, end, self._lexicon, masked=masked)
                _find_opinions(sentence, words, self._lexicon, is_shouted=is_shouted)
                sentences.append(sentence)
        doc.user_data["sentences"] = sentences
        return doc


def _tokens_of(words: Words, doc: Doc) -> set[int]:
    """Return the tokens of all brand names: « Pain Perdu » has lost nothing."""
    return {
        token
        for hit in doc.user_data["hits"]
        for token in range(*words.token_range(hit.start, hit.end))
    }


def _is_shouted(text: str) -> bool:
    """Return whether capitals are the writer's habit, so that they stress nothing."""
    sample = text[:2000]
    letter_count = sum(map(str.isalpha, sample))
    return sum(map(str.isupper, sample)) > SHOUTED_SHARE * letter_count


def _find_opinions(sentence: Sentence, words: Words, lexicon: Lexicon, *, is_shouted: bool) -> None:
    """Fill ``sentence.opinions``."""
    found = _opinion_places(sentence, lexicon)
    if not found:
        return
    if not is_shouted:
        sentence.names = clauses_with_names(sentence, words)
    negated = _negated_positions(sentence, found)
    scales = _Scales(sentence, found, words, is_shouted=is_shouted)
    for place in found:
        first = place.first
        weight = place.weight * scales.factor(place, is_negated=negated[first])
        if negated[first]:
            weight *= NEGATED_PRAISE if weight > 0 else NEGATED_BLAME
        sentence.opinions.append(
            Opinion(
                first=first,
                last=place.last,
                weight=weight,
                is_negated=negated[first],
                clause=sentence.clauses[first],
                segment=sentence.segments[first],
            )
        )


def _opinion_places(sentence: Sentence, lexicon: Lexicon) -> list[_Place]:
    """Return where opinion words stand; phrases of weight 0 only hide the words in them."""
    norms, phrases = sentence.norms, lexicon.opinions
    found: list[_Place] = []
    hidden: set[int] | None = None
    reached = 0
    for index, role in enumerate(sentence.roles):
        if not role & (JUDGES | IS_LONG) or index < reached:
            continue
        if role & JUDGES:
            if hit := phrases.longest_at(norms, index):
                reached = index + hit[0]
                hidden = _hidden(sentence) if hidden is None else hidden
                if hit[1] and (index not in hidden or hit[0] > 1):
                    found.append(_Place(index, reached, hit[1]))
            continue
        for form in shortened(norms[index]) or ():
            if (hit := phrases.longest_at([form], 0)) and hit[1]:
                found.append(_Place(index, index + 1, hit[1], is_long=True))
                break
    return found


def _hidden(sentence: Sentence) -> set[int]:
    """Return the positions of words that only look like opinions."""
    return {
        index
        for first, last, modifier in sentence.modifiers
        if "pseudo" in modifier.kinds
        for index in range(first, last)
    }


def _inside_phrases(found: list[_Place]) -> set[int]:
    return {
        i for place in found if place.last - place.first > 1 for i in range(place.first, place.last)
    }


def _negated_positions(sentence: Sentence, found: list[_Place]) -> list[bool]:
    """Mark the positions under a negation; a phrase that negates itself does not negate others."""
    norms, clauses = sentence.norms, sentence.clauses
    negated = [False] * (len(norms) + 1)
    inside = _inside_phrases(found)
    openers = [
        first
        for first, _, modifier in sentence.modifiers
        if "opener" in modifier.kinds and first not in inside
    ]
    for first, last, modifier in sentence.modifiers:
        kinds = modifier.kinds
        if first in inside:
            continue
        opener = _opener_before(openers, first, clauses) if "closer" in kinds else None
        is_subject = "closer" in kinds and last < len(norms) and norms[last] in {"ne", "n'"}
        if not ("negator" in kinds or opener is not None or is_subject):
            continue
        start = first if opener is None else opener
        for index in range(start, min(last + NEGATION_REACH, len(norms))):
            if clauses[index] != clauses[first]:
                if index > first:
                    break
                continue
            negated[index] = True
    return negated


def _opener_before(openers: list[int], closer: int, clauses: list[int]) -> int | None:
    for opener in reversed(openers):
        if 0 < closer - opener <= OPENER_REACH and clauses[opener] == clauses[closer]:
            return opener
    return None


class _Scales:
    """What strengthens or weakens the opinions of one sentence."""

    def __init__(
        self,
        sentence: Sentence,
        found: list[_Place],
        words: Words,
        *,
        is_shouted: bool,
    ) -> None:
        self._sentence = sentence
        self._words = words
        self._is_shouted = is_shouted
        self._degrees = {
            last - 1: modifier.factor
            for _, last, modifier in sentence.modifiers
            if "scale" in modifier.kinds
        }
        self._taken = _inside_phrases(found)
        self._exclaimed = any("!" in norm for norm in sentence.norms[-2:])
        self._supposed = self._first_of_clause("conditional")
        self._conceded = self._first_of_clause("concession")
        self._presupposed = min(self._first_of_clause("presupposing").values(), default=None)
        self._quoted = _quoted_positions(sentence.norms)

    def _first_of_clause(self, kind: str) -> dict[int, int]:
        """Return, for each clause, the first position of a modifier of this kind."""
        clauses = self._sentence.clauses
        first_of: dict[int, int] = {}
        for first, _, modifier in self._sentence.modifiers:
            clause = clauses[first]
            # « si bon » is a degree, « si c'est bon » a condition: that one opens its clause.
            is_degree = "scale" in modifier.kinds and first and clauses[first - 1] == clause
            if kind in modifier.kinds and not is_degree:
                first_of.setdefault(clause, first)
        return first_of

    def factor(self, place: _Place, *, is_negated: bool) -> float:
        """Return the product of all that changes the opinion's strength, never its sign."""
        sentence, factor, first = self._sentence, 1.0, place.first
        for index in range(first - 1, max(first - 4, -1), -1):
            degree = self._degrees.get(index)
            if degree is not None and index not in self._taken:
                factor *= NEGATED_SCALE if is_negated and degree > 1 else degree
            elif index < first - 1:
                break
        if place.is_long or self._is_stressed(first, place.last):
            factor *= EMPHASIS
        if self._exclaimed:
            factor *= EXCLAIMED
        if sentence.is_question:
            taken = self._presupposed is not None and self._presupposed <= first
            factor *= PRESUPPOSED if taken else ASKED
        clause = sentence.clauses[first]
        if self._supposed.get(clause, first) < first:
            factor *= SUPPOSED
        if self._conceded.get(clause, first) < first:
            factor *= CONCEDED
        return factor * QUOTED if first in self._quoted else factor

    def _is_stressed(self, first: int, last: int) -> bool:
        if self._is_shouted:
            return False
        tokens = self._sentence.tokens
        written = self._words.written(tokens[first], tokens[last - 1] + 1)
        return _CAPITALS.match(written) is not None and written.isupper()


def _quoted_positions(norms: list[str]) -> set[int]:
    """Return the positions between pairs of double quotation marks."""
    if '"' not in norms:
        return set()
    marks = [index for index, norm in enumerate(norms) if norm == '"']
    return {
        index
        for opening, closing in zip(marks[::2], marks[1::2], strict=False)
        for index in range(opening + 1, closing)
    }
