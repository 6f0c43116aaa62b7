"""Looking for words in everything that is kept of a client: the proof that an erasure is complete.

Files are searched byte by byte, packed ones unpacked, mails decoded, databases both as bytes (what
DuckDB freed and did not overwrite) and value by value (what it packed).
"""

import email
import email.policy
import gzip
import re
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import duckdb

from listening.errors import StorageError
from listening.translate import mark
from storage.queries import load_sql
from storage.reading import open_snapshot

_CHUNK: Final = 16 * 1024 * 1024
#: Alternatives of one pattern: more of them make RE2 slow.
_PER_PATTERN: Final = 200
#: Texts are searched by a stretch without a character that a format may write otherwise.
_PLAIN: Final = re.compile(r"[^'\"\\\r\n\t<>&=]{20,80}")

#: What would make a word or an address the beginning of another: "article-1" is not "article-12".
_GOES_ON: Final = r"\w/?=&%#-"


def needles_of(names: Collection[str], texts: Collection[str]) -> tuple[str, ...]:
    """Return what to search for: names as they are, and a stretch of each text."""
    stretches = (_PLAIN.search(text) for text in texts)
    return tuple(sorted({*names, *(found[0].strip() for found in stretches if found)} - {""}))


def find_in_files(paths: Collection[Path], needles: Collection[str]) -> list[Path]:
    """Return the files in which one of the needles still is.

    Raises:
        StorageError: A file cannot be read, so that nothing can be said of it.
    """
    wanted = [needle.encode() for needle in needles]
    return [path for path in sorted(paths) if wanted and _holds(path, wanted, needles)]


def has_needle(body: bytes, wanted: Collection[bytes]) -> bool:
    """Say whether one of the words stands in a body, not as a part of a longer one."""
    return any(
        needle in body
        and re.search(rb"(?<!\w)%b(?![%b])" % (re.escape(needle), _GOES_ON.encode()), body)
        for needle in wanted
    )


def mail_holds(mail: bytes, needles: Collection[str]) -> bool:
    """Say whether a mail has one of the needles, in its headers or in any decoded part."""
    text = "\n".join(_parts_of(mail)).encode("utf-8", "replace")
    return has_needle(text, [needle.encode() for needle in needles])


def _holds(path: Path, wanted: list[bytes], needles: Collection[str]) -> bool:
    try:
        if path.suffix == ".eml":
            return mail_holds(path.read_bytes(), needles)
        if _holds_bytes(path, wanted):
            return True
    except (OSError, EOFError, zlib.error) as error:
        raise StorageError(
            mark("cannot be searched: {path}: {error}"), path=path, error=error
        ) from error
    return path.suffix == ".duckdb" and _holds_values(path, needles)


def _holds_bytes(path: Path, wanted: list[bytes]) -> bool:
    overlap = max(map(len, wanted)) + 1
    last = b""
    for chunk in _chunks(path):
        window = last + chunk
        if has_needle(window, wanted):
            return True
        last = window[-overlap - 1 :]
    return False


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as raw:
        is_packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        file = gzip.GzipFile(fileobj=raw) if is_packed else raw
        while chunk := file.read(_CHUNK):
            yield chunk


def _holds_values(path: Path, needles: Collection[str]) -> bool:
    """Search every value of every table; mails are decoded first."""
    words = sorted(needles)
    patterns = [
        rf"(?:^|\W)(?:{'|'.join(map(re.escape, words[start : start + _PER_PATTERN]))})"
        rf"(?:[^{_GOES_ON}]|$)"
        for start in range(0, len(words), _PER_PATTERN)
    ]
    with open_snapshot(path) as connection:
        try:
            tables = connection.execute(load_sql("privacy/all_tables")).fetchall()
            for (table,) in tables:
                if any(_rows_hold(connection, table, pattern) for pattern in patterns):
                    return True
            mails = connection.execute(load_sql("privacy/mails")).fetchall()
        except duckdb.Error as error:
            raise StorageError(
                mark("cannot be searched: {path}: {error}"), path=path, error=error
            ) from error
    return any(mail_holds(subject.encode() + b"\n" + body, needles) for _, subject, body in mails)


def _rows_hold(connection: duckdb.DuckDBPyConnection, table: str, pattern: str) -> bool:
    name = '"' + table.replace('"', '""') + '"'
    sql = f"SELECT count(*) FROM {name} AS one WHERE regexp_matches(CAST(one AS VARCHAR), $pattern)"  # noqa: S608 — a table's own name
    return connection.execute(sql, {"pattern": pattern}).fetchone() != (0,)


def _parts_of(mail: bytes) -> Iterator[str]:
    yield mail.decode("utf-8", "replace")
    message = email.message_from_bytes(mail, policy=email.policy.default)
    for name, value in message.items():
        yield f"{name}: {value}"
    for part in message.walk():
        if part.get_content_maintype() == "text":
            yield str(part.get_content())
