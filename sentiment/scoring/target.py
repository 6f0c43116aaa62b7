"""Polarity toward one brand: the brand is masked, its clause and surroundings are read apart."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from listening.errors import TaggingError
from sentiment.scoring.context import context_ngrams
from sentiment.scoring.encoding import Encoded, Encoder, root
from sentiment.scoring.grammar import USHER_COUNT
from sentiment.scoring.head import Head, spread_ngrams
from sentiment.scoring.kinds import kinds_of
from sentiment.scoring.lexemes import Floats, Ints, LexemeTable
from sentiment.scoring.polarity import Explanation, PolarityModel, Scored
from sentiment.scoring.student import Panel, Student, shipped_panel
from sentiment.scoring.student_file import StudentWeights
from sentiment.scoring.valence import LANGUAGES, encoder_for
from sentiment.scoring.weights import Weights, closed, read_arrays, rows_times, softmax
from sentiment.scoring.zones import (
    TargetBatch,
    is_handle,
    mask_target,
    target_zones,
    ushered_sums,
    zone_parts,
    zone_sums,
)

FILE: Final = "target.npz"
CONTEXT_BITS: Final = 18
#: Characters read on each side of the brand.
MAX_SIDE: Final = 4_000
CHUNK: Final = 64
#: Sum at which a zone is 0.71 full.
_SPREAD: Final = 1.0
_DENIED: Final = -0.7
#: How much the networks count beside the linear model; chosen on the development sets.
STUDENT_SHARE: Final[dict[str, float]] = {"fr": 0.5, "en": 0.5}
#: How much the social head's score of the whole text counts for a brand named by its handle: what
#: is said to «@kivoo» is said of it. Chosen on en_targeted.dev, whose airlines nothing learns from.
ADDRESSED: Final = 0.8

Span = tuple[int, int]


class TargetEncoding:
    """What the target model reads of a batch: n-grams, context, zone sums, cues."""

    def __init__(
        self,
        encoder: Encoder,
        heads: tuple[Head, Head],
        texts: Sequence[str],
        spans: Sequence[Span],
    ) -> None:
        """Encode texts, each with the span of its brand; at least one."""
        table = encoder.table
        tokens, places = mask_target(table, texts, spans)
        self.encoded: Encoded = encoder.encode_tokens(tokens)
        self.batch: TargetBatch = target_zones(table, tokens, places)
        self.buckets: Ints
        self.buckets, self.ends, self.sizes = context_ngrams(table, self.batch, bits=CONTEXT_BITS)
        self.factor = root(np.bincount(tokens.text_of[self.ends], minlength=len(tokens)))
        #: What kind of firm each brand is known to be.
        self.kinds = kinds_of(texts, spans)
        #: What each token says by the social head, the text read as a whole.
        self.social: Floats = np.zeros((0, 3), np.float32)
        self.signals = self._signals(encoder, heads)
        self.is_addressed = np.array(
            [is_handle(text, span) for text, span in zip(texts, spans, strict=True)], np.float32
        )
        sums, self.zone_factor = zone_sums(self.batch, self.signals, _SPREAD)
        ushered = ushered_sums(self.batch, sums)
        self.dense = np.concatenate([sums, ushered, self.encoded.cues.values], axis=1)

    def _signals(self, encoder: Encoder, heads: tuple[Head, Head]) -> Floats:
        """Return how good and how plain each token is: three lexicons, two heads."""
        tokens = self.encoded.tokens
        valence = encoder.table.valence()[tokens.lexemes] / 2
        valence = np.where(tokens.is_negated[:, None], _DENIED * valence, valence)
        parts = [head.parts(self.encoded) for head in heads]
        self.social = parts[1]
        good = [part[:, 2] - part[:, 0] for part in parts]
        plain = [part[:, 1] for part in parts]
        return np.column_stack([valence, *good, *plain]).astype(np.float32)


class TargetModel:
    """Weights of both languages; build it once with :meth:`load`."""

    def __init__(
        self,
        weights: dict[str, Weights],
        polarity: PolarityModel,
        students: dict[str, Panel],
        share: float | None = None,
    ) -> None:
        """Take the weights by language, and what they build on.

        Args:
            weights: Of the linear model.
            polarity: Heads whose scores of words the linear model reads.
            students: Networks that judge beside it; a language may have none.
            share: How much the networks count, 0 .. 1; None: as the language has it.
        """
        self._weights = weights
        self._polarity = polarity
        self._students = students
        self._shares = STUDENT_SHARE if share is None else dict.fromkeys(LANGUAGES, share)

    @classmethod
    def load(cls, polarity: PolarityModel | None = None) -> "TargetModel":
        """Read the shipped weights.

        Raises:
            TaggingError: A file is missing or broken.
        """
        arrays = read_arrays(FILE)
        weights = {language: Weights.unpacked(language, arrays) for language in LANGUAGES}
        students = {one: panel for one in LANGUAGES if (panel := shipped_panel(one)) is not None}
        return cls(weights, polarity or PolarityModel.load(), students)

    @classmethod
    def with_student(
        cls, language: str, *students: StudentWeights, share: float | None = None
    ) -> "TargetModel":
        """Return the shipped linear model beside other networks: what training measures.

        Raises:
            TaggingError: A file is missing or broken.
        """
        weights = {language: Weights.unpacked(language, read_arrays(FILE))}
        encoder = encoder_for("opinion", language)
        panel = Panel([Student(one, encoder) for one in students])
        return cls(weights, PolarityModel.load(), {language: panel}, share)

    def encode(self, texts: Sequence[str], spans: Sequence[Span], language: str) -> TargetEncoding:
        """Encode texts with their brands, only the part around each brand."""
        cut = [_around(text, span) for text, span in zip(texts, spans, strict=True)]
        heads = (
            self._polarity.head(language, "review"),
            self._polarity.head(language, "social"),
        )
        encoder = encoder_for("opinion", language)
        return TargetEncoding(encoder, heads, [t for t, _ in cut], [s for _, s in cut])

    def predict(self, texts: Sequence[str], spans: Sequence[Span], language: str) -> Floats:
        """Return the probabilities of negative, neutral, positive; shape (n_texts, 3).

        Args:
            texts: Each with one brand to judge; a text with two brands is given twice.
            spans: Characters of the brand in its text, half-open.
            language: ``fr`` or ``en``.

        Raises:
            TaggingError: There is no model for this language.
        """
        return softmax(self.logits(texts, spans, language))

    def logits(self, texts: Sequence[str], spans: Sequence[Span], language: str) -> Floats:
        """Return the same before they are made to sum to one.

        Raises:
            TaggingError: There is no model for this language.
        """
        weights = self._weights_of(language)
        found = []
        for i in range(0, len(texts), CHUNK):
            encoding = self.encode(texts[i : i + CHUNK], spans[i : i + CHUNK], language)
            found.append(self._judged(_logits(weights, encoding), encoding, language))
        return np.concatenate(found) if found else np.zeros((0, 3), np.float32)

    def _judged(self, linear: Floats, encoding: TargetEncoding, language: str) -> Floats:
        """Return the logits of all models together."""
        starts = encoding.batch.tokens.starts
        if (student := self._students.get(language)) is not None:
            votes = np.add.reduceat(student.parts(encoding.batch, encoding.kinds), starts, axis=0)
            linear = self._mixed(language, linear, votes)
        whole = np.add.reduceat(encoding.social, starts, axis=0)
        whole += self._polarity.head(language, "social").bias
        address = ADDRESSED * encoding.is_addressed[:, None]
        return ((linear + address * whole) * _calm(address)).astype(np.float32)

    def _mixed(self, language: str, linear: Floats, votes: Floats) -> Floats:
        share = self._shares[language]
        mixed: Floats = (1 - share) * linear + share * votes
        return (mixed * self._students[language].scale).astype(np.float32)

    def explain(self, text: str, span: Span, language: str) -> Explanation:
        """Return one score with the part of every token but the brand, which goes to the bias.

        Offsets are those of ``text``.

        Raises:
            TaggingError: There is no model for this language.
        """
        return self.score_all([text], [span], language)[0].explanation()

    def score_all(self, texts: Sequence[str], spans: Sequence[Span], language: str) -> list[Scored]:
        """Return the scores of many texts, each taken apart as :meth:`explain` does.

        Raises:
            TaggingError: There is no model for this language.
        """
        weights = self._weights_of(language)
        table = encoder_for("opinion", language).table
        bias = closed(weights.bias[None, :])[0]
        student = self._students.get(language)
        if student is not None:
            bias = bias * np.float32((1 - self._shares[language]) * student.scale)
        found = []
        for i in range(0, len(texts), CHUNK):
            chunk = texts[i : i + CHUNK], spans[i : i + CHUNK]
            encoding = self.encode(*chunk, language)
            starts, of = encoding.encoded.tokens.starts, encoding.encoded.tokens.text_of
            parts = closed(_parts(weights, encoding))
            if student is not None:
                parts = self._mixed(language, parts, student.parts(encoding.batch, encoding.kinds))
            address = ADDRESSED * encoding.is_addressed
            parts = (parts + address[of, None] * encoding.social) * _calm(address)[of, None]
            biases = bias + address[:, None] * self._polarity.head(language, "social").bias
            biases *= _calm(address)[:, None]
            logits = biases + np.add.reduceat(parts, starts, axis=0)
            by_text = np.split(parts, starts[1:])
            places_of = _token_places(table, *chunk)
            found_of = zip(by_text, biases, logits, places_of, strict=True)
            for part, one, scores, (places, brand) in found_of:
                rest = one + part[0] + part[brand + 1]  # the frame of the brand is no word
                tokens = np.concatenate([part[1 : brand + 1], part[brand + 2 :]])
                found.append(Scored(rest, tokens, places, scores))
        return found

    def _weights_of(self, language: str) -> Weights:
        try:
            return self._weights[language]
        except KeyError as error:
            raise TaggingError(f"no target model for {language!r}") from error


def _calm(address: Floats) -> Floats:
    """Return what keeps two models that agree from being twice as sure; fitted on airlines."""
    calmed: Floats = (1 / (1 + 0.625 * address)).astype(np.float32)
    return calmed


def _around(text: str, span: Span) -> tuple[str, Span]:
    start, end = span
    first = max(0, start - MAX_SIDE)
    return text[first : end + MAX_SIDE], (start - first, end - first)


def _token_places(
    table: LexemeTable, texts: Sequence[str], spans: Sequence[Span]
) -> Iterator[tuple[Ints, int]]:
    """Yield where the tokens that the model read stand in a text, and how many come first."""
    cut = [_around(text, span) for text, span in zip(texts, spans, strict=True)]
    before = table.spans([text[:start] for text, (start, _) in cut])
    after = table.spans([text[end:] for text, (_, end) in cut])
    for span, (_, (start, _)), one, other in zip(spans, cut, before, after, strict=True):
        yield np.concatenate([one + (span[0] - start), other + span[1]]), len(one)


def _logits(weights: Weights, encoding: TargetEncoding) -> Floats:
    encoded = encoding.encoded
    of, count = encoded.tokens.text_of, len(encoded.tokens)
    words, context = weights.blocks["words"], weights.blocks["context"]
    columns = []
    for column in range(len(weights.bias)):
        whole = np.bincount(of[encoded.ends], words[encoded.buckets, column], minlength=count)
        near = np.bincount(of[encoding.ends], context[encoding.buckets, column], minlength=count)
        columns.append(whole * encoded.word_factor + near * encoding.factor)
    scores = np.stack(columns, axis=1) + rows_times(encoding.dense, weights.dense) + weights.bias
    if "kinds" in weights.blocks:
        scores += weights.blocks["kinds"][encoding.kinds]
    return closed(scores.astype(np.float32))


def _parts(weights: Weights, encoding: TargetEncoding) -> Floats:
    encoded = encoding.encoded
    of = encoded.tokens.text_of
    whole = weights.blocks["words"][encoded.buckets] * encoded.word_factor[of[encoded.ends], None]
    near = weights.blocks["context"][encoding.buckets] * encoding.factor[of[encoding.ends], None]
    total = spread_ngrams(whole, encoded.ends, encoded.sizes, len(of))
    total += spread_ngrams(near, encoding.ends, encoding.sizes, len(of))
    if "kinds" in weights.blocks:
        total[encoding.batch.offset == 0] += weights.blocks["kinds"][encoding.kinds]
    return total + _zone_parts(weights.dense, encoding)


def _zone_parts(dense: Floats, encoding: TargetEncoding) -> Floats:
    """Return what zones and cues of each entry add: its signals times the weights of its text."""
    of, cues = encoding.encoded.tokens.text_of, encoding.encoded.cues
    width, cue_count = encoding.zone_factor.shape[1], cues.by_token.shape[1]
    plain, ushered = dense[:width], dense[width:-cue_count].reshape(USHER_COUNT, -1, dense.shape[1])
    by_text = np.repeat(plain[None], len(encoding.zone_factor), axis=0)
    by_text[:, : ushered.shape[1]] += ushered[encoding.batch.usher]
    by_text *= encoding.zone_factor[:, :, None]
    parts = zone_parts(encoding.batch, encoding.signals, by_text)
    return parts + rows_times(cues.by_token * cues.scale[of], dense[-cue_count:])
