"""Load a client's folder: three files in, one ``ClientConfig`` out, or all that is wrong."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import time
from pathlib import Path
from typing import Any

from listening.config.alerts import AlertsSpec, RuleSpec, by_group
from listening.config.client import BrandSpec, ClientSpec, CollectSpec
from listening.config.consistency import find_clashes, find_oddities
from listening.config.field import closest, is_slug
from listening.config.privacy import PrivacySpec
from listening.config.problem import problem
from listening.config.sources import SourcesSpec
from listening.config.validate import validate
from listening.config.yaml_file import YamlFile, parse_yaml, read_bytes
from listening.errors import ConfigError
from listening.model import Brand, BrandRole, ClientEvent, RuleKind, Source, Topic
from listening.query.parser import read_query
from listening.translate import mark

CLIENT_FILE, SOURCES_FILE, ALERTS_FILE = "client.yaml", "sources.yaml", "alerts.yaml"

#: The files of a client's folder, in the order in which a person should read their problems.
FILE_NAMES = (CLIENT_FILE, SOURCES_FILE, ALERTS_FILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One person who is written to."""

    address: str
    language: str  # fr, en
    digest: str = "none"  # daily, weekly, none


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """When only what is critical is sent: local times, half-open, may run over midnight."""

    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientConfig:
    """Everything a run has to know of a client; defaults are filled in."""

    client_id: str  # = name of the folder
    name: str
    language: str  # fr, en
    timezone: str  # IANA
    brands: tuple[Brand, ...]
    recipients: tuple[Recipient, ...]
    quiet_hours: QuietHours | None
    contact: str  # https: or mailto: address for the owners of the sites we read
    collect: CollectSpec
    sources: tuple[Source, ...]
    rules: tuple[RuleSpec, ...]  # brands and recipients filled in
    privacy: PrivacySpec  # retention, grounds
    topics: tuple[Topic, ...] = ()
    events: tuple[ClientEvent, ...] = ()
    country: str = "FR"  # ISO 3166, whose public holidays count


def load_client(folder: Path, *, client_id: str | None = None) -> ClientConfig:
    """Load a client's configuration.

    Args:
        folder: Holds client.yaml, sources.yaml and alerts.yaml.
        client_id: What ``client:`` must say; None: the folder's name.

    Raises:
        ConfigError: The first problem; the others are its notes. ``find_problems`` has all.
    """
    return build_client(read_files(folder), folder, client_id=client_id)


def find_problems(folder: Path, *, client_id: str | None = None) -> list[ConfigError]:
    """Return all that keeps a client's configuration from being loaded, file by file."""
    try:
        bodies = read_files(folder)
    except ConfigError as error:
        return [error]
    return _check(bodies, folder, client_id).problems


def find_warnings(folder: Path, *, client_id: str | None = None) -> list[ConfigError]:
    """Return what is allowed but probably not meant; nothing while there are problems.

    They have the shape of problems, so that both are shown alike, and are never raised.
    """
    try:
        checked = _check(read_files(folder), folder, client_id)
    except ConfigError:
        return []  # find_problems tells it
    if checked.problems:
        return []
    return find_oddities(*(checked.files[name] for name in FILE_NAMES))


def client_names(clients_dir: Path) -> list[str]:
    """Return the names of the folders that hold a client.yaml, sorted.

    A folder whose name is no id is not a client: a copy made in a file manager, a draft.
    """
    names = (path.parent.name for path in clients_dir.glob(f"*/{CLIENT_FILE}"))
    return sorted(name for name in names if is_slug(name))


def read_files(folder: Path) -> dict[str, bytes | ConfigError]:
    """Read the bytes of the three files, or why one cannot be read.

    Raises:
        ConfigError: There is no such folder.
    """
    if not folder.is_dir():
        names = client_names(folder.parent)
        guess = closest(folder.name, names)
        raise problem(
            mark("there is no client {name}"),
            path=folder,
            hint=mark("did you mean {guess}?")
            if guess
            else mark("make one with `vigie init`; there are: {known}")
            if names
            else mark("make one with `vigie init`"),
            name=folder.name,
            guess=guess or "",
            known=", ".join(names),
        )
    bodies: dict[str, bytes | ConfigError] = {}
    for name in FILE_NAMES:
        try:
            bodies[name] = read_bytes(folder / name)
        except ConfigError as error:
            bodies[name] = error
    return bodies


def build_client(
    bodies: Mapping[str, bytes | ConfigError], folder: Path, *, client_id: str | None = None
) -> ClientConfig:
    """Build the configuration out of bytes already read; the folder is only named in problems.

    Raises:
        ConfigError: As ``load_client``.
    """
    checked = _check(bodies, folder, client_id)
    if checked.problems:
        first, *others = checked.problems
        for other in others:
            first.add_note(str(other))
        raise first
    return _assemble(
        checked.specs[CLIENT_FILE], checked.specs[SOURCES_FILE], checked.specs[ALERTS_FILE]
    )


