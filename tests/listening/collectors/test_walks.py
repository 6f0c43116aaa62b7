"""Whatever a server sends, a walk reads it or says that it cannot."""

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from listening.collectors.discovery.engine import detect_kind
from listening.collectors.forums.dates import page_clock
from listening.collectors.registry import WALKS
from listening.collectors.walk import Page, PageRequest
from listening.errors import UnreadableSourceError
from listening.model import SourceKind
from tests.builders import NOW
from tests.listening.collectors.forum_pages import WRITTEN, written

FORUMS = sorted(
    set(WALKS) - {SourceKind.BLOG, SourceKind.COMMENTS, SourceKind.SITEMAP, SourceKind.WORDPRESS}
)
PAGES = sorted(path.name for path in WRITTEN.iterdir() if path.suffix in {".html", ".json"})
ROLES = ("index", "list", "thread", "posts", "comments", "post")

#: Keys that the interfaces use, so that random values reach the code behind them.
KEYS = st.sampled_from(
    [
        "id",
        "data",
        "attributes",
        "posts",
        "post",
        "topics",
        "items",
        "hits",
        "questions",
        "children",
        "kind",
        "type",
        "title",
        "url",
        "author",
        "created",
        "published",
        "text",
        "content",
        "cooked",
        "body",
        "name",
        "user",
        "uri",
        "record",
        "account",
        "replies",
        "comments",
        "post_stream",
        "topic_list",
        "stream",
        "pagination",
        "page",
        "pages",
        "nbPages",
        "slug",
        "links",
        "next",
        "included",
        "tags",
        "creator",
        "path",
        "has_more",
        "last_activity_date",
        "facets",
        "features",
        "owner",
        "users",
        "posters",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["http://[", "//x", "2026-13-45", "9" * 30, "discussions", "posts", "<p>"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


def survives(
    kind: SourceKind, body: bytes, *, url: str = "https://f.example/t/3.json?page=2"
) -> None:
    walk = WALKS[kind]
    for role in ROLES:
        request = PageRequest(url=url, role=role, context={"thread": "1"})
        try:
            step = walk.read(Page(request=request, url=url, body=body), {}, now=NOW)
        except UnreadableSourceError:
            continue
        for document in step.documents:
            assert document.guid is None or len(document.guid) <= 2048
        if url:  # what is unknown of a recorded page is not asked for
            assert all(one.url.startswith(("http://", "https://")) for one in step.requests)


@pytest.mark.parametrize("kind", FORUMS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(value=VALUES)
def test_any_json_is_read_or_refused(kind: SourceKind, value: Any) -> None:
    body = json.dumps(value).encode()
    survives(kind, body)
    detect_kind(body)


@pytest.mark.parametrize("kind", FORUMS)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(PAGES), start=st.integers(0, 3000), noise=st.binary(max_size=60))
def test_damaged_pages_are_read_or_refused(
    kind: SourceKind, name: str, start: int, noise: bytes
) -> None:
    body = written(name)
    damaged = body[:start] + noise + body[start + 2 * len(noise) :]
    survives(kind, damaged)
    survives(kind, damaged, url="")
    detect_kind(damaged)


@settings(deadline=None)
@given(text=st.text(max_size=80))
@example("99/99/9999 99:99")
@example("Yesterday at 99:99")
@example("il y a 9999 ans")
@example("hier " + "9" * 70)
def test_any_text_is_a_date_or_none(text: str) -> None:
    clock = page_clock(text, [text], now=NOW)

    instant, _, fault = clock.read(text)

    assert (instant is None) == (fault is not None)


HOSTILE = [
    pytest.param(b"<blockquote>" * 60_000, id="nested-quotes"),
    pytest.param(b"[quote]" * 60_000, id="open-quotes"),
    pytest.param(b"[quote]a[/quote]" * 30_000, id="many-quotes"),
    pytest.param(b"_" * 400_000, id="a-long-line"),
    pytest.param(b"<a href='x'>" + b" " * 400_000, id="blanks"),
    pytest.param(b"all times are " * 30_000, id="zones"),
    pytest.param(b"Current time: <b>" * 20_000, id="clocks"),
]


@pytest.mark.parametrize("noise", HOSTILE)
def test_hostile_posts_are_read_in_time(noise: bytes) -> None:
    head, tail = (
        b'<html><body id="phpbb"><div id="p1" class="post"><p class="author">by <b>a</b> ',
        b"",
    )
    body = head + b'&raquo; hier, 10:00</p><div class="content">' + noise + b"</div></div>" + tail
    started = time.monotonic()

    survives(SourceKind.PHPBB, body)

    assert time.monotonic() - started < 20, "the deadline of a worker is 10 s for one page"
