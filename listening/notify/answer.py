"""Links with which a person answers an alert mail in one click: signed, expiring, one per answer.

A link is a token of plain words and a signature over them. Whoever has the client's key can check
it without a database; whoever has not cannot make one, nor turn one into another: it is bound to
the client, the alert, the occasion of the mail, the person and the answer.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from listening.errors import TokenError

#: Verdicts are often given when the week is over; after a month the mail is history.
LINK_LIFE: Final = timedelta(days=30)

#: Bytes of the signature that are kept (of 32): 144 bits are not guessed.
_SIGNATURE_BYTES: Final = 18

_VERSION: Final = "1"

_TOKEN: Final = re.compile(
    r"(?P<signed>1\.(?P<client>[a-z0-9-]{1,80})\.(?P<alert>[0-9a-f]{32})\.(?P<occasion>[a-z0-9-]{1,40})"
    r"\.(?P<action>acknowledge|true|false)\.(?P<expiry>[0-9a-f]{1,12})\.(?P<person>[0-9a-f]{12}))"
    r"\.(?P<signature>[A-Za-z0-9_-]{24})"
)


class AnswerAction(StrEnum):
    """What a click says."""

    ACKNOWLEDGE = "acknowledge"
    TRUE = "true"
    FALSE = "false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of one person to one mail about one alert."""

    client_id: str
    fingerprint: str
    occasion: str  # of the mail: one state of the alert
    action: AnswerAction
    person: str  # ``person_key`` of the recipient
    expires_at: datetime  # whole seconds, aware


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMaker:
    """What is needed to write links: where they lead, and the client's key."""

    base_url: str  # without a slash at its end
    key: bytes = field(repr=False)

    def link(self, answer: Answer) -> str:
        """Return the address that gives this answer."""
        return f"{self.base_url}/answer/{sign(answer, self.key)}"


def sign(answer: Answer, key: bytes) -> str:
    """Return the token of an answer: the same for the same answer."""
    words = (
        _VERSION,
        answer.client_id,
        answer.fingerprint,
        answer.occasion,
        answer.action.value,
        f"{int(answer.expires_at.timestamp()):x}",
        answer.person,
    )
    signed = ".".join(words)
    return f"{signed}.{_signature(signed, key)}"


def client_of(token: str) -> str:
    """Return the client that a token, or a link that ends in one, is about: whose key to ask.

    Nothing is verified yet.

    Raises:
        TokenError: It is no token.
    """
    return _parsed(token)["client"]


def verify(token: str, key: bytes, *, client_id: str, now: datetime) -> Answer:
    """Return what a token, or a link that ends in one, says.

    Reading it changes nothing, and reading it again gives the same: whoever notes the answer does
    so once per token.

    Args:
        token: As it stands in the mail.
        key: The client's.
        client_id: Whose key it is; another client's token is a forged one.
        now: The clock.

    Raises:
        TokenError: It is no token, is not signed with this key, or is too old.
    """
    found = _parsed(token)
    expected = _signature(found["signed"], key)
    if not hmac.compare_digest(found["signature"], expected) or found["client"] != client_id:
        raise TokenError("forged")
    expires_at = datetime.fromtimestamp(int(found["expiry"], 16), tz=UTC)
    if now >= expires_at:
        raise TokenError("expired")
    return Answer(
        client_id=client_id,
        fingerprint=found["alert"],
        occasion=found["occasion"],
        action=AnswerAction(found["action"]),
        person=found["person"],
        expires_at=expires_at,
    )


def _parsed(token: str) -> dict[str, str]:
    found = _TOKEN.fullmatch(token.strip().rsplit("/", 1)[-1])
    if found is None:
        raise TokenError("malformed")
    return found.groupdict()


def _signature(signed: str, key: bytes) -> str:
    mac = hmac.new(key, f"alert answer\0{signed}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(mac[:_SIGNATURE_BYTES]).decode("ascii")
