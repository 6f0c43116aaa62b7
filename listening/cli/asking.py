"""``vigie questions``: the analyst's questions, listed and asked of the published snapshot."""

from typing import Annotated

import typer

from listening.cli.console import out, print_json, print_table, speaker
from listening.cli.options import ClientOption, JsonOption, chosen_client
from listening.cli.reading import print_answer
from listening.errors import ConfigError
from listening.jobs.context import client_folder, client_paths
from listening.settings import get_settings
from listening.translate import mark

_ = speaker().gettext


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=_("list the questions that are ready, or ask one"))(questions)


def questions(
    name: Annotated[
        str | None, typer.Argument(metavar="NUMBER|NAME", help=_("which one; none: the list"))
    ] = None,
    *,
    client: ClientOption = None,
    from_on: Annotated[
        str | None, typer.Option("--from", help=_("first day: 2026-11-20, or -7 before the last"))
    ] = None,
    to_on: Annotated[
        str | None, typer.Option("--to", help=_("first day after the period, in the same way"))
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help=_("another parameter; repeatable")),
    ] = None,
    as_sql: Annotated[
        bool, typer.Option("--sql", help=_("print the statement, ready to paste"))
    ] = False,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help=_("print CSV on stdout"))] = False,
    rows: Annotated[int, typer.Option(min=1, help=_("most rows to print"))] = 1_000,
) -> None:
    """Print the list, or the answer to one question, or its statement."""
    from storage.questions import ask, filled_sql, find_question

    if name is None:
        _list(as_json=as_json)
        return
    question = find_question(name)
    client_id = chosen_client(client)
    client_folder(client_id, get_settings())
    snapshot = client_paths(client_id, get_settings()).snapshot
    given = _values(values or [], from_on=from_on, to_on=to_on)
    if as_sql:
        out.print(filled_sql(snapshot, question, given), markup=False)
        return
    table = ask(snapshot, question, given, row_limit=rows)
    title = f"{question.number}. {question.said(speaker().language)}"
    print_answer(table, as_json=as_json, as_csv=as_csv, title=title)


def _list(*, as_json: bool) -> None:
    from storage.questions import questions as known

    language = speaker().language
    lines = [(one.number, one.slug, one.said(language)) for one in known()]
    if as_json:
        for number, slug, said in lines:
            print_json({"number": number, "name": slug, "question": said})
    else:
        print_table([_("number"), _("name"), _("question")], lines)


def _values(pairs: list[str], **days: str | None) -> dict[str, str]:
    """Read ``--set NAME=VALUE`` and the options of the period.

    Raises:
        ConfigError: A pair has no equals sign.
    """
    given = {name: day for name, day in days.items() if day is not None}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ConfigError(
                mark("{text} is no parameter"),
                key="--set",
                hint=mark("write NAME=VALUE, for example --set min_count=5"),
                values={"text": pair},
            )
        given[name.strip().removeprefix("$")] = value.strip()
    return given
