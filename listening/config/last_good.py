"""The last configuration that could be loaded: what a scheduled run falls back on."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

from listening.config.load import (
    FILE_NAMES,
    ClientConfig,
    build_client,
    config_digest,
    find_problems,
    load_client,
    read_files,
)
from listening.errors import ConfigError
from listening.logs import get_logger

log = get_logger(__name__)

#: Link to the folder of the copy in use.
CURRENT = "current"

#: How many copies stay: one may still be read while the next becomes current.
KEPT_COUNT = 3


def keep_good(folder: Path, keep_dir: Path) -> ClientConfig:
    """Load a client's configuration and keep a copy of exactly what was loaded.

    The copy appears whole or not at all: three files in a folder of their own, named after the
    configuration's digest, then one link is switched. Keeping the same configuration again
    changes nothing.

    Args:
        folder: The client's folder.
        keep_dir: Where the copies live; made when missing.

    Raises:
        ConfigError: The configuration is wrong; what was kept stays.
        OSError: The copy cannot be written.
    """
    bodies = read_files(folder)
    config = build_client(bodies, folder)
    _keep(bodies, config_digest(config), keep_dir)
    return config


def load_client_or_last_good(
    folder: Path, keep_dir: Path
) -> tuple[ClientConfig, list[ConfigError]]:
    """Load a client's configuration for a scheduled run, whatever state a person left it in.

    A good one is kept (see ``keep_good``); a broken one never replaces it.

    Returns:
        The configuration to run with, and all problems of the new one when that is not it.

    Raises:
        ConfigError: The new one is broken and there is no good one, or this version of the code
            no longer reads it. The problem is that of the new one.
    """
    try:
        return keep_good(folder, keep_dir), []
    except ConfigError as error:
        problems = find_problems(folder) or [error]
        current = keep_dir / CURRENT
        if not current.is_dir():
            raise
        log.warning("config_refused", client=folder.name, problem_count=len(problems))
        try:
            config = load_client(current.resolve(), client_id=folder.resolve().name)
        except ConfigError as kept_error:
            error.add_note(f"the last good copy cannot be used either: {kept_error}")
            raise error from kept_error
        return config, problems


def _keep(bodies: Mapping[str, bytes | ConfigError], digest: str, keep_dir: Path) -> None:
    keep_dir.mkdir(parents=True, exist_ok=True)
    target, link = keep_dir / digest, keep_dir / CURRENT
    if not target.is_dir():
        fresh = Path(mkdtemp(prefix=".new-", dir=keep_dir))
        try:
            for name in FILE_NAMES:
                _write(fresh / name, bodies[name])
            fresh.rename(target)
        except OSError:
            shutil.rmtree(fresh, ignore_errors=True)
            if not target.is_dir():  # else another process has just kept the same
                raise
    if not (link.is_symlink() and str(link.readlink()) == digest):
        fresh_link = Path(mkdtemp(prefix=".link-", dir=keep_dir)) / CURRENT
        fresh_link.symlink_to(digest)
        fresh_link.replace(link)
        fresh_link.parent.rmdir()
        os.utime(target)  # the order in which copies were in use
    _forget_old(keep_dir, digest)


def _write(path: Path, body: bytes | ConfigError) -> None:
    if isinstance(body, ConfigError):  # build_client has raised it
        raise body
    with path.open("xb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _forget_old(keep_dir: Path, digest: str) -> None:
    copies = [path for path in keep_dir.iterdir() if path.is_dir() and not path.is_symlink()]
    copies = [path for path in copies if not path.name.startswith(".") and path.name != digest]
    copies.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in copies[KEPT_COUNT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
