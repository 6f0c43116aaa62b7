"""Many files in one call."""

import gzip
from pathlib import Path

from listening.collectors import faults
from listening.collectors.options import CollectOptions
from listening.collectors.parse import parse_files
from tests.builders import NOW
from tests.http_server import HttpServer, Page
from tests.listening.collectors.feed_bodies import rss, rss_item, rss_of


def test_files_are_read_in_order_whatever_they_hold(tmp_path: Path) -> None:
    files = {
        "good.xml": rss_of(2),
        "packed.xml.gz": gzip.compress(rss_of(1)),
        "page.html": b"<html>",
        "empty.xml": b"",
        "large.xml": bytes(11_000_000),
    }
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
    names = [str(tmp_path / name) for name in [*files, "missing.xml"]]

    parsed = list(parse_files(names, now=NOW))

    assert [one.file for one in parsed] == names
    assert [len(one.documents) for one in parsed] == [2, 1, 0, 0, 0, 0]
    assert [one.error for one in parsed[2:]] == [
        faults.HTML_INSTEAD_OF_FEED,
        faults.EMPTY_BODY,
        faults.BODY_TOO_LARGE,
        faults.FILE_UNREADABLE,
    ]


def test_documents_have_what_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(rss([rss_item(1, extra="<author>lea@a.example (Léa)</author>")]))

    (parsed,) = parse_files([str(path)], now=NOW)

    (document,) = parsed.documents
    assert (document.title, document.author) == ("Article 1", "Léa")
    assert document.url == "https://gazette.example/article-1"
    assert document.published_at is not None
    assert document.text == "Le texte de l’article 1."
    assert len(document.id) == 32


def test_more_files_than_are_in_hand_at_once(tmp_path: Path) -> None:
    names = [str(tmp_path / f"{n}.xml") for n in range(150)]
    for n, name in enumerate(names):
        Path(name).write_bytes(rss_of(n % 3))

    parsed = list(parse_files(names, now=NOW))

    assert [len(one.documents) for one in parsed] == [n % 3 for n in range(150)]


def test_addresses_are_fetched_within_the_limits_given(server: HttpServer) -> None:
    server.pages["/feed"] = Page(body=rss_of(2))
    options = CollectOptions(
        user_agent_contact="mailto:a@b.example", allow_hosts=(server.host,), per_host_interval_s=0
    )

    parsed = list(parse_files([server.url("/feed"), server.url("/no")], now=NOW, options=options))

    assert [len(one.documents) for one in parsed] == [2, 0]
    assert [one.error for one in parsed] == [None, "http_404"]


def test_a_reader_may_stop_early(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(rss_of(1))

    results = parse_files([str(path)] * 3, now=NOW)
    next(results)
    results.close()  # type: ignore[attr-defined]
