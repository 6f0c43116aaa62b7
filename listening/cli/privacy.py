"""Commands about people: erase one, write the register of processing."""

from pathlib import Path
from typing import Annotated

import typer

from listening.cli.console import err, out, print_json, require_consent, speaker
from listening.cli.options import ClientOption, JsonOption, NowOption, chosen_client, instant_of
from listening.cli.spoken import App
from listening.jobs.context import open_strict_context

_, ngettext = speaker().gettext, speaker().ngettext

app = App(help=_("privacy: erase a person, write the register"), no_args_is_help=True)


@app.command(help=_("erase a person everywhere, and keep them from coming back"))
def erase(
    *,
    author: Annotated[
        list[str] | None, typer.Option(help=_("the name they sign with; repeat the option"))
    ] = None,
    url: Annotated[
        list[str] | None, typer.Option(help=_("the address of a text; repeat the option"))
    ] = None,
    text: Annotated[
        list[str] | None,
        typer.Option(help=_("words in a row; every text that has them goes; repeat the option")),
    ] = None,
    client: ClientOption = None,
    now: NowOption = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("do not ask"))] = False,
    as_json: JsonOption = False,
) -> None:
    """Show how much it is, ask, erase, and say what was done."""
    from dataclasses import asdict

    from listening.jobs.privacy import ErasureRequest, count_person, erase_person

    context = open_strict_context(chosen_client(client))
    request = ErasureRequest(
        authors=tuple(author or ()), urls=tuple(url or ()), texts=tuple(text or ())
    )
    if not yes:
        count = count_person(context, request, now=instant_of(now))
        err.print(
            ngettext(
                "{n} document would go, for good, backups included",
                "{n} documents would go, for good, backups included",
                count,
            )
        )
        require_consent(_("Erase them?"))
    done = erase_person(context, request, now=instant_of(now))
    if as_json:
        print_json(asdict(done))
        return
    erased = [
        ngettext("{n} document", "{n} documents", done.document_count),
        ngettext("{n} mail", "{n} mails", done.mail_count),
    ]
    files = ngettext("{n} file searched", "{n} files searched", done.searched_file_count)
    out.print(_("erased: {counts}; {files}, nothing left", counts=", ".join(erased), files=files))
    if done.naming_count:
        err.print(
            ngettext(
                "{n} text of another person names them: see --text",
                "{n} texts of others name them: see --text",
                done.naming_count,
            )
        )
    if done.is_configured:
        err.print(_("your own configuration has these words: edit it yourself"))


@app.command(help=_("write the register of processing (GDPR, article 30) in French"))
def register(
    target: Annotated[
        Path | None, typer.Argument(metavar="FILE", help=_("Markdown; none: on the screen"))
    ] = None,
    *,
    client: ClientOption = None,
) -> None:
    """Write what the configuration says."""
    from listening.jobs.register import processing_register

    page = processing_register(open_strict_context(chosen_client(client)))
    if target is None:
        typer.echo(page, nl=False)
    else:
        target.write_text(page, encoding="utf-8")
        out.print(_("made: {thing}", thing=target), markup=False)
