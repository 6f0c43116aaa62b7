"""Stack Exchange by its API: questions, answers and comments, newest activity first.

Source: https://api.stackexchange.com/docs. Without a key 300 requests a day for one address; a
``key=`` in the source's address raises that. ``backoff`` is obeyed by asking no more.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from listening.collectors import faults
from listening.collectors.identity.canonical import absolute_url
from listening.collectors.reading.htmltext import without_quotes
from listening.collectors.reading.jsonpage import dicts_at, dig, int_at, json_of, make_post, text_at
from listening.collectors.reading.plaintext import literal_text, one_line
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Source

#: Below this many requests left for the day we leave them to others.
_QUOTA_RESERVE = 10
_DEFAULTS = {"order": "desc", "sort": "activity", "pagesize": "100", "filter": "withbody"}


class StackExchange:
    """Walks ``https://api.stackexchange.com/2.3/search/advanced?q=…&site=…`` and its like."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the newest page, since the last activity we read."""
        parts = urlsplit(source.url)
        query = _DEFAULTS | dict(parse_qsl(parts.query))
        first = str(int((now - source.history).timestamp())) if source.history else ""
        if (since := memory.get("since") or first) and query["sort"] == "activity":
            query["min"] = since
        url = urlunsplit(parts._replace(query=urlencode(query), fragment=""))
        return (PageRequest(url=url, role="posts"),)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return the questions of a page with the answers and comments they bring."""
        answer = json_of(page)
        if not isinstance(dig(answer, "items"), list):
            raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
        found: set[str] = set()
        items = list(dicts_at(answer, "items"))
        documents = tuple(
            _document(one, parent, title, now=now, found=found)
            for item in items
            for one, parent, title in _family(item)
        )
        newest = max((int_at(item, "last_activity_date") or 0 for item in items), default=0)
        newest = max(newest, int(page.request.context.get("newest", memory.get("since", "0"))))
        quota = int_at(answer, "quota_remaining")
        may_go_on = not int_at(answer, "backoff") and (quota is None or quota > _QUOTA_RESERVE)
        has_more = answer.get("has_more") is True and bool(items)
        requests = (_next(page, newest),) if has_more and may_go_on and page.url else ()
        return Step(
            documents=documents,
            requests=requests,
            memory={} if has_more else {"since": str(newest)},
            faults=faults.in_order(found),
        )

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return the only role there is."""
        del body, url
        return "posts"


def _next(page: Page, newest: int) -> PageRequest:
    parts = urlsplit(page.url)
    query = dict(parse_qsl(parts.query))
    query["page"] = str(int(query.get("page", "1")) + 1)
    url = urlunsplit(parts._replace(query=urlencode(query)))
    return PageRequest(url=url, role="posts", context={"newest": str(newest)})


def _family(item: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str | None, str]]:
    """Yield a question or answer, then what is under it, each with its parent."""
    title = one_line(text_at(item, "title"))
    own_id = _post_id(item)
    is_answer = bool(text_at(item, "answer_id"))
    yield item, text_at(item, "question_id") if is_answer else None, title
    for comment in dicts_at(item, "comments"):
        yield comment, own_id, title
    for answer in dicts_at(item, "answers"):
        yield answer, own_id, title
        for comment in dicts_at(answer, "comments"):
            yield comment, _post_id(answer), title


def _post_id(one: Mapping[str, Any]) -> str:
    return text_at(one, "comment_id") or text_at(one, "answer_id") or text_at(one, "question_id")


def _document(
    one: dict[str, Any], parent: str | None, title: str, *, now: datetime, found: set[str]
) -> RawDocument:
    is_comment = bool(text_at(one, "comment_id"))
    body = text_at(one, "body")
    prefix = "c" if is_comment else ""
    return make_post(
        guid=f"{prefix}{_post_id(one)}",
        url=absolute_url(text_at(one, "link"), None),
        title=title,
        text=without_quotes(body) if body else literal_text(text_at(one, "body_markdown")),
        author=one_line(text_at(one, "owner", "display_name")),
        published=text_at(one, "creation_date"),
        edited=text_at(one, "last_edit_date"),
        in_reply_to=parent,
        tags=tuple(tag for tag in one.get("tags") or () if isinstance(tag, str)),
        found=found,
        now=now,
    )
