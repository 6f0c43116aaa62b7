"""Gives each opinion to the brand it is about, and applies what compares brands with each other."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc

from listening.model import Evidence, Hit
from sentiment.components.opinions import ASKED, Opinion, Sentence
from sentiment.judgement import GRAIN, Judgement, grained, judge
from sentiment.words import Words

#: Share of an opinion that reaches its brand, by where it stands.
SAME_CLAUSE: Final = 1.0
SAME_SEGMENT: Final = 0.9
OTHER_SEGMENT: Final = 0.75
#: Share when the opinion's clause names somebody who is not on the watchlist.
OTHER_NAME: Final = 0.15
#: Share for a brand that is only a landmark: « le bar à côté de X ».
LANDMARK: Final = 0.1
OTHER_SENTENCE: Final = 0.5
#: Share that reaches a brand when the same sentence gives the opinion to another one.
BYSTANDER: Final = 0.1
#: Share for X in « contrairement à X, … »: what is said of the other is the opposite for X.
CONTRARY: Final = -0.7
#: Praise or blame of a comparison itself: « plutôt que X », "switched from X".
COMPARED: Final = 1.8
#: The clause after « mais » weighs more than the one before.
BEFORE_CONTRAST: Final = 0.6
AFTER_CONTRAST: Final = 1.25
#: Tokens allowed between a comparing word and the brand: « plutôt que d'aller chez X ».
COMPARISON_GAP: Final = 3
#: The only words that may stand in that gap.
_LINKS: Final = frozenset(
    "le la les l' d' de du des chez a au aux un une ce cette celui celle ceux mon ma mes notre aller"
    " faire passer que qu' the an of to with from at my our their that those going".split()
)
#: Tokens before « que X » in which « plus », « moins », "more" are looked for.
DEGREE_REACH: Final = 7
#: Evidence kept one by one; weaker items are summed up in one.
MAX_EVIDENCE: Final = 40

_THAN: Final = frozenset({"que", "qu'", "than"})
_MORE: Final = frozenset(
    "plus moins mieux meilleur meilleure meilleurs meilleures pire pires more less better worse"
    " rather superieur superieure superieurs".split()
)
_AS: Final = frozenset({"aussi", "autant", "as"})
_RULES: Final = {"comparative": -1.0, "inferior": 1.0, "departure": -1.0, "arrival": 1.0}


@dataclass(frozen=True, slots=True)
class _Place:
    """One hit in the content positions of one sentence."""

    brand_id: str
    first: int
    last: int  # half-open


class TargetScorer:
    """Component: reads hits and sentences, sets ``doc.user_data["judgements"]`` by brand."""

    def __init__(self, name: str) -> None:
        """Keep the name spaCy gave."""
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Judge every brand of the document; none when its language is not judged."""
        words: Words = doc.user_data["words"]
        sentences: list[Sentence] = doc.user_data["sentences"]
        hits: Sequence[Hit] = doc.user_data.get("hits", ())
        if sentences:
            doc.user_data["judgements"] = judge_brands(words, sentences, hits)
            doc.user_data["owners"] = owners_of(words, sentences, hits)
        else:
            doc.user_data["judgements"] = {}
            doc.user_data["owners"] = []
        return doc


def places_in(
    words: Words, sentences: Sequence[Sentence], hits: Sequence[Hit]
) -> list[list[_Place]]:
    """Return the hits of each sentence in content positions."""
    places: list[list[_Place]] = [[] for _ in sentences]
    index = 0
    for hit in sorted(hits, key=lambda one: one.start):
        start = words.folded.index_of(hit.start)
        end = words.folded.index_of(hit.end)
        while index < len(sentences) - 1 and words.ends[sentences[index].end_token - 1] <= start:
            index += 1
        sentence = sentences[index]
        inside = [
            position
            for position, token in enumerate(sentence.tokens)
            if words.ends[token] > start and words.starts[token] < end
        ]
        if inside:
            places[index].append(_Place(hit.brand_id, inside[0], inside[-1] + 1))
    return places


