"""What people say of mentions and do with them: taken down; verdicts are learnt from."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from listening.errors import ConfigError
from listening.jobs.beginnings import the_document
from listening.jobs.context import JobContext
from listening.jobs.publish import publish_snapshot
from listening.jobs.queries import watched_brand
from listening.logs import get_logger
from listening.model import Polarity
from listening.text import fold
from listening.translate import mark
from sentiment.relevance import (
    RelevanceModel,
    context_buckets,
    learn,
    load_models,
    save_models,
)
from storage.actions import ActionKind, MentionAction, record_action
from storage.engine import open_writer
from storage.migrate import migrate
from storage.shipped import shipped_query
from storage.verdicts import read_verdicts

log = get_logger("listening.jobs.verdicts")

#: Characters of an owner's name, and of a note: more is a file that was pasted by mistake.
_MOST_OWNER: Final = 200
_MOST_NOTE: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What was done about a mention; what is None stays as it was.

    Attributes:
        status: new, in_progress, answered, ignored or satisfied.
        owner: Who looks after it from now on; empty: nobody any more.
        note: Added to the notes there are.
    """

    status: str | None = None
    owner: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        _require_words("owner", self.owner, most=_MOST_OWNER, breaks="")
        _require_words("note", self.note, most=_MOST_NOTE, breaks="\n\t")
        if self.note is not None and not self.note.strip():
            raise ConfigError(mark("it is empty"), key="note")

    @property
    def deeds(self) -> dict[ActionKind, str | None]:
        """What is written down, by kind; nothing of what is None."""
        found: dict[ActionKind, str | None] = {}
        if self.status is not None:
            found[ActionKind.STATUS] = self.status
        if self.owner is not None:
            found[ActionKind.OWNER] = self.owner.strip() or None
        if self.note is not None:
            found[ActionKind.NOTE] = self.note.strip()
        return found


def give_verdict(
    context: JobContext,
    *,
    document_id: str,
    brand_id: str,
    is_relevant: bool | None,
    actor: str,
    now: datetime,
) -> None:
    """Write down whether a mention speaks of the brand, and publish; None takes a verdict back.

    Raises:
        ConfigError: There is no such brand or document, or several documents begin so.
    """
    value = None if is_relevant is None else str(is_relevant).lower()
    deeds = {ActionKind.RELEVANCE: value}
    _take_down(context, document_id, brand_id, deeds, actor=actor, now=now)


def give_label(
    context: JobContext,
    *,
    document_id: str,
    brand_id: str,
    polarity: Polarity | None,
    actor: str,
    now: datetime,
) -> None:
    """Write down how a mention speaks of the brand, and publish; None takes a label back.

    The label counts instead of the model's from then on, through every later tagging.

    Raises:
        ConfigError: There is no such brand or document, or several documents begin so.
    """
    deeds = {ActionKind.POLARITY: None if polarity is None else polarity.value}
    _take_down(context, document_id, brand_id, deeds, actor=actor, now=now)


def handle_mention(
    context: JobContext,
    *,
    document_id: str,
    brand_id: str,
    handling: Handling,
    actor: str,
    now: datetime,
) -> None:
    """Write down what was done about a mention, and publish; the view ``inbox`` tells it.

    ``document_id`` may be the beginning of one, here and in the functions above.

    Raises:
        ConfigError: There is no such brand or document, or several documents begin so.
        StorageError: There is no such status.
    """
    if deeds := handling.deeds:
        _take_down(context, document_id, brand_id, deeds, actor=actor, now=now)


def open_mentions(
    context: JobContext, *, from_at: datetime, owner: str | None = None
) -> list[dict[str, Any]]:
    """Return what somebody should look at and nobody has settled, as published (reading/inbox).

    Args:
        context: The client.
        from_at: Older mentions are left out.
        owner: Only what this person looks after; None: everything.

    Raises:
        StorageError: There is no snapshot, or it is damaged.
    """
    values = {"from_at": from_at, "owner": owner}
    return shipped_query(context.paths.snapshot, "reading/inbox", values)


def _take_down(
    context: JobContext,
    start: str,
    brand_id: str,
    deeds: Mapping[ActionKind, str | None],
    *,
    actor: str,
    now: datetime,
) -> None:
    watched_brand(context, brand_id)
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        document_id = the_document(warehouse, start, brand_id)
        for kind, value in deeds.items():
            record_action(
                warehouse,
                MentionAction(
                    document_id=document_id,
                    brand_id=brand_id,
                    kind=kind,
                    value=value,
                    actor=actor,
                    acted_at=now,
                ),
            )
    publish_snapshot(context, now=now)


def _require_words(key: str, text: str | None, *, most: int, breaks: str) -> None:
    """Refuse what no person types: control characters, halves of characters, whole files."""
    if text is None:
        return
    if len(text) > most:
        raise ConfigError(
            mark("{count} characters are too many; at most {most}"),
            key=key,
            values={"count": str(len(text)), "most": str(most)},
        )
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in breaks for char in text):
        raise ConfigError(mark("it has characters that are no text"), key=key)


def learn_relevance(context: JobContext, brand_id: str) -> RelevanceModel:
    """Learn a brand's homonyms from the published verdicts; the next tagging uses it.

    Raises:
        ConfigError: There is no such brand.
        TaggingError: There are too few verdicts.
    """
    brand = watched_brand(context, brand_id)
    verdicts = read_verdicts(context.paths.snapshot, brand_id)
    model = learn(
        brand_id,
        brand.query_version,
        ((context_buckets(fold(one.text), one.places), one.is_relevant) for one in verdicts),
    )
    models = load_models(context.paths.relevance) | {brand_id: model}
    save_models(context.paths.relevance, models.values())
    log.info(
        "relevance_learnt",
        client=context.config.client_id,
        brand=brand_id,
        verdicts=model.verdict_count,
    )
    return model


def forget_relevance(context: JobContext, brand_id: str) -> bool:
    """Forget what was learnt of a brand; the next tagging finds everything again.

    Returns:
        Whether there was anything to forget.
    """
    models = load_models(context.paths.relevance)
    known = models.pop(brand_id, None)
    save_models(context.paths.relevance, models.values())
    return known is not None
