"""Which sources form a batch, and which documents are landed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.collectors import faults
from listening.collectors.plan import MAX_SEEN, Landing, documents_to_land, split_batches
from listening.model import DateQuality, FetchState, RawDocument, Reading
from tests.builders import NOW, make_raw_document, make_source

SOURCE = make_source()
FRESH = FetchState(source_id=SOURCE.source_id)
ONE, TWO = make_raw_document(1), make_raw_document(2)
EDITED = make_raw_document(1, text="corrigé")


def land(*documents: RawDocument, state: FetchState = FRESH, max_documents: int = 2000) -> Landing:
    reading = Reading(kind="rss20", title="", site_url=None, documents=documents)
    return documents_to_land(
        reading,
        source=SOURCE,
        state=state,
        now=NOW,
        author_key=lambda name: f"key-of-{name}",
        max_documents=max_documents,
    )


def after(landing: Landing) -> FetchState:
    return FetchState(
        source_id=SOURCE.source_id, seen=landing.seen, shared_urls=landing.shared_urls
    )


@pytest.mark.parametrize(
    ("shown", "before", "expected"),
    [
        pytest.param([], [], [], id="empty-feed"),
        pytest.param([ONE, TWO], [], [ONE, TWO], id="first-visit"),
        pytest.param([ONE, TWO], [ONE], [TWO], id="one-is-known"),
        pytest.param([EDITED, TWO], [ONE, TWO], [EDITED], id="text-was-edited"),
        pytest.param([EDITED, ONE], [], [EDITED], id="the-first-of-two-wins"),
        pytest.param([TWO, ONE], [ONE, TWO], [], id="order-means-nothing"),
    ],
)
def test_lands_only_new_or_edited_documents(
    shown: list[RawDocument], before: list[RawDocument], expected: list[RawDocument]
) -> None:
    landing = land(*shown, state=after(land(*before)))

    assert [document.text for document in landing.documents] == [raw.text for raw in expected]


def test_a_source_that_shows_more_than_we_remember_of_others_brings_nothing_twice() -> None:
    shown = [make_raw_document(n) for n in range(MAX_SEEN + 10)]
    first = land(*shown, max_documents=5000)

    second = land(*shown, state=after(first), max_documents=5000)

    assert len(first.documents) == len(first.seen) == MAX_SEEN + 10
    assert second.documents == ()


def test_counts_new_and_changed() -> None:
    landing = land(EDITED, TWO, state=after(land(ONE)))

    assert (landing.document_count, landing.new_count, landing.changed_count) == (2, 1, 1)


def test_an_item_that_flickers_is_not_new_again() -> None:
    state = after(land(TWO, state=after(land(ONE))))

    assert land(ONE, state=state).documents == ()


def test_two_items_with_one_id_are_named() -> None:
    landing = land(ONE, make_raw_document(1, text="copie"))

    assert len(landing.documents) == 1
    assert landing.faults == (faults.DUPLICATE_ID,)


def test_one_guid_at_two_addresses_is_two_documents_and_named() -> None:
    landing = land(ONE, make_raw_document(2, guid=ONE.guid))

    assert len(landing.documents) == 2
    assert landing.faults == (faults.DUPLICATE_ID,)


def test_items_beyond_the_limit_are_left_out_and_named() -> None:
    landing = land(ONE, TWO, max_documents=1)

    assert [document.guid for document in landing.documents] == ["guid-1"]
    assert landing.faults == (faults.TOO_MANY_ITEMS,)
    assert landing.is_used_up


def test_items_with_nothing_at_all_are_not_stored() -> None:
    assert land(make_raw_document(1, title="", text="", url=None)).documents == ()


def test_memory_is_bounded() -> None:
    state = FetchState(source_id="a", seen={f"{n:032x}": "0" for n in range(MAX_SEEN)})

    landing = land(ONE, state=state)

    assert len(landing.seen) == MAX_SEEN
    assert landing.documents[0].document_id in landing.seen


def test_documents_carry_the_pseudonym_and_the_date_or_none() -> None:
    landing = land(
        make_raw_document(
            1, author="Léa", published_at=None, published_at_quality=DateQuality.COLLECTED
        )
    )

    (document,) = landing.documents
    assert document.author_key == "key-of-Léa"
    assert document.published_at is None
    assert document.published_at_quality is DateQuality.COLLECTED
    assert document.mentioned_at == NOW
    assert document.canonical_url == "https://gazette-lyon.example/article-1"


@given(st.permutations([ONE, TWO, EDITED, make_raw_document(3, url=None)]))
def test_a_second_identical_visit_changes_nothing(shown: list[RawDocument]) -> None:
    first = land(*shown)
    second = land(*shown, state=after(first))

    assert second.documents == ()
    assert second.seen == first.seen


# -- batches ------------------------------------------------------------------------------------


def sources_of(*hosts: str) -> list[tuple[str, str]]:
    return [(f"s{n}", f"https://{host}/{n}") for n, host in enumerate(hosts)]


def batches(*hosts: str, size: int) -> list[list[str]]:
    sources = [make_source(name, url=url) for name, url in sources_of(*hosts)]
    found = split_batches(sources, {}, now=NOW, batch_size=size)
    return [[source.source_id for source, _ in batch] for batch in found]


def test_sources_of_one_host_stay_together_and_come_first() -> None:
    assert batches("a.example", "b.example", "b.example", size=2) == [["s1", "s2"], ["s0"]]


def test_a_host_larger_than_a_batch_is_one_batch() -> None:
    assert batches("a.example", "a.example", "a.example", size=2) == [["s0", "s1", "s2"]]


def test_sources_that_are_not_due_stay_at_home() -> None:
    source = make_source()
    waiting = FetchState(source_id=source.source_id, next_fetch_at=NOW + timedelta(hours=5))

    assert split_batches([source], {source.source_id: waiting}, now=NOW, batch_size=5) == []


@given(st.lists(st.sampled_from("abcdefgh"), max_size=40), st.integers(1, 10))
def test_every_due_source_is_in_exactly_one_batch(hosts: list[str], size: int) -> None:
    found = batches(*(f"{host}.example" for host in hosts), size=size)

    assert sorted(name for batch in found for name in batch) == sorted(
        f"s{n}" for n in range(len(hosts))
    )


def test_within_a_host_whoever_waits_longest_comes_first() -> None:
    sources = [make_source(name, url=f"https://a.example/{name}") for name in ("b", "c", "new")]
    states = {
        "b": FetchState(source_id="b", next_fetch_at=NOW - timedelta(hours=1)),
        "c": FetchState(source_id="c", next_fetch_at=NOW - timedelta(days=1)),
    }

    (batch,) = split_batches(sources, states, now=NOW, batch_size=10)

    assert [source.source_id for source, _ in batch] == ["new", "c", "b"]
