"""One sentence as the rules read it: clauses, segments around contrast words, modifiers."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from sentiment.lexicon import BLANK, JUDGES, MARKS_CLAUSE, MODIFIES, Lexicon, Modifier
from sentiment.words import Words

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
    roles: list[int]  # what each may be, see ``sentiment.lexicon``
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
    every, role_of = words.norms, lexicon.roles
    spoken = [(i, role) for i in range(begin, end) if not (role := role_of[every[i]]) & BLANK]
    tokens = [i for i, _ in spoken]
    if masked:
        norms = [BRAND_NORM if i in masked else every[i] for i in tokens]
        roles = [0 if i in masked else role for i, role in spoken]
    else:
        norms, roles = [every[i] for i in tokens], [role for _, role in spoken]
    sentence = Sentence(norms=norms, tokens=tokens, end_token=end, roles=roles)
    sentence.is_question = any("?" in norm for norm in norms[-3:])
    sentence.modifiers = _modifiers(sentence, lexicon)
    _number_clauses(sentence, words)
    return sentence


def _modifiers(sentence: Sentence, lexicon: Lexicon) -> list[tuple[int, int, Modifier]]:
    found: list[tuple[int, int, Modifier]] = []
    reached = 0
    for index, role in enumerate(sentence.roles):
        if not role & MODIFIES or index < reached:
            continue
        if hit := lexicon.modifiers.longest_at(sentence.norms, index):
            reached = index + hit[0]
            found.append((index, reached, hit[1]))
    return found


def _number_clauses(sentence: Sentence, words: Words) -> None:
    """Number clauses (commas, dashes, contrast words) and segments (contrast, semicolon)."""
    norms, count = sentence.norms, len(sentence.norms)
    contrasts = {first for first, _, modifier in sentence.modifiers if "contrast" in modifier.kinds}
    breaks = {index + 1 for index, role in enumerate(sentence.roles) if role & MARKS_CLAUSE}
    breaks |= contrasts | _after_dashes(sentence, words)
    clause = segment = begin = 0
    for end in sorted(breaks):
        if end >= count:
            break
        sentence.clauses += [clause] * (end - begin)
        sentence.segments += [segment] * (end - begin)
        clause += 1
        segment += end in contrasts or (end > 0 and norms[end - 1] == ";")
        begin = end
    sentence.clauses += [clause] * (count - begin)
    sentence.segments += [segment] * (count - begin)


def _after_dashes(sentence: Sentence, words: Words) -> set[int]:
    """Return the positions before which a dash with space around it stands: « bon – mais cher »."""
    tokens = sentence.tokens
    if not tokens or "-" not in words.norms[tokens[0] : tokens[-1]]:
        return set()
    return {
        index
        for index in range(1, len(tokens))
        if tokens[index] - tokens[index - 1] > 1
        and "-" in words.norms[tokens[index - 1] + 1 : tokens[index]]
        and words.starts[tokens[index - 1] + 1] > words.ends[tokens[index - 1]]
        and words.starts[tokens[index]] > words.ends[tokens[index] - 1]
    }


def clauses_with_names(sentence: Sentence, words: Words) -> set[int]:
    """Return the clauses in which a capital inside the sentence names somebody unwatched."""
    return {
        sentence.clauses[index]
        for index, role in enumerate(sentence.roles)
        if not role & (JUDGES | MODIFIES)
        and index
        and len(norm := sentence.norms[index]) >= MIN_NAME
        and norm != BRAND_NORM
        and words.is_capital(sentence.tokens[index])
    }
