"""Article pages: title, text, author, date and address; on pages of our own."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from listening.cli.main import app
from listening.collectors import faults
from listening.collectors.extract import read_article
from listening.collectors.reading.html_page import open_page
from listening.errors import UnreadableSourceError
from listening.model import DateQuality, RawDocument
from tests.builders import NOW
from tests.listening.collectors.article_pages import BODY, LINKED, article_page

URL = "https://gazette.example/2026/11/03/bistrot.html"


def read(body: bytes, url: str | None = URL) -> RawDocument:
    (document,) = read_article(body, url=url, now=NOW).documents
    return document


def test_linked_data_says_who_wrote_what_and_when() -> None:
    document = read(article_page(head=LINKED))

    assert document.title == "Un bistrot ferme rue Mercière"
    assert document.author == "Léa Martin, Hugo Petit"
    assert document.published_at == datetime(2026, 11, 3, 17, 30, tzinfo=UTC)
    assert document.published_at_quality is DateQuality.GIVEN
    assert document.updated_at == datetime(2026, 11, 4, 8, 0, tzinfo=UTC)
    assert (document.language, document.url) == ("fr", URL)


def test_the_text_is_the_article_and_nothing_else() -> None:
    before = "<p class='byline'>Par Léa Martin</p><p>Publié le 3 novembre 2026 à 18h30</p>"
    after = "<p>Lire aussi</p><p>Partager sur Facebook</p>"

    document = read(article_page(head=LINKED, before=before, after=after))

    assert document.text.split("\n") == list(BODY)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param(
            '<meta property="article:published_time" content="2026-11-03T18:30:00+01:00">',
            datetime(2026, 11, 3, 17, 30, tzinfo=UTC),
            id="open-graph",
        ),
        pytest.param(
            '<meta name="dcterms.created" content="mardi 3 novembre 2026">',
            datetime(2026, 11, 3, tzinfo=UTC),
            id="dublin-core-in-french",
        ),
        pytest.param(
            '<meta name="date" content="2031-01-01"><meta name="pubdate" content="2026-11-02">',
            datetime(2026, 11, 2, tzinfo=UTC),
            id="a-date-in-the-future-is-passed-over",
        ),
        pytest.param("", datetime(2026, 11, 3, tzinfo=UTC), id="the-address"),
    ],
)
def test_dates_come_from_the_best_place(head: str, expected: datetime) -> None:
    assert read(article_page(head=head)).published_at == expected


def test_a_date_in_words_is_found_where_nothing_else_states_one() -> None:
    before = '<p><time datetime="">3 novembre 2026</time></p>'

    document = read(article_page(before=before), url="https://gazette.example/bistrot")

    assert document.published_at == datetime(2026, 11, 3, tzinfo=UTC)
    assert document.published_at_quality is DateQuality.INFERRED


def test_a_page_without_date_says_so() -> None:
    reading = read_article(article_page(), url="https://gazette.example/bistrot", now=NOW)

    assert reading.documents[0].published_at is None
    assert faults.DATE_MISSING in reading.faults


@pytest.mark.parametrize(
    ("head", "before", "expected"),
    [
        pytest.param(
            '<meta name="author" content="Par Léa Martin">', "", "Léa Martin", id="meta-with-par"
        ),
        pytest.param(
            '<meta name="author" content="Gazette de Lyon">'
            '<meta property="og:site_name" content="Gazette de Lyon">',
            '<span class="byline">Hugo PETIT, journaliste</span>',
            "Hugo PETIT",
            id="the-site-is-no-author-while-somebody-is-named",
        ),
        pytest.param(
            '<meta property="article:author" content="https://www.facebook.com/gazette">',
            '<a rel="author" href="/lea">Léa Martin</a>',
            "Léa Martin",
            id="an-address-is-no-name",
        ),
        pytest.param(
            "",
            '<div class="comments"><span class="author">Troll</span></div>',
            None,
            id="commentators-are-no-authors",
        ),
    ],
)
def test_authors(head: str, before: str, expected: str | None) -> None:
    assert read(article_page(head=head, before=before)).author == expected


@pytest.mark.parametrize(
    ("head", "title", "expected"),
    [
        pytest.param("", "Un titre assez long", "Un titre assez long", id="heading"),
        pytest.param(
            '<meta property="og:title" content="La rue ferme | Gazette de Lyon">'
            '<meta property="og:site_name" content="Gazette de Lyon">',
            "",
            "La rue ferme",
            id="without-the-site",
        ),
        pytest.param(
            '<meta property="og:title" content="Un bistrot ferme rue Mercière">',
            "Économie : Un bistrot ferme rue Mercière",
            "Un bistrot ferme rue Mercière",
            id="without-the-kicker",
        ),
    ],
)
def test_titles(head: str, title: str, expected: str) -> None:
    assert read(article_page(head=head, title=title)).title == expected


def test_a_longer_article_body_wins_over_a_teaser() -> None:
    whole = json.dumps({"@type": "Article", "headline": "x", "articleBody": "\n".join(BODY * 2)})
    teaser = article_page(
        head=f'<script type="application/ld+json">{whole}</script>', paragraphs=BODY[:1]
    )

    assert read(teaser).text == "\n".join(BODY * 2)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        pytest.param(
            "https://gazette.example/bistrot", "https://gazette.example/bistrot", id="own"
        ),
        pytest.param("/bistrot", "https://gazette.example/bistrot", id="relative"),
        pytest.param("https://gazette.example/", URL, id="home-page-is-no-article"),
        pytest.param("https://other.example/bistrot", "https://gazette.example", id="other-site"),
    ],
)
def test_the_canonical_address_counts(link: str, expected: str) -> None:
    document = read(article_page(head=f'<link rel="canonical" href="{link}">'))

    assert document.url is not None
    assert document.url.startswith(expected)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b" \n ", faults.EMPTY_BODY, id="empty"),
        pytest.param(b"plain words", faults.NOT_A_PAGE, id="no-markup"),
        pytest.param(b"<html><body></body></html>", faults.NO_ARTICLE, id="no-text"),
        pytest.param(b"\x00\xff\xfe<\x01", faults.NOT_A_PAGE, id="rubbish"),
    ],
)
def test_what_is_no_article_is_named(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableSourceError) as caught:
        read_article(body, url=URL, now=NOW)

    assert caught.value.reason in {reason, faults.NO_ARTICLE}


def test_the_page_says_its_characters() -> None:
    body = article_page().decode().replace('charset="utf-8"', "charset=windows-1252")

    assert "rue Mercière" in read(body.encode("cp1252")).title


def test_linked_data_that_refers_to_itself_or_is_broken_is_survived() -> None:
    blocks = ['{"@type": "Article", "author": {"@id": "#a"}, "@id": "#a"}', "{", "[" * 5000, "12"]
    head = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)

    assert read(article_page(head=head)).text
    assert len(open_page(article_page(head=head)).nodes) == 2


def test_many_pages_in_one_command(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.html", tmp_path / "b.html"
    good.write_bytes(article_page(head=LINKED))
    bad.write_bytes(b"")

    result = CliRunner().invoke(app, ["extract", str(good), str(bad)])

    (line,) = map(json.loads, result.stdout.splitlines())
    assert set(line) == {"file", "title", "text", "author", "published_at", "language", "url"}
    assert line["published_at"] == "2026-11-03T18:30:00+01:00"  # as written
    assert json.loads(result.stderr) == {"file": str(bad), "error": faults.EMPTY_BODY}
    assert result.exit_code == 1
