"""A linear head over hashed n-grams and cues; every word answers for its part of the score."""

import numpy as np

from sentiment.scoring.encoding import Encoded, Encoder
from sentiment.scoring.lexemes import Floats, Ints
from sentiment.scoring.per_lexeme import PerLexeme
from sentiment.scoring.weights import Weights, closed, rows_times


class Head:
    """Scores encoded texts with one set of weights (blocks ``words`` and ``chars``, dense cues)."""

    def __init__(self, weights: Weights, encoder: Encoder) -> None:
        """Take the weights and the encoder of their language."""
        self._words = weights.blocks["words"]
        self._chars = weights.blocks["chars"]
        self._cues = weights.dense
        self._bias = weights.bias
        self._encoder = encoder
        self._char_scores = PerLexeme(encoder.table, weights.bias.shape, self._score_chars)

    @property
    def bias(self) -> Floats:
        """Logits of a text without any word."""
        logits: Floats = closed(self._bias[None, :])[0]
        return logits

    def logits(self, encoded: Encoded) -> Floats:
        """Return the logits of all classes; shape (n_texts, n_classes)."""
        tokens = encoded.tokens
        text = tokens.text_of[encoded.ends]
        found = self._words[encoded.buckets]
        chars = self._char_scores.rows()[tokens.lexemes]
        columns = []
        for column in range(len(self._bias)):
            words = np.bincount(text, found[:, column], minlength=len(tokens))
            letters = np.add.reduceat(chars[:, column], tokens.starts)
            columns.append(words * encoded.word_factor + letters * encoded.char_factor)
        scores = (
            np.stack(columns, axis=1) + rows_times(encoded.cues.values, self._cues) + self._bias
        )
        return closed(scores.astype(np.float32))

    def parts(self, encoded: Encoded) -> Floats:
        """Return what each entry adds to the logits; with the bias they sum to :meth:`logits`."""
        tokens = encoded.tokens
        of = tokens.text_of
        chars = self._char_scores.rows()[tokens.lexemes] * encoded.char_factor[of][:, None]
        cues = rows_times(encoded.cues.by_token * encoded.cues.scale[of], self._cues)
        found = self._words[encoded.buckets] * encoded.word_factor[of[encoded.ends]][:, None]
        words = spread_ngrams(found, encoded.ends, encoded.sizes, len(of))
        return closed((chars + cues + words).astype(np.float32))

    def _score_chars(self, first: int) -> Floats:
        lists = self._encoder.chars()[first:]
        return np.array([self._chars[one].sum(axis=0) for one in lists], np.float32)


def spread_ngrams(scores: Floats, ends: Ints, sizes: Ints, entry_count: int) -> Floats:
    """Share the score of each n-gram equally among its words; shape (n_entries, n_columns)."""
    total = np.zeros((entry_count, scores.shape[1]))
    lengths = np.maximum(sizes, 1)
    shares = scores / lengths[:, None]
    for back in range(int(lengths.max(initial=1))):
        reach = lengths > back
        entries = ends[reach] - back
        for column in range(scores.shape[1]):
            total[:, column] += np.bincount(entries, shares[reach, column], minlength=entry_count)
    return total.astype(np.float32)
