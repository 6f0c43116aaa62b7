"""Flarum by its JSON:API: the discussions that moved, then their newest posts.

Addresses: ``/api/discussions?sort=-lastPostedAt``, ``/api/posts?filter[discussion]=ID``. Hidden and
private posts are not in the answer to a visitor.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from listening.collectors import faults
from listening.collectors.forums.listing import further_pages
from listening.collectors.forums.page import open_forum_page
from listening.collectors.identity.canonical import absolute_url
from listening.collectors.reading.htmltext import without_quotes
from listening.collectors.reading.jsonpage import (
    api_url,
    dicts_at,
    dig,
    int_at,
    json_of,
    make_post,
    site_of_api,
    text_at,
)
from listening.collectors.reading.ownwords import own_words
from listening.collectors.reading.plaintext import one_line
from listening.collectors.walk import Page, PageRequest, Step
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Source

_LIMIT = 20
#: Before 1.0 the answer stood in a script.
_LOADED = re.compile(r"app\.(?:load|boot)\(|flarum\.core\.app\.load\(")
_MENTIONED = re.compile(
    r"class=\"PostMention[^\"]*\"[^>]*data-id=\"(\d+)\"|data-id=\"(\d+)\"[^>]*class=\"PostMention"
)


class Flarum:
    """Walks a forum, one of its tags, or a search (``?q=…``)."""

    def start(
        self, source: Source, memory: Mapping[str, str], *, now: datetime
    ) -> tuple[PageRequest, ...]:
        """Return the list of discussions, newest activity first."""
        del memory, now
        parts = urlsplit(source.url)
        query = {"sort": "-lastPostedAt", "page[limit]": str(_LIMIT)}
        given = dict(parse_qsl(parts.query))
        if "/api/" in parts.path:
            query |= given
        elif given.get("q"):
            query["filter[q]"] = given["q"]
        if tag := re.search(r"/t/([^/?#]+)", parts.path):
            query["filter[tag]"] = tag[1]
        base = re.sub(r"/(?:api|t|d|tags|all|following)(?:/.*)?$", "", parts.path.rstrip("/"))
        url = f"{parts.scheme}://{parts.netloc}{base}/api/discussions?{urlencode(query)}"
        return (PageRequest(url=url, role="index"),)

    def read(self, page: Page, memory: Mapping[str, str], *, now: datetime) -> Step:
        """Return moved discussions, or posts."""
        if page.body.lstrip()[:1] == b"<":
            page = replace(page, body=_payload(page))
        answer = json_of(page)
        if not isinstance(dig(answer, "data"), list | dict):
            raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)
        data = answer["data"] if isinstance(answer["data"], list) else [answer["data"]]
        kinds = {text_at(one, "type") for one in data}
        if "discussions" in kinds and page.request.role != "posts":
            return _discussions(answer, page, memory)
        return _posts(answer, page, now=now)

    def role_of(self, body: bytes, url: str | None) -> str:
        """Return ``index`` for a list of discussions that brings no posts."""
        del url
        return "index" if b"contentHtml" not in body else "posts"


def _payload(page: Page) -> bytes:
    """Return the answer of the interface that a saved web page carries for its scripts.

    Raises:
        UnreadableSourceError: It carries none.
    """
    forum_page = open_forum_page(page.body, content_type=page.content_type, url=page.url)
    for script in forum_page.root.iter("script"):
        text = script.text or ""
        found = _LOADED.search(text)
        if script.get("id") != "flarum-json-payload" and found is None:
            continue
        start = 0 if found is None else found.end()
        try:
            value, _ = json.JSONDecoder().raw_decode(text[start:].lstrip())
        except (ValueError, RecursionError):
            continue
        document = dig(value, "apiDocument") or dig(value, "document")
        if isinstance(document, dict):
            return json.dumps(document).encode()
    raise UnreadableSourceError(page.url, faults.UNEXPECTED_PAGE)


def _discussions(answer: Any, page: Page, memory: Mapping[str, str]) -> Step:
    requests = []
    rows = list(dicts_at(answer, "data"))
    for row in rows:
        number = text_at(row, "id")
        newest = text_at(row, "attributes", "lastPostNumber") or text_at(
            row, "attributes", "lastPostedAt"
        )
        known = memory.get(f"d:{number}")
        if not number or known == newest:
            continue
        query = {
            "filter[discussion]": number,
            "sort": "-createdAt" if known else "createdAt",
            "page[limit]": "50",
        }
        if int_at(row, "attributes", "commentCount") and not known:
            query["sort"] = "-createdAt" if row["attributes"]["commentCount"] > 50 else "createdAt"  # noqa: PLR2004 - the limit
        requests.append(
            PageRequest(
                url=api_url(page.url, f"/posts?{urlencode(query)}"),
                role="posts",
                context={
                    "discussion": number,
                    "newest": newest,
                    "title": text_at(row, "attributes", "title")[:500],
                    "slug": text_at(row, "attributes", "slug")[:300],
                    "first": text_at(row, "relationships", "firstPost", "data", "id"),
                },
            )
        )
    following = absolute_url(text_at(answer, "links", "next"), page.url)
    further, remembered = further_pages(
        page, memory, following=following, moved_count=len(requests), row_count=len(rows)
    )
    return Step(requests=(*requests, *further), memory=remembered, site_url=site_of_api(page.url))


def _posts(answer: Any, page: Page, *, now: datetime) -> Step:
    included = {
        (text_at(one, "type"), text_at(one, "id")): one for one in dicts_at(answer, "included")
    }
    data = answer["data"] if isinstance(answer["data"], list) else [answer["data"]]
    rows = [one for one in data if text_at(one, "type") == "posts"]
    if not rows:
        rows = [one for (kind, _), one in included.items() if kind == "posts"]
        for one in data:
            if text_at(one, "type") == "discussions":
                included["discussions", text_at(one, "id")] = one
    found: set[str] = set()
    documents = [
        _document(row, included, page, now=now, found=found)
        for row in rows
        if text_at(row, "attributes", "contentType") in {"", "comment"}
    ]
    documents.sort(key=lambda one: int(one.guid) if one.guid and one.guid.isdecimal() else 0)
    context = page.request.context
    memory = {f"d:{context['discussion']}": context["newest"]} if context.get("discussion") else {}
    return Step(
        documents=tuple(documents),
        memory=memory,
        faults=faults.in_order(found),
        site_url=site_of_api(page.url),
    )


def _document(
    row: dict[str, Any],
    included: Mapping[tuple[str, str], dict[str, Any]],
    page: Page,
    *,
    now: datetime,
    found: set[str],
) -> RawDocument:
    context = page.request.context
    user = included.get(("users", text_at(row, "relationships", "user", "data", "id")))
    discussion_id = context.get("discussion") or text_at(
        row, "relationships", "discussion", "data", "id"
    )
    discussion = included.get(("discussions", discussion_id))
    title = context.get("title") or text_at(discussion, "attributes", "title")
    slug = context.get("slug") or text_at(discussion, "attributes", "slug")
    number, post_id = text_at(row, "attributes", "number"), text_at(row, "id")
    markup = text_at(row, "attributes", "contentHtml")
    mentioned = _MENTIONED.search(markup)
    first = context.get("first", "")
    parent = (mentioned[1] or mentioned[2]) if mentioned else first if post_id != first else None
    place = (
        discussion_id
        if not slug or slug.startswith(f"{discussion_id}-")
        else f"{discussion_id}-{slug}"
    )
    place = slug if slug.startswith(f"{discussion_id}-") else place
    return make_post(
        guid=post_id,
        url=absolute_url(f"{site_of_api(page.url)}/d/{place}/{number}", None) if page.url else None,
        title=one_line(title, is_html=False),
        text=own_words(without_quotes(markup)),
        author=text_at(user, "attributes", "displayName")
        or text_at(user, "attributes", "username"),
        published=text_at(row, "attributes", "createdAt"),
        edited=text_at(row, "attributes", "editedAt"),
        in_reply_to=parent or None,
        found=found,
        now=now,
    )
