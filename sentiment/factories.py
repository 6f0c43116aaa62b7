"""Registers our components with spaCy; their configuration is plain JSON.

Importing this module is all that ``spacy.blank(...).add_pipe("vigie_…")`` needs.
"""

from collections.abc import Callable
from typing import Any, Final

from spacy.language import Language
from spacy.util import registry

from sentiment.components.brands import WATCHLIST_KEY, BrandTagger
from sentiment.components.flags import Flagger
from sentiment.components.insults import InsultFlagger
from sentiment.components.opinions import OpinionFinder
from sentiment.components.sentences import SentenceCutter
from sentiment.components.targets import TargetScorer
from sentiment.components.tokenizer import FoldingTokenizer
from sentiment.components.trained import TrainedScorer

TOKENIZER: Final = "vigie.FoldingTokenizer.v1"
#: The components in the order in which they need each other.
PIPELINE: Final = (
    "vigie_sentences",
    "vigie_brands",
    "vigie_opinions",
    "vigie_targets",
    "vigie_trained",
    "vigie_flags",
    "vigie_insults",
)


@registry.tokenizers(TOKENIZER)  # type: ignore[untyped-decorator]
def make_folding_tokenizer(language: str) -> Callable[[Language], FoldingTokenizer]:
    """Return the function with which spaCy builds the tokenizer for a pipeline."""

    def build(nlp: Language) -> FoldingTokenizer:
        return FoldingTokenizer(nlp.vocab, language=language)

    return build


@Language.factory("vigie_sentences", assigns=["token.is_sent_start"])
def make_sentence_cutter(nlp: Language, name: str) -> SentenceCutter:
    """Build the sentence segmentation; it has no settings."""
    del nlp
    return SentenceCutter(name)


@Language.factory(
    "vigie_brands",
    assigns=["doc.spans"],
    default_config={"watchlist": [], "spans_key": WATCHLIST_KEY},
)
def make_brand_tagger(
    nlp: Language, name: str, watchlist: list[dict[str, Any]], spans_key: str
) -> BrandTagger:
    """Build the brand matcher from the watchlist, each brand as ``brand_as_json``."""
    del nlp
    return BrandTagger(name, watchlist=watchlist, spans_key=spans_key)


@Language.factory("vigie_opinions", default_config={"language": "fr"})
def make_opinion_finder(nlp: Language, name: str, language: str) -> OpinionFinder:
    """Build the opinion finder; ``language`` chooses the lexicon: fr, en, other."""
    del nlp
    return OpinionFinder(name, language=language)


@Language.factory("vigie_targets")
def make_target_scorer(nlp: Language, name: str) -> TargetScorer:
    """Build what gives opinions to brands; it has no settings."""
    del nlp
    return TargetScorer(name)


@Language.factory("vigie_trained", default_config={"language": "fr"})
def make_trained_scorer(nlp: Language, name: str, language: str) -> TrainedScorer:
    """Build what adds the trained models; ``language`` chooses the weights: fr, en, other."""
    del nlp
    return TrainedScorer(name, language=language)


@Language.factory("vigie_flags", default_config={"language": "fr"})
def make_flagger(nlp: Language, name: str, language: str) -> Flagger:
    """Build the flags; ``language`` chooses the cues: fr, en, other."""
    del nlp
    return Flagger(name, language=language)


@Language.factory("vigie_insults", default_config={"language": "fr"})
def make_insult_flagger(nlp: Language, name: str, language: str) -> InsultFlagger:
    """Build the trained insult flag; ``language`` chooses the weights: fr, en, other."""
    del nlp
    return InsultFlagger(name, language=language)
