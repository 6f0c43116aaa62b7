"""Landing files: gzip JSON lines, written once, the truth that the warehouse can be rebuilt from.

The first line says what the file is and which version of the format; the last one says how many
lines lie between. A file is written under a temporary name, synced, and then takes its name in one
step, so whoever sees it sees all of it.
"""

import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from listening.errors import StorageError
from listening.files import sync
from listening.model import (
    Batch,
    Document,
    FetchState,
    RequestMade,
    Source,
    SourceRun,
    TaggedDocument,
)
from listening.translate import mark

#: Version of the format; a file with a higher one is refused.
VERSION = 2  # 2: requests

_DAMAGED = mark("landing file is cut short or damaged: {path}: {detail}")

_TYPES: Mapping[str, type[Any]] = {
    kind.__name__: kind
    for kind in (Document, FetchState, RequestMade, Source, SourceRun, TaggedDocument)
}


def write_plan(path: Path, plan: Sequence[tuple[Source, FetchState]]) -> bool:
    """Write what one collect task must do; return False when the file was already there."""
    lines = (
        _line("visit", source=_to_json(source), state=_to_json(_plain(state)))
        for source, state in plan
    )
    return _write_once(path, "plan", lines)


def read_plan(path: Path) -> list[tuple[Source, FetchState]]:
    """Read what :func:`write_plan` wrote, in the same order.

    Raises:
        StorageError: The file is missing, cut short, damaged, or of a newer version.
    """
    _, records = _read(path, "plan")
    return [
        (_parse(path, Source, record["source"]), _parse(path, FetchState, record["state"]))
        for record in records
    ]


def write_batch(path: Path, batch: Batch) -> bool:
    """Write what one collect task found; return False when the file was already there.

    Raises:
        StorageError: The batch cannot be written as text (a lone surrogate), or the disk is full.
    """

    def lines() -> Iterator[bytes]:
        for document in batch.documents:
            yield _line("document", value=_to_json(document))
        for state in batch.states:
            yield _line("state", value=_to_json(_plain(state)))
        for run in batch.source_runs:
            yield _line("source_run", value=_to_json(run))
        for request in batch.requests:
            yield _line("request", value=_to_json(request))

    return _write_once(path, "batch", lines(), run_id=batch.run_id, batch_id=batch.batch_id)


def read_batch(path: Path) -> Batch:
    """Read what :func:`write_batch` wrote; equal to the batch that was written.

    Raises:
        StorageError: The file is missing, cut short, damaged, or of a newer version.
    """
    header, records = _read(path, "batch")
    types: Mapping[str, type[Any]] = {
        "document": Document,
        "state": FetchState,
        "source_run": SourceRun,
        "request": RequestMade,
    }
    found: dict[str, list[Any]] = {name: [] for name in types}
    for record in records:
        if record["type"] not in types:
            raise StorageError(_DAMAGED, path=path, detail=f"unknown record {record['type']!r}")
        found[record["type"]].append(_parse(path, types[record["type"]], record["value"]))
    return Batch(
        run_id=header["run_id"],
        batch_id=header["batch_id"],
        documents=tuple(found["document"]),
        states=tuple(found["state"]),
        source_runs=tuple(found["source_run"]),
        requests=tuple(found["request"]),
    )


def write_tagged(path: Path, tagged: Sequence[TaggedDocument]) -> bool:
    """Write tagged documents; return False when the file was already there."""
    lines = (_line("tagged", value=_to_json(document)) for document in tagged)
    return _write_once(path, "tagged", lines)


def read_tagged(path: Path) -> list[TaggedDocument]:
    """Read what :func:`write_tagged` wrote, in the same order.

    Raises:
        StorageError: The file is missing, cut short, damaged, or of a newer version.
    """
    _, records = _read(path, "tagged")
    return [_parse(path, TaggedDocument, record["value"]) for record in records]


def landed_documents(path: Path) -> Iterator[Document]:
    """Yield the documents of a batch file.

    Raises:
        StorageError: The file is missing, cut short, damaged, or of a newer version.
    """
    _, records = _read(path, "batch")
    for record in records:
        if record["type"] == "document":
            yield _parse(path, Document, record["value"])


#: Changes the value of a record: the same object: as it is; another: in its place; None: none.
Change = Callable[[str, Any], Any]

_RECORDS: Mapping[str, Mapping[str, type[Any]]] = {
    "document": {"value": Document},
    "state": {"value": FetchState},
    "source_run": {"value": SourceRun},
    "request": {"value": RequestMade},
    "tagged": {"value": TaggedDocument},
    "visit": {"source": Source, "state": FetchState},
}


