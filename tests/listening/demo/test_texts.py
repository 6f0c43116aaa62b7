"""The hand-written texts: enough of them, each with its truth, nothing and nobody real."""

import re

import pytest

from listening.demo.texts import (
    BaseText,
    base_texts,
    daily_texts,
    fill,
    parts,
    release_carriers,
)
from listening.demo.world import OWN_BRAND, demo_sources
from listening.text import fold_term

EVENT_FILES = ("buzz", "rival_peak")
ALL_TEXTS = (*daily_texts(), *(text for topic in EVENT_FILES for text in base_texts(topic)))

#: Names that must not slip into an invented world: platforms, chains, guides.
REAL_NAMES = re.compile(
    r"\b(google|facebook|instagram|tiktok|twitter|tripadvisor|yelp|lafourchette|thefork|deliveroo"
    r"|uber|ubereats|whatsapp|youtube|reddit|mastodon|starbucks|mcdonald|michelin|gaultmillau"
    r"|bocuse|carrefour|leclerc|auchan|amazon|netflix|paypal|tcl|sncf)\b"
)


def slots(text: BaseText) -> set[str]:
    return {name.lower() for name in re.findall(r"\{(\w+)\}", text.title + text.text)}


def test_there_are_enough_distinct_texts() -> None:
    assert len({text.text for text in ALL_TEXTS}) == len(ALL_TEXTS) >= 300


def test_ids_are_unique() -> None:
    assert len({text.text_id for text in ALL_TEXTS}) == len(ALL_TEXTS)


@pytest.mark.parametrize("text", ALL_TEXTS, ids=lambda text: text.text_id)
def test_every_brand_a_text_names_has_its_truth_and_no_other(text: BaseText) -> None:
    named = slots(text) & {"own", "rival", "hen", "heart"}

    assert set(text.truth) == named or "nickname" in text.flags


@pytest.mark.parametrize("text", ALL_TEXTS, ids=lambda text: text.text_id)
def test_every_slot_can_be_filled(text: BaseText) -> None:
    assert slots(text) <= {*parts().slots, "own", "rival", "hen", "heart"}


def test_the_own_brand_is_spelled_in_at_least_eight_ways() -> None:
    spellings = {s for group in parts().spellings[OWN_BRAND].values() for s in group}

    assert len(spellings) >= 8
    assert {fold_term(spelling) for spelling in spellings} == {
        "l oeuf a la coque",
        "loeufalacoque",
        "loeuf a la coque",
        "oalc",
    }


def test_no_real_company_is_named() -> None:
    everything = " ".join(
        [text.title + " " + text.text for text in ALL_TEXTS]
        + [carrier.text for carrier in release_carriers()]
        + [source.title for source in demo_sources()]
        + [*parts().handles, *parts().bylines]
    )

    assert not REAL_NAMES.findall(fold_term(everything))


def test_a_slot_with_a_capital_gets_a_capital() -> None:
    assert fill("{Plat} ? {plat} !", lambda _: "le croque") == "Le croque ? le croque !"


def test_the_release_is_carried_by_nine_sources_in_several_forms() -> None:
    carriers = release_carriers()

    assert len({carrier.source_id for carrier in carriers}) == 9
    assert 4 <= len({carrier.text for carrier in carriers}) <= 9
