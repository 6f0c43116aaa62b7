"""The composition root: where a client's files are, and what a job is given to work with."""

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from listening.config.last_good import keep_good, load_client_or_last_good
from listening.config.load import ClientConfig, client_names
from listening.errors import ConfigError, StorageError
from listening.logs import get_logger
from listening.settings import Settings, get_settings
from listening.translate import mark

log = get_logger("listening.jobs.context")

Clock = Callable[[], datetime]

_UNSAFE_IN_NAMES = re.compile(r"[^A-Za-z0-9_.+-]+")


def utc_now() -> datetime:
    """Read the clock. The only place of the product that does, beside the command line."""
    return datetime.now(UTC)  # noqa: TID251 - this is the clock everybody else is passed


@dataclass(frozen=True, slots=True)
class ClientPaths:
    """Where one client's state lies; nothing in it is shared with another client."""

    root: Path  # var/data/<client>

    @property
    def writer(self) -> Path:
        """The warehouse that jobs write; analysts never open it."""
        return self.root / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """Folder of the read-only snapshots."""
        return self.root / "published"

    @property
    def snapshot(self) -> Path:
        """The newest snapshot: what analysts open."""
        return self.published / "mentions.duckdb"

    @property
    def landing(self) -> Path:
        """Folder with one folder per run."""
        return self.root / "landing"

    @property
    def robots(self) -> Path:
        """The robots.txt files read during the last day."""
        return self.root / "robots"

    @property
    def spool(self) -> Path:
        """Every mail as a file."""
        return self.root / "spool"

    @property
    def relevance(self) -> Path:
        """What was learnt from people's verdicts on relevance; no file: nothing."""
        return self.root / "relevance.json"

    @property
    def calibration(self) -> Path:
        """What was learnt from people's corrections of the tone; no file: nothing."""
        return self.root / "calibration.json"

    @property
    def good_config(self) -> Path:
        """The last configuration that loaded."""
        return self.root / "config"

    @property
    def actions(self) -> Path:
        """What people did, as files: the warehouse can be made anew, this cannot."""
        return self.root / "actions"

    @property
    def privacy(self) -> Path:
        """Who may not come back, as salted digests, and the proofs of erasures."""
        return self.root / "privacy"

    def run_folder(self, run_id: str) -> Path:
        """Landing folder of one run. Run ids come from Airflow and hold colons."""
        name = _UNSAFE_IN_NAMES.sub("-", run_id).strip(".-")[:120]
        if not name:
            raise ValueError(f"run id {run_id!r} gives no folder name")
        return self.landing / name


@dataclass(frozen=True, slots=True)
class JobContext:
    """All that a job of one client needs from outside: configuration, places, clock."""

    config: ClientConfig
    paths: ClientPaths
    settings: Settings
    clock: Clock
    #: Why the newest configuration is not in use, when the last good one stands in.
    config_problems: tuple[ConfigError, ...] = ()


def client_folder(client_id: str, settings: Settings) -> Path:
    """Return the client's configuration folder.

    Raises:
        ConfigError: There is none of that name.
    """
    folder = settings.clients_path / client_id
    if client_id in list_clients(settings):
        return folder
    raise ConfigError(
        mark("there is no client {client}"),
        path=settings.clients_path,
        hint=mark("known clients: {known}; make one with: vigie init"),
        values={"client": client_id, "known": ", ".join(list_clients(settings)) or "–"},
    )


def list_clients(settings: Settings) -> list[str]:
    """Return the ids of the clients that have a folder, in order."""
    return client_names(settings.clients_path)


def client_paths(client_id: str, settings: Settings) -> ClientPaths:
    """Return where the client's state lies."""
    return ClientPaths(settings.var_path / "data" / client_id)


def place_aside(paths: ClientPaths, *, now: datetime) -> Path:
    """Return the folder for what is replaced at ``now``; erasing a person removes such folders."""
    return paths.root.with_name(f".{paths.root.name}.before-{now:%Y%m%dT%H%M%SZ}")


