"""The tokenizer of our pipelines: folds the text once, for all components."""

import re
from itertools import pairwise
from typing import Any, Final

from spacy.tokens import Doc
from spacy.vocab import Vocab

from listening.text import Folded, fold
from sentiment.words import Words, cut

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class FoldingTokenizer:
    """Makes a ``Doc`` whose ``user_data["words"]`` holds the same tokens in folded form.

    The tokens join to the text, except that a lone surrogate, which no UTF-8 string store can keep,
    becomes U+FFFD, and a no-break space between words a plain one; offsets stay the same.
    """

    def __init__(self, vocab: Vocab, *, language: str) -> None:
        """Cut by the rules of ``language``."""
        self.vocab = vocab
        self.language = language

    def __call__(self, text: str) -> Doc:
        """Return the tokenised document."""
        return self.make_doc(text, fold(text))

    def make_doc(self, text: str, folded: Folded) -> Doc:
        """Return the tokenised document of a text that has been folded before."""
        words = cut(text, folded, self.language)
        storable = _SURROGATE.sub("\ufffd", text)
        written, spaces = _pieces(storable, words)
        return Doc(self.vocab, words=written, spaces=spaces, user_data={"words": words})

    def to_disk(self, path: Any, **_: Any) -> None:
        """Nothing to keep: the configuration says it all."""
        del path

    def from_disk(self, path: Any, **_: Any) -> "FoldingTokenizer":
        """Return itself, see ``to_disk``."""
        del path
        return self

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing to keep: the configuration says it all."""
        return b""

    def from_bytes(self, data: bytes, **_: Any) -> "FoldingTokenizer":
        """Return itself, see ``to_bytes``."""
        del data
        return self


def _pieces(text: str, words: Words) -> tuple[list[str], list[bool]]:
    """Return the tokens as written; they tile the text, invisible characters included."""
    if not words.norms:
        # Nothing visible: one token for all of it, so that no character is lost.
        if text:
            words.norms.append(" ")
            words.starts.append(0)
            words.ends.append(0)
        return ([text] if text else []), ([False] if text else [])
    starts, ends = words.starts, words.ends
    followers = [*starts[1:], len(words.folded.text)]
    if words.folded.is_one_to_one:
        written = [text[begin:end] for begin, end in zip(starts, ends, strict=True)]
        return written, [end < follower for end, follower in zip(ends, followers, strict=True)]
    # A dropped character may stand anywhere: a token then reaches as far as the next one.
    start_of = words.folded.start_of
    borders = [0, *(start_of(start) for start in starts[1:]), len(text)]
    written = [text[begin:end] for begin, end in pairwise(borders)]
    return written, [False] * len(written)
