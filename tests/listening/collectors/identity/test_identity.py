"""Who a document is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.collectors.identity.identity import Identities, content_hash, identities
from listening.model import RawDocument
from tests.builders import make_raw_document

ONE, TWO = make_raw_document(1), make_raw_document(2)
SHARED = "https://podcast.example/show"


def who(
    *documents: RawDocument, source_id: str = "a", known: Identities | None = None
) -> Identities:
    seen = dict(zip(known.document_ids, known.content_hashes, strict=True)) if known else {}
    shared = known.shared_urls if known else frozenset()
    return identities(documents, source_id=source_id, seen=seen, shared_urls=shared)


def test_ids_are_32_hex_digits() -> None:
    (found,) = who(ONE).document_ids

    assert len(found) == 32
    assert int(found, 16)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({}, {"text": "corrigé"}, id="edited"),
        pytest.param({}, {"guid": "autre"}, id="guid-changed"),
        pytest.param({}, {"url": "http://gazette-lyon.example/article-1/?utm_source=x"}, id="url"),
        pytest.param({"url": None}, {"url": None, "title": "T"}, id="guid-without-url"),
        pytest.param({"url": None, "guid": None}, {"url": None, "guid": None}, id="text-only"),
    ],
)
def test_one_document_stays_itself(one: dict[str, str], other: dict[str, str]) -> None:
    before = who(make_raw_document(1, **one))
    after = who(make_raw_document(1, **other))

    assert before.document_ids == after.document_ids


def test_sources_share_urls_but_not_guids() -> None:
    without_url = make_raw_document(1, url=None)

    assert who(ONE, source_id="a").document_ids == who(ONE, source_id="b").document_ids
    assert (
        who(without_url, source_id="a").document_ids != who(without_url, source_id="b").document_ids
    )


def test_a_url_that_items_share_identifies_none_of_them() -> None:
    first, second = make_raw_document(1, url=SHARED), make_raw_document(2, url=SHARED)

    found = who(first, second)

    assert len(set(found.document_ids)) == 2
    assert found.shared_urls == {SHARED}
    assert who(second, known=found).document_ids[0] == found.document_ids[1]


def test_a_document_known_by_its_url_keeps_its_id_when_others_join() -> None:
    first, second = make_raw_document(1, url=SHARED), make_raw_document(2, url=SHARED)
    before = who(first)

    after = who(second, first, known=before)

    assert after.document_ids[1] == before.document_ids[0]
    assert after.document_ids[0] != before.document_ids[0]


def test_the_address_of_a_site_identifies_nothing() -> None:
    home = "https://podcast.example/"

    monday = who(make_raw_document(1, url=home))
    tuesday = who(make_raw_document(2, url=home))

    assert monday.document_ids != tuesday.document_ids


def test_content_hash_separates_title_and_text() -> None:
    assert content_hash("a", "bc") != content_hash("ab", "c")


ITEMS = st.lists(
    st.builds(
        make_raw_document,
        st.just(1),
        guid=st.sampled_from([None, "g1", "g2"]),
        url=st.sampled_from([None, SHARED, "https://a.example/1", "https://a.example/2"]),
        title=st.sampled_from(["", "t", "u"]),
    ),
    max_size=6,
)


@given(ITEMS, st.randoms(use_true_random=False))
def test_ids_do_not_depend_on_the_order(items: list[RawDocument], random: st.DrawFn) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert sorted(who(*items).document_ids) == sorted(who(*shuffled).document_ids)
    assert who(*items).shared_urls == who(*shuffled).shared_urls
