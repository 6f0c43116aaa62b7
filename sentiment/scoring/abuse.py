"""Insults, and English irony: two-class heads with an abuse lexicon of their own."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from listening.errors import TaggingError
from sentiment.scoring.head import Head
from sentiment.scoring.lexemes import Floats
from sentiment.scoring.polarity import Scored, encoded_chunks, taken_apart
from sentiment.scoring.valence import encoder_for
from sentiment.scoring.weights import Weights, read_arrays, softmax

FILE: Final = "abuse.npz"
#: Which (task, language) there are. French irony has no data: rules only.
HEADS: Final = (("insult", "fr"), ("insult", "en"), ("irony", "en"))


class AbuseModel:
    """Two-class heads; build it once with :meth:`load`."""

    def __init__(self, heads: dict[tuple[str, str], Head]) -> None:
        """Take the heads by (task, language)."""
        self._heads = heads

    @classmethod
    def load(cls) -> "AbuseModel":
        """Read the shipped weights.

        Raises:
            TaggingError: A file is missing or broken.
        """
        arrays = read_arrays(FILE)
        return cls(
            {
                (task, language): Head(
                    Weights.unpacked(f"{language}.{task}", arrays), encoder_for("abuse", language)
                )
                for task, language in HEADS
            }
        )

    def _head(self, task: str, language: str) -> Head:
        try:
            return self._heads[task, language]
        except KeyError as error:
            raise TaggingError(f"no {task} model for {language!r}") from error

    def predict(self, texts: Sequence[str], language: str, task: str = "insult") -> Floats:
        """Return the probability that each text is an insult (or ironic); shape (n_texts,).

        Raises:
            TaggingError: There is no model for this task and language.
        """
        head, encoder = self._head(task, language), encoder_for("abuse", language)
        found = [head.logits(encoded) for _, encoded in encoded_chunks(encoder, texts)]
        if not found:
            return np.zeros(0, np.float32)
        chances: Floats = softmax(np.concatenate(found))[:, 1]
        return chances

    def chances(self, texts: Sequence[str], language: str) -> dict[str, Floats]:
        """Return what :meth:`predict` returns for every task of a language; texts are cut once."""
        tasks = [task for task, one in self._heads if one == language]
        encoder = encoder_for("abuse", language)
        found: dict[str, list[Floats]] = {task: [] for task in tasks}
        for _, encoded in encoded_chunks(encoder, texts):
            for task in tasks:
                logits = self._heads[task, language].logits(encoded)
                found[task].append(softmax(logits)[:, 1])
        none = [np.zeros(0, np.float32)]
        return {task: np.concatenate(parts or none) for task, parts in found.items()}

    def score_all(self, texts: Sequence[str], language: str, task: str = "insult") -> list[Scored]:
        """Return the scores (no, yes) of many texts, taken apart.

        Raises:
            TaggingError: There is no model for this task and language.
        """
        head, encoder = self._head(task, language), encoder_for("abuse", language)
        return [
            one
            for chunk, encoded in encoded_chunks(encoder, texts)
            for one in taken_apart(encoder, chunk, encoded, head.parts(encoded), head.bias)
        ]