def rewrite_landing(path: Path, change: Change) -> bool:
    """Write a batch, plan or tagged file anew with some of its records changed; keep its time.

    The only way in which a landing file ever changes: a person is erased from it. The new file
    takes the old one's name in one step.

    Returns:
        Whether anything changed.

    Raises:
        StorageError: The file is damaged, or the disk is full; it stays as it was.
    """
    header, records = _read(path, None)
    lines: list[bytes] = []
    is_changed = False
    for record in records:
        kind, values = record["type"], {}
        for name, shape in _RECORDS[kind].items():
            old = _parse(path, shape, record[name])
            values[name] = change(name if kind == "visit" else kind, old)
            is_changed = is_changed or values[name] is not old
        if None not in values.values():
            lines.append(_line(kind, **{name: _json_of(one) for name, one in values.items()}))
    if is_changed:
        _replace(path, header, lines)
    return is_changed


def _json_of(value: Any) -> bytes:
    return _to_json(_plain(value) if isinstance(value, FetchState) else value)


def _replace(path: Path, header: dict[str, Any], lines: Iterable[bytes]) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    times = path.stat()
    try:
        with temporary.open("wb") as raw:
            _write_lines(raw, header, lines)
            raw.flush()
            os.fsync(raw.fileno())
        os.utime(temporary, ns=(times.st_atime_ns, times.st_mtime_ns))
        temporary.replace(path)
    except (OSError, PydanticSerializationError) as error:
        raise StorageError(mark("cannot write {path}: {error}"), path=path, error=error) from error
    finally:
        temporary.unlink(missing_ok=True)


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    """Return pydantic's reader and writer of one of our types; building one takes long."""
    return TypeAdapter(_TYPES[name])


def _to_json(value: object) -> bytes:
    return _adapter(type(value).__name__).dump_json(value)


def _plain(state: FetchState) -> FetchState:
    """Return the state with a dict in it: JSON knows no read-only view of one."""
    return replace(
        state,
        seen=dict(state.seen),
        memory=dict(state.memory),
        missing=dict(state.missing),
    )


def _line(kind: str, **values: bytes) -> bytes:
    parts = [b'{"type":"%s"' % kind.encode()]
    parts += [b'"%s":%s' % (name.encode(), value) for name, value in values.items()]
    return b",".join(parts) + b"}\n"


def _parse(path: Path, kind: type[Any], value: object) -> Any:
    try:
        return _adapter(kind.__name__).validate_python(value, strict=False)
    except ValidationError as error:
        detail = f"not a {kind.__name__}: {error}"
        raise StorageError(_DAMAGED, path=path, detail=detail) from error


def _write_once(path: Path, kind: str, lines: Iterable[bytes], **header: str) -> bool:
    if path.exists():
        try:
            _read(path, kind)
        except StorageError:
            path.unlink(missing_ok=True)  # damaged: what we are about to write replaces it
        else:
            return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as raw:
            _write_lines(raw, {"format": f"vigie.{kind}", "version": VERSION} | header, lines)
            raw.flush()
            os.fsync(raw.fileno())
        return _take_name(temporary, path)
    except (OSError, PydanticSerializationError) as error:
        raise StorageError(mark("cannot write {path}: {error}"), path=path, error=error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _write_lines(raw: Any, header: dict[str, Any], lines: Iterable[bytes]) -> None:
    """Write header, lines and footer; the same values always give the same bytes."""
    count = 0
    with gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0) as packed:
        packed.write(json.dumps(header, ensure_ascii=False).encode() + b"\n")
        for line in lines:
            packed.write(line)
            count += 1
        packed.write(_line("end", count=str(count).encode()))


def _take_name(temporary: Path, path: Path) -> bool:
    """Give the file its name unless another process was faster; make the name last."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    sync(path.parent)
    return True


def _read(path: Path, kind: str | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return header and records of a complete file; of any kind when that is None."""
    try:
        with gzip.open(path, "rb") as packed:
            lines = [json.loads(line) for line in packed]
    except FileNotFoundError as error:
        raise StorageError(mark("landing file is missing: {path}"), path=path) from error
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise StorageError(_DAMAGED, path=path, detail=error) from error
    if not lines or not all(isinstance(line, dict) for line in lines):
        raise StorageError(mark("landing file is damaged: {path}"), path=path)
    header, *records = lines
    if kind is not None and header.get("format") != f"vigie.{kind}":
        foreign = mark("no landing file of {kind}: {path}")
        raise StorageError(foreign, kind=f"vigie.{kind}", path=path)
    if header.get("version", 0) > VERSION:
        newer = mark("landing file is of a newer version: {version}: {path}")
        raise StorageError(newer, path=path, version=header["version"])
    if not records or records[-1] != {"type": "end", "count": len(records) - 1}:
        raise StorageError(mark("landing file is cut short: {path}"), path=path)
    return header, records[:-1]
