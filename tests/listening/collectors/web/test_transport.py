"""What goes out on the wire and on which connection; servers that lie, leave or never speak."""

import asyncio
import gc
import os
import ssl
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from listening.collectors import faults
from listening.collectors.options import CollectOptions
from listening.collectors.web import transport
from listening.collectors.web.http1 import AnswerReader
from listening.collectors.web.wire import Answer, Wire
from listening.errors import CollectError, SourceUnavailableError

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ntexte"
NAMES = ("a.example", "b.example", "xn--t-bga.example", "127.0.0.1", "localhost")


class Keeper:
    """A server that keeps its connections, and notes them."""

    def __init__(self, answers: Mapping[str, bytes], *, greeting: bytes = b"") -> None:
        self.answers = answers
        self.greeting = greeting
        self.port = 0
        self.heads: list[bytes] = []
        self.connection_count = 0
        self.open_writers: set[asyncio.StreamWriter] = set()
        self.ended = asyncio.Event()  # some connection was

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connection_count += 1
        self.open_writers.add(writer)
        try:
            writer.write(self.greeting)
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.heads.append(head)
                path = head.split(b" ")[1].decode("ascii")
                writer.write(self.answers.get(path, WHOLE))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has left
        finally:
            self.open_writers.discard(writer)
            writer.close()
            self.ended.set()

    async def hang_up(self) -> None:
        """Close what is open, and wait until that is done."""
        for writer in list(self.open_writers):
            writer.close()
            with suppress(ConnectionError):  # the client has left already
                await writer.wait_closed()
        await asyncio.sleep(0.01)  # for the other side to be told


