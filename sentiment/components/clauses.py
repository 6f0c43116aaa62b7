"""One sentence as the rules read it: clauses, segments around contrast words, modifiers."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from sentiment.lexicon import Lexicon, Modifier
from sentiment.words import Words, is_clause_mark

#: What a brand name's words become before opinions are looked for.
BRAND_NORM: Final = "\x00brand"
#: Letters of a name that is written with a capital.
MIN_NAME: Final = 3


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
    end_token: int
    clauses: list[int] = field(default_factory=list)  # clause number of each position
    segments: list[int] = field(default_factory=list)  # grows at each contrast word
    modifiers: list[tuple[int, int, Modifier]] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    names: set[int] = field(default_factory=set)  # clauses that name somebody else
    is_question: bool = False


def cut_sentence(
    words: Words, begin: int, end: int, lexicon: Lexicon, *, masked: Collection[int] = ()
) -> Sentence:
    """Return one sentence without opinions yet.

    Args:
        words: The document's tokens.
        begin: First token of the sentence.
        end: Token after the last one.
        lexicon: Of the document's language.
        masked: Tokens of brand names, which never praise nor blame.
    """
    every = words.norms
    tokens = [i for i in range(begin, end) if every[i] != "-" and not every[i].isspace()]
    norms = [BRAND_NORM if i in masked else every[i] for i in tokens]
    sentence = Sentence(norms=norms, tokens=tokens, end_token=end)
    sentence.is_question = any("?" in norm for norm in norms[-3:])
    sentence.modifiers = _modifiers(norms, lexicon)
    _number_clauses(sentence, words)
    return sentence


def _modifiers(norms: list[str], lexicon: Lexicon) -> list[tuple[int, int, Modifier]]:
    by_first = lexicon.modifiers.by_first
    found: list[tuple[int, int, Modifier]] = []
    reached = 0
    for index, norm in enumerate(norms):
        if index < reached or norm not in by_first:
            continue
        if hit := lexicon.modifiers.longest_at(norms, index):
            reached = index + hit[0]
            found.append((index, reached, hit[1]))
    return found


def _number_clauses(sentence: Sentence, words: Words) -> None:
    """Number clauses (commas, dashes, contrast words) and segments (contrast, semicolon)."""
    norms = sentence.norms
    contrasts = {first for first, _, modifier in sentence.modifiers if "contrast" in modifier.kinds}
    breaks = {index + 1 for index, norm in enumerate(norms) if is_clause_mark(norm)}
    breaks |= contrasts | _after_dashes(sentence, words)
    if not breaks:
        sentence.clauses = sentence.segments = [0] * len(norms)
        return
    clause = segment = 0
    for index in range(len(norms)):
        if index in breaks:
            clause += 1
            segment += index in contrasts or (index > 0 and norms[index - 1] == ";")
        sentence.clauses.append(clause)
        sentence.segments.append(segment)


def _after_dashes(sentence: Sentence, words: Words) -> set[int]:
    """Return the positions before which a dash with space around it stands: « bon – mais cher »."""
    tokens = sentence.tokens
    if len(tokens) < 2 or tokens[-1] - tokens[0] == len(tokens) - 1:  # noqa: PLR2004
        return set()
    return {
        index
        for index in range(1, len(tokens))
        if tokens[index] - tokens[index - 1] > 1
        and "-" in words.norms[tokens[index - 1] + 1 : tokens[index]]
        and words.starts[tokens[index - 1] + 1] > words.ends[tokens[index - 1]]
        and words.starts[tokens[index]] > words.ends[tokens[index] - 1]
    }


def clauses_with_names(sentence: Sentence, words: Words, lexicon: Lexicon) -> set[int]:
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
