"""The reader of feeds: what it finds, and what it calls by its name."""

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listening.collectors import faults
from listening.collectors.feed import read_feed
from listening.collectors.feeds.entry import author_of
from listening.collectors.reading.items import MAX_TITLE_CHARS
from listening.errors import UnreadableSourceError
from listening.model import DateQuality
from tests.builders import NOW
from tests.listening.collectors.feed_bodies import HEAD, rss, rss_item, rss_of

ATOM = (
    HEAD
    + """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Blog</title>
<author><name>Camille</name></author><link href="https://blog.example/"/>
<entry><id>tag:blog.example,2026:1</id><title type="text">Pain &amp; &lt;vin&gt;</title>
<link href="/1"/><updated>2026-11-19T18:30:00+01:00</updated><summary>court</summary>
<content type="html">&lt;p&gt;long&lt;/p&gt;&lt;p&gt;texte&lt;/p&gt;</content></entry>
<entry xmlns:thr="http://purl.org/syndication/thread/1.0"><id>tag:blog.example,2026:2</id>
<title type="html">&lt;b&gt;Réponse&lt;/b&gt;</title><author><name>Zoé</name></author>
<thr:in-reply-to ref="tag:blog.example,2026:1"/><published>2026-11-19T19:00:00Z</published>
<updated>2026-11-20T00:00:00Z</updated><content>1 &lt; 2</content></entry></feed>"""
).encode()

RDF = (
    HEAD
    + """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://a.example/"><title>T</title><link>https://a.example/</link></channel>
<item rdf:about="https://a.example/1"><title>Un</title><link>https://a.example/1</link>
<dc:date>2026-11-19T18:30:00+01:00</dc:date>
<dc:creator>&lt;a href="/u"&gt;Léa&lt;/a&gt;</dc:creator>
</item></rdf:RDF>"""
).encode()

EVENING = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)


def reason_of(body: bytes, content_type: str | None = None) -> str:
    with pytest.raises(UnreadableSourceError) as caught:
        read_feed(body, content_type=content_type, now=NOW)
    return caught.value.reason


def test_reads_rss() -> None:
    reading = read_feed(rss_of(2), now=NOW)

    first = reading.documents[0]
    assert (reading.kind, reading.title, reading.faults) == ("rss20", "La Gazette", ())
    assert reading.site_url == "https://gazette.example/"
    assert [d.guid for d in reading.documents] == ["guid-1", "guid-2"]
    assert first.url == "https://gazette.example/article-1"
    assert first.text == "Le texte de l’article 1."
    assert (first.published_at, first.published_at_quality) == (EVENING, DateQuality.GIVEN)
    assert first.language == "fr"


def test_reads_atom_as_it_says_it_is_meant() -> None:
    reading = read_feed(ATOM, url="https://blog.example/atom.xml", now=NOW)

    first, second = reading.documents
    assert (first.title, first.text) == ("Pain & <vin>", "long\ntexte")
    assert first.url == "https://blog.example/1"
    assert first.author == "Camille"
    assert (first.published_at, first.published_at_quality) == (EVENING, DateQuality.INFERRED)
    assert (second.title, second.text, second.author) == ("Réponse", "1 < 2", "Zoé")
    assert second.in_reply_to == "tag:blog.example,2026:1"
    assert second.published_at_quality is DateQuality.GIVEN


def test_reads_rdf_whose_dates_are_dublin_core() -> None:
    document = read_feed(RDF, now=NOW).documents[0]

    assert (document.published_at, document.published_at_quality) == (EVENING, DateQuality.GIVEN)
    assert document.author == "Léa"
    assert document.url == "https://a.example/1"


