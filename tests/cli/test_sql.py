"""``vigie sql``: one question to the published database, which it cannot change."""

import csv
import io
import stat
from datetime import datetime
from pathlib import Path

import pytest

from listening.jobs.context import ClientPaths
from tests.builders import write_client
from tests.cli.conftest import TITLES, Vigie

TITLES_SQL = "SELECT title FROM fct_documents ORDER BY document_id"


def test_a_table_for_people(vigie: Vigie, published: ClientPaths) -> None:
    answer = vigie("sql", "SELECT brand_name, count(*) AS mentions FROM mentions GROUP BY 1")

    assert "brand_name" in answer.out and "mentions" in answer.out
    assert "L'Œuf à la Coque" in answer.out and str(len(TITLES)) in answer.out
    assert answer.err == ""
    assert published.snapshot.exists()


@pytest.mark.usefixtures("published")
def test_what_the_web_wrote_cannot_command_the_terminal(vigie: Vigie) -> None:
    answer = vigie("sql", TITLES_SQL)

    assert "\x1b" not in answer.out and "\x07" not in answer.out
    assert "[bold red]gras[/]" in answer.out, "cells are data, not markup"


@pytest.mark.usefixtures("published")
def test_json_has_one_line_a_row(vigie: Vigie) -> None:
    rows = vigie("sql", "--json", TITLES_SQL).rows()

    assert [row["title"] for row in rows] == list(TITLES)


@pytest.mark.usefixtures("published")
def test_json_keeps_numbers_as_numbers(vigie: Vigie) -> None:
    (row,) = vigie(
        "sql",
        "--json",
        "SELECT 1.50::DECIMAL(9, 2) AS price, 'nan'::DOUBLE AS nothing, 3::HUGEINT AS count,"
        " TIMESTAMPTZ '2026-11-20 02:00:00+01' AS at, [1, 2] AS list, NULL AS none",
    ).rows()

    assert row["price"] == 1.5
    assert row["nothing"] is None, "NaN is no JSON"
    assert (row["count"], row["list"], row["none"]) == (3, [1, 2], None)
    assert datetime.fromisoformat(row["at"]) == datetime.fromisoformat("2026-11-20T01:00:00+00:00")


@pytest.mark.usefixtures("published")
def test_csv_is_defused_for_spreadsheets(vigie: Vigie) -> None:
    answer = vigie("sql", "--csv", TITLES_SQL)

    rows = list(csv.reader(io.StringIO(answer.out)))
    assert rows[0] == ["title"]
    assert rows[2] == ["'" + TITLES[1]]
    assert [row[0] for row in (rows[1], rows[3], rows[4])] == [TITLES[0], TITLES[2], TITLES[3]]


@pytest.mark.usefixtures("published")
def test_only_so_many_rows_are_shown_and_it_says_so(vigie: Vigie) -> None:
    answer = vigie("sql", "--json", "--rows", "2", TITLES_SQL)

    assert len(answer.rows()) == 2
    assert "--rows" in answer.err


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        pytest.param("SELEC 1", "syntax error", id="syntax"),
        pytest.param("SELECT nothing FROM mentions", "nothing", id="unknown-column"),
        pytest.param("SELECT 1; SELECT 2", "il faut une seule requête", id="two-statements"),
        pytest.param("DELETE FROM fct_documents", "pas DELETE", id="delete"),
        pytest.param("CREATE TABLE t (x INTEGER)", "pas CREATE", id="create"),
        pytest.param("ATTACH '/tmp/other.duckdb'", "pas ATTACH", id="attach"),
        pytest.param("SET memory_limit = '99GB'", "pas SET", id="setting"),
        pytest.param("FROM read_csv('/etc/passwd')", "disabled", id="file"),
        pytest.param("FROM '/etc/passwd'", "", id="file-by-name"),
        pytest.param("", "requête", id="nothing"),
    ],
)
def test_a_wrong_or_writing_statement_is_refused(vigie: Vigie, statement: str, said: str) -> None:
    answer = vigie("sql", statement, code=1)

    assert answer.out == ""
    assert answer.err.startswith("vigie: ") and said in answer.err
    assert "Traceback" not in answer.err


def test_the_snapshot_stays_as_it_is(vigie: Vigie, published: ClientPaths) -> None:
    before = published.snapshot.read_bytes()

    vigie("sql", "UPDATE fct_documents SET title = ''", code=1)

    assert published.snapshot.read_bytes() == before
    assert stat.S_IMODE(published.snapshot.stat().st_mode) == 0o444


@pytest.mark.usefixtures("published")
def test_a_question_without_end_is_stopped(vigie: Vigie) -> None:
    endless = "SELECT count(*) FROM range(10000000000) a, range(10000000000) b"

    answer = vigie("sql", "--timeout", "0.2", endless, code=1)

    assert "0.2 s" in answer.err


@pytest.mark.usefixtures("bistrot")
def test_before_the_first_night_it_says_what_is_missing(vigie: Vigie) -> None:
    answer = vigie("sql", "SELECT 1", code=1)

    assert "nightly" in answer.err
    assert answer.out == ""


@pytest.mark.usefixtures("bistrot")
def test_unknown_clients_are_named_with_the_known_ones(vigie: Vigie) -> None:
    answer = vigie("sql", "--client", "restaurant", "SELECT 1", code=2)

    assert "restaurant" in answer.err and "bistrot" in answer.err


def test_with_several_clients_one_must_be_named(vigie: Vigie, bistrot: Path) -> None:
    write_client(bistrot.with_name("cantine"))

    answer = vigie("sql", "SELECT 1", code=2)

    assert "--client" in answer.err and "bistrot, cantine" in answer.err


@pytest.mark.usefixtures("published")
def test_an_answer_too_wide_for_the_terminal_is_one_block_per_row(vigie: Vigie) -> None:
    many = ", ".join(f"'{n:09}' AS c{n}" for n in range(100))

    answer = vigie("sql", f"SELECT {many} UNION ALL SELECT {many}").out

    assert answer.count("c99  000000099") == 2
    assert "— 2 —" in answer
    assert "┃" in vigie("sql", "SELECT 1 AS one").out
