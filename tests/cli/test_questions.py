"""``vigie questions``: the list, an answer, a statement to paste, and mistakes."""

import pytest

from tests.cli.conftest import TITLES, Vigie


def test_without_a_name_all_questions_are_listed(vigie: Vigie) -> None:
    rows = vigie("questions", "--json").rows()

    assert [row["number"] for row in rows] == list(range(1, 25))
    assert rows[0]["name"] == "this-week-against-last"
    assert rows[0]["question"].startswith("Combien de mentions cette semaine")


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    "name", [pytest.param("2", id="by-number"), pytest.param("voice-and-sentiment", id="by-name")]
)
def test_a_question_is_answered_from_the_snapshot(vigie: Vigie, name: str) -> None:
    rows = vigie("questions", name, "--json").rows()

    assert rows[0]["brand_name"] == "L'Œuf à la Coque"
    assert (rows[0]["judged"], rows[0]["is_small_sample"]) == (len(TITLES), True)


@pytest.mark.usefixtures("published")
def test_a_table_has_the_question_above_it(vigie: Vigie) -> None:
    answer = vigie("questions", "13")

    assert "13. Combien d'histoires derrière les mentions ?" in answer.out
    assert "pickup_rate" in answer.out


@pytest.mark.usefixtures("published")
def test_days_and_parameters_are_taken(vigie: Vigie) -> None:
    none = vigie("questions", "2", "--from", "2020-01-01", "--to", "2020-02-01", "--json").rows()
    few = vigie("questions", "4", "--set", "min_count=1", "--json").rows()

    assert {row["judged"] for row in none} == {0}
    assert sum(row["mentions"] for row in few) == len(TITLES)


@pytest.mark.usefixtures("published")
def test_the_statement_can_be_given_to_vigie_sql(vigie: Vigie) -> None:
    statement = vigie("questions", "2", "--sql").out

    assert "kpis('bistrot', DATE '" in statement
    for form in ("--json", "--csv"):
        assert vigie("sql", form, statement).out == vigie("questions", "2", form).out != ""


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(("99",), 1, "99", id="no-such-question"),
        pytest.param(("2", "--from", "hier"), 1, "hier", id="no-day"),
        pytest.param(("2", "--set", "x"), 2, "--set", id="no-equals-sign"),
        pytest.param(("2", "--set", "x=1"), 1, "from_on", id="no-such-parameter"),
    ],
)
def test_mistakes_are_told(vigie: Vigie, arguments: tuple[str, ...], code: int, said: str) -> None:
    answer = vigie("questions", *arguments, code=code)

    assert said in answer.err
