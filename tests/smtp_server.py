"""A real SMTP server on loopback, in a thread of its own, that can be told to misbehave."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from ipaddress import ip_address
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.builders import NOW


@dataclass
class Post:
    """What the server does with what it is given, and what it was given."""

    #: Reply to RCPT TO by address, where it is not to be accepted.
    refusals: dict[str, str] = field(default_factory=dict)
    #: Reply to the text itself.
    verdict: str = "250 accepted"
    #: Command at which the line is cut: MAIL, DATA (once the text was taken), QUIT.
    drops_at: str | None = None
    #: What was taken: recipient and text.
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    #: Who logged in.
    users: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def message_ids(self) -> list[str]:
        """Message-IDs of what was taken, in order, one for each recipient."""
        return [str(message_from_bytes(text)["Message-ID"]) for _, text in self.taken]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        del session, options
        if self.drops_at == "MAIL":
            _cut(server)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        del server, session, options
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del session
        if self.verdict.startswith("250"):
            content = envelope.content or b""
            assert isinstance(content, bytes)
            self.taken += [(address, content) for address in envelope.rcpt_tos]
        if self.drops_at == "DATA":
            _cut(server)
        return self.verdict

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del session, envelope
        if self.drops_at == "QUIT":
            _cut(server)
        return "221 Bye"


def _cut(server: SMTP) -> None:
    transport = server.transport
    assert isinstance(transport, asyncio.WriteTransport)
    transport.abort()


@contextmanager
def smtp_server(
    post: Post | None = None,
    *,
    tls: ssl.SSLContext | None = None,
    is_starttls: bool = False,
    password: str | None = None,
) -> Iterator[Post]:
    """Serve on 127.0.0.1 until the block is left; ``port`` of what is yielded says where."""
    post = post or Post()

    def authenticate(*found: Any) -> AuthResult:
        given = found[-1]
        assert isinstance(given, LoginPassword)
        is_right = given.password == (password or "").encode()
        if is_right:
            post.users.append(given.login.decode())
        return AuthResult(success=is_right, handled=False)

    def protocol() -> SMTP:
        return _Line(
            post,
            opened=opened,
            hostname="localhost",
            tls_context=tls if is_starttls else None,
            require_starttls=is_starttls,
            authenticator=authenticate if password else None,
            auth_required=password is not None,
            auth_require_tls=False,
            loop=loop,
        )

    opened: list[asyncio.WriteTransport] = []
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(protocol, "127.0.0.1", 0, ssl=None if is_starttls else tls)
    )
    post.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield post
    finally:
        asyncio.run_coroutine_threadsafe(_end(server, opened), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


class _Line(SMTP):
    """One call, whose transport is kept: aiosmtpd forgets it when the caller hangs up abruptly."""

    def __init__(self, *args: Any, opened: list[asyncio.WriteTransport], **options: Any) -> None:
        super().__init__(*args, **options)
        self._opened = opened

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._opened.append(transport)
        super().connection_made(transport)


async def _end(server: asyncio.Server, opened: list[asyncio.WriteTransport]) -> None:
    """Take no more calls, cut the lines that are open, and let both come to their end."""
    server.close()
    for transport in opened:
        if not transport.is_closing():  # one that TLS let go has nothing left to abort
            transport.abort()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    for _ in range(5):  # the loop closes a transport some turns after it was told to
        await asyncio.sleep(0)


def make_certificate(folder: Any) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the contexts of a server at 127.0.0.1 and of a client that trusts it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Vigie test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=3650))
        .not_valid_after(NOW + timedelta(days=36500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "server.pem"
    path.write_bytes(pem + private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cadata=pem.decode())
