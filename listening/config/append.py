"""Adding a source to a sources.yaml that a person wrote: their comments and order stay."""

import os
from pathlib import Path

import yaml

from listening.config.load import find_problems, load_client
from listening.errors import ConfigError
from listening.model import Source
from listening.translate import mark

SOURCES_FILE = "sources.yaml"


def append_source(folder: Path, source: Source) -> None:
    """Write one more entry at the end of the client's sources.yaml, whole or not at all.

    Raises:
        ConfigError: The file is not one to which an entry can be added at its end, or the result
            would not load; the file then stays as it was.
    """
    path = folder / SOURCES_FILE
    before = path.read_text(encoding="utf-8")
    _replace(path, _with_entry(before, source))
    problems = find_problems(folder)
    if not problems and source.source_id in {one.source_id for one in load_client(folder).sources}:
        return
    _replace(path, before)
    if problems:
        raise problems[0]
    raise ConfigError(
        mark("this source cannot be added at the end of the file"),
        path=path,
        hint=mark("write it into the list of sources by hand"),
    )


def _with_entry(text: str, source: Source) -> str:
    """Return the file's text with an entry more, in the shape a person would write."""
    entry = {
        "id": source.source_id,
        "kind": source.kind.value,
        "url": source.url,
        "type": source.source_type.value,
        **({"title": source.title} if source.title else {}),
    }
    line = yaml.safe_dump(
        entry, allow_unicode=True, default_flow_style=True, sort_keys=False, width=10_000
    ).strip()
    body = text.replace("sources: []", "sources:") if "sources: []" in text else text
    return f"{body.rstrip()}\n  - {line}\n"


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
