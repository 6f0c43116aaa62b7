"""What the demonstration remembers between two runs: its bad evenings."""

import json
import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Self

from listening.demo.plot import buzz_day_before
from listening.errors import ListeningError

_FILE_NAME = "state.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoState:
    """The evenings on which a bad buzz was shown, oldest first."""

    buzz_days: tuple[date, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the state from the demonstration's folder; empty when it never ran.

        Raises:
            ListeningError: The file is not what ``save`` writes.
        """
        path = folder / _FILE_NAME
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(buzz_days=tuple(date.fromisoformat(day) for day in data["buzz_days"]))
        except FileNotFoundError:
            return cls()
        except (ValueError, KeyError, TypeError) as error:
            raise ListeningError(f"{path} is damaged; delete it to begin anew") from error

    def with_evening_before(self, now: datetime) -> Self:
        """Return the state with the last evening before ``now`` added, once."""
        return type(self)(buzz_days=tuple(sorted({*self.buzz_days, buzz_day_before(now)})))

    def save(self, folder: Path) -> None:
        """Write the state, whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"buzz_days": [day.isoformat() for day in self.buzz_days]})
        draft = folder / f"{_FILE_NAME}.{os.getpid()}.tmp"
        draft.write_text(text + "\n", encoding="utf-8")
        draft.replace(folder / _FILE_NAME)
