"""The one option all training commands share: where the labelled sets are."""

import argparse
from pathlib import Path

DATA = Path("../shared/sentiment")


def read_options() -> Path:
    """Return the folder of the labelled sets, from ``--data``."""
    parser = argparse.ArgumentParser(description="Train the sentiment models from labelled sets.")
    parser.add_argument("--data", type=Path, default=DATA, help=f"folder of the sets ({DATA})")
    folder: Path = parser.parse_args().data
    return folder
