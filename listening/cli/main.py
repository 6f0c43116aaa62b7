"""The ``vigie`` command: the same jobs as the DAGs, for people, cron and pipes."""

import errno
import os
import sys

import typer
from typer.exceptions import TyperException

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
from listening.cli.spoken import App, explain_mistake
from listening.config.problem import describe
from listening.errors import ConfigError, ListeningError, WarehouseBusyError
from listening.logs import configure_logs
from listening.translate import mark

_ = speaker().gettext


app = App(
    help=_("Listen to what the public web says of a brand, every night, and warn in time."),
    no_args_is_help=True,
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


#: Troubles of the machine that a person mends: rights, a full or read-only disk.
_MACHINE = {
    errno.EACCES: mark("no right to read or write {path}"),
    errno.EPERM: mark("no right to read or write {path}"),
    errno.EROFS: mark("{path} is on a disk that can only be read"),
    errno.ENOSPC: mark("no room for {path}: make room on its disk, then run it again"),
    errno.EDQUOT: mark("no room for {path}: make room on its disk, then run it again"),
}


def main() -> None:
    """Run the command line; known errors become one message and an exit code."""
    configure_logs()
    try:
        code = app(prog_name="vigie", standalone_mode=False)
    except ListeningError as error:
        fail(error)
    except TyperException as error:
        explain_mistake(error)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in _MACHINE:
            raise
        err.print(f"vigie: {printable(_refused(error))}", markup=False)
        sys.exit(EXIT_FAILED)
    except typer.Abort:
        err.print(_("given up"))
        sys.exit(EXIT_FAILED)
    else:
        sys.exit(code)
    finally:
        _flush()


def _refused(error: OSError) -> str:
    path = next((str(name) for name in (error.filename2, error.filename) if name), "?")
    return _(_MACHINE[error.errno or 0], path=path)


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
