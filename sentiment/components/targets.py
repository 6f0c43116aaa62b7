"""Gives each opinion to the brand it is about, and applies what compares brands with each other."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from spacy.tokens import Doc

from listening.model import Evidence, Hit
from sentiment.components.clauses import Opinion, Sentence
from sentiment.components.comparison import Place, compared, follows
from sentiment.components.relations import frames_of
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
#: The clause after « mais » weighs more than the one before.
BEFORE_CONTRAST: Final = 0.6
AFTER_CONTRAST: Final = 1.25
#: Hits of one sentence that take part; more are only ever spam.
MAX_PLACES: Final = 16
#: Evidence kept one by one; weaker items are summed up in one.
MAX_EVIDENCE: Final = 40


class TargetScorer:
    """Component: reads hits and sentences, sets ``judgements`` and ``frames`` by brand."""

    def __init__(self, name: str) -> None:
        """Keep the name spaCy gave."""
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Judge every brand of the document; none when its language is not, or all of it is."""
        words: Words = doc.user_data["words"]
        sentences: list[Sentence] = doc.user_data["sentences"]
        hits: Sequence[Hit] = doc.user_data.get("hits", ())
        if sentences and not doc.user_data.get("is_whole"):
            places = places_in(words, sentences, hits)
            owners = owners_of(places)
            doc.user_data["judgements"] = judge_brands(words, sentences, places, owners)
            doc.user_data["owners"] = owners
            doc.user_data["frames"] = frames_of(words, sentences, places)
        else:
            doc.user_data["judgements"] = {}
            doc.user_data["owners"] = []
            doc.user_data["frames"] = {}
        return doc


def places_in(
    words: Words, sentences: Sequence[Sentence], hits: Sequence[Hit]
) -> list[list[Place]]:
    """Return the hits of each sentence in content positions."""
    places: list[list[Place]] = [[] for _ in sentences]
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
        if inside and len(places[index]) < MAX_PLACES:
            places[index].append(Place(hit.brand_id, inside[0], inside[-1] + 1))
    return places


def owners_of(places: Sequence[Sequence[Place]]) -> list[frozenset[str]]:
    """Return which brands each sentence speaks of: those named in it, else the last ones named."""
    owners: list[frozenset[str]] = []
    current: frozenset[str] = frozenset()
    for named in places:
        current = frozenset(place.brand_id for place in named) or current
        owners.append(current)
    first_named = next((owner for owner in owners if owner), frozenset())
    return [owner or first_named for owner in owners]


def judge_brands(
    words: Words,
    sentences: Sequence[Sentence],
    places: Sequence[list[Place]],
    owners: Sequence[frozenset[str]],
) -> dict[str, Judgement]:
    """Return the judgement of every brand; places and owners are given by sentence."""
    evidence: dict[str, list[Evidence]] = {
        place.brand_id: [] for named in places for place in named
    }
    for sentence, named, owner in zip(sentences, places, owners, strict=True):
        items = (
            _shares_in(sentence, named)
            if named
            else (
                (brand_id, opinion.weight * OTHER_SENTENCE / len(owner), opinion)
                for opinion in sentence.opinions
                for brand_id in sorted(owner)
            )
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
    sentence: Sentence, places: list[Place]
) -> Iterator[tuple[str, float, Opinion | tuple[int, int]]]:
    """Yield ``(brand, weight, where from)`` for a sentence that names brands."""
    brand_ids = list(dict.fromkeys(place.brand_id for place in places))
    used: dict[int, str] = {}
    for place in places:
        yield from compared(sentence, place, used)
    lesser = set(used.values())
    contrast = _contrasts(sentence, brand_ids)
    unlike = {place.brand_id: place for place in places if follows(sentence, place, "unlike")}
    for opinion in sentence.opinions:
        lesser_brand = used.get(opinion.first)
        candidates = [
            place
            for place in places
            if place.brand_id not in unlike
            and place.brand_id != lesser_brand
            and not (place.brand_id in lesser and opinion.first < place.first)
        ]
        owner, share = _owner(opinion, candidates, sentence)
        for brand_id in brand_ids:
            if brand_id == lesser_brand:
                continue
            if brand_id == owner:
                part = share * contrast.get(opinion.segment, 1.0)
            elif brand_id in unlike:
                part = _unlike_share(opinion, unlike[brand_id], sentence)
            else:
                part = BYSTANDER if owner else 0.0
            yield brand_id, opinion.weight * part, opinion


def _unlike_share(opinion: Opinion, place: Place, sentence: Sentence) -> float:
    """Return what reaches X in « parfait, contrairement à X que je fuis »: each the right sign."""
    is_own = opinion.first >= place.last and opinion.clause in {
        sentence.clauses[place.last - 1],
        _relative_clause(sentence, place),
    }
    return SAME_CLAUSE if is_own else CONTRARY


def _relative_clause(sentence: Sentence, place: Place) -> int:
    """Return the clause of « , qui … » behind a place; the place's own where there is none."""
    norms = sentence.norms
    has_comma = place.last < len(norms) and norms[place.last] == ","
    after = place.last + has_comma
    if after < len(norms) and norms[after] in {"qui", "que", "qu'", "dont", "ou"}:
        return sentence.clauses[after]
    return sentence.clauses[place.last - 1]


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


def _owner(opinion: Opinion, places: list[Place], sentence: Sentence) -> tuple[str | None, float]:
    """Return the brand an opinion is about, and the share that reaches it."""
    if not places:
        return None, 0.0
    ranked = min(places, key=lambda place: _distance(opinion, place, sentence))
    if follows(sentence, ranked, "locative"):
        return ranked.brand_id, LANDMARK
    if sentence.clauses[ranked.first] == opinion.clause:
        return ranked.brand_id, SAME_CLAUSE
    if opinion.clause in sentence.names:
        return ranked.brand_id, OTHER_NAME
    if sentence.segments[ranked.first] == opinion.segment:
        return ranked.brand_id, SAME_SEGMENT
    return ranked.brand_id, OTHER_SEGMENT


def _distance(opinion: Opinion, place: Place, sentence: Sentence) -> tuple[int, int, float]:
    """Order places: same segment first, same clause next, then the nearer; before counts less."""
    is_other_segment = sentence.segments[place.first] != opinion.segment
    is_other_clause = sentence.clauses[place.first] != opinion.clause
    if place.last <= opinion.first:
        gap = float(opinion.first - place.last)
    else:
        gap = 1.5 * max(0, place.first - opinion.last) + 1
    return is_other_segment, is_other_clause, gap


def judge_text(words: Words, sentences: Sequence[Sentence]) -> Judgement:
    """Return the judgement of a text as a whole, whoever it is about."""
    evidence = [
        _evidence(words, sentence, opinion.weight * contrast.get(opinion.segment, 1.0), opinion)
        for sentence in sentences
        for contrast in (_contrasts(sentence, []),)
        for opinion in sentence.opinions
    ]
    return judge(_strongest([item for item in evidence if item.weight]))
