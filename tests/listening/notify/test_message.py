"""Alert mails: what they say, in both languages, and their form as messages."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest

from listening.alerts.lifecycle import advance
from listening.alerts.rules import evaluate
from listening.model import AlertState, OutgoingMessage, Severity
from listening.notify.facts import (
    AlertDocument,
    AlertFacts,
    Driver,
    NetSentiment,
    SourceCoverage,
)
from listening.notify.message import MAX_DOCUMENTS, render_alert
from tests.builders import NOW, make_observation, make_rule, make_series

QUIET = (3, 4, 5, 4, 3, 6, 9) * 5


def make_document(**overrides: Any) -> AlertDocument:
    values: dict[str, Any] = {
        "title": "Trois clients hospitalisés après un repas",
        "url": "https://gazette.example/2026/11/19/repas.html?a=1&b=2",
        "source_title": "La Gazette",
        "published_at": NOW - timedelta(hours=7),
        "score": -0.92,
        "story_size": 5,
    }
    return AlertDocument(**values | overrides)


def make_facts(*counts: int, **overrides: Any) -> AlertFacts:
    """Return the facts of an incident that the given newest days open (and perhaps close)."""
    series = make_series(*QUIET, *(counts or (34,)))
    rule = make_rule(severity="critical", minimum=5)
    alert, occasion = None, ""
    for end in range(len(QUIET) + 1, len(series) + 1):
        evaluation = evaluate(rule, series[:end], rule_count=1, now=NOW)
        transition = advance(alert, evaluation, rule)
        alert, occasion = transition.alert, transition.occasion
    assert alert is not None
    values: dict[str, Any] = {
        "alert": alert,
        "rule": rule,
        "brand_name": "L’Œuf à la Coque",
        "occasion": occasion,
        "history": tuple(series),
        "documents": (make_document(), make_document(title="Déçue", score=-0.5, story_size=1)),
        "sources": (Driver(name="La Gazette", count=21), Driver(name="Forum", count=9)),
        "terms": (Driver(name="intoxication", count=19),),
        "net_sentiment": NetSentiment(value=-62.5, margin=17.2, mention_count=68),
        "coverage": SourceCoverage(read_count=11, planned_count=12, read_at=NOW),
        "sql": "SELECT count(*)\n  FROM mentions\n WHERE polarity = 'negative'",
    }
    return AlertFacts(**values | overrides)


def render(facts: AlertFacts, **overrides: Any) -> OutgoingMessage:
    values: dict[str, Any] = {
        "client_id": "exemple",
        "recipient": "camille@exemple.example",
        "language": "fr",
        "sender": "Vigie <vigie@exemple.example>",
        "timezone": "Europe/Paris",
    }
    return render_alert(facts, **values | overrides)


def parse(message: OutgoingMessage) -> EmailMessage:
    parsed = email.message_from_bytes(message.body, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    assert not parsed.defects
    return parsed


def text_of(message: OutgoingMessage) -> str:
    part = parse(message).get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(message: OutgoingMessage) -> str:
    part = parse(message).get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


class Page(HTMLParser):
    """Tags, links, pictures and visible text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.pictures: list[dict[str, str]] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag == "img" or any(name == "src" for name, _ in attrs):
            self.pictures.append({name: value or "" for name, value in attrs})

    def handle_data(self, data: str) -> None:
        self.text += data


# -- what the reader sees ------------------------------------------------------------------------


def test_the_french_mail_says_it_in_one_sentence() -> None:
    message = render(make_facts())

    sentence = (
        "34 mentions négatives en 24 h\u00a0; d’habitude 1 à 7 un jeudi\u00a0;"
        " une fausse alerte de ce niveau arrive moins d’une fois par an."
    )
    assert sentence in " ".join(text_of(message).split("\n"))
    assert sentence in Page(html_of(message)).text
    assert message.subject == "Critique\u00a0: L’Œuf à la Coque, 34 mentions négatives en 24 h"


def test_the_english_mail_says_it_in_one_sentence() -> None:
    message = render(make_facts(), language="en")

    sentence = (
        "34 negative mentions in 24 h; usually 1 to 7 on a Thursday;"
        " a false alarm of this level comes less than once a year."
    )
    assert sentence in " ".join(text_of(message).split("\n"))
    assert sentence in Page(html_of(message)).text
    assert message.subject == "Critical: L’Œuf à la Coque, 34 negative mentions in 24 h"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        pytest.param(
            "fr",
            [
                "▼ \N{MINUS SIGN}0,50",
                "50\u00a0% des 68 mentions",
                "\N{MINUS SIGN}62 ± 17 (n = 68)",
                "11 sources lues sur 12, la dernière le 20 novembre 2026 à 02:14",
                "0,92 · La Gazette · 19 novembre 2026 à 19:14 · le même texte 5 fois",
                "La Gazette (21), Forum (9)",
                "intoxication (19)",
                "Règle mauvais-buzz",
            ],
            id="fr",
        ),
        pytest.param(
            "en",
            [
                "50% of 68 mentions",
                "\N{MINUS SIGN}62 ± 17 (n = 68)",
                "11 of 12 sources read, last on 20 November 2026 at 02:14",
                "0.92 · La Gazette · 19 November 2026 at 19:14 · the same text 5 times",
                "Rule mauvais-buzz",
            ],
            id="en",
        ),
    ],
)
def test_both_parts_hold_every_figure(language: str, expected: list[str]) -> None:
    message = render(make_facts(), language=language)

    plain = re.sub(r"\n +(?=\S)|\n(?=\S)", " ", text_of(message))
    for figure in expected:
        assert figure in plain
        assert figure in Page(html_of(message)).text


