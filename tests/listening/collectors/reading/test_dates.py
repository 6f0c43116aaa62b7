"""Dates as the Web writes them."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.collectors import faults
from listening.collectors.reading.dates import dates_in, judge_date, parse_date
from listening.model import DateQuality
from tests.builders import NOW

GIVEN, INFERRED = DateQuality.GIVEN, DateQuality.INFERRED
FRENCH_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


@pytest.mark.parametrize(
    ("text", "expected", "quality"),
    [
        pytest.param("Thu, 12 Mar 2026 08:15:00 GMT", "2026-03-12T08:15", GIVEN, id="rfc822"),
        pytest.param("Thu, 12 Mar 2026 08:15:00 +0100", "2026-03-12T07:15", GIVEN, id="offset"),
        pytest.param("Thu, 12 Mar 2026 08:15 GMT", "2026-03-12T08:15", GIVEN, id="no-seconds"),
        pytest.param("Thu, 12 Jul 2026 08:15:00 CEST", "2026-07-12T06:15", GIVEN, id="cest"),
        pytest.param("Thu, 12 Mar 2026 08:15:00 EST", "2026-03-12T13:15", GIVEN, id="est"),
        pytest.param("Thu Mar 12 08:15:00 +0100 2026", "2026-03-12T07:15", GIVEN, id="x-archive"),
        pytest.param("Thu, 12 Mar 26 08:15:00 GMT", "2026-03-12T08:15", GIVEN, id="two-digits"),
        pytest.param("Thu, 12 Mar 2026 08:15:00", "2026-03-12T08:15", INFERRED, id="no-zone"),
        pytest.param("12 Mar 2026 08:15:00 +0100 (CET)", "2026-03-12T07:15", GIVEN, id="comment"),
        pytest.param("2026-03-12T08:15:00Z", "2026-03-12T08:15", GIVEN, id="iso"),
        pytest.param("2026-03-12T08:15:00.5+02:00", "2026-03-12T06:15", GIVEN, id="iso-fraction"),
        pytest.param("2026-03-12 08:15:00 +0200", "2026-03-12T06:15", GIVEN, id="iso-blanks"),
        pytest.param("20260312T081500Z", "2026-03-12T08:15", GIVEN, id="iso-basic"),
        pytest.param("2026-03-12", "2026-03-12T00:00", INFERRED, id="iso-day-never-swapped"),
        pytest.param("2026-03", "2026-03-01T00:00", INFERRED, id="iso-month"),
        pytest.param("2026/03/12 08:15", "2026-03-12T08:15", INFERRED, id="slashes-year-first"),
        pytest.param("1773299700", "2026-03-12T07:15", GIVEN, id="seconds"),
        pytest.param("1773299700000", "2026-03-12T07:15", GIVEN, id="milliseconds"),
        pytest.param("mer, 16 nov 2022 09:05:00 +0100", "2022-11-16T08:05", GIVEN, id="fr-rfc822"),
        pytest.param("mercredi 16 novembre 2022", "2022-11-16T00:00", INFERRED, id="fr-long"),
        pytest.param("16 novembre 2022 à 14h30", "2022-11-16T14:30", INFERRED, id="fr-hour"),
        pytest.param("le 3 août 2025 à 9 h 05", "2025-08-03T09:05", INFERRED, id="fr-spaced-hour"),
        pytest.param("1er mars 2026", "2026-03-01T00:00", INFERRED, id="fr-first"),
        pytest.param("mar. 13 janv. 2026 07:00:00 +0100", "2026-01-13T06:00", GIVEN, id="fr-dots"),
        pytest.param("jeu., 03 déc. 2020 10:00:00 CET", "2020-12-03T09:00", GIVEN, id="fr-cet"),
        pytest.param("12/03/2026 à 10:15", "2026-03-12T10:15", INFERRED, id="fr-numbers"),
        pytest.param("03/25/2026", "2026-03-25T00:00", INFERRED, id="us-when-it-must-be"),
        pytest.param("March 3, 2026 2:30 PM", "2026-03-03T14:30", INFERRED, id="en-afternoon"),
        pytest.param("March 3rd, 2026", "2026-03-03T00:00", INFERRED, id="en-ordinal"),
        pytest.param("Sun Jan 04 16:29:06 PST 2004", "2004-01-05T00:29", GIVEN, id="asctime"),
        pytest.param("March 3, 2026 2:30 PM EST", "2026-03-03T19:30", GIVEN, id="en-zone"),
        pytest.param(
            "Posté par Poulet le 12 mars 2026 à 14:31", "2026-03-12T14:31", INFERRED, id="name"
        ),
        pytest.param("12 mars 2026 à 14:31 Podcast", "2026-03-12T14:31", INFERRED, id="word"),
        pytest.param("12 mars 2026 14:31 et modifié", "2026-03-12T14:31", INFERRED, id="fr-and"),
        pytest.param("12 mars 2026, 14h, est ouvert", "2026-03-12T14:00", INFERRED, id="fr-is"),
        pytest.param("CET : 12 mars 2026 à 14:31", "2026-03-12T14:31", INFERRED, id="zone-before"),
        pytest.param("mer, 16 nov 2022 12:00:00 AM", "2022-11-16T00:00", INFERRED, id="midnight"),
    ],
)
def test_reads(text: str, expected: str, quality: DateQuality) -> None:
    parsed = parse_date(text)

    assert parsed is not None
    assert parsed[0].isoformat()[:16] == expected
    assert parsed[0].tzinfo is UTC
    assert parsed[1] is quality


@pytest.mark.parametrize(
    "text", ["", "   ", "hier", "32 mars 2026", "2026-13-45", "x" * 500, None, "12", "0 0 0"]
)
def test_does_not_invent(text: str | None) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param(None, faults.DATE_MISSING, id="missing"),
        pytest.param("avant-hier", faults.DATE_UNREADABLE, id="unreadable"),
        pytest.param("2041-01-01T00:00:00Z", faults.DATE_IN_FUTURE, id="future"),
        pytest.param("1970-01-01T00:00:00Z", faults.DATE_ABSURD, id="epoch"),
        pytest.param("Mon, 01 Jan 0001 00:00:00 GMT", faults.DATE_ABSURD, id="year-one"),
    ],
)
def test_untrusted_dates_have_a_name(text: str | None, fault: str) -> None:
    assert judge_date(text, now=NOW) == (None, DateQuality.COLLECTED, fault)


def test_a_day_ahead_is_a_time_zone_not_a_lie() -> None:
    ahead = (NOW + timedelta(hours=23)).isoformat()

    assert judge_date(ahead, now=NOW)[2] is None


INSTANTS = st.datetimes(
    min_value=datetime(1995, 1, 2),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=datetime(2060, 1, 1),  # noqa: DTZ001
).map(lambda naive: naive.replace(microsecond=0))
ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(INSTANTS, ZONES)
def test_written_dates_come_back(naive: datetime, zone: timezone) -> None:
    instant = naive.replace(tzinfo=zone)
    month = FRENCH_MONTHS[instant.month - 1]
    offset = instant.strftime("%z")
    forms = (
        format_datetime(instant),
        instant.isoformat(),
        str(instant),
        f"{instant.day} {month} {instant.year} à {instant:%Hh%M:%S} {offset}",
        f"{instant:%d/%m/%Y %H:%M:%S} {offset}",
    )

    for form in forms:
        assert parse_date(form) == (instant.astimezone(UTC), GIVEN), form


@given(st.text(max_size=90))
def test_never_raises(text: str) -> None:
    parsed = parse_date(text)

    assert parsed is None or parsed[0].tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2026-07-12 08:15:00", "2026-07-12T06:15", id="iso-summer"),
        pytest.param("12 janvier 2026 à 8h15", "2026-01-12T07:15", id="words-winter"),
        pytest.param("2026-07-12", "2026-07-11T22:00", id="day-only"),
        pytest.param("2026-07-12T08:15:00Z", "2026-07-12T08:15", id="stated-wins"),
    ],
)
def test_a_date_without_a_zone_is_read_in_that_of_its_source(text: str, expected: str) -> None:
    with dates_in(ZoneInfo("Europe/Paris")):
        found = parse_date(text)

    assert found is not None
    assert f"{found[0]:%Y-%m-%dT%H:%M}" == expected
