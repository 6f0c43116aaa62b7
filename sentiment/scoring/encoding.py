"""Texts of one language as the numbers all heads share: entries, n-grams, cues."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sentiment.scoring.cues import Cues, text_cues
from sentiment.scoring.lexemes import Floats, Ints, LexemeTable, TokenBatch
from sentiment.scoring.ngrams import char_ngrams, word_ngrams
from sentiment.scoring.per_lexeme import PerLexeme

#: Buckets of words and of characters: 2 to these powers.
WORD_BITS: Final = 18
CHAR_BITS: Final = 18
#: Longest n-gram of words.
LONGEST: Final = 2


@dataclass(frozen=True, slots=True)
class Encoded:
    """A batch of texts, ready for any head of its language."""

    tokens: TokenBatch
    buckets: Ints  # of the word n-grams
    ends: Ints  # entry at which each of them ends
    sizes: Ints  # words in each of them; 0: one negated word
    word_factor: Floats  # 1 / sqrt(number of word n-grams); shape (n_texts,)
    char_factor: Floats  # the same for character n-grams
    cues: Cues


class Encoder:
    """Encodes texts of one language; keeps what it learnt of each spelling."""

    def __init__(self, table: LexemeTable) -> None:
        """Take the table of the language."""
        self.table = table
        self._version = table.version
        self._chars: list[Ints] = []
        self._char_counts = PerLexeme(table, (), self._count_chars)

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Cut and hash texts; at least one."""
        return self.encode_tokens(self.table.batch(texts))

    def encode_tokens(self, tokens: TokenBatch) -> Encoded:
        """Hash texts already cut."""
        buckets, ends, sizes = word_ngrams(self.table, tokens, bits=WORD_BITS, longest=LONGEST)
        count = len(tokens)
        words = np.bincount(tokens.text_of[ends], minlength=count)
        chars = np.add.reduceat(self.char_counts()[tokens.lexemes], tokens.starts)
        return Encoded(
            tokens, buckets, ends, sizes, root(words), root(chars), text_cues(self.table, tokens)
        )

    def chars(self) -> list[Ints]:
        """Return the character buckets of every lexeme met so far; none for opening entries."""
        if self._version != self.table.version:
            self._version, self._chars = self.table.version, []
        for folded in self.table.folded[len(self._chars) :]:
            self._chars.append(char_ngrams(folded, bits=CHAR_BITS))
        return self._chars

    def char_counts(self) -> Floats:
        """Return how many character n-grams each lexeme has."""
        return self._char_counts.rows()

    def _count_chars(self, first: int) -> Floats:
        return np.array([len(one) for one in self.chars()[first:]], np.float32)


def root(counts: Ints | Floats) -> Floats:
    """Return 1 / sqrt(count), which keeps long and short texts comparable."""
    return (1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)
