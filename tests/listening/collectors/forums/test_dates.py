"""Dates as forums show them, by the clock, the order and the zone of their page."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.collectors import faults
from listening.collectors.forums.dates import PageClock, page_clock
from listening.collectors.reading.dates import dates_in
from listening.model import DateQuality

#: A Friday.
NOW = datetime(2026, 11, 20, 23, 42, tzinfo=UTC)

SHOWN = [
    ("Hier, 14:02", "2026-11-19T14:02"),
    ("Aujourd'hui à 09:12", "2026-11-20T09:12"),
    ("Aujourd’hui, à 09h12", "2026-11-20T09:12"),
    ("Avant-hier à 10:00", "2026-11-18T10:00"),
    ("Today at 11:28 PM", "2026-11-20T23:28"),
    ("Yesterday, 02:03 AM", "2026-11-19T02:03"),
    ("ven. 5 oct. 2018 10:22", "2018-10-05T10:22"),
    ("Lun 5 Oct 2018 - 10:22", "2018-10-05T10:22"),
    ("20 novembre 2026 17:40", "2026-11-20T17:40"),
    ("17 Aug 2008 23:13", "2008-08-17T23:13"),
    ("Posted: Tue Oct 05, 2004 10:22 am", "2004-10-05T10:22"),
    ("« Reply #1 on: November 19, 2026, 11:42:30 PM »", "2026-11-19T23:42:30"),
    ("05 mars 2019 à 18:33", "2019-03-05T18:33"),
    ("3 minutes ago", "2026-11-20T23:39"),
    ("Less than 1 minute ago", "2026-11-20T23:41"),
    ("il y a 2 heures", "2026-11-20T21:42"),
    ("il y a un jour", "2026-11-19T23:42"),
    ("Lundi à 10:22", "2026-11-16T10:22"),
    ("Friday at 9:00 AM", "2026-11-13T09:00"),
]


@pytest.mark.parametrize(("text", "wanted"), SHOWN, ids=[text for text, _ in SHOWN])
def test_shown_dates_are_read(text: str, wanted: str) -> None:
    instant, quality, fault = PageClock(NOW).read(text)

    assert instant == datetime.fromisoformat(wanted).replace(tzinfo=UTC)
    assert (quality, fault) == (DateQuality.INFERRED, None)


def test_a_date_with_its_zone_is_given() -> None:
    clock = PageClock(NOW, zone=timezone(timedelta(hours=-6)))

    assert clock.read("2026-11-19T10:00:00+01:00") == (
        datetime(2026, 11, 19, 9, tzinfo=UTC),
        DateQuality.GIVEN,
        None,
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", faults.DATE_MISSING),
        ("un jour", faults.DATE_UNREADABLE),
        ("1 Jan 2030 10:00", faults.DATE_IN_FUTURE),
        ("1 Jan 1985 10:00", faults.DATE_ABSURD),
    ],
)
def test_what_is_no_date_is_named(text: str, fault: str) -> None:
    assert PageClock(NOW).read(text) == (None, DateQuality.COLLECTED, fault)


@pytest.mark.parametrize(
    ("footer", "hours"),
    [
        ('All times are <span title="UTC-6">UTC-06:00</span>', -6),
        ("All times are UTC + 1 hour [ DST ]", 1),
        ("Toutes les heures sont au format GMT + 2 Heures", 2),
        ("Fuseau horaire GMT +1. Il est actuellement 09h15.", 1),
        ("Heures au format <abbr>UTC+02:00</abbr>", 2),
        ("Time zone: UTC", 0),
        ("Bonne journée", 0),
    ],
)
def test_the_zone_is_in_the_footer(footer: str, hours: int) -> None:
    clock = page_clock(f"<p>texte</p>{footer}", ["17 Aug 2008 23:13"], now=NOW)

    instant, _, _ = clock.read("17 Aug 2008 23:13")

    assert instant is not None
    assert instant.utcoffset() == timedelta(hours=hours)
    assert instant.replace(tzinfo=None) == datetime(2008, 8, 17, 23, 13)  # noqa: DTZ001


@pytest.mark.parametrize(
    "markup",
    [
        '<input type="hidden" name="creation_time" value="1795218150" />',
        "$('x').val('1795218150');",
        '<time datetime="2026-11-20T23:42:30Z">20 Nov 2026, 23:42</time>',
        "<strong>Current time:</strong> 11-20-2026, 11:42 PM</span>",
        "La date/heure actuelle est Ven 20 Nov 2026 - 23:42",
    ],
)
def test_relative_dates_count_from_the_page_s_own_clock(markup: str) -> None:
    clock = page_clock(markup, ["Hier, 14:02"], now=NOW + timedelta(days=9))

    assert clock.read("Hier, 14:02")[0] == datetime(2026, 11, 19, 14, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("dates", "day", "month"),
    [
        pytest.param(["11-05-2026, 11:42 PM"], 5, 11, id="am-pm"),
        pytest.param(["11-05-2026, 23:42", "11-20-2026, 10:00"], 5, 11, id="a-day-above-12"),
        pytest.param(["11-05-2026, 23:42"], 11, 5, id="day-first"),
        pytest.param(["11-05-2026, 23:42", "11-06-2026, 10:00", "11-07-2026, 10:00"], 11, 5,
                     id="nothing-tells"),
        pytest.param(["09-11-2026, 23:42", "10-01-2026, 10:00"], 11, 9, id="order-of-posts"),
        pytest.param(["03-12-2026, 23:42"], 12, 3, id="no-date-to-come"),
        pytest.param(["11-05-2026, 11:42 PM", "13-05-2026, 1:00 PM"], 11, 5, id="day-above-12"),
    ],
)  # fmt: skip
def test_the_order_of_numbers_is_the_board_s(dates: list[str], day: int, month: int) -> None:
    instant, _, _ = page_clock("", dates, now=NOW).read(dates[0])

    assert instant is not None
    assert (instant.day, instant.month) == (day, month)


def test_the_rest_of_the_page_tells_the_order_of_numbers() -> None:
    markup = "<dd>Joined: 10-25-2019</dd> <dd>Joined: 04-30-2020</dd>"

    instant, _, _ = page_clock(markup, ["11-05-2026, 23:42"], now=NOW).read("11-05-2026, 23:42")

    assert instant is not None and (instant.day, instant.month) == (5, 11)


def test_a_live_page_tells_its_zone_by_its_clock() -> None:
    markup = "<strong>Current time:</strong> 11-20-2026, 05:43 PM"

    live = page_clock(markup, ["11-20-2026, 05:00 PM"], now=NOW, is_live=True)
    recorded = page_clock(markup, ["11-20-2026, 05:00 PM"], now=NOW)

    assert live.read("11-20-2026, 05:00 PM")[0] == datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert recorded.read("11-20-2026, 05:00 PM")[0] == datetime(2026, 11, 20, 17, tzinfo=UTC)


def test_a_clock_that_fits_no_zone_is_no_zone() -> None:
    markup = "<strong>Current time:</strong> 11-20-2026, 05:50 PM"

    clock = page_clock(markup, ["11-20-2026, 05:00 PM"], now=NOW, is_live=True)

    assert clock.zone is UTC


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        pytest.param("11-20-2026, 11:42 PM", timedelta(0), id="a-quarter-behind-is-no-zone"),
        pytest.param("11-21-2026, 05:27 AM", timedelta(hours=5, minutes=30), id="india"),
        pytest.param("11-21-2026, 05:12 AM", timedelta(0), id="a-quarter-past-five-is-no-zone"),
        pytest.param("11-21-2026, 05:42 AM", timedelta(hours=5, minutes=45), id="nepal"),
        pytest.param("11-20-2026, 10:57 AM", timedelta(0), id="thirteen-hours-behind-is-no-zone"),
    ],
)
def test_only_zones_that_exist_are_inferred(shown: str, expected: timedelta) -> None:
    markup = f"<strong>Current time:</strong> {shown}"
    now = datetime(2026, 11, 20, 23, 57, tzinfo=UTC)

    clock = page_clock(markup, [shown], now=now, is_live=True)

    assert clock.zone.utcoffset(now) == expected


_FRIDAY = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("Aujourd’hui, 14h02", "2026-11-20 14:02"),
        ("Avant hier à 09:15", "2026-11-18 09:15"),
        ("Il y a moins d’une minute", "2026-11-20 18:29"),
        ("il y a 3 sem.", "2026-10-30 18:30"),
        ("Yesterday, 12:05 AM", "2026-11-19 00:05"),
        ("3 hours, 5 mins ago", "2026-11-20 15:25"),
        ("3d ago", "2026-11-17 18:30"),
        ("Vor einer Stunde", "2026-11-20 17:30"),
        ("vor 3 Jahren", "2023-11-21 18:30"),
        ("Vorgestern, 09:15", "2026-11-18 09:15"),
        ("Dienstag um 14:10", "2026-11-17 14:10"),
        ("Hoy a las 02:02 p.m.", "2026-11-20 14:02"),
        ("hace una hora", "2026-11-20 17:30"),
        ("lunes a las 9:05", "2026-11-16 09:05"),
        ("un'ora fa", "2026-11-20 17:30"),
        ("Ieri alle 09:15", "2026-11-19 09:15"),
        ("Gisteren om 09:15", "2026-11-19 09:15"),
        ("há 3 horas", "2026-11-20 15:30"),
        ("Wczoraj, 09:15", "2026-11-19 09:15"),
        ("Сегодня, 14:02", "2026-11-20 14:02"),
        ("17 ноября 2026, 14:02", "2026-11-17 14:02"),
        ("17 lis 2026, 14:02", "2026-11-17 14:02"),
        ("wo mrt 11, 2015 3:02 pm", "2015-03-11 15:02"),
        ("Nov 17 '25", "2025-11-17 00:00"),
        ("Di 17. März 2026, 14:02 Uhr", "2026-03-17 14:02"),
        ("Dom Ene 11, 2015 9:15 pm", "2015-01-11 21:15"),
        ("Posted 17 November 2026 - 02:02 PM", "2026-11-17 14:02"),
    ],
)
def test_dates_in_the_languages_of_forums(shown: str, expected: str) -> None:
    instant, _, _ = page_clock("", [shown], now=_FRIDAY).read(shown)

    assert instant is not None and f"{instant:%Y-%m-%d %H:%M}" == expected


@given(st.text(max_size=200))
def test_any_text_is_a_date_or_a_fault(text: str) -> None:
    instant, _, fault = PageClock(_FRIDAY).read(text)

    assert (instant is None) == (fault is not None)


def test_smf_shows_both_times() -> None:
    markup = '<time datetime="2026-11-20T17:42:30Z">20 Nov 2026, 18:42</time>'

    clock = page_clock(markup, ["Hier à 10:00"], now=NOW + timedelta(days=30))

    assert clock.read("Hier à 10:00")[0] == datetime(2026, 11, 19, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("footer", "own", "expected"),
    [
        pytest.param(
            'Fuseau horaire sur <span title="Europe/Paris">UTC+01:00</span>',
            "UTC",
            "12:02",
            id="named",
        ),
        pytest.param("Fuseau horaire sur UTC+01:00", "UTC", "13:02", id="offset-of-today"),
        pytest.param("Fuseau horaire sur UTC+01:00", "Europe/Paris", "12:02", id="own-zone-agrees"),
        pytest.param("Fuseau horaire sur UTC-05:00", "Europe/Paris", "19:02", id="page-is-right"),
        pytest.param("", "Europe/Paris", "12:02", id="page-says-nothing"),
        pytest.param("All times are Europe/Atlantis", "UTC", "14:02", id="no-such-zone"),
    ],
)
def test_summer_posts_on_a_winter_page_keep_summer_time(
    footer: str, own: str, expected: str
) -> None:
    with dates_in(ZoneInfo(own)):
        clock = page_clock(f"<p>{footer}</p>", [], now=datetime(2026, 11, 20, 12, tzinfo=UTC))
        instant = clock.read("14 juillet 2026, 14:02")[0]

    assert instant is not None
    assert f"{instant.astimezone(UTC):%H:%M}" == expected