@asynccontextmanager
async def keeping(
    answers: Mapping[str, bytes] | None = None,
    *,
    tls: ssl.SSLContext | None = None,
    greeting: bytes = b"",
) -> AsyncIterator[tuple[Keeper, Wire]]:
    """Yield a server and a wire to it; every name leads there."""
    keeper = Keeper(answers or {}, greeting=greeting)
    server = await asyncio.start_server(keeper.serve, "127.0.0.1", 0, ssl=tls, backlog=512)
    keeper.port = server.sockets[0].getsockname()[1]

    async def everywhere(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    options = CollectOptions(user_agent_contact="mailto:veille@exemple.example", allow_hosts=NAMES)
    try:
        async with Wire(options, resolver=everywhere) as wire:
            yield keeper, wire
    finally:
        server.close()
        await keeper.hang_up()


async def get(
    keeper: Keeper, wire: Wire, path: str = "/", *, host: str = "a.example", is_kept: bool = False
) -> Answer:
    url = f"http://{host}:{keeper.port}{path}"
    return await wire.get(url, source_id="a", timeout_s=5, limit=1000, is_kept=is_kept)


Scenario = Callable[[Keeper, Wire], Awaitable[None]]


def connections_of(scenario: Scenario, answers: Mapping[str, bytes] | None = None) -> int:
    """Return how many connections a scenario takes."""

    async def run() -> int:
        async with keeping(answers) as (keeper, wire):
            await scenario(keeper, wire)
            return keeper.connection_count

    return asyncio.run(run())


# -- one connection for two requests ------------------------------------------------------------


async def robots_then_feed(keeper: Keeper, wire: Wire) -> None:
    await get(keeper, wire, "/robots.txt", is_kept=True)
    answer = await get(keeper, wire, "/feed")

    assert answer.body == b"texte"
    assert [b"Connection: keep-alive" in head for head in keeper.heads] == [True, False]
    assert b"Connection: close" in keeper.heads[1]


@pytest.mark.parametrize(
    "robots",
    [
        pytest.param(WHOLE, id="file"),
        pytest.param(b"HTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nno.", id="no-file-but-a-page"),
        pytest.param(b"HTTP/1.1 204 Nothing\r\n\r\n", id="nothing"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", id="chunks"
        ),
    ],
)
def test_the_next_request_takes_the_connection_that_was_kept(robots: bytes) -> None:
    assert connections_of(robots_then_feed, {"/robots.txt": robots}) == 1


@pytest.mark.parametrize(
    "robots",
    [
        pytest.param(WHOLE.replace(b"OK", b"OK\r\nConnection: close"), id="it-wants-to-close"),
        pytest.param(WHOLE.replace(b"1.1", b"1.0"), id="version-1.0"),
        pytest.param(WHOLE + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", id="two-answers"),
        pytest.param(WHOLE + b"\x00", id="a-byte-too-many"),
        pytest.param(
            b"HTTP/1.1 404 No\r\nContent-Length: 900\r\n\r\n", id="endless-wait-for-a-page"
        ),
        pytest.param(
            b"HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="broken-page"
        ),
        pytest.param(
            b"HTTP/1.1 404 No\r\nContent-Length: 200000\r\n\r\n" + bytes(200_000), id="long-page"
        ),
    ],
)
def test_a_connection_that_is_not_as_new_is_not_taken_again(robots: bytes) -> None:
    assert connections_of(robots_then_feed, {"/robots.txt": robots}) == 2


def test_a_connection_that_was_closed_meanwhile_costs_nothing_but_a_new_one() -> None:
    async def scenario(keeper: Keeper, wire: Wire) -> None:
        await get(keeper, wire, "/robots.txt", is_kept=True)
        await keeper.hang_up()

        assert (await get(keeper, wire)).body == b"texte"

    assert connections_of(scenario) == 2


def test_a_question_that_a_kept_connection_loses_is_not_asked_behind_the_pace() -> None:
    async def scenario(keeper: Keeper, wire: Wire) -> None:
        await get(keeper, wire, "/robots.txt", is_kept=True)
        for writer in keeper.open_writers:
            writer.transport.pause_reading()  # type: ignore[attr-defined] # of any socket
            asyncio.get_running_loop().call_later(0.02, writer.close)

        with pytest.raises(SourceUnavailableError, match="connection_lost"):
            await get(keeper, wire)

    assert connections_of(scenario) == 1


def test_hosts_at_one_address_share_no_connection() -> None:
    async def scenario(keeper: Keeper, wire: Wire) -> None:
        await get(keeper, wire, "/robots.txt", is_kept=True)
        await get(keeper, wire, host="b.example")

    assert connections_of(scenario) == 2


def test_who_announces_no_next_request_leaves_at_once() -> None:
    async def scenario(keeper: Keeper, wire: Wire) -> None:
        await get(keeper, wire)
        await asyncio.wait_for(keeper.ended.wait(), 5)
        await get(keeper, wire)

    assert connections_of(scenario) == 2


def test_a_connection_is_kept_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "KEPT_S", 0.02)

    async def scenario(keeper: Keeper, wire: Wire) -> None:
        await get(keeper, wire, is_kept=True)

        await asyncio.wait_for(keeper.ended.wait(), 5)

    assert connections_of(scenario) == 1


def test_few_connections_are_kept_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_KEPT", 1)

    async def scenario(keeper: Keeper, wire: Wire) -> None:
        await get(keeper, wire, is_kept=True)
        await get(keeper, wire, host="b.example", is_kept=True)

        await asyncio.wait_for(keeper.ended.wait(), 5)
        await get(keeper, wire, host="b.example")

    assert connections_of(scenario) == 2


def test_nothing_is_left_open_at_the_end() -> None:
    async def run() -> None:
        async with keeping() as (keeper, wire):
            await get(keeper, wire, is_kept=True)
            await wire.__aexit__(None, None, None)

            await asyncio.wait_for(keeper.ended.wait(), 5)

    asyncio.run(run())


# -- what is sent -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "first", "host"),
    [
        pytest.param("http://a.example:PORT", "/", "a.example", id="no-path"),
        pytest.param("http://A.example:PORT/x#part", "/x", "a.example", id="fragment-and-case"),
        pytest.param("http://a.example:PORT/été?q=à b", "/%C3%A9t%C3%A9?q=%C3%A0%20b", "a.example",
                     id="letters-beyond-ascii"),
        pytest.param("http://a.example:PORT/%0d%0aX:%201", "/%0d%0aX:%201", "a.example",
                     id="written-line-ends-stay-written"),
        pytest.param("http://té.example:PORT/", "/", "xn--t-bga.example", id="international-name"),
        pytest.param("http://moi:secret@a.example:PORT/", "/", "a.example", id="password"),
        pytest.param("http://b.example\\@a.example:PORT/", "/", "a.example", id="backslash"),
    ],
)  # fmt: skip
def test_a_request_says_where_it_goes_and_no_more(url: str, first: str, host: str) -> None:
    async def run() -> tuple[bytes, int]:
        async with keeping() as (keeper, wire):
            target = url.replace("PORT", str(keeper.port))
            await wire.get(target, source_id="a", timeout_s=5, limit=1000)
            return keeper.heads[0], keeper.port

    head, port = asyncio.run(run())

    lines = head.decode("ascii").split("\r\n")
    assert lines[:2] == [f"GET {first} HTTP/1.1", f"Host: {host}:{port}"]
    assert not any(line.lower().startswith(("authorization", "cookie")) for line in lines)
    assert "secret" not in head.decode("ascii")


