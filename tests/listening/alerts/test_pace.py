"""Whether an alert is still growing: halves of its window against the hours that are usual."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.alerts.pace import trend_of
from listening.model import Halves

EVEN = {"undated": 0, "usual_early": 100, "usual_late": 100}
counts = st.integers(0, 300)


@pytest.mark.parametrize(
    ("halves", "trend"),
    [
        pytest.param(Halves(3, 14, **EVEN), "rising", id="most-in-the-later-half"),
        pytest.param(Halves(14, 3, **EVEN), "falling", id="most-in-the-earlier-half"),
        pytest.param(Halves(9, 12, **EVEN), "steady", id="too-little-apart"),
        pytest.param(Halves(0, 3, **EVEN), "steady", id="too-few-to-say"),
        pytest.param(Halves(0, 0, **EVEN), "steady", id="nothing"),
        pytest.param(Halves(3, 14, 0, 20, 80), "steady", id="later-hours-are-the-busy-ones"),
        pytest.param(Halves(9, 12, 0, 160, 40), "rising", id="even-by-night-is-a-rise"),
        pytest.param(Halves(1, 9, 0, 0, 0), "steady", id="habits-unknown"),
        pytest.param(Halves(3, 14, 5, 100, 100), None, id="many-without-an-hour"),
        pytest.param(Halves(3, 14, 4, 100, 100), "rising", id="some-without-an-hour"),
    ],
)
def test_a_trend_is_what_usual_hours_do_not_explain(halves: Halves, trend: str | None) -> None:
    assert trend_of(halves) == trend


@given(early=counts, late=counts, usual_early=counts, usual_late=counts)
def test_looking_in_a_mirror_turns_the_trend(
    early: int, late: int, usual_early: int, usual_late: int
) -> None:
    turned = {"rising": "falling", "falling": "rising", "steady": "steady", None: None}
    seen = trend_of(Halves(early, late, 0, usual_early, usual_late))
    mirrored = trend_of(Halves(late, early, 0, usual_late, usual_early))
    assert mirrored == turned[seen]


@given(early=counts, late=counts)
def test_more_in_the_later_half_is_never_less_of_a_rise(early: int, late: int) -> None:
    order = ["falling", "steady", "rising"]
    here, more = (trend_of(Halves(early, late + n, **EVEN)) for n in (0, 1))
    assert here is not None
    assert more is not None
    assert order.index(more) >= order.index(here)
