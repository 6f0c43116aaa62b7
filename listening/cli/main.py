"""The ``vigie`` command: the same jobs as the DAGs, for people, cron and pipes."""

import os
import select
import sys
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from listening.cli import (
    alert_people,
    alert_replay,
    alerts,
    asking,
    clients,
    digest,
    explaining,
    exporting,
    imports,
    keeping,
    machine,
    mentions,
    night,
    privacy,
    queries,
    reading,
    sources,
    teaching,
    watching,
)
from listening.cli.console import EXIT_BUSY, EXIT_FAILED, EXIT_USAGE, err, printable, speaker, told
from listening.config.problem import describe
from listening.errors import ConfigError, ListeningError, WarehouseBusyError
from listening.logs import configure_logs

if TYPE_CHECKING:
    from typer._click import Context

_ = speaker().gettext


class Commands(TyperGroup):
    """The commands; a reader of their output who has had enough is no failure."""

    def invoke(self, ctx: "Context") -> Any:
        """Run the command; typer itself would end with 1 (``vigie sql … | head``)."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            if not _is_reader_gone():
                raise  # another pipe of ours broke
            raise typer.Exit(0) from None


app = typer.Typer(
    cls=Commands,
    help=_("Listen to what the public web says of a brand, every night, and warn in time."),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    clients,
    night,
    imports,
    reading,
    asking,
    explaining,
    teaching,
    exporting,
    keeping,
    machine,
    watching,
    digest,
):
    module.register(app)
app.add_typer(sources.app, name="sources")
app.add_typer(queries.app, name="query")
app.add_typer(mentions.app, name="mentions")
alert_people.add_to(alerts.app)
alert_replay.add_to(alerts.app)
app.add_typer(alerts.app, name="alerts")
app.add_typer(privacy.app, name="privacy")


def main() -> None:
    """Run the command line; known errors become one message and an exit code."""
    configure_logs()
    try:
        app(prog_name="vigie")
    except ListeningError as error:
        fail(error)
    finally:
        _flush()


def _is_reader_gone() -> bool:
    """Say whether nobody reads our standard output any more."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))


def _flush() -> None:
    """Write out what waits; without a reader send it nowhere, or Python ends with 120."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(error: ListeningError) -> None:
    """Say what went wrong on stderr and leave with the code that fits."""
    if isinstance(error, ConfigError):
        err.print(f"vigie: {printable(describe(error, speaker()))}", markup=False)
        sys.exit(EXIT_USAGE)
    err.print(f"vigie: {printable(told(error))}", markup=False)
    sys.exit(EXIT_BUSY if isinstance(error, WarehouseBusyError) else EXIT_FAILED)


if __name__ == "__main__":
    main()
