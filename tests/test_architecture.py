"""The rules that hold the house up: borders between packages, sizes, headers, nothing hidden."""

import ast
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("listening", "sentiment", "storage")

#: Lines of a module: split before this.
MOST_LINES = 400
#: Longer ones, with the reason.
LONG_MODULES = {"listening/model.py": "the vocabulary is read as a whole"}

#: Where any exception is logged with its trace and becomes a record, with the reason.
BOUNDARIES = {"listening/collectors/collect.py": "one source must not end the others' batch"}


def modules(*folders: str) -> list[Path]:
    """Return every Python file under these folders."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in found if "__pycache__" not in path.parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


OURS = modules(*PACKAGES, "dags")
STATEMENTS = sorted((ROOT / "storage" / "sql").rglob("*.sql"))


def test_packages_keep_their_borders() -> None:
    """The contracts of pyproject.toml; ``make contracts`` runs them too."""
    done = subprocess.run(  # noqa: S603 - our own environment's program
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_dag_files_only_orchestrate() -> None:
    """Nothing of ours is imported when Airflow reads them but what says which clients there are."""
    for path in modules("dags"):
        imported = {
            node.module
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.ImportFrom) and node.module is not None
        }
        ours = {name for name in imported if name.split(".")[0] in PACKAGES}
        assert ours == {"listening.jobs.scheduling"}, name_of(path)


def test_no_module_grows_beyond_reading() -> None:
    counts = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in OURS}

    long_ones = {name for name, count in counts.items() if count >= MOST_LINES}
    assert long_ones <= LONG_MODULES.keys()


def test_each_module_says_first_what_it_is_for() -> None:
    """In one line; an empty ``__init__.py`` has nothing to say."""
    silent = []
    for path in [*OURS, *modules("tests")]:
        text = path.read_text(encoding="utf-8")
        said = (ast.get_docstring(ast.parse(text)) or "").split("\n")[0]
        is_said = said.endswith((".", ":")) if path in OURS else said
        if text.strip() and not (is_said and text.startswith(('"""', 'r"""'))):
            silent.append(name_of(path))

    assert silent == []


def test_only_one_place_reads_the_clock_or_the_environment() -> None:
    """Jobs and entrances do; everything else is told the time and its settings."""
    entrances = ("listening/jobs/", "listening/cli/", "listening/demo/", "listening/settings.py")
    reading = {"datetime.now", "date.today", "time.time", "os.environ", "os.getenv"}

    wrong = [
        f"{name_of(path)}:{node.lineno}: {ast.unparse(node)}"
        for path in modules(*PACKAGES)
        if not name_of(path).startswith(entrances)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in reading
    ]

    assert wrong == []


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_statement_says_its_grain_and_its_readers(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    header = " ".join(line[2:].strip() for line in lines if line.startswith("--"))

    assert lines[0].startswith("--"), "the header comes first"
    assert "Grain:" in header
    assert "Read by:" in header


def test_no_statement_is_left_over() -> None:
    """A file of SQL that no code and no other statement names is dead."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in modules(*PACKAGES))
    named = {path: f"{path.parent.name}/{path.stem}" for path in STATEMENTS}

    # Whole folders are loaded of views, checks, proofs, questions; loads by part: upsert_{step}.
    by_folder = {"views", "checks", "proofs", "questions"}
    unused = [
        name
        for path, name in named.items()
        if path.parent.name not in by_folder
        and name not in code
        and path.stem.split("_", 1)[-1] not in code
    ]
    assert unused == []


def test_requirements_are_pinned_by_hash_and_name_no_host() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and line[0] not in " #"]

    assert len(pins) > 100
    assert [line for line in pins if "==" not in line] == []
    assert [line for line in lines if "//" in line or "index" in line.split("==")[0]] == []
    for pin, following in pairwise(lines):
        if pin in pins:
            assert following.strip().startswith("--hash=sha256:"), pin


def test_no_lock_file_with_addresses_is_committed() -> None:
    assert not (ROOT / "pylock.toml").exists()
    assert "uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_nothing_is_silenced() -> None:
    """No bare except, no ``except Exception`` that swallows, no suppressed Exception.

    At a boundary it may end, if its trace is logged as an error.
    """
    wrong = []
    for path in OURS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = "" if node.type is None else ast.unparse(node.type)
            raises = any(isinstance(one, ast.Raise) for one in ast.walk(node))
            logs = any(
                isinstance(one, ast.Call) and ast.unparse(one.func) == "log.exception"
                for one in ast.walk(node)
            )
            if caught == "Exception" and logs and name_of(path) in BOUNDARIES:
                continue
            if caught in {"", "Exception", "BaseException"} and not raises:
                wrong.append(f"{name_of(path)}:{node.lineno}")

    assert wrong == []
