"""Polarity of a text as a whole: one trained head by language and kind of source."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from listening.errors import TaggingError
from sentiment.scoring.head import Head
from sentiment.scoring.lexemes import Floats
from sentiment.scoring.valence import LANGUAGES, encoder_for
from sentiment.scoring.weights import Weights, read_arrays, softmax

Kind = Literal["review", "social"]
KINDS: Final[tuple[Kind, ...]] = ("review", "social")
FILE: Final = "polarity.npz"
#: Order of the classes in every array of probabilities.
CLASSES: Final = ("negative", "neutral", "positive")
#: Characters of a text that are read.
MAX_CHARS: Final = 20_000
#: Texts scored together; more would only fill the memory.
CHUNK: Final = 256


@dataclass(frozen=True, slots=True)
class Part:
    """What one token adds to the logits of the classes."""

    start: int
    end: int
    logits: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score taken apart: ``bias`` and the parts sum to ``logits``, class by class."""

    bias: tuple[float, ...]
    parts: tuple[Part, ...]
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]


def explanation(
    bias: Floats, parts: Floats, spans: Sequence[tuple[int, int]], logits: Floats
) -> Explanation:
    """Put an explanation together; the entry that opens the text goes to the bias."""
    return Explanation(
        bias=tuple((bias + parts[0]).tolist()),
        parts=tuple(
            Part(start, end, tuple(row))
            for (start, end), row in zip(spans, parts[1:].tolist(), strict=True)
        ),
        logits=tuple(logits.tolist()),
        probabilities=tuple(softmax(logits[None, :])[0].tolist()),
    )


class PolarityModel:
    """Heads of both languages; build it once with :meth:`load`."""

    def __init__(self, heads: dict[tuple[str, str], Head]) -> None:
        """Take the heads by (language, kind)."""
        self._heads = heads

    @classmethod
    def load(cls) -> "PolarityModel":
        """Read the shipped weights.

        Raises:
            TaggingError: A file is missing or broken.
        """
        arrays = read_arrays(FILE)
        return cls(
            {
                (language, kind): Head(
                    Weights.unpacked(f"{language}.{kind}", arrays), encoder_for("opinion", language)
                )
                for language in LANGUAGES
                for kind in KINDS
            }
        )

    def head(self, language: str, kind: Kind) -> Head:
        """Return one head.

        Raises:
            TaggingError: There is none for this language.
        """
        try:
            return self._heads[language, kind]
        except KeyError as error:
            raise TaggingError(f"no polarity model for {language!r}, {kind!r}") from error

    def predict(self, texts: Sequence[str], language: str, kind: Kind) -> Floats:
        """Return the probabilities of :data:`CLASSES`; shape (n_texts, 3).

        Args:
            texts: Read up to :data:`MAX_CHARS` characters each.
            language: ``fr`` or ``en``.
            kind: ``review`` for customer reviews, ``social`` for all else.

        Raises:
            TaggingError: There is no model for this language.
        """
        head, encoder = self.head(language, kind), encoder_for("opinion", language)
        found = [
            head.logits(encoder.encode([text[:MAX_CHARS] for text in texts[i : i + CHUNK]]))
            for i in range(0, len(texts), CHUNK)
        ]
        return softmax(np.concatenate(found)) if found else np.zeros((0, 3), np.float32)

    def explain(self, text: str, language: str, kind: Kind) -> Explanation:
        """Return one text's score with the part of every token.

        Raises:
            TaggingError: There is no model for this language.
        """
        head, encoder = self.head(language, kind), encoder_for("opinion", language)
        text = text[:MAX_CHARS]
        encoded = encoder.encode([text])
        spans = encoder.table.spans(text)
        return explanation(head.bias, head.parts(encoded), spans, head.logits(encoded)[0])
