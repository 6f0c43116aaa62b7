"""Sentence segmentation by rules, good on French abbreviations, quotes, ellipses and line breaks."""

from spacy.tokens import Doc

from sentiment.words import Words, find_sentences


class SentenceCutter:
    """Component: sets ``token.is_sent_start`` and the sentences of ``doc.user_data["words"]``."""

    def __init__(self, name: str) -> None:
        """Keep the name spaCy gave."""
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Cut the document; an empty one has no sentence."""
        words: Words = doc.user_data["words"]
        words.sentences = find_sentences(words.norms)
        starts = {begin for begin, _ in words.sentences}
        for token in doc:
            token.is_sent_start = token.i in starts
        return doc
