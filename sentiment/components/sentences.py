"""Sentence segmentation by rules, good on French abbreviations, quotes, ellipses, lines."""

from typing import Any, Final

import numpy as np
from spacy.attrs import SENT_START
from spacy.tokens import Doc

from sentiment.words import Words, find_sentences

#: What spaCy has for a token that begins no sentence: -1, without a sign.
_INSIDE: Final = np.uint64(2**64 - 1)


class SentenceCutter:
    """Component: sets ``token.is_sent_start`` and the sentences of ``doc.user_data["words"]``."""

    def __init__(self, name: str) -> None:
        """Keep the name spaCy gave."""
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Cut the document; an empty one has no sentence."""
        words: Words = doc.user_data["words"]
        words.sentences = find_sentences(words)
        starts: Any = np.full((len(doc), 1), _INSIDE)
        starts[[begin for begin, _ in words.sentences]] = 1
        # Token by token spaCy checks the whole document for a parse each time.
        doc.from_array([SENT_START], starts)
        return doc
