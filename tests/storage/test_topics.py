"""Topics, events and changes of queries in the warehouse."""

from datetime import date

import duckdb
import holidays
import pytest

from listening.model import ClientEvent, PublicHoliday, Topic, TopicTag
from storage.alert_context import public_holidays
from storage.checks import run_checks
from storage.dimensions import sync_dimensions
from storage.loading import load_batch, load_tagged
from tests.builders import NOW, make_batch, make_brand, make_document, make_mention, make_tagged
from tests.storage.conftest import BRANDS, SOURCES

ONE, TWO, THREE = make_document(1), make_document(2), make_document(3)
OURS = "oeuf-a-la-coque"
CHANGED = (make_brand(query_version="q2"), *BRANDS[1:])


def _sync(connection: duckdb.DuckDBPyConnection, **values: object) -> None:
    fixed = {
        "client_id": "exemple", "name": "Exemple", "timezone": "Europe/Paris", "language": "fr",
        "brands": BRANDS, "sources": SOURCES, "rules": [], "now": NOW,
    }  # fmt: skip
    sync_dimensions(connection, **fixed | values)  # type: ignore[arg-type]


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return connection.execute(sql).fetchall()


def test_topics_of_a_mention_are_what_its_last_tagging_says(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    load_batch(warehouse, make_batch(ONE, TWO), now=NOW)
    price = TopicTag(brand_id=OURS, topic_id="prix", terms=("prix",))
    welcome = TopicTag(brand_id=OURS, topic_id="accueil", terms=("accueil",))
    first = make_tagged(ONE, make_mention(1), topics=(price, welcome))
    other = make_tagged(TWO, make_mention(2), topics=(price,))
    load_tagged(warehouse, [first, other], brands=BRANDS, now=NOW)

    dearer = TopicTag(brand_id=OURS, topic_id="prix", terms=("cher", "prix"))
    again = make_tagged(ONE, make_mention(1), topics=(dearer,), tagger_version="t2")
    load_tagged(warehouse, [again], brands=BRANDS, now=NOW)

    assert _rows(
        warehouse, "SELECT document_id, topic_id, terms FROM fct_mention_topics ORDER BY ALL"
    ) == [(ONE.document_id, "prix", ["cher", "prix"]), (TWO.document_id, "prix", ["prix"])]
    assert run_checks(warehouse) == []


def test_topics_that_leave_the_configuration_become_inactive(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    price = Topic(topic_id="prix", name_fr="Prix", name_en="Prices", terms=("prix", "cher"))
    _sync(warehouse, topics=[price])
    assert _rows(warehouse, "SELECT name_fr, name_en, terms, is_active FROM dim_topics") == [
        ("Prix", "Prices", ["prix", "cher"], True)
    ]

    _sync(warehouse, topics=[])

    assert _rows(warehouse, "SELECT is_active FROM dim_topics") == [(False,)]


def test_events_are_laid_into_the_calendar_and_taken_out_again(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    fair = ClientEvent(
        name="Foire", first_on=date(2026, 11, 20), last_on=date(2026, 11, 22), is_yearly=False
    )
    eve = ClientEvent(
        name="Réveillon", first_on=date(2025, 12, 31), last_on=date(2026, 1, 1), is_yearly=True
    )
    opening = ClientEvent(
        name="Anniversaire",
        first_on=date(2026, 11, 22),
        last_on=date(2026, 11, 22),
        is_yearly=False,
    )
    sql = (
        "SELECT date_on, client_event FROM dim_dates WHERE client_event IS NOT NULL"
        " AND date_on BETWEEN '2026-06-01' AND '2027-06-01' ORDER BY date_on"
    )

    _sync(warehouse, events=[fair, eve, opening])

    assert _rows(warehouse, sql) == [
        (date(2026, 11, 20), "Foire"),
        (date(2026, 11, 21), "Foire"),
        (date(2026, 11, 22), "Anniversaire, Foire"),
        (date(2026, 12, 31), "Réveillon"),
        (date(2027, 1, 1), "Réveillon"),
    ]
    _sync(warehouse, events=[])
    assert _rows(warehouse, sql) == []


def test_public_holidays_are_those_of_the_holidays_package(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    expected = set(holidays.country_holidays("FR", years=range(2000, 2050)))
    # People worked on Whit Monday from 2005 to 2007, but it stayed a public holiday by law.
    expected |= {date(2005, 5, 16), date(2006, 6, 5), date(2007, 5, 28)}

    found = _rows(warehouse, "SELECT date_on FROM dim_dates WHERE is_public_holiday ORDER BY ALL")

    assert [row[0] for row in found] == sorted(expected)


def test_the_calendar_takes_the_holidays_of_another_country_and_back(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    french = [PublicHoliday(day_on=date(2026, 7, 14), name_fr="Fête nationale", name_en="Bastille")]
    belgian = [PublicHoliday(day_on=date(2026, 7, 21), name_fr="Fête", name_en="National Day")]

    seen = []
    for country, chosen in (("BE", belgian), ("FR", french), ("FR", [])):
        _sync(warehouse, country=country, holidays_of=lambda _, found=chosen: found)
        seen.append(public_holidays(warehouse, "en"))

    assert seen[0] == {date(2026, 7, 21): "National Day"}
    assert seen[1] == seen[2] == {date(2026, 7, 14): "Bastille"}


@pytest.mark.parametrize(
    ("first", "second", "changes"),
    [
        pytest.param((1,), (1, 2), [(2, "gained")], id="gained"),
        pytest.param((1, 2), (2,), [(1, "lost")], id="lost"),
        pytest.param((1,), (2,), [(1, "lost"), (2, "gained")], id="one-for-another"),
        pytest.param((1, 2), (1, 2), [], id="nothing-changed"),
    ],
)
def test_what_a_change_of_query_gains_and_loses_is_noted(
    warehouse: duckdb.DuckDBPyConnection,
    first: tuple[int, ...],
    second: tuple[int, ...],
    changes: list[tuple[int, str]],
) -> None:
    documents = {1: ONE, 2: TWO, 3: THREE}
    load_batch(warehouse, make_batch(*documents.values()), now=NOW)
    for found, version, tagger, brands in (
        (first, "q1", "t1", BRANDS),
        (second, "q2", "t2", CHANGED),
        (second, "q2", "t3", CHANGED),  # another model: no change of the query
    ):
        tagged = [
            make_tagged(
                document,
                *([make_mention(n, query_version=version)] if n in found else []),
                tagger_version=tagger,
            )
            for n, document in documents.items()
        ]
        load_tagged(warehouse, tagged, brands=brands, now=NOW)

    rows = _rows(
        warehouse,
        "SELECT document_id, change, version_before, version_after FROM fct_query_changes"
        " ORDER BY document_id",
    )
    assert rows == [(documents[n].document_id, change, "q1", "q2") for n, change in changes]


def test_a_first_tagging_is_no_change(warehouse: duckdb.DuckDBPyConnection) -> None:
    load_batch(warehouse, make_batch(ONE), now=NOW)
    load_tagged(warehouse, [make_tagged(ONE, make_mention(1))], brands=BRANDS, now=NOW)

    assert _rows(warehouse, "FROM fct_query_changes") == []
