"""Erasing a person: nothing is left anywhere, and what is collected again stays out."""

import gzip
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from listening.errors import ConfigError
from listening.jobs.blocked import without_blocked
from listening.jobs.collect import load_landing
from listening.jobs.context import JobContext
from listening.jobs.privacy import ErasureRequest, erase_person
from listening.jobs.rebuild import rebuild_warehouse
from listening.jobs.restore import restore_backup
from listening.model import Document
from sentiment.calibration import Calibration
from sentiment.retraining import Layer, load_layers, save_layers
from storage.action_log import ActionKind, MentionAction, read_actions
from storage.actions import record_action
from storage.alert_actions import (
    AlertAction,
    AlertActionKind,
    read_alert_actions,
    record_alert_action,
)
from storage.engine import open_writer
from storage.landing import write_batch
from storage.reading import query_snapshot
from tests.builders import NOW
from tests.listening.jobs.conftest import NAME, URL, make_night


def bytes_kept(context: JobContext) -> Iterator[tuple[Path, bytes]]:
    """Yield every file under var/ but the secrets, unpacked."""
    for path in context.settings.var_path.rglob("*"):
        if path.is_file() and "secrets" not in path.parts:
            body = path.read_bytes()
            yield path, gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def files_with(context: JobContext, *words: str) -> set[str]:
    return {
        path.name
        for path, body in bytes_kept(context)
        if any(word.encode() in body for word in words)
    }


BY = {
    "author": ErasureRequest(authors=("  jeanne RAVEL ",)),
    "url": ErasureRequest(urls=(URL + "?utm_source=x",)),
    "text": ErasureRequest(texts=("une heure, devant la PORTE",)),
}


@pytest.mark.parametrize("request_", [pytest.param(one, id=name) for name, one in BY.items()])
def test_no_byte_of_the_person_is_left(
    night: JobContext, theirs: Document, request_: ErasureRequest
) -> None:
    words = (theirs.document_id, theirs.author_key or "", URL, "deux enfants malades", NAME)
    assert len(files_with(night, *words)) > 5

    done = erase_person(night, request_, now=NOW + timedelta(hours=1))

    assert done.document_count == 2, "the copy under another address too"
    assert done.left_files == []
    found = files_with(night, *words) - {"bistrot.salt"}
    assert found == set()
    assert files_with(night, f"{9:032x}") == set()


def test_nothing_is_left_beside_the_documents(night: JobContext, theirs: Document) -> None:
    """Notes on alerts and on other mentions, what corrections taught, refused rows, old data."""
    restore_backup(night, None, now=NOW + timedelta(minutes=1))
    silence = AlertAction(
        kind=AlertActionKind.SILENCE,
        value=(NOW + timedelta(days=1)).isoformat(),
        note=f"{NAME} : {URL}",
        actor="camille",
        acted_at=NOW,
    )
    note = MentionAction(
        document_id=f"{8:032x}",
        brand_id="oeuf-a-la-coque",
        kind=ActionKind.NOTE,
        value=f"voir {NAME}",
        actor="camille",
        acted_at=NOW,
    )
    with open_writer(night.paths.writer) as warehouse:
        record_alert_action(warehouse, silence)
        record_action(warehouse, note)
    layer = Layer(
        calibration=Calibration(bias=(0.1, 0.0, 0.0), weights={}),
        learnt_at=NOW.isoformat(),
        figures={"right": [[theirs.document_id, "b"], [f"{8:032x}", "b"]]},
    )
    save_layers(night.paths.calibration, [layer])
    rejected = night.paths.run_folder("run-1") / "rejected.jsonl"
    rejected.write_text(json.dumps({"url": URL}) + "\n" + json.dumps({"url": "x"}) + "\n")

    done = erase_person(night, BY["author"], now=NOW + timedelta(hours=1))

    assert done.left_files == []
    assert files_with(night, theirs.document_id, URL, NAME) == set()
    assert load_layers(night.paths.calibration)[0].figures == {"right": [[f"{8:032x}", "b"]]}
    assert rejected.read_text() == json.dumps({"url": "x"}) + "\n"
    assert [row["note"] for row in read_alert_actions(night.paths.actions)] == [""]
    assert rebuild_warehouse(night, now=NOW + timedelta(hours=2)).differences == {}


def test_others_stay_as_they_are(night: JobContext, theirs: Document) -> None:
    erase_person(night, BY["author"], now=NOW + timedelta(hours=1))

    def ask(sql: str) -> list[tuple[object, ...]]:
        return query_snapshot(night.paths.snapshot, sql).rows

    assert ask("SELECT document_id, in_reply_to FROM fct_documents") == [(f"{8:032x}", None)]
    assert ask("SELECT count(*) FROM mentions") == [(1,)]
    assert ask("SELECT path FROM fct_requests") == [("/…",)]
    assert ask("SELECT map_keys(seen), listed FROM source_states") == [
        ([f"{8:032x}"], [f"{8:032x}"])
    ]
    assert ask("SELECT subject FROM outbox ORDER BY ALL") == [("",), ("Alerte 2",)]
    assert ask("SELECT is_given_up FROM outbox WHERE subject = ''") == [(True,)]
    assert [path.name for path in night.paths.spool.iterdir()] == ["b.eml"]
    assert read_actions(night.paths.actions) == []
    assert theirs.document_id not in str(ask("FROM fct_stories"))


@pytest.mark.parametrize("by", ["author", "text"])
def test_a_new_collection_does_not_bring_it_back(
    night: JobContext, theirs: Document, by: str
) -> None:
    erase_person(night, BY[by], now=NOW + timedelta(hours=1))
    again = make_night(theirs, run_id="run-2")

    landed = without_blocked(night, again)
    write_batch(night.paths.run_folder("run-2") / "batch-0000.jsonl.gz", again)  # a race
    load_landing(night, now=NOW + timedelta(days=1))

    assert [one.document_id for one in landed.documents] == [f"{8:032x}"]
    assert files_with(night, theirs.document_id, "deux enfants malades") == set()


def test_the_proof_says_what_was_done_and_not_to_whom(night: JobContext) -> None:
    erase_person(night, BY["author"], now=NOW + timedelta(hours=1))

    proof = json.loads((night.paths.privacy / "erasures.jsonl").read_text())
    assert proof["requested"] == {"authors": 1, "urls": 0, "texts": 0}
    assert proof["rows"]["fct_documents"] == proof["document_count"] == 2
    assert proof["left_files"] == [] and proof["searched_file_count"] > 5
    blocklist = (night.paths.privacy / "blocklist.jsonl").read_text()
    assert all(digest in blocklist for digest in proof["digests"])


def test_erasing_again_finds_nothing(night: JobContext) -> None:
    erase_person(night, BY["author"], now=NOW + timedelta(hours=1))

    assert erase_person(night, BY["author"], now=NOW + timedelta(hours=2)).document_count == 0


@pytest.mark.parametrize(
    "text", [pytest.param("…", id="no-word"), pytest.param("a", id="in-every-text")]
)
def test_nobody_is_erased_by_what_names_nobody(text: str) -> None:
    with pytest.raises(ConfigError):
        ErasureRequest(texts=(text,))
