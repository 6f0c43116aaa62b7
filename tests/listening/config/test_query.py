"""A brand's query in client.yaml: where it is wrong to the column, and what it probably means."""

from pathlib import Path

import pytest

from listening.config.load import find_problems, find_warnings, load_client
from listening.config.problem import describe
from listening.translate import translator
from tests.builders import CLIENT_YAML, write_client


def client_with(folder: Path, query: str, rest: str = "") -> Path:
    body = CLIENT_YAML.replace("NAME", folder.name)
    own = '    name: "La Tartine Dorée"\n'
    return write_client(folder, client=body.replace(own, f"{own}    query: {query}\n{rest}"))


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        pytest.param("tartine && pain", 13, 20, id="plain"),
        pytest.param('"tartine && pain"', 13, 21, id="double-quotes"),
        pytest.param("'d''or && pain'", 13, 19, id="doubled-quote"),
        pytest.param('"\\"d or\\" && pain"', 13, 22, id="escaped-quotes"),
        pytest.param(">\n      tartine ET\n      pain && sel", 15, 12, id="block"),
        pytest.param("tartine ET\n      pain && sel", 14, 12, id="over-two-lines"),
    ],
)
def test_a_mistake_is_placed_in_the_file(
    tmp_path: Path, query: str, line: int, column: int
) -> None:
    (problem,) = find_problems(client_with(tmp_path / "x", query))

    assert (problem.line, problem.column, problem.key) == (line, column, "brands.2.query")
    assert f"ligne {line}, colonne {column}" in describe(problem, translator("fr"))


def test_a_query_stands_for_the_name(tmp_path: Path) -> None:
    brand = load_client(client_with(tmp_path / "x", "tartine SAUF pain")).brands[1]

    assert (brand.terms, brand.query) == ((), "tartine SAUF pain")


def test_the_layout_of_a_query_is_no_new_version(tmp_path: Path) -> None:
    versions = {
        load_client(client_with(tmp_path / "x", query)).brands[1].query_version
        for query in (
            "tartine SAUF pain",
            "(tartine)  NOT pain",
            ">\n      tartine\n      SAUF pain",
        )
    }
    other = load_client(client_with(tmp_path / "x", "tartine SAUF sel")).brands[1].query_version

    assert len(versions) == 1 and other not in versions


def test_a_term_that_makes_the_query_useless_is_named(tmp_path: Path) -> None:
    folder = client_with(tmp_path / "x", "Azurine SAUF pain", "    terms: [azurine]\n")

    warnings = [describe(one, translator("fr")) for one in find_warnings(folder)]

    assert any("azurine, à lui seul, trouve tous les textes" in one for one in warnings)


def test_remarks_on_a_query_are_warnings_not_problems(tmp_path: Path) -> None:
    folder = client_with(tmp_path / "x", "azurine et pain")

    assert not find_problems(folder)
    assert {one.column for one in find_warnings(folder)} == {20}
