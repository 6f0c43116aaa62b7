"""What the demonstration remembers between two runs."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from listening.demo.state import DemoState
from listening.errors import ListeningError

NOW = datetime(2026, 11, 20, 1, 14, tzinfo=UTC)


def test_a_demonstration_that_never_ran_remembers_nothing(tmp_path: Path) -> None:
    assert DemoState.load(tmp_path).buzz_days == ()


def test_each_day_adds_its_evening_once_and_keeps_the_old_ones(tmp_path: Path) -> None:
    for now in (NOW, NOW, datetime(2026, 11, 23, 9, tzinfo=UTC)):
        DemoState.load(tmp_path).with_evening_before(now).save(tmp_path)

    assert DemoState.load(tmp_path).buzz_days == (date(2026, 11, 19), date(2026, 11, 22))


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"buzz_days": ["yesterday"]}')

    with pytest.raises(ListeningError, match="delete it"):
        DemoState.load(tmp_path)
