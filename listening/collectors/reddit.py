"""Reddit's JSON listings. Closed to strangers since May 2026: see docs/kinds/reddit.md first.

Addresses: ``/r/NAME/new.json``, ``/search.json?q=…&sort=new``, ``/r/NAME/comments.json``.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from listening.collectors import faults
from listening.collectors.reading.jsonpage import dicts_at, dig, json_of, make_post, text_at
from listening.collectors.reading.markdown import markdown_text
from listening.collectors.reading.plaintext import one_line
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Source

_LIMIT = 100
_SITE = "https://www.reddit.com"
_MORE = "more"


class Reddit:
    """Walks a listing back to what the last visit read."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the newest page of a listing."""
        del memory, now
        parts = urlsplit(source.url)
        path = parts.path.rstrip("/")
        if not path.endswith(".json"):
            is_place = path.count("/") == 2  # noqa: PLR2004 - /r/NAME
            path = f"{path}/new.json" if is_place else f"{path}.json"
        query = {"limit": str(_LIMIT), "raw_json": "1"} | dict(parse_qsl(parts.query))
        url = f"{parts.scheme}://{parts.netloc}{path}?{urlencode(query)}"
        return (PageRequest(url=url, role="posts"),)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return the posts and comments of a listing, or of a post's page."""
        answer = json_of(page)
        listings = answer if isinstance(answer, list) else [answer]
        shapes = [isinstance(dig(one, "data", "children"), list) for one in listings]
        if not shapes or not all(shapes):
            raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
        found: set[str] = set()
        rows = [row for one in listings for row in _things(one)]
        documents = tuple(_document(row, now=now, found=found) for row in rows)
        dates = [float(text_at(row, "created_utc") or 0) for row in rows]
        since = float(memory.get("since", "0"))
        newest = max([*dates, float(page.request.context.get("newest", since))])
        after = text_at(listings[0], "data", "after")
        has_more = bool(after and page.url and rows) and all(date > since for date in dates)
        return Step(
            documents=documents,
            requests=(_next(page, after, newest),) if has_more else (),
            memory={} if has_more else {"since": str(newest)},
            faults=faults.in_order(found),
        )

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return the only role there is."""
        del body, url
        return "posts"


def _things(listing: Any) -> list[dict[str, Any]]:
    """Return posts and comments in their order, answers after what they answer."""
    things: list[dict[str, Any]] = []
    waiting = list(dicts_at(listing, "data", "children"))[::-1]
    while waiting:
        one = waiting.pop()
        if one.get("kind") == _MORE or not isinstance(one.get("data"), dict):
            continue
        things.append(one["data"])
        waiting.extend(list(dicts_at(one, "data", "replies", "data", "children"))[::-1])
    return things


def _next(page: Page, after: str, newest: float) -> PageRequest:
    parts = urlsplit(page.url)
    query = dict(parse_qsl(parts.query)) | {"after": after}
    url = parts._replace(query=urlencode(query)).geturl()
    return PageRequest(url=url, role="posts", context={"newest": str(newest)})


def _document(row: dict[str, Any], *, now: datetime, found: set[str]) -> RawDocument:
    link = text_at(row, "url") if row.get("is_self") is False else ""
    body = markdown_text(text_at(row, "selftext") or text_at(row, "body"))
    permalink = text_at(row, "permalink")
    return make_post(
        guid=text_at(row, "name") or text_at(row, "id"),
        url=urljoin(_SITE, permalink) if permalink else None,
        title=one_line(text_at(row, "title") or text_at(row, "link_title")),
        text="\n".join(part for part in (body, link) if part),
        author=text_at(row, "author"),
        published=text_at(row, "created_utc"),
        in_reply_to=text_at(row, "parent_id") or None,
        found=found,
        now=now,
    )
