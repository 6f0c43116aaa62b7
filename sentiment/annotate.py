"""The public face of tagging: documents in, mentions out; no spaCy object crosses this border."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import islice
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
from listening.text import FOLDED_WORD, Folded, fold
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
CODE_VERSION: Final = "5"
#: Length of a version, in hexadecimal digits.
VERSION_DIGITS: Final = 12

#: Document, its full text, that folded, its folded words, its language.
Prepared = tuple[Document, str, Folded, Sequence[str], str]
#: Document, what of it is read in one language, that folded.
Found = tuple[Document, Folded, Part]


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
        self._pipelines = cache(lambda language: build_nlp(language, self.brands))

    def read(
        self, prepared: Sequence[Prepared]
    ) -> tuple[dict[str, list[Mention]], dict[str, tuple[Exclusion, ...]]]:
        """Return what one batch names, and what it names but does not mean, by document_id."""
        mentions: dict[str, list[Mention]] = {}
        exclusions: dict[str, tuple[Exclusion, ...]] = {}
        by_language: dict[str, list[Found]] = defaultdict(list)
        for document, text, folded, words, language in prepared:
            facts = self.surroundings.facts_of(document, language)
            matches = self.matcher.match(text, folded, facts, words)
            matches = self.surroundings.without_homonyms(document, folded, matches)
            if matches.exclusions:
                exclusions[document.document_id] = matches.exclusions
            if matches.hits:
                for part in by_sentence(text, matches.hits, language):
                    known = folded if part.text == text else fold(part.text)
                    by_language[part.language].append((document, known, part))
        for language, items in by_language.items():
            nlp = self._pipelines(language)
            tokenizer = nlp.tokenizer
            if not isinstance(tokenizer, FoldingTokenizer):
                raise TaggingError(f"the pipeline {language!r} has lost its tokenizer")
            with nlp.memory_zone():  # words of the web would fill the vocabulary for ever
                docs = [_doc(tokenizer, one.text, folded, one.judged) for _, folded, one in items]
                for doc, (document, folded, one) in zip(nlp.pipe(docs), items, strict=True):
                    found = self._mentions(document, folded, doc, one)
                    mentions.setdefault(document.document_id, []).extend(found)
                docs.clear()
        return mentions, exclusions

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


def _doc(tokenizer: FoldingTokenizer, text: str, folded: Folded, hits: Sequence[Hit]) -> Doc:
    """Return the document that goes through the pipeline: its judged part, its hits known."""
    part = excerpt(text, hits)
    doc = tokenizer.make_doc(part.text, folded if part.text == text else fold(part.text))
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
    documents: Iterable[Document], tagger: Tagger, *, batch_size: int = 64
) -> Iterator[TaggedDocument]:
    """Yield one tagged document per document, in order; many name no brand and have no mention.

    Language is found for all of them; only those that can name a brand pass through spaCy.
    """
    iterator = iter(documents)
    while batch := list(islice(iterator, batch_size)):
        languages: list[str] = []
        prepared: list[Prepared] = []
        for document in batch:
            text = document.full_text
            folded = fold(text)
            words = FOLDED_WORD.findall(folded.text)
            language = find_language(text, words, declared=document.language)
            languages.append(language)
            if tagger.matcher.may_find(words):
                prepared.append((document, text, folded, words, language))
        mentions, exclusions = tagger.read(prepared)
        topics = {
            document.document_id: tagger.topics.tags(
                folded, words, mentions.get(document.document_id, ())
            )
            for document, _, folded, words, _ in prepared
        }
        for document, language in zip(batch, languages, strict=True):
            yield TaggedDocument(
                document_id=document.document_id,
                content_hash=document.content_hash,
                language=language,
                mentions=tuple(mentions.get(document.document_id, ())),
                tagger_version=tagger.version,
                exclusions=exclusions.get(document.document_id, ()),
                topics=topics.get(document.document_id, ()),
            )


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