def query_version(brand: BrandSpec | Brand) -> str:
    """Return 12 hex digits over what decides which texts name the brand, in any order."""
    terms = (
        [_terms_of(brand), brand.exact, brand.context, brand.exclude]
        if isinstance(brand, BrandSpec)
        else [brand.terms, brand.exact_terms, brand.context_terms, brand.excluded_terms]
    )
    parts = [sorted(set(part)) for part in terms]
    if brand.query:  # however it is laid out
        parts.append([read_query(brand.query).normal_form("en")])
    canonical = json.dumps(parts, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def config_digest(config: ClientConfig) -> str:
    """Return 32 hex digits that change when the meaning of the configuration does.

    Comments, layout and the order of keys do not count.
    """
    canonical = json.dumps(asdict(config), default=_plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    """Make plain data of what ``json`` does not know: specs, durations, times."""
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else str(value)


@dataclass(frozen=True, slots=True)
class _Checked:
    """The three files after all checks."""

    files: dict[str, YamlFile]
    specs: dict[str, Any]
    problems: list[ConfigError]


_SHAPES: Mapping[str, Any] = {
    CLIENT_FILE: ClientSpec,
    SOURCES_FILE: SourcesSpec,
    ALERTS_FILE: AlertsSpec,
}


def _check(
    bodies: Mapping[str, bytes | ConfigError], folder: Path, client_id: str | None
) -> _Checked:
    checked = _Checked({}, {}, [])
    for name in FILE_NAMES:
        body = bodies[name]
        if isinstance(body, ConfigError):
            checked.problems.append(body)
            continue
        try:
            file = parse_yaml(body, folder / name)
        except ConfigError as error:
            checked.problems.append(error)
            continue
        checked.files[name] = file
        checked.specs[name], problems = validate(file, _SHAPES[name])
        checked.problems.extend(problems)
    files = [checked.files.get(name) for name in FILE_NAMES]
    # resolve: "." has no name.
    folder_name = client_id or folder.resolve().name
    checked.problems.extend(find_clashes(*files, folder_name=folder_name))
    order = {folder / name: rank for rank, name in enumerate(FILE_NAMES)}
    checked.problems.sort(key=lambda one: (order.get(one.path or folder, 0), one.line or 0))
    return checked


def _assemble(client: ClientSpec, sources: SourcesSpec, alerts: AlertsSpec) -> ClientConfig:
    brands = tuple(_to_brand(spec) for spec in client.brands)
    recipients = tuple(
        Recipient(
            address=spec.address,
            language=spec.language or client.language,
            digest=spec.digest,
        )
        for spec in client.recipients
    )
    quiet = client.quiet_hours
    return ClientConfig(
        client_id=client.client,
        name=client.name,
        language=client.language,
        timezone=client.timezone,
        brands=brands,
        recipients=recipients,
        quiet_hours=QuietHours(start=quiet.start, end=quiet.end) if quiet else None,
        contact=client.contact,
        collect=client.collect,
        privacy=client.privacy,
        topics=tuple(spec.to_topic() for spec in client.topics),
        events=tuple(spec.to_event() for spec in client.events),
        country=client.country,
        sources=tuple(spec.to_source() for spec in sources.sources),
        rules=_filled_rules(alerts, client, sources, brands, recipients),
    )


def _filled_rules(
    alerts: AlertsSpec,
    client: ClientSpec,
    sources: SourcesSpec,
    brands: tuple[Brand, ...],
    recipients: tuple[Recipient, ...],
) -> tuple[RuleSpec, ...]:
    """Return the rules with brands and recipients filled in, one per group where it groups."""
    addresses = tuple(recipient.address for recipient in recipients)
    types = tuple(sorted({spec.to_source().source_type for spec in sources.sources}))
    topics = tuple(topic.id for topic in client.topics)
    filled: list[RuleSpec] = []
    for rule in alerts.rules:
        role = BrandRole.COMPETITOR if rule.kind is RuleKind.COMPETITOR_SPIKE else BrandRole.OWN
        usual = tuple(brand.brand_id for brand in brands if brand.role is role)
        told = rule.recipients or addresses
        change = {
            "brands": rule.brands or usual,
            "recipients": told,
            "escalate_to": rule.escalate_to or told,
        }
        filled += by_group(rule.model_copy(update=change), types, topics)
    return tuple(filled)


def _to_brand(spec: BrandSpec) -> Brand:
    return Brand(
        brand_id=spec.id,
        name=spec.name,
        role=spec.role,
        terms=_terms_of(spec),
        exact_terms=spec.exact,
        context_terms=spec.context,
        excluded_terms=spec.exclude,
        query=spec.query or "",
        query_version=query_version(spec),
    )


def _terms_of(spec: BrandSpec) -> tuple[str, ...]:
    """Return the terms; the name stands for them when no spelling and no query is given."""
    return spec.terms or (() if spec.exact or spec.query else (spec.name,))
