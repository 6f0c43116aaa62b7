"""Files that people have, in every form they come in."""

import email.policy
import gzip
import json
import mailbox
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from listening.collectors import faults
from listening.collectors.imports.importing import Rejected, read_export
from listening.config.mapping import ColumnsSpec, MappingSpec, load_mapping
from listening.errors import ConfigError, UnreadableSourceError
from listening.model import RawDocument
from tests.builders import NOW
from tests.listening.collectors.article_pages import LINKED, article_page

PARIS = ZoneInfo("Europe/Paris")
COLUMNS = ColumnsSpec(
    id="Identifiant", url="Lien", author="Auteur", date="Publié le", text="Message", rating="Note"
)
HEADER = "Identifiant;Lien;Auteur;Publié le;Message;Note"
POST = '{"user": {"name": "Léa"}, "body": "Oui", "on": "2026-04-03"}'
ROW = "a1;https://avis.example/1;Léa;03/04/2026 14:30;Très déçue.;1/5"


def read(
    path: Path, columns: ColumnsSpec = COLUMNS, **mapping: object
) -> tuple[list[RawDocument], list[Rejected]]:
    spec = MappingSpec.model_validate({"columns": columns.model_dump(), **mapping})
    rows = list(read_export(path, spec, zone=PARIS, now=NOW))
    documents = [row for row in rows if isinstance(row, RawDocument)]
    return documents, [row for row in rows if isinstance(row, Rejected)]


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_tables_as_spreadsheets_write_them(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f"{HEADER}\r\n{ROW}\r\n".replace(";", delimiter)
    path = write(tmp_path / "avis.csv", text, encoding)

    ((document,), rejected) = read(path)

    assert (document.guid, document.author, document.url) == ("a1", "Léa", "https://avis.example/1")
    assert document.text == "Très déçue.\n★ 1/5"
    assert document.published_at == datetime(2026, 4, 3, 12, 30, tzinfo=UTC)
    assert rejected == []


def test_every_row_is_a_document_or_named(tmp_path: Path) -> None:
    rows = [ROW, "a2;;;pas une date;Bonjour;", "a3;;;03/04/2026;;", "", 'a4;;;03/04/2026;"x\ny";',
            "a5;;;03/04/2031;Futur;", "a6"]  # fmt: skip
    path = write(tmp_path / "avis.csv", "\n".join([HEADER, *rows]))

    documents, rejected = read(path)

    assert [one.guid for one in documents] == ["a1", "a4"]
    assert [(one.line, one.reason) for one in rejected] == [
        (3, faults.ROW_WITHOUT_DATE),
        (4, faults.ITEM_WITHOUT_CONTENT),
        (8, faults.ROW_WITHOUT_DATE),
        (9, faults.ITEM_WITHOUT_CONTENT),
    ]


def test_months_come_first_where_the_mapping_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "avis.csv", f"{HEADER}\n{ROW}")

    ((document,), _) = read(path, date_order="month_first", timezone="Europe/Paris")

    assert document.published_at == datetime(2026, 3, 4, 13, 30, tzinfo=UTC)


