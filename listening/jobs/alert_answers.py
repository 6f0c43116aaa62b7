"""Answers that people give by the links of their mails; the web pages will call the same."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from listening.errors import ConfigError, TokenError
from listening.jobs.alert_actions import (
    Person,
    Standing,
    judge_alert,
    since_used,
    take_in_charge,
)
from listening.jobs.context import JobContext, client_salt, open_context
from listening.model import Alert
from listening.notify.answer import AnswerAction, LinkMaker, client_of, verify
from listening.notify.letter import person_key
from listening.settings import Settings
from listening.translate import mark

_FAULTS = {
    "malformed": (
        mark("this is no link of an alert mail"),
        mark("paste the whole link, from https:// to its last letter"),
    ),
    "forged": (
        mark("this link was not made here, or was changed"),
        mark("vigie alerts ack and vigie alerts verdict do the same"),
    ),
    "expired": (
        mark("this link has expired"),
        mark("vigie alerts ack and vigie alerts verdict do the same"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What became of an answer."""

    action: AnswerAction
    alert: Alert  # as it is now
    actor: str  # the recipient of the mail
    #: The link was used before: nothing was written now, and this is how the alert stands.
    before: Standing | None = None


def link_maker(context: JobContext) -> LinkMaker | None:
    """Return what mails make their links with; None when no address is set that serves them."""
    base_url = context.settings.public_url
    if base_url is None:
        return None
    key = answer_key(context.config.client_id, context.settings)
    return LinkMaker(base_url=base_url, key=key)


def answer_key(client_id: str, settings: Settings) -> bytes:
    """Return the key that a client's links are signed with.

    It follows from the client's salt under ``var/secrets``: it is as secret, is there as long, and
    is another one for each client.
    """
    return hashlib.sha256(b"vigie alert answers\n" + client_salt(client_id, settings)).digest()


def note_answer(token: str, settings: Settings, *, now: datetime) -> Noted:
    """Do what a link says: take the alert in charge, or judge it. The same link counts once.

    Args:
        token: The link, or its last part.
        settings: Where the client's files are.
        now: The clock.

    Raises:
        ConfigError: It is no link, forged or too old; its reader gets no mails any more; or the
            alert is gone.
    """
    try:
        client_id = client_of(token)
        context = open_context(client_id, settings=settings)
        key = answer_key(client_id, settings)
        answer = verify(token, key, client_id=client_id, now=now)
    except TokenError as error:
        message, hint = _FAULTS[error.fault]
        raise ConfigError(message, hint=hint, values={}) from error
    actor = _recipient(context, answer.person)
    person = Person(actor=actor, now=now, link=token.strip().rsplit(".", 1)[-1])
    before = since_used(context, answer.fingerprint, person)
    if before is not None:
        return Noted(action=answer.action, alert=before.alert, actor=actor, before=before)
    if answer.action is AnswerAction.ACKNOWLEDGE:
        alert = take_in_charge(context, answer.fingerprint, person)
    else:
        is_true = answer.action is AnswerAction.TRUE
        alert = judge_alert(context, answer.fingerprint, person, is_true=is_true)
    return Noted(action=answer.action, alert=alert, actor=actor)


def _recipient(context: JobContext, key: str) -> str:
    """Return the address a mail went to, as long as mails still go there."""
    config = context.config
    known = [one.address for one in config.recipients]
    for rule in config.rules:
        known += [*rule.recipients, *rule.escalate_to]
    for address in known:
        if person_key(address) == key:
            return address
    raise ConfigError(
        mark("the person this link was written to gets no alerts any more"),
        hint=mark("add them to client.yaml, or use vigie alerts ack and vigie alerts verdict"),
        values={},
    )
