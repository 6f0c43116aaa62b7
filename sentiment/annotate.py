"""The public face of tagging: documents in, mentions out; no spaCy object crosses this border."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final

from spacy.tokens import Doc

from listening.errors import TaggingError
from listening.model import (
    Brand,
    DateQuality,
    Document,
    Evidence,
    Exclusion,
    Hit,
    Mention,
    Polarity,
    SourceKind,
    TaggedDocument,
)
from listening.text import Folded, fold, folded_words
from sentiment.components.flags import IRONY, Flag
from sentiment.components.tokenizer import FoldingTokenizer
from sentiment.excerpt import Excerpt, excerpt
from sentiment.judgement import Judgement, judge, with_irony
from sentiment.language import OTHER, find_language
from sentiment.lexicon import lexicons_digest
from sentiment.matching import BrandMatcher
from sentiment.mixed import Part, by_sentence
from sentiment.pipeline import build_nlp
from sentiment.scoring.weights import models_digest
from sentiment.surroundings import NOTHING, Surroundings
from sentiment.topics import TopicFinder

#: Raise it with every change of a rule or a constant that can change a label.
CODE_VERSION: Final = "6"
#: Length of a version, in hexadecimal digits.
VERSION_DIGITS: Final = 12

#: Documents that are read together, and characters of theirs from which no more join them: what the
#: models cost a batch is shared by all that name a brand in it, and few do.
BATCH_SIZE: Final = 512
BATCH_CHARS: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A document that may name a brand."""

    number: int  # in its batch
    document: Document
    text: str  # in full
    folded: Folded
    words: Sequence[str]  # folded
    language: str


#: What is read in one language of a prepared document, and that folded.
_Found = tuple[_Prepared, Folded, Part]


@cache
def model_version() -> str:
    """Return the version of rules, lexicons and trained weights, 12 hexadecimal digits."""
    key = f"vigie\0{CODE_VERSION}\0{lexicons_digest()}\0{models_digest()}"
    return hashlib.sha256(key.encode()).hexdigest()[:VERSION_DIGITS]


class Tagger:
    """A watchlist ready to read documents; build it once and keep it."""

    def __init__(self, brands: Sequence[Brand], surroundings: Surroundings = NOTHING) -> None:
        """Build the matcher; the pipeline of a language is built when its first text comes."""
        self.brands = tuple(brands)
        self.surroundings = surroundings
        self.matcher = BrandMatcher(self.brands, surroundings.author_key)
        self.topics = TopicFinder(surroundings.topics)
        taught = surroundings.calibration
        #: Version of rules, lexicons and weights, and of what corrections taught.
        self.model_version = model_version() + (f"+{taught.digest}" if taught else "")
        #: Version of rules, lexicons and watchlist: a new one means that stored documents are old.
        self.version = _tagger_version(self.model_version, self.brands, surroundings)
        #: query_version by brand_id.
        self.query_versions = {brand.brand_id: brand.query_version for brand in self.brands}
        # Where the brands stand is known before a text enters a pipeline.
        self._pipelines = cache(lambda language: build_nlp(language, ()))

    def read(
        self, prepared: Sequence[_Prepared]
    ) -> tuple[dict[int, list[Mention]], dict[int, tuple[Exclusion, ...]]]:
        """Return what one batch names, and what it names but does not mean, by number."""
        exclusions: dict[int, tuple[Exclusion, ...]] = {}
        found: list[_Found] = []
        for one in prepared:
            facts = self.surroundings.facts_of(one.document, one.language)
            matches = self.matcher.match(one.text, one.folded, facts, one.words)
            matches = self.surroundings.without_homonyms(one.document, one.folded, matches)
            if matches.exclusions:
                exclusions[one.number] = matches.exclusions
            if matches.hits:
                for part in by_sentence(one.text, matches.hits, one.language):
                    known = one.folded if part.text == one.text else fold(part.text)
                    found.append((one, known, part))
        mentions: dict[int, list[Mention]] = defaultdict(list)
        by_part = dict(self._judged(found))
        for at, (one, _, _) in enumerate(found):
            mentions[one.number].extend(by_part[at])
        return mentions, exclusions

    def _judged(self, found: Sequence[_Found]) -> Iterator[tuple[int, list[Mention]]]:
        """Yield the mentions of each part with its number; each language's parts go together."""
        by_language: dict[str, list[int]] = defaultdict(list)
        for at, (_, _, part) in enumerate(found):
            by_language[part.language].append(at)
        for language, numbers in by_language.items():
            nlp = self._pipelines(language)
            tokenizer = nlp.tokenizer
            if not isinstance(tokenizer, FoldingTokenizer):
                raise TaggingError(f"the pipeline {language!r} has lost its tokenizer")
            with nlp.memory_zone():  # words of the web would fill the vocabulary for ever
                docs = [_doc(tokenizer, *found[at][1:]) for at in numbers]
                for at, doc in zip(numbers, nlp.pipe(docs), strict=True):
                    one, folded, part = found[at]
                    yield at, self._mentions(one.document, folded, doc, part)
                docs.clear()

    def _mentions(self, document: Document, folded: Folded, doc: Doc, read: Part) -> list[Mention]:
        hits: dict[str, list[Hit]] = defaultdict(list)
        for hit in read.hits:
            hits[hit.brand_id].append(hit)
        judgements: dict[str, Judgement] = doc.user_data["judgements"]
        part: Excerpt = doc.user_data["excerpt"]
        owners: list[frozenset[str]] = doc.user_data["owners"]
        mentions = []
        for brand_id, found in hits.items():
            flags = [flag for flag in doc.user_data["flags"] if brand_id in owners[flag.sentence]]
            judgement = _judgement(judgements.get(brand_id), flags, read.language)
            judgement = self.surroundings.corrected(judgement, folded, found)
            mentions.append(
                Mention(
                    document_id=document.document_id,
                    brand_id=brand_id,
                    polarity=judgement.polarity,
                    score=judgement.score,
                    confidence=judgement.confidence,
                    hits=tuple(found),
                    evidence=tuple(map(part.placed, judgement.evidence))
                    + tuple(map(part.placed, _flag_evidence(flags, part.text))),
                    flags=frozenset(flag.name for flag in flags),
                    language=read.language,
                    query_version=self.query_versions[brand_id],
                    model_version=self.model_version,
                )
            )
        return mentions


