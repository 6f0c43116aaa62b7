"""The ``vigie`` command: the same jobs as the DAGs, for people, cron and pipes."""

import sys

import typer

from listening.cli import alerts, clients, imports, machine, night, reading, sources
from listening.cli.console import EXIT_BUSY, EXIT_FAILED, EXIT_USAGE, err, printable, speaker
from listening.config.problem import describe
from listening.errors import ConfigError, ListeningError, WarehouseBusyError
from listening.logs import configure_logs

_ = speaker().gettext

app = typer.Typer(
    help=_("Listen to what the public web says of a brand, every night, and warn in time."),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (clients, night, imports, reading, machine):
    module.register(app)
app.add_typer(sources.app, name="sources")
app.add_typer(alerts.app, name="alerts")


def main() -> None:
    """Run the command line; known errors become one message and an exit code."""
    configure_logs()
    try:
        app(prog_name="vigie")
    except ListeningError as error:
        fail(error)
    except BrokenPipeError:
        # The reader of our output has had enough (``vigie sql … | head``): that is no failure.
        sys.stderr.close()
        sys.exit(0)


def fail(error: ListeningError) -> None:
    """Say what went wrong on stderr and leave with the code that fits."""
    if isinstance(error, ConfigError):
        err.print(f"vigie: {printable(describe(error, speaker()))}", markup=False)
        sys.exit(EXIT_USAGE)
    err.print(f"vigie: {printable(error)}", markup=False)
    sys.exit(EXIT_BUSY if isinstance(error, WarehouseBusyError) else EXIT_FAILED)


if __name__ == "__main__":
    main()
