"""Options that several commands share, and what they stand for."""

from datetime import datetime
from typing import Annotated

import typer

from listening.cli.console import speaker
from listening.errors import ConfigError
from listening.jobs.context import list_clients, utc_now
from listening.settings import get_settings

_ = speaker().gettext

ClientOption = Annotated[
    str | None,
    typer.Option("--client", "-c", help=_("the client's id; not needed when there is only one")),
]
JsonOption = Annotated[bool, typer.Option("--json", help=_("print JSON on stdout"))]
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
    raise ConfigError(
        "say which client with --client" if known else "there is no client yet",
        hint=", ".join(known) if known else "make one with: vigie init",
    )


def instant_of(text: str | None) -> datetime:
    """Read ``--now``.

    Raises:
        ConfigError: It is no instant, or it has no time zone.
    """
    if text is None:
        return utc_now()
    hint = "write it like 2026-11-20T02:00:00+01:00"
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{text!r} is no instant", key="--now", hint=hint) from error
    if instant.tzinfo is None:
        raise ConfigError(f"{text!r} has no time zone", key="--now", hint=hint)
    return instant
