"""Readers, a writer and a publisher killed at random for a moment; five minutes are a benchmark."""

from pathlib import Path

from benchmarks.warehouse_readers import run

WRONG = ("lost", "errors of readers", "half batches seen", "errors of the publisher")


def test_nothing_is_lost_and_no_reader_sees_an_error(tmp_path: Path) -> None:
    """Where other work leaves nobody the time to write, it is played again, for longer."""
    for seconds in (3.0, 12.0, 48.0):
        folder = tmp_path / str(seconds)
        folder.mkdir()

        found = run(folder, seconds=seconds, seed=11)

        assert {name: found[name] for name in WRONG} == dict.fromkeys(WRONG, 0)
        assert found["files left half made"] == 0
        if found["documents written"] and found["publications"]:
            return
    raise AssertionError("nobody lived long enough to be put to the test")
