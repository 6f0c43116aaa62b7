"""« Pourquoi ? »: what a label rests on, ready to be written for a person.

The terms and weights are those stored with the mention; the rules are found again in its text, for
they change weights and leave no item of their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from spacy.tokens import Doc

from listening.model import Evidence, Hit, Mention
from sentiment.components.clauses import Sentence
from sentiment.components.comparison import Place, compared, follows
from sentiment.components.relations import NO_FRAME, Frame
from sentiment.components.targets import owners_of, places_in
from sentiment.components.trained import framed_share
from sentiment.excerpt import Excerpt, excerpt
from sentiment.pipeline import build_nlp
from sentiment.words import Words

#: Kinds of modifiers that are rules a reader should know of, and their names.
_KINDS: Final = {
    "contrast": "contrast",
    "concession": "concession",
    "conditional": "conditional",
}
#: The same for those that stand right before a brand.
_BEFORE: Final = {"unlike": "unlike", "locative": "landmark"}
#: The same for the turns of phrase around a brand, by their kind without its side.
TURN_RULES: Final = {
    "arrival": "choice",
    "contrary": "unlike",
    "departure": "choice",
    "equal": "comparison",
    "even": "comparison",
    "excepted": "exception",
    "flaw": "exception",
    "jeered": "mockery",
    "landmark": "landmark",
    "last": "contrast",
    "like": "comparison",
    "loser": "comparison",
    "measured": "comparison",
    "mocked": "mockery",
    "owned": "landmark",
    "rival": "comparison",
    "segment": "sides",
    "turned": "sides",
    "unlike": "unlike",
    "winner": "comparison",
    "wished": "conditional",
}
#: Rules of one name that are told; a text that has more says nothing new.
_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of grammar that applied, and the words that called it."""

    name: str  # a key of ``listening.jobs.explain``: contrast, comparison, choice …
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One mention with all that led to its label."""

    mention: Mention
    text: str  # the document's full text, that places point into
    title_length: int  # characters of it that are the title
    rules: tuple[Rule, ...]
    rule_share: float  # 0..1: how much grammar counted beside what was trained
    human_polarity: str | None = None
    human_by: str | None = None

    @property
    def terms(self) -> list[Evidence]:
        """The evidence that weighs, the strongest first; its weights add up to ``raw``."""
        weighing = [item for item in self.mention.evidence if item.weight]
        return sorted(weighing, key=lambda item: (item.start < 0, -abs(item.weight), item.start))

    @property
    def signals(self) -> list[tuple[str, str]]:
        """Flags with the words that raised them."""
        parts = [item.term.partition(":") for item in self.mention.evidence if not item.weight]
        return [(name, words) for name, colon, words in parts if colon]

    @property
    def raw(self) -> float:
        """The sum of the weights; the score is its ``squash``."""
        return sum(item.weight for item in self.mention.evidence)

    def zone(self, hit: Hit) -> str:
        """Return whether a hit stands in the title or in the body."""
        return "title" if hit.start < self.title_length else "body"


def explained(
    mention: Mention,
    text: str,
    *,
    title_length: int = 0,
    human_polarity: str | None = None,
    human_by: str | None = None,
) -> Explanation:
    """Return the explanation of a mention.

    Args:
        mention: As tagged or stored.
        text: The document's full text.
        title_length: Characters of it that are the title.
        human_polarity: What a person said instead.
        human_by: Who.
    """
    part = excerpt(text, mention.hits)
    doc = _read(part, mention.language) if mention.language in {"fr", "en"} else None
    return Explanation(
        mention=mention,
        text=text,
        title_length=title_length,
        rules=_rules(part, doc, mention) if doc else (),
        rule_share=framed_share(part.text, mention.language, _frame(doc, mention)) if doc else 0.0,
        human_polarity=human_polarity,
        human_by=human_by,
    )


def rounded_to_sum(weights: Sequence[float], digits: int) -> tuple[list[float], float]:
    """Round weights so that what is shown adds up to the sum that is shown.

    Returns:
        The weights and their sum, each with ``digits`` decimals; a weight is at most one unit of
        the last decimal away from its own value (largest remainders).

    >>> rounded_to_sum([0.125, 0.125, 0.125], 2)
    ([0.13, 0.13, 0.12], 0.38)
    """
    scale = 10**digits
    total = round(sum(weights) * scale)
    floors = [int(weight * scale // 1) for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (floors[i] - weights[i] * scale, i))
    for i in order[: total - sum(floors)]:
        floors[i] += 1
    return [floor / scale for floor in floors], total / scale


@cache
def _pipeline(language: str) -> Any:
    return build_nlp(language, ())


def _read(part: Excerpt, language: str) -> Doc:
    nlp = _pipeline(language)
    doc = nlp.make_doc(part.text)
    doc.user_data["hits"] = list(part.hits)
    read: Doc = nlp(doc)
    return read


def _frame(doc: Doc, mention: Mention) -> Frame:
    frames: dict[str, Frame] = doc.user_data["frames"]
    return frames.get(mention.brand_id, NO_FRAME)


def _rules(part: Excerpt, doc: Doc, mention: Mention) -> tuple[Rule, ...]:
    """Return the rules in the sentences that speak of the brand, in order, none twice."""
    words: Words = doc.user_data["words"]
    sentences: list[Sentence] = doc.user_data["sentences"]
    places = places_in(words, sentences, part.hits)
    turns = _frame(doc, mention).relations
    found: dict[Rule, None] = {
        Rule(TURN_RULES[kind.rstrip("+-")], part.text[start:end]): None
        for kind, start, end in turns
    }
    told = {rule.name for rule in found}
    for sentence, named, owner in zip(sentences, places, owners_of(places), strict=True):
        if mention.brand_id in owner:
            mine = [place for place in named if place.brand_id == mention.brand_id]
            others = _of_sentence(sentence, mine, words)
            found.update(dict.fromkeys(one for one in others if one.name not in told))
    names = [rule.name for rule in found]
    return tuple(rule for at, rule in enumerate(found) if names[:at].count(rule.name) < _MOST)


def _of_sentence(sentence: Sentence, places: Sequence[Place], words: Words) -> Iterator[Rule]:
    for first, last, modifier in sentence.modifiers:
        for kind, name in _KINDS.items():
            if kind in modifier.kinds:
                yield _rule(name, sentence, words, (first, last))
    for place in places:
        yield from _toward(sentence, place, words)
    if sentence.is_question:
        yield Rule("question", "?")
    if sentence.norms.count('"') > 1:
        yield Rule("quotation", "« »")


def _toward(sentence: Sentence, place: Place, words: Words) -> Iterator[Rule]:
    """Yield the rules that change what reaches the brand named here."""
    for _, _, (first, last) in compared(sentence, place, {}):
        span = (min(first, place.first), max(last, place.last))
        yield _rule("comparison", sentence, words, span)
    for kind, name in _BEFORE.items():
        if follows(sentence, place, kind):
            first = max(
                first
                for first, last, one in sentence.modifiers
                if kind in one.kinds and last <= place.first
            )
            yield _rule(name, sentence, words, (first, place.last))


def _rule(name: str, sentence: Sentence, words: Words, span: tuple[int, int]) -> Rule:
    tokens = sentence.tokens
    start, end = words.span(tokens[span[0]], tokens[span[1] - 1] + 1)
    return Rule(name, words.text[start:end])
