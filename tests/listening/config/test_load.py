"""A client's folder: loaded whole, or every problem told with its file, line and way out."""

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from listening.config.field import FalseAlarmBudget
from listening.config.load import (
    QuietHours,
    Recipient,
    client_names,
    config_digest,
    find_problems,
    find_warnings,
    load_client,
    query_version,
)
from listening.errors import ConfigError
from listening.model import Brand, BrandRole, Severity, SourceKind, SourceType
from tests.builders import ALERTS_YAML, CLIENT_YAML, SOURCES_YAML, write_client

CLIENT = CLIENT_YAML.replace("NAME", "exemple")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "clients" / "exemple"


def test_a_good_folder_is_loaded_with_its_defaults(folder: Path) -> None:
    config = load_client(write_client(folder))

    assert (config.client_id, config.language, config.timezone) == (
        "exemple", "fr", "Europe/Paris",
    )  # fmt: skip
    assert config.brands[1].role is BrandRole.COMPETITOR
    assert config.brands[1].terms == ("La Tartine Dorée",)
    assert config.recipients == (Recipient(address="camille@exemple.example", language="fr"),)
    assert config.quiet_hours == QuietHours(start=time(21), end=time(7, 30))
    assert config.collect.max_dead_share == 0.5


def test_sources_are_those_of_the_model(folder: Path) -> None:
    gazette, forum = load_client(write_client(folder)).sources

    assert (gazette.kind, gazette.source_type, gazette.weight) == (
        SourceKind.FEED, SourceType.PRESS, 2.0,
    )  # fmt: skip
    assert gazette.poll_every == timedelta(hours=20)
    assert forum.poll_every == timedelta(days=2)

    (rule,) = load_client(write_client(folder)).rules

    assert rule.brands == ("oeuf-a-la-coque",)
    assert rule.recipients == ("camille@exemple.example",)
    assert rule.false_alarm_budget == FalseAlarmBudget(1, "quarter")
    assert (rule.window, rule.severity) == (timedelta(hours=24), Severity.WARNING)


def test_exact_terms_alone_do_not_bring_the_folded_name_back(folder: Path) -> None:
    body = CLIENT.replace("role: competitor", 'role: competitor\n    exact: ["LTD"]')

    assert load_client(write_client(folder, client=body)).brands[1].terms == ()


def edit(old: str, new: str, body: str = CLIENT) -> dict[str, str]:
    assert old in body
    name = {CLIENT: "client", SOURCES_YAML: "sources", ALERTS_YAML: "alerts"}[body]
    return {name: body.replace(old, new, 1)}


