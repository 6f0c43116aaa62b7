"""Polarity of a text as a whole: one trained head by language and kind of source.

Where the language's networks read whole texts too, their votes are added to those of the head.
"""

from collections.abc import Iterator, Sequence
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

    def votes(self, encoded: Encoded) -> Floats | None:
        """Return what the networks say of each entry; None where there are none."""
        return None if self.panel is None else self.panel.whole_parts(encoded.tokens)

    def parts(self, encoded: Encoded, votes: Floats | None) -> Floats:
        """Return what each entry adds to the logits; with the bias they sum to :meth:`logits`."""
        parts = self.head.parts(encoded)
        return parts if votes is None else self._with(parts, votes)

    def logits(self, encoded: Encoded) -> Floats:
        """Return the logits of all classes; shape (n_texts, n_classes)."""
        logits, votes = self.head.logits(encoded), self.votes(encoded)
        if votes is None:
            return logits
        return self._with(logits, np.add.reduceat(votes, encoded.tokens.starts, axis=0))

    def _with(self, linear: Floats, votes: Floats) -> Floats:
        mixed: Floats = (1 - self.share) * linear + self.share * votes
        return (mixed * self.scale).astype(np.float32)


def encoded_chunks(
    encoder: Encoder, texts: Sequence[str]
) -> Iterator[tuple[Sequence[str], Encoded]]:
    """Yield texts, some at a time, as far as they are read, and as the heads read them."""
    for i in range(0, len(texts), CHUNK):
        chunk = [text[:MAX_CHARS] for text in texts[i : i + CHUNK]]
        yield chunk, encoder.encode(chunk)


def taken_apart(
    encoder: Encoder, chunk: Sequence[str], encoded: Encoded, by_entry: Floats, biases: Floats
) -> Iterator[Scored]:
    """Yield the score of every text; what the entry that opens it adds goes to its bias."""
    logits = biases + np.add.reduceat(by_entry, encoded.tokens.starts, axis=0)
    biases = biases + by_entry[encoded.tokens.starts]
    parts = np.split(by_entry, encoded.tokens.starts[1:])
    each = zip(biases, parts, encoder.table.spans(chunk), logits, strict=True)
    for bias, part, places, one in each:
        yield Scored(bias, part[1:], places, one)


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
        found = [head.logits(encoded) for _, encoded in encoded_chunks(encoder, texts)]
        return np.concatenate(found) if found else np.zeros((0, 3), np.float32)

    def explain(self, text: str, language: str, kind: Kind) -> Explanation:
        """Return one text's score with the part of every token.

        Raises:
            TaggingError: There is no model for this language.
        """
        return self.score_all([text], language, kind)[0].explanation()

    def score_all(
        self, texts: Sequence[str], language: str, kind: Kind | None = None
    ) -> list[Scored]:
        """Return the scores of many texts, taken apart.

        Args:
            texts: Read up to :data:`MAX_CHARS` characters each.
            language: ``fr`` or ``en``.
            kind: Of all of them; None: each as it reads, its source does not say it.

        Raises:
            TaggingError: There is no model for this language.
        """
        mixtures = [self.mixture(language, one) for one in KINDS]
        biases = np.stack([one.bias for one in mixtures])
        encoder, router = encoder_for("opinion", language), self.head(language, _ROUTER)
        found: list[Scored] = []
        for chunk, encoded in encoded_chunks(encoder, texts):
            if kind is None:
                kinds = (router.logits(encoded)[:, 1] <= REVIEW_FROM).astype(np.int64)
            else:
                kinds = np.full(len(chunk), KINDS.index(kind))
            votes, kind_of = mixtures[0].votes(encoded), kinds[encoded.tokens.text_of]
            by_entry = np.zeros((len(kind_of), len(CLASSES)), np.float32)
            for number in np.unique(kinds).tolist():
                here = kind_of == number
                by_entry[here] = mixtures[number].parts(encoded, votes)[here]
            found += taken_apart(encoder, chunk, encoded, by_entry, biases[kinds])
        return found


def _shipped_heads() -> dict[tuple[str, str], Head]:
    arrays = read_arrays(FILE)
    return {
        (language, kind): Head(
            Weights.unpacked(f"{language}.{kind}", arrays), encoder_for("opinion", language)
        )
        for language in LANGUAGES
        for kind in (*KINDS, _ROUTER)
    }
