"""``vigie sources``: list, try, keep and check the places we listen to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from listening.config.load import load_client
from tests.builders import CLIENT_YAML, write_client
from tests.cli.conftest import Vigie
from tests.http_server import HttpServer, Page
from tests.listening.collectors.feed_bodies import rss_of

COMMENT = "# Mes adresses, dans mon ordre."


@pytest.fixture
def server() -> Iterator[HttpServer]:
    feed = Page(body=rss_of(3), headers={"Content-Type": "application/rss+xml"})
    with HttpServer({"/feed": feed}) as running:
        yield running


@pytest.fixture
def folder(root: Path, server: HttpServer) -> Path:
    """Return a client with one good and one dead source on this machine."""
    return write_client(
        root / "clients" / "bistrot",
        client=CLIENT_YAML.replace("NAME", "bistrot")
        + 'collect: {allow_hosts: ["127.0.0.1"], per_host_interval_s: 0}\n',
        sources=(
            f"{COMMENT}\nsources:\n"
            f'  - {{id: gazette, kind: feed, url: "{server.url("/feed")}", type: press}}\n'
            f'  - {{id: morte, kind: feed, url: "{server.url("/rien")}", type: blog}}\n'
        ),
    )


def test_list_prints_a_table_or_lines_of_json(vigie: Vigie, folder: Path) -> None:
    table = vigie("sources", "list")
    rows = vigie("sources", "list", "--json").rows()

    assert "gazette" in table.out and "/rien" in table.out
    assert [(row["source_id"], row["kind"], row["type"]) for row in rows] == [
        ("gazette", "feed", "press"),
        ("morte", "feed", "blog"),
    ]
    assert folder.is_dir()


@pytest.mark.usefixtures("folder")
def test_check_visits_now_and_says_how_each_one_is(vigie: Vigie, root: Path) -> None:
    answer = vigie("sources", "check", code=1)
    rows = {row["source_id"]: row for row in vigie("sources", "check", "--json", code=1).rows()}

    assert "✔" in answer.out and "✘" in answer.out and "http_404" in answer.out
    assert (rows["gazette"]["status"], rows["gazette"]["documents"]) == ("ok", 3)
    assert (rows["morte"]["status"], rows["morte"]["reason"]) == ("failed", "http_404")
    assert not list((root / "var").rglob("*.duckdb")), "nothing is stored"


@pytest.mark.usefixtures("folder")
def test_check_of_good_sources_only_is_a_success(vigie: Vigie) -> None:
    (row,) = vigie("sources", "check", "--json", "gazette").rows()

    assert row["status"] == "ok"


@pytest.mark.usefixtures("folder")
def test_check_of_an_unknown_source_is_a_usage_error(vigie: Vigie) -> None:
    answer = vigie("sources", "check", "gazete", code=2)

    assert "gazete" in answer.err and "gazette" in answer.err


def test_add_keeps_what_gives_documents_and_leaves_the_file_as_it_was(
    vigie: Vigie, folder: Path, server: HttpServer
) -> None:
    server.pages["/autre"] = server.pages["/feed"]
    before = (folder / "sources.yaml").read_text(encoding="utf-8")

    answer = vigie("sources", "add", server.url("/autre"), "--id", "autre", "--type", "review")

    assert "autre" in answer.out
    added = load_client(folder).sources[-1]
    assert (added.source_id, added.url, added.source_type) == (
        "autre",
        server.url("/autre"),
        "review",
    )
    assert (folder / "sources.yaml").read_text(encoding="utf-8").startswith(before.rstrip())


def test_add_does_not_keep_what_gives_nothing_unless_forced(
    vigie: Vigie, folder: Path, server: HttpServer
) -> None:
    before = (folder / "sources.yaml").read_bytes()

    refused = vigie("sources", "add", server.url("/vide"), "--id", "vide", code=1)

    assert "--force" in refused.err
    assert (folder / "sources.yaml").read_bytes() == before
    vigie("sources", "add", server.url("/vide"), "--id", "vide", "--force")
    assert load_client(folder).sources[-1].source_id == "vide"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("ftp://a.example/feed",), "ftp://a.example/feed", id="no-web-address"),
        pytest.param(("KNOWN",), "gazette", id="known-already"),
        pytest.param(("NEW", "--id", "morte"), "morte", id="id-taken"),
        pytest.param(("NEW", "--type", "journal"), "journal", id="no-type"),
    ],
)
def test_add_refuses_what_cannot_be_a_source(
    vigie: Vigie, folder: Path, server: HttpServer, words: tuple[str, ...], said: str
) -> None:
    addresses = {"KNOWN": server.url("/feed"), "NEW": server.url("/autre")}
    before = (folder / "sources.yaml").read_bytes()

    answer = vigie("sources", "add", *(addresses.get(word, word) for word in words), code=2)

    assert said in answer.err
    assert (folder / "sources.yaml").read_bytes() == before
    assert server.requests == [], "nobody is disturbed for it"


@pytest.mark.usefixtures("folder")
def test_health_shows_who_is_ill_first_and_why(vigie: Vigie) -> None:
    vigie("nightly")

    table = vigie("sources", "health", code=1)
    rows = vigie("sources", "health", "--json", code=1).rows()

    assert next((row["source_id"], row["last_reason"]) for row in rows) == ("morte", "http_404")
    assert "en échec" in table.out and "http_404" in table.out
    assert {"habit_days", "silent_days", "next_fetch_at"} <= rows[0].keys()


@pytest.mark.usefixtures("folder")
def test_log_shows_what_a_site_was_asked_for(vigie: Vigie, server: HttpServer) -> None:
    server.pages["/robots.txt"] = Page(body=b"User-agent: *\nDisallow: /rien\n")
    vigie("nightly")

    table = vigie("sources", "log", "127.0.0.1")
    rows = vigie("sources", "log", server.url("/feed"), "--json").rows()
    nothing = vigie("sources", "log", "autre.example")

    asked = {(row["path"], row["status"], row["robots"]) for row in rows}
    assert asked == {
        ("/robots.txt", 200, "file"),
        ("/feed", 200, "allowed"),
        ("/rien", None, "refused"),
    }
    assert "/feed" in table.out and "interdit" in table.out
    assert nothing.out == "" and "autre.example" in nothing.err


@pytest.mark.usefixtures("folder")
def test_a_missing_list_of_subscriptions_is_named_without_advice_on_clients(
    vigie: Vigie, root: Path
) -> None:
    answer = vigie("sources", "import-opml", str(root / "abonnements.opml"), code=2)

    assert "abonnements.opml" in answer.err
    assert "vigie init" not in answer.err


@pytest.mark.usefixtures("folder")
def test_french_has_a_space_before_the_colon_after_a_source(vigie: Vigie) -> None:
    answer = vigie("nightly", "--all")

    assert "✘ morte\N{NO-BREAK SPACE}: " in answer.err + answer.out


def test_an_address_of_ones_own_network_is_refused_with_what_allows_it(
    vigie: Vigie, folder: Path, server: HttpServer
) -> None:
    path = folder / "client.yaml"
    path.write_text(path.read_text("utf-8").replace('["127.0.0.1"]', '["other.example"]'), "utf-8")

    for words in (("add", server.url("/autre")), ("check", "gazette")):
        answer = vigie("sources", *words, code=1)

        assert "address_forbidden" in answer.out.replace("\n", "")
        assert "allow_hosts" in answer.err


def test_a_client_without_sources_is_told_how_to_add_one(vigie: Vigie, folder: Path) -> None:
    (folder / "sources.yaml").write_text("sources: []\n", "utf-8")

    assert "vigie sources add" in vigie("sources", "check").err


@pytest.mark.usefixtures("folder")
def test_guesses_that_are_not_there_are_counted_not_listed(
    vigie: Vigie, server: HttpServer
) -> None:
    answer = vigie("sources", "add", server.url("/absente"), code=1)

    assert "autres adresses essayées" in answer.out
    assert answer.out.count("http_404") == 1
    assert "--force" in answer.err
