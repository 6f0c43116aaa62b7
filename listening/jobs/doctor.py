"""The doctor: look at everything a night needs, and say in plain words what is missing."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version

from listening.config.load import find_problems
from listening.config.problem import describe
from listening.errors import StorageError
from listening.jobs.airflow_home import api_port, is_api_healthy, is_port_free
from listening.jobs.context import client_folder, client_paths, list_clients, missing_salt
from listening.jobs.services import components
from listening.settings import Settings
from listening.translate import Translator
from storage.engine import look_at_warehouse
from storage.reading import look_at_snapshot

#: Seconds for Airflow's pages to answer: a machine in the middle of a night is slow.
_PATIENCE_S = 10.0
#: Free disk below this is said: a night of a busy client lands some 100 MB.
_LOW_DISK_BYTES = 2 * 1024**3


class Health(StrEnum):
    """How one thing is."""

    GOOD = "good"
    NOTE = "note"  # works, but a person may want to know
    BAD = "bad"  # a night would fail or mislead


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, and what to do about it."""

    health: Health
    subject: str
    message: str


def examine(settings: Settings, speak: Translator) -> Iterator[Finding]:
    """Yield what is found, installation first, then each client."""
    for look in (_look_at_packages, _look_at_airflow, _look_at_services, _look_at_disk):
        yield from look(settings, speak)
    yield _look_at_mail(settings, speak)
    yield from _look_at_clients(settings, speak)


def _look_at_packages(settings: Settings, speak: Translator) -> Iterator[Finding]:
    _ = speak.gettext
    subject = _("packages")
    path = settings.home / "requirements.txt"
    if not path.exists():
        yield Finding(Health.NOTE, subject, _("no requirements.txt in {home}", home=settings.home))
        return
    pinned = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)( ;)?", path.read_text("utf-8"), re.MULTILINE)
    wrong = []
    for name, wanted, marker in pinned:
        try:
            found = version(name)
        except PackageNotFoundError:
            if not marker:  # with a marker it may not be meant for this Python or system
                wrong.append(name)
            continue
        if found != wanted and not marker:
            wrong.append(name)
    if wrong:
        names = ", ".join(wrong[:8])
        yield Finding(
            Health.BAD, subject, _("not as pinned: {names}; run: make install", names=names)
        )
    else:
        yield Finding(Health.GOOD, subject, _("all as pinned in requirements.txt"))


def _look_at_airflow(settings: Settings, speak: Translator) -> Iterator[Finding]:
    _ = speak.gettext
    needed: dict[str, Callable[[], bool]] = {
        "airflow.cfg": (settings.home / "airflow.cfg").is_file,
        "var/secrets": (settings.var_path / "secrets" / "airflow_jwt_secret").is_file,
        "var/airflow.db": (settings.var_path / "run" / "airflow-ready").is_file,
    }
    missing = [name for name, is_there in needed.items() if not is_there()]
    if missing:
        names = ", ".join(missing)
        yield Finding(Health.BAD, "Airflow", _("missing: {names}; run: make setup", names=names))
    else:
        yield Finding(Health.GOOD, "Airflow", _("database, secrets and pool are there"))


def _look_at_services(settings: Settings, speak: Translator) -> Iterator[Finding]:
    _ = speak.gettext
    subject = _("scheduler")
    running = {one.name for one in components(settings) if one.pid() is not None}
    everything = {one.name for one in components(settings)}
    if running == everything and is_api_healthy(within_s=_PATIENCE_S):
        yield Finding(
            Health.GOOD, subject, _("runs; pages on http://localhost:{port}", port=api_port())
        )
    elif running:
        names = ", ".join(sorted(everything - running)) or "api-server"
        yield Finding(
            Health.BAD,
            subject,
            _("in part: {names} does not answer; run: make down up", names=names),
        )
    elif not is_port_free(api_port()):
        yield Finding(
            Health.BAD,
            subject,
            _(
                "port {port} is taken by another program; set AIRFLOW__API__PORT",
                port=api_port(),
            ),
        )
    else:
        yield Finding(
            Health.NOTE, subject, _("does not run: no night is scheduled; start it: make up")
        )


def _look_at_disk(settings: Settings, speak: Translator) -> Iterator[Finding]:
    _ = speak.gettext
    place = settings.var_path if settings.var_path.exists() else settings.home
    free = shutil.disk_usage(place).free
    size = speak.number(free / 1024**3, digits=1)
    health = Health.BAD if free < _LOW_DISK_BYTES else Health.GOOD
    yield Finding(health, _("disk"), _("{size} GB free", size=size))


def _look_at_mail(settings: Settings, speak: Translator) -> Finding:
    _ = speak.gettext
    if settings.smtp_host:
        return Finding(
            Health.GOOD,
            _("mail"),
            _("sent through {host}:{port}", host=settings.smtp_host, port=settings.smtp_port),
        )
    return Finding(
        Health.NOTE,
        _("mail"),
        _("only written to files; to send them set LISTENING_SMTP_HOST"),
    )


def _look_at_clients(settings: Settings, speak: Translator) -> Iterator[Finding]:
    _ = speak.gettext
    clients = list_clients(settings)
    if not clients:
        yield Finding(Health.BAD, _("clients"), _("none yet; make one: vigie init"))
    for client_id in clients:
        subject = _("client {client}", client=client_id)
        problems = find_problems(client_folder(client_id, settings))
        if problems:
            yield Finding(Health.BAD, subject, describe(problems[0], speak))
        elif troubles := list(_troubles(client_id, settings)):
            for trouble in troubles:
                message = speak.gettext(trouble.message_template, **trouble.values)
                yield Finding(Health.BAD, subject, message)
        elif not client_paths(client_id, settings).snapshot.exists():
            yield Finding(Health.NOTE, subject, _("configuration good; no night has run yet"))
        else:
            yield Finding(Health.GOOD, subject, _("configuration good; snapshot published"))


def _troubles(client_id: str, settings: Settings) -> Iterator[StorageError]:
    """Yield what is wrong with a client's data; each file is opened for a moment only."""
    paths = client_paths(client_id, settings)
    if lost := missing_salt(client_id, settings):
        yield lost
    for path, look in ((paths.writer, look_at_warehouse), (paths.snapshot, look_at_snapshot)):
        try:
            if path.exists() or path.is_symlink():
                look(path)
        except StorageError as error:
            yield error
