"""A post's own words: what engines and people put around them goes, and nothing else."""

import pytest

from listening.collectors.reading.ownwords import own_words

DASHES = "-" * 10
LONG = "Un avis qui compte autant que le reste. " * 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"Merci !\n{DASHES}\nLéa, Lyon", "Merci !", id="signature"),
        pytest.param("Merci !\n__________", "Merci !", id="a-line-and-nothing-below"),
        pytest.param(f"Avant\n{DASHES}\n{LONG}", f"Avant\n{DASHES}\n{LONG}", id="a-line-drawn"),
        pytest.param(
            f"Avant\n{DASHES}\nAprès\n__________\nLéa",
            f"Avant\n{DASHES}\nAprès",
            id="only-the-last-of-several-lines",
        ),
        pytest.param(f"Avant {DASHES} après", f"Avant {DASHES} après", id="dashes-in-a-line"),
    ],
)
def test_a_signature_is_cut_and_the_rest_of_a_post_is_not(text: str, expected: str) -> None:
    assert own_words(text) == expected.strip()
