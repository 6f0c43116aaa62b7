"""Polarity of a text as a whole: one trained head by language and kind of source.

Where the language's networks read whole texts too, their votes are added to those of the head.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from listening.errors import TaggingError
from sentiment.scoring.encoding import Encoded, Encoder
from sentiment.scoring.head import Head
from sentiment.scoring.lexemes import Floats, Ints
from sentiment.scoring.student import Panel, Student, shipped_panel
from sentiment.scoring.student_file import StudentWeights
from sentiment.scoring.valence import LANGUAGES, encoder_for
from sentiment.scoring.weights import Weights, read_arrays, softmax

Kind = Literal["review", "social"]
KINDS: Final[tuple[Kind, ...]] = ("review", "social")
_ROUTER: Final = "kind"
#: Logit from which a text of unknown source is read as a review; a post taken for one loses more
#: than a review taken for a post.
REVIEW_FROM: Final = 0.3
FILE: Final = "polarity.npz"
#: Order of the classes in every array of probabilities.
CLASSES: Final = ("negative", "neutral", "positive")
#: Characters of a text that are read.
MAX_CHARS: Final = 20_000
#: Texts scored together; more would only fill the memory.
CHUNK: Final = 256
#: How much the networks count beside the head; chosen on the development sets.
WHOLE_SHARE: Final[dict[Kind, float]] = {"review": 0.5, "social": 0.5}


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


@dataclass(frozen=True, slots=True)
class Scored:
    """The same as arrays, for whoever reads many: parts have one row a token."""

    bias: Floats  # (n_classes,)
    parts: Floats  # (n_tokens, n_classes)
    places: Ints  # (n_tokens, 2)
    logits: Floats  # (n_classes,)

    def explanation(self) -> Explanation:
        """Return it token by token."""
        return Explanation(
            bias=tuple(self.bias.tolist()),
            parts=tuple(
                Part(start, end, tuple(row))
                for (start, end), row in zip(self.places.tolist(), self.parts.tolist(), strict=True)
            ),
            logits=tuple(self.logits.tolist()),
            probabilities=tuple(softmax(self.logits[None, :])[0].tolist()),
        )


@dataclass(frozen=True, slots=True)
class Mixture:
    """A head, perhaps with networks beside it."""

    head: Head
    panel: Panel | None = None
    share: float = 0.0  # of the networks
    scale: float = 1.0  # of the mean of both

    @property
    def bias(self) -> Floats:
        """Logits of a text without any word."""
        bias = self.head.bias
        return bias if self.panel is None else bias * np.float32((1 - self.share) * self.scale)

    def parts(self, encoded: Encoded) -> Floats:
        """Return what each entry adds to the logits; with the bias they sum to :meth:`logits`."""
        parts = self.head.parts(encoded)
        return self._with(parts, self.panel.whole_parts(encoded.tokens)) if self.panel else parts

    def logits(self, encoded: Encoded) -> Floats:
        """Return the logits of all classes; shape (n_texts, n_classes)."""
        logits = self.head.logits(encoded)
        if self.panel is None:
            return logits
        votes = self.panel.whole_parts(encoded.tokens)
        return self._with(logits, np.add.reduceat(votes, encoded.tokens.starts, axis=0))

    def _with(self, linear: Floats, votes: Floats) -> Floats:
        mixed: Floats = (1 - self.share) * linear + self.share * votes
        return (mixed * self.scale).astype(np.float32)


def scored_by(head: Head | Mixture, encoder: Encoder, texts: Sequence[str]) -> list[Scored]:
    """Return the score of every text by one head, taken apart.

    What the entry that opens a text adds goes to the bias.
    """
    found = []
    bias = head.bias
    for i in range(0, len(texts), CHUNK):
        chunk = [text[:MAX_CHARS] for text in texts[i : i + CHUNK]]
        encoded = encoder.encode(chunk)
        by_entry = head.parts(encoded)
        logits = bias + np.add.reduceat(by_entry, encoded.tokens.starts, axis=0)
        parts = np.split(by_entry, encoded.tokens.starts[1:])
        for part, places, one in zip(parts, encoder.table.spans(chunk), logits, strict=True):
            found.append(Scored(bias + part[0], part[1:], places, one))
    return found


class PolarityModel:
    """Heads of both languages; build it once with :meth:`load`."""

    def __init__(
        self, heads: dict[tuple[str, str], Head], panels: dict[str, Panel] | None = None
    ) -> None:
        """Take the heads by (language, kind), and panels that read whole texts beside them."""
        self._heads = heads
        self._panels = panels or {}

    @classmethod
    def load(cls) -> "PolarityModel":
        """Read the shipped weights.

        Raises:
            TaggingError: A file is missing or broken.
        """
        panels = {
            language: panel
            for language in LANGUAGES
            if (panel := shipped_panel(language)) is not None and panel.reads_whole
        }
        return cls(_shipped_heads(), panels)

    @classmethod
    def with_student(cls, language: str, *students: StudentWeights) -> "PolarityModel":
        """Return the shipped heads beside other networks: what training measures.

        Raises:
            TaggingError: A file is missing or broken.
        """
        encoder = encoder_for("opinion", language)
        return cls(_shipped_heads(), {language: Panel([Student(one, encoder) for one in students])})

    def kinds(self, texts: Sequence[str], language: str) -> list[Kind]:
        """Return how each text reads, for texts whose source does not say it.

        Raises:
            TaggingError: There is no model for this language.
        """
        head, encoder = self.head(language, _ROUTER), encoder_for("opinion", language)
        kinds: list[Kind] = []
        for i in range(0, len(texts), CHUNK):
            logits = head.logits(
                encoder.encode([text[:MAX_CHARS] for text in texts[i : i + CHUNK]])
            )
            kinds += [
                "review" if is_review else "social" for is_review in logits[:, 1] > REVIEW_FROM
            ]
        return kinds

    def head(self, language: str, kind: str) -> Head:
        """Return one head.

        Raises:
            TaggingError: There is none for this language.
        """
        try:
            return self._heads[language, kind]
        except KeyError as error:
            raise TaggingError(f"no polarity model for {language!r}, {kind!r}") from error

    def mixture(self, language: str, kind: Kind) -> Mixture:
        """Return one head with the network beside it, where there is one.

        Raises:
            TaggingError: There is none for this language.
        """
        head, panel = self.head(language, kind), self._panels.get(language)
        if panel is None:
            return Mixture(head)
        return Mixture(head, panel, WHOLE_SHARE[kind], panel.whole_scale(kind))

    def predict(self, texts: Sequence[str], language: str, kind: Kind) -> Floats:
        """Return the probabilities of :data:`CLASSES`; shape (n_texts, 3).

        Args:
            texts: Read up to :data:`MAX_CHARS` characters each.
            language: ``fr`` or ``en``.
            kind: ``review`` for customer reviews, ``social`` for all else.

        Raises:
            TaggingError: There is no model for this language.
        """
        return softmax(self.logits(texts, language, kind))

    def logits(self, texts: Sequence[str], language: str, kind: Kind) -> Floats:
        """Return the same before they are made to sum to one.

        Raises:
            TaggingError: There is no model for this language.
        """
        head, encoder = self.mixture(language, kind), encoder_for("opinion", language)
        found = [
            head.logits(encoder.encode([text[:MAX_CHARS] for text in texts[i : i + CHUNK]]))
            for i in range(0, len(texts), CHUNK)
        ]
        return np.concatenate(found) if found else np.zeros((0, 3), np.float32)

    def explain(self, text: str, language: str, kind: Kind) -> Explanation:
        """Return one text's score with the part of every token.

        Raises:
            TaggingError: There is no model for this language.
        """
        return self.score_all([text], language, kind)[0].explanation()

    def score_all(self, texts: Sequence[str], language: str, kind: Kind) -> list[Scored]:
        """Return the scores of many texts, taken apart.

        Raises:
            TaggingError: There is no model for this language.
        """
        return scored_by(self.mixture(language, kind), encoder_for("opinion", language), texts)


def _shipped_heads() -> dict[tuple[str, str], Head]:
    arrays = read_arrays(FILE)
    return {
        (language, kind): Head(
            Weights.unpacked(f"{language}.{kind}", arrays), encoder_for("opinion", language)
        )
        for language in LANGUAGES
        for kind in (*KINDS, _ROUTER)
    }