def test_a_guid_is_no_address_unless_it_is_one() -> None:
    address = "https://gazette.example/7"
    body = rss([rss_item(1, link=None), rss_item(2, link=None, guid=address)])

    first, second = read_feed(body, url="https://gazette.example/feed", now=NOW).documents

    assert (first.guid, first.url) == ("guid-1", None)
    assert (second.guid, second.url) == (address, address)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        pytest.param("lea@a.example (Léa Martin)", "Léa Martin", id="rss"),
        pytest.param("Léa Martin <lea@a.photography>", "Léa Martin", id="long-domain"),
        pytest.param("Léa (mailto:lea@a.example)", "Léa", id="mailto"),
        pytest.param("lea@a.example", "lea@a.example", id="only-an-address"),
        pytest.param("Léa Martin", "Léa Martin", id="only-a-name"),
    ],
)
def test_authors_are_names_where_there_is_one(written: str, name: str) -> None:
    document = read_feed(rss([rss_item(author=written)]), now=NOW).documents[0]

    assert document.author == name


def test_an_endless_name_is_cut() -> None:
    assert author_of({"author": "L" * 5_000}) == "L" * 500


def test_content_is_preferred_to_its_summary() -> None:
    encoded = "<content:encoded><![CDATA[<p>tout le texte</p>]]></content:encoded>"
    body = rss([rss_item(description="le dé…", extra=encoded)]).replace(
        b"<rss ", b'<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    )

    assert read_feed(body, now=NOW).documents[0].text == "tout le texte"


def test_script_never_becomes_text() -> None:
    body = rss([rss_item(description="<p>bon</p><script>alert('x')</script>", title="<i>T</i>")])

    document = read_feed(body, now=NOW).documents[0]

    assert (document.title, document.text) == ("T", "bon")


# -- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        pytest.param(b"", None, faults.EMPTY_BODY, id="empty"),
        pytest.param(b" \n\x00", None, faults.EMPTY_BODY, id="blank"),
        pytest.param(b"<!DOCTYPE html><p>Bonjour", None, faults.HTML_INSTEAD_OF_FEED, id="html"),
        pytest.param(
            b"<div>page</div>", "text/html", faults.HTML_INSTEAD_OF_FEED, id="html-by-header"
        ),
        pytest.param(b"just words", None, faults.NOT_A_FEED, id="words"),
        pytest.param(b"<opml/>", None, faults.NOT_A_FEED, id="other-xml"),
        pytest.param(b"<a><b></a>", None, faults.MALFORMED_XML, id="broken-xml"),
        pytest.param(b"{", None, faults.MALFORMED_JSON, id="broken-json"),
        pytest.param(b'{"a": 1}', None, faults.NOT_A_FEED, id="other-json"),
        pytest.param(gzip.compress(rss_of(1)), None, faults.NOT_A_FEED, id="still-packed"),
    ],
)
def test_says_why_it_is_no_feed(body: bytes, content_type: str | None, reason: str) -> None:
    assert reason_of(body, content_type) == reason


def test_an_empty_feed_is_a_feed() -> None:
    reading = read_feed(rss(), now=NOW)

    assert reading.documents == ()
    assert reading.faults == (faults.NO_ITEMS,)


def test_malformed_xml_is_read_as_far_as_it_goes() -> None:
    body = rss_of(2).replace(b"Article 2", b"Article & <b>2").replace(b"</channel></rss>", b"")

    reading = read_feed(body, now=NOW)

    assert len(reading.documents) == 2
    assert faults.MALFORMED_XML in reading.faults


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        pytest.param("utf-8", "cp1252", id="says-utf-8-is-cp1252"),
        pytest.param("iso-8859-1", "utf-8", id="says-latin-1-is-utf-8"),
        pytest.param("klingon", "utf-8", id="unknown"),
    ],
)
def test_wrong_charset_is_found_out(declared: str, real: str) -> None:
    body = rss([rss_item(title="L’œuf à la coque")]).decode()
    body = body.replace("utf-8", declared)

    reading = read_feed(body.encode(real), now=NOW)

    assert reading.documents[0].title == "L’œuf à la coque"
    assert faults.WRONG_CHARSET in reading.faults


def test_missing_charset_is_no_fault() -> None:
    body = rss([rss_item(title="œuf")], head="")

    reading = read_feed(body, now=NOW)

    assert reading.documents[0].title == "œuf"
    assert reading.faults == ()


BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)).replace(
        "&l0;", "&lol;"
    )
    + "]>"
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
QUADRATIC = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l9 "{"a" * 50_000}">]>'


@pytest.mark.parametrize(
    ("head", "use"),
    [
        pytest.param(BILLION_LAUGHS, "&l9;", id="billion-laughs"),
        pytest.param(EXTERNAL, "&l9;", id="external-entity"),
        pytest.param(QUADRATIC, "&l9;" * 2_000, id="quadratic"),
    ],
)
def test_entities_are_named_and_not_expanded(head: str, use: str) -> None:
    body = rss([rss_item(title="XX")], head=head).replace(b"XX", use.encode())

    reading = read_feed(body, now=NOW)

    assert faults.ENTITY_DECLARED in reading.faults
    assert len(reading.documents[0].title) <= MAX_TITLE_CHARS
    assert "root:" not in repr(reading.documents)


def test_a_ten_megabyte_title_is_cut() -> None:
    body = rss([rss_item(title="mot " * 2_500_000)])

    reading = read_feed(body, now=NOW)

    assert len(reading.documents[0].title) <= MAX_TITLE_CHARS
    assert faults.TITLE_TRUNCATED in reading.faults


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        pytest.param("Fri, 01 Jan 2044 00:00:00 GMT", faults.DATE_IN_FUTURE, id="future"),
        pytest.param("Thu, 01 Jan 1970 00:00:00 GMT", faults.DATE_ABSURD, id="epoch"),
        pytest.param(None, faults.DATE_MISSING, id="missing"),
        pytest.param("bientôt", faults.DATE_UNREADABLE, id="unreadable"),
    ],
)
def test_dates_that_cannot_be_trusted_are_left_out(written: str | None, fault: str) -> None:
    reading = read_feed(rss([rss_item(pubDate=written)]), now=NOW)

    document = reading.documents[0]
    assert document.published_at is None
    assert document.published_at_quality is DateQuality.COLLECTED
    assert reading.faults == (fault,)


def test_items_without_id_or_link_are_kept_and_named() -> None:
    reading = read_feed(rss([rss_item(guid=None, link=None)]), now=NOW)

    assert (reading.documents[0].guid, reading.documents[0].url) == (None, None)
    assert reading.faults == (faults.ITEM_WITHOUT_ID,)


def test_items_without_content_are_named() -> None:
    reading = read_feed(rss([rss_item(title=None, description=None)]), now=NOW)

    assert reading.faults == (faults.ITEM_WITHOUT_CONTENT,)


def test_nul_bytes_and_control_characters_are_removed_and_named() -> None:
    body = rss([rss_item(title="aNULb")]).replace(b"NUL", b"\x00\x07")

    reading = read_feed(body, now=NOW)

    assert reading.documents[0].title == "ab"
    assert reading.faults == (faults.CONTROL_CHARACTERS_REMOVED, faults.NUL_BYTES_REMOVED)


# -- whatever the bytes -------------------------------------------------------------------------


def read_or_refuse(body: bytes) -> None:
    try:
        reading = read_feed(body, url="https://a.example/feed", now=NOW)
    except UnreadableSourceError as error:
        assert faults.explain(error.reason)  # noqa: PT017 - either way is right
        return
    for document in reading.documents:
        assert "\n" not in document.title
        assert "\x00" not in document.title + document.text
        assert document.url is None or document.url.startswith(("http://", "https://", "HTTP"))
    assert all(faults.explain(fault) for fault in reading.faults)


@given(st.binary(max_size=400))
def test_random_bytes_raise_nothing_else(body: bytes) -> None:
    read_or_refuse(body)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from([rss_of(2), ATOM, RDF]),
    st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 30), st.binary(max_size=20))),
)
def test_mutated_feeds_raise_nothing_else(body: bytes, cuts: list[tuple[int, int, bytes]]) -> None:
    for at, length, replacement in cuts:
        body = body[:at] + replacement + body[at + length :]

    read_or_refuse(body)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_survives_being_published(title: str, text: str) -> None:
    read_or_refuse(rss([rss_item(title=title, description=text)]))
