"""Isso: the newest comments of a site, or all those of one of its pages.

Addresses: ``/latest?limit=N`` (where its owner switched it on), ``/?uri=/page/``. The source's
address is that of the Isso server.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from listening.collectors import faults
from listening.collectors.reading.htmltext import without_quotes
from listening.collectors.reading.jsonpage import dicts_at, int_at, json_of, make_post, text_at
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Source

_LIMIT = 100


class Isso:
    """Walks one Isso server."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the page's comments when the address names one, else the newest of all."""
        del memory, now
        if "uri=" in source.url:
            return (PageRequest(url=source.url, role="comments"),)
        base = source.url.partition("?")[0].rstrip("/").removesuffix("/latest")
        return (PageRequest(url=f"{base}/latest?limit={_LIMIT}", role="comments"),)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return comments with their answers; hidden answers are asked for."""
        answer = json_of(page)
        rows = answer if isinstance(answer, list) else None
        if isinstance(answer, dict) and isinstance(answer.get("replies"), list):
            rows = answer["replies"]
        if rows is None:
            raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
        found: set[str] = set()
        uri = dict(parse_qsl(urlsplit(page.url).query)).get("uri", "")
        documents = tuple(_flat(rows, uri=uri, now=now, found=found))
        requests = tuple(
            PageRequest(
                url=f"{page.url.partition('?')[0]}?uri={quote(uri, safe='')}&parent={row['id']}",
                role="comments",
            )
            for row in dicts_at(rows)
            if uri and (int_at(row, "hidden_replies") or 0) > 0 and int_at(row, "id") is not None
        )
        del memory
        return Step(documents=documents, requests=requests, faults=faults.in_order(found))

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return the only role there is."""
        del body, url
        return "comments"


def _flat(rows: Any, *, uri: str, now: datetime, found: set[str]) -> Iterator[RawDocument]:
    for row in dicts_at(rows):
        number = text_at(row, "id")
        place = text_at(row, "uri") or uri
        yield make_post(
            guid=number,
            url=f"{place}#isso-{number}" if place.startswith("http") else None,
            title="",
            text=without_quotes(text_at(row, "text")),
            author=text_at(row, "author"),
            published=_instant(text_at(row, "created")),
            edited=_instant(text_at(row, "modified")),
            in_reply_to=text_at(row, "parent") or place or None,
            found=found,
            now=now,
        )
        yield from _flat(row.get("replies"), uri=uri, now=now, found=found)


def _instant(seconds: str) -> str:
    """Return seconds since 1970 without the digits below a microsecond."""
    whole, _, fraction = seconds.partition(".")
    return f"{whole}.{fraction[:6]}" if fraction else whole
