"""Sitemaps: what changed since the last visit, oldest first, within the budget."""

import gzip
import hashlib
from collections.abc import Iterable

import pytest

from listening.collectors import faults
from listening.model import Batch, FetchState, RunStatus, SourceKind
from tests.http_server import HttpServer, Page
from tests.listening.collectors.article_pages import article_page
from tests.listening.collectors.test_blog import visit

_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap(server: HttpServer, entries: Iterable[tuple[str, str | None]]) -> bytes:
    rows = "".join(
        f"<url><loc>{server.url(path)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for path, day in entries
    )
    return f'<?xml version="1.0"?><urlset {_SPACE}>{rows}</urlset>'.encode()


def visit_map(server: HttpServer, state: FetchState | None = None, **options: int) -> Batch:
    return visit(server, state, kind=SourceKind.SITEMAP, path="/sitemap.xml", **options)


@pytest.fixture
def pages(server: HttpServer) -> HttpServer:
    for n in range(1, 6):
        title = f"Un titre assez long numéro {n}"
        server.pages[f"/p{n}"] = Page(body=article_page(title=title))
    return server


def test_a_first_visit_reads_what_changed_in_the_last_days(pages: HttpServer) -> None:
    entries = [("/p1", "2026-11-19"), ("/p2", "2020-01-01"), ("/p3", "2026-11-18"), ("/p4", None)]
    pages.pages["/sitemap.xml"] = Page(body=sitemap(pages, entries))

    batch = visit_map(pages)

    assert pages.paths() == ["/sitemap.xml", "/p3", "/p1"]
    assert len(batch.documents) == 2
    assert batch.documents[0].published_at is not None


def test_the_next_visit_reads_only_what_changed_since(pages: HttpServer) -> None:
    pages.pages["/sitemap.xml"] = Page(body=sitemap(pages, [("/p1", "2026-11-18"), ("/p4", None)]))
    (state,) = visit_map(pages).states
    entries = [("/p1", "2026-11-18"), ("/p2", "2026-11-19"), ("/p4", None), ("/p5", None)]
    pages.pages["/sitemap.xml"] = Page(body=sitemap(pages, entries))
    pages.requests.clear()

    visit_map(pages, state)

    assert pages.paths() == ["/sitemap.xml", "/p2", "/p5"]


def test_a_visit_cut_short_is_continued(pages: HttpServer) -> None:
    entries = [(f"/p{n}", f"2026-11-{14 + n}T0{n}:00:00Z") for n in (3, 4, 5)]
    pages.pages["/sitemap.xml"] = Page(body=sitemap(pages, entries))

    (state,) = visit_map(pages, max_pages=3).states
    visit_map(pages, state)

    assert pages.paths() == ["/sitemap.xml", "/p3", "/p4", "/sitemap.xml", "/p5"]


def test_an_index_leads_to_the_sitemaps_that_changed(pages: HttpServer) -> None:
    index = (
        f"<sitemapindex {_SPACE}>"
        f"<sitemap><loc>{pages.url('/old.xml')}</loc><lastmod>2020-01-01</lastmod></sitemap>"
        f"<sitemap><loc>{pages.url('/new.xml.gz')}</loc><lastmod>2026-11-19</lastmod></sitemap>"
        "<sitemap><loc>https://elsewhere.example/x.xml</loc></sitemap></sitemapindex>"
    )
    inner = gzip.compress(sitemap(pages, [("/p1", "2026-11-19")]))
    pages.pages |= {"/sitemap.xml": Page(body=index.encode()), "/new.xml.gz": Page(body=inner)}

    batch = visit_map(pages)

    assert pages.paths() == ["/sitemap.xml", "/new.xml.gz", "/p1"]
    assert len(batch.documents) == 1


def test_many_pages_without_dates_are_left_out_and_named(pages: HttpServer) -> None:
    entries = [(f"/x{n}", None) for n in range(600)]
    pages.pages["/sitemap.xml"] = Page(body=sitemap(pages, entries))

    batch = visit_map(pages)

    assert faults.SITEMAP_WITHOUT_DATES in batch.source_runs[0].faults
    assert pages.paths() == ["/sitemap.xml"]


def index_of(server: HttpServer, *paths: str) -> bytes:
    rows = "".join(f"<sitemap><loc>{server.url(path)}</loc></sitemap>" for path in paths)
    return f"<sitemapindex {_SPACE}>{rows}</sitemapindex>".encode()


def test_an_index_with_thousands_of_pages_without_dates_loses_no_new_one(
    pages: HttpServer,
) -> None:
    maps = [f"/news{n}.xml" for n in range(8)]
    known = {path: [(f"{path}/x{n}", None) for n in range(490)] for path in maps}
    pages.pages["/sitemap.xml"] = Page(body=index_of(pages, *maps))
    pages.pages |= {path: Page(body=sitemap(pages, known[path])) for path in maps}
    (state,) = visit_map(pages).states
    new = {maps[0]: "/p1", maps[7]: "/p2"}
    pages.pages |= {
        path: Page(body=sitemap(pages, [*known[path], (page, None)])) for path, page in new.items()
    }
    pages.requests.clear()

    (state,) = visit_map(pages, state).states
    again = visit_map(pages, state)

    assert [path for path in pages.paths() if ".xml" not in path] == ["/p1", "/p2"]
    assert again.documents == ()


def test_pages_that_version_0_1_0_remembered_are_still_known(pages: HttpServer) -> None:
    pages.pages["/sitemap.xml"] = Page(body=sitemap(pages, [("/p1", None), ("/p2", None)]))
    old = "page:" + hashlib.sha256(pages.url("/p1").encode()).hexdigest()[:16]

    batch = visit_map(pages, FetchState(source_id="blog", memory={old: "known"}))

    assert [one.url for one in batch.documents] == [pages.url("/p2")]
    assert old not in batch.states[0].memory


def test_the_first_page_without_a_date_is_new_in_a_sitemap_we_know(pages: HttpServer) -> None:
    pages.pages["/sitemap.xml"] = Page(body=sitemap(pages, []))
    (state,) = visit_map(pages).states
    pages.pages["/sitemap.xml"] = Page(body=sitemap(pages, [("/p4", None)]))

    batch = visit_map(pages, state)

    assert len(batch.documents) == 1


def test_a_page_without_a_date_that_fails_is_asked_for_again(pages: HttpServer) -> None:
    pages.pages["/sitemap.xml"] = Page(body=sitemap(pages, [("/p1", None)]))
    (state,) = visit_map(pages).states
    pages.pages["/sitemap.xml"] = Page(body=sitemap(pages, [("/p1", None), ("/late", None)]))
    (state,) = visit_map(pages, state).states
    pages.pages["/late"] = pages.pages["/p2"]

    batch = visit_map(pages, state)

    assert [one.url for one in batch.documents] == [pages.url("/late")]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<html><body>404</body></html>", id="a-page"),
        pytest.param(b"not xml", id="rubbish"),
    ],
)
def test_what_is_no_sitemap_is_unreadable(server: HttpServer, body: bytes) -> None:
    server.pages["/sitemap.xml"] = Page(body=body)

    (run,) = visit_map(server).source_runs

    assert run.status is RunStatus.UNREADABLE
