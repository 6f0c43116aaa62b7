"""Pins the scores of the gold files in ``sentiment/evaluation/floors.json``.

``python -m sentiment.training.floors`` measures every gold file, and raises floors that are too
low. A floor stands one case below what was measured, for another machine may round otherwise; none
is ever lowered here: that is done by hand, with a reason in the changelog.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from sentiment.evaluate import evaluate_file

FOLDER: Final = Path(str(files("sentiment") / "evaluation"))
FILE: Final = FOLDER / "floors.json"
#: Digits of a floor, rounded down.
_DIGITS: Final = 3


def floors_of(scores: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the floors that these scores allow; none lower than the known one.

    Args:
        scores: As ``sentiment.evaluate.evaluate`` returns them.
        known: The floors of the same file until now, perhaps empty.
    """
    before = known.get("by_source", {})
    return {
        "accuracy": max(_below(scores), known.get("accuracy", 0.0)),
        "macro_f1": max(_down(scores["macro_f1"] - 0.01), known.get("macro_f1", 0.0)),
        "by_source": {
            source: max(_below(found), before.get(source, 0.0))
            for source, found in scores["by_source"].items()
        },
    }


def _below(scores: Mapping[str, Any]) -> float:
    """Return the accuracy with one case less right."""
    return max(0.0, _down(scores["accuracy"] - 1 / scores["count"]))


def _down(share: float) -> float:
    scale = 10**_DIGITS
    return math.floor(share * scale + 1e-6) / scale


def main() -> None:
    """Measure every gold file and write the floors."""
    known = json.loads(FILE.read_text(encoding="utf-8"))
    floors = {}
    for path in sorted(FOLDER.glob("*.jsonl")):
        scores = evaluate_file(path, task="targeted")
        floors[path.name] = {
            "task": "targeted",
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "count": scores["count"],
            **floors_of(scores, known.get(path.name, {})),
        }
    FILE.write_text(json.dumps(floors, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