def test_excel_dates_and_numbers_are_what_they_look_like(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(HEADER.split(";"))
    book.worksheets[0].append([17, None, "Léa", datetime(2026, 4, 3, 14, 30), "Déçue.", 1.0])  # noqa: DTZ001 - Excel knows no zones
    book.worksheets[0].append([18, None, None, date(2026, 4, 3), "=1+1", None])
    book.save(tmp_path / "avis.xlsx")

    documents, _ = read(tmp_path / "avis.xlsx")

    assert [one.guid for one in documents] == ["17"]
    assert documents[0].text == "Déçue.\n★ 1"
    assert documents[0].published_at == datetime(2026, 4, 3, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{POST}\n\n{{x\n", id="lines"),
        pytest.param(f"[{POST}, 3]", id="list"),
    ],
)  # fmt: skip
def test_json_with_nested_keys(tmp_path: Path, text: str) -> None:
    columns = ColumnsSpec(author="user.name", text="body", date="on")

    ((document,), rejected) = read(write(tmp_path / "x.jsonl", text), columns)

    assert (document.author, document.text) == ("Léa", "Oui")
    assert [one.reason for one in rejected] == [faults.ROW_UNREADABLE]


ALERT = """From: Google Alerts <googlealerts-noreply@google.com>
Subject: =?utf-8?q?Alerte_Google_=E2=80=93_bistrot?=
Date: Thu, 19 Nov 2026 08:00:00 +0100
Message-ID: <1@google.example>
MIME-Version: 1.0
Content-Type: text/html; charset="utf-8"

<html><table>
<tr><td><a href="https://www.google.com/url?rct=j&url=https://gazette.example/a&ct=ga">Le <b>bistrot
</b> ferme ses portes</a><div>La Gazette - Après dix-sept ans.</div></td></tr>
<tr><td><a href="https://www.google.com/url?url=https://progres.example/b">Un autre bistrot ouvre
</a></td></tr>
<tr><td><a href="https://www.google.com/alerts/remove?s=1">Se désabonner de cette alerte</a></td>
</tr>
</table></html>
"""
LETTER = """From: Hugo <hugo@client.example>
Subject: Réclamation
Date: Thu, 19 Nov 2026 09:00:00 +0100
Message-ID: <2@client.example>
Content-Type: text/plain; charset="utf-8"

Ma soupe était froide.
"""


def test_an_alert_mail_is_its_links_and_a_letter_is_itself(tmp_path: Path) -> None:
    box = "".join(f"From a@b Thu Nov 19 08:00:00 2026\n{mail}\n" for mail in (ALERT, LETTER))

    documents, rejected = read(write(tmp_path / "alertes.mbox", box))

    assert [(one.title, one.url) for one in documents] == [
        ("Le bistrot ferme ses portes", "https://gazette.example/a"),
        ("Un autre bistrot ouvre", "https://progres.example/b"),
        ("Réclamation", None),
    ]
    assert "Après dix-sept ans." in documents[0].text
    assert documents[2].text == "Ma soupe était froide."
    assert {one.published_at.day for one in documents if one.published_at} == {19}
    assert rejected == []


def test_another_file_in_a_folder_of_mails_is_no_mail(tmp_path: Path) -> None:
    write(tmp_path / "une.eml", ALERT)
    write(tmp_path / "notes.txt", "Rappeler la Gazette.\nTout va bien.\n")

    documents, rejected = read(tmp_path)

    assert documents
    assert [one.reason for one in rejected] == ["row_unreadable"]


def test_one_mail_in_a_file(tmp_path: Path) -> None:
    documents, _ = read(write(tmp_path / "une.eml", ALERT))

    assert len(documents) == 2


def warc_record(url: str, status: str, kind: str, body: bytes) -> bytes:
    """Return one response of a web archive, compressed as archives are."""
    block = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: 2026-11-19T08:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:0>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n")


def test_web_archives_give_their_articles(tmp_path: Path) -> None:
    records = [
        warc_record("https://gazette.example/0", "200 OK", "text/html", article_page(head=LINKED)),
        warc_record("https://gazette.example/1", "404 No", "text/html", b"<p>"),
        warc_record("https://gazette.example/2", "200 OK", "image/png", b"x"),
        warc_record("https://gazette.example/3", "200 OK", "text/html", b""),
    ]
    (tmp_path / "site.warc.gz").write_bytes(b"".join(records))

    documents, rejected = read(tmp_path / "site.warc.gz")

    assert [(one.title, one.url) for one in documents] == [
        ("Un bistrot ferme rue Mercière", "https://gazette.example/0")
    ]
    assert [(one.line, one.reason) for one in rejected] == [(4, faults.EMPTY_BODY)]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        pytest.param("a.csv", "", faults.NO_HEADER, id="empty"),
        pytest.param("a.xlsx", "no zip", faults.FILE_UNREADABLE, id="no-excel"),
        pytest.param("a.json", "[1,", faults.MALFORMED_JSON, id="broken-list"),
    ],
)
def test_files_that_are_something_else(tmp_path: Path, name: str, text: str, reason: str) -> None:
    with pytest.raises(UnreadableSourceError) as caught:
        read(write(tmp_path / name, text))

    assert caught.value.reason == reason


def test_a_table_without_a_mapped_column_names_it_and_those_it_has(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"a\.csv:2: .* no column Identifiant, Lien.*: x, y\)"):
        read(write(tmp_path / "a.csv", "x;y\n1;2"))


def test_mapping_files_are_checked(tmp_path: Path) -> None:
    good = write(tmp_path / "a.yaml", 'columns: {text: "Message", date: "Le"}\ndelimiter: ";"\n')
    bad = write(tmp_path / "b.yaml", 'columns: {txt: "Message"}\n')

    assert load_mapping(good).columns.date == "Le"
    with pytest.raises(ConfigError, match="txt"):
        load_mapping(bad)
    with pytest.raises(ConfigError, match=r"missing \(docs/imports\.md shows"):
        load_mapping(tmp_path / "c.yaml")


@pytest.mark.parametrize(
    "above",
    [
        pytest.param("sep=;\r\n", id="excel-mark"),
        pytest.param("\r\n", id="empty-line"),
        pytest.param("Export du 26/11/2026;;;;;\r\n;;;;;\r\n", id="title"),
    ],
)
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_the_header_is_found_below_what_stands_above_it(
    tmp_path: Path, above: str, encoding: str
) -> None:
    path = write(tmp_path / "avis.csv", f"{above}{HEADER}\r\n{ROW}\r\n", encoding)

    (document,), rejected = read(path)

    assert (document.guid, document.text) == ("a1", "Très déçue.\n★ 1/5")
    assert rejected == []


