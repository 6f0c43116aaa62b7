"""The demonstration's web over real HTTP: every format, every habit, every fault."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import feedparser
import httpx
import pytest

from listening.demo.feeds import item_url
from listening.demo.site import DemoSite, DemoSiteError
from listening.demo.world import DemoSource, FeedFormat, Quirk, demo_source, demo_sources

NOW = datetime(2026, 11, 20, 1, 14, tzinfo=UTC)
HEALTHY = [source for source in demo_sources() if source.fault is None]
XML = [source for source in HEALTHY if source.form is not FeedFormat.JSON]


@pytest.fixture(scope="module")
def site() -> Iterator[DemoSite]:
    with DemoSite(until=NOW, port=0, slow_s=0.3) as opened:
        yield opened


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as opened:
        yield opened


def shown(site: DemoSite, source: DemoSource) -> list[str]:
    """Return the guids that a source shows, newest first."""
    return [i.guid for i in reversed(site.items) if i.source_id == source.source_id]


def parsed(site: DemoSite, source_id: str, client: httpx.Client) -> feedparser.FeedParserDict:
    answer = client.get(site.url(source_id))
    headers = {"content-type": answer.headers["content-type"], "content-location": str(answer.url)}
    return feedparser.parse(answer.content, response_headers=headers)


def test_all_four_formats_and_all_habits_are_there() -> None:
    assert {source.form for source in HEALTHY} == set(FeedFormat)
    assert {quirk for source in HEALTHY for quirk in source.quirks} == set(Quirk)
    assert len(HEALTHY) >= 14


@pytest.mark.parametrize("source", XML, ids=lambda source: source.source_id)
def test_xml_feeds_are_well_formed_and_complete(
    source: DemoSource, site: DemoSite, client: httpx.Client
) -> None:
    feed = parsed(site, source.source_id, client)

    assert not feed.bozo
    assert feed.version == {"rdf": "rss10"}.get(source.form, source.form)
    assert len(feed.entries) == len(shown(site, source)) > 0
    if source.form is not FeedFormat.RDF:
        assert [entry.id for entry in feed.entries] == shown(site, source)
    for entry in feed.entries:
        assert entry.link.startswith("http://127.0.0.")
        assert entry.title
        assert entry.get("published_parsed") or entry.get("updated_parsed")


@pytest.mark.parametrize(
    "source",
    [source for source in HEALTHY if source.form is FeedFormat.JSON],
    ids=lambda source: source.source_id,
)
def test_json_feeds_are_complete(source: DemoSource, site: DemoSite, client: httpx.Client) -> None:
    feed = json.loads(client.get(site.url(source.source_id)).content)

    assert [item["id"] for item in feed["items"]] == shown(site, source)


def test_latin1_feed_keeps_ligatures_and_quotes(site: DemoSite, client: httpx.Client) -> None:
    answer = client.get(site.url("le-traboulin"))
    titles = [entry.title for entry in parsed(site, "le-traboulin", client).entries]

    assert b"ISO-8859-1" in answer.content[:60]
    assert "Œ".encode() not in answer.content
    assert any("Œuf" in title for title in titles)


def test_gzip_is_used_only_when_accepted(site: DemoSite, client: httpx.Client) -> None:
    url = site.url("miettes-de-canut")

    packed = client.get(url)
    plain = client.get(url, headers={"Accept-Encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content


def test_relative_links_stay_relative_in_the_bytes(site: DemoSite, client: httpx.Client) -> None:
    body = client.get(site.url("avis-de-table")).text

    assert "<link>/2026/" in body


def test_search_hits_carry_bold_titles_and_tracking(site: DemoSite, client: httpx.Client) -> None:
    body = client.get(site.url("veille-oeuf")).text

    assert "&lt;b&gt;" in body
    assert "utm_source=veille" in body


def test_every_link_opens_a_page_with_the_text(site: DemoSite, client: httpx.Client) -> None:
    for item in site.items[::20]:
        page = client.get(item_url(item, site.port))

        assert page.status_code == 200
        assert "<h1>" in page.text


@pytest.mark.parametrize("source", HEALTHY, ids=lambda source: source.source_id)
def test_a_second_visit_is_answered_304(
    source: DemoSource, site: DemoSite, client: httpx.Client
) -> None:
    first = client.get(site.url(source.source_id))

    by_tag = client.get(
        site.url(source.source_id), headers={"If-None-Match": first.headers["etag"]}
    )
    by_date = client.get(
        site.url(source.source_id),
        headers={"If-Modified-Since": first.headers["last-modified"]},
    )
    changed = client.get(
        site.url(source.source_id),
        headers={"If-None-Match": '"old"', "If-Modified-Since": first.headers["last-modified"]},
    )

    assert (by_tag.status_code, by_tag.content) == (304, b"")
    assert by_date.status_code == 304
    assert changed.status_code == 200, "If-None-Match goes before If-Modified-Since"


@pytest.mark.parametrize(
    ("source_id", "status"),
    [
        pytest.param("blog-efface", 404, id="gone-without-a-word"),
        pytest.param("forum-ferme", 410, id="gone-for-good"),
        pytest.param("serveur-deborde", 503, id="busy"),
    ],
)
def test_faulty_sites_answer_their_status(
    source_id: str, status: int, site: DemoSite, client: httpx.Client
) -> None:
    answer = client.get(site.url(source_id))

    assert answer.status_code == status
    assert ("retry-after" in answer.headers) is (status == 503)


def test_the_dead_host_refuses(site: DemoSite, client: httpx.Client) -> None:
    with pytest.raises(httpx.ConnectError):
        client.get(site.url("hote-mort"))


def test_the_slow_host_is_slow_but_whole(site: DemoSite, client: httpx.Client) -> None:
    begun = time.monotonic()

    feed = parsed(site, "radio-quenelle", client)

    assert time.monotonic() - begun >= 0.3
    assert len(feed.entries) == len(shown(site, demo_source("radio-quenelle")))


def test_the_broken_feed_stops_in_the_middle_but_gives_most(
    site: DemoSite, client: httpx.Client
) -> None:
    feed = parsed(site, "bulletin-des-halles", client)

    assert feed.bozo
    assert all(entry.id and entry.published_parsed for entry in feed.entries)
    assert 0 < len(feed.entries) < len(shown(site, demo_source("bulletin-des-halles")))


def test_a_page_is_no_feed(site: DemoSite, client: httpx.Client) -> None:
    answer = client.get(site.url("site-refondu"))

    assert answer.headers["content-type"].startswith("text/html")
    assert not feedparser.parse(answer.content).entries


def test_only_one_site_refuses_robots(site: DemoSite, client: httpx.Client) -> None:
    rules = {
        source.source_id: client.get(f"http://{source.host}:{site.port}/robots.txt").text
        for source in [*HEALTHY, demo_source("robots-non-merci")]
    }

    assert [name for name, text in rules.items() if "Disallow: /" in text] == ["robots-non-merci"]


def test_visits_are_logged_with_their_headers(site: DemoSite, client: httpx.Client) -> None:
    client.get(site.url("tablier-bleu"), headers={"User-Agent": "Vigie/test"})

    visit = site.visits[-1]
    assert (visit.host, visit.path, visit.status) == ("127.0.0.13", "/feed.xml", 200)
    assert visit.headers["user-agent"] == "Vigie/test"


def test_the_next_day_changes_the_feeds(client: httpx.Client) -> None:
    with DemoSite(until=NOW, port=0) as site:
        before = client.get(site.url("forum-des-pentes"))

        site.show(NOW + timedelta(days=1))

        after = client.get(
            site.url("forum-des-pentes"), headers={"If-None-Match": before.headers["etag"]}
        )
    assert after.status_code == 200
    assert after.content != before.content


def test_a_taken_port_is_said(site: DemoSite) -> None:
    with pytest.raises(DemoSiteError, match=str(site.port)), DemoSite(until=NOW, port=site.port):
        pass


def test_closing_does_not_wait_for_the_slow_site() -> None:
    begun = time.monotonic()

    with DemoSite(until=NOW, port=0, slow_s=30) as site, pytest.raises(httpx.ReadTimeout):
        httpx.get(site.url("radio-quenelle"), timeout=0.1, trust_env=False)

    assert time.monotonic() - begun < 5
