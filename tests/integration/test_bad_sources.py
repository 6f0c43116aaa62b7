"""One night over everything that can be wrong with a source: named, bounded, harmless to others."""

import json
import resource
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from listening.collectors import faults
from tests.builders import write_client
from tests.http_server import HttpServer
from tests.integration import bad_sources
from tests.integration.bad_sources import ALL, DEAD, GOOD, BadSource
from tests.integration.home import Home, rows, this_minute

DEAD_SHARE = len(DEAD) / len(ALL)

#: The slowest source is the one that is stopped while it is read, after 10 s; loaded machines are
#: slower, and all of it must end long before a person would ask.
NIGHT_LIMIT_S = 90.0
#: A night with every model in memory has some 500 MB; the bodies offered add up to 10 GB.
MEMORY_LIMIT_KB = 1_500_000

CLIENT = """\
client: mauvais
name: "Mauvaises sources"
contact: mailto:camille@exemple.example
brands:
  - {id: oeuf-a-la-coque, name: "L'Œuf à la Coque", role: own}
recipients:
  - {address: "camille@exemple.example"}
collect:
  allow_hosts: ["127.0.0.1"]
  per_host_interval_s: 0
"""

_VISITS = """
SELECT source_id, status, reason, faults, is_used_up, count(document_id)
FROM fct_source_runs LEFT JOIN fct_document_sources USING (source_id)
GROUP BY ALL
"""


@dataclass
class BadNight:
    """The home after the night, and how long it took."""

    home: Home
    now: datetime
    limits: str
    seconds: float
    summary: dict[str, Any]
    #: Status, reason, faults, whether a budget cut it short, and documents stored, by source.
    visits: dict[str, tuple[Any, ...]]

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        return rows(self.home.data("mauvais").writer, sql, *parameters)

    def allow(self, dead_share: float) -> None:
        """Write the client's file anew with another ``max_dead_share``."""
        path = self.home.clients / "mauvais" / "client.yaml"
        path.write_text(f"{CLIENT}{self.limits}  max_dead_share: {dead_share}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BadNight]:
    now = this_minute()
    limits = (
        f"  timeout_s: {bad_sources.TIMEOUT_S}\n"
        f"  max_body_mb: {bad_sources.MAX_BODY_MB}\n"
        f"  max_documents: {bad_sources.MAX_DOCUMENTS}\n"
    )
    with ExitStack() as stack:
        sources = []
        for source in ALL:  # each at a port of its own: one host's pace does not slow another
            server = stack.enter_context(HttpServer({"/feed": source.served}))
            sources.append(
                {
                    "id": source.source_id,
                    "kind": "feed",
                    "url": server.url("/feed"),
                    "type": "press",
                }
            )
        home = Home(tmp_path_factory.mktemp("bad") / "home")
        write_client(
            home.clients / "mauvais",
            client=f"{CLIENT}{limits}  max_dead_share: {DEAD_SHARE}\n",
            sources=json.dumps({"sources": sources}),
        )
        started = time.monotonic()
        done = home.vigie("nightly", "--json", "--now", now.isoformat())
        seconds = time.monotonic() - started
        visits = {
            source_id: tuple(visit)
            for source_id, *visit in rows(home.data("mauvais").writer, _VISITS)
        }
        yield BadNight(home, now, limits, seconds, json.loads(done.stdout), visits)


def test_the_night_ends_in_time_and_in_bounds(night: BadNight) -> None:
    assert night.seconds < NIGHT_LIMIT_S
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MEMORY_LIMIT_KB


@pytest.mark.parametrize("source", ALL, ids=lambda source: source.source_id)
def test_each_source_is_recorded_under_its_name(night: BadNight, source: BadSource) -> None:
    status, reason, words, is_used_up, document_count = night.visits[source.source_id]

    assert (status, reason, tuple(words)) == (source.status, source.reason, source.faults)
    assert document_count == source.document_count
    assert is_used_up == (source.source_id == "too-many-items")
    for word in [*words, *([reason] if reason else [])]:
        assert faults.explain(word)


def test_good_sources_are_stored_among_the_bad(night: BadNight) -> None:
    for source in GOOD:
        assert night.rows(
            "SELECT count(*) FROM fct_documents WHERE source_id = $1", source.source_id
        ) == [(source.document_count,)]


def test_no_rubbish_is_stored(night: BadNight) -> None:
    texts = night.rows("SELECT title, text, published_at FROM fct_documents")

    for title, text, published_at in texts:
        assert not {chr(0), chr(7)} & set(title + text)
        assert len(title) <= 500
        assert len(text) <= 100_000
        assert "steal()" not in text
        assert "root:" not in title
        assert "lollol" not in title
        assert published_at is None or published_at <= night.now
    assert sum(title == "Un œuf à la coque" for title, _, _ in texts) == 2  # whatever the charset
    # The only page that names the brand is no feed.
    assert night.rows("SELECT count(*) FROM fct_mentions") == [(0,)]


def test_the_dead_share_is_recorded(night: BadNight) -> None:
    assert night.summary["sources_planned"] == len(ALL)
    assert night.summary["sources_read"] == len(ALL) - len(DEAD)
    assert night.rows(
        "SELECT count(*) FILTER (status NOT IN ('ok', 'unchanged')), count(*) FROM fct_source_runs"
    ) == [(len(DEAD), len(ALL))]


def test_the_run_fails_above_the_allowed_share_only(night: BadNight) -> None:
    """The night above was allowed exactly its share of dead sources; now a little less is."""
    night.allow(round(DEAD_SHARE - 0.01, 3))
    snapshot = night.home.data("mauvais").snapshot
    snapshot.unlink()

    done = night.home.vigie("nightly", "--json", "--now", night.now.isoformat(), code=1)

    assert f"{len(DEAD)} sources sur {len(ALL)} en échec" in done.stderr
    assert json.loads(done.stdout)["sources_read"] == len(ALL) - len(DEAD)
    # The rest is stored and published all the same.
    assert snapshot.exists()


def test_the_list_of_bad_sources_is_whole() -> None:
    """Every kind of bad input that the project promises to survive has its source here."""
    assert {source.source_id for source in ALL} >= {
        "malformed-xml",
        "wrong-charset",
        "missing-charset",
        "html-page",
        "empty-body",
        "gzip-bomb",
        "entity-bomb",
        "5-gb",
        "endless-redirects",
        "huge-title",
        "future-date",
        "no-id-no-link",
        "nul-bytes",
        "one-id-two-items",
    }