def test_texts_taken_up_are_counted_apart_from_mentions() -> None:
    facts = make_facts()
    observation = make_observation(34, negative_count=51, mention_count=80)
    evaluation = replace(facts.alert.evaluation, observation=observation)
    syndicated = replace(facts, alert=replace(facts.alert, evaluation=evaluation))

    subject = render(syndicated).subject

    assert "34 textes négatifs différents (51 mentions) en 24 h" in subject


def test_the_end_of_an_incident_is_told_with_its_peak() -> None:
    message = render(make_facts(34, 2))

    assert message.subject.startswith("Retour au calme\u00a0: L’Œuf à la Coque, 2 mentions")
    assert "le pic était à 34." in " ".join(text_of(message).split())


def test_a_small_sample_is_called_one() -> None:
    small = NetSentiment(value=-20, margin=40, mention_count=29)

    assert "petit échantillon" in text_of(render(make_facts(net_sentiment=small)))


def test_a_window_that_was_not_read_is_a_dot_and_no_zero() -> None:
    facts = make_facts()
    history = (
        *facts.history[:-2],
        make_observation(0, days_ago=1, coverage=0.1),
        facts.history[-1],
    )

    bars = next(
        line for line in text_of(render(replace(facts, history=history))).split("\n") if "█" in line
    )

    assert bars.strip().endswith("·█  34")
    assert len(bars.split()[0]) == 28


def test_what_is_unknown_is_left_out() -> None:
    bare = make_facts(
        documents=(), sources=(), terms=(), net_sentiment=None, coverage=None, sql="", history=()
    )

    for language in ("fr", "en"):
        message = render(bare, language=language)
        assert "None" not in text_of(message) + html_of(message)


def test_prose_fits_a_terminal_and_links_are_whole() -> None:
    long = "https://gazette.example/" + "tres-long/" * 30
    text = text_of(render(make_facts(documents=(make_document(url=long),))))

    lines = text.split("\n")
    assert f"  {long}" in lines
    assert all(len(line) <= 76 for line in lines if "http" not in line and line[:1] != "\t")


def test_the_chart_is_inline_and_its_figures_are_also_words() -> None:
    message = render(make_facts())

    (shown,) = Page(html_of(message)).pictures
    (picture,) = [part for part in parse(message).walk() if part.get_content_type() == "image/png"]
    assert shown["src"] == "cid:" + picture["Content-ID"].strip("<>")
    assert picture.get_content_disposition() == "inline"
    assert picture.get_content().startswith(b"\x89PNG")
    assert "Textes négatifs par tranche de 24" in shown["alt"]
    assert shown["alt"].split()[-3:] == ["6", "9", "34"]
    assert "5 4 3 6 9 34\n" in text_of(message)


def test_figures_that_cannot_be_drawn_are_shown_as_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> bytes:
        raise ValueError("conversion failed")

    monkeypatch.setattr("vl_convert.vegalite_to_png", refuse)
    message = render(make_facts(41))

    page = Page(html_of(message))
    assert page.pictures == []
    assert "41" in page.text
    assert len(list(parse(message).walk())) == 3


# -- what mail programs see ----------------------------------------------------------------------


def test_the_same_facts_are_the_same_bytes() -> None:
    assert render(make_facts()) == render(make_facts())


def test_headers_of_the_opening_message() -> None:
    message = render(make_facts())
    parsed = parse(message)

    assert parsed["Message-ID"].strip() == message.message_id
    assert re.fullmatch(r"<[0-9a-f]{32}\.firing\.[0-9a-f]{12}@exemple\.vigie>", message.message_id)
    assert parsed["Date"] == "Fri, 20 Nov 2026 02:14:00 +0100"
    assert parsed["To"] == "camille@exemple.example"
    assert parsed["From"] == "Vigie <vigie@exemple.example>"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["List-Unsubscribe"].startswith("<mailto:vigie@exemple.example?")
    assert parsed["Content-Language"] == "fr"
    assert parsed["References"] is None
    assert parsed.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parsed.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    assert message.created_at == NOW
    assert message.fingerprint == make_facts().alert.fingerprint


@pytest.mark.parametrize("occasion", ["resolved", "firing-critical", "firing-repeat-2"])
def test_one_incident_is_one_thread(occasion: str) -> None:
    opening = render(make_facts())
    follow_up = replace(make_facts(), occasion=occasion)

    message = render(follow_up)

    assert message.message_id != opening.message_id
    assert parse(message)["References"].strip() == opening.message_id
    assert parse(message)["In-Reply-To"].strip() == opening.message_id


