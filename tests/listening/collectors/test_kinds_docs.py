"""Every kind is in the table of kinds, and every link of the table leads to a page."""

import re
from pathlib import Path

from listening.model import SourceKind

DOCS = Path(__file__).parents[3] / "docs" / "kinds"


def test_the_table_names_every_kind_once() -> None:
    table = (DOCS / "README.md").read_text(encoding="utf-8")

    rows = re.findall(r"^\| (?:\[)?`(\w+)`", table, flags=re.MULTILINE)

    assert sorted(rows) == sorted(SourceKind)


def test_every_page_of_a_kind_is_linked() -> None:
    table = (DOCS / "README.md").read_text(encoding="utf-8")

    pages = {path.stem for path in DOCS.glob("*.md")} - {"README"}

    assert set(re.findall(r"\]\((\w+)\.md\)", table)) == pages
    assert pages <= set(SourceKind)
