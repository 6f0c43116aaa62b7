"""What commands say: questions of yes or no, and errors, in the reader's language."""

import io
import sys
from collections.abc import Iterator

import pytest
import typer

from listening.cli.console import require_consent, told
from listening.errors import (
    CollectionFailedError,
    ListeningError,
    StorageError,
    UnreadableSourceError,
)
from listening.jobs.services import ServiceError
from listening.settings import get_settings


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("LISTENING_LANGUAGE", request.param)
    get_settings.cache_clear()
    yield request.param
    get_settings.cache_clear()


def _ask(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    require_consent("?")


@pytest.mark.usefixtures("root", "language")
@pytest.mark.parametrize("typed", ["o", "oui", "Y", " yes ", "OUI", "peut-être\noui"])
def test_yes_goes_on(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    _ask(monkeypatch, f"{typed}\n")


@pytest.mark.usefixtures("root", "language")
@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("\n", id="enter"),
        pytest.param("n\n", id="n"),
        pytest.param("Non\n", id="non"),
        pytest.param("no\n", id="no"),
        pytest.param("", id="nobody"),
        pytest.param("peut-être\n", id="no-answer-then-nobody"),
    ],
)
def test_anything_else_leaves(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    with pytest.raises(typer.Exit) as end:
        _ask(monkeypatch, typed)

    assert end.value.exit_code == 1


@pytest.mark.usefixtures("root")
def test_it_is_asked_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    with pytest.raises(typer.Exit):
        _ask(monkeypatch, "peut-être\nn\n")

    shown = capsys.readouterr().err
    said = {"fr": ("[o/N]", "répondez o ou n", "abandonné"), "en": ("[y/N]", "answer y", "given")}
    assert all(word in shown for word in said[language])


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    ("error", "french"),
    [
        pytest.param(
            StorageError("cannot write {path}: {error}", path="a", error="disque plein"),
            "impossible d'écrire a\xa0: disque plein",
            id="storage",
        ),
        pytest.param(
            ServiceError("{name} died at once; see {path}", name="scheduler", path="x.log"),
            "scheduler s'est arrêté aussitôt\xa0; voir x.log",
            id="services",
        ),
        pytest.param(
            UnreadableSourceError("avis.csv", "no_header"),
            "avis.csv\xa0: La première ligne du fichier ne nomme aucune colonne. (no_header)",
            id="a-file",
        ),
        pytest.param(
            CollectionFailedError(13, 20, 0.5),
            "13 sources sur 20 en échec, plus que la part permise de 50\xa0%",
            id="too-many-dead",
        ),
    ],
)
def test_errors_are_told_in_french(error: ListeningError, french: str) -> None:
    assert told(error) == french
