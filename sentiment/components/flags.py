"""Raises flags per brand: insult, question, complaint, recommendation, purchase intent, irony, risk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc

from listening.model import Evidence
from sentiment.components.opinions import Sentence
from sentiment.lexicon import Lexicon, load_lexicon
from sentiment.words import Words

INSULT: Final = "insult"
QUESTION: Final = "question"
COMPLAINT: Final = "complaint"
RECOMMENDATION: Final = "recommendation"
PURCHASE_INTENT: Final = "purchase_intent"
IRONY: Final = "irony"
RISK: Final = "risk"
FLAGS: Final = (INSULT, QUESTION, COMPLAINT, RECOMMENDATION, PURCHASE_INTENT, IRONY, RISK)

#: Flags that a negation in front takes away: « je ne recommande pas ».
_DENIABLE: Final = frozenset({RECOMMENDATION, PURCHASE_INTENT})
#: Opinion words at least this negative turn an enthusiastic opening into irony.
IRONIC_BLAME: Final = -1.2
#: Tokens in which an enthusiastic word counts as the opening of its sentence.
OPENING: Final = 2
_NEGATIONS: Final = frozenset("pas jamais ne n' sans ni not never no don't wouldn't can't".split())
_MOCKING: Final = frozenset("🙄 👏 🤡 😒 🤦 🙃 😑 😂 🤣".split())


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag and the words that raised it, in characters of the full text."""

    name: str
    start: int
    end: int
    sentence: int

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
        """Load the cues of ``language``; ``other`` has none, but its question marks count."""
        self.name = name
        self._lexicon = load_lexicon(language) if language in {"fr", "en"} else None

    def __call__(self, doc: Doc) -> Doc:
        """Look through the sentences that the opinion finder has read."""
        words: Words = doc.user_data["words"]
        flags: list[Flag] = []
        if self._lexicon is not None:
            for number, sentence in enumerate(doc.user_data["sentences"]):
                flags.extend(_flags_of(words, sentence, number, self._lexicon))
            flags.extend(_ironic(words, doc.user_data["sentences"], self._lexicon))
        doc.user_data["flags"] = flags
        return doc


def _flag(words: Words, sentence: Sentence, name: str, first: int, last: int, number: int) -> Flag:
    start, end = words.span(sentence.tokens[first], sentence.tokens[last - 1] + 1)
    return Flag(name, start, end, number)


def _flags_of(words: Words, sentence: Sentence, number: int, lexicon: Lexicon) -> Iterator[Flag]:
    norms = sentence.norms
    for first, last, names in _cues(norms, lexicon):
        for name in sorted(names & set(FLAGS) - {IRONY}):
            is_denied = name in _DENIABLE and not _NEGATIONS.isdisjoint(
                norms[max(0, first - 3) : last + 2]
            )
            if not is_denied:
                yield _flag(words, sentence, name, first, last, number)
    if sentence.is_question:
        mark = max(i for i, norm in enumerate(norms) if "?" in norm)
        yield _flag(words, sentence, QUESTION, mark, mark + 1, number)


def _cues(norms: Sequence[str], lexicon: Lexicon) -> Iterator[tuple[int, int, frozenset[str]]]:
    by_first = lexicon.cues.by_first
    for index, norm in enumerate(norms):
        if norm in by_first and (hit := lexicon.cues.longest_at(norms, index)):
            yield index, index + hit[0], hit[1]


def _ironic(words: Words, sentences: Sequence[Sentence], lexicon: Lexicon) -> Iterator[Flag]:
    """Find irony: a sure cue, or an enthusiastic opening followed by plain blame.

    « Bravo, encore trois heures de retard 👏 »: the praise is at the start, unqualified by « mais »,
    and what follows in the same or the next sentence is blame, or a mocking emoji beside blame.
    """
    for number, sentence in enumerate(sentences):
        blame = [
            opinion.weight
            for near in sentences[number : number + 2]
            for opinion in near.opinions
            if opinion.weight <= IRONIC_BLAME
        ]
        for first, last, names in _cues(sentence.norms, lexicon):
            is_opening = first < OPENING or sentence.clauses[first] != sentence.clauses[first - 1]
            is_qualified = bool(sentence.segments) and sentence.segments[-1] > 0
            is_mocked = not _MOCKING.isdisjoint(sentence.norms)
            if "irony_sure" in names or (
                IRONY in names
                and is_opening
                and blame
                and not is_qualified
                and _is_likely(sentence, first, is_mocked=is_mocked)
            ):
                yield _flag(words, sentence, IRONY, first, last, number)
                break


def _is_likely(sentence: Sentence, first: int, *, is_mocked: bool) -> bool:
    """Return whether the praise is followed, in its own sentence, by blame that is not negated."""
    return is_mocked or any(
        opinion.weight <= IRONIC_BLAME and opinion.first > first and not opinion.is_negated
        for opinion in sentence.opinions
    )
