"""Subscription lists of feed readers, in and out, nothing lost."""

from contextlib import suppress
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.config.load import load_client
from listening.config.opml import read_opml, write_opml
from listening.config.sources import add_sources
from listening.errors import ConfigError
from listening.model import OffHours, Source, SourceKind, SourceType
from tests.builders import NOW, make_source, write_client

FRESHRSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:frss="https://freshrss.org/opml"><head><title>FreshRSS</title></head><body>
<outline text="Presse r\xc3\xa9gionale">
 <outline text="La Gazette" type="rss" xmlUrl="https://gazette.example/feed"
   htmlUrl="https://gazette.example/" frss:priority="important"/>
 <outline text="Le Progr\xc3\xa8s" type="rss" xmlUrl="https://progres.example/rss"
   frss:cssFullContent="article .texte"/>
 <outline text="Gratt\xc3\xa9" type="HTML+XPath" xmlUrl="https://xpath.example/"
   frss:xPathItem="//li"/>
</outline>
<outline text="Divers"><outline text="Sous">
 <outline type="rss" xmlUrl="http://gazette.example/feed/"/>
 <outline text="Mauvaise" type="rss" xmlUrl="feed://x y"/>
 <outline text="La Gazette" xmlUrl="https://autre.example/rss" category="/Forums,/x"/></outline>
</outline></body></opml>"""


def test_freshrss_lists_are_understood_and_every_outline_is_accounted_for() -> None:
    reading = read_opml(FRESHRSS)

    assert [(one.source_id, one.kind, one.source_type, one.weight) for one in reading.sources] == [
        ("gazette", SourceKind.FEED, SourceType.PRESS, 2.0),
        ("progres", SourceKind.BLOG, SourceType.PRESS, 1.0),
        ("gazette-2", SourceKind.FEED, SourceType.FORUM, 1.0),
    ]
    assert [one.name for one in reading.repeated] == ["http://gazette.example/feed/"]
    assert [one.name for one in reading.unread] == ["Gratté", "Mauvaise"]
    assert reading.unread[0].line in {8, 9}


def test_sources_of_the_client_are_not_added_again() -> None:
    known = make_source("gazette", url="http://gazette.example/feed")

    reading = read_opml(FRESHRSS, known=[known])

    assert [one.source_id for one in reading.sources] == ["progres", "gazette-2"]


def test_what_is_exported_comes_back_the_same() -> None:
    sources = [
        make_source("a", title="Titre « & » <b>", language="fr", weight=2.5),
        make_source("b", kind=SourceKind.SITEMAP, source_type=SourceType.OWN, title="B"),
        make_source("c", poll_every=timedelta(hours=3), title="C", source_type=SourceType.SEARCH),
        make_source("d", title="D", off_hours=OffHours(time(22, 30), time(6))),
    ]

    reading = read_opml(write_opml(sources, title="Client", now=NOW))

    assert sorted(reading.sources, key=lambda one: one.source_id) == sources


def test_a_list_is_written_to_the_clients_file_at_once(tmp_path: Path) -> None:
    folder = write_client(tmp_path / "exemple")

    add_sources(folder, read_opml(FRESHRSS).sources)

    sources = {one.source_id: one for one in load_client(folder).sources}
    assert sources["progres"] == Source(
        source_id="progres",
        kind=SourceKind.BLOG,
        url="https://progres.example/rss",
        source_type=SourceType.PRESS,
        title="Le Progrès",
    )
    assert replace(sources["gazette"], weight=1.0).title == "La Gazette"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html></html>", id="a-page"),
        pytest.param(b"\x00\x01", id="rubbish"),
    ],
)
def test_other_files_are_refused(body: bytes) -> None:
    with pytest.raises(ConfigError):
        read_opml(body)


def test_hostile_lists_reveal_nothing_and_end() -> None:
    bomb = b'<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "&%c;&%c;&%c;">' % (98 + n, 97 + n, 97 + n, 97 + n) for n in range(20)
    )
    body = (
        b'<!DOCTYPE opml [<!ENTITY f SYSTEM "file:///etc/passwd">' + bomb + b"]><opml><body>"
        b'<outline text="&f;&t;" xmlUrl="https://a.example/feed"/>'
        + b"<outline>" * 3000
        + b"</body></opml>"
    )

    names = [one.title for one in read_opml(body).sources]

    assert not any("root:" in name or len(name) > 200 for name in names)


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(body: bytes) -> None:
    with suppress(ConfigError):
        read_opml(b"<opml><body>" + body)
