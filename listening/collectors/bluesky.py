"""Bluesky by its public search: the posts that name something, newest first.

Address: ``https://public.api.bsky.app/xrpc/app.bsky.feed.searchPosts?q=…``. Without an account only
the first page is shown (a cursor is answered with 403): older posts are asked for by ``until``.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from listening.collectors import faults
from listening.collectors.reading.jsonpage import dicts_at, dig, json_of, make_post, text_at
from listening.collectors.reading.plaintext import literal_text
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Source

_LIMIT = 100
_PATH = "/xrpc/app.bsky.feed.searchPosts"


class Bluesky:
    """Walks a search back to the newest post of the last visit."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the newest posts since the last visit."""
        parts = urlsplit(source.url)
        query = {"limit": str(_LIMIT), "sort": "latest"} | dict(parse_qsl(parts.query))
        first = f"{now - source.history:%Y-%m-%dT%H:%M:%SZ}" if source.history else ""
        if since := memory.get("since") or first:
            query["since"] = since
        path = parts.path if "/xrpc/" in parts.path else _PATH
        host = (
            "public.api.bsky.app" if parts.netloc in {"bsky.app", "www.bsky.app"} else parts.netloc
        )
        return (PageRequest(url=f"{parts.scheme}://{host}{path}?{urlencode(query)}", role="posts"),)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return a page of posts, and ask for the ones before them."""
        answer = json_of(page)
        rows = list(dicts_at(answer, "posts")) or [
            one["post"] for one in dicts_at(answer, "feed") if isinstance(one.get("post"), dict)
        ]
        if not isinstance(dig(answer, "posts"), list) and not isinstance(dig(answer, "feed"), list):
            raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
        found: set[str] = set()
        documents = tuple(_document(row, now=now, found=found) for row in rows)
        dates = sorted(
            text_at(row, "indexedAt") or text_at(row, "record", "createdAt") for row in rows
        )
        newest = page.request.context.get("newest") or (dates[-1] if dates else "")
        newest = newest or memory.get("since", "")
        until = page.request.context.get("until", "")
        has_more = len(rows) >= _LIMIT and bool(page.url) and dates[0] != until
        return Step(
            documents=documents,
            requests=(_next(page, dates[0], newest),) if has_more else (),
            memory={} if has_more else {"since": newest},
            faults=faults.in_order(found),
        )

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return the only role there is."""
        del body, url
        return "posts"


def _next(page: Page, oldest: str, newest: str) -> PageRequest:
    parts = urlsplit(page.url)
    query = dict(parse_qsl(parts.query)) | {"until": oldest}
    url = parts._replace(query=urlencode(query)).geturl()
    return PageRequest(url=url, role="posts", context={"newest": newest, "until": oldest})


def _document(row: dict[str, Any], *, now: datetime, found: set[str]) -> RawDocument:
    uri, handle = text_at(row, "uri"), text_at(row, "author", "handle")
    key = uri.rpartition("/")[2]
    text = literal_text(text_at(row, "record", "text"))
    links = [  # the text shows them shortened
        text_at(feature, "uri")
        for facet in dicts_at(row, "record", "facets")
        for feature in dicts_at(facet, "features")
        if text_at(feature, "uri")
    ]
    languages = dig(row, "record", "langs")
    return make_post(
        guid=uri,
        url=f"https://bsky.app/profile/{handle}/post/{key}" if handle and key else None,
        title="",
        text="\n".join([text, *dict.fromkeys(links)]).strip(),
        author=handle,
        published=text_at(row, "record", "createdAt") or text_at(row, "indexedAt"),
        language=text_at(languages, 0),
        in_reply_to=text_at(row, "record", "reply", "parent", "uri") or None,
        found=found,
        now=now,
    )
