"""``vigie mentions`` and ``vigie retrain``: people overrule the model, teach it, and handle."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from listening.config.load import load_client
from listening.jobs.context import ClientPaths
from listening.model import Hit, Polarity
from storage.action_log import read_actions
from storage.actions import ActionKind, MentionAction, record_action
from storage.engine import open_writer
from storage.loading import load_batch, load_tagged
from storage.publish import publish
from tests.builders import NOW, make_batch, make_document, make_mention, make_tagged
from tests.cli.conftest import TITLES, Vigie, write_salt

BRAND = "oeuf-a-la-coque"
FIRST = f"{0:032x}"
SHOWN = (
    "FROM mentions SELECT polarity, model_polarity, is_human_labelled ORDER BY document_id LIMIT 1"
)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("said", ["positive", "mixed"])
def test_a_label_counts_instead_of_the_models(vigie: Vigie, said: str) -> None:
    answer = vigie("mentions", "label", FIRST, BRAND, said)

    (row,) = vigie("sql", "--json", SHOWN).rows()
    assert answer.out.strip() == "c'est noté"
    assert (row["polarity"], row["model_polarity"]) == (said, "negative")
    assert row["is_human_labelled"]


@pytest.mark.usefixtures("published")
def test_a_label_can_be_taken_back(vigie: Vigie) -> None:
    vigie("mentions", "label", FIRST, BRAND, "positive")
    vigie("mentions", "label", FIRST, BRAND, "none")

    (row,) = vigie("sql", "--json", SHOWN).rows()
    assert (row["polarity"], row["is_human_labelled"]) == ("negative", False)


def test_a_label_stays_when_the_mention_is_tagged_again(
    vigie: Vigie, published: ClientPaths, bistrot: Path
) -> None:
    vigie("mentions", "label", FIRST, BRAND, "positive", "--by", "camille")

    document = make_document(0, title=TITLES[0])
    again = make_tagged(
        document, make_mention(0, polarity=Polarity.MIXED), tagger_version="another"
    )
    with open_writer(published.writer) as warehouse:
        load_tagged(warehouse, [again], brands=load_client(bistrot).brands, now=NOW)
        found = warehouse.execute(
            "SELECT polarity, human_polarity, human_labelled_by FROM fct_mentions"
            " WHERE document_id = $1",
            [FIRST],
        ).fetchall()
    assert found == [("mixed", "positive", "camille")]


def test_every_word_of_everybody_is_kept_in_order(vigie: Vigie, published: ClientPaths) -> None:
    for minute, said in enumerate(("positive", "none", "mixed")):
        at = f"2026-11-20T02:0{minute}:00+01:00"
        vigie("mentions", "label", FIRST, BRAND, said, "--by", "camille", "--now", at)

    with open_writer(published.writer) as warehouse:
        actions = warehouse.execute(
            "SELECT kind, value, actor FROM fct_mention_actions ORDER BY acted_at"
        ).fetchall()
    assert actions == [("polarity", said, "camille") for said in ("positive", None, "mixed")]
    logged = read_actions(published.actions)
    assert [one.value for one in logged] == ["positive", None, "mixed"]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        pytest.param(("f" * 32, BRAND, "negative"), 2, "ne mentionne", id="no-mention"),
        pytest.param((FIRST[:9], BRAND, "negative"), 2, "plusieurs documents", id="several"),
        pytest.param((FIRST[:3], BRAND, "negative"), 2, "quatre caractères", id="too-short"),
        pytest.param((FIRST, "inconnue", "negative"), 2, "pas de marque", id="no-brand"),
        pytest.param((FIRST, BRAND, "angry"), 2, "angry", id="no-tone"),
    ],
)
def test_what_cannot_be_labelled_is_refused(
    vigie: Vigie, words: tuple[str, str, str], code: int, why: str
) -> None:
    assert why in vigie("mentions", "label", *words, code=code).err


INBOX = "FROM inbox SELECT status, owner, note_count, is_handled ORDER BY document_id LIMIT 1"


def waiting(vigie: Vigie) -> set[str]:
    """Return the documents that question 8 names, however short they have waited."""
    rows = vigie("questions", "8", "--set", "hours=0", "--json").rows()
    assert {row["brand_id"] for row in rows} == {BRAND}
    return {row["document_id"] for row in rows}


def test_a_handled_mention_waits_no_longer_and_counts_in_the_delay(
    vigie: Vigie, published: ClientPaths
) -> None:
    before = waiting(vigie)
    words = ("--owner", "nadia", "--note", " appelée ", "--by", "camille")
    at = (NOW + timedelta(hours=3)).isoformat()

    answer = vigie("mentions", "status", FIRST, BRAND, "answered", *words, "--now", at)

    assert answer.out.strip() == "c'est noté"
    assert FIRST in before and waiting(vigie) == before - {FIRST}
    (delay,) = vigie("questions", "9", "--json").rows()
    assert (delay["handled"], delay["waiting"], delay["median_hours"]) == (1, len(before) - 1, 3.0)
    (row,) = vigie("sql", "--json", INBOX).rows()
    assert FIRST not in vigie("mentions", "inbox", "--json", "--now", at).out
    assert tuple(row.values()) == ("answered", "nadia", 1, True)
    logged = {one.kind: (one.value, one.actor) for one in read_actions(published.actions)}
    assert logged == {
        ActionKind.STATUS: ("answered", "camille"),
        ActionKind.OWNER: ("nadia", "camille"),
        ActionKind.NOTE: ("appelée", "camille"),
    }


@pytest.mark.usefixtures("published")
def test_the_inbox_lists_what_is_not_settled_with_owner_and_last_note(vigie: Vigie) -> None:
    at = ("--now", NOW.isoformat())
    vigie("mentions", "status", FIRST, BRAND, "in_progress", "--owner", "nadia", *at)
    for minute, words in enumerate(("vu", "[red]rappelée[/]"), start=1):
        later = (NOW + timedelta(minutes=minute)).isoformat()
        vigie("mentions", "note", FIRST, BRAND, words, "--now", later)

    hers = vigie("mentions", "inbox", "--owner", "nadia", "--json", *at).rows()
    shown = vigie("mentions", "inbox", *at).out

    assert [(one["document_id"], one["note"]) for one in hers] == [(FIRST, "[red]rappelée[/]")]
    assert shown.count(BRAND) == len(TITLES)
    assert all(
        word in shown for word in (FIRST[:8], "en cours", "nadia", "[red]rappelée", "à traiter")
    )
    months_later = (NOW + timedelta(days=60)).isoformat()
    assert "Rien n'attend" in vigie("mentions", "inbox", "--now", months_later).out


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        pytest.param(("status", "f" * 32, BRAND, "answered"), 2, "ne mentionne", id="no-mention"),
        pytest.param(("owner", FIRST, "inconnue", "nadia"), 2, "pas de marque", id="no-brand"),
        pytest.param(("status", FIRST, BRAND, "finished"), 2, "finished", id="no-status"),
        pytest.param(("owner", FIRST, BRAND, " "), 2, "vide", id="empty-owner"),
    ],
)
def test_what_cannot_be_handled_is_refused_and_nothing_is_written(
    vigie: Vigie, published: ClientPaths, words: tuple[str, ...], code: int, why: str
) -> None:
    assert why in vigie("mentions", *words, code=code).err
    assert read_actions(published.actions) == []


@pytest.mark.usefixtures("published")
def test_a_stored_mention_is_explained_with_its_correction(vigie: Vigie) -> None:
    vigie("mentions", "label", FIRST, BRAND, "positive", "--by", "camille")

    lines = vigie("explain", FIRST, BRAND).out.splitlines()
    (row,) = vigie("explain", FIRST, BRAND, "--json").rows()

    assert lines[0] == f"{BRAND} · ▼ négatif"
    assert "selon camille\xa0: ▲ positif" in lines[2]
    assert row["human_polarity"] == "positive" and row["query_version"] == "q1"
    assert sum(item["weight"] for item in row["evidence"]) == row["raw"] == -0.5


def test_a_typed_text_is_explained_without_any_client(vigie: Vigie) -> None:
    words = ("explain", "--text", "Volterna n'est pas fiable", "--brand", "Volterna")

    assert "fiable (nié)" in vigie(*words).out
    assert "fiable (negated)" in vigie(*words, "--language", "en").out


@pytest.mark.usefixtures("published")
def test_a_mention_that_is_not_there_is_named_in_french(vigie: Vigie) -> None:
    answer = vigie("explain", "zzz", BRAND, code=2)

    assert f"aucun document qui commence par zzz ne mentionne {BRAND}" in answer.err


@pytest.mark.parametrize(
    "words",
    [
        pytest.param((), id="nothing"),
        pytest.param((FIRST,), id="no-brand"),
        pytest.param(("--text", "Bonjour"), id="text-without-brand"),
        pytest.param(("--text", "Bonjour", "--brand", "Volterna"), id="text-not-naming-it"),
    ],
)
def test_what_cannot_be_explained_says_what_to_write(vigie: Vigie, words: tuple[str, ...]) -> None:
    assert "vigie" in vigie("explain", *words, code=2).err


@pytest.fixture
def corrected(vigie: Vigie, root: Path, bistrot: Path, night_template: Path) -> ClientPaths:
    """Return the places of a client that had 24 tones corrected: its praise is for pans."""
    del vigie
    paths = ClientPaths(root / "var" / "data" / bistrot.name)
    shutil.copytree(night_template, paths.root, symlinks=True)
    write_salt(root, bistrot.name)
    said = ("une poêle brutale et culottée", "une poêle gondolée et collante")
    with open_writer(paths.writer) as warehouse:
        documents = [
            make_document(n, title="", text=f"l'œuf à la coque : {said[n % 2]}, essai {n}")
            for n in range(100, 124)
        ]
        load_batch(warehouse, make_batch(*documents), now=NOW)
        hit = Hit(brand_id=BRAND, start=0, end=16, term="oeuf")
        tagged = [
            make_tagged(one, make_mention(n, hits=(hit,), language="fr"))
            for n, one in enumerate(documents, 100)
        ]
        load_tagged(warehouse, tagged, brands=load_client(bistrot).brands, now=NOW)
        for n, one in enumerate(documents):
            action = MentionAction(
                document_id=one.document_id,
                brand_id=BRAND,
                kind=ActionKind.POLARITY,
                value="negative" if n % 2 else "positive",
                actor="camille",
                acted_at=NOW,
            )
            record_action(warehouse, action)
    publish(paths.writer, paths.published, now=NOW)
    return paths


def test_corrections_teach_are_used_and_can_be_undone(vigie: Vigie, corrected: ClientPaths) -> None:
    """The whole way: a layer as JSON, the tagger with it, each correction a case, and back."""
    text = ("explain", "--text", "L'Œuf à la Coque, une poêle brutale et culottée")
    before = vigie(*text, "--brand", BRAND, "--json").rows()[0]
    (row,) = vigie("retrain", "--json").rows()
    after = vigie(*text, "--brand", BRAND, "--json").rows()[0]
    cases = vigie("mentions", "corrections", "--check", "--json").rows()

    assert row["is_accepted"] and row["corrections"] == 24
    assert row["accuracy_held_out"]["share"] > row["accuracy_before"]["share"]
    assert after["polarity"] == "positive"
    assert after["model_version"].startswith(before["model_version"] + "+")
    assert sum(item["weight"] for item in after["evidence"]) == after["raw"]
    assert len(cases) == 24 and all(one["is_right"] for one in cases)
    assert {one["label"] for one in cases} == {"neg", "pos"}
    assert "24 corrections" in vigie("mentions", "corrections").out
    assert corrected.calibration.exists()
    assert "annulé" in vigie("retrain", "--undo").out
    assert not corrected.calibration.exists()
    assert vigie(*text, "--brand", BRAND, "--json").rows()[0] == before
    assert "rien n'a encore été appris" in vigie("retrain", "--undo").out


@pytest.mark.usefixtures("published")
def test_too_few_corrections_teach_nothing(vigie: Vigie) -> None:
    assert "trop peu de corrections\N{NO-BREAK SPACE}: 0" in vigie("retrain", code=1).err
