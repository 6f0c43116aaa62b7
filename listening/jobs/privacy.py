"""Erasing a person: out of everything that is kept of a client, for good, with a proof.

Order matters. The list of who may not come back is written first, so that whatever is collected
meanwhile is refused; then landing files and the log of actions, the truth a rebuild starts from;
then the warehouse, compacted; then everything that is copied or derived from it. A run that died is
run again with the same words.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from listening.collectors.identity.canonical import canonical_url
from listening.errors import ConfigError, StorageError
from listening.files import write_whole
from listening.jobs.backup import erase_copies, make_backup
from listening.jobs.blocked import client_blocklist
from listening.jobs.collect import landing_files
from listening.jobs.context import JobContext, author_hasher, client_salt
from listening.jobs.publish import publish_snapshot
from listening.jobs.traces import forget_notes, log_paths, remove_traces
from listening.logs import get_logger
from listening.translate import mark
from storage.action_log import remove_actions
from storage.blocklist import (
    MIN_TEXT_WORDS,
    Block,
    BlockKind,
    Blocklist,
    add_blocks,
    words_of,
)
from storage.compacting import compact
from storage.engine import Warehouse, open_writer
from storage.erasing import Gone, find_gone, scrub_landing
from storage.forgetting import empty_mails, forget_documents, scrub_warehouse, stored_documents
from storage.migrate import migrate
from storage.publish import remove_older
from storage.searching import find_in_files, mail_holds, needles_of

log = get_logger("listening.jobs.privacy")

_PROOFS = "erasures.jsonl"
#: Fewer letters and digits stand in nearly every text: they name nobody.
_FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRequest:
    """Who is to go: authors by their names, documents by address, or by words in them."""

    authors: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        wrong = [text for text in self.texts if not words_of(text)]
        if wrong or not (self.authors or self.urls or self.texts):
            raise ConfigError(mark("say whom to erase: --author, --url or --text"))
        if short := [text for text in self.texts if len("".join(words_of(text))) < _FEWEST]:
            raise ConfigError(
                mark("{text} stands in too many texts"),
                key="--text",
                hint=mark("write a name, or some words of the text in a row"),
                values={"text": short[0]},
            )


@dataclass(slots=True, kw_only=True)
class Erasure:
    """What an erasure came to: counts, and nothing of the person."""

    erased_at: str
    requested: dict[str, int]  # how many authors, addresses, texts were asked for
    document_count: int = 0
    rows: dict[str, int] = field(default_factory=dict)  # removed, by table
    landing_record_count: int = 0
    action_count: int = 0
    mail_count: int = 0
    file_count: int = 0  # spooled mails, robots files, data set aside, lines of logs
    searched_file_count: int = 0
    left_files: list[str] = field(default_factory=list)  # where something was found afterwards
    digests: list[str] = field(default_factory=list)  # lines of the blocklist it made
    naming_count: int = 0  # documents of others that name an erased author: a person has to look
    is_configured: bool = False  # the client's own configuration has the words


def find_person(
    context: JobContext, warehouse: Warehouse, request: ErasureRequest, *, now: datetime
) -> Gone:
    """Return all that is to go; nothing is changed.

    Beside what was asked for: word-for-word copies of it under other addresses.

    Raises:
        StorageError: A landing file is damaged: what it holds would stay unseen.
    """
    salt = client_salt(context.config.client_id, context.settings)
    hasher = author_hasher(context.config.client_id, context.settings)
    empty = Blocklist(salt)
    keys = {hasher(name) for name in request.authors}
    urls = {one for url in request.urls for one in (url, canonical_url(url)) if one}
    blocks = [
        *(empty.block(BlockKind.AUTHOR, key, now=now) for key in keys),
        *(empty.block(BlockKind.URL, url, now=now) for url in urls),
        *(empty.block(BlockKind.WORDS, text, now=now) for text in request.texts),
    ]
    gone = Gone(Blocklist(salt, blocks))
    for _ in range(2):  # the second time for copies of what the first one found
        _find(context, warehouse, gone)
        blocks += _blocks_of(gone, now=now)
        gone = replace(gone, blocklist=gone.blocklist.only(blocks))
    gone.author_keys.update(keys)
    for url in urls:
        gone.add_url(url)
    return gone


def count_person(context: JobContext, request: ErasureRequest, *, now: datetime) -> int:
    """Return how many documents :func:`erase_person` would erase.

    Raises:
        WarehouseBusyError: A night runs.
        StorageError: A landing file is damaged.
    """
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        return len(find_person(context, warehouse, request, now=now).document_ids)


def erase_person(context: JobContext, request: ErasureRequest, *, now: datetime) -> Erasure:
    """Erase a person everywhere, keep them from coming back, and write the proof.

    Raises:
        WarehouseBusyError: A night runs; try again when it has ended.
        StorageError: Something stood in the way; run it again with the same words.
    """
    paths = context.paths
    done = Erasure(
        erased_at=now.isoformat(),
        requested={
            "authors": len(request.authors),
            "urls": len(request.urls),
            "texts": len(request.texts),
        },
    )
    with open_writer(paths.writer) as warehouse:  # nobody loads or publishes meanwhile
        migrate(warehouse, now=now)
        gone = find_person(context, warehouse, request, now=now)
        done.document_count = len(gone.document_ids)
        done.digests = [block.digest for block in gone.blocklist.blocks]
        add_blocks(paths.privacy, gone.blocklist.blocks)
        _purge(context, warehouse, gone, done)
        naming = _naming(gone.blocklist, request.authors, now=now)
        done.naming_count = sum(map(naming.is_blocked, stored_documents(warehouse)))
        needles = _needles(gone, request)
        done.mail_count = len(empty_mails(warehouse, lambda mail: mail_holds(mail, needles)))
        done.action_count += forget_notes(warehouse, needles, naming)
    compact(paths.writer)
    remove_older(paths.published, publish_snapshot(context, now=now))
    done.file_count = remove_traces(context, gone.document_ids, needles, now=now)
    if erase_copies(context):
        make_backup(context, now=now)
    _prove(context, done, needles)
    log.info(
        "person_erased",
        client=context.config.client_id,
        documents=done.document_count,
        left_files=len(done.left_files),
    )
    return done


def erase_again(context: JobContext, *, now: datetime) -> int:
    """Erase all who are on the list from what a backup brought back; return how many documents.

    Raises:
        WarehouseBusyError: A night runs.
        StorageError: Something stood in the way; run the restore again.
    """
    gone = Gone(client_blocklist(context))
    if not gone.blocklist:
        return 0
    done = Erasure(erased_at=now.isoformat(), requested={})
    with open_writer(context.paths.writer) as warehouse:
        migrate(warehouse, now=now)
        _find(context, warehouse, gone)
        if not gone.document_ids:
            return 0
        _purge(context, warehouse, gone, done)
        needles = needles_of({*gone.document_ids, *gone.urls, *gone.guids}, gone.texts)
        empty_mails(warehouse, lambda mail: mail_holds(mail, needles))
        forget_notes(warehouse, needles, gone.blocklist)
    compact(context.paths.writer)
    remove_older(context.paths.published, publish_snapshot(context, now=now))
    remove_traces(context, gone.document_ids, needles, now=now)
    return len(gone.document_ids)


def _purge(context: JobContext, warehouse: Warehouse, gone: Gone, done: Erasure) -> None:
    """Take what is gone out of landing files, the log of actions and the warehouse."""
    paths = context.paths
    done.landing_record_count = sum(
        scrub_landing(path, gone) for path in landed_paths(paths.landing)
    )
    done.action_count = remove_actions(
        paths.actions, lambda one: one["document_id"] in gone.document_ids
    )
    window = timedelta(days=context.config.collect.story_window_days)
    done.rows = forget_documents(warehouse, gone.document_ids, story_window=window)
    scrub_warehouse(warehouse, gone)


def landed_paths(landing: Path) -> list[Path]:
    """Return every file that holds records of documents or sources, loaded or not."""
    found = [path for path in landing.glob("*/*.gz*") if not path.name.startswith(".")]
    return sorted(found)


def _find(context: JobContext, warehouse: Warehouse, gone: Gone) -> None:
    find_gone(gone, landing_files(context.paths.landing))
    for document in stored_documents(warehouse):
        if gone.has(document):
            gone.add(document)


def _naming(blocklist: Blocklist, authors: tuple[str, ...], *, now: datetime) -> Blocklist:
    """Return what finds the names of erased authors in the words of others."""
    names = [name for name in authors if words_of(name)]
    return blocklist.only([blocklist.block(BlockKind.WORDS, name, now=now) for name in names])


def _blocks_of(gone: Gone, *, now: datetime) -> list[Block]:
    """Return what keeps the documents found from coming back, under this address or another."""
    make = gone.blocklist.block
    texts = (text for text in gone.texts if len(words_of(text)) >= MIN_TEXT_WORDS)
    return [
        *(make(BlockKind.DOCUMENT, one, now=now) for one in sorted(gone.document_ids)),
        *(make(BlockKind.TEXT, text, now=now) for text in texts),
    ]


def _needles(gone: Gone, request: ErasureRequest) -> tuple[str, ...]:
    names = {*gone.document_ids, *gone.author_keys, *gone.urls, *gone.guids}
    return needles_of({*names, *request.texts}, gone.texts)


def _prove(context: JobContext, done: Erasure, needles: tuple[str, ...]) -> None:
    """Search everything that is kept, and write down what was done, without the person."""
    places = (context.paths.root, context.settings.backup_path / context.config.client_id)
    files = [
        path
        for place in places
        for path in place.rglob("*")
        if path.is_file()
        and not path.is_symlink()
        and context.paths.good_config not in path.parents
    ]
    files += log_paths(context)
    done.searched_file_count = len(files)
    done.left_files = [str(path) for path in find_in_files(files, needles)]
    own = [path for path in context.paths.good_config.rglob("*") if path.is_file()]
    done.is_configured = bool(find_in_files(own, needles))
    proofs = context.paths.privacy / _PROOFS
    old = proofs.read_bytes() if proofs.exists() else b""
    write_whole(proofs, old + json.dumps(asdict(done)).encode() + b"\n")
    if done.left_files:
        raise StorageError(
            mark("something of the person is still in {files}"), files=", ".join(done.left_files)
        )
