"""Types of addresses in the configuration: e-mail, web, contact, host."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from listening.config.field import wrong
from listening.config.problem import shorten
from listening.translate import mark

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAIL = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})*")
# RFC 5321: the whole address, and what stands before the @.
_MAX_MAIL, _MAX_LOCAL = 254, 64
_MAX_URL = 2048
_HOST = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?")


def check_mail(text: str) -> str:
    """Return one e-mail address as it is.

    Raises:
        PydanticCustomError: It is none, or more than one, or more than the bare address.
    """
    is_short = len(text) <= _MAX_MAIL and len(text.partition("@")[0]) <= _MAX_LOCAL
    if is_short and _MAIL.fullmatch(text):
        return text
    if text.count("@") > 1 or re.search(r"[,;\r\n]", text):
        raise wrong(
            mark("there is more than one address here"),
            mark("write one address per entry of the list"),
        )
    raise wrong(
        mark("{text} is no e-mail address"),
        mark("write the address alone, without a name or spaces: name@domain.example"),
        text=shorten(text),
    )


def check_url(text: str) -> str:
    """Return an address of the web as it is.

    Raises:
        PydanticCustomError: It is not http(s), has no host, or holds a password or a blank.
    """
    if len(text) > _MAX_URL or re.search(r"[\s\x00-\x20<>\"{}|\\^`…]", text):
        raise wrong(
            mark("this address holds a space or a character that addresses do not have"),
            mark("copy it again from the browser; replace what stands between {{ and }}"),
        )
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or not any(map(str.isalnum, host)):
        if not parts.scheme and "." in text.partition("/")[0]:
            raise wrong(
                mark("this address does not say how to reach it"),
                mark("write it with its beginning: https://{text}"),
                text=shorten(text),
            )
        raise wrong(
            mark("{text} is no address of the web"),
            mark("write an address that begins with https:// or http://"),
            text=shorten(text),
        )
    if parts.username is not None or parts.password is not None:
        raise wrong(
            mark("this address holds a user name or a password"),
            mark("write it without them: this file is no place for secrets"),
        )
    return text


def _check_contact(text: str) -> str:
    if text.startswith("mailto:"):
        return "mailto:" + check_mail(text.removeprefix("mailto:"))
    if _MAIL.fullmatch(text):
        raise wrong(
            mark("this address does not say how to reach it"),
            mark("write it with its beginning: mailto:{text}"),
            text=shorten(text),
        )
    return check_url(text)


def _check_host(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise wrong(
            mark("{text} is no host"),
            mark("write a host, with its port if need be: localhost:8080"),
            text=shorten(text),
        )
    return text.lower()


Mail = Annotated[str, AfterValidator(check_mail)]
Url = Annotated[str, AfterValidator(check_url)]
Contact = Annotated[str, AfterValidator(_check_contact)]
Host = Annotated[str, AfterValidator(_check_host)]