def reason_of(url: str, headers: Mapping[str, str] | None = None) -> str:
    """Return why a request brings nothing; its server must not have been asked."""

    async def run() -> str:
        async with keeping() as (keeper, wire):
            target = url.replace("PORT", str(keeper.port))
            with pytest.raises(CollectError) as refused:
                await wire.get(target, source_id="a", timeout_s=5, limit=1000, headers=headers)
            assert not keeper.heads
            return refused.value.reason

    return asyncio.run(run())


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://a.example:PORT/\r\nX-Evil: 1", id="line-end-in-path"),
        pytest.param("http://a.example:PORT/?q=\n", id="line-end-in-query"),
        pytest.param("http://a.example\r\nX-Evil: 1:PORT/", id="line-end-in-host"),
        pytest.param("http://a.example:PORT/\x00", id="zero-byte"),
        pytest.param("http://a.example:0/", id="port-0"),
        pytest.param("http://a.example:65536/", id="port-beyond"),
        pytest.param("http://a.example:-1/", id="negative-port"),
        pytest.param("http://a.example:80:80/", id="two-ports"),
        pytest.param("http:///feed", id="no-host"),
        pytest.param("ftp://a.example:PORT/", id="another-protocol"),
        pytest.param("http://[fe80::1%25eth0]:PORT/", id="zone"),
        pytest.param("http://[2606:2800:220:1::1%1]:PORT/", id="zone-of-a-public-address"),
        pytest.param("http://[1::2::3]:PORT/", id="no-address"),
        pytest.param("http://0177.0.0.1:PORT/", id="octal"),
        pytest.param("http://127.0.0.256:PORT/", id="beyond-255"),
        pytest.param("http://１２７.0.0.1:PORT/", id="full-width-digits"),  # noqa: RUF001
        pytest.param("http://😀.example:PORT/", id="no-letters"),
        pytest.param("http://a.example:PORT/" + "x" * 70_000, id="endless"),
    ],
)
def test_what_is_no_address_of_the_web_is_never_asked_for(url: str) -> None:
    assert reason_of(url) == faults.BAD_URL