def test_each_person_has_a_message_of_their_own() -> None:
    camille = render(make_facts())
    again = render(make_facts(), recipient="Camille@exemple.example")
    noor = render(make_facts(), recipient="noor@exemple.example")

    assert camille.message_id == again.message_id != noor.message_id


def test_every_severity_and_state_is_rendered() -> None:
    facts = make_facts()

    for severity in Severity:
        for state in AlertState:
            alert = replace(facts.alert, severity=severity, state=state)
            for language in ("fr", "en"):
                assert parse(render(replace(facts, alert=alert), language=language))


def test_the_lines_of_the_mail_are_short_enough_for_any_server() -> None:
    body = render(make_facts()).body

    assert body.isascii()
    header, text = body.split(b"\r\n\r\n", 1)
    assert max(len(line) for line in text.split(b"\r\n")) <= 78
    assert max(len(line) for line in header.split(b"\r\n")) <= 200
    assert header.startswith(b"Message-ID: <")
    assert body.count(b"\n") == body.count(b"\r\n")


@pytest.mark.parametrize(
    "address", ["a@b.example, x@evil.example", "a@b.example\r\nBcc: x@evil.example", "Camille"]
)
def test_a_recipient_is_one_address(address: str) -> None:
    with pytest.raises(ValueError, match="mail address"):
        render(make_facts(), recipient=address)


# -- what strangers write ------------------------------------------------------------------------

HOSTILE = [
    pytest.param("Titre\r\nBcc: x@evil.example\r\n\r\n<b>corps</b>", id="crlf"),
    pytest.param("Titre\u2028Bcc: x@evil.example", id="line-separator"),
    pytest.param("\u202e\u2066exe.gpj\u2069", id="bidi"),
    pytest.param("<script>alert(1)</script><img src=x onerror=alert(1)>", id="html"),
    pytest.param('" onmouseover="alert(1)', id="attribute"),
    pytest.param("{{ 7*7 }} {% raw %} {0} {name} %s", id="template"),
    pytest.param("\x00\x1b[2J\ud800", id="control"),
    pytest.param("--=_boundary--\r\n.\r\nQUIT", id="mime"),
    pytest.param("</title></style></table>" * 400, id="ten-kilobytes"),
]


@pytest.mark.parametrize("evil", HOSTILE)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_from_the_web_leaves_its_place(evil: str, language: str) -> None:
    calm = render(make_facts(), language=language)
    attacked = make_facts(
        documents=(
            make_document(title=evil, source_title=evil),
            make_document(title="Déçue", score=-0.5, story_size=1),
        ),
        sources=(Driver(name=evil, count=21), Driver(name="Forum", count=9)),
        terms=(Driver(name=evil, count=19),),
    )

    message = render(attacked, language=language)

    parsed, expected = parse(message), parse(calm)
    assert list(parsed.items()) == list(expected.items())  # no header knows of it
    assert len(list(parsed.walk())) == 5
    page, calm_page = Page(html_of(message)), Page(html_of(calm))
    assert page.tags == calm_page.tags
    assert page.attributes == calm_page.attributes
    assert page.links == calm_page.links
    assert page.pictures == calm_page.pictures
    for text in (text_of(message), html_of(message)):
        assert not set(text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2028\x00\x1b")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "http://a@evil.example"]
)
def test_a_link_that_is_none_is_left_out_and_the_title_stays(url: str) -> None:
    message = render(make_facts(documents=(make_document(url=url),)))

    assert Page(html_of(message)).links == []
    assert url not in text_of(message)
    assert "Trois clients hospitalisés" in text_of(message)


def test_a_brand_name_cannot_break_the_subject() -> None:
    message = render(make_facts(brand_name="Marque\r\nBcc: x@evil.example\u202e" + "x" * 500))

    assert parse(message)["Bcc"] is None
    assert len(message.subject) <= 120


@pytest.mark.parametrize(
    "letters",
    ["漢", "漢abc", "é=", "👩", "<&\"'>"],
    ids=["cjk", "mixed", "accents", "emoji", "html"],
)
def test_the_largest_mail_stays_under_a_hundred_kilobytes(letters: str) -> None:
    huge = letters * 10_000
    facts = make_facts(
        brand_name=huge,
        documents=(
            make_document(title=huge, source_title=huge, url="https://a.example/?" + "x=" * 490),
        )
        * 50,
        sources=(Driver(name=huge, count=9),) * 50,
        terms=(Driver(name=huge, count=9),) * 50,
        sql=huge,
    )

    message = render(facts)

    assert len(message.body) < 100_000
    assert len(Page(html_of(message)).links) == MAX_DOCUMENTS


def test_a_mail_written_in_summer_has_summer_time() -> None:
    facts = make_facts()
    evaluation = replace(facts.alert.evaluation, evaluated_at=datetime(2026, 7, 1, tzinfo=UTC))

    message = render(replace(facts, alert=replace(facts.alert, evaluation=evaluation)))

    assert parse(message)["Date"] == "Wed, 01 Jul 2026 02:00:00 +0200"
