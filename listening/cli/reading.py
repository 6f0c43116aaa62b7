"""Commands that read: SQL over the snapshot, documents out of feeds, scores of labelled files."""

import csv
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from listening.cli.console import EXIT_FAILED, err, print_json, print_rows, speaker
from listening.cli.options import ClientOption, JsonOption, chosen_client
from listening.collectors.faults import NO_ITEMS
from listening.jobs.context import client_folder, client_paths, utc_now
from listening.model import SourceKind
from listening.settings import get_settings

if TYPE_CHECKING:
    from listening.collectors.parse import ParsedFile
    from storage.reading import Table

_, ngettext = speaker().gettext, speaker().ngettext

_AUTO = "auto"

#: What is printed of an article.
_ARTICLE_KEYS = ("title", "text", "author", "published_at", "language", "url")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(help=_("ask the published database one SQL question"))(sql)
    app.command(help=_("print the documents of feeds as JSON lines"))(parse)
    app.command(help=_("print the articles of web pages as JSON lines"))(extract)
    app.command(help=_("score the tagger on a file of labelled texts"))(evaluate)


def sql(
    statement: Annotated[
        str | None,
        typer.Argument(
            metavar="STATEMENT", help=_("one SELECT; try: FROM mentions LIMIT 5; none: a shell")
        ),
    ] = None,
    *,
    client: ClientOption = None,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help=_("print CSV on stdout"))] = False,
    rows: Annotated[int, typer.Option(min=1, help=_("most rows to print"))] = 1_000,
    timeout: Annotated[float, typer.Option(min=0.1, help=_("most seconds to wait"))] = 60.0,
) -> None:
    """Run one statement on the newest snapshot, which it cannot change; without one, a shell."""
    from storage.reading import query_snapshot

    client_id = chosen_client(client)
    client_folder(client_id, get_settings())
    snapshot = client_paths(client_id, get_settings()).snapshot

    def answer(text: str) -> None:
        table = query_snapshot(snapshot, text, row_limit=rows, timeout_s=timeout)
        print_answer(table, as_json=as_json, as_csv=as_csv)

    if statement is not None:
        answer(statement)
    elif not sys.stdin.isatty():
        answer(sys.stdin.read())
    else:
        _shell(client_id, snapshot, answer)


def _shell(client_id: str, snapshot: Path, answer: Callable[[str], None]) -> None:
    from listening.cli.shell import run_shell
    from storage.reading import words_of_snapshot

    history = get_settings().var_path / "secrets" / f"{client_id}.sql_history"
    intro = _("{client}: SQL on the published data; help explains, Ctrl-D leaves", client=client_id)
    run_shell(answer, words_of_snapshot(snapshot), history, intro=intro)


def print_answer(table: "Table", *, as_json: bool, as_csv: bool, title: str | None = None) -> None:
    """Print rows as a table, as lines of JSON or as CSV, and say when there were more."""
    if as_json:
        for row in table.rows:
            print_json(dict(zip(table.columns, row, strict=True)))
    elif as_csv:
        _print_csv(table)
    else:
        print_rows(table.columns, table.rows, title=title)
    if table.is_truncated:
        err.print(
            ngettext(
                "only the first row is shown; ask for more with --rows",
                "only the first {n} rows are shown; ask for more with --rows",
                len(table.rows),
            )
        )


def _known_kind(name: str) -> str:
    """Return the name of a kind; typer says the rest."""
    if name != _AUTO and name not in set(SourceKind):
        raise typer.BadParameter(", ".join([_AUTO, *SourceKind]))
    return name


def parse(
    names: Annotated[list[str], typer.Argument(metavar="FILE|URL…", help=_("files or addresses"))],
    *,
    kind: Annotated[
        str,
        typer.Option(
            help=_("kind of source; auto: found for each file"),
            metavar="auto|feed|phpbb|…",
            callback=_known_kind,
        ),
    ] = _AUTO,
    allow_host: Annotated[
        list[str] | None, typer.Option(help=_("a private host that may be read"))
    ] = None,
) -> None:
    """Print one JSON line per document; files that give nothing say so on stderr."""
    from listening.collectors.options import CollectOptions
    from listening.collectors.parse import parse_files

    has_failed = False
    options = CollectOptions(user_agent_contact="", allow_hosts=tuple(allow_host or ()))
    asked = None if kind == _AUTO else SourceKind(kind)
    for parsed in parse_files(names, kind=asked, now=utc_now(), options=options):
        if parsed.error is not None or not parsed.documents:
            has_failed = True
            _print_error(parsed)
            continue
        for document in parsed.documents:
            print_json({"file": parsed.file, **asdict(document)})
    if has_failed:
        raise typer.Exit(EXIT_FAILED)


def extract(
    names: Annotated[list[str], typer.Argument(metavar="FILE|URL…", help=_("files or addresses"))],
    *,
    allow_host: Annotated[
        list[str] | None, typer.Option(help=_("a private host that may be read"))
    ] = None,
) -> None:
    """Print one JSON line per page; pages that give nothing say so on stderr."""
    from listening.collectors.options import CollectOptions
    from listening.collectors.parse import parse_files

    has_failed = False
    options = CollectOptions(user_agent_contact="", allow_hosts=tuple(allow_host or ()))
    for parsed in parse_files(names, kind=SourceKind.PAGE, now=utc_now(), options=options):
        if parsed.error is not None or not parsed.documents:
            has_failed = True
            _print_error(parsed)
            continue
        for document in parsed.documents:
            line = {name: getattr(document, name) for name in _ARTICLE_KEYS}
            print_json({"file": parsed.file, **line})
    if has_failed:
        raise typer.Exit(EXIT_FAILED)


def evaluate(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=_("JSON lines, may end in .gz"))],
    *,
    task: Annotated[
        Literal["polarity", "targeted", "insult", "irony"],
        typer.Option(help=_("what is judged")),
    ] = "polarity",
    as_json: JsonOption = False,
) -> None:
    """Print accuracy, macro-F1, recall per class, calibration error and speed."""
    from sentiment.evaluate import evaluate_file

    scores: dict[str, Any] = evaluate_file(path, task=task)
    if as_json:
        print_json(scores)
        return
    by_source = scores.pop("by_source")
    recall = scores.pop("recall")
    rows = [*scores.items(), *((f"recall {name}", value) for name, value in recall.items())]
    print_rows([_("measure"), _("value")], rows)
    measures = list(next(iter(by_source.values()), {}))
    print_rows(
        [_("source"), *measures],
        [[name, *(values[one] for one in measures)] for name, values in by_source.items()],
    )


def _print_csv(table: "Table") -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)


def _cell(value: object) -> object:
    """Return a value as CSV has it; texts that a spreadsheet would run are defused."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


def _print_error(parsed: "ParsedFile") -> None:
    """Errors of single files are data for a pipe: JSON on stderr."""
    sys.stderr.write(json.dumps({"file": parsed.file, "error": parsed.error or NO_ITEMS}) + "\n")
