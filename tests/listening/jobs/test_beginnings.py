"""An id may be typed by its beginning; what means nothing or several things is refused by name."""

import pytest

from listening.errors import ConfigError
from listening.jobs.beginnings import Wording, the_only

IDS = ["3f0c12ab9d017788", "3f0c99ab9d017788", "77c01d22ab9d0177", "3f0c12ab9d0e"]
WORDING = Wording(unknown="no {start} of {what}", where="look there", several="several {start}")


def meant(start: str) -> str:
    return the_only(
        start, lambda begin: [one for one in IDS if one.startswith(begin)], WORDING, what="ids"
    )


@pytest.mark.parametrize(
    "start",
    [
        pytest.param("77c0", id="four-characters"),
        pytest.param("77c01d22ab9d0177", id="the-whole"),
        pytest.param(" 77C01D \n", id="pasted-in-capitals-between-blanks"),
    ],
)
def test_a_beginning_that_one_has_means_that_one(start: str) -> None:
    assert meant(start) == "77c01d22ab9d0177"


@pytest.mark.parametrize(
    "start",
    [
        pytest.param("77c", id="too-short"),
        pytest.param("", id="empty"),
        pytest.param("beef", id="unknown"),
        pytest.param("77c01d22ab9d01770", id="longer-than-any"),
    ],
)
def test_what_nothing_begins_with_is_named(start: str) -> None:
    with pytest.raises(ConfigError) as caught:
        meant(start)

    assert (caught.value.message, caught.value.hint) == (f"no {start} of ids", "look there")


def test_where_several_begin_so_they_are_named_by_enough_to_choose() -> None:
    with pytest.raises(ConfigError) as caught:
        meant("3f0c")

    assert caught.value.message == "several 3f0c"
    assert caught.value.hint == "write more of it: 3f0c12ab9d01, 3f0c99ab9d01, 3f0c12ab9d0e"