def owners_of(
    words: Words, sentences: Sequence[Sentence], hits: Sequence[Hit]
) -> list[frozenset[str]]:
    """Return which brands each sentence speaks of: those named in it, else the last ones named."""
    owners: list[frozenset[str]] = []
    current: frozenset[str] = frozenset()
    for places in places_in(words, sentences, hits):
        current = frozenset(place.brand_id for place in places) or current
        owners.append(current)
    first_named = next((owner for owner in owners if owner), frozenset())
    return [owner or first_named for owner in owners]


def judge_brands(
    words: Words, sentences: Sequence[Sentence], hits: Sequence[Hit]
) -> dict[str, Judgement]:
    """Return the judgement of every brand among the hits."""
    evidence: dict[str, list[Evidence]] = {hit.brand_id: [] for hit in hits}
    owners = owners_of(words, sentences, hits)
    for sentence, places, named in zip(
        sentences, places_in(words, sentences, hits), owners, strict=True
    ):
        if places:
            items = _shares_in(sentence, places, words)
        else:
            items = (
                (brand_id, opinion.weight * OTHER_SENTENCE / len(named), opinion)
                for opinion in sentence.opinions
                for brand_id in named
            )
        for brand_id, weight, source in items:
            item = _evidence(words, sentence, weight, source)
            if item.weight:
                evidence[brand_id].append(item)
    return {brand_id: judge(_strongest(items)) for brand_id, items in evidence.items()}


def _evidence(
    words: Words, sentence: Sentence, weight: float, source: Opinion | tuple[int, int]
) -> Evidence:
    first, last = (source.first, source.last) if isinstance(source, Opinion) else source
    begin, finish = sentence.tokens[first], sentence.tokens[last - 1] + 1
    start, end = words.span(begin, finish)
    return Evidence(
        term=words.text[start:end],
        weight=grained(weight),
        start=start,
        end=end,
        is_negated=isinstance(source, Opinion) and source.is_negated,
    )


def _strongest(items: list[Evidence]) -> list[Evidence]:
    """Keep the strongest items and sum up the rest, so that the sum stays the same."""
    if len(items) <= MAX_EVIDENCE:
        return items
    ranked = sorted(items, key=lambda item: -abs(item.weight))
    rest = sum(item.weight for item in ranked[MAX_EVIDENCE - 1 :])
    kept = sorted(ranked[: MAX_EVIDENCE - 1], key=lambda item: item.start)
    return [*kept, Evidence(term="rest", weight=rest)] if abs(rest) >= GRAIN else kept


def _shares_in(
    sentence: Sentence, places: list[_Place], words: Words
) -> Iterator[tuple[str, float, Opinion | tuple[int, int]]]:
    """Yield ``(brand, weight, where from)`` for a sentence that names brands."""
    brand_ids = list(dict.fromkeys(place.brand_id for place in places))
    used: dict[int, str] = {}
    for place in places:
        yield from _compared(sentence, place, used)
    lesser = set(used.values())
    contrast = _contrasts(sentence, brand_ids)
    unlike = {place.brand_id for place in places if _follows(sentence, place, "unlike")}
    for opinion in sentence.opinions:
        compared = used.get(opinion.first)
        candidates = [
            place
            for place in places
            if place.brand_id not in unlike
            and place.brand_id != compared
            and not (place.brand_id in lesser and opinion.first < place.first)
        ]
        owner, share = _owner(opinion, candidates, sentence)
        for brand_id in brand_ids:
            if brand_id == compared:
                continue
            if brand_id == owner:
                part = share * contrast.get(opinion.segment, 1.0)
            elif brand_id in unlike:
                part = CONTRARY
            else:
                part = BYSTANDER if owner else 0.0
            yield brand_id, opinion.weight * part, opinion


def _contrasts(sentence: Sentence, brand_ids: list[str]) -> dict[int, float]:
    """Return the factor of each segment when one brand is praised on one side of « mais » only."""
    if len(brand_ids) > 1 or not sentence.segments or not sentence.segments[-1]:
        return {}
    sums: dict[int, float] = defaultdict(float)
    for opinion in sentence.opinions:
        sums[opinion.segment] += opinion.weight
    judged = [segment for segment, total in sorted(sums.items()) if total]
    if len(judged) < 2 or sums[judged[0]] * sums[judged[-1]] >= 0:  # noqa: PLR2004
        return {}
    return {
        segment: AFTER_CONTRAST if segment == judged[-1] else BEFORE_CONTRAST for segment in judged
    }


