"""The dead man's switch, at a real mail server, without a warehouse."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from listening.jobs.context import JobContext, open_context
from listening.jobs.watchdog import WatchReport, record_good_run, watch
from listening.notify.watchdog import Watch
from listening.settings import Settings
from tests.builders import NOW, write_client
from tests.smtp_server import Post, smtp_server

DAY = timedelta(hours=26)
TWO_PEOPLE = (
    'client: bistrot\nname: "Bistrot"\ncontact: mailto:camille@exemple.example\n'
    'brands: [{id: oeuf, name: "L\'Œuf", role: own}]\n'
    "recipients:\n"
    '  - {address: "camille@exemple.example"}\n'
    '  - {address: "paul@exemple.example", language: en}\n'
)


def open_home(home: Path, *, at: datetime = NOW, port: int | None = None) -> JobContext:
    server = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"} if port else {}
    settings = Settings.model_validate(
        {"home": home, "mail_from": "vigie@exemple.example"} | server
    )
    return open_context("bistrot", settings=settings, clock=lambda: at)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = write_client(tmp_path / "clients" / "bistrot", client=TWO_PEOPLE, alerts="rules: []\n")
    os.utime(folder / "client.yaml", (NOW.timestamp(), NOW.timestamp()))
    return tmp_path


def look(home: Path, *, after: timedelta, port: int | None = None) -> WatchReport:
    now = NOW + after
    return watch(open_home(home, at=now, port=port), now=now, within=DAY)


def test_an_outage_is_told_once_to_everybody_and_so_is_its_end(home: Path) -> None:
    record_good_run(open_home(home), run_id="run-1")
    with smtp_server() as post:
        verdicts = [
            look(home, after=timedelta(hours=hours), port=post.port).watch
            for hours in (25, 27, 28, 49)
        ]
        record_good_run(open_home(home, at=NOW + timedelta(hours=50)), run_id="run-2")
        verdicts += [
            look(home, after=timedelta(hours=hours), port=post.port).watch for hours in (51, 52)
        ]

    assert verdicts == [
        Watch.IN_TIME,
        Watch.OVERDUE,
        Watch.TOLD,
        Watch.TOLD,
        Watch.RECOVERED,
        Watch.IN_TIME,
    ]
    assert len(post.taken) == 4
    assert len(set(post.message_ids)) == 4


def test_only_who_was_not_reached_is_tried_again(home: Path) -> None:
    record_good_run(open_home(home), run_id="run-1")
    with smtp_server(Post(refusals={"paul@exemple.example": "450 come again"})) as post:
        first = look(home, after=timedelta(days=2), port=post.port)
        post.refusals.clear()
        second = look(home, after=timedelta(days=3), port=post.port)
        third = look(home, after=timedelta(days=4), port=post.port)

    assert first.unreached == ("paul@exemple.example",)
    assert (second.watch, third.watch) == (Watch.OVERDUE, Watch.TOLD)
    assert [address for address, _ in post.taken] == [
        "camille@exemple.example",
        "paul@exemple.example",
    ]


def test_without_a_server_the_mails_are_files(home: Path) -> None:
    record_good_run(open_home(home), run_id="run-1")

    look(home, after=timedelta(days=2))

    assert len(list(open_home(home).paths.spool.rglob("*.eml"))) == 2


def test_a_client_that_never_ran_is_waited_for_from_its_making(home: Path) -> None:
    assert look(home, after=timedelta(hours=25)).watch is Watch.IN_TIME
    assert look(home, after=timedelta(hours=27)).watch is Watch.OVERDUE


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("", id="empty"),
        pytest.param("[]", id="another shape"),
        pytest.param('{"ended_at": "hier"}', id="no instant"),
        pytest.param("\0\0", id="zeros after a power cut"),
    ],
)
def test_a_damaged_mark_counts_as_no_run(home: Path, damage: str) -> None:
    context = open_home(home)
    record_good_run(context, run_id="run-1")
    (context.paths.root / "last_good_run.json").write_text(damage, encoding="utf-8")

    assert look(home, after=timedelta(hours=27)).watch is Watch.OVERDUE


def test_a_lost_warehouse_does_not_keep_the_watchdog_from_its_work(home: Path) -> None:
    context = open_home(home)
    record_good_run(context, run_id="run-1")
    context.paths.writer.write_bytes(b"no database")

    assert look(home, after=timedelta(days=2)).watch is Watch.OVERDUE
