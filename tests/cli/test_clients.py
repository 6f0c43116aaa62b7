"""``vigie init``, ``vigie check`` and ``vigie client close``: a client's files, made and gone."""

import os
import pty
import subprocess
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from listening.config.load import load_client
from listening.jobs.context import ClientPaths
from tests.builders import write_client
from tests.cli.conftest import Vigie
from tests.integration.home import Home, command

FLAGS = (
    *("--brand", "Café de l'Étoile", "--recipient", "camille@exemple.example"),
    *("--competitor", "La Tartine", "--spelling", "Cafe de l'Etoile Lyon"),
    *("--timezone", "Europe/Paris"),
)


def test_init_by_flags_makes_a_client_that_is_good(vigie: Vigie, root: Path) -> None:
    made = vigie("init", *FLAGS)

    folder = root / "clients" / "cafe-de-l-etoile"
    assert str(folder) in made.out
    config = load_client(folder)
    own, rival = config.brands
    assert (own.name, own.role, rival.name) == ("Café de l'Étoile", "own", "La Tartine")
    assert "Cafe de l'Etoile Lyon" in own.terms
    assert "✔ cafe-de-l-etoile" in vigie("check").out


@pytest.mark.parametrize(
    ("words", "flag"),
    [
        pytest.param((), "--brand", id="nothing-said"),
        pytest.param(("--brand", "Étoile"), "--recipient", id="no-recipient"),
    ],
)
def test_init_without_a_terminal_does_not_wait_for_answers(
    vigie: Vigie, root: Path, words: tuple[str, ...], flag: str
) -> None:
    answer = vigie("init", *words, code=2)

    assert flag in answer.err
    assert answer.out == ""
    assert list(root.iterdir()) == []


def test_init_never_touches_a_client_that_is_there(vigie: Vigie, root: Path) -> None:
    vigie("init", *FLAGS)
    path = root / "clients" / "cafe-de-l-etoile" / "client.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# à moi\n", encoding="utf-8")
    before = path.read_bytes()

    answer = vigie("init", *FLAGS, code=2)

    assert "cafe-de-l-etoile" in answer.err
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("--timezone", "Europe/Paname"), "Europe/Paname", id="timezone"),
        pytest.param(("--recipient", "camille"), "camille", id="address"),
        pytest.param(("--client", "../ailleurs"), "../ailleurs", id="folder"),
    ],
)
def test_init_refuses_wrong_answers_and_leaves_nothing(
    vigie: Vigie, root: Path, words: tuple[str, ...], said: str
) -> None:
    answer = vigie("init", *FLAGS, *words, code=2)

    assert said in answer.err
    assert list(root.rglob("*.yaml")) == []


def test_init_asks_five_questions_on_a_terminal_again_when_an_answer_is_wrong(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home")
    mails = ["camille", "camille@exemple.example"]
    answers = ["Café de l'Étoile", "", "La Tartine, Le Zinc", *mails, "Europe/Pari", ""]
    ours, theirs = pty.openpty()
    with subprocess.Popen(  # noqa: S603 - our own command
        command("init"),
        env=home.environment,
        cwd=home.root,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    ) as process:
        os.close(theirs)
        os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
        assert process.stdout is not None
        said = process.stdout.read()
        assert process.wait(30) == 0
    os.close(ours)

    config = load_client(home.clients / "cafe-de-l-etoile")
    assert [brand.name for brand in config.brands] == [
        "Café de l'Étoile",
        "La Tartine",
        "Le Zinc",
    ]
    assert config.timezone == "Europe/Paris"
    assert "1/5" not in said, "questions are no data"
    assert "vigie sources add" in said


def test_check_says_what_a_good_client_has(vigie: Vigie, bistrot: Path) -> None:
    answer = vigie("check", bistrot.name)

    assert answer.out.splitlines()[-1].startswith("✔ bistrot")
    assert answer.err == ""


def test_check_takes_the_client_as_the_comment_in_its_files_says(
    vigie: Vigie, bistrot: Path
) -> None:
    write_client(bistrot.parent / "autre")

    named = vigie("check", "--client", bistrot.name)
    twice = vigie("check", bistrot.name, "-c", bistrot.name)

    assert named.out == twice.out == vigie("check", bistrot.name).out
    assert "autre" not in named.out


def test_check_names_file_line_key_and_what_to_write(vigie: Vigie, bistrot: Path) -> None:
    path = bistrot / "client.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Europe/Paris", "Europe/Pari"), encoding="utf-8")
    number = text[: text.index("timezone")].count("\n") + 1

    answer = vigie("check", code=2)

    line = next(line for line in answer.out.splitlines() if line.startswith("✘"))
    assert f"client.yaml, ligne {number}" in line
    assert "timezone" in line
    assert "Europe/Paris" in answer.out
    (found,) = vigie("check", "--json", code=2).rows()
    (problem,) = found["problems"]
    assert (found["client"], problem["line"], problem["key"]) == ("bistrot", number, "timezone")
    assert problem["path"].endswith("client.yaml")
    assert problem["message"] and problem["hint"]


def test_check_names_all_problems_of_all_clients(vigie: Vigie, bistrot: Path) -> None:
    (bistrot / "sources.yaml").write_text("sources:\n  - {id: a b, kind: film}\n", "utf-8")
    (bistrot / "alerts.yaml").write_text("rules: [\n", "utf-8")
    good = bistrot.with_name("cantine")
    good.mkdir()
    for path in bistrot.iterdir():
        text = path.read_text(encoding="utf-8")
        good.joinpath(path.name).write_text(text.replace("bistrot", "cantine"), "utf-8")
    (good / "sources.yaml").write_text("sources: []\n", "utf-8")
    (good / "alerts.yaml").write_text("rules: []\n", "utf-8")

    answer = vigie("check", code=2)

    assert "sources.yaml, ligne 2" in answer.out
    assert "alerts.yaml, ligne" in answer.out
    assert "✔ cantine" in answer.out


def test_check_of_an_unknown_client_names_the_known(vigie: Vigie, bistrot: Path) -> None:
    answer = vigie("check", "restaurant", code=2)

    assert "restaurant" in answer.err and bistrot.name in answer.err


@pytest.mark.usefixtures("published")
def test_a_night_says_in_french_what_of_the_new_files_it_did_not_take(
    vigie: Vigie, root: Path
) -> None:
    (folder,) = (root / "clients").iterdir()
    vigie("tag")
    (folder / "alerts.yaml").write_text("rules: [,]\n", encoding="utf-8")

    answer = vigie("tag")

    assert "configuration écartée" in answer.err
    assert "il manque quelque chose ici" in answer.err
    assert "alerts.yaml, ligne 1" in answer.err


def test_a_client_is_closed_once_everything_is_exported(
    vigie: Vigie, published: ClientPaths, bistrot: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "remise"

    answer = vigie("client", "close", str(folder), "--yes")

    assert "bistrot est effacé" in answer.out
    kept = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"mentions.parquet", "dim_sources.parquet", "configuration/client.yaml"} <= kept
    assert pq.read_metadata(folder / "mentions.parquet").num_rows > 0
    assert not published.root.exists()
    assert not bistrot.exists()


def test_a_client_that_never_ran_is_closed_with_its_configuration(
    vigie: Vigie, bistrot: Path, tmp_path: Path
) -> None:
    vigie("client", "close", str(tmp_path / "remise"), "--yes")

    assert (tmp_path / "remise" / "configuration" / "client.yaml").exists()
    assert not bistrot.exists()
