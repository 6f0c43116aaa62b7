"""What people do about mentions is written down word by word; what no person types is refused."""

import pytest

from listening.errors import ConfigError, StorageError
from listening.jobs.context import JobContext
from listening.jobs.verdicts import Handling, handle_mention
from storage.action_log import ActionKind, read_actions
from storage.reading import query_snapshot
from tests.builders import NOW

OTHER = f"{8:032x}"


def handle(night: JobContext, document_id: str, handling: Handling) -> None:
    handle_mention(
        night,
        document_id=document_id,
        brand_id="oeuf-a-la-coque",
        handling=handling,
        actor="camille",
        now=NOW,
    )


def test_what_is_not_said_stays(night: JobContext) -> None:
    handle(night, OTHER, Handling(owner="nadia"))
    handle(night, OTHER, Handling(status="in_progress"))

    found = query_snapshot(
        night.paths.snapshot,
        f"FROM inbox SELECT status, owner, note_count WHERE document_id = '{OTHER}'",
    )
    assert found.rows == [("in_progress", "nadia", 0)]


def test_what_is_not_known_is_refused_and_not_logged(night: JobContext) -> None:
    before = read_actions(night.paths.actions)

    with pytest.raises(ConfigError, match="no document that begins with ffff"):
        handle(night, "f" * 32, Handling(status="answered"))
    with pytest.raises(StorageError, match="not a status"):
        handle(night, OTHER, Handling(status="finished"))

    assert read_actions(night.paths.actions) == before


def test_only_what_was_said_is_written_down() -> None:
    assert Handling().deeds == {}
    assert Handling(owner="").deeds == {ActionKind.OWNER: None}
    assert Handling(note=" deux\n\tlignes ").deeds == {ActionKind.NOTE: "deux\n\tlignes"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param({"note": " \n"}, "empty", id="empty-note"),
        pytest.param({"note": "bip \x07"}, "no text", id="control"),
        pytest.param({"note": "\udce9t\udce9"}, "no text", id="not-unicode"),
        pytest.param({"owner": "nadia\nthéo"}, "no text", id="owner-on-two-lines"),
        pytest.param({"owner": "n" * 201}, "201", id="long-owner"),
        pytest.param({"note": "n" * 10_001}, "10001", id="a-whole-file"),
    ],
)
def test_words_that_nobody_types_are_refused(words: dict[str, str], why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        Handling(**words)
