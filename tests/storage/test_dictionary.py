"""The data dictionary is complete in two languages, and the stored one is current."""

from pathlib import Path

import pytest

from listening.errors import StorageError
from storage.dictionary import current_dictionary, describe_schema, render_dictionary
from storage.engine import open_writer, sqlalchemy_engine
from storage.queries import load_sql, sql_names
from tests.builders import NOW

DOCS = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_stored_dictionary_is_current() -> None:
    """When this fails: write ``storage.dictionary.current_dictionary`` into the file."""
    assert DOCS.read_text(encoding="utf-8") == current_dictionary(now=NOW)


def test_every_object_is_described(warehouse_path: Path) -> None:
    objects = {info.name: info for info in describe_schema(sqlalchemy_engine(warehouse_path))}

    assert (objects["mentions"].kind, objects["fct_mentions"].kind) == ("view", "table")
    assert objects["kpis"].parameters == ("client", "from_on", "to_on", "source_ids")
    columns = {column.name: column for column in objects["fct_mentions"].columns}
    assert columns["polarity"].french.startswith("Ton du document")
    assert columns["polarity"].english.startswith("Tone toward this brand")


def test_missing_comment_is_refused(warehouse_path: Path) -> None:
    with open_writer(warehouse_path) as connection:
        connection.execute("CREATE TABLE mute (x INT)")

    with pytest.raises(StorageError, match="mute needs a comment"):
        describe_schema(sqlalchemy_engine(warehouse_path))


def test_dictionary_starts_with_the_views(warehouse_path: Path) -> None:
    text = render_dictionary(describe_schema(sqlalchemy_engine(warehouse_path)))

    assert text.index("### `mentions`") < text.index("### `kpis(client, from_on, to_on")
    assert text.index("### `kpis(") < text.index("### `fct_mentions`")


@pytest.mark.parametrize(
    "folder",
    ["views", "checks", "loading", "tagging", "dimensions", "alerting", "reading", "questions"],
)
def test_every_statement_states_its_grain_and_its_reader(folder: str) -> None:
    for name in sql_names(folder):
        header = load_sql(name).split("\n", maxsplit=8)[:8]
        comments = " ".join(line for line in header if line.startswith("--"))
        assert "Grain: " in comments, name
        assert "Read by: " in comments.replace("\n", " "), name
