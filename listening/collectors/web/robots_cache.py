"""robots.txt files of earlier runs, kept a day, so that an hourly run does not ask every hour.

One file per host under the client's folder, named by a digest: nothing that a site says becomes a
path. Runs side by side may write the same one; each write takes its name in one step.
"""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from listening.logs import get_logger

log = get_logger("listening.collectors.web.robots_cache")

#: Longest use of one copy (RFC 9309, 2.4).
MAX_AGE = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsFile:
    """What a host's robots.txt says; empty when it has none."""

    text: str
    is_cut: bool = False  # longer than what is read of it


class RobotsCache:
    """The files in one folder.

    Args:
        folder: Made when missing; None: nothing is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, origin: str, *, now: datetime) -> RobotsFile | None:
        """Return a host's file as it was read during the last day, or None."""
        path = self._path(origin)
        if path is None:
            return None
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            age = now - datetime.fromisoformat(kept["read_at"])
            file = RobotsFile(text=kept["text"], is_cut=kept["is_cut"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("robots_copy_unreadable", file=path.name, error=type(error).__name__)
            return None
        return file if timedelta(0) <= age < MAX_AGE else None

    def put(self, origin: str, file: RobotsFile, *, now: datetime) -> None:
        """Keep a host's file; what cannot be kept is asked for again."""
        path = self._path(origin)
        if path is None:
            return
        draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        kept = {"origin": origin, "read_at": now.isoformat(), **asdict(file)}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(kept), encoding="utf-8")
            draft.replace(path)
        except OSError as error:
            log.warning("robots_copy_not_kept", file=path.name, error=type(error).__name__)

    def forget_old(self, *, now: datetime) -> None:
        """Remove the files of hosts that were not read for two days, as far as that is possible."""
        if self._folder is None or not self._folder.is_dir():
            return
        oldest = (now - 2 * MAX_AGE).timestamp()
        try:
            for path in self._folder.iterdir():
                with suppress(FileNotFoundError):  # another process was quicker
                    if path.stat().st_mtime < oldest:
                        path.unlink()
        except OSError as error:
            log.warning("robots_copies_not_removed", error=type(error).__name__)

    def _path(self, origin: str) -> Path | None:
        if self._folder is None:
            return None
        return self._folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:32]}.json"
