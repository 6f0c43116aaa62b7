"""What the demonstration remembers between two runs: its bad evenings."""

import json
import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Self

from listening.demo.compose import DemoItem
from listening.demo.history import HISTORY_DAYS, history
from listening.demo.plot import buzz_day_before
from listening.errors import ListeningError


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoState:
    """The evenings on which a bad buzz was shown, oldest first."""

    buzz_days: tuple[date, ...] = ()

    def with_evening_before(self, now: datetime) -> Self:
        """Return the state with the last evening before ``now`` added, once."""
        return type(self)(buzz_days=tuple(sorted({*self.buzz_days, buzz_day_before(now)})))

    def history(self, until: datetime, *, days: int = HISTORY_DAYS) -> tuple[DemoItem, ...]:
        """Return what the web says up to an instant, all evenings included."""
        return history(until, days=days, buzz_days=self.buzz_days)


def read_state(path: Path) -> DemoState:
    """Read the state; a demonstration that never ran has none yet.

    Raises:
        ListeningError: The file is not what ``write_state`` writes.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return DemoState(buzz_days=tuple(date.fromisoformat(day) for day in data["buzz_days"]))
    except FileNotFoundError:
        return DemoState()
    except (ValueError, KeyError, TypeError) as error:
        raise ListeningError(f"{path} is damaged; delete it to begin the story anew") from error


def write_state(path: Path, state: DemoState) -> None:
    """Write the state, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"buzz_days": [day.isoformat() for day in state.buzz_days]})
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(path)


def advance_state(path: Path, now: datetime) -> DemoState:
    """Add the evening before ``now`` to the stored state and return it."""
    state = read_state(path).with_evening_before(now)
    write_state(path, state)
    return state
