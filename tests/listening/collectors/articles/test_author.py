"""Authors and titles of article pages as sites of many kinds write them; texts are invented."""

import json

import pytest

from listening.collectors.articles.meta import article_facts
from listening.collectors.reading.html_page import open_page
from tests.builders import NOW
from tests.listening.collectors.article_pages import article_page

URL = "https://gazette.example/2026/bistrot.html"
SITE = '<meta property="og:site_name" content="La Gazette">'


def linked(author: object, headline: str = "Un bistrot ferme rue Mercière") -> str:
    node = {"@type": "NewsArticle", "headline": headline, "author": author}
    return f'{SITE}<script type="application/ld+json">{json.dumps(node)}</script>'


def author_of(head: str, before: str = "", after: str = "") -> str | None:
    page = open_page(article_page(head=SITE + head, before=before, after=after), url=URL)
    return article_facts(page, url=URL, now=NOW).author


PERSON = {"@type": "Person", "name": "Camille Dupont"}
AGENCY = {"@type": "Organization", "name": "AFP"}
PAPER = {"@type": "NewsMediaOrganization", "name": "La Gazette"}


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        pytest.param([PERSON, AGENCY], "Camille Dupont, AFP", id="person-and-agency"),
        pytest.param([PERSON, PAPER], "Camille Dupont", id="the-site-beside-a-person"),
        pytest.param({"@type": "Person", "name": "La Gazette et AFP"}, "La Gazette, AFP",
                     id="site-with-agency"),
        pytest.param(AGENCY, "AFP", id="agency-alone"),
        pytest.param(PAPER, "La Gazette", id="site-alone"),
        pytest.param({"@type": "Organization", "name": "Contributors to the Gazette"},
                     "Contributors to the Gazette", id="an-organisation-s-name-is-whole"),
    ],
)  # fmt: skip
def test_linked_authors(author: object, expected: str) -> None:
    assert author_of(linked(author)) == expected


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("<p>Par Camille Dupont</p>", id="french-line"),
        pytest.param("<h5 class='authorline'>Von Camille Dupont, Berlin</h5>", id="german-town"),
        pytest.param("<p><span>03.11.2026 13:30 von <b>Camille Dupont</b></span></p>", id="date"),
        pytest.param("<div><time>3 Nov</time> by <a href='/u/1'>Camille Dupont</a></div>", id="a"),
        pytest.param("<p>Posted by Camille Dupont @ 12:00 am</p>", id="posted"),
        pytest.param("<p>Autorin: Camille Dupont</p>", id="label"),
        pytest.param("<div class='c-meta__author'>Camille Dupont</div>", id="class-alike"),
        pytest.param("<div class='author'><div>Camille Dupont</div><div>Alle Artikel</div></div>",
                     id="box-with-a-link"),
        pytest.param("<p class='vcard'><a class='url fn'>Camille Dupont</a></p>", id="hcard"),
        pytest.param("<span itemprop='author' itemscope><meta itemprop='name' "
                     "content='Camille Dupont'></span>", id="microdata"),
    ],
)  # fmt: skip
def test_bylines_on_the_page(before: str) -> None:
    assert author_of("", before=before) == "Camille Dupont"


@pytest.mark.parametrize(
    "after",
    [
        pytest.param("<div class='related'><span class='byline'>Par Jean Autre</span></div>",
                     id="teaser"),
        pytest.param("<ol class='comments'><li class='author'>Jean Autre</li></ol>", id="comment"),
        pytest.param("<figure><figcaption>Photo par Jean Autre</figcaption></figure>", id="photo"),
        pytest.param("<p>Un plat préparé par Jean Autre, dit-on.</p>", id="sentence"),
    ],
)  # fmt: skip
def test_others_named_on_the_page_are_no_authors(after: str) -> None:
    assert author_of("", after=after) is None


def test_authors_of_one_article_stand_together() -> None:
    before = "<p>By <a rel='author'>Camille Dupont</a>, <a rel='author'>Léa Martin</a></p>"
    after = "<section><div><div><div><a rel='author'>Jean Autre</a></div></div></div></section>"

    assert author_of("", before=before, after=after) == "Camille Dupont, Léa Martin"


def test_an_address_of_the_newsroom_is_no_author() -> None:
    before = "<p class='author'>Camille Dupont</p>"

    assert author_of('<meta name="author" content="c.d@gazette.example">', before) == (
        "Camille Dupont"
    )


# -- titles ------------------------------------------------------------------------------------


def title_of(markup: str) -> str:
    page = open_page(markup.encode(), url=URL)
    return article_facts(page, url=URL, now=NOW).title


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param(
            '<title>Il traite le bistrot de "mouroir"</title>'
            '<meta property="og:title" content="Il traite le bistrot de "mouroir""><p>x</p>',
            'Il traite le bistrot de "mouroir"',
            id="cut-at-an-unescaped-quote",
        ),
        pytest.param(
            "<title>Carnets du midi » Archive » Un bistrot ferme</title>"
            "<h1><a href='https://gazette.example/'>Carnets du midi</a></h1>"
            "<h2>Un bistrot ferme</h2>",
            "Un bistrot ferme",
            id="site-s-name-as-heading",
        ),
        pytest.param(
            "<title>Un bistrot ferme ses portes - Club des gourmets e.V.</title>"
            "<h1>Navigation</h1><h1>Actualités</h1><h1>Un bistrot ferme ses portes</h1>",
            "Un bistrot ferme ses portes",
            id="unknown-site-s-name-after",
        ),
        pytest.param(
            linked(PERSON, "Le bistrot ferme ce soir")
            + '<meta property="og:title" content="Le bistrot ferme ce soir">'
            "<h1>Rue Mercière : adieu au bistrot</h1>",
            "Le bistrot ferme ce soir",
            id="statements-agree-against-the-page",
        ),
        pytest.param(
            '<meta property="og:title" content="Idées pour fermer un bistrot">'
            '<meta name="twitter:title" content="Idées pour fermer un bistrot">'
            "<h1>20 idées pour quitter la rue Mercière</h1>",
            "20 idées pour quitter la rue Mercière",
            id="a-plugin-agrees-with-itself",
        ),
    ],
)
def test_titles(markup: str, expected: str) -> None:
    assert title_of(f"<html><head></head><body>{markup}</body></html>") == expected


def test_a_date_keeps_the_day_its_readers_saw() -> None:
    head = '<meta property="article:published_time" content="2026-11-03T21:24:10-05:00">'
    page = open_page(article_page(head=head), url=URL)

    published = article_facts(page, url=URL, now=NOW).published_at

    assert published is not None and published.isoformat() == "2026-11-03T21:24:10-05:00"
