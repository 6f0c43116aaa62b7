"""Halves of surrogate pairs in JSON: dropped where they enter, so that a batch can be written."""

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.collectors.options import CollectOptions
from listening.collectors.reading.jsontext import load_json
from listening.model import FetchState, RunStatus, SourceKind
from storage.landing import read_batch, write_batch
from tests.builders import NOW, make_source
from tests.collecting import collect_batch
from tests.http_server import HttpServer, Page

HALF = "\ud83d"
FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": f"t{HALF}",
    "items": [
        {
            "id": f"g{HALF}",
            "url": f"https://a.example/{HALF}",
            "title": f"T{HALF}",
            "content_text": f"x {HALF}",
            "author": {"name": f"n{HALF}"},
            "tags": [HALF],
        }
    ],
}
STATUSES = [
    {
        "id": f"12{HALF}",
        "url": f"https://a.example/{HALF}",
        "content": f"<p>salut {HALF}</p>",
        "created_at": "2026-01-01T00:00:00Z",
        "account": {"acct": f"b{HALF}"},
        "in_reply_to_id": f"9{HALF}",
        "language": HALF,
    }
]
TOPIC = {
    "id": 1,
    "title": f"S{HALF}",
    "highest_post_number": 1,
    "post_stream": {
        "stream": [5],
        "posts": [
            {
                "id": f"5{HALF}",
                "post_number": f"1{HALF}",
                "topic_id": f"1{HALF}",
                "topic_slug": HALF,
                "username": HALF,
                "cooked": f"a{HALF}",
                "created_at": HALF,
            }
        ],
    },
}
PAGES = {
    "/feed.json": FEED,
    "/api/v1/timelines/public": STATUSES,
    "/latest.json": {"topic_list": {"topics": [{"id": 1, "highest_post_number": f"3{HALF}"}]}},
    "/t/1.json": TOPIC,
}


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        pytest.param(SourceKind.FEED, "/feed.json", id="json-feed"),
        pytest.param(SourceKind.MASTODON, "/", id="mastodon"),
        pytest.param(SourceKind.DISCOURSE, "/", id="discourse"),
    ],
)
def test_half_an_emoji_does_not_stop_the_batch_from_being_written(
    server: HttpServer, tmp_path: Path, kind: SourceKind, path: str
) -> None:
    server.pages |= {name: Page(body=json.dumps(value).encode()) for name, value in PAGES.items()}
    source = make_source("odd", kind=kind, url=server.url(path))

    batch = asyncio.run(
        collect_batch(
            [(source, FetchState(source_id="odd"))],
            run_id="r",
            batch_id="b",
            options=CollectOptions(
                user_agent_contact="mailto:veille@exemple.example",
                allow_hosts=(server.host,),
                per_host_interval_s=0.0,
            ),
            author_key=str,
            clock=lambda: NOW,
        )
    )
    write_batch(tmp_path / "batch.jsonl.gz", batch)

    assert [run.status for run in batch.source_runs] == [RunStatus.OK]
    assert read_batch(tmp_path / "batch.jsonl.gz") == batch
    assert len(batch.documents) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(r'"a\ud83db"', "ab", id="half-a-pair"),
        pytest.param(r'"a\UD83D"', None, id="no-escape-of-json"),
        pytest.param(r'"\uD83D\uDE00"', "😀", id="a-whole-pair"),
        pytest.param(r'"\\ud83d"', r"\ud83d", id="an-escaped-backslash"),
        pytest.param(r'{"\udc00k": ["\udc00"]}', {"k": [""]}, id="keys-and-lists"),
        pytest.param(r'[1.5, 1e400, null, "\udc00"]', [1.5, float("inf"), None, ""], id="values"),
    ],
)
def test_only_halves_are_dropped(text: str, expected: object) -> None:
    if expected is None:
        with pytest.raises(ValueError, match="escape"):
            load_json(text)
    else:
        assert load_json(text) == expected


@given(st.recursive(st.text(st.characters()), st.lists))
def test_whatever_is_escaped_can_be_written(value: object) -> None:
    loaded = load_json(json.dumps(value))

    json.dumps(loaded, ensure_ascii=False).encode()
