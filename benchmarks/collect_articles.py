"""Articles: our extraction beside trafilatura's modes and htmldate, on the shared collection.

Pages are split into two halves by the hash of their key: rules were tuned on half A, half B
was only measured. Word F1 is over full texts; segments are phrases that must (recall) or must not
(precision) be there.
"""

import gzip
import hashlib
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from statistics import mean
from typing import Any

import htmldate
import trafilatura

from benchmarks.report import SHARED, skipped, table
from listening.collectors.extract import read_article
from listening.errors import UnreadableSourceError

FOLDER = SHARED / "collect" / "articles"
TITLE = "Articles: 171 recorded pages"
#: Pages of the collection are older than this.
NOW = datetime(2026, 11, 20, tzinfo=UTC)
_WORD = re.compile(r"\w+")

Page = Mapping[str, Any]
Facts = dict[str, str]
Tool = Callable[[bytes, str | None], Facts]


def ours(body: bytes, url: str | None) -> Facts:
    try:
        (found,) = read_article(body, url=url, now=NOW).documents
    except UnreadableSourceError:
        return {}
    day = found.published_at.date().isoformat() if found.published_at else ""
    return {"text": found.text, "title": found.title, "author": found.author or "", "date": day}


def mode(**options: bool) -> Tool:
    def run(body: bytes, url: str | None) -> Facts:
        text = trafilatura.extract(body, url=url, include_comments=False, **options)  # type: ignore[arg-type]
        return {"text": text or ""}

    return run


def metadata(body: bytes, url: str | None) -> Facts:
    found = trafilatura.extract_metadata(body.decode("utf-8", "replace"), default_url=url)
    return {
        "title": found.title or "",
        "author": found.author or "",
        "date": found.date or "",
    }


def dates(body: bytes, url: str | None) -> Facts:
    text = body.decode("utf-8", "replace")
    return {"date": htmldate.find_date(text, original_date=True, url=url) or ""}


TOOLS: Mapping[str, Tool] = {
    "vigie": ours,
    "trafilatura": mode(),
    "trafilatura fast": mode(fast=True),
    "trafilatura precision": mode(favor_precision=True),
    "trafilatura recall": mode(favor_recall=True),
    "trafilatura metadata": metadata,
    "htmldate": dates,
}


def main() -> int:
    gold = FOLDER / "gold.jsonl"
    if not gold.exists():
        skipped(TITLE, f"no articles at {FOLDER}")
        return 0
    lines = gold.read_text(encoding="utf-8").splitlines()
    pages = [page for page in map(json.loads, lines) if not page.get("forum")]
    bodies = [gzip.decompress((FOLDER / page["html"]).read_bytes()) for page in pages]
    rows = []
    for name, tool in TOOLS.items():
        started = time.process_time()
        found = [tool(body, _address(page)) for page, body in zip(pages, bodies, strict=True)]
        seconds = time.process_time() - started
        rows.append([name, *_scores(pages, found), f"{len(pages) / seconds:.0f}"])
    head = ["", "F1", "half A", "half B", "seg P", "seg R", "title", "author", "date", "pages/s"]
    table(TITLE, head, rows)
    return 0


def _scores(pages: list[Page], found: list[Facts]) -> list[str]:
    points: dict[str, list[float]] = defaultdict(list)
    kept, wanted, wrong = 0, 0, 0
    for page, facts in zip(pages, found, strict=True):
        if "text" in page and "text" in facts:
            score = word_f1(page["text"], facts["text"])
            points["F1"].append(score)
            points[_half(page)].append(score)
        if "with" in page and "text" in facts:
            text = " ".join(facts["text"].split())
            kept += sum(" ".join(one.split()) in text for one in page["with"])
            wrong += sum(" ".join(one.split()) in text for one in page["without"])
            wanted += len(page["with"])
        for name, expected in _expected(page).items():
            if name in facts:
                points[name].append(float(_is_same(name, expected, facts[name])))
    segments = [f"{kept / (kept + wrong):.3f}", f"{kept / wanted:.3f}"] if kept else ["", ""]
    texts = [f"{mean(points[name]):.4f}" if points[name] else "" for name in ("F1", "A", "B")]
    facts_right = [
        f"{sum(points[name]):.0f}/{len(points[name])}" if points[name] else ""
        for name in ("title", "author", "date")
    ]
    return [*texts, *segments, *facts_right]


def word_f1(expected: str, found: str) -> float:
    """Return the F1 of two bags of lower-case words; two empty texts agree."""
    left = Counter(_WORD.findall(expected.lower()))
    right = Counter(_WORD.findall(found.lower()))
    common = (left & right).total()
    if not left and not right:
        return 1.0
    return 2 * common / (left.total() + right.total())


def _expected(page: Page) -> Facts:
    authors = page.get("authors") or page.get("author") or page.get("byline") or ""
    written = ";".join(authors) if isinstance(authors, list) else authors
    values = {"title": page.get("title"), "author": written, "date": page.get("date")}
    return {name: str(value) for name, value in values.items() if value}


def _is_same(name: str, expected: str, found: str) -> bool:
    if name == "date":
        return expected[:10] == found
    if name == "author":
        return _names(expected) == _names(found)
    return _letters(expected) == _letters(found)


def _names(text: str) -> set[str]:
    return {_letters(one) for one in re.split(r"[;,&]| and | und | et ", text)} - {""}


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _half(page: Page) -> str:
    return "AB"[int(hashlib.sha256(page["key"].encode()).hexdigest(), 16) % 2]


def _address(page: Page) -> str | None:
    url = page.get("url") or ""
    return url if url.startswith("http") else None


if __name__ == "__main__":
    sys.exit(main())
