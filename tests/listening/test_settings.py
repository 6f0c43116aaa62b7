"""A typo in the environment is told with the variable's name and what to write instead."""

import pytest

from listening.config.problem import describe
from listening.errors import ConfigError
from listening.settings import get_settings
from listening.translate import translator


@pytest.mark.parametrize(
    ("name", "value", "message", "hint"),
    [
        pytest.param(
            "SMTP_PORT",
            "abc",
            "il faut un nombre entier ici, et non abc",
            "que des chiffres",
            id="word",
        ),
        pytest.param("SMTP_PORT", "0", "plus grand que 0", "", id="zero"),
        pytest.param("LANGUAGE", "de", "de ne fait pas partie", "fr, en", id="choice"),
        pytest.param("PUBLIC_URL", "x", "https://vigie.example.org", "", id="address"),
        pytest.param("SMTP_HOTS", "x", "n'existe pas", "LISTENING_SMTP_HOST", id="unknown"),
        pytest.param("ZZZ", "x", "n'existe pas", "LISTENING_HOME", id="nothing-like-it"),
    ],
)
def test_a_wrong_setting_is_told_in_french(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str, hint: str
) -> None:
    monkeypatch.setenv(f"LISTENING_{name}", value)
    get_settings.cache_clear()

    with pytest.raises(ConfigError) as caught:
        get_settings()

    told = describe(caught.value, translator("fr"))
    assert told.startswith(f"LISTENING_{name}")
    assert message in told and hint in told
