"""``vigie explain``: why a mention has its label, in words a person can check."""

from typing import Annotated, Literal

import typer

from listening.cli.console import out, print_json, printable, speaker
from listening.cli.options import ClientOption, JsonOption, chosen_client
from listening.errors import ConfigError
from listening.jobs.context import JobContext, list_clients, open_context
from listening.settings import get_settings
from listening.translate import mark, translator

_ = speaker().gettext


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command(help=_("say why a mention, or a typed text, has its tone"))(explain)


def explain(
    document: Annotated[
        str | None,
        typer.Argument(metavar="DOCUMENT", help=_("the document's id, or how it begins")),
    ] = None,
    brand: Annotated[str | None, typer.Argument(metavar="BRAND", help=_("a brand's id"))] = None,
    *,
    text: Annotated[str | None, typer.Option(help=_("a text to try; it is not stored"))] = None,
    names: Annotated[
        list[str] | None,
        typer.Option("--brand", help=_("a brand in that text, watched or not; may be repeated")),
    ] = None,
    client: ClientOption = None,
    language: Annotated[
        Literal["fr", "en"] | None, typer.Option(help=_("language of the answer"))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print evidence that adds up to the score, rules, matched terms, versions, confidence."""
    from listening.jobs.explain import (
        explain_stored,
        explain_typed,
        explanation_as_json,
        explanation_lines,
    )

    if text is not None and names and document is None:
        found = explain_typed(text, names, context=_perhaps(client))
    elif document is not None and brand is not None and text is None:
        found = [explain_stored(open_context(chosen_client(client)), document, brand)]
    else:
        raise ConfigError(
            mark("say which mention: DOCUMENT and BRAND"),
            hint=mark('or try a text: vigie explain --text "…" --brand NAME'),
        )
    if as_json:
        for one in found:
            print_json(explanation_as_json(one))
        return
    words = speaker() if language is None else translator(language)
    for one in found:
        out.print(printable("\n".join(explanation_lines(one, words))), markup=False)


def _perhaps(client: str | None) -> JobContext | None:
    """Return the client meant; None where there is none, or none was named among several."""
    if client is None and len(list_clients(get_settings())) != 1:
        return None
    return open_context(chosen_client(client))
