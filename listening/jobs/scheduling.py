"""What a DAG file asks: which clients there are, and which instant a run stands for."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import yaml

from listening.config.last_good import CURRENT
from listening.jobs.context import client_paths, list_clients
from listening.settings import Settings, get_settings

#: When a client's file cannot be read and no good copy exists; the run itself then says why.
FALLBACK_TIMEZONE = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class ScheduledClient:
    """A client and the time zone its nights are cut in."""

    client_id: str
    timezone: str


class ScheduledRun(Protocol):
    """The two instants of an Airflow run that matter here."""

    logical_date: datetime | None
    run_after: datetime


def run_instant(run: ScheduledRun) -> datetime:
    """Return the instant a run stands for: asset-triggered runs have no logical date."""
    return run.logical_date or run.run_after


def scheduled_clients(settings: Settings | None = None) -> list[ScheduledClient]:
    """Return every client that has a folder, in order; never fails on a broken file.

    Read at every parse of the DAG files, so it reads one small file per client.

    A DAG must exist for a client whose file is broken: its run is what reports the error.
    """
    settings = settings or get_settings()
    return [
        ScheduledClient(client_id, _timezone_of(client_id, settings))
        for client_id in list_clients(settings)
    ]


def _timezone_of(client_id: str, settings: Settings) -> str:
    """Look into the client's file, then into its last good copy."""
    for folder in (
        settings.clients_path / client_id,
        client_paths(client_id, settings).good_config / CURRENT,
    ):
        timezone = _read_timezone(folder / "client.yaml")
        if timezone:
            return timezone
    return FALLBACK_TIMEZONE


def _read_timezone(path: Path) -> str | None:
    """Return the file's time zone, or None when it has no usable one."""
    from zoneinfo import available_timezones  # noqa: PLC0415 - slow, and only needed here

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None  # the run loads the same file strictly and reports what is wrong
    timezone = data.get("timezone") if isinstance(data, dict) else None
    return timezone if isinstance(timezone, str) and timezone in available_timezones() else None
