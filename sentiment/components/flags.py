"""Raises flags: insult, question, complaint, recommendation, purchase intent, irony, risk."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc

from listening.model import Evidence
from sentiment.components.clauses import Sentence
from sentiment.lexicon import CUES, Lexicon, load_lexicon
from sentiment.words import Words

INSULT: Final = "insult"
QUESTION: Final = "question"
COMPLAINT: Final = "complaint"
RECOMMENDATION: Final = "recommendation"
PURCHASE_INTENT: Final = "purchase_intent"
IRONY: Final = "irony"
RISK: Final = "risk"
FLAGS: Final = (INSULT, QUESTION, COMPLAINT, RECOMMENDATION, PURCHASE_INTENT, IRONY, RISK)

#: Flags that one cue raises; irony needs more.
_RAISED: Final = frozenset(FLAGS) - {IRONY}
#: Flags that a negation in front takes away: « je ne recommande pas ».
_DENIABLE: Final = frozenset({RECOMMENDATION, PURCHASE_INTENT})
#: Opinion words at least this negative turn an enthusiastic opening into irony.
IRONIC_BLAME: Final = -1.2
#: Tokens in which an enthusiastic word counts as the opening of its sentence.
OPENING: Final = 2
_NEGATIONS: Final = frozenset(
    {"can't", "don't", "jamais", "n'", "ne", "never", "ni", "no", "not", "pas", "sans", "wouldn't"}
)
_MOCKING: Final = frozenset({"👏", "😂", "😑", "😒", "🙃", "🙄", "🤡", "🤣", "🤦"})


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag and the words that raised it, in characters of the full text."""

    name: str
    start: int
    end: int
    sentence: int
    is_sure: bool = True  # sure enough to turn praise into blame; asked of irony only

    def as_evidence(self, text: str) -> Evidence:
        """Return the evidence stored with a mention: ``flag:words``, without weight."""
        return Evidence(
            term=f"{self.name}:{text[self.start : self.end]}",
            weight=0.0,
            start=self.start,
            end=self.end,
        )


class Flagger:
    """Component: sets ``doc.user_data["flags"]``, the flags of every sentence of the document."""

    def __init__(self, name: str, *, language: str) -> None:
        """Load the cues of ``language``; ``other`` has none and raises nothing."""
        self.name = name
        self._lexicon = load_lexicon(language) if language in {"fr", "en"} else None

    def __call__(self, doc: Doc) -> Doc:
        """Look through the sentences that the opinion finder has read."""
        words: Words = doc.user_data["words"]
        sentences: list[Sentence] = doc.user_data["sentences"]
        flags: list[Flag] = []
        if self._lexicon is not None:
            for number, sentence in enumerate(sentences):
                reader = _Reader(words, sentence, number, _cues(sentence, self._lexicon))
                flags.extend(_flags_of(reader))
                if (irony := _irony_of(reader)) is not None:
                    flags.append(irony)
        doc.user_data["flags"] = flags
        return doc


@dataclass(frozen=True, slots=True)
class _Reader:
    """One sentence, its number, and the cues in it, looked up once."""

    words: Words
    sentence: Sentence
    number: int
    cues: list[tuple[int, int, frozenset[str]]]

    def flag(self, name: str, first: int, last: int) -> Flag:
        tokens = self.sentence.tokens
        start, end = self.words.span(tokens[first], tokens[last - 1] + 1)
        return Flag(name, start, end, self.number)


def _flags_of(reader: _Reader) -> Iterator[Flag]:
    norms = reader.sentence.norms
    for first, last, names in reader.cues:
        for name in sorted(names & _RAISED):
            is_denied = name in _DENIABLE and not _NEGATIONS.isdisjoint(
                norms[max(0, first - 3) : last + 2]
            )
            if not is_denied:
                yield reader.flag(name, first, last)
    if reader.sentence.is_question:
        mark = max(i for i, norm in enumerate(norms) if "?" in norm)
        yield reader.flag(QUESTION, mark, mark + 1)


def _cues(sentence: Sentence, lexicon: Lexicon) -> list[tuple[int, int, frozenset[str]]]:
    return [
        (index, index + hit[0], hit[1])
        for index, role in enumerate(sentence.roles)
        if role & CUES and (hit := lexicon.cues.longest_at(sentence.norms, index))
    ]


def _irony_of(reader: _Reader) -> Flag | None:
    """Find irony: a sure cue, or an enthusiastic opening followed by plain blame.

    « Bravo, encore trois heures de retard 👏 »: the praise opens a clause, no « mais »
    qualifies it, and blame that is not negated follows in its sentence, or a mocking emoji is
    there too.
    """
    sentence = reader.sentence
    is_mocked = not _MOCKING.isdisjoint(sentence.norms)
    is_qualified = bool(sentence.segments) and sentence.segments[-1] > 0
    blame = [one for one in sentence.opinions if one.weight <= IRONIC_BLAME]
    for first, last, names in reader.cues:
        if "irony_sure" in names:
            return reader.flag(IRONY, first, last)
        is_opening = first < OPENING or sentence.clauses[first] != sentence.clauses[first - 1]
        if IRONY not in names or not is_opening or is_qualified:
            continue
        if any(is_mocked or (one.first > first and not one.is_negated) for one in blame):
            return reader.flag(IRONY, first, last)
    return None
