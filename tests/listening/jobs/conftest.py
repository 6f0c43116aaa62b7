"""A client's home after a night with everything in it that is kept, made once."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from listening.collectors.identity.identity import content_hash
from listening.jobs.backup import make_backup
from listening.jobs.collect import know_configuration, load_landing
from listening.jobs.context import JobContext, author_hasher, open_context
from listening.jobs.publish import publish_snapshot
from listening.model import Batch, Document, FetchState, RequestMade, RobotsDecision
from listening.settings import Settings
from storage.actions import ActionKind, MentionAction, record_action
from storage.alerting import save_judgement
from storage.engine import open_writer
from storage.landing import write_batch, write_tagged
from storage.loading import load_tagged
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
#: What was done about the person's text.
HANDLED = {
    ActionKind.NOTE: f"rappeler {NAME}",
    ActionKind.OWNER: "nadia",
    ActionKind.STATUS: "answered",
}
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
    """Return a home after a night: a handled mention, mails, a backup, robots; made once."""
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
        for kind, value in HANDLED.items():
            action = MentionAction(
                document_id=theirs.document_id,
                brand_id="oeuf-a-la-coque",
                kind=kind,
                value=value,
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
