"""A scheduled run goes on with the last configuration that could be loaded."""

from pathlib import Path

import pytest

from listening.config.last_good import CURRENT, KEPT_COUNT, keep_good, load_client_or_last_good
from listening.errors import ConfigError
from tests.builders import CLIENT_YAML, write_client

CLIENT = CLIENT_YAML.replace("NAME", "exemple")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_client(tmp_path / "clients" / "exemple")


@pytest.fixture
def keep_dir(tmp_path: Path) -> Path:
    return tmp_path / "var" / "config"


def tree(keep_dir: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(keep_dir)): path.read_bytes()
        for path in sorted((keep_dir / CURRENT).rglob("*.yaml"))
    }


def test_good_configuration_is_used_and_kept(folder: Path, keep_dir: Path) -> None:
    config, problems = load_client_or_last_good(folder, keep_dir)

    assert (config.client_id, problems) == ("exemple", [])
    assert (keep_dir / CURRENT / "client.yaml").read_bytes() == (
        folder / "client.yaml"
    ).read_bytes()


def test_broken_configuration_never_replaces_the_good_one(folder: Path, keep_dir: Path) -> None:
    good, _ = load_client_or_last_good(folder, keep_dir)
    before = tree(keep_dir)
    write_client(folder, client=CLIENT.replace("role: own", "role: owner"), alerts="rules: x\n")

    config, problems = load_client_or_last_good(folder, keep_dir)

    assert config == good
    assert [error.path for error in problems] == [folder / "client.yaml", folder / "alerts.yaml"]
    assert tree(keep_dir) == before


def test_folder_that_vanished_is_a_problem_and_no_end(folder: Path, keep_dir: Path) -> None:
    good = keep_good(folder, keep_dir)
    folder.rename(folder.with_name("autre"))

    config, problems = load_client_or_last_good(folder, keep_dir)

    assert config == good
    assert "no client exemple" in problems[0].message


def test_repaired_configuration_is_taken_again(folder: Path, keep_dir: Path) -> None:
    keep_good(folder, keep_dir)
    write_client(folder, client="]")
    load_client_or_last_good(folder, keep_dir)
    write_client(folder, client=CLIENT.replace("language: fr", "language: en"))

    config, problems = load_client_or_last_good(folder, keep_dir)

    assert (config.language, problems) == ("en", [])


def test_broken_first_configuration_is_an_error(folder: Path, keep_dir: Path) -> None:
    write_client(folder, client="]")

    with pytest.raises(ConfigError) as caught:
        load_client_or_last_good(folder, keep_dir)

    assert caught.value.path == folder / "client.yaml"
    assert not keep_dir.exists()


def test_copy_that_cannot_be_used_is_said_beside_the_problem(folder: Path, keep_dir: Path) -> None:
    keep_good(folder, keep_dir)
    (keep_dir / CURRENT / "client.yaml").write_text("]", encoding="utf-8")
    write_client(folder, client="]")

    with pytest.raises(ConfigError) as caught:
        load_client_or_last_good(folder, keep_dir)

    assert caught.value.path == folder / "client.yaml"
    assert "last good copy" in caught.value.__notes__[-1]


def test_keeping_twice_changes_nothing(folder: Path, keep_dir: Path) -> None:
    keep_good(folder, keep_dir)
    before = {path: path.stat().st_mtime_ns for path in keep_dir.rglob("*")}

    keep_good(folder, keep_dir)

    assert {path: path.stat().st_mtime_ns for path in keep_dir.rglob("*")} == before


def test_only_the_last_copies_stay(folder: Path, keep_dir: Path) -> None:
    for number in range(KEPT_COUNT + 2):
        body = CLIENT.replace("Bistrot", f"Bistrot {number}")
        config = keep_good(write_client(folder, client=body), keep_dir)

    copies = [path for path in keep_dir.iterdir() if not path.is_symlink()]
    assert len(copies) == KEPT_COUNT
    assert load_client_or_last_good(folder, keep_dir)[0] == config


def test_unfinished_copy_of_a_killed_process_does_no_harm(folder: Path, keep_dir: Path) -> None:
    (keep_dir / ".new-abc").mkdir(parents=True)
    (keep_dir / ".new-abc" / "client.yaml").write_text("half", encoding="utf-8")

    config = keep_good(folder, keep_dir)

    assert load_client_or_last_good(folder, keep_dir) == (config, [])