def _private_paths(client_id: str, settings: Settings) -> ClientPaths:
    """Return where the client's state lies, closed to the other users of the machine.

    A client without any data gets its salt here, before there is any.
    """
    paths = client_paths(client_id, settings)
    paths.root.mkdir(parents=True, exist_ok=True)
    paths.root.chmod(0o700)
    if missing_salt(client_id, settings) is None:
        client_salt(client_id, settings)
    return paths


def open_context(
    client_id: str, *, settings: Settings | None = None, clock: Clock = utc_now
) -> JobContext:
    """Load a client's configuration for a job.

    A broken new configuration never replaces the last good one: the job then runs on the last
    good one, and the problems come back in the context to be shown.

    Raises:
        ConfigError: The configuration is broken and no good one was ever seen.
    """
    settings = settings or get_settings()
    folder = client_folder(client_id, settings)
    paths = _private_paths(client_id, settings)
    config, problems = load_client_or_last_good(folder, paths.good_config)
    for problem in problems:
        log.error("config_rejected", client=client_id, problem=str(problem))
    return JobContext(config, paths, settings, clock, tuple(problems))


def open_strict_context(
    client_id: str, *, settings: Settings | None = None, clock: Clock = utc_now
) -> JobContext:
    """Load a client's configuration as it is now, for commands a person watches.

    Raises:
        ConfigError: The configuration is broken.
    """
    settings = settings or get_settings()
    folder = client_folder(client_id, settings)
    paths = _private_paths(client_id, settings)
    config = keep_good(folder, paths.good_config)
    return JobContext(config, paths, settings, clock)


def author_hasher(client_id: str, settings: Settings) -> Callable[[str], str]:
    """Return the function that turns an author's name into a key that cannot be turned back.

    The salt is the client's own, made before there is any data and kept under ``var/secrets``: two
    clients never share keys, and without the salt nobody can test a name against them.

    Raises:
        StorageError: The salt is lost.
    """
    salt = client_salt(client_id, settings)

    def author_key(name: str) -> str:
        folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
        return hmac.new(salt, folded.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[
            :32
        ]

    return author_key


def salt_path(client_id: str, settings: Settings) -> Path:
    """Return the file of the client's salt; no backup holds it."""
    return settings.var_path / "secrets" / f"{client_id}.salt"


def client_salt(client_id: str, settings: Settings) -> bytes:
    """Return the client's salt, 32 bytes; a client without any data gets one.

    Raises:
        StorageError: It is lost. Under a new one, people who were erased would come back.
    """
    if lost := missing_salt(client_id, settings):
        raise lost
    path = salt_path(client_id, settings)
    if not path.exists():
        _make_salt(path)
    return bytes.fromhex(path.read_text(encoding="ascii").strip())


def missing_salt(client_id: str, settings: Settings) -> StorageError | None:
    """Return the error that says that the client has data but no salt; None: all is well."""
    path = salt_path(client_id, settings)
    if path.exists():
        return None
    paths = client_paths(client_id, settings)
    traces = (
        *(one for one in (paths.writer, paths.snapshot) if one.exists()),
        *paths.landing.glob("*/*.jsonl.gz*"),
        *paths.actions.glob("**/*.jsonl"),
        *paths.privacy.glob("*.jsonl"),
        *(settings.backup_path / client_id).glob("*Z"),
    )
    if not traces or path.exists():  # another process may have begun meanwhile
        return None
    return StorageError(
        mark(
            "{path} is missing, but {client} has data ({trace}): bring this file back from where"
            " you keep it beside the backups. With a new salt erased people would come back;"
            " see docs/runbook.md, The salt is lost"
        ),
        path=path,
        client=client_id,
        trace=traces[0],
    )


def _make_salt(path: Path) -> None:
    """Make the salt; two processes that both make it agree on the first."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_hex(32), encoding="ascii")
    try:
        os.link(draft, path)  # fails when another process was first: theirs counts
    except FileExistsError:
        pass
    finally:
        draft.unlink()
