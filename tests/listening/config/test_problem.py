"""Problems read well in both languages and survive a process border."""

import pickle
from pathlib import Path

import pytest

from listening.config.load import find_problems
from listening.config.problem import describe, explain
from listening.errors import ConfigError
from listening.translate import translator
from tests.builders import CLIENT_YAML, write_client

FRENCH = translator("fr")


def one_problem(tmp_path: Path) -> ConfigError:
    body = CLIENT_YAML.replace("NAME", "exemple").replace("    terms:", "    tems:")
    (error,) = find_problems(write_client(tmp_path / "exemple", client=body))
    return error


def test_problem_is_shown_in_french(tmp_path: Path) -> None:
    error = one_problem(tmp_path)

    assert describe(error, FRENCH).replace("\xa0", " ") == (
        f"{tmp_path}/exemple/client.yaml, ligne 10 : brands.1.tems : clé inconnue « tems »\n"
        "  → vouliez-vous écrire terms ?"
    )


def test_problem_reads_as_english_text(tmp_path: Path) -> None:
    error = one_problem(tmp_path)

    assert str(error) == (
        f"{tmp_path}/exemple/client.yaml:10: brands.1.tems: unknown key tems (did you mean terms?)"
    )


def test_problem_survives_pickling(tmp_path: Path) -> None:
    error = one_problem(tmp_path)

    copy = pickle.loads(pickle.dumps(error))

    assert str(copy) == str(error)
    assert explain(copy, FRENCH) == explain(error, FRENCH)


def test_values_with_braces_are_shown_as_they_are() -> None:
    error = ConfigError("unknown key {name}", values={"name": "{x}"})

    assert describe(error, translator("en")) == "unknown key {x}"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_error_without_values_may_hold_braces(language: str) -> None:
    error = ConfigError("write {} here", hint="{x}")

    assert describe(error, translator(language)) == "write {} here\n  → {x}"
    assert str(error) == "write {} here ({x})"
