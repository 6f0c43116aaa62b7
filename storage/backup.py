"""Backups: a copy of the warehouse, and a manifest of every landing file with its digest.

Landing files never change, so they are copied once and shared by all backups of a client; a backup
is a folder with the warehouse's copy and ``manifest.json``, which says what belongs to it. It takes
its name last: a folder without a name ending in Z is half made.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from listening.errors import StorageError
from listening.files import sync
from listening.translate import mark
from storage.publish import copy_closed

_MANIFEST: Final = "manifest.json"
_WAREHOUSE: Final = "warehouse.duckdb"
_FILES: Final = "files"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup."""

    folder: Path
    created_at: datetime
    file_count: int
    byte_count: int  # of the warehouse and all its files

    @property
    def name(self) -> str:
        """Return how it is asked for: the instant it was made."""
        return self.folder.name


def make(
    writer_path: Path, root: Path, kept: Sequence[Path], place: Path, *, now: datetime, salt: bytes
) -> Backup:
    """Make a backup and verify it.

    Args:
        writer_path: The warehouse, closed.
        root: The client's data folder; the others' names are relative to it.
        kept: Files that belong to it beside the warehouse.
        place: The client's folder of backups.
        now: Names it.
        salt: The client's; only a print of it is written, so that a restore can say it is another.

    Raises:
        WarehouseBusyError: The warehouse is open.
        StorageError: The disk is full, or what was written cannot be read back; nothing stays.
    """
    final = place / f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    draft = place / f".{final.name}.tmp"
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        place.chmod(0o700)
        copy_closed(writer_path, draft / _WAREHOUSE)
        files = {}
        for path in kept:
            name = str(path.relative_to(root))
            files[name] = _keep(path, place / _FILES)
        manifest: dict[str, Any] = {
            "version": _VERSION,
            "created_at": now.isoformat(),
            "salt_print": _print_of(salt),
            "warehouse": _entry(draft / _WAREHOUSE),
            "files": files,
        }
        _write(draft / _MANIFEST, json.dumps(manifest, indent=1).encode())
        verify(draft, place)
        if final.exists():
            shutil.rmtree(final)
        draft.rename(final)
        sync(place)
    except OSError as error:
        raise StorageError(
            mark("no backup in {folder}: {error}"), folder=place, error=error
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return _backup(final)


def verify(folder: Path, place: Path) -> None:
    """Read a backup back, byte by byte.

    Raises:
        StorageError: A file is missing or is not what it was; says which.
    """
    manifest = _manifest(folder)
    _require(folder / _WAREHOUSE, manifest["warehouse"])
    for name, entry in manifest["files"].items():
        _require(place / _FILES / entry["sha256"], entry, name)


def backups(place: Path) -> list[Backup]:
    """Return the backups of a client, newest first."""
    found = [path.parent for path in place.glob(f"*Z/{_MANIFEST}")]
    return [_backup(folder) for folder in sorted(found, reverse=True)]


def remove_old(place: Path, *, now: datetime, kept_for: timedelta) -> int:
    """Remove backups older than that, but for the newest, and files no backup needs; count them."""
    known = backups(place)
    old = [one for one in known[1:] if one.created_at < now - kept_for]
    for one in old:
        shutil.rmtree(one.folder)
    needed = {entry["sha256"] for one in backups(place) for entry in _files(one.folder)}
    for path in (place / _FILES).glob("*"):
        if path.name not in needed:
            path.unlink()
    return len(old)


def restore(folder: Path, place: Path, root: Path, *, salt: bytes) -> Path:
    """Put a backup into a new folder; return the folder, which is not in use yet.

    Args:
        folder: The backup.
        place: The client's folder of backups.
        root: The client's data folder; what is made stands beside it.
        salt: The client's present salt.

    Raises:
        StorageError: The backup is damaged, or was made under another salt: authors would be
            strangers to those collected from now on.
    """
    manifest = _manifest(folder)
    if manifest["salt_print"] != _print_of(salt):
        raise StorageError(
            mark("{folder} was made under another salt: put that client's .salt file back first"),
            folder=folder,
        )
    verify(folder, place)
    target = root.with_name(f".{root.name}.restored.tmp")
    shutil.rmtree(target, ignore_errors=True)
    try:
        target.mkdir(parents=True, mode=0o700)
        shutil.copyfile(folder / _WAREHOUSE, target / _WAREHOUSE)
        for name, entry in manifest["files"].items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(place / _FILES / entry["sha256"], path)
            os.utime(path, ns=(entry["mtime_ns"], entry["mtime_ns"]))
    except OSError as error:
        raise StorageError(
            mark("cannot restore into {folder}: {error}"), folder=target, error=error
        ) from error
    return target


def _keep(path: Path, pool: Path) -> dict[str, Any]:
    """Copy a file into the pool unless it is there; it is named after its content."""
    entry = _entry(path)
    kept = pool / entry["sha256"]
    if not (kept.exists() and kept.stat().st_size == entry["size"]):
        pool.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = pool / f".{entry['sha256']}.tmp"
        shutil.copyfile(path, temporary)
        temporary.chmod(0o400)
        sync(temporary)
        temporary.replace(kept)
    return entry


def _entry(path: Path) -> dict[str, Any]:
    status = path.stat()
    return {"sha256": _sha256(path), "size": status.st_size, "mtime_ns": status.st_mtime_ns}


def _require(path: Path, entry: dict[str, Any], name: str = "") -> None:
    if not path.is_file():
        raise StorageError(
            mark("the backup is not whole: {path} {name} is missing"), path=path, name=name
        )
    if _sha256(path) != entry["sha256"]:
        raise StorageError(
            mark("the backup is damaged: {path} {name} is not what was kept"), path=path, name=name
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _print_of(salt: bytes) -> str:
    return hashlib.sha256(b"vigie salt print\n" + salt).hexdigest()[:16]


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / _MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise StorageError(mark("no backup: {path}: {error}"), path=path, error=error) from error
    if manifest.get("version", 0) > _VERSION:
        raise StorageError(mark("{path} was written by a newer version"), path=path)
    return manifest


def _files(folder: Path) -> Iterable[dict[str, Any]]:
    entries: dict[str, dict[str, Any]] = _manifest(folder)["files"]
    return entries.values()


def _backup(folder: Path) -> Backup:
    manifest = _manifest(folder)
    entries = [manifest["warehouse"], *manifest["files"].values()]
    return Backup(
        folder=folder,
        created_at=datetime.fromisoformat(manifest["created_at"]),
        file_count=len(entries),
        byte_count=sum(entry["size"] for entry in entries),
    )


def _write(path: Path, body: bytes) -> None:
    with path.open("xb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