@pytest.mark.parametrize(
    "host",
    [
        "2130706433", "0x7f000001", "127.1", "0", "127.0.0.1.",
        "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    ],
)  # fmt: skip
def test_every_way_to_write_loopback_is_refused(host: str) -> None:
    async def run() -> str:
        async with keeping() as (keeper, _wire):
            contact = "mailto:veille@exemple.example"
            async with Wire(CollectOptions(user_agent_contact=contact)) as open_web:
                with pytest.raises(CollectError) as refused:
                    await get(keeper, open_web, host=host)
            assert not keeper.heads
            return refused.value.reason

    assert asyncio.run(run()) == faults.ADDRESS_FORBIDDEN


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b"])
def test_a_header_cannot_end_its_line(value: str) -> None:
    assert reason_of("http://a.example:PORT/", {"If-None-Match": value}) == faults.BAD_HTTP


def test_a_server_that_speaks_before_it_is_asked_is_not_listened_to() -> None:
    """Whatever comes first, an answer or the end of it, no body is taken from it."""
    evil = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil" * 2

    async def run() -> bytes:
        async with keeping(greeting=evil) as (keeper, wire):
            try:
                await get(keeper, wire, "/robots.txt", is_kept=True)
                answer = await get(keeper, wire)
            except CollectError as error:
                return error.reason.encode()
            return answer.body

    assert asyncio.run(run()) in {faults.BAD_HTTP.encode(), b"evil"}


# -- certificates -------------------------------------------------------------------------------


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Return a server's side of TLS that this process trusts, for a.example and 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("a.example"), x509.IPAddress(IPv4Address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=20_000))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "public.pem").write_bytes(public)
    (tmp_path / "both.pem").write_bytes(private + public)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "public.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    return context


@pytest.mark.parametrize(
    ("host", "outcome"),
    [
        pytest.param("a.example", "texte", id="name"),
        pytest.param("a.example.", "texte", id="name-with-a-dot"),
        pytest.param("127.0.0.1", "texte", id="address"),
        pytest.param("b.example", faults.TLS_ERROR, id="another-name"),
        pytest.param("localhost", faults.TLS_ERROR, id="common-name-does-not-count"),
    ],
)
def test_a_certificate_must_be_for_the_host(tls: ssl.SSLContext, host: str, outcome: str) -> None:
    async def run() -> str:
        async with keeping(tls=tls) as (keeper, wire):
            url = f"https://{host}:{keeper.port}/"
            try:
                answer = await wire.get(url, source_id="a", timeout_s=5, limit=1000)
            except CollectError as error:
                return error.reason
            return answer.body.decode()

    assert asyncio.run(run()) == outcome


def test_a_kept_connection_serves_its_scheme_only(tls: ssl.SSLContext) -> None:
    async def run() -> int:
        async with keeping(tls=tls) as (keeper, wire):
            for path in ("/robots.txt", "/feed"):
                url = f"https://a.example:{keeper.port}{path}"
                await wire.get(url, source_id="a", timeout_s=5, limit=99, is_kept=True)
            with pytest.raises(CollectError):
                await get(keeper, wire)
            return len(keeper.heads)

    assert asyncio.run(run()) == 2


# -- going away ---------------------------------------------------------------------------------

_CANCELLED, _AT_ONCE = 1000, 50


def test_a_thousand_cancelled_requests_leave_no_file_open() -> None:
    async def run() -> tuple[int, int]:
        async with keeping({"/hang": b"", "/half": WHOLE[:-2]}) as (keeper, wire):
            urls = [
                f"http://a.example:{keeper.port}/hang",
                f"http://a.example:{keeper.port}/half",
                f"https://a.example:{keeper.port}/never-shakes-hands",
                f"http://a.example:{keeper.port}/feed",
            ]
            await get(keeper, wire)
            before = _open_files()
            for start in range(0, _CANCELLED, _AT_ONCE):
                tasks = [
                    asyncio.create_task(
                        wire.get(
                            urls[number % 4], source_id="a", timeout_s=9, limit=99,
                            is_kept=number % 8 == 0,
                        )
                    )
                    for number in range(start, start + _AT_ONCE)
                ]  # fmt: skip
                await asyncio.sleep(0.001 * (start // _AT_ONCE % 8))  # each further on its way
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            await wire.__aexit__(None, None, None)
            await keeper.hang_up()
            return before, _open_files()

    before, after = asyncio.run(run())

    assert after <= before


def test_no_body_waits_for_the_garbage_to_be_cleared() -> None:
    gc.disable()
    try:
        assert read_one()() is None
    finally:
        gc.enable()


def read_one() -> "weakref.ref[Body]":
    body = Body()
    reader = AnswerReader(lambda _status, _fields: body)
    reader.feed(WHOLE)
    reader.release()
    return weakref.ref(body)


class Body:
    """Takes all that comes."""

    def feed(self, chunk: bytes) -> bool:
        return bool(chunk)


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - Path would open one more


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="silence"),
        pytest.param(WHOLE[:20], id="in-the-head"),
        pytest.param(WHOLE[:-2], id="in-the-body"),
    ],
)
@pytest.mark.parametrize("is_reset", [False, True], ids=["closed", "reset"])
def test_a_server_that_leaves_half_way_is_named(answer: bytes, *, is_reset: bool) -> None:
    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        if is_reset:
            writer.transport.abort()
        writer.close()

    async def run() -> str:
        server = await asyncio.start_server(leave, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        options = CollectOptions(user_agent_contact="mailto:a@b.example", allow_hosts=NAMES)
        async with server, Wire(options) as wire:
            with pytest.raises(CollectError) as failed:
                await wire.get(url, source_id="a", timeout_s=5, limit=1000)
        return failed.value.reason

    assert asyncio.run(run()) == faults.CONNECTION_LOST
