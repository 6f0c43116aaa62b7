"""The options of training commands: where the labelled sets are, and which languages."""

import argparse
from pathlib import Path

LANGUAGES = ("fr", "en")
DATA = Path("../shared/sentiment")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Train the sentiment models from labelled sets.")
    parser.add_argument("--data", type=Path, default=DATA, help=f"folder of the sets ({DATA})")
    return parser


def read_options() -> Path:
    """Return the folder of the labelled sets, from ``--data``."""
    folder: Path = _parser().parse_args().data
    return folder


def read_language_options() -> tuple[Path, tuple[str, ...]]:
    """Return that folder, and the languages named on the command line; all when none is."""
    parser = _parser()
    parser.add_argument("languages", nargs="*", choices=[*LANGUAGES, []], help="fr, en")
    found = parser.parse_args()
    return found.data, tuple(found.languages) or LANGUAGES
