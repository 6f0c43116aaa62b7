"""Mailboxes of alert mails, and web archives, as documents."""

import email.policy
import mailbox
import re
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from lxml import etree

from listening.collectors import faults
from listening.collectors.extract import read_article
from listening.collectors.identity.canonical import unwrap_redirector
from listening.collectors.reading.dates import judge_date
from listening.collectors.reading.html_page import open_page, text_of
from listening.collectors.reading.plaintext import literal_text, one_line, plain_text
from listening.errors import UnreadableSourceError
from listening.model import RawDocument

#: A found document, or the word for what kept it from being one; with its place in the file.
Finding = tuple[int, RawDocument | str]

#: What has none of these is no mail (RFC 5322 asks for the first two).
_HEADERS = ("From", "Date", "Message-ID", "Received", "Subject", "To")
_MAX_PAGE_BYTES = 10_000_000
_MIN_TITLE_CHARS = 15
_ALERTS = re.compile(r"(?:googlealerts|alerts?)[\w.-]*@|\balertes?\b|\bveille\b", re.IGNORECASE)
_SERVICE = re.compile(
    r"unsubscribe|d[ée]sabonn|désinscri|alerts/(?:remove|edit|share|feeds)|se d[ée]sinscrire|"
    r"preferences|support\.google|/privacy|mailto:",
    re.IGNORECASE,
)


def mail_findings(path: Path, *, now: datetime) -> Iterator[Finding]:
    """Yield the documents of a mailbox (mbox, Maildir, folder of eml files) or of one mail (eml).

    An alert mail is the list of its links; any other mail is one document.
    """
    for number, message in enumerate(_messages(path), start=1):
        if not any(name in message for name in _HEADERS):
            yield number, faults.ROW_UNREADABLE  # another file of the folder
            continue
        try:
            documents = list(_of_mail(message, now=now))
        except (LookupError, ValueError, AttributeError):  # headers and parts of broken mails
            yield number, faults.ROW_UNREADABLE
            continue
        if not documents:
            yield number, faults.ITEM_WITHOUT_CONTENT
        for document in documents:
            yield number, document


def _messages(path: Path) -> Iterator[EmailMessage]:
    if path.is_dir():
        hidden = re.compile(r"(?:^|/)(?:\.|tmp/)")
        names = (one for one in path.rglob("*") if one.is_file())
        for one in sorted(names):
            if not hidden.search(one.relative_to(path).as_posix()):
                yield from _messages(one)
        return
    with path.open("rb") as file:
        is_box = file.read(5) == b"From "
    parser = BytesParser(policy=email.policy.default)
    if not is_box:
        with path.open("rb") as file:
            message = parser.parse(file)
            if isinstance(message, EmailMessage):
                yield message
        return
    box = mailbox.mbox(path, factory=None, create=False)
    try:
        for key in box.iterkeys():
            message = parser.parsebytes(box.get_bytes(key))
            if isinstance(message, EmailMessage):
                yield message
    finally:
        box.close()


def _of_mail(message: EmailMessage, *, now: datetime) -> Iterator[RawDocument]:
    subject = one_line(str(message.get("Subject", "")), is_html=False)
    published_at, quality, _ = judge_date(str(message.get("Date", "")), now=now)
    page = message.get_body(("html",))
    markup = str(page.get_content()) if page is not None else ""
    is_alert = _ALERTS.search(f"{message.get('From', '')} {subject}") is not None
    links = list(_links(markup)) if markup and is_alert else []
    for url, title, text in links:
        yield RawDocument(
            guid=None, url=url, title=title, text=text,
            published_at=published_at, published_at_quality=quality,
        )  # fmt: skip
    if links:
        return
    plain = message.get_body(("plain",))
    text = literal_text(str(plain.get_content())) if plain is not None else plain_text(markup)
    if subject or text:
        yield RawDocument(
            guid=str(message.get("Message-ID", "")).strip() or None, url=None, title=subject,
            text=text, author=one_line(str(message.get("From", "")), is_html=False) or None,
            published_at=published_at, published_at_quality=quality,
        )  # fmt: skip


def _links(markup: str) -> Iterator[tuple[str, str, str]]:
    """Yield address, title and the text around each result of an alert mail."""
    page = open_page(markup.encode("utf-8", "replace"), content_type="text/html; charset=utf-8")
    seen: set[str] = set()
    for link in page.root.iter("a"):
        url = unwrap_redirector(link.get("href") or "")
        title = text_of(link)
        is_service = _SERVICE.search(f"{url} {title}")
        if not url or is_service or len(title) < _MIN_TITLE_CHARS or url in seen:
            continue
        seen.add(url)
        yield url, title, _around(link, title)


def _around(link: Any, title: str) -> str:
    """Return the text of the smallest block that holds more than the title, but no other result."""
    for element in link.iterancestors("td", "div", "tr", "table", "li", "p"):
        if len([one for one in element.iter("a") if len(text_of(one)) >= _MIN_TITLE_CHARS]) > 1:
            return ""
        text = plain_text(etree.tostring(element, encoding="unicode", with_tail=False))
        rest = text.replace(title, "", 1).strip()
        if rest:
            return rest
    return ""


def warc_findings(path: Path, *, now: datetime) -> Iterator[Finding]:
    """Yield the articles of the pages in a web archive; other records are no documents."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - only archives need it
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

    number = 0
    with path.open("rb") as file:
        try:
            for number, record in enumerate(ArchiveIterator(file), start=1):
                headers = record.http_headers
                content_type = headers.get_header("Content-Type") if headers else None
                is_page = record.rec_type == "response" and "html" in (content_type or "")
                if not is_page or headers.get_statuscode() != "200":
                    continue
                url = record.rec_headers.get_header("WARC-Target-URI")
                body = record.content_stream().read(_MAX_PAGE_BYTES)
                yield number, _article(body, content_type, url, now=now)
        except (ArchiveLoadFailed, EOFError, OSError):
            yield number + 1, faults.ROW_UNREADABLE


def _article(
    body: bytes, content_type: str | None, url: str | None, *, now: datetime
) -> RawDocument | str:
    try:
        return read_article(body, content_type=content_type, url=url, now=now).documents[0]
    except UnreadableSourceError as error:
        return error.reason
