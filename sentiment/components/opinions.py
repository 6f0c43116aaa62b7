"""Finds what is judged and how hard: opinion words with negation, degree, doubt and irony applied.

An opinion knows nothing of brands yet; ``sentiment.components.targets`` gives it to one.
"""

import re
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc

from sentiment.lexicon import Lexicon, Modifier, load_lexicon
from sentiment.words import Words, is_clause_mark, shortened

#: Tokens after a negator that it can still turn: « pas vraiment très bien placé ».
NEGATION_REACH: Final = 4
#: Tokens between « ne » and « pas »: « ne l'a vraiment pas ».
OPENER_REACH: Final = 6
#: Negated praise is blame, a little weaker; negated blame is mild praise (litotes).
NEGATED_PRAISE: Final = -0.8
NEGATED_BLAME: Final = -0.5
#: Degree words do not strengthen what is negated: « pas très bon » is milder than « pas bon ».
NEGATED_SCALE: Final = 0.85
EMPHASIS: Final = 1.25  # capitals, elongation
EXCLAIMED: Final = 1.1
ASKED: Final = 0.2  # in a question
SUPPOSED: Final = 0.5  # under a condition
QUOTED: Final = 0.7  # inside quotation marks
CONCEDED: Final = 0.5  # after « malgré », "despite"

#: What a brand name's words become before opinions are looked for.
BRAND_NORM: Final = "\x00brand"
#: Letters of a name that is written with a capital.
MIN_NAME: Final = 3

_CAPITALS: Final = re.compile(r"[^\W\d_]{3,}\Z")


@dataclass(frozen=True, slots=True)
class Opinion:
    """One word or phrase that praises or blames; places are content positions of its sentence."""

    first: int
    last: int  # half-open
    weight: float  # signed, all that changes it applied
    is_negated: bool
    clause: int
    segment: int


@dataclass(slots=True)
class Sentence:
    """One sentence without its white space and hyphens, cut into clauses and contrast segments."""

    norms: list[str]
    tokens: list[int]  # index of each content position among the document's tokens
    clauses: list[int]  # clause number of each position
    segments: list[int]  # grows at each contrast word
    modifiers: list[tuple[int, int, Modifier]]
    opinions: list[Opinion]
    names: set[int]  # clauses that name somebody else with a capital
    is_question: bool
    end_token: int

    def position_of(self, token: int) -> int:
        """Return the content position of a token, or of the next one that has any."""
        return max(0, bisect_right(self.tokens, token) - 1)


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
            sentences = [
                read_sentence(
                    words, begin, end, self._lexicon, is_shouted=is_shouted, masked=masked
                )
                for begin, end in words.sentences
            ]
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
    upper_count = sum(map(str.isupper, sample))
    return upper_count > 0.5 * sum(map(str.isalpha, sample))


def read_sentence(
    words: Words,
    begin: int,
    end: int,
    lexicon: Lexicon,
    *,
    is_shouted: bool,
    masked: Collection[int] = (),
) -> Sentence:
    """Return one sentence with its clauses, modifiers and opinions.

    Args:
        words: The document's tokens.
        begin: First token of the sentence.
        end: Token after the last one.
        lexicon: Of the document's language.
        is_shouted: Whether the whole document is in capitals.
        masked: Tokens of brand names, which never praise nor blame.
    """
    every = words.norms
    tokens = [i for i in range(begin, end) if every[i] != "-" and not every[i].isspace()]
    norms = [BRAND_NORM if i in masked else every[i] for i in tokens]
    sentence = Sentence(norms, tokens, [], [], [], [], set(), False, end)
    sentence.is_question = any("?" in norm for norm in norms[-3:])
    sentence.modifiers = _modifiers(norms, lexicon)
    _cut_clauses(sentence, words)
    found = _opinion_places(norms, lexicon, sentence.modifiers)
    if not found:
        return sentence
    if not is_shouted:
        sentence.names = _clauses_with_names(sentence, words, lexicon)
    negated = _negated_positions(sentence, found)
    scales = _Scales(sentence, found, words, is_shouted=is_shouted)
    for first, last, base, is_long in found:
        is_negated = negated[first]
        weight = base * scales.factor(first, last, is_negated=is_negated, is_long=is_long)
        if is_negated:
            weight *= NEGATED_PRAISE if weight > 0 else NEGATED_BLAME
        sentence.opinions.append(
            Opinion(
                first, last, weight, is_negated, sentence.clauses[first], sentence.segments[first]
            )
        )
    return sentence


def _modifiers(norms: list[str], lexicon: Lexicon) -> list[tuple[int, int, Modifier]]:
    found: list[tuple[int, int, Modifier]] = []
    by_first = lexicon.modifiers.by_first
    index = 0
    while index < len(norms):
        if norms[index] in by_first and (hit := lexicon.modifiers.longest_at(norms, index)):
            found.append((index, index + hit[0], hit[1]))
            index += hit[0]
        else:
            index += 1
    return found


