"""Countries and their public holidays."""

from datetime import date
from pathlib import Path

import pytest

from listening.config.country import public_holidays_of
from listening.config.load import find_problems, load_client
from tests.builders import CLIENT_YAML, write_client


def _client(tmp_path: Path, country: str) -> Path:
    text = CLIENT_YAML.replace("NAME", "bistrot") + f"country: {country}\n"
    return write_client(tmp_path / "bistrot", client=text)


@pytest.mark.parametrize(
    ("country", "day", "name"),
    [
        pytest.param("FR", date(2026, 7, 14), "Fête nationale", id="france"),
        pytest.param("FR-57", date(2026, 12, 26), "Saint-Étienne", id="a-part-of-france"),
        pytest.param("BE", date(2026, 7, 21), "Fête nationale", id="belgium-in-french"),
        pytest.param("JP", date(2026, 11, 3), "文化の日", id="in-its-own-language"),
    ],
)
def test_a_country_has_its_holidays(tmp_path: Path, country: str, day: date, name: str) -> None:
    config = load_client(_client(tmp_path, f'"{country.lower()}"'))

    named = {one.day_on: one.name_fr for one in public_holidays_of(config.country)}

    assert config.country == country
    assert named[day] == name


@pytest.mark.parametrize(
    ("country", "said"),
    [
        pytest.param('"Frankreich"', "no country", id="a-name"),
        pytest.param('"XX"', "no country", id="unknown"),
        pytest.param('"FR-99"', "no part", id="unknown-part"),
    ],
)
def test_an_unknown_country_is_refused_with_what_to_write(
    tmp_path: Path, country: str, said: str
) -> None:
    (problem,) = find_problems(_client(tmp_path, country))

    assert said in str(problem)