def _doc(tokenizer: FoldingTokenizer, folded: Folded, read: Part) -> Doc:
    """Return the document that goes through the pipeline: its judged part, its hits known."""
    part = excerpt(read.text, read.judged)
    doc = tokenizer.make_doc(part.text, folded if part.text == read.text else fold(part.text))
    doc.user_data["hits"] = list(part.hits)
    doc.user_data["excerpt"] = part
    return doc


def _tagger_version(model: str, brands: Sequence[Brand], surroundings: Surroundings) -> str:
    lines = [
        model,
        surroundings.version,
        *sorted(f"{brand.brand_id}\0{brand.query_version}\0{_watched(brand)}" for brand in brands),
    ]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[
        :VERSION_DIGITS
    ]


def _watched(brand: Brand) -> str:
    """Return all that decides what a brand matches, for a brand without a query_version too."""
    terms = (brand.terms, brand.exact_terms, brand.context_terms, brand.excluded_terms)
    return repr((*terms, brand.query))


def _judgement(found: Judgement | None, flags: Sequence[Flag], language: str) -> Judgement:
    if language == OTHER:
        return Judgement(0.0, 0.0, Polarity.UNKNOWN, 0.0, ())
    if found is None:
        return judge(())
    cue = next((flag for flag in flags if flag.name == IRONY and flag.is_sure), None)
    return found if cue is None else with_irony(found, cue.start, cue.end)


def _flag_evidence(flags: Sequence[Flag], text: str) -> tuple[Evidence, ...]:
    """Return one item per flag and place, at most three of each flag."""
    seen: dict[str, int] = defaultdict(int)
    items = []
    for flag in flags:
        seen[flag.name] += 1
        if seen[flag.name] <= 3:  # noqa: PLR2004
            items.append(flag.as_evidence(text))
    return tuple(items)


def build_tagger(brands: Sequence[Brand], surroundings: Surroundings = NOTHING) -> Tagger:
    """Return a tagger for this watchlist.

    Args:
        brands: The watchlist.
        surroundings: What is known of sources, authors and earlier verdicts.

    Raises:
        TaggingError: A shipped lexicon is missing or a pipeline cannot be built.
    """
    return Tagger(brands, surroundings)


def annotate(
    documents: Iterable[Document], tagger: Tagger, *, batch_size: int = BATCH_SIZE
) -> Iterator[TaggedDocument]:
    """Yield one tagged document per document, in order; many name no brand and have no mention.

    Language is found for all of them; only those that can name a brand pass through spaCy.
    """
    for batch in _batches(documents, batch_size):
        languages: list[str] = []
        prepared: list[_Prepared] = []
        for number, document in enumerate(batch):
            text = document.full_text
            folded = fold(text)
            words = folded_words(folded.text)
            language = find_language(text, words, declared=document.language)
            languages.append(language)
            if tagger.matcher.may_find(words):
                prepared.append(_Prepared(number, document, text, folded, words, language))
        mentions, exclusions = tagger.read(prepared)
        topics = {
            one.number: tagger.topics.tags(one.folded, one.words, mentions.get(one.number, ()))
            for one in prepared
        }
        for number, document in enumerate(batch):
            yield TaggedDocument(
                document_id=document.document_id,
                content_hash=document.content_hash,
                language=languages[number],
                mentions=tuple(mentions.get(number, ())),
                tagger_version=tagger.version,
                exclusions=exclusions.get(number, ()),
                topics=topics.get(number, ()),
            )


def _batches(documents: Iterable[Document], batch_size: int) -> Iterator[list[Document]]:
    """Yield documents in batches of bounded number and length."""
    batch: list[Document] = []
    characters = 0
    for document in documents:
        batch.append(document)
        characters += len(document.text)
        if len(batch) >= batch_size or characters >= BATCH_CHARS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def explain(text: str, tagger: Tagger, *, language: str | None = None) -> TaggedDocument:
    """Tag one text that no source brought, for « Pourquoi ? » on the command line.

    Args:
        text: What somebody typed.
        tagger: The watchlist.
        language: ``fr`` or ``en`` when it is known; else it is found.
    """
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    document = Document(
        document_id=digest,
        source_id="explain",
        kind=SourceKind.FEED,
        url=None,
        canonical_url=None,
        title="",
        text=text,
        author_key=None,
        language=language,
        published_at=None,
        published_at_quality=DateQuality.COLLECTED,
        fetched_at=_NEVER,
        content_hash=digest,
    )
    return next(annotate([document], tagger))


#: A typed text has no date; nothing of it is stored.
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
