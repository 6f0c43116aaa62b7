"""Entrance: ``python -m listening.demo`` serves the demonstration's web until Ctrl-C."""

import signal
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from listening.demo.site import DemoSite
from listening.demo.state import advance_state
from listening.demo.world import DEMO_PORT, demo_sources
from listening.settings import get_settings
from listening.translate import translator


def main(
    port: Annotated[int, typer.Option(help="Port of all sites.")] = DEMO_PORT,
    state: Annotated[Path | None, typer.Option(help="File with the evenings shown.")] = None,
) -> None:
    """Serve the demonstration's web on loopback addresses until Ctrl-C."""
    settings = get_settings()
    _ = translator(settings.language).gettext
    now = datetime.now(UTC)  # noqa: TID251 -- an entrance reads the clock
    path = state or settings.var_path / "demo" / "state.json"
    items = advance_state(path, now).history(now)
    with DemoSite(items, port=port) as site:
        for source in demo_sources():
            typer.echo(f"{site.url(source.source_id):<48} {source.title}")
        typer.echo(_("{count} invented items are on line; stop with Ctrl-C.", count=len(items)))
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        stop.wait()


if __name__ == "__main__":
    typer.run(main)
