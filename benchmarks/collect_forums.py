"""Forums: posts found with author, date and place, ours beside trafilatura, on recorded threads.

A post's text is known by its first letters, and is asked where a post does not begin with a
quotation: we leave quoted words to those who wrote them. trafilatura gives one text per page and no
posts. Pages are given to us without engine and kind.
"""

import gzip
import json
import re
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import trafilatura

from benchmarks.report import SHARED, skipped, table
from listening.collectors.sandbox.task import Task
from listening.collectors.sandbox.worker import perform
from listening.errors import UnreadableSourceError
from listening.model import RawDocument, Reading

FOLDER = SHARED / "collect" / "forums"
TITLE = "Forums: posts of recorded threads"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
#: Pictures of smileys and buttons stand between later words.
_START_CHARS = 15
_LEAD_CHARS = 80
_MINUTE = timedelta(minutes=1)
_MARKUP = re.compile(r"\[quote.*?\[/quote\]|\[/?\w+[^\]]*\]", re.DOTALL)

Post = dict[str, Any]


def main() -> int:
    gold = FOLDER / "gold.jsonl"
    if not gold.exists():
        skipped(TITLE, f"no pages at {FOLDER}")
        return 0
    cases = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    cases = [case for case in cases if case.get("posts")]
    bodies = [_body(case["file"]) for case in cases]
    total = sum(len(case["posts"]) for case in cases)
    asked = sum(bool(_start(post)) for case in cases for post in case["posts"])
    rows = [_ours(cases, bodies, total, asked)]
    for name, options in (
        ("trafilatura", {}),
        ("trafilatura recall, comments", {"favor_recall": True, "include_comments": True}),
    ):
        started = time.process_time()
        found = sum(map(_in_text, cases, [_extracted(body, **options) for body in bodies]))
        seconds = time.process_time() - started
        rows.append([name, _share(found, asked), "0 %", "0 %", "0 %", _rate(bodies, seconds)])
    head = ["", "text", "author", "date", "in order", "pages/s"]
    table(
        f"{TITLE} ({total} posts, {asked} with words of their own first, {len(cases)} pages)",
        head,
        rows,
    )
    return 0


def _body(name: str) -> bytes:
    body = (FOLDER / name).read_bytes()
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def _ours(cases: list[Post], bodies: list[bytes], total: int, asked: int) -> list[str]:
    counts = [0, 0, 0, 0]
    started = time.process_time()
    for case, body in zip(cases, bodies, strict=True):
        documents = _read(case, body)
        by_id = {document.guid: at for at, document in enumerate(documents)}
        places = [by_id.get(post["id"], -1) for post in case["posts"]]
        for number, (post, place) in enumerate(zip(case["posts"], places, strict=True)):
            if place < 0:
                continue
            document = documents[place]
            has_text = bool(_start(post)) and _start(post) in _letters(document.text)
            is_by = document.author == post["author"]
            is_at = _is_at(document, post)
            is_placed = number == 0 or places[number - 1] < place
            for at, good in enumerate((has_text, is_by, is_at, is_placed)):
                counts[at] += good
    seconds = time.process_time() - started
    shares = [_share(counts[0], asked), *(_share(count, total) for count in counts[1:])]
    return ["vigie", *shares, _rate(bodies, seconds)]


def _read(case: Post, body: bytes) -> tuple[RawDocument, ...]:
    task = Task(
        kind=None,
        body=body,
        content_type=case.get("content_type"),
        url=None,  # a recorded page, not one of today: its clock tells nothing of its zone
        source_id=case["file"],
        now=NOW,
    )
    answer = perform(task)
    if isinstance(answer, UnreadableSourceError) or not isinstance(answer, Reading):
        return ()
    return answer.documents


def _is_at(document: RawDocument, post: Post) -> bool:
    if document.published_at is None:
        return False
    if "date_shown" in post:
        shown = datetime.strptime(post["date_shown"], "%d %b %Y %H:%M")  # noqa: DTZ007
        return document.published_at.replace(tzinfo=None) == shown  # as the page shows it
    # "3 minutes ago" is as good as a minute.
    return abs(document.published_at - datetime.fromisoformat(post["date"])) <= _MINUTE


def _extracted(body: bytes, **options: bool) -> str:
    return trafilatura.extract(body, **options) or ""  # type: ignore[arg-type]


def _in_text(case: Post, text: str) -> int:
    letters = _letters(text)
    return sum(bool(_start(post)) and _start(post) in letters for post in case["posts"])


def _start(post: Post) -> str:
    """Return the first letters of a post; "" when it begins with a quotation or a picture."""
    written = post.get("text_starts") or _MARKUP.sub("", post.get("raw") or "")
    is_own = "wrote:" not in written and "Select all" not in written[:_LEAD_CHARS]
    return _letters(written)[:_START_CHARS] if is_own else ""


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.1f} %"


def _rate(bodies: list[bytes], seconds: float) -> str:
    return f"{len(bodies) / seconds:.0f}"


if __name__ == "__main__":
    sys.exit(main())
