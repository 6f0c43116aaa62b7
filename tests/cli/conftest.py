"""The command in this process: the same ``main`` as the program's, without a second of imports."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from listening.cli import console
from listening.cli.main import main
from listening.config.load import load_client
from listening.jobs.context import ClientPaths
from listening.model import Alert, AlertState, Severity
from listening.settings import PREFIX, get_settings
from storage.alerting import save_judgement
from storage.dimensions import sync_dimensions
from storage.engine import open_writer
from storage.loading import load_batch, load_tagged
from storage.migrate import migrate
from storage.publish import publish
from tests.builders import (
    NOW,
    make_batch,
    make_document,
    make_evaluation,
    make_mention,
    make_source_run,
    make_tagged,
    write_client,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    def rows(self) -> list[Any]:
        """Read standard output as lines of JSON, most often objects."""
        return [json.loads(line) for line in self.out.splitlines()]


#: Titles of the published documents: what the web may hold against a terminal or a spreadsheet.
TITLES = (
    "Un œuf parfait",
    "=cmd|' /C calc'!A0",
    "[bold red]gras[/]",
    "rouge \x1b[31m et cloche \x07",
)

#: Runs ``vigie`` with these words; the exit code must be the one given.
Vigie = Callable[..., Answer]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty installation, which the command sees as its home."""
    for name in ("HOME", "VAR_DIR", "CLIENTS_DIR", "LANGUAGE", "SMTP_HOST"):
        monkeypatch.delenv(PREFIX + name, raising=False)
    monkeypatch.setenv("LISTENING_HOME", str(tmp_path))
    monkeypatch.setattr(console.out, "width", 200)
    return tmp_path


@pytest.fixture
def vigie(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Vigie]:
    del root

    def run(*words: str, code: int = 0) -> Answer:
        get_settings.cache_clear()
        monkeypatch.setattr(sys, "argv", ["vigie", *words])
        capsys.readouterr()
        try:
            main()
            found = 0
        except SystemExit as end:
            found = end.code if isinstance(end.code, int) else int(end.code is not None)
        answer = Answer(found, *capsys.readouterr())
        assert answer.code == code, answer
        return answer

    yield run
    get_settings.cache_clear()
    structlog.reset_defaults()  # events went to this test's stderr


@pytest.fixture
def bistrot(root: Path) -> Path:
    """Return the folder of a client that has not run yet."""
    return write_client(root / "clients" / "bistrot")


@pytest.fixture(scope="session")
def night_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of ``bistrot`` after a night, made once."""
    root = tmp_path_factory.mktemp("night")
    config = load_client(write_client(root / "bistrot"))
    paths = ClientPaths(root / "data")
    documents = [make_document(n, title=title) for n, title in enumerate(TITLES)]
    look = make_evaluation()
    alert = Alert(
        fingerprint="f" * 32,
        rule_id=look.rule_id,
        brand_id=look.observation.brand_id,
        severity=Severity.CRITICAL,
        state=AlertState.FIRING,
        opened_at=look.evaluated_at,
        last_breach_at=look.observation.window.end,
        changed_at=look.evaluated_at,
        resolved_at=None,
        peak_count=34,
        evaluation=look,
    )
    with open_writer(paths.writer) as warehouse:
        migrate(warehouse, now=NOW)
        sync_dimensions(
            warehouse,
            client_id=config.client_id,
            name=config.name,
            timezone=config.timezone,
            language=config.language,
            brands=config.brands,
            sources=config.sources,
            rules=[rule.model_dump(mode="json") for rule in config.rules],
            now=NOW,
        )
        load_batch(warehouse, make_batch(*documents, source_runs=(make_source_run(),)), now=NOW)
        tagged = [make_tagged(one, make_mention(n)) for n, one in enumerate(documents)]
        load_tagged(warehouse, tagged, brands=config.brands, now=NOW)
        save_judgement(warehouse, evaluations=[look], alerts=[alert], messages=[], now=NOW)
    publish(paths.writer, paths.published, now=NOW)
    return paths.root


@pytest.fixture
def published(root: Path, bistrot: Path, night_template: Path) -> ClientPaths:
    """Return the places of a client after a night: documents, mentions, a visit, an open alert."""
    folder = root / "var" / "data" / bistrot.name
    shutil.copytree(night_template, folder, symlinks=True)
    write_salt(root, bistrot.name)
    return ClientPaths(folder)


def write_salt(root: Path, client_id: str) -> None:
    """Give a client the salt that its planted data needs: none is made for data that is there."""
    path = root / "var" / "secrets" / f"{client_id}.salt"
    path.parent.mkdir(parents=True)
    path.write_text("5a" * 32, encoding="ascii")
