"""Shape of ``sources.yaml``: the places we collect from."""

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from listening.config.address import Url
from listening.config.consistency import find_clashes
from listening.config.field import (
    Between,
    Duration,
    EmptyAllowed,
    Line,
    Slug,
    TimeZone,
    write_duration,
    wrong,
)
from listening.config.problem import problem
from listening.config.span import Span, write_span
from listening.config.spec import Spec
from listening.config.validate import validate
from listening.config.yaml_file import YamlFile, parse_yaml, read_bytes
from listening.config.yaml_scalar import quote
from listening.model import Source, SourceKind, SourceType
from listening.translate import mark

#: Shortest time between two visits to a source that says nothing of it.
EVERY = timedelta(hours=20)

_DASH = re.compile(r"( *)- ")

#: ISO 639-1 codes have this many letters.
_CODE_LENGTH = 2


def _check_code(text: str) -> str:
    if len(text) == _CODE_LENGTH and text.isascii() and text.isalpha() and text.islower():
        return text
    raise wrong(mark("this is no code of a language"), mark("write two small letters: fr, en, de"))


class SourceSpec(Spec):
    """One source."""

    id: Slug
    """Short name used in tables and SQL; keep it when the address changes."""

    kind: SourceKind
    """How it is read."""

    url: Url
    """Address that is fetched."""

    type: SourceType
    """What it is for the reader: decides weights and reports."""

    title: Line | None = None
    """Name for people; none: the id."""

    language: Annotated[str, AfterValidator(_check_code)] | None = None
    """Language of most of its documents; none: found per document."""

    weight: Annotated[float, Field(strict=True, ge=0, le=10)] = 1.0
    """Editorial weight, 0..10: how much it matters who reads it."""

    every: Annotated[
        Duration, AfterValidator(Between(timedelta(minutes=1), timedelta(days=365)))
    ] = EVERY
    """Shortest time between two visits."""

    timezone: TimeZone | None = None
    """IANA zone of its dates that name none, where its pages do not say; none: the client's."""

    off_hours: Span | None = None
    """Hours in which its host is not visited, on the client's clock: "08:00-19:00"; may run over
    midnight. They hold for every source of that host."""

    history: (
        Annotated[Duration, AfterValidator(Between(timedelta(minutes=1), timedelta(days=3650)))]
        | None
    ) = None
    """How far back the first visit goes, for kinds that can be asked since a date; none: 30d for
    wordpress, 3d for sitemap, all they show for hackernews, stackexchange and bluesky."""

    def to_source(self) -> Source:
        """Return it in the words of the model."""
        return Source(
            source_id=self.id,
            kind=self.kind,
            url=self.url,
            source_type=self.type,
            title=self.title or "",
            language=self.language,
            weight=self.weight,
            poll_every=self.every,
            timezone=self.timezone,
            off_hours=self.off_hours,
            history=self.history,
        )


class SourcesSpec(Spec):
    """The whole file."""

    sources: Annotated[tuple[SourceSpec, ...], EmptyAllowed]
    """All sources, in any order."""


def add_source(folder: Path, source: Source, *, title: str = "") -> None:
    """Write one more source at the end of a client's sources.yaml; the rest stays as it is.

    Args:
        folder: The client's folder.
        source: What to add.
        title: Name for people; empty: the source's own.

    Raises:
        ConfigError: The file is wrong already, has the id already, or the source is wrong; the
            file is then left as it was.
    """
    add_sources(folder, [replace(source, title=title or source.title)])


def add_sources(folder: Path, sources: Sequence[Source]) -> None:
    """Write several sources at the end of a client's sources.yaml, all or none.

    Raises:
        ConfigError: As ``add_source``.
    """
    path = folder / "sources.yaml"
    file = parse_yaml(read_bytes(path), path)
    _, problems = validate(file, SourcesSpec)
    if problems:
        raise problems[0]
    # newline="": the file keeps the ends of line that its editor uses.
    with path.open(encoding="utf-8-sig", newline="") as stream:
        text = stream.read()
    extended = _append(file, text, [render_source(source) for source in sources])
    body = extended.encode()
    _, problems = validate(parse_yaml(body, path), SourcesSpec)
    problems += find_clashes(None, parse_yaml(body, path), None, folder_name=folder.name)
    if problems:
        raise problems[0]
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(body)
    shutil.copymode(path, draft)
    draft.replace(path)


def render_source(source: Source) -> list[str]:
    """Return a source as the lines of a YAML mapping, without what is the default."""
    values: dict[str, str | float | None] = {
        "id": source.source_id,
        "kind": source.kind,
        "url": source.url,
        "type": source.source_type,
        "title": source.title or None,
        "language": source.language,
        "weight": None if source.weight == 1 else source.weight,
        "every": None if source.poll_every == EVERY else write_duration(source.poll_every),
        "timezone": source.timezone,
        "off_hours": write_span(source.off_hours) if source.off_hours else None,
        "history": write_duration(source.history) if source.history else None,
    }
    return [
        f"{key}: {quote(value) if isinstance(value, str) else value}"
        for key, value in values.items()
        if value is not None
    ]


def _append(file: YamlFile, text: str, new: list[list[str]]) -> str:
    """Put entries at the end of the file, moved to the right as the others are."""
    entries = file.data["sources"]
    indent = 2
    place = file.place_of(("sources", 0) if entries else ("sources",))
    rows = text.splitlines(keepends=True)
    row = rows[place.line - 1]
    if entries and not (found := _DASH.match(row)):
        raise problem(
            mark("a source can only be added where each begins on a line of its own"),
            path=file.path,
            place=place,
            loc=("sources",),
            hint=mark('write each entry on a line of its own, after "- "'),
        )
    if entries and found:
        indent = len(found[1])
    elif entries == []:  # "sources: []": the brackets give way to the entry
        rows[place.line - 1] = re.sub(r"\[\s*\]", "", row, count=1).rstrip() + "\n"
    end = "\r\n" if row.endswith("\r\n") else "\n"
    if not rows[-1].endswith("\n"):
        rows[-1] += end
    added = [
        " " * indent + ("- " if n == 0 else "  ") + line + end
        for lines in new
        for n, line in enumerate(lines)
    ]
    return "".join([*rows, *added])
