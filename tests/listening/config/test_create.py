"""New clients: folders that load as they are, spellings worth proposing."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.config.create import (
    ClientAnswers,
    create_client,
    propose_spellings,
    render_client,
    render_source_examples,
)
from listening.config.field import slug_of
from listening.config.load import find_problems, find_warnings, load_client
from listening.config.sources import SourcesSpec
from listening.config.validate import validate
from listening.config.yaml_file import parse_yaml
from listening.errors import ConfigError
from listening.text import fold_term

ANSWERS = ClientAnswers(
    client_id="exemple",
    brand="L'Œuf à la Coque",
    spellings=("Œuf à la Coque", "l'oeuf-a-la-coque", "LOAC"),
    competitors=("La Tartine Dorée", 'Chez "Léon": bar'),
    recipient="camille@exemple.example",
)
EXAMPLES = Path(__file__).parents[3] / "clients" / "sources-exemples.yaml"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_new_client_loads_and_lacks_nothing_but_sources(tmp_path: Path, language: str) -> None:
    folder = tmp_path / "clients" / "exemple"

    config = create_client(folder, replace(ANSWERS, language=language))

    assert load_client(folder) == config
    assert find_problems(folder) == []
    assert [warning.message for warning in find_warnings(folder)] == [
        "there is no source yet: nothing will be read"
    ]


def test_answers_are_where_they_belong(tmp_path: Path) -> None:
    config = create_client(tmp_path / "exemple", ANSWERS)

    own, tartine, leon = config.brands
    assert own.brand_id == "oeuf-a-la-coque"
    assert own.terms == ("L'Œuf à la Coque", "Œuf à la Coque")
    assert own.exact_terms == ("LOAC",)
    assert (tartine.name, leon.name) == ANSWERS.competitors
    assert config.contact == "mailto:camille@exemple.example"
    assert config.rules[0].brands == ("oeuf-a-la-coque",)


def test_existing_folder_is_never_touched(tmp_path: Path) -> None:
    create_client(tmp_path / "exemple", ANSWERS)
    before = (tmp_path / "exemple" / "client.yaml").read_bytes()

    with pytest.raises(ConfigError, match="already"):
        create_client(tmp_path / "exemple", replace(ANSWERS, brand="Autre"))

    assert (tmp_path / "exemple" / "client.yaml").read_bytes() == before


def test_a_wrong_answer_is_named_without_a_file_that_nobody_saw(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Europe/Pari") as caught:
        create_client(tmp_path / "exemple", replace(ANSWERS, timezone="Europe/Pari"))

    error = caught.value
    assert (error.path, error.line, error.key) == (None, None, "timezone")
    assert error.hint == "did you mean Europe/Paris?"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_new_client_shows_where_the_country_goes(tmp_path: Path, language: str) -> None:
    create_client(tmp_path / "exemple", replace(ANSWERS, language=language))
    path = tmp_path / "exemple" / "client.yaml"
    text = path.read_text(encoding="utf-8")

    path.write_text(text.replace('# country: "FR"', 'country: "FR-57"'), encoding="utf-8")

    assert load_client(tmp_path / "exemple").country == "FR-57"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"recipient": "camille"}, id="address"),
        pytest.param({"timezone": "Paris"}, id="time-zone"),
        pytest.param({"language": "de"}, id="language"),
        pytest.param({"client_id": "autre"}, id="folder"),
        pytest.param({"brand": "…"}, id="brand"),
        pytest.param({"competitors": ("l’oeuf à la coque",)}, id="competitor-is-the-brand"),
    ],
)
def test_wrong_answer_leaves_nothing_behind(tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        create_client(tmp_path / "exemple", replace(ANSWERS, **changes))  # type: ignore[arg-type]

    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_any_name_is_written_as_correct_yaml(brand: str, competitors: list[str]) -> None:
    answers = replace(ANSWERS, brand=brand, competitors=tuple(competitors))

    for name, text in render_client(answers).items():
        file = parse_yaml(text.encode("utf-8"), Path(name))
        assert file.problems == ()
        if name == "client.yaml":
            assert [entry["name"] for entry in file.data["brands"]] == [brand, *competitors]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_example_of_a_source_works_once_uncommented(language: str) -> None:
    text = render_source_examples("L'Œuf à la Coque", language)
    uncommented = re.sub(r"(?m)^#(  - \{| {5}url)", r"\1", text)

    content, problems = validate(
        parse_yaml(uncommented.encode(), Path("sources.yaml")), SourcesSpec
    )

    assert problems == []
    assert content is not None
    assert len(content.sources) == text.count("kind: feed") == 20


def test_shipped_examples_are_those_of_a_new_client() -> None:
    assert EXAMPLES.read_text(encoding="utf-8") == render_source_examples("Ma Marque", "fr")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("L'Œuf à la Coque", ("Œuf à la Coque",), id="elided-article"),
        pytest.param("L’Œuf à la Coque", ("Œuf à la Coque",), id="typographic-apostrophe"),
        pytest.param("La Tartine Dorée", ("Tartine Dorée",), id="article"),
        pytest.param("The Body Shop", ("Body Shop",), id="english-article"),
        pytest.param("Fédération des Amis du Vélo", ("FAV",), id="acronym"),
        pytest.param("Société Générale", (), id="two-letters-are-no-acronym"),
        pytest.param("Michelin", (), id="one-word"),
        pytest.param("Le", (), id="only-an-article"),
        pytest.param("#loeufalacoque", (), id="hashtag"),
        pytest.param("", (), id="nothing"),
        pytest.param("Les", (), id="only-a-plural-article"),
    ],
)
def test_spellings_are_proposed(name: str, expected: tuple[str, ...]) -> None:
    assert propose_spellings(name) == expected


@given(st.text(max_size=50))
def test_nothing_is_proposed_that_matching_finds_anyway(name: str) -> None:
    glued = [fold_term(text).replace(" ", "") for text in (name, *propose_spellings(name))]

    assert len(set(glued)) == len(glued)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        pytest.param("L'Œuf à la Coque", "oeuf-a-la-coque", id="article-and-ligature"),
        pytest.param("H&M", "h-m", id="sign"),
        pytest.param("…", "", id="nothing-left"),
        pytest.param("La", "la", id="article-alone"),
    ],
)
def test_slug(name: str, slug: str) -> None:
    assert slug_of(name) == slug
