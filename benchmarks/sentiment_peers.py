"""The peers of the sentiment benchmark, each as a function from a text to neg, neu or pos."""

from collections.abc import Callable
from dataclasses import dataclass

import asent
import spacy
from afinn import Afinn
from textblob import Blobber
from textblob_fr import PatternAnalyzer, PatternTagger
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
from vaderSentiment_fr.vaderSentiment import SentimentIntensityAnalyzer as FrenchAnalyzer

Judge = Callable[[str], str]
#: VADER's own border between neutral and charged, on its compound score; also asent's.
COMPOUND = 0.05


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool of one language."""

    name: str
    language: str
    build: Callable[[], Judge]


def label(score: float, border: float = COMPOUND) -> str:
    if score >= border:
        return "pos"
    return "neg" if score <= -border else "neu"


def vader() -> Judge:
    analyser = SentimentIntensityAnalyzer()
    return lambda text: label(analyser.polarity_scores(text)["compound"])


def vader_fr() -> Judge:
    analyser = FrenchAnalyzer()
    return lambda text: label(analyser.polarity_scores(text)["compound"])


def textblob_fr() -> Judge:
    blob = Blobber(pos_tagger=PatternTagger(), analyzer=PatternAnalyzer())
    return lambda text: label(blob(text).sentiment[0])


def afinn() -> Judge:
    scorer = Afinn(emoticons=True)
    return lambda text: label(scorer.score(text), 0.5)


def asent_en() -> Judge:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("asent_en_v1")
    return lambda text: label(nlp(text)._.polarity.compound)


PEERS = (
    Peer("VADER-fr", "fr", vader_fr),
    Peer("TextBlob-fr", "fr", textblob_fr),
    Peer("VADER", "en", vader),
    Peer("AFINN", "en", afinn),
    Peer("asent", "en", asent_en),
)
__all__ = ["PEERS", "Judge", "Peer", "asent"]