def test_the_header_of_a_sheet_is_found_below_its_title(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for cells in (["Avis de la boutique"], [], HEADER.split(";"), ROW.split(";"), ["a2"]):
        sheet.append(cells)
    book.save(tmp_path / "avis.xlsx")

    (document,), (second,) = read(tmp_path / "avis.xlsx")

    assert document.guid == "a1"
    assert second.line == 5


@pytest.mark.parametrize("date", ["46115,6041666667", "46115.6041666667"])
def test_days_as_excel_counts_them(tmp_path: Path, date: str) -> None:
    row = f"a1;;;{date};Bonjour;4,5"
    (document,), _ = read(write(tmp_path / "avis.csv", f"{HEADER}\n{row}"))

    assert document.published_at == datetime(2026, 4, 3, 12, 30, tzinfo=UTC)
    assert document.text == "Bonjour\n★ 4,5"


def test_a_table_of_an_old_macintosh(tmp_path: Path) -> None:
    path = write(tmp_path / "avis.csv", f"{HEADER}\r{ROW}\r", "mac-roman")

    (document,), _ = read(path, encoding="mac-roman")

    assert document.text == "Très déçue.\n★ 1/5"


def test_the_archive_of_a_person_on_x(tmp_path: Path) -> None:
    post = (
        '{"tweet": {"id_str": "17", "full_text": "L’été &amp; les bocaux",'
        ' "created_at": "Fri Apr 03 12:30:00 +0000 2026"}}'
    )
    path = write(tmp_path / "tweets.js", f"window.YTD.tweets.part0 = [\n  {post}\n]")
    columns = ColumnsSpec(id="tweet.id_str", text="tweet.full_text", date="tweet.created_at")

    (document,), rejected = read(path, columns)

    assert (document.guid, document.text) == ("17", "L’été & les bocaux")
    assert document.published_at == datetime(2026, 4, 3, 12, 30, tzinfo=UTC)
    assert rejected == []


@pytest.mark.parametrize("indent", [None, 2])
def test_the_archive_of_a_person_on_meta(tmp_path: Path, indent: int | None) -> None:
    def bytewise(text: str) -> str:
        return text.encode().decode("latin-1")

    comment = {"comment": bytewise("L’été 🥒"), "author": bytewise("Zoé")}
    archive = {"comments_v2": [{"timestamp": 1775219400, "data": [{"comment": comment}]}]}
    path = write(tmp_path / "comments.json", json.dumps(archive, indent=indent))
    columns = ColumnsSpec(
        text="data.0.comment.comment", author="data.0.comment.author", date="timestamp"
    )

    (document,), rejected = read(path, columns)

    assert (document.text, document.author) == ("L’été 🥒", "Zoé")
    assert document.published_at == datetime(2026, 4, 3, 12, 30, tzinfo=UTC)
    assert rejected == []


def alert_mail(number: int, cte: str, charset: str) -> bytes:
    """Return an alert as the search engine writes them, by its structure; the words are ours."""
    target = f"https://gazette.example/article-{number}%3Fpage%3D2"
    page = (
        f'<table><tr><td><a href="https://www.google.com/url?rct=j&sa=t&url={target}&ct=ga&usg=x">'
        "<b>Bocaux Martin</b> : l’été des conserves</a></td></tr><tr><td>La Gazette</td></tr>"
        "<tr><td>Les <b>Bocaux Martin</b> ont ouvert une boutique…</td></tr></table>"
        '<a href="https://www.google.com/alerts/remove?s=1">Se désabonner de cette alerte</a>'
    )
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = "Google Alertes <googlealerts-noreply@google.com>"
    mail["Subject"] = "Alerte Google : « Bocaux Martin » – l’été"  # written as RFC 2047 has it
    mail["Date"] = "Fri, 03 Apr 2026 14:30:00 +0200"
    mail.set_content("Voir la page.", charset=charset, cte=cte)
    mail.add_alternative(page, subtype="html", charset=charset, cte=cte)
    return mail.as_bytes()


def maildir(path: Path, mails: list[bytes]) -> Path:
    box = mailbox.Maildir(path)
    for mail in mails:
        box.add(mail)
    return path


def mbox(path: Path, mails: list[bytes]) -> Path:
    box = mailbox.mbox(path)
    for mail in mails:
        box.add(mail)
    box.close()
    return path


def eml_folder(path: Path, mails: list[bytes]) -> Path:
    path.mkdir()
    for number, mail in enumerate(mails):
        (path / f"{number}.eml").write_bytes(mail)
    return path


@pytest.mark.parametrize("form", [maildir, mbox, eml_folder])
def test_alert_mails_in_every_coding_and_every_kind_of_box(
    tmp_path: Path, form: Callable[[Path, list[bytes]], Path]
) -> None:
    codings = [("quoted-printable", "utf-8"), ("base64", "utf-8"), ("quoted-printable", "cp1252")]
    mails = [alert_mail(n, *coding) for n, coding in enumerate(codings)]

    documents, rejected = read(form(tmp_path / "box", mails))

    assert {one.url for one in documents} == {
        f"https://gazette.example/article-{n}?page=2" for n in range(3)
    }
    assert {one.title for one in documents} == {"Bocaux Martin : l’été des conserves"}
    assert {one.text for one in documents} == {
        "La Gazette\nLes Bocaux Martin ont ouvert une boutique…"
    }
    assert {one.published_at for one in documents} == {datetime(2026, 4, 3, 12, 30, tzinfo=UTC)}
    assert rejected == []
