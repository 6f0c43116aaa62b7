"""Text out of HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.collectors.reading.plaintext import CONTROL, cut, one_line, plain_text


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param("sans balise", "sans balise", id="no-markup"),
        pytest.param("<p>un</p><p>deux</p>", "un\ndeux", id="paragraphs"),
        pytest.param("un<br/>deux", "un\ndeux", id="line-break"),
        pytest.param("un <b>mot</b>é", "un moté", id="inline-tags-do-not-split-words"),
        pytest.param("<ul><li>un<li>deux</ul>", "un\ndeux", id="unclosed-list"),
        pytest.param("a<script>alert(1)</script>b", "ab", id="script"),
        pytest.param("<style>p{}</style>texte", "texte", id="style"),
        pytest.param("<!-- rien -->texte", "texte", id="comment"),
        pytest.param("caf&eacute; &#233; &amp;amp;", "café é &amp;", id="entities-once"),
        pytest.param("l&#146;œuf", "l’œuf", id="cp1252-reference"),
        pytest.param("a\x00b\x07c\x9d", "abc", id="control-characters"),
        pytest.param("2 < 3 et 4 > 1", "2 < 3 et 4 > 1", id="lesser-than-is-not-a-tag"),
        pytest.param("<p>a\n  b\u00a0 c</p>", "a b c", id="blanks-collapse"),
        pytest.param("<pre>a\nb</pre>", "a\nb", id="pre-keeps-lines"),
        pytest.param("<td>a</td><td>b</td>", "a b", id="cells"),
        pytest.param("", "", id="empty"),
        pytest.param("<!-- only -->", "", id="only-a-comment"),
        pytest.param("a<a><section><a><a>x</a></a>y</section></a>", "a\nx\ny", id="link-in-link"),
        pytest.param("<p>un <em>mot", "un mot", id="unclosed"),
    ],
)
def test_reads_as_a_person_would(markup: str, expected: str) -> None:
    assert plain_text(markup) == expected


def test_depth_is_no_danger() -> None:
    assert plain_text("<div>" * 20_000 + "fond" + "</div>" * 20_000) in {"fond", ""}


def test_a_title_is_one_line() -> None:
    assert one_line("<b>un</b>\n<br>deux") == "un deux"
    assert one_line("a <b> c", is_html=False) == "a <b> c"


def test_cut_says_whether_it_cut() -> None:
    assert cut("abc", 3) == ("abc", False)
    assert cut("ab c", 3) == ("ab", True)


@given(st.text())
def test_any_text_gives_clean_text(markup: str) -> None:
    text = plain_text(markup)

    assert not CONTROL.search(text)
    assert text == text.strip()
    assert "\n\n" not in text
