"""Every kind is in the table of kinds, and every link of the table leads to a page."""

import re
from pathlib import Path

from listening.model import SourceKind

DOCS = Path(__file__).parents[3] / "docs" / "kinds"
TESTS = Path(__file__).parents[2]


def test_the_table_names_every_kind_once() -> None:
    table = (DOCS / "README.md").read_text(encoding="utf-8")

    rows = re.findall(r"^\| (?:\[)?`(\w+)`", table, flags=re.MULTILINE)

    assert sorted(rows) == sorted(SourceKind)


def test_every_page_of_a_kind_is_linked() -> None:
    table = (DOCS / "README.md").read_text(encoding="utf-8")

    pages = {path.stem for path in DOCS.glob("*.md")} - {"README"}

    assert set(re.findall(r"\]\((\w+)\.md\)", table)) == pages
    assert pages <= set(SourceKind)


def test_every_recorded_case_that_is_named_exists() -> None:
    table = (DOCS / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+\.py)(?:::(test_\w+))?`", table))

    missing = [
        f"{file}::{name}"
        for file, name in named
        if not any(f"def {name}" in path.read_text(encoding="utf-8") for path in TESTS.rglob(file))
    ]

    assert named
    assert missing == []


def test_every_platform_of_the_recipes_is_in_the_table() -> None:
    table = (DOCS / "README.md").read_text(encoding="utf-8")
    names = "Alerts|Google News|Bing News|YouTube|Flickr|Pinterest|Scoop.it|Mastodon|Bluesky|Reddit"
    more = "Medium|Tumblr|Substack|OPML|CSV, Excel|JSON lines|mailbox|WARC"

    assert [name for name in f"{names}|{more}".split("|") if name not in table] == []
