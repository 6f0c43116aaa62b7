"""The envelope that mails share: checked addresses, fixed headers, no byte left to chance."""

import hashlib
import textwrap
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from functools import cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from listening.model import OutgoingMessage
from listening.notify.answer import LinkMaker
from listening.notify.safety import clean_line, is_address

#: What a name of a person, a brand, a source is cut at.
MAX_NAME_LENGTH = 80

#: A folded Message-ID is legal, but some mail programs thread by its raw line: none is folded.
_POLICY = SMTP.clone(max_line_length=200)

#: Quoted-printable writes bytes above this one, and "=", as three.
_LAST_PLAIN_BYTE = 0x7E

#: Base64 writes 4 bytes for 3, and line ends.
_QUOTED_EXCESS = 1.37

#: How the HTML names the picture (RFC 2392); one mail has one at most.
PICTURE_ID = "chart@vigie.invalid"

#: Colours of the mails, readable on white (4.5 : 1 and more); the frame brightens them in the dark.
TONES = {"critical": "#a3262b", "warning": "#8a5800", "info": "#2a5b87", "good": "#2c6b4c"}

#: Columns of the plain-text part.
TEXT_WIDTH = 76


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whom a mail is for, and in whose name, language and time it is written."""

    client_id: str  # the client's slug; right-hand side of every Message-ID
    client_name: str  # as people call it
    recipient: str  # one plain address
    language: str  # fr or en
    sender: str  # "Name <address>" or the bare address
    timezone: str  # IANA zone in which times are written
    #: How links are made with which the person answers; None: nothing serves any, and the commands
    #: that do the same stand there.
    links: LinkMaker | None = None

    @property
    def key(self) -> str:
        """What stands for the recipient in a Message-ID."""
        return person_key(self.recipient)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one person, worded and harmless, before it becomes bytes."""

    message_id: str
    to: Addressee
    fingerprint: str | None = None  # the alert it is about
    written_at: datetime
    subject: str
    text: str
    html: str | None = None  # None: plain text alone
    answers: str | None = None  # Message-ID that opened the thread
    stands_for: tuple[str, ...] = ()  # Message-IDs whose threads it belongs to, itself in none
    fingerprints: tuple[str, ...] = ()  # the alerts that it tells together
    picture: bytes | None = None  # a PNG, which the HTML shows as cid:PICTURE_ID

    def seal(self) -> OutgoingMessage:
        """Return the complete message.

        Raises:
            ValueError: Sender or recipient is no plain address; configuration has checked both.
        """
        to = self.to
        sender_name, sender_address = parseaddr(to.sender)
        for address in (to.recipient, sender_address):
            if not is_address(address):
                raise ValueError(f"not one plain mail address: {address!r}")
        message = EmailMessage(policy=SMTP)
        message["Message-ID"] = self.message_id
        local = self.written_at.replace(microsecond=0).astimezone(ZoneInfo(to.timezone))
        message["Date"] = format_datetime(local)
        name = clean_line(sender_name, limit=MAX_NAME_LENGTH)
        message["From"] = formataddr((name, sender_address)) if name else sender_address
        message["To"] = to.recipient
        message["Subject"] = self.subject
        if self.answers is not None:
            message["In-Reply-To"] = self.answers
            message["References"] = self.answers
        elif self.stands_for:
            message["References"] = " ".join(self.stands_for)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        message["List-Unsubscribe"] = _unsubscribe(sender_address, to.client_id)
        message.set_content(self.text, charset="utf-8", cte=_transfer_encoding(self.text))
        if self.html is not None:
            self._add_html(message, self.html)
        message["Content-Language"] = to.language
        return OutgoingMessage(
            message_id=self.message_id,
            fingerprint=self.fingerprint,
            recipient=to.recipient,
            subject=str(message["Subject"]),
            body=message.as_bytes(policy=_POLICY),
            created_at=self.written_at,
            fingerprints=self.fingerprints,
        )

    def _add_html(self, message: EmailMessage, html: str) -> None:
        """Put the HTML after the text, and the picture, if any, inside it."""
        message.add_alternative(html, subtype="html", charset="utf-8", cte=_transfer_encoding(html))
        if self.picture is not None:
            self._add_picture(message, self.picture)
        # The library would draw a random one; "=_" occurs in neither encoding.
        message.set_boundary(f"=_{sha256_hex(self.message_id)[:32]}")

    def _add_picture(self, message: EmailMessage, picture: bytes) -> None:
        """Put the picture beside the HTML, which alone shows it."""
        html = message.get_body(("html",))
        if html is None:
            raise ValueError("a letter without HTML has no picture")
        html.add_related(
            picture,
            maintype="image",
            subtype="png",
            disposition="inline",
            filename="vigie.png",
            cid=f"<{PICTURE_ID}>",
        )
        html.set_boundary(f"=_{sha256_hex(self.message_id)[32:]}")


def person_key(recipient: str) -> str:
    """Return what stands for a recipient in a Message-ID."""
    return sha256_hex(recipient.casefold())[:12]


def sha256_hex(text: str) -> str:
    """Return the SHA-256 of a text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def folded(text: str) -> str:
    """Fold the prose of a plain-text part; links, and lines that begin with a tab, keep theirs."""
    return "\n".join(_folded(line) for line in text.strip("\n").split("\n")) + "\n"


@cache
def templates() -> Environment:
    """Return the templates of the mails; HTML is escaped."""
    return Environment(
        loader=PackageLoader("listening.notify", "templates"),
        autoescape=select_autoescape(enabled_extensions=("html", "html.j2"), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


def _unsubscribe(address: str, client_id: str) -> str:
    """Return RFC 2369's header; a person at that address takes the reader off the list."""
    return f"<mailto:{address}?subject={quote(f'unsubscribe {client_id}')}>"


def _transfer_encoding(text: str) -> str:
    """Return the encoding that stays readable as it is, unless it is much the larger one."""
    raw = text.encode()
    quoted_size = len(raw) + 2 * sum(byte > _LAST_PLAIN_BYTE or byte == ord("=") for byte in raw)
    return "base64" if quoted_size > _QUOTED_EXCESS * len(raw) else "quoted-printable"


def _folded(line: str) -> str:
    content = line.lstrip(" ")
    if len(line) <= TEXT_WIDTH or content.startswith(("http://", "https://")) or line[:1] == "\t":
        return line
    indent = " " * (len(line) - len(content))
    hanging = indent + ("  " if content.startswith("- ") else "   " if content[1:3] == ". " else "")
    return textwrap.fill(
        content,
        width=TEXT_WIDTH,
        initial_indent=indent,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
