"""Documents out of files that people have: exports of networks, mailboxes, web archives."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from listening.collectors import faults
from listening.collectors.identity.canonical import absolute_url
from listening.collectors.imports.archives import mail_findings, warc_findings
from listening.collectors.imports.exports import Layout, Row, csv_rows, excel_rows, json_rows
from listening.collectors.reading.dates import judge_date
from listening.collectors.reading.items import finish_item, language_tag
from listening.collectors.reading.plaintext import one_line, plain_text
from listening.errors import ConfigError
from listening.model import DateQuality, RawDocument
from listening.translate import mark

#: Dates as Excel counts them, in cells that lost their form: days since the last of 1899.
_SERIAL_DAY = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?")
_FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC)
_NUMERIC_DAY = re.compile(r"^\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})\b")


class Columns(Protocol):
    """Names of the columns (``listening.config.mapping.ColumnsSpec``)."""

    @property
    def id(self) -> str | None: ...  # noqa: D102 - explained in ColumnsSpec
    @property
    def url(self) -> str | None: ...  # noqa: D102
    @property
    def author(self) -> str | None: ...  # noqa: D102
    @property
    def date(self) -> str | None: ...  # noqa: D102
    @property
    def text(self) -> str | None: ...  # noqa: D102
    @property
    def title(self) -> str | None: ...  # noqa: D102
    @property
    def rating(self) -> str | None: ...  # noqa: D102
    @property
    def lang(self) -> str | None: ...  # noqa: D102


class Mapping(Layout, Protocol):
    """What a mapping file says (``listening.config.mapping.MappingSpec``)."""

    @property
    def columns(self) -> Columns: ...  # noqa: D102
    @property
    def format(self) -> str: ...  # noqa: D102
    @property
    def is_strict(self) -> bool: ...  # noqa: D102
    @property
    def date_order(self) -> Literal["day_first", "month_first"]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is no document, and why."""

    line: int
    reason: str  # word of listening.collectors.faults


def read_export(
    path: Path, mapping: Mapping, *, zone: ZoneInfo, now: datetime
) -> Iterator[RawDocument | Rejected]:
    """Yield every row of a file as a document or as rejected, in its order.

    Args:
        path: The file.
        mapping: Which column is what, and how the file is written.
        zone: Of dates that name none.
        now: The import; later dates are refused.

    Raises:
        UnreadableSourceError: The file as a whole cannot be read.
        ConfigError: A table lacks a mapped column.
    """
    form = mapping.format if mapping.format != "auto" else form_of(path)
    if form in {"mail", "warc"}:
        findings = (mail_findings if form == "mail" else warc_findings)(path, now=now)
        for number, found in findings:
            yield Rejected(number, found) if isinstance(found, str) else _finished(found)
        return
    if form == "jsonl":
        rows = json_rows(path)
    else:
        read = excel_rows if form == "xlsx" else csv_rows
        rows = read(path, mapping, wanted={_name(one) for one in _named(mapping.columns)})
    is_checked = form == "jsonl" or not mapping.is_strict  # objects may leave keys out
    for row in rows:
        if not is_checked and row.fault is None:
            _require_columns(path, mapping.columns, row)
            is_checked = True
        yield _document(row, mapping, zone=zone, now=now)


def form_of(path: Path) -> str:
    """Return how a file is written, by its name, else by its beginning."""
    if path.is_dir():
        return "mail"
    name = path.name.lower().removesuffix(".gz")
    forms = {
        (".csv", ".tsv", ".txt"): "csv",
        (".xlsx", ".xlsm"): "xlsx",
        (".jsonl", ".ndjson", ".json", ".js"): "jsonl",
        (".mbox", ".eml"): "mail",
        (".warc",): "warc",
    }
    for endings, form in forms.items():
        if name.endswith(endings):
            return form
    with path.open("rb") as file:
        start = file.read(200).lstrip(b"\xef\xbb\xbf \r\n")
    for sign, form in ((b"PK\x03\x04", "xlsx"), (b"{", "jsonl"), (b"[", "jsonl"),
                       (b"From ", "mail"), (b"WARC/", "warc")):  # fmt: skip
        if start.startswith(sign):
            return form
    return "csv"


def _require_columns(path: Path, columns: Columns, row: Row) -> None:
    """Refuse a table that lacks a mapped column, rather than importing without it."""
    if missing := [name for name in _named(columns) if _name(name) not in row.cells]:
        raise ConfigError(
            mark("this file has no column {missing}"),
            path=path,
            line=row.line,
            hint=mark("name in the mapping what it has: {known}"),
            values={"missing": ", ".join(missing), "known": ", ".join(filter(None, row.cells))},
        )


def _named(columns: Columns) -> list[str]:
    names = (columns.id, columns.url, columns.author, columns.date, columns.text, columns.title,
             columns.rating, columns.lang)  # fmt: skip
    return [name for name in names if name]


def _document(
    row: Row, mapping: Mapping, *, zone: ZoneInfo, now: datetime
) -> RawDocument | Rejected:
    if row.fault is not None:
        return Rejected(row.line, row.fault)
    columns = mapping.columns

    def cell(name: str | None) -> str:
        return row.cells.get(_name(name), "").strip() if name else ""

    title, text = one_line(cell(columns.title)), plain_text(cell(columns.text))
    if not title and not text:
        return Rejected(row.line, faults.ITEM_WITHOUT_CONTENT)
    published_at, quality, fault = None, DateQuality.COLLECTED, None
    if columns.date and (mapping.is_strict or _name(columns.date) in row.cells):
        published_at, quality, fault = _instant(cell(columns.date), mapping, zone=zone, now=now)
    if fault:
        # Counted today, a post of last year would look like news: better not at all.
        return Rejected(row.line, faults.ROW_WITHOUT_DATE)
    if rating := cell(columns.rating):
        text = f"{text}\n★ {one_line(rating)}".strip()
    return _finished(
        RawDocument(
            guid=cell(columns.id) or None,
            url=absolute_url(cell(columns.url), None),
            title=title,
            text=text,
            author=one_line(cell(columns.author)) or None,
            published_at=published_at,
            published_at_quality=quality,
            language=language_tag(cell(columns.lang)),
        )
    )


def _instant(
    text: str, mapping: Mapping, *, zone: ZoneInfo, now: datetime
) -> tuple[datetime | None, DateQuality, str | None]:
    """Return a date in the order the mapping says, in its zone where it names none."""
    if mapping.date_order == "month_first":
        text = _NUMERIC_DAY.sub(r"\3\2\1\2\4", text)
    if _SERIAL_DAY.fullmatch(text.strip()):
        day = _FIRST_DAY + timedelta(days=float(text.replace(",", ".")))
        text = f"{day:%Y-%m-%d %H:%M:%S}"
    instant, quality, fault = judge_date(text, now=now, zone=UTC)
    if instant is not None and quality is DateQuality.INFERRED:
        instant = instant.replace(tzinfo=zone).astimezone(UTC)
    return instant, quality, fault


def _finished(document: RawDocument) -> RawDocument:
    return finish_item(document, author=None, language=None, found=set())


def _name(column: str) -> str:
    return " ".join(column.split()).casefold()
