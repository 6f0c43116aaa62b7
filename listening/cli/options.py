"""Options that several commands share, and what they stand for."""

import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer

from listening.cli.console import speaker
from listening.errors import ConfigError
from listening.jobs.context import list_clients, utc_now
from listening.settings import get_settings
from listening.translate import mark

_ = speaker().gettext

ClientOption = Annotated[
    str | None,
    typer.Option("--client", "-c", help=_("the client's id; not needed when there is only one")),
]
JsonOption = Annotated[bool, typer.Option("--json", help=_("print JSON on stdout"))]
ForceOption = Annotated[
    bool, typer.Option("--all", help=_("visit every source, also those not due yet"))
]
ByOption = Annotated[str | None, typer.Option(help=_("who says so; none: the login"))]
NowOption = Annotated[
    str | None,
    typer.Option("--now", help=_("judge as if it were this instant, ISO 8601 with its zone")),
]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help=_("show every event"))]


def chosen_client(client: str | None) -> str:
    """Return the client meant: the one named, or the only one there is.

    Raises:
        ConfigError: None was named and there are several, or none at all.
    """
    if client is not None:
        return client
    known = list_clients(get_settings())
    if len(known) == 1:
        return known[0]
    if not known:
        raise ConfigError(mark("there is no client yet"), hint=mark("make one with: vigie init"))
    raise ConfigError(mark("say which client with --client"), hint=", ".join(known))


def actor_of(by: str | None) -> str:
    """Return who acts: as said with ``--by``, else the login."""
    return by or getpass.getuser()


def instant_of(text: str | None) -> datetime:
    """Read ``--now``, in UTC: one instant is one run, however it is written.

    Raises:
        ConfigError: It is no instant, or it has no time zone.
    """
    if text is None:
        return utc_now()
    hint = mark("write it like 2026-11-20T02:00:00+01:00")
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(
            mark("{text} is no instant"), key="--now", hint=hint, values={"text": text}
        ) from error
    if instant.tzinfo is None:
        raise ConfigError(
            mark("{text} has no time zone"), key="--now", hint=hint, values={"text": text}
        )
    return instant.astimezone(UTC)