@pytest.mark.parametrize(
    ("edited", "line", "key", "message", "hint"),
    [
        pytest.param(
            edit("    terms: [", "    tems: ["), 10, "brands.1.tems",
            "unknown key", "did you mean terms?", id="misspelt-key",
        ),
        pytest.param(
            edit("quiet_hours:", "xyz:"), 16, "xyz",
            "unknown key", "quiet_hours", id="unknown-key-lists-the-known-ones",
        ),
        pytest.param(
            edit("contact: mailto:camille@exemple.example\n", ""), 1, "contact",
            "missing", "contact: mailto:", id="missing-key-with-an-example",
        ),
        pytest.param(
            edit("    role: own\n", ""), 7, "brands.1.role",
            "missing", "role: own", id="missing-key-of-an-entry",
        ),
        pytest.param(
            edit("role: own", "role: owner"), 9, "brands.1.role",
            "none of the allowed", "did you mean own? Allowed: own, competitor, sector, person",
            id="misspelt-choice",
        ),
        pytest.param(
            edit("language: fr", "language: french"), 3, "language",
            "none of the allowed", "fr, en", id="language",
        ),
        pytest.param(
            edit('["L\'Œuf à la Coque", "Oeuf à la Coque Lyon"]', "L'Œuf"), 10, "brands.1.terms",
            "expected a list", 'after "- "', id="text-for-a-list",
        ),
        pytest.param(
            edit('"Oeuf à la Coque Lyon"', "1664"), 10, "brands.1.terms.2",
            "expected a text, found 1664", '"1664"', id="number-for-a-text",
        ),
        pytest.param(
            edit('"Oeuf à la Coque Lyon"', '"…"'), 10, "brands.1.terms.2",
            "no letter", "letters", id="term-that-folds-to-nothing",
        ),
        pytest.param(
            edit('name: "La Tartine Dorée"', "name:"), 12, "brands.2.name",
            "no value", "begins with #", id="no-value",
        ),
        pytest.param(
            edit("id: oeuf-a-la-coque", "id: Œuf à la Coque"), 7, "brands.1.id",
            "cannot be an identifier", "oeuf-a-la-coque", id="id-suggested",
        ),
        pytest.param(
            edit("id: tartine", "id: oeuf-a-la-coque"), 11, "brands.2.id",
            "twice, first in line 7", "another id", id="repeated-brand",
        ),
        pytest.param(
            edit('name: "La Tartine Dorée"', 'name: "l’oeuf à la coque"'), 12, "brands.2.name",
            "names another brand too, in line 10", "longer term", id="term-of-two-brands",
        ),
        pytest.param(
            edit("role: own", "role: competitor"), 6, "brands",
            "none of the brands is your own", "role: own", id="no-own-brand",
        ),
        pytest.param(
            edit("Europe/Paris", "Paris"), 4, "timezone",
            "no time zone Paris", "did you mean Europe/Paris?", id="city-for-a-zone",
        ),
        pytest.param(
            edit("Europe/Paris", "Europe/Pari"), 4, "timezone",
            "no time zone", "Europe/Paris", id="misspelt-zone",
        ),
        pytest.param(
            edit("Europe/Paris", '"../etc/passwd"'), 4, "timezone",
            "no time zone", "Europe/Paris", id="path-for-a-zone",
        ),
        pytest.param(
            edit("contact: mailto:", "contact: "), 5, "contact",
            "does not say how", "mailto:camille@exemple.example", id="bare-contact",
        ),
        pytest.param(
            edit('address: "camille@exemple.example"', 'address: "a@x.example, b@x.example"'),
            15, "recipients.1.address", "more than one", "one address per entry",
            id="two-addresses-in-one",
        ),
        pytest.param(
            edit('"camille@exemple.example"', '"a@x.example\\r\\nBcc: b@x.example"'),
            15, "recipients.1.address", "more than one", "one address", id="header-injection",
        ),
        pytest.param(
            edit('address: "camille@exemple.example"', 'address: "Camille <c@x.example>"'),
            15, "recipients.1.address", "no e-mail address", "address alone", id="named-address",
        ),
        pytest.param(
            edit('end: "07:30"', 'end: "25:00"'), 16, "quiet_hours.end",
            "no time of day", '"21:00"', id="no-such-hour",
        ),
        pytest.param(
            edit('end: "07:30"', 'end: "21:00"'), 16, "quiet_hours.end",
            "end when they start", "remove quiet_hours", id="quiet-all-day",
        ),
        pytest.param(
            edit('start: "21:00"', "start: 21:00"), 16, "quiet_hours.start",
            "read as a number", '"21:00"', id="unquoted-time-once",
        ),
        pytest.param(
            edit("client: exemple", "client: example"), 1, "client",
            "its folder exemple", "client: exemple", id="name-is-not-the-folders",
        ),
        pytest.param(
            edit("http://gazette.example/feed", "www.gazette.example/feed", SOURCES_YAML),
            2, "sources.1.url", "does not say how", "https://www.gazette.example/feed",
            id="url-without-scheme",
        ),
        pytest.param(
            edit("http://gazette.example/feed", "file:///etc/passwd", SOURCES_YAML),
            2, "sources.1.url", "no address of the web", "https://", id="file-url",
        ),
        pytest.param(
            edit("http://gazette.example/feed", "http://", SOURCES_YAML),
            2, "sources.1.url", "no address of the web", "https://", id="url-without-host",
        ),
        pytest.param(
            edit("http://gazette.example/feed", "http://[::1", SOURCES_YAML),
            2, "sources.1.url", "no address of the web", "https://", id="broken-ipv6",
        ),
        pytest.param(
            edit("http://gazette.example/feed", "http://me:pw@gazette.example/", SOURCES_YAML),
            2, "sources.1.url", "password", "without them", id="password-in-url",
        ),
        pytest.param(
            edit("http://gazette.example/feed", "http://gazette.example/{user}", SOURCES_YAML),
            2, "sources.1.url", "a space or a character", "between { and }", id="placeholder-left",
        ),
        pytest.param(
            edit("kind: feed", "kind: feeds", SOURCES_YAML), 2, "sources.1.kind",
            "none of the allowed", "did you mean feed?", id="kind",
        ),
        pytest.param(
            edit("weight: 2.0", 'weight: "2,0"', SOURCES_YAML), 2, "sources.1.weight",
            "expected a number, found 2,0", "point for decimals", id="decimal-comma",
        ),
        pytest.param(
            edit("weight: 2.0", "weight: 11", SOURCES_YAML), 2, "sources.1.weight",
            "at most 10", "", id="too-heavy",
        ),
        pytest.param(
            edit("language: fr", "language: fr\ncollect: {max_dead_share: 50}"), 4,
            "collect.max_dead_share", "at most 1", "0.3 for 30 %", id="percent-for-a-share",
        ),
        pytest.param(
            edit("every: 2d", 'off_hours: "8-19"', SOURCES_YAML), 7, "sources.2.off_hours",
            "no span of hours", '"08:00-19:00"', id="hours-without-minutes",
        ),
        pytest.param(
            edit("every: 2d", 'off_hours: "08:00-08:00"', SOURCES_YAML), 7, "sources.2.off_hours",
            "end when they start", '"08:00-19:00"', id="hours-of-no-length",
        ),
        pytest.param(
            edit("every: 2d", "every: 2", SOURCES_YAML), 7, "sources.2.every",
            "no duration", "30m, 24h, 2d", id="duration-without-unit",
        ),
        pytest.param(
            edit("every: 2d", "every: 999999d", SOURCES_YAML), 7, "sources.2.every",
            "out of bounds", "from 1m to 365d", id="duration-of-centuries",
        ),
        pytest.param(
            edit("id: forum", "id: gazette-lyon", SOURCES_YAML), 3, "sources.2.id",
            "first in line 2", "another id", id="repeated-source",
        ),
        pytest.param(
            edit("1 par trimestre", "jamais", ALERTS_YAML), 2, "rules.1.false_alarm_budget",
            "how many false alarms", "1 per quarter", id="budget",
        ),
        pytest.param(
            edit("kind: negative_spike", "kind: negative_spike, brands: [oeuf]", ALERTS_YAML),
            2, "rules.1.brands.1", "no brand oeuf", "oeuf-a-la-coque", id="rule-of-no-brand",
        ),
        pytest.param(
            edit("kind: negative_spike", "kind: negative_spike, minimum: true", ALERTS_YAML),
            2, "rules.1.minimum", "whole number, found true", "digits", id="truth-for-a-number",
        ),
    ],
)  # fmt: skip
def test_typical_mistake(  # noqa: PLR0917 (a table with that many columns)
    folder: Path, edited: dict[str, str], line: int, key: str, message: str, hint: str
) -> None:
    (error,) = find_problems(write_client(folder, **edited))

    (name,) = edited
    assert (error.path, error.line, error.key) == (folder / f"{name}.yaml", line, key)
    assert message in error.message
    assert hint in (error.hint or "")


