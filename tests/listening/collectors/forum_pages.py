"""Pages of forums for tests: recorded ones beside the checkout, our own of other engines."""

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from listening.collectors.registry import WALKS
from listening.collectors.walk import Page, PageRequest, Step
from listening.model import SourceKind
from tests.builders import NOW

RECORDED = Path(__file__).parents[4] / "shared" / "collect" / "forums"
WRITTEN = Path(__file__).parents[2] / "fixtures" / "forums"

with_recorded = pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded pages are not beside this checkout"
)


def recorded(name: str) -> bytes:
    """Return a recorded page, unpacked."""
    body = (RECORDED / name).read_bytes()
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def written(name: str) -> bytes:
    return (WRITTEN / name).read_bytes()


def gold() -> list[dict[str, Any]]:
    lines = (RECORDED / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read_page(
    kind: SourceKind,
    body: bytes,
    *,
    url: str = "",
    role: str | None = None,
    now: datetime = NOW,
    memory: dict[str, str] | None = None,
    **context: str,
) -> Step:
    """Read one page as the walk of a kind does."""
    walk = WALKS[kind]
    request = PageRequest(url=url, role=role or walk.role_of(body, url), context=context)
    return walk.read(Page(request=request, url=url, body=body), memory or {}, now=now)
