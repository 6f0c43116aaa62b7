"""Stories: documents of one text, told by the hash of their folded words."""

import hashlib

from listening.model import Document
from listening.text import FOLDED_WORD, fold

#: Shorter texts are too often equal by chance ("Merci beaucoup !") to be one story.
MIN_STORY_WORDS = 8


def story_key(document: Document) -> str:
    """Return the story of a document: that of its words, when there are enough of them.

    Folded words of the text, else of title and text; a document with fewer than
    ``MIN_STORY_WORDS`` is its own story. Copies under one canonical URL are one document already.
    """
    if document.story_id:
        return document.story_id
    for text in (document.text, document.full_text):
        words = FOLDED_WORD.findall(fold(text).text)
        if len(words) >= MIN_STORY_WORDS:
            return hashlib.sha256(b"story\n" + " ".join(words).encode()).hexdigest()[:32]
    return document.document_id
