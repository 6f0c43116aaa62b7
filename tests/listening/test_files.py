"""Files that last are whole, private, and never half written."""

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest

from listening.errors import StorageError
from listening.files import remove_drafts, write_whole
from tests.builders import NOW

HOUR = timedelta(hours=1)


def test_a_file_gets_its_content_and_its_owner_alone_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "made" / "on-the-way.json"

    write_whole(path, b"first")
    write_whole(path, b"second")

    assert path.read_bytes() == b"second"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_disk_that_refuses_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept.json"
    write_whole(path, b"old")

    def refuse(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StorageError, match=r"cannot write .*kept\.json"):
        write_whole(path, b"new")

    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_what_a_killed_program_had_begun_goes_and_what_is_being_written_stays(
    tmp_path: Path,
) -> None:
    dead, alive = (tmp_path / "run" / f".batch-{n}.gz.{n}.tmp" for n in (1, 2))
    write_whole(tmp_path / "run" / "batch-1.gz", b"whole")
    for path, changed_at in ((dead, NOW - 2 * HOUR), (alive, NOW)):
        path.write_bytes(b"half")
        os.utime(path, (changed_at.timestamp(),) * 2)

    assert remove_drafts(tmp_path, before=NOW - HOUR) == 1

    assert sorted(one.name for one in (tmp_path / "run").iterdir()) == [alive.name, "batch-1.gz"]
