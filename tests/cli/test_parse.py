"""``vigie parse``: documents of files and addresses as lines of JSON, for pipes."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Vigie
from tests.http_server import HttpServer, Page
from tests.listening.collectors.feed_bodies import rss, rss_item, rss_of

KEYS = {"file", "id", "kind", "title", "url", "author", "published_at", "text"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two good feeds and two files that are none."""
    folder = tmp_path / "feeds"
    folder.mkdir()
    (folder / "one.xml").write_bytes(rss_of(2))
    (folder / "two.xml").write_bytes(rss([rss_item(title="Œuf « à la coque »")]))
    (folder / "page.html").write_bytes(b"<!doctype html><title>Rien</title>")
    (folder / "empty.xml").write_bytes(b"")
    return folder


def test_each_document_is_one_line_with_its_file(vigie: Vigie, folder: Path) -> None:
    names = [str(folder / name) for name in ("one.xml", "two.xml")]

    answer = vigie("parse", *names)

    rows = answer.rows()
    assert [row["file"] for row in rows] == [names[0], names[0], names[1]]
    assert all(row.keys() >= KEYS for row in rows)
    assert len({row["id"] for row in rows}) == 2, "one address in two files is one document"
    assert rows[0]["published_at"] == "2026-11-19T17:30:00+00:00"
    assert rows[2]["title"] == "Œuf « à la coque »"
    assert "Œuf «" in answer.out, "letters stay readable"
    assert answer.err == ""


def test_files_that_give_nothing_are_errors_on_stderr_and_stop_nothing(
    vigie: Vigie, folder: Path
) -> None:
    bad = [str(folder / name) for name in ("page.html", "empty.xml", "missing.xml")]

    answer = vigie("parse", "--kind", "feed", *bad[:2], str(folder / "one.xml"), bad[2], code=1)

    errors = [json.loads(line) for line in answer.err.splitlines()]
    assert {error["file"]: error["error"] for error in errors} == {
        bad[0]: "html_instead_of_feed",
        bad[1]: "empty_body",
        bad[2]: "file_unreadable",
    }
    assert len(answer.rows()) == 2


def test_addresses_are_read_too_but_private_ones_only_when_allowed(vigie: Vigie) -> None:
    with HttpServer({"/feed": Page(body=rss_of(3))}) as server:
        refused = vigie("parse", server.url("/feed"), code=1)
        allowed = vigie("parse", "--allow-host", "127.0.0.1", server.url("/feed"))

    assert json.loads(refused.err)["error"] == "address_forbidden"
    assert refused.out == ""
    assert [row["file"] for row in allowed.rows()] == [server.url("/feed")] * 3


def test_nothing_to_parse_is_a_usage_error(vigie: Vigie) -> None:
    assert vigie("parse", code=2).out == ""
