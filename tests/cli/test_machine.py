"""Commands about the machine, and what every command does with settings and a busy warehouse."""

import socket
from pathlib import Path

import pytest

from listening.jobs.context import ClientPaths
from tests.cli.conftest import Vigie
from tests.storage.processes import HOLDER, start


@pytest.fixture(autouse=True)
def a_free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep an Airflow of whoever runs the tests out of them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AIRFLOW__API__PORT", str(probe.getsockname()[1]))


def test_doctor_names_what_is_missing_and_what_to_do(vigie: Vigie, bistrot: Path) -> None:
    answer = vigie("doctor", code=1)

    lines = answer.out.splitlines()
    assert any(line.startswith("✘ Airflow") and "make setup" in line for line in lines)
    assert any(line.startswith("•") and "LISTENING_SMTP_HOST" in line for line in lines)
    assert any(line.startswith("•") and bistrot.name in line for line in lines)
    assert answer.err == ""


def test_doctor_prints_json_too(vigie: Vigie, published: ClientPaths) -> None:
    (findings,) = vigie("doctor", "--json", code=1).rows()

    found = {one["subject"]: one["health"] for one in findings}
    assert found["Airflow"] == "bad"
    assert found[f"client {published.root.name}"] == "good"


def test_doctor_names_a_broken_client(vigie: Vigie, bistrot: Path) -> None:
    (bistrot / "alerts.yaml").write_text("rules: [\n", encoding="utf-8")

    answer = vigie("doctor", code=1)

    assert any(line.startswith("✘") and "alerts.yaml" in line for line in answer.out.splitlines())


def found_bad(vigie: Vigie) -> list[str]:
    """Return what the doctor says of the client's data, in French."""
    lines = vigie("doctor", code=1).out.splitlines()
    return [line for line in lines if line.startswith("✘ client")]


def test_doctor_opens_warehouse_and_snapshot(vigie: Vigie, published: ClientPaths) -> None:
    assert found_bad(vigie) == []
    for path in (published.writer, published.snapshot.resolve()):
        path.chmod(0o600)
        path.write_bytes(b"x" * 4096 + path.read_bytes()[4096:])

    warehouse, snapshot = found_bad(vigie)

    assert str(published.writer) in warehouse and "vigie restore" in warehouse
    assert str(published.snapshot) in snapshot and "vigie alerts evaluate" in snapshot


def test_doctor_names_a_snapshot_that_is_gone(vigie: Vigie, published: ClientPaths) -> None:
    published.snapshot.resolve().unlink()

    (line,) = found_bad(vigie)

    assert str(published.snapshot) in line


def test_a_warehouse_at_work_is_sound(vigie: Vigie, published: ClientPaths) -> None:
    with start(HOLDER, published.writer) as night:
        assert found_bad(vigie) == []
        night.communicate("done\n")


def test_doctor_names_a_lost_salt(vigie: Vigie, published: ClientPaths, root: Path) -> None:
    salt = root / "var" / "secrets" / f"{published.root.name}.salt"
    salt.unlink()

    (line,) = found_bad(vigie)

    assert str(salt) in line
    assert not salt.exists()


@pytest.mark.usefixtures("bistrot")
@pytest.mark.parametrize("words", [("schedule",), ("schedule", "--off"), ("setup",), ("up",)])
def test_away_from_the_checkout_airflow_is_not_started(
    vigie: Vigie, root: Path, words: tuple[str, ...]
) -> None:
    """Airflow would write an airflow.cfg of its own, with secrets in it."""
    answer = vigie(*words, code=1)

    assert "airflow.cfg" in answer.err
    assert not (root / "airflow.cfg").exists()


@pytest.mark.usefixtures("root")
def test_down_where_nothing_runs_is_no_error(vigie: Vigie) -> None:
    assert vigie("down").err == ""


@pytest.mark.usefixtures("bistrot")
def test_a_setting_that_does_not_exist_is_refused(
    vigie: Vigie, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A typo must not mean a default."""
    monkeypatch.setenv("LISTENING_SMTP_HOTS", "mail.example")

    answer = vigie("check", code=2)

    assert "LISTENING_SMTP_HOTS" in answer.err and "LISTENING_SMTP_HOST" in answer.err


@pytest.mark.usefixtures("bistrot")
def test_a_setting_with_a_wrong_value_is_refused(
    vigie: Vigie, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LISTENING_SMTP_PORT", "vingt-cinq")

    assert "LISTENING_SMTP_PORT" in vigie("check", code=2).err


def test_a_busy_warehouse_has_a_code_of_its_own(vigie: Vigie, published: ClientPaths) -> None:
    holder = start(HOLDER, published.writer)
    try:
        busy = vigie("collect", code=3)
        reading = vigie("sql", "SELECT count(*) FROM mentions")
    finally:
        holder.communicate("go on\n", timeout=10)

    assert str(holder.pid) in busy.err
    assert reading.out, "analysts are not disturbed"


@pytest.mark.usefixtures("root")
def test_without_any_client_each_command_says_how_to_make_one(vigie: Vigie) -> None:
    for words in (("nightly",), ("collect",), ("tag",), ("alerts", "list"), ("sources", "list")):
        assert "vigie init" in vigie(*words, code=2).err


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("words", [("nonsense",), ("sql",), ("nightly", "--nonsense")])
def test_wrong_usage_ends_with_2_and_an_empty_stdout(vigie: Vigie, words: tuple[str, ...]) -> None:
    answer = vigie(*words, code=2)

    assert answer.out == "" and answer.err
