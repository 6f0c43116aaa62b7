"""What a visit leaves for the next, where visits differ."""

from listening.model import RunStatus, SourceKind
from tests.http_server import HttpServer, Page
from tests.listening.collectors.article_pages import article_page
from tests.listening.collectors.test_blog import visit


def test_a_page_that_is_back_unchanged_is_withdrawn_no_more(server: HttpServer) -> None:
    shown = Page(body=article_page(), headers={"ETag": '"1"'})
    server.pages["/avis"] = shown
    (before,) = visit(server, kind=SourceKind.PAGE, path="/avis").states
    del server.pages["/avis"]
    (gone,) = visit(server, before, kind=SourceKind.PAGE, path="/avis").states
    server.pages["/avis"] = shown

    back = visit(server, gone, kind=SourceKind.PAGE, path="/avis")

    assert set(gone.missing) == set(before.listed) != set()
    assert back.source_runs[0].status is RunStatus.UNCHANGED
    assert back.states[0].missing == {}
