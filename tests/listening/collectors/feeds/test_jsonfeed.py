"""JSON Feed, well-formed and with every value of a wrong type."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from listening.collectors import faults
from listening.collectors.feed import read_feed
from listening.errors import UnreadableSourceError
from listening.model import DateQuality, Reading
from tests.builders import NOW


def read(**feed: Any) -> Reading:
    values = {"version": "https://jsonfeed.org/version/1.1", "title": "Blog", "items": []}
    body = json.dumps(values | feed).encode()
    return read_feed(body, url="https://blog.example/feed.json", now=NOW)


def test_reads_an_item() -> None:
    item = {
        "id": 7,
        "url": "/7",
        "title": "Pain & <vin>",
        "content_html": "<p>un</p><p>deux</p>",
        "content_text": "un…",
        "date_published": "2026-11-19T18:30:00+01:00",
        "authors": [{"name": "Léa"}, {"name": "Zoé"}],
        "tags": ["a", 1],
    }

    reading = read(items=[item], language="fr-CA")

    document = reading.documents[0]
    assert (reading.kind, reading.title, reading.faults) == ("json11", "Blog", ())
    assert (document.guid, document.url) == ("7", "https://blog.example/7")
    assert (document.title, document.text) == ("Pain & <vin>", "un\ndeux")
    assert document.author == "Léa, Zoé"
    assert document.published_at == datetime(2026, 11, 19, 17, 30, tzinfo=UTC)
    assert document.published_at_quality is DateQuality.GIVEN
    assert (document.language, document.tags) == ("fr", ("a",))


def test_plain_text_is_plain() -> None:
    assert read(items=[{"id": "1", "content_text": "a < b\n\nc"}]).documents[0].text == "a < b\nc"


def test_the_feeds_author_is_the_items_author() -> None:
    version_one = read(author={"name": "Léa"}, items=[{"id": "1", "content_text": "x"}])

    assert version_one.documents[0].author == "Léa"


def test_values_of_wrong_types_are_left_out() -> None:
    item = {"id": {}, "url": 1.2, "title": 1000, "content_html": True, "authors": "x", "tags": 3}

    reading = read(items=[item, "not an item"], title=["no"], home_page_url={}, authors={})

    assert len(reading.documents) == 1
    assert reading.title == ""
    assert set(reading.faults) == {
        faults.ITEM_WITHOUT_ID,
        faults.ITEM_WITHOUT_CONTENT,
        faults.DATE_MISSING,
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "url", "title", "authors", "name", "items", "date_published"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_a_feed_or_is_refused(value: Any) -> None:
    body = json.dumps({"items": [value, {"id": value, "authors": value}], "title": value}).encode()
    try:
        read_feed(body, now=NOW)
    except UnreadableSourceError as error:
        assert error.reason in faults.EXPLANATIONS  # noqa: PT017 - either way is right