def test_all_problems_of_all_files_are_told_in_the_order_of_files_and_lines(folder: Path) -> None:
    write_client(
        folder,
        client=CLIENT.replace("role: own", "role: owner").replace("language: fr", "language: xx"),
        sources='sources: ["\n',
        alerts=ALERTS_YAML.replace("kind", "king"),
    )

    found = [(error.path and error.path.name, error.line) for error in find_problems(folder)]

    assert found == [
        ("client.yaml", 3), ("client.yaml", 9), ("sources.yaml", 1), ("alerts.yaml", 2),
    ]  # fmt: skip


def test_contradictions_are_told_beside_mistakes_of_shape(folder: Path) -> None:
    body = CLIENT.replace("language: fr", "language: xx").replace(
        "id: tartine", "id: oeuf-a-la-coque"
    )

    messages = [error.message for error in find_problems(write_client(folder, client=body))]

    assert len(messages) == 2


def test_first_problem_is_raised_with_the_others_as_notes(folder: Path) -> None:
    body = CLIENT.replace("role: own", "role: owner").replace("language: fr", "language: xx")

    with pytest.raises(ConfigError) as caught:
        load_client(write_client(folder, client=body))

    assert caught.value.line == 3
    assert "role" in caught.value.__notes__[0]


def test_missing_file_is_named(folder: Path) -> None:
    (write_client(folder) / "alerts.yaml").unlink()

    (error,) = find_problems(folder)

    assert error.path == folder / "alerts.yaml"


