"""Every attack of the hostile server, each with the words the night's record must use for it."""

import asyncio
import gzip
import json
import zlib
from dataclasses import dataclass

from listening.collectors import faults
from listening.model import RunStatus, SourceKind
from tests.http_server import Handler, Page, Request, head
from tests.listening.collectors.feed_bodies import HEAD, rss, rss_item, rss_of

#: Limits of the run; the time is short so that those who wait for ever are soon given up.
TIMEOUT_S = 6.0
PARSE_TIMEOUT_S = 4.0
MAX_BODY_BYTES = 4_000_000
MAX_DOCUMENTS = 100
MAX_PAGES = 4

OK, FAILED, REFUSED, UNREADABLE = (
    RunStatus.OK,
    RunStatus.FAILED,
    RunStatus.REFUSED,
    RunStatus.UNREADABLE,
)
_XML = {"Content-Type": "application/rss+xml"}
_JSON = {"Content-Type": "application/json"}
_HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One hostile host: what it answers, and how the visit to it must be recorded."""

    name: str  # of the source, and the first label of its host
    page: Handler
    status: RunStatus = OK
    reason: str | None = None
    faults: tuple[str, ...] = ()  # at least these
    robots: Handler | None = None
    kind: SourceKind = SourceKind.FEED
    scheme: str = "http"
    document_count: int | None = None  # stored; None: any number
    #: Addresses the name server gives, one list after the other; the last one for good.
    lookups: tuple[tuple[str, ...], ...] = ()


def _feed(body: bytes, **headers: str) -> Page:
    return Page(body=body, headers={**_XML, **headers})


def _to(location: str) -> Page:
    return Page(status=302, headers={"Location": location})


def _raw(*parts: bytes) -> Handler:
    async def answer(_request: Request, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()

    return answer


def _endless(start: bytes, more: bytes, *, pause_s: float = 0.0) -> Handler:
    async def answer(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(more)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return answer


async def _hang(_request: Request, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def _hang_up(_request: Request, _writer: asyncio.StreamWriter) -> None:
    """Say nothing and close."""


async def _further(request: Request, writer: asyncio.StreamWriter) -> None:
    await _to(request.path + "?x")(request, writer)


def _answer(**headers: str) -> bytes:
    return head(200, {**_XML, **headers})


# -- towards the inside -------------------------------------------------------------------------

#: What a redirect may call this machine and its neighbours; CANARY is a port that listens there.
INSIDE = {
    "loopback": "http://127.0.0.1:CANARY/",
    "loopback-other": "http://127.8.9.10:CANARY/",
    "loopback-name": "http://localhost:CANARY/",
    "loopback-name-dot": "http://localhost.:CANARY/",
    "loopback-v6": "http://[::1]:CANARY/",
    "any-address": "http://0.0.0.0:CANARY/",
    "zero": "http://0:CANARY/",
    "decimal": "http://2130706433:CANARY/",
    "hexadecimal": "http://0x7f000001:CANARY/",
    "short": "http://127.1:CANARY/",
    "private-10": "http://10.0.0.1:CANARY/",
    "private-172": "http://172.16.0.1:CANARY/",
    "private-192": "http://192.168.1.1:CANARY/admin",
    "carrier": "http://100.100.100.200:CANARY/latest/meta-data/",
    "metadata": "http://169.254.169.254:CANARY/latest/meta-data/",
    "mapped": "http://[::ffff:127.0.0.1]:CANARY/",
    "mapped-hex": "http://[::ffff:7f00:1]:CANARY/",
    "translated": "http://[64:ff9b::7f00:1]:CANARY/",
    "six-to-four": "http://[2002:7f00:1::1]:CANARY/",
    "unique-local": "http://[fd00::1]:CANARY/",
    "link-local-v6": "http://[fe80::1]:CANARY/",
    "loopback-dot": "http://127.0.0.1.:CANARY/",
    "backslash": "http://public.example\\\\@127.0.0.1:CANARY/",
    "with-user": "http://public.example@127.0.0.1:CANARY/",
    "no-scheme": "//127.0.0.1:CANARY/",
}
_ELSEWHERE = {
    "file": "file:///etc/passwd",
    "gopher": "gopher://127.0.0.1:CANARY/_QUIT",
    "ftp": "ftp://127.0.0.1/",
    "data": "data:text/xml,<rss/>",
    "script": "javascript:alert(1)",
    "unix-socket": "http+unix://%2Fvar%2Frun%2Fdocker.sock/info",
    "nowhere": "",
}
_REDIRECTS = (
    *(
        Attack(
            name=f"redirect-{name}",
            page=_to(target),
            status=REFUSED,
            reason=faults.ADDRESS_FORBIDDEN,
        )
        for name, target in INSIDE.items()
    ),
    *(
        Attack(
            name=f"redirect-{name}", page=_to(target), status=REFUSED, reason=faults.BAD_REDIRECT
        )
        for name, target in _ELSEWHERE.items()
    ),
    Attack(
        name="redirect-octal",  # not even looked up
        page=_to("http://0177.0.0.1:CANARY/"),
        status=REFUSED,
        reason=faults.BAD_URL,
    ),
    Attack(
        name="redirect-full-width",  # digits of another alphabet, which some resolvers fold
        page=_raw(
            b"HTTP/1.1 302 x\r\nLocation: http://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1/\r\n\r\n"
        ),
        status=REFUSED,
        reason=faults.BAD_URL,
    ),
    Attack(
        name="redirect-header-injection",
        page=_to("/feed%0d%0aX-Evil:%201"),
        status=FAILED,
        reason="http_404",
    ),
    Attack(name="redirect-loop", page=_to("/feed"), status=FAILED, reason=faults.REDIRECT_LOOP),
    Attack(name="redirect-chain", page=_further, status=FAILED, reason=faults.TOO_MANY_REDIRECTS),
)
#: Only where the server has a public address does a name that leads inside mean anything.
REBINDING = (
    Attack(
        name="dns-rebinding",
        page=_feed(rss_of(1)),
        lookups=(("PUBLIC",), ("127.0.0.1",)),  # robots.txt is read from the first
        status=REFUSED,
        reason=faults.ADDRESS_FORBIDDEN,
    ),
    Attack(
        name="dns-private",
        page=_feed(rss_of(1)),
        lookups=(("169.254.169.254", "10.0.0.1", "::1"),),
        status=REFUSED,
        reason=faults.ADDRESS_FORBIDDEN,
    ),
    Attack(
        name="dns-mixed",  # the private one comes first: only the public one is used
        page=_feed(rss_of(1)),
        lookups=(("127.0.0.1", "::ffff:10.0.0.1", "PUBLIC"),),
        document_count=1,
    ),
)

# -- on the wire --------------------------------------------------------------------------------

_BOMB = gzip.compress(bytes(100_000_000), compresslevel=9)
_WIRE = (
    Attack(
        name="endless-body",
        page=_endless(_answer() + HEAD.encode(), b"<item>" + b"x" * 99_987 + b"</item>"),
        status=UNREADABLE,
        reason=faults.BODY_TOO_LARGE,
    ),
    Attack(
        name="announced-terabyte",
        page=_raw(_answer(**{"Content-Length": str(10**12)})),
        status=UNREADABLE,
        reason=faults.BODY_TOO_LARGE,
    ),
    Attack(
        name="slow-body",
        page=_endless(_answer(), b"x", pause_s=0.05),
        status=FAILED,
        reason=faults.READ_TIMEOUT,
    ),
    Attack(
        name="slow-headers",
        page=_endless(b"HTTP/1.1 200 OK\r\nX: ", b"x", pause_s=0.05),
        status=FAILED,
        reason=faults.READ_TIMEOUT,
    ),
    Attack(name="hang", page=_hang, status=FAILED, reason=faults.READ_TIMEOUT),
    Attack(name="hang-up", page=_hang_up, status=FAILED, reason=faults.CONNECTION_LOST),
    Attack(
        name="gzip-bomb",
        page=_feed(_BOMB, **{"Content-Encoding": "gzip"}),
        status=UNREADABLE,
        reason=faults.DECOMPRESSION_BOMB,
    ),
    Attack(
        name="deflate-bomb",
        page=_feed(zlib.compress(bytes(100_000_000), 9), **{"Content-Encoding": "deflate"}),
        status=UNREADABLE,
        reason=faults.DECOMPRESSION_BOMB,
    ),
    Attack(
        name="brotli",
        page=_feed(b"\x8b\x00\x80", **{"Content-Encoding": "br"}),
        status=UNREADABLE,
        reason=faults.UNKNOWN_CONTENT_ENCODING,
    ),
    Attack(
        name="nested-encodings",
        page=_feed(gzip.compress(_BOMB), **{"Content-Encoding": "gzip, gzip, gzip"}),
        status=UNREADABLE,
        reason=faults.UNKNOWN_CONTENT_ENCODING,
    ),
    Attack(
        name="bomb-in-gzip",
        page=_feed(gzip.compress(_BOMB), **{"Content-Encoding": "gzip"}),
        status=UNREADABLE,
        reason=faults.DECOMPRESSION_BOMB,
    ),
    Attack(
        name="bomb-as-file",
        page=_feed(_BOMB),
        status=UNREADABLE,
        reason=faults.DECOMPRESSION_BOMB,
    ),
    Attack(
        name="length-too-long",
        page=_raw(_answer(**{"Content-Length": "99999"}), rss_of(1)),
        status=FAILED,
        reason=faults.CONNECTION_LOST,
    ),
    Attack(
        name="length-too-short",
        page=_raw(_answer(**{"Content-Length": "40"}), rss_of(3)),
        status=UNREADABLE,
    ),
    Attack(
        name="length-negative",
        page=_raw(_answer(**{"Content-Length": "-1"}), rss_of(1)),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="two-lengths",
        page=_raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9999\r\n\r\n<rss>"),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="length-and-chunks",  # one of them is for somebody else
        page=_raw(_answer(**{"Content-Length": "4", "Transfer-Encoding": "chunked"}), b"0\r\n\r\n"),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="chunked-not-last",
        page=_raw(_answer(**{"Transfer-Encoding": "chunked, identity"}), rss_of(1)),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="folded-header",
        page=_raw(b"HTTP/1.1 200 OK\r\nX: a\r\n Content-Length: 3\r\n\r\n" + rss_of(1)),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="bare-line-ends",
        page=_raw(b"HTTP/1.1 200 OK\nContent-Type: text/xml\n\n" + rss_of(1)),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="many-headers",
        page=_raw(
            b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(400)),
            b"\r\n" + rss_of(1),
        ),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="endless-extension",
        page=_endless(
            _answer(**{"Transfer-Encoding": "chunked"}), b"1;" + b"x" * 999 + b"\r\na\r\n"
        ),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="endless-trailers",
        page=_endless(
            _answer(**{"Transfer-Encoding": "chunked"}) + b"0\r\n", b"X-More: xxxxxxxx\r\n" * 1000
        ),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="second-answer",  # for whoever asks next on that connection
        page=_raw(
            head(200, {"Content-Type": "text/xml", "Content-Length": str(len(rss_of(1)))}),
            rss_of(1) + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
        ),
        document_count=1,
    ),
    Attack(
        name="huge-chunk",
        page=_raw(_answer(**{"Transfer-Encoding": "chunked"}), b"F" * 16 + b"\r\n", rss_of(1)),
        status=FAILED,
        reason=faults.CONNECTION_LOST,
    ),
    Attack(
        name="endless-chunk-line",
        page=_endless(_answer(**{"Transfer-Encoding": "chunked"}) + b"5;", b"x" * 9999),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="endless-headers",
        page=_endless(b"HTTP/1.1 200 OK\r\n", b"X-More: xxxxxxxx\r\n" * 1000),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="huge-header",
        page=_raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n"),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="header-with-nul",
        page=_raw(b'HTTP/1.1 200 OK\r\nETag: "a\x00b"\r\n\r\n' + rss_of(1)),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="informational-flood",
        page=_endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 50),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="web-socket",
        page=_raw(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\n\r\n\x81\x05hello"
        ),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(
        name="ssh",
        page=_raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
        status=FAILED,
        reason=faults.BAD_HTTP,
    ),
    Attack(name="http-09", page=_raw(rss_of(1)), status=FAILED, reason=faults.BAD_HTTP),
    Attack(
        name="status-999",
        page=_raw(b"HTTP/1.1 999 Go Away\r\nContent-Length: 0\r\n\r\n"),
        status=FAILED,
    ),
    Attack(
        name="cookies",
        page=_raw(
            b"HTTP/1.1 302 x\r\nLocation: /next\r\n"
            + b"".join(
                b"Set-Cookie: c%d=%s; Domain=.example\r\n" % (n, b"v" * 90) for n in range(200)
            )
            + b"\r\n"
        ),
        status=FAILED,
        reason="http_404",
    ),
    Attack(
        name="etag-huge",
        page=_feed(rss_of(1), ETag='"' + "e" * 60_000 + '"'),
        document_count=1,
    ),
    Attack(
        name="retry-after-ages",
        page=Page(status=429, headers={"Retry-After": "1000000000000"}),
        status=FAILED,
        reason="http_429",
    ),
    Attack(
        name="retry-after-negative",
        page=Page(status=503, headers={"Retry-After": "-5"}),
        status=FAILED,
        reason="http_503",
    ),
    Attack(
        name="retry-after-past",
        page=Page(status=429, headers={"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}),
        status=FAILED,
        reason="http_429",
    ),
    Attack(
        name="retry-after-digits",
        page=Page(status=429, headers={"Retry-After": "9" * 5000}),
        status=FAILED,
        reason="http_429",
    ),
    Attack(
        name="tls-self-signed",
        page=_feed(rss_of(1)),
        scheme="https",
        status=FAILED,
        reason=faults.TLS_ERROR,
    ),
    Attack(
        name="tls-without-tls",
        page=_feed(rss_of(1)),
        scheme="https-plain",
        status=FAILED,
        reason=faults.READ_TIMEOUT,
    ),
)

# -- robots.txt ---------------------------------------------------------------------------------


def _robots(text: str) -> Page:
    return Page(body=text.encode(), headers={"Content-Type": "text/plain"})


_ROBOTS = (
    Attack(
        name="robots-endless",
        page=_feed(rss_of(1)),
        robots=_endless(head(200, {}), b"User-agent: x\nDisallow: /y\n" * 1000),
        document_count=1,
        faults=(faults.ROBOTS_CUT,),
    ),
    Attack(
        name="robots-gigabyte",
        page=_feed(rss_of(1)),
        robots=_endless(head(200, {"Content-Length": str(10**9)}), b"#" * 100_000),
        document_count=1,
        faults=(faults.ROBOTS_CUT,),
    ),
    Attack(
        name="robots-bomb",
        page=_feed(rss_of(1)),
        robots=Page(body=_BOMB, headers={"Content-Encoding": "gzip"}),
        document_count=1,
        faults=(faults.ROBOTS_CUT,),
    ),
    Attack(
        name="robots-redirect-inside",
        page=_feed(rss_of(1)),
        robots=_to("http://169.254.169.254:CANARY/"),
        status=REFUSED,
        reason=faults.ADDRESS_FORBIDDEN,
    ),
    Attack(
        name="robots-hang",
        page=_feed(rss_of(1)),
        robots=_hang,
        status=FAILED,
        reason=faults.READ_TIMEOUT,
    ),
    Attack(
        name="robots-error",
        page=_feed(rss_of(1)),
        robots=Page(status=500),
        status=FAILED,
        reason=faults.ROBOTS_UNAVAILABLE,
    ),
    Attack(
        name="robots-crawl-delay-ages",
        page=_feed(rss_of(1)),
        robots=_robots("User-agent: *\nCrawl-delay: 1000000000\n"),
        status=REFUSED,
        reason=faults.CRAWL_DELAY,
    ),
    Attack(
        name="robots-crawl-delay-nan",
        page=_feed(rss_of(1)),
        robots=_robots("User-agent: *\nCrawl-delay: nan\n"),
        document_count=1,
    ),
    Attack(
        name="robots-crawl-delay-infinite",
        page=_feed(rss_of(1)),
        robots=_robots("User-agent: *\nCrawl-delay: inf\n"),
        document_count=1,
    ),
    Attack(
        name="robots-wildcards",  # a pattern that a backtracking matcher never finishes
        page=_to("/" + "a" * 2000),
        robots=_robots(
            "User-agent: *\nDisallow: /" + "*a" * 60 + "*b$\n" + "Disallow: /*?*=*&*$\n"
        ),
        status=FAILED,
        reason="http_404",
    ),
    Attack(
        name="robots-many-rules",  # each of them costs every address a search
        page=_feed(rss_of(1)),
        robots=_robots("User-agent: *\n" + "Disallow: /*a*x*b$\n" * 30_000),
        document_count=1,
        faults=(faults.ROBOTS_CUT,),
    ),
    Attack(
        name="robots-nul",
        page=_feed(rss_of(1)),
        robots=Page(body=b"\x00\xff\xfe" * 1000 + b"\nDisallow: /\n"),
        document_count=1,
    ),
)

# -- in the body --------------------------------------------------------------------------------


def _entities(declarations: str, use: str) -> bytes:
    prolog = f'<?xml version="1.0"?><!DOCTYPE rss [{declarations}]>'
    return rss([rss_item(title="HERE")], head=prolog).replace(b"HERE", use.encode())


_LAUGHS = '<!ENTITY l0 "lol">' + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
)
_ENTITY = (faults.ENTITY_DECLARED,)
_BODIES = (
    Attack(name="billion-laughs", page=_feed(_entities(_LAUGHS, "&l9;")), faults=_ENTITY),
    Attack(
        name="quadratic-blow-up",
        page=_feed(_entities(f'<!ENTITY q "{"q" * 50_000}">', "&q;" * 20_000)),
        faults=_ENTITY,
    ),
    Attack(
        name="external-file",
        page=_feed(_entities('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;")),
        faults=_ENTITY,
    ),
    Attack(
        name="external-address",
        page=_feed(_entities('<!ENTITY x SYSTEM "http://127.0.0.1:CANARY/">', "&x;")),
        faults=_ENTITY,
    ),
    Attack(
        name="parameter-entity",
        page=_feed(_entities('<!ENTITY % p SYSTEM "http://127.0.0.1:CANARY/evil.dtd"> %p;', "x")),
        faults=_ENTITY,
    ),
    Attack(
        name="external-dtd",
        page=_feed(
            rss_of(1).replace(
                b"?><rss", b'?><!DOCTYPE rss SYSTEM "http://127.0.0.1:CANARY/evil.dtd"><rss'
            )
        ),
        document_count=1,
    ),
    Attack(
        name="xinclude",
        page=_feed(
            rss(
                [
                    rss_item(
                        extra='<xi:include xmlns:xi="http://www.w3.org/2001/XInclude"'
                        ' href="file:///etc/passwd" parse="text"/>'
                    )
                ]
            )
        ),
        document_count=1,
    ),
    Attack(
        name="style-sheet",
        page=_feed(
            rss_of(1).replace(
                b"?><rss", b'?><?xml-stylesheet href="http://127.0.0.1:CANARY/x.xsl"?><rss'
            )
        ),
        document_count=1,
    ),
    Attack(
        name="deep-xml",
        page=_feed(b"<rss version='2.0'><channel><item>" + b"<a>" * 1_000_000),
        status=UNREADABLE,
    ),
    Attack(
        name="many-attributes",
        page=_feed(
            b"<rss version='2.0' "
            + b" ".join(b'a%d="x"' % n for n in range(10_000))
            + b"><channel></channel></rss>"
        ),
        faults=(faults.NO_ITEMS,),
    ),
    Attack(
        name="million-items",
        page=_feed(gzip.compress(rss(["<item/>"] * 500_000)), **{"Content-Encoding": "gzip"}),
        status=UNREADABLE,
    ),
    Attack(
        name="thousands-of-items",
        page=_feed(rss([rss_item(n, link=None) for n in range(3 * MAX_DOCUMENTS)])),
        faults=(faults.TOO_MANY_ITEMS,),
        document_count=MAX_DOCUMENTS,
    ),
    Attack(
        name="one-long-line",
        page=_feed(rss([rss_item(description="mot " * 900_000)])),
        faults=(faults.TEXT_TRUNCATED,),
        document_count=1,
    ),
    Attack(
        name="long-title",
        page=_feed(rss([rss_item(title="mot " * 500_000)])),
        faults=(faults.TITLE_TRUNCATED,),
        document_count=1,
    ),
    Attack(
        name="deep-json",
        page=Page(
            body=b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 200_000,
            headers=_JSON,
        ),
        status=UNREADABLE,
        reason=faults.MALFORMED_JSON,
    ),
    Attack(
        name="huge-numbers",
        page=Page(
            body=b'{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":'
            + b"9" * 100_000
            + b',"content_text":"x"}]}',
            headers=_JSON,
        ),
        status=UNREADABLE,
        reason=faults.MALFORMED_JSON,
    ),
    Attack(
        name="infinite-numbers",
        page=Page(
            body=b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1e999999,'
            b'"content_text":"x","date_published":-1e999},{"id":NaN,"content_text":"y"}]}',
            headers=_JSON,
        ),
    ),
    Attack(
        name="lone-surrogates",
        page=Page(
            body=b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"\\ud800",'
            b'"title":"\\udfff","content_text":"x\\ud800"}]}',
            headers=_JSON,
        ),
        document_count=1,
    ),
    Attack(
        name="deep-html",
        page=Page(body=b"<html><body>" + b"<div>" * 300_000 + b"texte", headers=_HTML),
        kind=SourceKind.PAGE,
        status=UNREADABLE,
    ),
    Attack(
        name="script-in-html",
        page=_feed(
            rss(
                [
                    rss_item(
                        title="<script>steal()</script>Titre",
                        description='<img src=x onerror="steal()"><script>steal()</script>'
                        '<iframe src="http://127.0.0.1:CANARY/"></iframe><p>Bon œuf.</p>',
                    )
                ]
            )
        ),
        document_count=1,
    ),
    Attack(
        name="control-characters",
        page=_feed(
            rss([rss_item(title="aNULb", author="ESC[31mrouge")])
            .replace(b"NUL", b"\x00\x07\x08")
            .replace(b"ESC", b"\x1b")
        ),
        faults=(faults.CONTROL_CHARACTERS_REMOVED, faults.NUL_BYTES_REMOVED),
        document_count=1,
    ),
    Attack(
        name="control-references",
        page=_feed(
            rss([rss_item(title="TITLE")]).replace(b"TITLE", b"a&#27;[2J&#0;b&#x9b;31m&#x202e;c")
        ),
        document_count=1,
    ),
    Attack(
        name="bidirectional",
        page=_feed(rss([rss_item(title="\u202egnp.exe\u2066\u202d", author="\u202emoc")])),
        document_count=1,
    ),
    Attack(
        name="mail-header-injection",
        page=_feed(
            rss(
                [
                    rss_item(
                        title="Titre\r\nBcc: victim@evil.example\r\n\r\nBody",
                        author="x\r\nlevel=error event=forged",
                    )
                ]
            )
        ),
        document_count=1,
    ),
    Attack(
        name="sql-and-paths",
        page=_feed(
            rss(
                [
                    rss_item(
                        title="'); DROP TABLE fct_documents; --",
                        guid="../../../../tmp/owned\x3b $(touch owned) `id`",
                        author="Robert'); DROP TABLE dim_authors;--",
                        link="https://x.example/../../etc/passwd?a='%20OR%201=1",
                        description="{{7*7}} ${7*7} =cmd|' /C calc'!A0",
                    )
                ]
            )
        ),
        document_count=1,
    ),
    Attack(
        name="formats",
        page=_feed(rss([rss_item(title="%s%n {0.__class__} {now}", guid="%(x)s")])),
        document_count=1,
    ),
    Attack(
        name="charset-codec",  # names that Python takes for codecs of another sort
        page=_feed(
            rss(["<item><title>x</title></item>"], head='<?xml version="1.0" encoding="zlib"?>')
        ),
        faults=(faults.WRONG_CHARSET,),
        document_count=1,
    ),
    Attack(
        name="charset-path",
        page=Page(
            body=rss_of(1), headers={"Content-Type": "text/xml; charset=../../etc/passwd\u00e9"}
        ),
        document_count=1,
    ),
    Attack(
        name="charset-utf7",
        page=_feed(
            rss_of(1).replace(b'"utf-8"', b'"utf-7"').replace(b"Article 1", b"+ADw-script+AD4-")
        ),
        document_count=1,
    ),
    Attack(
        name="invalid-bytes",
        page=_feed(rss_of(1).replace(b"Article 1", b"\xff\xfe\xed\xa0\x80\xf5")),
        faults=(faults.WRONG_CHARSET,),
        document_count=1,
    ),
    Attack(
        name="addresses-of-items",
        page=_feed(
            rss(
                [
                    rss_item(1, link="javascript:alert(1)"),
                    rss_item(2, link="file:///etc/passwd"),
                    rss_item(3, link="http://[::1"),
                    rss_item(4, link="http://x.example:99999999/"),
                    rss_item(5, link="https://" + "a" * 9000 + ".example/"),
                ]
            )
        ),
        document_count=5,
    ),
    Attack(
        name="dates",
        page=_feed(
            rss(
                rss_item(n, pubDate=text)
                for n, text in enumerate(
                    ("9" * 5000, "Fri, 99 Foo 99999 99:99:99 +9999", "-1", "0001-01-01", "1e999")
                )
            )
        ),
        document_count=5,
    ),
    Attack(
        name="stolen-identity",  # a page that says it is another site's
        page=Page(
            body=(
                '<html><head><title>Avis</title><link rel="canonical" '
                'href="https://victime.example/article"></head><body><article><p>'
                + "Un texte assez long pour être un article. " * 20
                + "</p></article></body></html>"
            ).encode(),
            headers=_HTML,
        ),
        kind=SourceKind.PAGE,
        document_count=1,
    ),
)

# -- page after page ----------------------------------------------------------------------------


async def _sitemap_of_sitemaps(request: Request, writer: asyncio.StreamWriter) -> None:
    host = request.headers["host"]
    links = "".join(
        f"<sitemap><loc>http://{host}{request.path}/{n}</loc></sitemap>" for n in range(8)
    )
    body = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{links}'
    await Page(body=(body + "</sitemapindex>").encode(), headers=_XML)(request, writer)


async def _next_page_for_ever(request: Request, writer: asyncio.StreamWriter) -> None:
    """Answer as a Discourse whose list of topics never ends."""
    number = int(request.path.partition("page=")[2] or 0)
    topic = {"id": number + 1, "title": "Sujet", "posts_count": 1, "highest_post_number": 1,
             "last_posted_at": "2026-11-20T01:00:00Z", "bumped_at": "2026-11-20T01:00:00Z",
             "slug": "sujet"}  # fmt: skip
    answer = {
        "topic_list": {"more_topics_url": f"/latest?page={number + 1}", "topics": [topic]},
        "users": [],
    }
    await Page(body=json.dumps(answer).encode(), headers=_JSON)(request, writer)


async def _next_page_is_this(request: Request, writer: asyncio.StreamWriter) -> None:
    """Answer as a Discourse whose next page is this one."""
    answer = {"topic_list": {"more_topics_url": request.path, "topics": []}, "users": []}
    await Page(body=json.dumps(answer).encode(), headers=_JSON)(request, writer)


_PAGES = (
    Attack(
        name="sitemap-recursion",
        page=_sitemap_of_sitemaps,
        kind=SourceKind.SITEMAP,
        faults=(faults.TOO_MANY_PAGES,),
    ),
    Attack(
        name="forum-without-end",
        page=_next_page_for_ever,
        kind=SourceKind.DISCOURSE,
        faults=(faults.TOO_MANY_PAGES,),
    ),
    Attack(
        name="forum-in-circles",
        page=_next_page_is_this,
        kind=SourceKind.DISCOURSE,
        document_count=0,
    ),
)

ATTACKS = (*_REDIRECTS, *_WIRE, *_ROBOTS, *_BODIES, *_PAGES)
