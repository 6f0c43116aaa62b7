"""Erasing a person: nothing is left anywhere, and what is collected again stays out."""

import gzip
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from listening.collectors.identity import content_hash
from listening.errors import ConfigError
from listening.jobs.backup import make_backup
from listening.jobs.blocked import without_blocked
from listening.jobs.collect import know_configuration, load_landing
from listening.jobs.context import JobContext, author_hasher, open_context
from listening.jobs.privacy import ErasureRequest, erase_person
from listening.jobs.publish import publish_snapshot
from listening.model import Batch, Document, FetchState, RequestMade, RobotsDecision
from listening.settings import Settings
from storage.action_log import read_actions
from storage.actions import ActionKind, MentionAction, record_action
from storage.alerting import save_judgement
from storage.engine import open_writer
from storage.landing import write_batch, write_tagged
from storage.loading import load_tagged
from storage.reading import query_snapshot
from tests.builders import (
    NOW,
    make_batch,
    make_document,
    make_mention,
    make_message,
    make_source_run,
    make_tagged,
    write_client,
)

NAME = "Jeanne Ravel"
COMPLAINT = "J'ai attendu une heure devant la porte avec mes deux enfants malades, quelle honte."
URL = "https://forum.example/t/attente/4711"


def open_home(home: Path) -> JobContext:
    return open_context("bistrot", settings=Settings(home=home), clock=lambda: NOW)


def make_theirs(context: JobContext) -> Document:
    key = author_hasher("bistrot", context.settings)(NAME)
    return make_document(
        7,
        url=URL,
        canonical_url=URL,
        guid="post-4711-forum",
        author_key=key,
        title="Une honte",
        text=f"L'Œuf à la Coque : {COMPLAINT}",
        content_hash=content_hash("Une honte", COMPLAINT),
    )


@pytest.fixture
def theirs(night: JobContext) -> Document:
    return make_theirs(night)


def make_night(theirs: Document, *, run_id: str = "run-1") -> Batch:
    """Return a batch with theirs, an answer to it, a copy elsewhere, and what is remembered."""
    answer = make_document(8, in_reply_to=URL, text="L'Œuf à la Coque : même chose pour moi hier.")
    copy = make_document(9, text=theirs.text, url="https://copie.example/x/9", canonical_url=None)
    state = FetchState(
        source_id="gazette-lyon",
        seen={theirs.document_id: theirs.content_hash, answer.document_id: "a"},
        listed=(theirs.document_id, answer.document_id),
        memory={"t:4711": URL},
        last_success_at=NOW,
    )
    request = RequestMade(
        requested_at=NOW,
        host="forum.example",
        path="/t/attente/4711",
        source_id="gazette-lyon",
        robots=RobotsDecision.ALLOWED,
    )
    return make_batch(
        theirs,
        answer,
        copy,
        run_id=run_id,
        batch_id="batch-0000",
        states=(state,),
        source_runs=(make_source_run(run_id=run_id),),
        requests=(request,),
    )


@pytest.fixture(scope="session")
def home_after_a_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a night in it, a label, mails, a backup and a robots file; made once."""
    home = tmp_path_factory.mktemp("home")
    write_client(home / "clients" / "bistrot")
    context = open_home(home)
    theirs = make_theirs(context)
    paths = context.paths
    folder = paths.run_folder("run-1")
    batch = make_night(theirs)
    write_batch(folder / "batch-0000.jsonl.gz", batch)
    load_landing(context, now=NOW)
    tagged = [make_tagged(one, make_mention(int(one.document_id, 16))) for one in batch.documents]
    write_tagged(folder / "tagged-t1-0.jsonl.gz", tagged)
    (folder / "tagged-t1-0.jsonl.gz").rename(folder / "tagged-t1-0.jsonl.gz.loaded")
    body = f"Subject: Alerte\r\n\r\n{theirs.title} {URL}\r\n".encode()
    with open_writer(paths.writer) as warehouse:
        know_configuration(context, warehouse, now=NOW)
        load_tagged(warehouse, tagged, brands=context.config.brands, now=NOW)
        action = MentionAction(
            document_id=theirs.document_id,
            brand_id="oeuf-a-la-coque",
            kind=ActionKind.NOTE,
            value=f"rappeler {NAME}",
            actor="camille",
            acted_at=NOW,
        )
        record_action(warehouse, action)
        mails = [make_message(1, body=body), make_message(2)]
        save_judgement(warehouse, evaluations=[], alerts=[], messages=mails, now=NOW)
    paths.spool.mkdir()
    (paths.spool / "a.eml").write_bytes(body)
    (paths.spool / "b.eml").write_bytes(make_message(2).body)
    paths.robots.mkdir()
    (paths.robots / "r.json").write_text(json.dumps({"body": f"Disallow: {URL}"}))
    log = context.settings.var_path / "logs" / "dag_id=listen_bistrot" / "1.log"
    log.parent.mkdir(parents=True)
    log.write_text(f"fine\nfailed at {URL}\n")
    publish_snapshot(context, now=NOW)
    publish_snapshot(context, now=NOW + timedelta(seconds=1))
    make_backup(context, now=NOW)
    return home


@pytest.fixture
def night(home_after_a_night: Path, tmp_path: Path) -> JobContext:
    home = shutil.copytree(home_after_a_night, tmp_path / "home", symlinks=True)
    return open_home(home)


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


def test_nobody_is_erased_without_a_name() -> None:
    with pytest.raises(ConfigError):
        ErasureRequest(texts=("…",))