def test_missing_folder_suggests_one_that_is_there(folder: Path) -> None:
    write_client(folder)

    (error,) = find_problems(folder.parent / "exempel")

    assert error.hint == "did you mean exemple?"
    assert client_names(folder.parent) == ["exemple"]


@pytest.mark.parametrize(
    ("edited", "message"),
    [
        pytest.param({"sources": "sources: []\n"}, "no source yet", id="no-sources"),
        pytest.param({"sources": "sources:\n# rien\n"}, "no source yet", id="all-commented-out"),
        pytest.param({"alerts": "rules:\n"}, "no rule", id="no-rules"),
        pytest.param(
            edit('recipients:\n  - {address: "camille@exemple.example"}\n', ""),
            "nobody is written to", id="no-recipients",
        ),
        pytest.param(
            edit('name: "La Tartine Dorée"', "name: Orange"), "common word", id="common-word"
        ),
        pytest.param(
            edit('name: "La Tartine Dorée"', 'name: "La Poste"'), "common word", id="with-article"
        ),
        pytest.param(edit('name: "La Tartine Dorée"', "name: BNP"), "short", id="acronym"),
        pytest.param(
            edit('"Oeuf à la Coque Lyon"', '"L’OEUF-A-LA-COQUE"'), "not needed", id="covered-term"
        ),
        pytest.param(
            edit("https://forum.example/latest.rss", "http://gazette.example/feed", SOURCES_YAML),
            "read twice, first in line 2", id="same-address",
        ),
    ],
)  # fmt: skip
def test_oddity_is_a_warning_and_no_problem(
    folder: Path, edited: dict[str, str], message: str
) -> None:
    write_client(folder, **edited)

    (warning,) = find_warnings(folder)

    assert message in warning.message
    assert warning.line is not None
    assert find_problems(folder) == []


def test_context_silences_the_homonym_warning(folder: Path) -> None:
    body = CLIENT.replace('name: "La Tartine Dorée"', "name: Orange\n    context: [forfait]")

    assert find_warnings(write_client(folder, client=body)) == []


def test_no_warnings_while_there_are_problems(folder: Path) -> None:
    write_client(folder, sources="sources: []\n", alerts="rules: x\n")

    assert find_warnings(folder) == []


def _brand(**changes: Any) -> Brand:
    values: dict[str, Any] = {"terms": ("a b", "c"), "exact_terms": ("D",)}
    return Brand(brand_id="x", name="X", role=BrandRole.OWN, **(values | changes))


def test_query_version_depends_on_what_matches_and_on_nothing_else() -> None:
    version = query_version(_brand())

    assert len(version) == 12
    assert query_version(_brand(terms=("c", "a b"))) == version
    assert query_version(_brand(terms=("a b",))) != version
    assert query_version(_brand(excluded_terms=("D",), exact_terms=())) != version


def test_query_version_of_a_loaded_brand_is_that_of_its_terms(folder: Path) -> None:
    for brand in load_client(write_client(folder)).brands:
        assert brand.query_version == query_version(brand)


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        pytest.param(lambda body: "# note\n\n" + body, True, id="comment"),
        pytest.param(lambda body: body.replace("'", "’"), False, id="name"),
        pytest.param(lambda body: body + "collect: {concurrency: 9}\n", False, id="collect"),
    ],
)
def test_digest_follows_the_meaning(
    folder: Path, change: Callable[[str], str], is_same: bool
) -> None:
    before = config_digest(load_client(write_client(folder)))

    after = config_digest(load_client(write_client(folder, client=change(CLIENT))))

    assert (before == after) is is_same


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param(edit("role: own", "role: ours"), id="a-list-of-wrong-entries-is-not-short"),
        pytest.param(edit("brands:", "brandes:"), id="a-misspelt-key-is-not-missing-too"),
    ],
)
def test_what_only_follows_from_a_mistake_is_not_told(folder: Path, edited: dict[str, str]) -> None:
    body = edited["client"].replace("role: competitor", "role: rival")

    problems = find_problems(write_client(folder, client=body))

    told = [one.key for one in problems if one.path == folder / "client.yaml"]
    assert told in (["brands.1.role", "brands.2.role"], ["brandes"])
    assert len(told) == len(problems)


def test_a_recipient_without_a_domain_is_warned_of(folder: Path) -> None:
    body = CLIENT.replace("camille@exemple.example", "camille@exemple")

    (warning,) = find_warnings(write_client(folder, client=body))

    assert "no point after the @" in warning.message
    assert warning.key == "recipients.1.address"
