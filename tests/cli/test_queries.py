"""``vigie query`` and ``vigie mentions verdict``: trying before changing client.yaml."""

import json
import shutil
from pathlib import Path

import pytest

from listening.config.load import load_client
from listening.jobs.context import ClientPaths
from listening.model import Hit
from storage.actions import ActionKind, MentionAction, record_action
from storage.engine import open_writer
from storage.loading import load_batch, load_tagged
from storage.publish import publish
from tests.builders import NOW, make_batch, make_document, make_mention, make_tagged
from tests.cli.conftest import TITLES, Vigie

BRAND = "oeuf-a-la-coque"
FIRST = f"{0:032x}"


@pytest.mark.usefixtures("bistrot")
def test_a_wrong_query_shows_where_and_what_to_write(vigie: Vigie) -> None:
    answer = vigie("query", "check", "--query", "œuf && (coque OU chef", code=2)

    line, caret, message, hint = answer.err.splitlines()
    assert line[caret.index("^") :].startswith("&&")
    assert message.startswith("&& n'est pas un opérateur ici")
    assert "ET" in hint


@pytest.mark.usefixtures("bistrot")
def test_a_query_is_read_before_anything_is_published(vigie: Vigie) -> None:
    answer = vigie("query", "check", "-q", "oeuf coque or chef")

    assert "comprise ainsi\xa0: oeuf ET coque ET or ET chef" in answer.out
    assert "or en minuscules est un mot du texte" in answer.out
    assert "Rien n'est encore publié" in answer.out


@pytest.mark.usefixtures("published")
def test_check_counts_what_is_found_and_what_is_kept_out(vigie: Vigie) -> None:
    query = '"œuf à la coque" ET salle SAUF titre:parfait'

    (row,) = vigie("query", "check", "-q", query, "--json").rows()

    assert row["documents"] == len(TITLES)
    assert row["found"]["count"] == len(TITLES) - 1
    assert row["excluded"]["samples"][0]["note"] == "not: SAUF titre:parfait"
    assert row["by_term"] == {"œuf à la coque": len(TITLES) - 1}
    assert "[Œuf à la Coque]" in row["found"]["samples"][0]["excerpt"]


@pytest.mark.usefixtures("published")
def test_check_of_a_brand_with_terms_only(vigie: Vigie) -> None:
    answer = vigie("query", "check", BRAND)

    assert "trouvée par ses termes" in answer.out
    assert f"{len(TITLES)} sur {len(TITLES)} documents" in answer.out


@pytest.mark.usefixtures("published")
def test_a_brand_nobody_watches_is_named(vigie: Vigie) -> None:
    answer = vigie("query", "check", "inconnue", code=2)

    assert "il n'y a pas de marque inconnue" in answer.err and BRAND in answer.err


def test_diff_says_what_changes_and_whose_verdicts_it_overturns(
    vigie: Vigie, published: ClientPaths
) -> None:
    vigie("mentions", "verdict", FIRST, BRAND, "relevant", "--by", "camille")

    query = '"œuf à la coque" SAUF titre:parfait'
    (row,) = vigie("query", "diff", BRAND, "-q", query, "--json").rows()

    assert (row["kept"]["count"], row["gained"]["count"]) == (len(TITLES) - 1, 0)
    assert [one["document_id"] for one in row["lost"]["samples"]] == [FIRST]
    assert row["overturned"]["samples"][0]["note"] == "relevant"
    with open_writer(published.writer) as warehouse:
        actions = warehouse.execute("SELECT kind, value, actor FROM fct_mention_actions").fetchall()
    assert actions == [("relevance", "true", "camille")]


@pytest.mark.usefixtures("published")
def test_diff_with_the_published_watchlist_finds_nothing_new(vigie: Vigie) -> None:
    (row,) = vigie("query", "diff", BRAND, "--json").rows()

    assert (row["kept"]["count"], row["gained"]["count"], row["lost"]["count"]) == (4, 0, 0)


@pytest.mark.usefixtures("published")
def test_a_verdict_can_be_taken_back(vigie: Vigie) -> None:
    relevance = "SELECT human_is_relevant AS said FROM fct_mentions ORDER BY document_id LIMIT 1"

    vigie("mentions", "verdict", FIRST, BRAND, "irrelevant")
    (said,) = vigie("sql", "--json", relevance).rows()
    vigie("mentions", "verdict", FIRST, BRAND, "none")
    (after,) = vigie("sql", "--json", relevance).rows()

    assert (said["said"], after["said"]) == (False, None)


@pytest.mark.usefixtures("published")
def test_too_few_verdicts_teach_nothing(vigie: Vigie) -> None:
    vigie("mentions", "verdict", FIRST, BRAND, "relevant")

    answer = vigie("query", "learn", BRAND, code=1)

    assert "il en faut au moins 20" in answer.err


@pytest.mark.usefixtures("published")
def test_a_verdict_on_a_document_without_the_brand_is_refused(vigie: Vigie) -> None:
    answer = vigie("mentions", "verdict", "f" * 32, BRAND, "relevant", code=2)

    assert "ne mentionne" in answer.err


@pytest.mark.usefixtures("published")
def test_forgetting_what_was_never_learnt_is_no_error(vigie: Vigie) -> None:
    assert "rien n'avait été appris" in vigie("query", "learn", BRAND, "--forget").out


def test_json_is_one_line(vigie: Vigie, published: ClientPaths) -> None:
    assert published.snapshot.exists()

    assert json.loads(vigie("query", "check", BRAND, "--json").out)["brand"] == BRAND


def test_twenty_verdicts_teach_what_a_homonym_is(
    vigie: Vigie, root: Path, bistrot: Path, night_template: Path
) -> None:
    """The whole way: verdicts in the warehouse, a model as JSON, and forgetting it again."""
    paths = ClientPaths(root / "var" / "data" / bistrot.name)
    shutil.copytree(night_template, paths.root, symlinks=True)
    places = ("le chef du restaurant et sa salle", "la recette, trois minutes de cuisson")
    with open_writer(paths.writer) as warehouse:
        brands = load_client(bistrot).brands
        documents = [
            make_document(n, title="", text=f"l'œuf à la coque : {places[n % 2]} {n}")
            for n in range(100, 124)
        ]
        load_batch(warehouse, make_batch(*documents), now=NOW)
        hit = Hit(brand_id=BRAND, start=0, end=16, term="oeuf")
        tagged = [
            make_tagged(one, make_mention(n, hits=(hit,))) for n, one in enumerate(documents, 100)
        ]
        load_tagged(warehouse, tagged, brands=brands, now=NOW)
        for n, one in enumerate(documents):
            action = MentionAction(
                document_id=one.document_id,
                brand_id=BRAND,
                kind=ActionKind.RELEVANCE,
                value="false" if n % 2 else "true",
                actor="camille",
                acted_at=NOW,
            )
            record_action(warehouse, action)
    publish(paths.writer, paths.published, now=NOW)

    (row,) = vigie("query", "learn", BRAND, "--json").rows()

    assert (row["verdicts"], row["irrelevant"], row["removed_rightly"]) == (24, 12, row["removed"])
    assert row["removed"] > 6 and 0.5 < row["low"] < row["precision"] == 1.0
    assert json.loads(paths.relevance.read_text())["models"][0]["brand_id"] == BRAND
    assert "oublié" in vigie("query", "learn", BRAND, "--forget").out
    assert not paths.relevance.exists()
