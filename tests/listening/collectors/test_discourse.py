"""Discourse over several visits: a budget that cuts one short loses nothing."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from listening.collectors.discourse import Discourse
from listening.collectors.walk import Page, Step
from listening.collectors.walking import Walked, walk_source
from listening.collectors.web.fetch import Fetched
from listening.model import FetchState, SourceKind
from tests.builders import NOW, make_source


class Forum:
    """Topics that answer as Discourse does: twenty posts, and the ids of all."""

    def __init__(self, topic_count: int, post_count: int) -> None:
        self.sizes = dict.fromkeys(range(1, topic_count + 1), post_count)
        self.state = FetchState(source_id="forum")
        self.broken: set[str] = set()
        self.listed = set(self.sizes)

    def visit(self, *, max_pages: int = 20) -> Walked:
        source = make_source("forum", kind=SourceKind.DISCOURSE, url="https://forum.example")
        walked = asyncio.run(
            walk_source(
                source,
                self.state,
                walk=Discourse(),
                fetch=self._fetch,
                read=self._read,
                is_known=lambda _: False,
                now=NOW,
                max_pages=max_pages,
            )
        )
        self.state = FetchState(source_id="forum", memory=walked.memory)
        return walked

    def read_to_the_end(self) -> set[str]:
        """Visit until nothing is left and return the ids of all posts that were found."""
        found: set[str] = set()
        for _ in range(10):
            walked = self.visit()
            found |= {document.guid or "" for document in walked.reading.documents}
            if walked.is_complete:
                return found
        raise AssertionError("the visits do not end")

    async def _fetch(self, url: str, _: FetchState) -> Fetched:
        body = b"{" if url in self.broken else json.dumps(self._answer(url)).encode()
        return Fetched(status=200, url=url, body=body)

    async def _read(self, page: Page, memory: Any) -> Step:
        return Discourse().read(page, memory, now=NOW)

    def _answer(self, url: str) -> dict[str, Any]:
        parts = urlsplit(url)
        if parts.path == "/latest.json":
            topics = [{"id": t, "highest_post_number": self.sizes[t]} for t in sorted(self.listed)]
            return {"topic_list": {"topics": topics}}
        topic = int(parts.path.split("/")[2].removesuffix(".json"))
        if parts.path.endswith("/posts.json"):
            ids = [int(one) for one in parse_qs(parts.query)["post_ids[]"]]
            return {"post_stream": {"posts": [_post(topic, one - 1000 * topic) for one in ids]}}
        size = self.sizes[topic]
        return {
            "title": f"Sujet {topic}",
            "highest_post_number": size,
            "post_stream": {
                "posts": [_post(topic, n) for n in range(1, min(size, 20) + 1)],
                "stream": [1000 * topic + n for n in range(1, size + 1)],
            },
        }


def _post(topic: int, n: int) -> dict[str, Any]:
    return {
        "id": 1000 * topic + n,
        "post_number": n,
        "topic_id": topic,
        "username": "lea",
        "cooked": f"<p>message {n}</p>",
        "created_at": "2026-11-19T10:00:00Z",
    }


def every_post(sizes: dict[int, int], *, since: int = 1) -> set[str]:
    return {str(1000 * t + n) for t, size in sizes.items() for n in range(since, size + 1)}


def test_visits_that_are_cut_short_read_everything_in_the_end() -> None:
    forum = Forum(25, 60)

    assert forum.read_to_the_end() == every_post(forum.sizes)

    forum.sizes = dict.fromkeys(forum.sizes, 62)
    assert forum.read_to_the_end() >= every_post(forum.sizes, since=61)
    assert set(forum.state.memory.values()) == {"62"}


def test_a_post_read_by_a_later_visit_is_the_same_document() -> None:
    forum = Forum(1, 60)
    forum.visit(max_pages=2)

    (document, *_) = forum.visit().reading.documents

    assert (document.guid, document.title, document.in_reply_to) == ("1021", "Sujet 1", "1001")


def test_replies_that_come_while_others_wait_are_read_in_the_same_visit() -> None:
    forum = Forum(1, 60)
    forum.visit(max_pages=2)
    forum.sizes[1] = 62

    walked = forum.visit()

    found = {document.guid for document in walked.reading.documents}
    assert found >= every_post(forum.sizes, since=21)
    assert walked.memory == {"t:1": "62"}


def test_a_topic_that_left_the_list_is_read_to_its_end() -> None:
    forum = Forum(2, 60)
    forum.visit(max_pages=3)
    forum.listed = {2}

    assert forum.read_to_the_end() == every_post(forum.sizes, since=21)


def test_a_chunk_that_fails_is_asked_for_again() -> None:
    forum = Forum(1, 40)
    ids = "&".join(f"post_ids%5B%5D={1000 + n}" for n in range(21, 41))
    forum.broken = {f"https://forum.example/t/1/posts.json?{ids}"}
    assert forum.visit().has_failed_pages
    forum.broken = set()

    assert forum.read_to_the_end() == every_post(forum.sizes, since=21)
