"""Keys of URLs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.collectors.identity.canonical import (
    absolute_url,
    canonical_url,
    host_of,
    names_a_site,
)

SID = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("http://a.example/x", "https://a.example/x", id="scheme"),
        pytest.param("https://A.Example/x", "https://a.example/x", id="case-of-host"),
        pytest.param("https://a.example:443/x", "https://a.example/x", id="port-of-https"),
        pytest.param("http://a.example:80/x", "https://a.example/x", id="port-of-http"),
        pytest.param("https://a.example/x/", "https://a.example/x", id="trailing-slash"),
        pytest.param("https://a.example", "https://a.example/", id="root"),
        pytest.param("https://a.example./x", "https://a.example/x", id="final-dot"),
        pytest.param("https://a.example/x?utm_source=rss&utm_x=1", "https://a.example/x", id="utm"),
        pytest.param("https://a.example/x?xtor=RSS-1", "https://a.example/x", id="xtor"),
        pytest.param("https://a.example/x#xtor=RSS-1", "https://a.example/x", id="xtor-fragment"),
        pytest.param("https://a.example/x?at_medium=rss", "https://a.example/x", id="at-internet"),
        pytest.param("https://a.example/x?fbclid=1&gclid=2", "https://a.example/x", id="clicks"),
        pytest.param(
            f"https://a.example/x.php?t=5&sid={SID}", "https://a.example/x.php?t=5", id="sid"
        ),
        pytest.param(
            "https://a.example/x?PHPSESSID=abc&t=5", "https://a.example/x?t=5", id="phpsessid"
        ),
        pytest.param(
            "https://a.example/x;jsessionid=AB12?t=5", "https://a.example/x?t=5", id="jsessionid"
        ),
        pytest.param("https://a.example/x?b=2&a=1", "https://a.example/x?a=1&b=2", id="order"),
        pytest.param("https://a.example/x?a=1;b=2", "https://a.example/x?a=1&b=2", id="semicolon"),
        pytest.param("https://a.example/x#top", "https://a.example/x", id="fragment"),
        pytest.param("https://a.example/%7eme/%c3%a9", "https://a.example/~me/é", id="escapes"),
        pytest.param("https://a.example/a/../x", "https://a.example/x", id="dots"),
        pytest.param("https://münchen.example/", "https://xn--mnchen-3ya.example", id="idna"),
        pytest.param(
            "https://www.google.com/url?rct=j&sa=t&url=https%3A%2F%2Fa.example%2Fx%3Ft%3D1&ct=ga",
            "https://a.example/x?t=1",
            id="google-alert",
        ),
        pytest.param("https://www.a.example/x", "https://a.example/x", id="www"),
        pytest.param("https://m.a.example/x?t=5", "https://www.a.example/x?t=5", id="mobile"),
        pytest.param("https://fr.m.a.example/x", "https://fr.a.example/x", id="mobile-inside"),
        pytest.param("https://amp.a.example/x", "https://a.example/x", id="amp-host"),
        pytest.param("https://a.example/les-oeufs/amp/", "https://a.example/les-oeufs", id="amp"),
        pytest.param(
            "https://a.example/amp/2026/03/oeufs", "https://a.example/2026/03/oeufs", id="amp-year"
        ),
        pytest.param(
            "https://a.example/amp/oeufs-123456", "https://a.example/oeufs-123456", id="amp-number"
        ),
        pytest.param("https://www.amp.com.au/x", "https://amp.com.au/x", id="www-of-amp"),
        pytest.param(
            "https://a.example/x?mtm_campaign=1&pk_kwd=2&at_custom1=3&hsa_cam=4",
            "https://a.example/x",
            id="analytics",
        ),
        pytest.param("https://a.example/x?from=email-newsletter", "https://a.example/x", id="two"),
        pytest.param("https://a.example/x-1.amp.html", "https://a.example/x-1.html", id="amp-html"),
        pytest.param("https://a.example/x-1.amp", "https://a.example/x-1", id="amp-ending"),
        pytest.param("https://a.example/x?amp=1&b=2", "https://a.example/x?b=2", id="amp-query"),
        pytest.param(
            "https://a.example/x?a=1&amp;b=2", "https://a.example/x?a=1&b=2", id="escaped"
        ),
        pytest.param("https://a.example/x?outputType=amp", "https://a.example/x", id="amp-output"),
        pytest.param(
            "https://a-example.cdn.ampproject.org/c/s/a.example/x",
            "https://a.example/x",
            id="cache",
        ),
        pytest.param(
            "https://www.google.com/amp/s/a.example/x", "https://a.example/x", id="viewer"
        ),
        pytest.param("https://a.example/x?source=rss----7", "https://a.example/x", id="road"),
        pytest.param("https://a.example/b/index.html", "https://a.example/b/", id="index"),
        pytest.param("https://a.example//b///c", "https://a.example/b/c", id="slashes"),
        pytest.param(
            "https://youtu.be/abcdefghijk?si=x",
            "https://m.youtube.com/watch?v=abcdefghijk&feature=share",
            id="video",
        ),
        pytest.param("  https://a.example/x\n", "https://a.example/x", id="blanks"),
    ],
)
def test_one_document_has_one_key(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("https://a.example/v?t=5", "https://a.example/v?t=6", id="topic"),
        pytest.param("https://a.example/v?p=12", "https://a.example/v?p=13", id="post"),
        pytest.param("https://a.example/v?f=1", "https://a.example/v?f=2", id="forum"),
        pytest.param("https://a.example/v?topic=1.0", "https://a.example/v?topic=1.15", id="smf"),
        pytest.param("https://a.example/v#p12", "https://a.example/v#p13", id="phpbb-fragment"),
        pytest.param("https://a.example/v#msg1", "https://a.example/v#msg2", id="smf-fragment"),
        pytest.param("https://a.example/v#post-1", "https://a.example/v", id="xenforo-fragment"),
        pytest.param("https://a.example/v#comment-1", "https://a.example/v#comment-2", id="wp"),
        pytest.param("https://a.example/A", "https://a.example/a", id="case-of-path"),
        pytest.param("https://a.example:8080/", "https://a.example/", id="other-port"),
        pytest.param("https://m.example/", "https://example/", id="domain-of-one-letter"),
        pytest.param("https://fr.a.example/x", "https://a.example/x", id="language-host"),
        pytest.param("https://a.example/v?source=7", "https://a.example/v?source=8", id="source"),
        pytest.param("https://a.example/gear/amp", "https://a.example/gear", id="amplifiers"),
        pytest.param("https://a.example/amp/gear", "https://a.example/gear", id="amplifiers-first"),
        pytest.param(
            "https://a.example/amp/marshall-jcm800",
            "https://a.example/marshall-jcm800",
            id="amplifier-with-a-number",
        ),
        pytest.param("https://touch.blogspot.com/x", "https://mobile.blogspot.com/x", id="blogs"),
        pytest.param("https://www.amp.com.au/x", "https://com.au/x", id="two-part-ending"),
        pytest.param("https://m.co.uk/x", "https://co.uk/x", id="domain-under-co-uk"),
        pytest.param("https://fr.m.co.uk/x", "https://fr.co.uk/x", id="domain-inside"),
        pytest.param("https://m.github.io/x", "https://github.io/x", id="private-ending"),
        pytest.param("https://a.example/v?at_id=5", "https://a.example/v?at_id=6", id="at-id"),
        pytest.param("https://a.example/v?pk_post=5", "https://a.example/v?pk_post=6", id="pk"),
        pytest.param("https://a.example/v?from=share-prices", "https://a.example/v", id="shares"),
        pytest.param("https://a.example/amp", "https://a.example/", id="only-amp"),
        pytest.param("https://a.example/v?amp=200", "https://a.example/v", id="ampere"),
        pytest.param(
            "https://youtu.be/abcdefghijk", "https://youtu.be/abcdefghijl", id="short-videos"
        ),
        pytest.param("https://a.example/v?sid=4", "https://a.example/v?sid=5", id="short-sid"),
        pytest.param("https://a.example/a%2Fb", "https://a.example/a/b", id="escaped-slash"),
    ],
)
def test_two_documents_have_two_keys(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    "url",
    [None, "", "mailto:a@b.example", "javascript:alert(1)", "ftp://a.example/", "https://",
     "http://[::1", "http://a b/", "https://a.example:99999/", "tag:a.example,2026:1",
     "https://a.example/" + "x" * 3000],
)  # fmt: skip
def test_what_is_no_web_address_has_no_key(url: str | None) -> None:
    assert canonical_url(url) is None


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://a.example/%%341", id="escape-made-of-two"),
        pytest.param("https://a.example/x;si%64=5", id="escaped-name-of-session"),
        pytest.param("https://a.example/x?amp=%31", id="escaped-value"),
        pytest.param("https://fr.m.m.a.example/x", id="two-entrances"),
        pytest.param("https://a.example/..amp", id="dots-before-amp"),
        pytest.param("https://youtu.be//abcdefghijk", id="short-video-after-two-slashes"),
        pytest.param("https://youtu.be/%61bcdefghijk", id="short-video-escaped"),
        pytest.param(
            "https://b.cdn.ampproject.org/c/s/c.cdn.ampproject.org/c/s/a.example/x", id="two-caches"
        ),
    ],
)
def test_key_of_a_key_is_the_key(url: str) -> None:
    key = canonical_url(url)

    assert key is not None
    assert canonical_url(key) == key


def test_site_addresses_are_recognised() -> None:
    assert names_a_site("https://a.example")
    assert not names_a_site("https://a.example/x")
    assert not names_a_site("https://a.example?p=1")


def test_hosts_keep_unusual_ports() -> None:
    assert host_of("HTTP://A.example:80/x") == "a.example"
    assert host_of("http://127.0.0.1:8080/") == "127.0.0.1:8080"
    assert host_of("http://[::1") == ""


@pytest.mark.parametrize(
    ("url", "host"),
    [
        pytest.param("http://bücher.example/x", "xn--bcher-kva.example", id="unicode"),
        pytest.param("http://BÜCHER.example./x", "xn--bcher-kva.example", id="capitals-and-dot"),
        pytest.param("http://xn--bcher-kva.example:80/", "xn--bcher-kva.example", id="ascii"),
        pytest.param("http://faß.example:8080/", "xn--fa-hia.example:8080", id="as-requested"),
        pytest.param("http://a☃.example/", "a☃.example", id="no-name"),
        pytest.param("http://[::1]:8080/", "[::1]:8080", id="ipv6"),
    ],
)
def test_a_host_has_one_name(url: str, host: str) -> None:
    assert host_of(url) == host
    assert host_of(f"http://{host}/") == host


def test_relative_links_are_resolved_and_foreign_schemes_dropped() -> None:
    assert absolute_url("/b", "https://a.example/feed") == "https://a.example/b"
    assert absolute_url("javascript:x()", "https://a.example/feed") is None
    assert absolute_url(None, "https://a.example/feed") is None


PIECES = st.lists(
    st.sampled_from(
        ["%", "%25", "%3", "%34", "1", "a", "/", ";", "=", "&", "amp", "sid", "%73", "s", "x-12345"]
    ),
    max_size=12,
).map("".join)
URLS = st.builds(
    "{}://{}{}/{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["a.example", "Forum.Example.", "xn--mnchen-3ya.de", "münchen.de", "[::1]"]),
    st.sampled_from(["", ":80", ":443", ":8080", ":"]),
    st.text(max_size=30) | PIECES,
    (st.text(max_size=20) | PIECES).map(lambda text: f"?{text}"),
    st.sampled_from(["", "#p12", "#top", "#é", "#comment-1"]),
)


@given(URLS | st.text(max_size=100))
def test_the_key_of_a_key_is_the_key(url: str) -> None:
    key = canonical_url(url)

    assert key is None or canonical_url(key) == key
