"""Open programming interfaces: what a page of each gives, and where the next visit starts.

The answers are written by us after each interface's documentation.
"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from listening.collectors.discovery.engine import detect_kind
from listening.collectors.registry import WALKS
from listening.collectors.walk import Step
from listening.model import SourceKind
from tests.builders import NOW, make_source
from tests.listening.collectors.forum_pages import read_page

_AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)

STATUS = {
    "id": "115",
    "uri": "https://pouet.example/users/lea/statuses/115",
    "url": "https://pouet.example/@lea/115",
    "created_at": "2026-11-19T10:00:00.000Z",
    "language": "fr",
    "spoiler_text": "restaurant",
    "content": "<p>Service <a href='x'>#lent</a></p>",
    "account": {"acct": "lea"},
    "in_reply_to_id": "114",
    "tags": [{"name": "lent"}],
    "reblog": None,
}
SKEET = {
    "uri": "at://did:plc:abc/app.bsky.feed.post/3kz",
    "author": {"handle": "lea.bsky.social"},
    "indexedAt": "2026-11-19T10:00:05.000Z",
    "record": {
        "text": "Menu ici exemple.fr/me…",
        "createdAt": "2026-11-19T10:00:00.000Z",
        "langs": ["fr"],
        "reply": {"parent": {"uri": "at://did:plc:x/app.bsky.feed.post/1"}},
        "facets": [{"features": [{"uri": "https://exemple.fr/menu"}]}],
    },
}
LEMMY_POST = {
    "post": {
        "id": 1,
        "ap_id": "https://lemmy.example/post/1",
        "name": "Bonne table",
        "body": "> q\n\n**oui**",
        "published": "2026-11-19T10:00:00.123456",
    },
    "creator": {"name": "lea"},
}
LEMMY_COMMENT = {
    "comment": {
        "id": 2,
        "ap_id": "https://lemmy.example/comment/2",
        "content": "Non",
        "path": "0.2",
        "published": "2026-11-19T11:00:00Z",
    },
    "post": {"name": "Bonne table", "ap_id": "https://lemmy.example/post/1"},
    "creator": {"name": "max"},
}
THREAD = {
    "kind": "Listing",
    "data": {
        "after": "t3_b",
        "children": [
            {
                "kind": "t3",
                "data": {
                    "name": "t3_a",
                    "title": "Avis",
                    "selftext": "*Bof*",
                    "author": "lea",
                    "created_utc": 1795082400.0,
                    "permalink": "/r/lyon/comments/a/avis/",
                    "is_self": True,
                },
            },
            {
                "kind": "t1",
                "data": {
                    "name": "t1_c",
                    "body": "Pareil",
                    "author": "max",
                    "parent_id": "t3_a",
                    "created_utc": 1795086000.0,
                    "permalink": "/r/lyon/comments/a/avis/c/",
                    "replies": {
                        "data": {
                            "children": [
                                {
                                    "kind": "t1",
                                    "data": {
                                        "name": "t1_d",
                                        "body": "Moi aussi",
                                        "author": "lou",
                                        "parent_id": "t1_c",
                                        "created_utc": 1795089600.0,
                                    },
                                },
                                {"kind": "more", "data": {}},
                            ]
                        }
                    },
                },
            },
        ],
    },
}
ISSO = {
    "total_replies": 1,
    "hidden_replies": 0,
    "id": None,
    "replies": [
        {
            "id": 1,
            "parent": None,
            "text": "<p>Merci</p>",
            "author": "lea",
            "created": 1795082400.123,
            "modified": None,
            "mode": 1,
            "hidden_replies": 0,
            "replies": [
                {
                    "id": 2,
                    "parent": 1,
                    "text": "<p>De rien</p>",
                    "author": None,
                    "created": 1795086000.0,
                    "modified": None,
                    "mode": 1,
                }
            ],
        },
    ],
}
QUESTIONS = {
    "items": [
        {
            "question_id": 5,
            "title": "Pain &amp; beurre",
            "link": "https://cooking.example/q/5",
            "creation_date": 1795082400,
            "last_activity_date": 1795089600,
            "tags": ["pain"],
            "owner": {"display_name": "L&#233;a"},
            "body": "<p>Comment ?</p>",
            "answers": [
                {
                    "answer_id": 6,
                    "creation_date": 1795086000,
                    "owner": {"display_name": "Max"},
                    "body": "<p>Ainsi.</p>",
                    "link": "https://cooking.example/a/6",
                }
            ],
        },
    ],
    "has_more": False,
    "quota_max": 300,
    "quota_remaining": 250,
}

CASES: dict[SourceKind, tuple[Any, list[tuple[str, str, str, str | None]], dict[str, str]]] = {
    SourceKind.MASTODON: (
        [STATUS, STATUS | {"id": "116", "reblog": {"id": "1"}}],
        [(STATUS["uri"], "lea", "restaurant\nService #lent", "114")],  # type: ignore[list-item]
        {"since": "116"},
    ),
    SourceKind.BLUESKY: (
        {"posts": [SKEET]},
        [
            (
                "at://did:plc:abc/app.bsky.feed.post/3kz",
                "lea.bsky.social",
                "Menu ici exemple.fr/me…\nhttps://exemple.fr/menu",
                "at://did:plc:x/app.bsky.feed.post/1",
            )
        ],
        {"since": "2026-11-19T10:00:05.000Z"},
    ),
    SourceKind.LEMMY: (
        {"posts": [LEMMY_POST], "comments": [LEMMY_COMMENT]},
        [
            ("https://lemmy.example/post/1", "lea", "oui", None),
            ("https://lemmy.example/comment/2", "max", "Non", "https://lemmy.example/post/1"),
        ],
        {"since:post": "2026-11-19T11:00:00+00:00"},
    ),
    SourceKind.REDDIT: (
        THREAD,
        [
            ("t3_a", "lea", "Bof", None),
            ("t1_c", "max", "Pareil", "t3_a"),
            ("t1_d", "lou", "Moi aussi", "t1_c"),
        ],
        {"since": "1795089600.0"},
    ),
    SourceKind.ISSO: (
        ISSO,
        [("1", "lea", "Merci", None), ("2", "", "De rien", "1")],
        {},
    ),
    SourceKind.STACKEXCHANGE: (
        QUESTIONS,
        [("5", "Léa", "Comment ?", None), ("6", "Max", "Ainsi.", "5")],
        {"since": "1795089600"},
    ),
    SourceKind.HACKERNEWS: (
        {
            "hits": [
                {
                    "objectID": "9",
                    "author": "lea",
                    "created_at": "2026-11-19T10:00:00Z",
                    "created_at_i": 1795082400,
                    "title": "Show",
                    "url": "https://a.example/",
                }
            ],
            "nbHits": 1,
            "page": 0,
            "nbPages": 1,
        },
        [("9", "lea", "https://a.example/", None)],
        {"since": "1795082400"},
    ),
}


def read(kind: SourceKind, answer: Any, *, url: str = "") -> Step:
    return read_page(kind, json.dumps(answer).encode(), url=url, now=_AT)


@pytest.mark.parametrize("kind", CASES)
def test_an_answer_gives_its_documents_and_a_cursor(kind: SourceKind) -> None:
    answer, posts, memory = CASES[kind]

    step = read(kind, answer)

    found = [(one.guid, one.author or "", one.text, one.in_reply_to) for one in step.documents]
    assert found == posts
    assert step.memory == memory
    assert all(one.published_at for one in step.documents)


@pytest.mark.parametrize("kind", CASES)
def test_an_answer_is_recognised(kind: SourceKind) -> None:
    assert detect_kind(json.dumps(CASES[kind][0]).encode()) is kind


def test_full_pages_ask_for_older_ones_and_keep_the_cursor() -> None:
    statuses = [
        STATUS | {"id": str(n), "uri": f"https://pouet.example/{n}"} for n in range(200, 160, -1)
    ]

    step = read(SourceKind.MASTODON, statuses, url="https://pouet.example/api/v1/timelines/tag/x")

    (request,) = step.requests
    assert "max_id=161" in request.url
    assert request.context == {"newest": "200"}
    assert step.memory == {}


def test_stack_exchange_is_left_alone_when_it_asks_for_it() -> None:
    url = "https://api.stackexchange.com/2.3/questions?site=cooking"
    more = QUESTIONS | {"has_more": True}

    assert read(SourceKind.STACKEXCHANGE, more, url=url).requests
    assert not read(SourceKind.STACKEXCHANGE, more | {"backoff": 10}, url=url).requests
    assert not read(SourceKind.STACKEXCHANGE, more | {"quota_remaining": 3}, url=url).requests


STARTS = [
    pytest.param("discourse", "https://d.example", "https://d.example/latest.json", id="discourse"),
    pytest.param(
        "discourse",
        "https://d.example/c/avis/7",
        "https://d.example/c/avis/7.json",
        id="discourse-category",
    ),
    pytest.param(
        "discourse",
        "https://d.example/forum/t/pain/12/4",
        "https://d.example/forum/t/12.json",
        id="discourse-topic",
    ),
    pytest.param("nodebb", "https://n.example/", "https://n.example/api/recent", id="nodebb"),
    pytest.param(
        "nodebb",
        "https://n.example/f/category/3/avis",
        "https://n.example/f/api/category/3/avis",
        id="nodebb-category",
    ),
    pytest.param("flarum", "https://f.example/t/avis", "filter%5Btag%5D=avis", id="flarum-tag"),
    pytest.param("flarum", "https://f.example/?q=pain", "filter%5Bq%5D=pain", id="flarum-search"),
    pytest.param(
        "mastodon",
        "https://m.example/tags/pain",
        "https://m.example/api/v1/timelines/tag/pain?limit=40",
        id="mastodon-tag",
    ),
    pytest.param(
        "bluesky",
        "https://bsky.app/search?q=pain",
        "https://public.api.bsky.app/xrpc/app.bsky.feed.searchPosts?limit=100",
        id="bluesky",
    ),
    pytest.param(
        "lemmy",
        "https://l.example/c/lyon",
        "/api/v3/post/list?sort=New&limit=50&community_name=lyon&type_=All",
        id="lemmy",
    ),
    pytest.param(
        "reddit",
        "https://www.reddit.com/r/lyon",
        "https://www.reddit.com/r/lyon/new.json?limit=100&raw_json=1",
        id="reddit",
    ),
    pytest.param(
        "isso", "https://i.example/isso/", "https://i.example/isso/latest?limit=100", id="isso"
    ),
    pytest.param(
        "askbot",
        "https://a.example/en/questions/",
        "https://a.example/en/api/v1/questions/?sort=activity-desc",
        id="askbot",
    ),
    pytest.param(
        "stackexchange",
        "https://api.stackexchange.com/2.3/search/advanced?q=x&site=y",
        "q=x&site=y",
        id="stackexchange",
    ),
]


@pytest.mark.parametrize(("kind", "url", "wanted"), STARTS)
def test_a_pasted_address_becomes_the_one_to_ask(kind: str, url: str, wanted: str) -> None:
    source = make_source("one", kind=SourceKind(kind), url=url)

    first = WALKS[SourceKind(kind)].start(source, {}, now=NOW)[0]

    assert wanted in first.url


def test_discourse_asks_for_the_posts_it_was_not_shown() -> None:
    posts = [
        {"id": n, "post_number": n, "cooked": "x", "username": "a", "topic_id": 3} for n in (1, 2)
    ]
    topic = {
        "id": 3,
        "title": "Long",
        "highest_post_number": 45,
        "post_stream": {"stream": list(range(1, 46)), "posts": posts},
    }

    step = read_page(
        SourceKind.DISCOURSE,
        json.dumps(topic).encode(),
        url="https://d.example/t/3.json",
        memory={"t:3": "35"},
        topic="3",
    )

    (request,) = step.requests
    assert request.url.count("post_ids") == 10
    assert step.memory["t:3"].split("\t")[1] == ",".join(map(str, range(36, 46)))


def test_discourse_lists_lead_to_the_topics_that_moved() -> None:
    topics = [{"id": 3, "highest_post_number": 9}, {"id": 4, "highest_post_number": 2}]
    latest = {"topic_list": {"topics": topics, "more_topics_url": "/latest?page=1"}}

    step = read_page(
        SourceKind.DISCOURSE,
        json.dumps(latest).encode(),
        url="https://d.example/latest.json",
        role="index",
        memory={"t:3": "9"},
    )

    assert [request.url for request in step.requests] == ["https://d.example/t/4.json"]


def test_flarum_lists_lead_to_the_discussions_that_moved() -> None:
    def discussion(number: str, newest: int) -> dict[str, Any]:
        attributes = {"title": "Avis", "slug": "avis", "lastPostNumber": newest, "commentCount": 3}
        return {"type": "discussions", "id": number, "attributes": attributes}

    answer = {"data": [discussion("1", 5), discussion("2", 6)], "links": {}}

    step = read_page(
        SourceKind.FLARUM,
        json.dumps(answer).encode(),
        url="https://f.example/api/discussions?sort=-lastPostedAt",
        memory={"d:1": "5"},
    )

    (request,) = step.requests
    assert request.url.startswith("https://f.example/api/posts?filter%5Bdiscussion%5D=2")
    assert request.context["newest"] == "6"


def test_nodebb_lists_lead_to_the_page_where_we_stopped() -> None:
    topics = [{"tid": 1, "lastposttime": 10}, {"tid": 2, "lastposttime": 20}]
    answer = {"topics": topics, "pagination": {"currentPage": 1, "pageCount": 1}}

    step = read_page(
        SourceKind.NODEBB,
        json.dumps(answer).encode(),
        url="https://n.example/api/recent",
        role="index",
        memory={"t:1": "10 1", "t:2": "15 3"},
    )

    assert [request.url for request in step.requests] == ["https://n.example/api/topic/2?page=3"]