def _cut_clauses(sentence: Sentence, words: Words) -> None:
    """Number clauses (commas, colons, contrast words) and segments (contrast words, semicolons)."""
    norms, count = sentence.norms, len(sentence.norms)
    breaks = {first for first, _, modifier in sentence.modifiers if "contrast" in modifier.kinds}
    clause = segment = 0
    for index in range(count):
        if index in breaks:
            clause += 1
            segment += 1
        elif index and (
            is_clause_mark(norms[index - 1]) or _is_dash(words, sentence.tokens, index)
        ):
            clause += 1
            segment += norms[index - 1] == ";"
        sentence.clauses.append(clause)
        sentence.segments.append(segment)


def _clauses_with_names(sentence: Sentence, words: Words, lexicon: Lexicon) -> set[int]:
    """Return the clauses in which a capital inside the sentence names somebody unwatched."""
    return {
        sentence.clauses[index]
        for index in range(1, len(sentence.norms))
        if len(norm := sentence.norms[index]) >= MIN_NAME
        and norm != BRAND_NORM
        and norm not in lexicon.opinions.by_first
        and norm not in lexicon.modifiers.by_first
        and words.is_capital(sentence.tokens[index])
    }


def _is_dash(words: Words, tokens: list[int], index: int) -> bool:
    """Return whether a dash with space around it stands before this position."""
    return (
        tokens[index] - tokens[index - 1] > 2
        and "-"
        in words.norms[  # noqa: PLR2004
            tokens[index - 1] + 1 : tokens[index]
        ]
    )


def _opinion_places(
    norms: list[str], lexicon: Lexicon, modifiers: list[tuple[int, int, Modifier]]
) -> list[tuple[int, int, float, bool]]:
    """Return ``(first, last, base weight, is elongated)``; phrases of weight 0 only hide words."""
    hidden = {
        index
        for first, last, modifier in modifiers
        if "pseudo" in modifier.kinds
        for index in range(first, last)
    }
    phrases, by_first = lexicon.opinions, lexicon.opinions.by_first
    found: list[tuple[int, int, float, bool]] = []
    index = 0
    while index < len(norms):
        norm = norms[index]
        if norm in by_first:
            if hit := phrases.longest_at(norms, index):
                if hit[1] and (index not in hidden or hit[0] > 1):
                    found.append((index, index + hit[0], hit[1], False))
                index += hit[0]
                continue
        elif (forms := shortened(norm)) is not None:
            for form in forms:
                if form in by_first and (hit := phrases.longest_at([form], 0)) and hit[1]:
                    found.append((index, index + 1, hit[1], True))
                    break
        index += 1
    return found


def _negated_positions(sentence: Sentence, found: list[tuple[int, int, float, bool]]) -> list[bool]:
    """Mark the positions under a negation; a phrase that negates itself does not negate others."""
    norms, clauses = sentence.norms, sentence.clauses
    negated = [False] * (len(norms) + 1)
    inside = {i for first, last, _, _ in found if last - first > 1 for i in range(first, last)}
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
        found: list[tuple[int, int, float, bool]],
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
        self._taken = {
            i for first, last, _, _ in found if last - first > 1 for i in range(first, last)
        }
        self._exclaimed = any("!" in norm for norm in sentence.norms[-2:])
        self._supposed = self._first_of_clause("conditional")
        self._conceded = self._first_of_clause("concession")
        self._quoted = _quoted_positions(sentence.norms)

    def _first_of_clause(self, kind: str) -> dict[int, int]:
        """Return, for each clause, the first position of a modifier of this kind."""
        first_of: dict[int, int] = {}
        for first, _, modifier in self._sentence.modifiers:
            if kind in modifier.kinds and "scale" not in modifier.kinds:
                first_of.setdefault(self._sentence.clauses[first], first)
        return first_of

    def factor(self, first: int, last: int, *, is_negated: bool, is_long: bool) -> float:
        """Return the product of all that changes the opinion's strength, never its sign."""
        sentence, factor = self._sentence, 1.0
        for index in range(first - 1, max(first - 4, -1), -1):
            degree = self._degrees.get(index)
            if degree is not None and index not in self._taken:
                factor *= NEGATED_SCALE if is_negated and degree > 1 else degree
            elif index < first - 1:
                break
        if is_long or self._is_stressed(first, last):
            factor *= EMPHASIS
        if self._exclaimed:
            factor *= EXCLAIMED
        if sentence.is_question:
            factor *= ASKED
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
    marks = [index for index, norm in enumerate(norms) if norm == '"']
    return {
        index
        for opening, closing in zip(marks[::2], marks[1::2], strict=False)
        for index in range(opening + 1, closing)
    }
