"""Commands about a client's configuration: make one by five questions, check one."""

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from listening.cli.console import EXIT_USAGE, err, out, print_json, printable, speaker
from listening.cli.options import JsonOption
from listening.config.create import (
    ClientAnswers,
    check_recipient,
    check_timezone,
    create_client,
    propose_spellings,
    require_new,
)
from listening.config.field import slug_of
from listening.config.load import find_problems, find_warnings, load_client
from listening.config.problem import describe
from listening.errors import ConfigError
from listening.jobs.context import client_folder, list_clients
from listening.settings import get_settings
from listening.translate import mark

_ = speaker().gettext


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(help=_("make a new client by five questions, or by flags"))(init)
    app.command(help=_("check the configuration of one client, or of all"))(check)


def init(
    *,
    brand: Annotated[str | None, typer.Option(help=_("the name to listen for"))] = None,
    client: Annotated[str | None, typer.Option(help=_("short id, the name of its folder"))] = None,
    spelling: Annotated[
        list[str] | None, typer.Option(help=_("another way people write it; repeat the option"))
    ] = None,
    competitor: Annotated[
        list[str] | None, typer.Option(help=_("a competitor's name; repeat the option"))
    ] = None,
    recipient: Annotated[str | None, typer.Option(help=_("who receives the alerts"))] = None,
    timezone: Annotated[str | None, typer.Option(help=_("time zone, like Europe/Paris"))] = None,
    language: Annotated[str, typer.Option(help="fr | en")] = "fr",
) -> None:
    """Write the files of a new client; asks for what the flags do not say."""
    if recipient:
        check_recipient(recipient)
    if timezone:
        check_timezone(timezone)
    brand = brand or _ask(_("1/5  Which name do you want to listen for?"), flag="--brand")
    client = client or slug_of(brand)
    folder = get_settings().clients_path / client
    require_new(folder)
    if spelling is None:
        proposed = ", ".join(propose_spellings(brand))
        spelling = _split(
            _ask(_("2/5  Other spellings, separated by commas"), default=proposed, flag=None)
        )
    if competitor is None:
        competitor = _split(_ask(_("3/5  Competitors, separated by commas"), default="", flag=None))
    recipient = recipient or _ask(
        _("4/5  Which e-mail address receives the alerts?"),
        flag="--recipient",
        check=check_recipient,
    )
    timezone = timezone or _ask(
        _("5/5  Which time zone?"), default="Europe/Paris", flag=None, check=check_timezone
    )
    create_client(
        folder,
        ClientAnswers(
            client_id=client,
            brand=brand,
            spellings=tuple(spelling),
            competitors=tuple(competitor),
            recipient=recipient,
            timezone=timezone,
            language="en" if language == "en" else "fr",
        ),
    )
    for warning in find_warnings(folder):
        err.print(f"• {describe(warning, speaker())}", markup=False)
    out.print(_("made: {folder}", folder=folder), markup=False)
    out.print(_("next: vigie sources add --client {client} ADDRESS", client=client))


def check(
    clients: Annotated[
        list[str] | None, typer.Argument(metavar="CLIENT…", help=_("which; none: all"))
    ] = None,
    *,
    client: Annotated[
        str | None, typer.Option("--client", "-c", help=_("one client's id, like the argument"))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Name every problem with its file, line and key, and what to write instead."""
    settings = get_settings()
    problem_count = 0
    named = dict.fromkeys([*(clients or ()), *([client] if client else ())])
    for client_id in named or list_clients(settings):
        folder = client_folder(client_id, settings)
        problems = find_problems(folder)
        problem_count += len(problems)
        if as_json:
            print_json({"client": client_id, "problems": [_as_json(one) for one in problems]})
            continue
        for problem in problems:
            out.print(f"✘ {describe(problem, speaker())}", markup=False)
        if not problems:
            config = load_client(folder)
            for warning in find_warnings(folder):
                out.print(f"• {describe(warning, speaker())}", markup=False)
            out.print(
                _(
                    "✔ {client}: good (brands: {brands}, sources: {sources}, rules: {rules})",
                    client=client_id,
                    brands=len(config.brands),
                    sources=len(config.sources),
                    rules=len(config.rules),
                )
            )
    if problem_count:
        raise typer.Exit(EXIT_USAGE)


def _ask(
    question: str,
    *,
    flag: str | None,
    default: str | None = None,
    check: Callable[[str], str] = str.strip,
) -> str:
    """Ask on a terminal, again until the answer is good; without one take the default.

    Raises:
        ConfigError: There is no terminal and the answer has no default.
    """
    if sys.stdin.isatty():
        while True:
            answer: str = typer.prompt(
                question, default=default, show_default=bool(default), prompt_suffix=" ", err=True
            )
            try:
                return check(answer.strip())
            except ConfigError as error:
                err.print(f"✘ {printable(describe(error, speaker()))}", markup=False)
    if default is None:
        raise ConfigError(
            mark("an answer is missing and there is no terminal to ask on"), hint=flag
        )
    return default


def _split(answer: str) -> list[str]:
    return [part.strip() for part in answer.split(",") if part.strip()]


def _as_json(problem: ConfigError) -> dict[str, object]:
    return {
        "path": str(problem.path) if problem.path else None,
        "line": problem.line,
        "key": problem.key,
        "message": problem.message,
        "hint": problem.hint,
    }
