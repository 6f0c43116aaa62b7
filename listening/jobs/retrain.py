"""People's corrections: how the model does on them, and what they teach."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from listening.jobs.context import JobContext
from listening.jobs.tag import surroundings_of
from listening.logs import get_logger
from listening.model import Polarity
from listening.text import fold
from sentiment.annotate import annotate, build_tagger
from sentiment.calibration import Calibration, Lesson, Outcome, is_right, lesson_buckets, outcome
from sentiment.judgement import Judgement
from sentiment.retraining import (
    Layer,
    Retraining,
    figures_of,
    load_layers,
    retrain,
    save_layers,
)
from storage.mentions import StoredMention, read_corrections

log = get_logger("listening.jobs.retrain")

_SHORT = {Polarity.NEGATIVE: "neg", Polarity.POSITIVE: "pos"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One mention that a person labelled, and what the model says of it today."""

    stored: StoredMention
    lesson: Lesson
    is_right: bool  # the model as it is in force, with what was taught
    was_right: bool  # when the layer in force was learnt

    @property
    def is_lost(self) -> bool:
        """Whether a model that was right is now wrong: a step back."""
        return self.was_right and not self.is_right

    def as_case(self) -> dict[str, Any]:
        """Return it as a line for ``vigie evaluate --task targeted``."""
        hit, text = self.stored.mention.hits[0], self.stored.document.full_text
        return {
            "text": text,
            "label": _SHORT.get(self.lesson.label, "neu"),
            "target": text[hit.start : hit.end],
            "start": hit.start,
            "end": hit.end,
            "lang": self.stored.mention.language,
            "source": self.stored.mention.brand_id,
            "document_id": self.stored.document.document_id,
        }


def read_lessons(context: JobContext) -> list[Correction]:
    """Return the client's corrections, the oldest first, judged by today's models.

    A mention that is no longer found, or was labelled ``unknown``, teaches nothing.

    Raises:
        StorageError: Nothing is published yet.
    """
    stored = [
        one
        for one in read_corrections(context.paths.snapshot)
        if one.human_polarity is not Polarity.UNKNOWN
    ]
    surroundings = surroundings_of(context, relevance={}, labelled=frozenset())
    tagger = build_tagger(context.config.brands, surroundings)
    documents = {one.document.document_id: one.document for one in stored}
    found = {
        (mention.document_id, mention.brand_id): mention
        for tagged in annotate(documents.values(), tagger)
        for mention in tagged.mentions
    }
    layers = load_layers(context.paths.calibration)
    layer = layers[-1].calibration if layers else None
    right = {tuple(key) for key in layers[-1].figures.get("right", ())} if layers else set()
    corrections = []
    for one in stored:
        mention = found.get((one.document.document_id, one.mention.brand_id))
        if mention is None or mention.polarity is Polarity.UNKNOWN or one.human_polarity is None:
            continue
        raw = sum(item.weight for item in mention.evidence)
        judged = Judgement(
            raw, mention.score, mention.polarity, mention.confidence, mention.evidence
        )
        places = [(hit.start, hit.end) for hit in mention.hits]
        buckets = lesson_buckets(fold(one.document.full_text), places)
        lesson = Lesson(judged, buckets, one.human_polarity)
        corrections.append(
            Correction(
                stored=one,
                lesson=lesson,
                is_right=is_right(lesson, layer),
                was_right=_key(one) in right,
            )
        )
    return corrections


def _key(one: StoredMention) -> tuple[str, str]:
    return one.document.document_id, one.mention.brand_id


def accuracy(corrections: list[Correction]) -> Outcome:
    """Return how the model in force does on corrections, those it learnt from among them."""
    return outcome([one.is_right for one in corrections])


def retrain_client(context: JobContext, *, now: datetime) -> Retraining:
    """Learn from a client's corrections; the next tagging uses it when it was accepted.

    Raises:
        StorageError: Nothing is published yet.
        TaggingError: There are too few corrections, or the client's file is damaged.
    """
    known = load_layers(context.paths.calibration)
    corrections = read_lessons(context)
    result = retrain([one.lesson for one in corrections])
    if result.is_accepted:
        right = [_key(one.stored) for one in corrections if is_right(one.lesson, result.layer)]
        layer = Layer(
            calibration=result.layer,
            learnt_at=now.astimezone(UTC).isoformat(),
            figures=figures_of(result) | {"right": right},
        )
        save_layers(context.paths.calibration, [*known, layer])
    log.info(
        "corrections_learnt",
        client=context.config.client_id,
        corrections=result.count,
        is_accepted=result.is_accepted,
    )
    return result


def undo_retraining(context: JobContext) -> Calibration | None:
    """Take the newest layer away; the next tagging uses the one before, or the shipped model.

    Returns:
        What was taken away; None: there was nothing.

    Raises:
        TaggingError: The client's file is damaged.
    """
    known = load_layers(context.paths.calibration)
    save_layers(context.paths.calibration, known[:-1])
    return known[-1].calibration if known else None
