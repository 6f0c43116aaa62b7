"""What a source took back, told from what merely fell out of its window."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.collectors.identity.withdrawn import withdrawn, withdrawn_page
from listening.model import SourceKind, SourceType
from tests.builders import NOW, make_source

FEED = make_source()
SINCE = NOW.isoformat()


FALLING = [NOW - timedelta(days=day) for day in range(3)]
RISING = FALLING[::-1]


def missing(
    before: str,
    shown: str,
    earlier: Mapping[str, str] | None = None,
    dates: list[datetime] = FALLING,
) -> set[str]:
    return set(
        withdrawn(
            FEED,
            before=tuple(before),
            shown=tuple(shown),
            dates=dates,
            earlier=earlier or {},
            now=NOW,
        )
    )


@pytest.mark.parametrize(
    ("before", "shown", "expected"),
    [
        pytest.param("ABC", "ABC", "", id="nothing-changed"),
        pytest.param("ABC", "NAB", "", id="the-oldest-fell-out"),
        pytest.param("ABC", "NAC", "B", id="gone-from-the-middle"),
        pytest.param("ABC", "BC", "A", id="the-newest-was-taken-back"),
        pytest.param("ABCD", "NAD", "BC", id="two-at-once"),
        pytest.param("ABC", "XYZ", "", id="all-new-says-nothing"),
        pytest.param("ABC", "", "", id="an-empty-feed-says-nothing"),
        pytest.param("ABC", "NCA", "", id="another-order-says-nothing"),
        pytest.param("", "ABC", "", id="first-visit"),
    ],
)
def test_only_what_left_from_between_is_withdrawn(before: str, shown: str, expected: str) -> None:
    assert missing(before, shown) == set(expected)


@pytest.mark.parametrize(
    ("before", "shown", "dates", "expected"),
    [
        pytest.param("ABC", "BCN", RISING, "", id="the-oldest-first"),
        pytest.param("ABC", "BCN", [], "", id="new-at-the-end-without-dates"),
        pytest.param("ABC", "NBCM", RISING, "", id="the-oldest-first-below-a-pinned-one"),
        pytest.param("ABC", "BC", [], "", id="nothing-to-tell-the-order-by"),
        pytest.param("ABC", "BC", FALLING[:1] * 2, "", id="all-on-one-day"),
        pytest.param("ABC", "NAC", [], "B", id="new-before-the-others"),
        pytest.param("ABC", "ACZ", FALLING, "B", id="an-older-one-moves-up"),
        pytest.param("ABC", "NAC", [RISING[0], *FALLING], "B", id="an-old-one-pinned"),
    ],
)
def test_only_lists_with_the_newest_first_withdraw(
    before: str, shown: str, dates: list[datetime], expected: str
) -> None:
    assert missing(before, shown, dates=dates) == set(expected)


def test_what_comes_back_is_missing_no_more() -> None:
    assert missing("AC", "ABC", {"B": SINCE, "Z": SINCE}) == {"Z"}


def test_the_first_moment_is_kept() -> None:
    found = withdrawn(FEED, before="AC", shown="AC", earlier={"B": "2026-01-01"}, now=NOW)

    assert dict(found) == {"B": "2026-01-01"}


def test_a_search_feed_shows_what_it_likes() -> None:
    search = make_source(source_type=SourceType.SEARCH)

    assert not withdrawn(search, before="ABC", shown="AC", earlier={}, now=NOW)


@pytest.mark.parametrize(
    ("kind", "reason", "expected"),
    [
        pytest.param(SourceKind.PAGE, "http_404", {"A": SINCE}, id="page-not-found"),
        pytest.param(SourceKind.PAGE, "http_410", {"A": SINCE}, id="page-gone"),
        pytest.param(SourceKind.PAGE, "http_500", {}, id="trouble-of-the-server"),
        pytest.param(SourceKind.FEED, "http_404", {}, id="a-lost-feed-says-nothing-of-its-items"),
    ],
)
def test_a_page_that_is_gone_is_withdrawn(
    kind: SourceKind, reason: str, expected: dict[str, str]
) -> None:
    source = make_source(kind=kind)

    found = withdrawn_page(source, before=["A"], earlier={}, reason=reason, now=NOW)

    assert dict(found) == expected


@given(st.lists(st.sampled_from("ABCDEFGH"), unique=True), st.integers(0, 8), st.integers(0, 8))
def test_a_window_that_moves_withdraws_nothing(names: list[str], first: int, last: int) -> None:
    shown = ["N", *names[: min(first, last)]]

    assert not missing("".join(names), "".join(shown))