def _owner(opinion: Opinion, places: list[_Place], sentence: Sentence) -> tuple[str | None, float]:
    """Return the brand an opinion is about, and the share that reaches it."""
    if not places:
        return None, 0.0
    ranked = min(places, key=lambda place: _distance(opinion, place, sentence))
    if _follows(sentence, ranked, "locative"):
        return ranked.brand_id, LANDMARK
    if sentence.clauses[ranked.first] == opinion.clause:
        return ranked.brand_id, SAME_CLAUSE
    if opinion.clause in sentence.names:
        return ranked.brand_id, OTHER_NAME
    if sentence.segments[ranked.first] == opinion.segment:
        return ranked.brand_id, SAME_SEGMENT
    return ranked.brand_id, OTHER_SEGMENT


def _distance(opinion: Opinion, place: _Place, sentence: Sentence) -> tuple[int, int, float]:
    """Order places: same segment first, same clause next, then the nearer; before counts less."""
    is_other_segment = sentence.segments[place.first] != opinion.segment
    is_other_clause = sentence.clauses[place.first] != opinion.clause
    if place.last <= opinion.first:
        gap = float(opinion.first - place.last)
    else:
        gap = 1.5 * max(0, place.first - opinion.last) + 1
    return is_other_segment, is_other_clause, gap


def _follows(sentence: Sentence, place: _Place, kind: str) -> bool:
    """Return whether a modifier of this kind stands right before the brand."""
    return any(
        kind in modifier.kinds and _is_linked(sentence, last, place)
        for _, last, modifier in sentence.modifiers
    )


def _is_linked(sentence: Sentence, last: int, place: _Place) -> bool:
    """Return whether only small words stand between position ``last`` and the brand."""
    gap = sentence.norms[last : place.first] if last <= place.first else ["far"]
    return len(gap) <= COMPARISON_GAP and _LINKS.issuperset(gap)


def _compared(
    sentence: Sentence, place: _Place, used: dict[int, str]
) -> Iterator[tuple[str, float, tuple[int, int]]]:
    """Yield what a comparison says of the brand that stands behind it; note the opinions used."""
    than = _than_before(sentence, place)
    if than is not None:
        yield from _compared_by_degree(sentence, place, than, used)
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
    yield from _less_preferred(sentence, place, used)


def _less_preferred(
    sentence: Sentence, place: _Place, used: dict[int, str]
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


def _than_before(sentence: Sentence, place: _Place) -> int | None:
    """Return the position of the « que » that the brand completes, when there is one."""
    for index in range(place.first - 1, max(place.first - COMPARISON_GAP - 2, -1), -1):
        if sentence.norms[index] in _THAN:
            return index
        if sentence.norms[index] not in _LINKS:
            break
    return None


def _compared_by_degree(
    sentence: Sentence, place: _Place, than: int, used: dict[int, str]
) -> Iterator[tuple[str, float, tuple[int, int]]]:
    """« plus rapide que X » is the opposite of rapide for X, « aussi rapide que X » the same."""
    start = max(0, than - DEGREE_REACH)
    window = sentence.norms[start:than]
    is_same = any(word in _AS for word in window)
    if not is_same and not any(word in _MORE or word.endswith("er") for word in window):
        return
    for opinion in sentence.opinions:
        if start <= opinion.first < than and opinion.clause == sentence.clauses[than]:
            used[opinion.first] = place.brand_id
            share = 0.6 if is_same else -0.9
            yield place.brand_id, opinion.weight * share, (opinion.first, opinion.last)


def judge_text(words: Words, sentences: Sequence[Sentence]) -> Judgement:
    """Return the judgement of a text as a whole, whoever it is about."""
    evidence = [
        _evidence(words, sentence, opinion.weight * contrast.get(opinion.segment, 1.0), opinion)
        for sentence in sentences
        for contrast in (_contrasts(sentence, []),)
        for opinion in sentence.opinions
    ]
    return judge(_strongest([item for item in evidence if item.weight]))
