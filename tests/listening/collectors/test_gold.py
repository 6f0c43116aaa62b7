"""Feeds of the wild with known contents, where the shared collection lies beside the checkout."""

import gzip
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from listening.collectors.feed import read_feed
from listening.errors import UnreadableSourceError
from listening.model import Reading
from tests.builders import NOW

CHECKOUT = Path(__file__).resolve().parents[3]
FEEDS = Path(os.environ.get("VIGIE_SHARED", CHECKOUT.parent / "shared")) / "collect" / "feeds"
EXPECTED = FEEDS / "expected.jsonl"

pytestmark = pytest.mark.skipif(not EXPECTED.exists(), reason="the shared feeds are not here")


@cache
def cases() -> list[dict[str, Any]]:
    with EXPECTED.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@cache
def reading_of(name: str, url: str | None) -> Reading | UnreadableSourceError:
    path = FEEDS / name
    packed = path.with_name(path.name + ".gz")
    body = path.read_bytes() if path.exists() else gzip.decompress(packed.read_bytes())
    try:
        return read_feed(body, url=url, now=NOW)
    except UnreadableSourceError as error:
        return error


def test_no_feed_crashes_the_reader() -> None:
    readings = [reading_of(case["file"], case.get("url")) for case in cases()]

    refused = [reading for reading in readings if isinstance(reading, UnreadableSourceError)]
    assert len(readings) == len(cases())
    assert len(refused) <= 0.03 * len(readings)  # OpenSearch descriptions and the like


def test_every_item_is_found() -> None:
    wrong = []
    for case in cases():
        expected = case.get("n_entries")
        reading = reading_of(case["file"], case.get("url"))
        found = len(reading.documents) if isinstance(reading, Reading) else -1
        if expected is not None and found != expected:
            wrong.append((case["file"], expected, found))

    assert wrong == []


def test_titles_links_and_authors_are_those_of_feed_rs() -> None:
    wrong: list[tuple[object, ...]] = []
    for case in (case for case in cases() if case["source"] == "feed-rs"):
        reading = reading_of(case["file"], case.get("url"))
        assert isinstance(reading, Reading)
        for gold, document in zip(case["entries"], reading.documents, strict=True):
            if gold["title"] and " ".join(gold["title"].split()) != document.title:
                wrong.append((case["file"], gold["title"], document.title))
            if gold["links"] and document.url not in gold["links"]:
                wrong.append((case["file"], gold["links"], document.url))
            if bool(gold["authors"]) and not document.author:
                wrong.append((case["file"], gold["authors"], document.author))

    assert wrong == []
