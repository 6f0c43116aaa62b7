"""The example client fits the demonstration: valid, complete, and its guards sort out the dish."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listening.config.load import ClientConfig, find_problems, load_client
from listening.demo.compose import DemoItem
from listening.demo.feeds import feed_url
from listening.demo.history import history
from listening.demo.world import DEMO_PORT, OWN_BRAND, RIVALS, demo_sources
from sentiment.matching import BrandMatcher

FOLDER = Path(__file__).parents[3] / "clients" / "exemple"
NOW = datetime(2026, 11, 20, 1, 14, tzinfo=UTC)


@pytest.fixture(scope="module")
def config() -> ClientConfig:
    return load_client(FOLDER)


@pytest.fixture(scope="module")
def items() -> list[DemoItem]:
    """Three windows, so that almost every text meets almost every spelling."""
    return [item for days in (0, 40, 81) for item in history(NOW + timedelta(days=days))]


def found(config: ClientConfig, items: list[DemoItem]) -> dict[str, tuple[set[str], set[str]]]:
    matcher = BrandMatcher(config.brands)
    return {
        item.guid: (
            set(item.truth),
            {h.brand_id for h in matcher.find(f"{item.title}\n{item.text}")},
        )
        for item in items
    }


def test_it_has_no_problem() -> None:
    assert find_problems(FOLDER) == []


def test_it_listens_to_every_site_of_the_demonstration(config: ClientConfig) -> None:
    assert {(s.source_id, s.url, s.source_type, s.title) for s in config.sources} == {
        (s.source_id, feed_url(s, DEMO_PORT), s.source_type, s.title) for s in demo_sources()
    }
    assert set(config.collect.allow_hosts) == {source.host for source in demo_sources()}


def test_it_has_what_the_demonstration_shows(config: ClientConfig) -> None:
    assert {brand.brand_id for brand in config.brands} == {OWN_BRAND, *RIVALS}
    assert {recipient.language for recipient in config.recipients} == {"fr", "en"}
    assert config.quiet_hours is not None
    assert config.rules


def test_recipes_are_no_mentions(config: ClientConfig, items: list[DemoItem]) -> None:
    recipes = [item for item in items if item.topic == "homonyms"]

    extra = {guid for guid, (_, got) in found(config, recipes).items() if got}

    assert len(recipes) >= 60
    assert not extra


def test_every_brand_is_found_where_it_is_meant(
    config: ClientConfig, items: list[DemoItem]
) -> None:
    listed = [item for item in items if "nickname" not in item.flags]

    wrong = {g: pair for g, pair in found(config, listed).items() if pair[0] != pair[1]}

    assert not wrong


def test_the_nickname_waits_for_a_change_of_the_query(
    config: ClientConfig, items: list[DemoItem]
) -> None:
    nicknames = [item for item in items if "nickname" in item.flags]

    assert len(nicknames) >= 5
    assert not any(got for _, got in found(config, nicknames).values())
