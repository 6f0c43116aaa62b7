"""What Typer says by itself reads in the reader's language; what it says anew stays readable."""

import pytest

from listening.cli.spoken import mistake
from tests.cli.conftest import Vigie


@pytest.mark.parametrize(
    ("words", "french"),
    [
        pytest.param(("sql", "--clint", "x"), "vouliez-vous dire --client ?", id="option"),
        pytest.param(("sql", "--zzz"), "il n'y a pas d'option --zzz", id="unknown-option"),
        pytest.param(("nightli",), "vouliez-vous dire nightly ?", id="command"),
        pytest.param(("zzz",), "il n'y a pas de commande zzz", id="unknown-command"),
        pytest.param(("alerts", "verdict"), "il manque ALERTE", id="argument"),
        pytest.param(("alerts", "replay"), "il manque --from", id="missing-option"),
        pytest.param(("sql", "--rows"), "--rows veut une valeur", id="no-value"),
        pytest.param(("sql", "--json=3"), "--json ne prend pas de valeur", id="a-flag"),
        pytest.param(("doctor", "a", "b"), "de trop : a b", id="too-much"),
        pytest.param(("sql", "--rows", "0"), "--rows : au moins 1", id="too-small"),
        pytest.param(("sql", "--rows", "x"), "--rows : ce n'est pas un nombre", id="no-number"),
        pytest.param(("explain", "--language", "de"), "de n'est pas de ceux-ci : fr, en", id="one"),
    ],
)
def test_a_mistake_in_the_words_is_told_in_french(
    vigie: Vigie, words: tuple[str, ...], french: str
) -> None:
    told = vigie(*words, code=2).err.replace("\N{NO-BREAK SPACE}", " ")

    assert french in told
    assert told.startswith("Usage : vigie") or "--rows" in told or "--json" in told


@pytest.mark.usefixtures("root")
def test_what_is_not_known_is_shown_as_it_is() -> None:
    assert mistake("Something new.") == "Something new."
