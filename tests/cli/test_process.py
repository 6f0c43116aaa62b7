"""The command as a process of its own: pipes, locales, languages, and how little it loads."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from listening.cli.main import app
from listening.jobs.context import ClientPaths
from tests.builders import write_client
from tests.cli.conftest import Vigie
from tests.integration.home import Home, command

HEAVY = ("spacy", "duckdb", "pandas", "scipy", "httpx", "feedparser", "airflow", "lxml")


@pytest.fixture
def home(tmp_path: Path, night_template: Path) -> Home:
    """Return an installation with one client and one published night."""
    home = Home(tmp_path / "home")
    write_client(home.clients / "bistrot")
    home.data("bistrot").root.parent.mkdir(parents=True)
    home.data("bistrot").root.symlink_to(night_template)
    return home


def commands(group: TyperGroup, *path: str) -> list[tuple[str, ...]]:
    """Return the words of every command and group of commands."""
    found = [path]
    for name, one in sorted(group.commands.items()):
        found += commands(one, *path, name) if isinstance(one, TyperGroup) else [(*path, name)]
    return found


def every_command() -> list[tuple[str, ...]]:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return commands(group)


@pytest.mark.parametrize("form", ["--csv", "--json"])
def test_a_reader_that_has_enough_is_no_error(home: Home, form: str) -> None:
    """As in ``vigie sql … | head -1``."""
    words = ("sql", form, "--rows", "100000", "SELECT * FROM range(100000)")

    code, said = run_for_a_reader_who_leaves(home, *words, line_count=1)

    assert (code, said) == (0, "")


def test_a_reader_that_never_reads_is_no_error(home: Home) -> None:
    """As in ``vigie check | true``: what is written is smaller than a buffer."""
    assert run_for_a_reader_who_leaves(home, "check", line_count=0) == (0, "")
    assert run_for_a_reader_who_leaves(home, "sql", "--json", "SELECT 1", line_count=0) == (0, "")


def run_for_a_reader_who_leaves(home: Home, *words: str, line_count: int) -> tuple[int, str]:
    """Run a command whose output is closed after some lines; return its code and its stderr."""
    with subprocess.Popen(  # noqa: S603 - our own command
        command(*words),
        env=home.environment,
        cwd=home.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        for _ in range(line_count):
            assert process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        return process.wait(30), said


def test_accents_survive_the_bare_locale_of_cron(home: Home) -> None:
    home.environment |= {"LC_ALL": "C", "LANG": "C"}

    done = home.vigie("sql", "--csv", "SELECT name FROM dim_brands ORDER BY 1")

    assert "L'Œuf à la Coque" in done.stdout


def test_the_language_is_a_setting(home: Home) -> None:
    french = home.vigie("check")
    english = home.vigie("sql", "--client", "nobody", "SELECT 1", code=2)
    home.environment["LISTENING_LANGUAGE"] = "en"

    assert "marques" in french.stdout
    assert "brands" in home.vigie("check").stdout
    assert "il n'y a pas de client nobody" in english.stderr
    assert "there is no client nobody" in (
        home.vigie("sql", "--client", "nobody", "SELECT 1", code=2).stderr
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("sql", "SELEC 1"), "la requête est illisible", id="bad-sql"),
        pytest.param(("sql", "DELETE FROM outbox"), "seules les requêtes qui lisent", id="write"),
        pytest.param(
            ("sql", "--timeout", "0.2", "SELECT sum(hash(a.range)) FROM range(9e9::BIGINT) AS a"),
            "la requête a duré plus de 0.2 s",
            id="too-long",
        ),
        pytest.param(("questions", "99"), "il n’y a pas de question 99", id="no-such-question"),
    ],
)
@pytest.mark.usefixtures("published")
def test_what_the_database_refuses_is_said_in_the_readers_language(
    vigie: Vigie, words: tuple[str, ...], said: str
) -> None:
    assert said in vigie(*words, code=1).err


def test_a_damaged_or_missing_snapshot_is_said(vigie: Vigie, published: ClientPaths) -> None:
    snapshot = published.snapshot.resolve()
    snapshot.chmod(0o644)
    snapshot.write_bytes(snapshot.read_bytes()[: snapshot.stat().st_size // 3])

    damaged = [
        vigie(*words, code=1).err for words in (("sql", "FROM mentions"), ("questions", "1"))
    ]
    published.snapshot.unlink()

    assert all("abîmée" in said and "vigie alerts evaluate" in said for said in damaged)
    assert "pas de copie publiée" in vigie("sql", "FROM mentions", code=1).err


#: What Typer writes into its help by itself.
ENGLISH = ("Show this", "default:", "required", "<str>", "COMMAND ", "Options:")


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
@pytest.mark.usefixtures("root")
def test_every_command_explains_itself(vigie: Vigie, words: tuple[str, ...]) -> None:
    answer = vigie(*words, "--help")

    assert "Usage\N{NO-BREAK SPACE}: vigie" in answer.out
    assert not [word for word in ENGLISH if word in answer.out]
    assert answer.err == ""


def test_a_command_loads_only_what_it_needs() -> None:
    """Half a second at every prompt: models, databases and HTTP wait until they are needed."""
    program = f"import listening.cli.main, sys; print([m for m in {HEAVY!r} if m in sys.modules])"

    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


@pytest.mark.usefixtures("bistrot")
def test_what_the_machine_refuses_is_told_in_one_line(vigie: Vigie) -> None:
    answer = vigie("privacy", "register", "/sys/kernel/registre.md", code=1)  # nobody writes there

    assert answer.err.count("\n") == 1
    assert "/sys/kernel/registre.md" in answer.err
