"""Pages are written when they are stale, and only then."""

from pathlib import Path

from listening.collectors.faults import EXPLANATIONS
from listening.jobs.docs import (
    CommandInfo,
    ParameterInfo,
    commands_page,
    read_commands,
    reasons_page,
    stale_pages,
    write_pages,
)

PAGES = {"one.md": "Un.\n", "two.md": "Deux.\n"}


def test_stale_pages_are_those_missing_or_different(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("Une.\n", encoding="utf-8")

    assert stale_pages(tmp_path, PAGES) == ["one.md", "two.md"]


def test_writing_twice_writes_once(tmp_path: Path) -> None:
    first = write_pages(tmp_path / "docs", PAGES)
    second = write_pages(tmp_path / "docs", PAGES)

    assert (first, second) == (["one.md", "two.md"], [])
    assert stale_pages(tmp_path / "docs", PAGES) == []


def test_commands_are_read_in_english_with_groups_and_options() -> None:
    commands = {command.name: command for command in read_commands()}

    (check,) = (one for one in commands["vigie docs"].parameters if one.names == ("--check",))
    assert check.meaning == "write nothing, say which pages are stale"
    assert "vigie sources add" in commands
    assert "vigie sources" not in commands


def test_commands_page_has_both_languages_and_no_bar_that_ends_a_cell() -> None:
    parameter = ParameterInfo(
        names=("FILE|URL…",), is_required=True, default="", meaning="files or addresses"
    )
    command = CommandInfo(
        name="vigie parse",
        summary="print the documents of feeds as JSON lines",
        parameters=(parameter,),
    )

    text = commands_page([command])

    assert "## vigie parse\n\nprint the documents of feeds as JSON lines · écrit les" in text
    assert "| `FILE\\|URL…` | required | files or addresses | fichiers ou adresses |" in text


def test_every_reason_has_its_row() -> None:
    text = reasons_page()

    assert all(f"| `{word}` | " in text for word in EXPLANATIONS)
