"""Feeds of the wild through whole nights: every item counted, tagged, and every fault named.

A client listens to the feeds of the shared collection, served over real HTTP, and watches the names
that occur most in them.
"""

import gzip
import json
import logging
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from listening.collectors import faults
from listening.collectors.feed import read_feed
from listening.collectors.identity.identity import identities
from listening.config.field import slug_of
from listening.errors import UnreadableSourceError
from listening.jobs.context import utc_now
from listening.model import RawDocument
from tests.builders import write_client
from tests.http_server import HttpServer, Page
from tests.integration.home import CHECKOUT, Home, rows

FEEDS = Path(os.environ.get("VIGIE_SHARED", CHECKOUT.parent / "shared")) / "collect" / "feeds"
EXPECTED = FEEDS / "expected.jsonl"

pytestmark = pytest.mark.skipif(not EXPECTED.exists(), reason="the shared feeds are not here")

log = logging.getLogger(__name__)

#: Feeds whose number of items is not the gold one, with the reason. There is none.
EXCEPTIONS: Mapping[str, str] = {}

#: Addresses that share the work: one pace is kept per host and port.
_HOST_COUNT = 8
_BRAND_COUNT = 8
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")
_WORD = re.compile(r"\b[a-z]{4,}\b")
_CONTENT_TYPES = {".json": "application/feed+json", ".rss": "application/rss+xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One file of the collection."""

    source_id: str
    name: str
    body: bytes
    item_count: int | None  # gold; None where there is none

    @property
    def content_type(self) -> str:
        return _CONTENT_TYPES.get(Path(self.name).suffix, "application/xml")

    def documents(self, now: datetime, *, url: str | None = None) -> Sequence[RawDocument]:
        """Return what our reader finds, without server, storage or limits."""
        try:
            reading = read_feed(self.body, content_type=self.content_type, url=url, now=now)
        except UnreadableSourceError:
            return ()
        return reading.documents


def load_feeds() -> list[Feed]:
    """Return every feed of the collection."""
    with EXPECTED.open(encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    return [
        Feed(
            source_id=f"feed-{number:04d}",
            name=case["file"],
            body=body_of(FEEDS / case["file"]),
            item_count=case.get("n_entries"),
        )
        for number, case in enumerate(cases)
    ]


def body_of(path: Path) -> bytes:
    if path.exists():
        return path.read_bytes()
    return gzip.decompress(path.with_name(path.name + ".gz").read_bytes())


def frequent_names(documents: Sequence[RawDocument]) -> list[str]:
    """Return the words most documents write with a capital, and fewer without."""
    capitals = Counter(name for one in documents for name in set(_NAME.findall(one.text)))
    small = Counter(word for one in documents for word in set(_WORD.findall(one.text)))
    names = (name for name, count in capitals.most_common() if count > small[name.lower()])
    return list(islice(names, _BRAND_COUNT))


@contextmanager
def night_over(feeds: Sequence[Feed], brands: Sequence[str], root: Path) -> Iterator[Home]:
    """Run a whole night of a client that listens to these feeds."""
    with ExitStack() as stack:
        servers = [stack.enter_context(HttpServer()) for _ in range(_HOST_COUNT)]
        sources = []
        for number, feed in enumerate(feeds):
            server = servers[number % _HOST_COUNT]
            path = f"/{feed.source_id}"
            server.pages[path] = Page(body=feed.body, headers={"Content-Type": feed.content_type})
            sources.append(
                {
                    "id": feed.source_id,
                    "kind": "feed",
                    "url": server.url(path),
                    "type": "press",
                    "title": feed.name,
                }
            )
        home = Home(root)
        write_client(
            home.clients / "monde",
            client=client_yaml(brands),
            sources=json.dumps({"sources": sources}),
            alerts=json.dumps({"rules": [{"id": "pic", "kind": "negative_spike"}]}),
        )
        home.nightly(utc_now(), "--client", "monde")
        yield home


def client_yaml(brands: Sequence[str]) -> str:
    """Return a client.yaml; JSON is YAML."""
    listed: list[dict[str, Any]] = [
        {"id": slug_of(name), "name": name, "role": "competitor" if number else "own"}
        for number, name in enumerate(brands)
    ]
    return json.dumps(
        {
            "client": "monde",
            "name": "Le monde réel",
            "contact": "mailto:camille@exemple.example",
            "brands": listed,
            "recipients": [{"address": "camille@exemple.example"}],
            "collect": {
                "allow_hosts": ["127.0.0.1"],
                "per_host_interval_s": 0,
                "batch_size": 500,
                "max_dead_share": 1.0,
            },
        }
    )


def require_exact_accounting(home: Home, feeds: Sequence[Feed]) -> None:
    """Require that every item shown is stored, or is a repeat that can be named.

    An item is not stored a second time when its feed shows it twice (one identity), nor when it is
    void (no title, text or address); a document that several feeds carry is stored once.
    """
    visits = visit_counts(home)
    address_of = dict(rows(home.data("monde").writer, "SELECT source_id, url FROM dim_sources"))
    wrong = {}
    stored: set[str] = set()
    for feed in feeds:
        shown = feed.documents(utc_now(), url=address_of[feed.source_id])
        ids = identities(shown, source_id=feed.source_id, seen={}, shared_urls=frozenset())
        landed = {
            document_id
            for document_id, document in zip(ids.document_ids, shown, strict=True)
            if document.title or document.text or document.url
        }
        stored |= landed
        if visits[feed.source_id] != (len(shown), len(landed)):
            wrong[feed.name] = visits[feed.source_id], (len(shown), len(landed))
    assert wrong == {}
    found = rows(home.data("monde").writer, "SELECT document_id FROM fct_documents")
    assert {document_id for (document_id,) in found} == stored
    log.info(
        "%d feeds: %d items shown, %d landed, %d stored",
        len(feeds),
        sum(shown_count for shown_count, _ in visits.values()),
        sum(landed_count for _, landed_count in visits.values()),
        len(stored),
    )


def visit_counts(home: Home) -> dict[str, tuple[int, int]]:
    """Return how many items each source showed, and how many of them were new."""
    visits = rows(
        home.data("monde").writer,
        "SELECT source_id, document_count, new_count FROM fct_source_runs",
    )
    return {source_id: (shown, new) for source_id, shown, new in visits}


def require_gold_counts(home: Home, feeds: Sequence[Feed]) -> None:
    """Require that each feed showed as many items as its gold says."""
    visits = visit_counts(home)
    assert {
        feed.name: (visits[feed.source_id][0], feed.item_count)
        for feed in feeds
        if feed.item_count is not None
        and feed.item_count != visits[feed.source_id][0]
        and feed.name not in EXCEPTIONS
    } == {}


def require_named_faults(home: Home) -> Counter[str]:
    """Require that every reason and fault is a word of the vocabulary; return how often each is."""
    found: Counter[str] = Counter()
    for reason, words in rows(
        home.data("monde").writer, "SELECT reason, faults FROM fct_source_runs"
    ):
        found.update([*words, *([reason] if reason else [])])
    for word in found:
        assert faults.explain(word)
    assert not {faults.PARSER_CRASHED, faults.PARSE_TIMEOUT, faults.PARSE_MEMORY} & set(found)
    log.info("faults: %s", dict(found.most_common()))
    return found


@pytest.fixture(scope="module")
def real_night(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Home, list[Feed], list[str]]]:
    """A night over the real-world feeds whose number of items is known."""
    feeds = [
        feed
        for feed in load_feeds()
        if feed.name.startswith("realworld/") and feed.item_count is not None
    ]
    brands = frequent_names([one for feed in feeds for one in feed.documents(utc_now())])
    log.info("watchlist: %s", brands)
    with night_over(feeds, brands, tmp_path_factory.mktemp("real") / "home") as home:
        yield home, feeds, brands


def test_every_item_of_the_real_feeds_is_counted(
    real_night: tuple[Home, list[Feed], list[str]],
) -> None:
    home, feeds, _ = real_night

    require_gold_counts(home, feeds)

    assert len(feeds) >= 40


def test_every_document_of_the_real_feeds_is_stored_once(
    real_night: tuple[Home, list[Feed], list[str]],
) -> None:
    home, feeds, _ = real_night

    require_exact_accounting(home, feeds)


def test_the_names_that_occur_most_become_mentions(
    real_night: tuple[Home, list[Feed], list[str]],
) -> None:
    home, _, brands = real_night
    texts = rows(home.data("monde").snapshot, "SELECT title || chr(10) || text FROM fct_documents")

    mentions = dict(
        rows(
            home.data("monde").snapshot,
            "SELECT brand_id, count(*) FROM fct_mentions GROUP BY brand_id",
        )
    )

    for brand in brands:
        named = sum(re.search(rf"\b{brand}\b", text) is not None for (text,) in texts)
        assert mentions[slug_of(brand)] >= named > 0, brand
    log.info("mentions: %s", mentions)


def test_every_fault_of_the_real_feeds_is_named(
    real_night: tuple[Home, list[Feed], list[str]],
) -> None:
    home, _, _ = real_night

    require_named_faults(home)

    statuses = rows(home.data("monde").writer, "SELECT DISTINCT status FROM fct_source_runs")
    assert statuses == [("ok",)]


def test_a_night_over_the_whole_collection_stores_all_that_can_be_read(tmp_path: Path) -> None:
    feeds = load_feeds()
    with night_over(feeds, ["Example", "Mark", "Python"], tmp_path / "home") as home:
        require_gold_counts(home, feeds)
        require_exact_accounting(home, feeds)
        found = require_named_faults(home)

    assert len(feeds) >= 900
    assert found[faults.MALFORMED_XML] > 0
