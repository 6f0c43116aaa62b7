"""Entrance: ``python -m listening.demo`` serves the demonstration's web until Ctrl-C."""

import signal
from datetime import UTC, datetime
from typing import Annotated

import typer

from listening.demo.site import DemoSite
from listening.demo.state import DemoState
from listening.demo.world import DEMO_PORT, demo_sources
from listening.settings import get_settings
from listening.translate import translator


def main(port: Annotated[int, typer.Option(help="Port of all sites.")] = DEMO_PORT) -> None:
    """Serve the demonstration's web, as the last run saw it and up to now, until Ctrl-C."""
    settings = get_settings()
    _ = translator(settings.language).gettext
    now = datetime.now(UTC)  # noqa: TID251 -- an entrance reads the clock
    evenings = DemoState.load(settings.var_path / "demo").buzz_days or None
    # Blocked here and in the threads of the site, so that they wait for us: a handler that runs
    # while the other signal's does could lock itself out.
    stopping = (signal.SIGINT, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, stopping)
    with DemoSite(until=now, buzz_days=evenings, port=port) as site:
        for source in demo_sources():
            typer.echo(f"{site.url(source.source_id):<48} {source.title}")
        typer.echo(
            _("{count} invented items are on line; stop with Ctrl-C.", count=len(site.items))
        )
        signal.sigwait(stopping)


if __name__ == "__main__":
    typer.run(main)
