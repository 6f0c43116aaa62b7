"""What people say of mentions: taken down; verdicts on relevance are learnt from."""

from datetime import datetime

from listening.jobs.context import JobContext
from listening.jobs.publish import publish_snapshot
from listening.jobs.queries import watched_brand
from listening.logs import get_logger
from listening.model import Polarity
from listening.text import fold
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
from storage.verdicts import read_verdicts

log = get_logger("listening.jobs.verdicts")


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
        ConfigError: There is no such brand.
        StorageError: There is no such mention.
    """
    value = None if is_relevant is None else str(is_relevant).lower()
    _take_down(
        context,
        MentionAction(
            document_id=document_id,
            brand_id=watched_brand(context, brand_id).brand_id,
            kind=ActionKind.RELEVANCE,
            value=value,
            actor=actor,
            acted_at=now,
        ),
    )


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
        ConfigError: There is no such brand.
        StorageError: There is no such mention.
    """
    _take_down(
        context,
        MentionAction(
            document_id=document_id,
            brand_id=watched_brand(context, brand_id).brand_id,
            kind=ActionKind.POLARITY,
            value=None if polarity is None else polarity.value,
            actor=actor,
            acted_at=now,
        ),
    )


def _take_down(context: JobContext, action: MentionAction) -> None:
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=action.acted_at)
        record_action(warehouse, action)
    publish_snapshot(context, now=action.acted_at)


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
