"""Sources that are broken or mean harm, each with what the night's record must say of it."""

import asyncio
import gzip
from dataclasses import dataclass, replace

from listening.collectors import faults
from listening.model import RunStatus
from tests.http_server import Handler, Page, Request, head
from tests.listening.collectors.feed_bodies import HEAD, rss, rss_item, rss_of

#: Limits of the client that reads them: as configured by default but for the time, which is short.
TIMEOUT_S = 2.0
MAX_BODY_MB = 10.0
MAX_DOCUMENTS = 50

_XML = {"Content-Type": "application/rss+xml"}
_GIGABYTE = 1_000_000_000

OK, FAILED, REFUSED, UNREADABLE = (
    RunStatus.OK,
    RunStatus.FAILED,
    RunStatus.REFUSED,
    RunStatus.UNREADABLE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadSource:
    """One source: what it answers, and how its visit must be recorded."""

    source_id: str
    page: Handler
    status: RunStatus
    reason: str | None = None
    faults: tuple[str, ...] = ()
    document_count: int = 0  # stored

    @property
    def served(self) -> Handler:
        """The page with addresses of its own: one address in two feeds would be one document."""
        if not isinstance(self.page, Page):
            return self.page
        own = f"{self.source_id}.example".encode()
        return replace(self.page, body=self.page.body.replace(b"gazette.example", own))


async def five_gigabytes(_request: Request, writer: asyncio.StreamWriter) -> None:
    """Announce five gigabytes, and send them to whoever goes on reading."""
    writer.write(head(200, {"Content-Length": str(5 * _GIGABYTE), **_XML}) + HEAD.encode())
    await _pour(writer, 5 * _GIGABYTE)


async def five_gigabytes_unannounced(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(head(200, _XML) + HEAD.encode())
    await _pour(writer, 5 * _GIGABYTE)


async def _pour(writer: asyncio.StreamWriter, byte_count: int) -> None:
    for _ in range(byte_count // 1_000_000):
        writer.write(b"<item>" + b"x" * 999_987 + b"</item>")
        await writer.drain()


async def drip(_request: Request, writer: asyncio.StreamWriter) -> None:
    """Send a byte now and then, for ever."""
    writer.write(head(200, {"Content-Length": "100000", **_XML}))
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.1)


async def silence(_request: Request, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def break_off(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(head(200, {"Content-Length": "100000", **_XML}) + rss_of(1)[:200])
    await writer.drain()


async def garbage(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x16\x03\x01 this is not HTTP\r\n\r\n")
    await writer.drain()


async def endless_headers(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"x" * 1000 + b"\r\n")
        await writer.drain()


async def ever_further(request: Request, writer: asyncio.StreamWriter) -> None:
    """Redirect to another address each time."""
    await Page(status=302, headers={"Location": request.path + "?x"})(request, writer)


_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
_FILE_ENTITY = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
_GZIP_BOMB = gzip.compress(bytes(200_000_000), compresslevel=6)


def _feed(body: bytes) -> Page:
    return Page(body=body, headers=_XML)


def _packed(body: bytes) -> Page:
    return Page(body=body, headers={**_XML, "Content-Encoding": "gzip"})


def _entity_feed(declaration: str, use: str) -> Page:
    return _feed(rss([rss_item(title="HERE")], head=declaration).replace(b"HERE", use.encode()))


#: Answers that hold something to read.
READABLE = (
    BadSource(
        source_id="malformed-xml",
        page=_feed(rss_of(3).replace(b"Article 2", b"Article & <b>2").replace(b"</rss>", b"")),
        status=OK,
        faults=(faults.MALFORMED_XML,),
        document_count=3,
    ),
    BadSource(
        source_id="wrong-charset",
        page=_feed(rss([rss_item(title="Un œuf à la coque")]).decode().encode("cp1252")),
        status=OK,
        faults=(faults.WRONG_CHARSET,),
        document_count=1,
    ),
    BadSource(
        source_id="missing-charset",
        page=_feed(rss([rss_item(title="Un œuf à la coque")], head="")),
        status=OK,
        document_count=1,
    ),
    BadSource(
        source_id="entity-bomb",
        page=_entity_feed(_LAUGHS, "&l9;"),
        status=OK,
        faults=(faults.ENTITY_DECLARED, faults.MALFORMED_XML),  # it is not expanded
        document_count=1,
    ),
    BadSource(
        source_id="file-entity",
        page=_entity_feed(_FILE_ENTITY, "&secret;"),
        status=OK,
        faults=(faults.ENTITY_DECLARED, faults.MALFORMED_XML),  # it is not expanded
        document_count=1,
    ),
    BadSource(
        source_id="huge-title",
        page=_feed(rss([rss_item(title="mot " * 2_490_000)])),
        status=OK,
        faults=(faults.TITLE_TRUNCATED,),
        document_count=1,
    ),
    BadSource(
        source_id="future-date",
        page=_feed(rss([rss_item(pubDate="Fri, 01 Jan 2044 00:00:00 GMT")])),
        status=OK,
        faults=(faults.DATE_IN_FUTURE,),
        document_count=1,
    ),
    BadSource(
        source_id="no-id-no-link",
        page=_feed(rss([rss_item(n, guid=None, link=None) for n in (1, 2)])),
        status=OK,
        faults=(faults.ITEM_WITHOUT_ID,),
        document_count=2,
    ),
    BadSource(
        source_id="void-items",
        page=_feed(
            rss(
                [
                    rss_item(1),
                    *(rss_item(n, title=None, description=None, link=None) for n in (2, 3)),
                ]
            )
        ),
        status=OK,
        faults=(faults.ITEM_WITHOUT_CONTENT,),
        document_count=1,
    ),
    BadSource(
        source_id="nul-bytes",
        page=_feed(rss([rss_item(title="aNULb")]).replace(b"NUL", b"\x00\x07")),
        status=OK,
        faults=(faults.CONTROL_CHARACTERS_REMOVED, faults.NUL_BYTES_REMOVED),
        document_count=1,
    ),
    BadSource(
        source_id="one-id-two-items",
        page=_feed(rss([rss_item(1, guid="same", link=None), rss_item(2, guid="same", link=None)])),
        status=OK,
        faults=(faults.DUPLICATE_ID,),
        document_count=1,  # the first: feeds list the newest first
    ),
    BadSource(
        source_id="one-id-two-addresses",
        page=_feed(rss([rss_item(1, guid="same"), rss_item(2, guid="same")])),
        status=OK,
        faults=(faults.DUPLICATE_ID,),
        document_count=2,
    ),
    BadSource(
        source_id="too-many-items",
        page=_feed(rss_of(3 * MAX_DOCUMENTS)),
        status=OK,
        faults=(faults.TOO_MANY_ITEMS,),
        document_count=MAX_DOCUMENTS,
    ),
    BadSource(
        source_id="script",
        page=_feed(rss([rss_item(description="<script>steal()</script><p>Bon œuf.</p>")])),
        status=OK,
        document_count=1,
    ),
)

#: Answers that hold nothing, or are none.
DEAD = (
    BadSource(
        source_id="html-page",
        page=Page(
            body="<!doctype html><title>L'Œuf à la Coque</title>".encode(),
            headers={"Content-Type": "text/html; charset=utf-8"},
        ),
        status=UNREADABLE,
        reason=faults.HTML_INSTEAD_OF_FEED,
    ),
    BadSource(source_id="empty-body", page=_feed(b""), status=UNREADABLE, reason=faults.EMPTY_BODY),
    BadSource(
        source_id="gzip-bomb",
        page=_packed(_GZIP_BOMB),
        status=UNREADABLE,
        reason=faults.DECOMPRESSION_BOMB,
    ),
    BadSource(
        source_id="5-gb",
        page=five_gigabytes,
        status=UNREADABLE,
        reason=faults.BODY_TOO_LARGE,
    ),
    BadSource(
        source_id="5-gb-unannounced",
        page=five_gigabytes_unannounced,
        status=UNREADABLE,
        reason=faults.BODY_TOO_LARGE,
    ),
    BadSource(
        source_id="redirect-loop",
        page=Page(status=302, headers={"Location": "/feed"}),
        status=FAILED,
        reason=faults.REDIRECT_LOOP,
    ),
    BadSource(
        source_id="endless-redirects",
        page=ever_further,
        status=FAILED,
        reason=faults.TOO_MANY_REDIRECTS,
    ),
    BadSource(
        source_id="redirect-to-file",
        page=Page(status=302, headers={"Location": "file:///etc/passwd"}),
        status=REFUSED,
        reason=faults.BAD_REDIRECT,
    ),
    BadSource(
        source_id="redirect-inside",
        page=Page(status=302, headers={"Location": "http://169.254.169.254/latest/"}),
        status=REFUSED,
        reason=faults.ADDRESS_FORBIDDEN,
    ),
    BadSource(source_id="drip", page=drip, status=FAILED, reason=faults.READ_TIMEOUT),
    BadSource(source_id="silence", page=silence, status=FAILED, reason=faults.READ_TIMEOUT),
    BadSource(source_id="break-off", page=break_off, status=FAILED, reason=faults.CONNECTION_LOST),
    BadSource(source_id="garbage", page=garbage, status=FAILED, reason=faults.BAD_HTTP),
    BadSource(
        source_id="endless-headers", page=endless_headers, status=FAILED, reason=faults.BAD_HTTP
    ),
    BadSource(
        source_id="slow-to-read",
        page=_feed(b"<rss version='2.0'><channel><item>" + b"<a>" * 3_000_000),
        status=UNREADABLE,
        reason=faults.PARSE_TIMEOUT,
    ),
    BadSource(source_id="gone", page=Page(status=410), status=REFUSED, reason="http_410"),
    BadSource(source_id="lost", page=Page(status=404), status=FAILED, reason="http_404"),
)

#: Sources without fault, among the others.
GOOD = (
    BadSource(source_id="good-feed", page=_feed(rss_of(5)), status=OK, document_count=5),
    BadSource(
        source_id="good-gzip",
        page=_packed(
            gzip.compress(rss([rss_item(n, link=f"https://packed.example/{n}") for n in range(4)]))
        ),
        status=OK,
        document_count=4,
    ),
)

ALL = (*GOOD, *READABLE, *DEAD)
