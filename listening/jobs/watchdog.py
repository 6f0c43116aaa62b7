"""The dead man's switch: tell people when no good run has ended for too long, and when one has.

It runs outside Airflow (cron, systemd), and opens no warehouse: what it looks at is a small file
that each good run leaves behind. So it works when Airflow is down, and when the warehouse is
locked, damaged or gone.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from listening.errors import NotificationError
from listening.files import write_whole
from listening.jobs.addressing import addressee
from listening.jobs.context import ClientPaths, JobContext, client_folder, open_context
from listening.jobs.notify import make_smtp_mailer
from listening.logs import get_logger
from listening.notify.mailer import SpoolMailer
from listening.notify.watchdog import Occasion, Silence, Watch, render_watchdog
from listening.settings import Settings

log = get_logger("listening.jobs.watchdog")


@dataclass(frozen=True, slots=True)
class WatchReport:
    """What was found at one client, and whom it could not be told."""

    client_id: str
    watch: Watch
    silence: Silence
    unreached: tuple[str, ...] = ()


def record_good_run(context: JobContext, *, run_id: str) -> None:
    """Leave the file that says when a good run ended; the newest one counts."""
    ended_at = context.clock()
    _write(_good_run(context.paths), {"run_id": run_id, "ended_at": ended_at.isoformat()})


def watch(context: JobContext, *, now: datetime, within: timedelta) -> WatchReport:
    """Look at one client, and write to its recipients when there is news.

    Each is written to once per outage. Who could not be reached is tried again at the next look.

    Args:
        context: The client; no part of its warehouse is opened.
        now: When we look, aware UTC.
        within: How long after one good run the next may end.
    """
    silence = _read_silence(context)
    verdict = silence.judge(now, within)
    if verdict in {Watch.IN_TIME, Watch.TOLD}:
        return WatchReport(context.config.client_id, verdict, silence)
    occasion: Occasion = "overdue" if verdict is Watch.OVERDUE else "recovered"
    unreached = tuple(_tell(context, silence, occasion, now=now))
    if not unreached:
        told_of = silence.waiting_since.isoformat() if verdict is Watch.OVERDUE else None
        _write(_told(context.paths), {"told_of": told_of, "reached": []})
    return WatchReport(context.config.client_id, verdict, silence, unreached)


def watch_client(
    client_id: str, settings: Settings, *, now: datetime, within: timedelta
) -> WatchReport:
    """Look at one client by its id.

    Raises:
        ConfigError: Its configuration is broken, and no good one was ever seen.
    """
    return watch(open_context(client_id, settings=settings), now=now, within=within)


def _read_silence(context: JobContext) -> Silence:
    """Put together what two small files say; a damaged one says nothing."""
    ended_at = _read_instant(_good_run(context.paths), "ended_at")
    if ended_at is None:
        made = client_folder(context.config.client_id, context.settings) / "client.yaml"
        waiting_since = datetime.fromtimestamp(made.stat().st_mtime, tz=context.clock().tzinfo)
    else:
        waiting_since = ended_at
    return Silence(ended_at, waiting_since, _read_instant(_told(context.paths), "told_of"))


def _tell(context: JobContext, silence: Silence, occasion: Occasion, *, now: datetime) -> list[str]:
    """Write to everybody; return the addresses that could not be reached."""
    smtp = make_smtp_mailer(context.settings)
    spool = SpoolMailer(context.paths.spool)
    unreached: list[str] = []
    known = _read(_told(context.paths))
    reached = list(known.get("reached") or [])
    for recipient in context.config.recipients:
        to = addressee(context, recipient.address)
        message = render_watchdog(silence, occasion, to, now=now)
        if message.message_id in reached:
            continue
        try:
            spool.send(message)
            if smtp is not None:
                smtp.send(message)
        except NotificationError as error:
            log.warning("email_refused", message=message.message_id, reason=error.reason)
            unreached.append(recipient.address)
            continue
        reached.append(message.message_id)
        _write(_told(context.paths), known | {"reached": reached})
    return unreached


def watchdog_files(paths: ClientPaths) -> tuple[Path, Path]:
    """Return what the watchdog goes by: when a run last ended well, and what it has told."""
    return _good_run(paths), _told(paths)


def _good_run(paths: ClientPaths) -> Path:
    return paths.root / "last_good_run.json"


def _told(paths: ClientPaths) -> Path:
    return paths.root / "watchdog.json"


def _write(path: Path, values: dict[str, Any]) -> None:
    write_whole(path, json.dumps(values).encode())


def _read(path: Path) -> dict[str, Any]:
    """Return what a small file says; nothing when it is not there, or damaged by a power cut."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        log.warning("watchdog_file_damaged", path=path.name, problem=type(error).__name__)
        return {}
    return values if isinstance(values, dict) else {}


def _read_instant(path: Path, key: str) -> datetime | None:
    """Return an instant out of a small file; None when it says none."""
    text = _read(path).get(key)
    try:
        return datetime.fromisoformat(text) if text else None
    except (TypeError, ValueError) as error:
        log.warning("watchdog_file_damaged", path=path.name, problem=type(error).__name__)
        return None
