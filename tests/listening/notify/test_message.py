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
from hypothesis import given
from hypothesis import strategies as st

from listening.alerts.lifecycle import advance
from listening.alerts.rules import evaluate
from listening.config.alerts import COUNTED_KINDS
from listening.model import AlertState, Decision, OutgoingMessage, RuleKind, Severity
from listening.notify.answer import LINK_LIFE, Answer, AnswerAction, LinkMaker, verify
from listening.notify.facts import (
    AlertDocument,
    AlertFacts,
    Breakdown,
    NetSentiment,
    Pace,
    Share,
    ShareKind,
    SourceCoverage,
)
from listening.notify.letter import TONES, person_key
from listening.notify.message import render_alert
from listening.notify.reasons import MAX_DOCUMENTS, rounded
from listening.notify.wording import rule_line
from listening.translate import translator
from tests.builders import NOW, make_addressee, make_observation, make_rule, make_series

KEY = bytes(range(32))
#: Kinds that look for a fall.
LOW = {RuleKind.FLATLINE, RuleKind.SHARE_DROP}
QUIET = (3, 4, 5, 4, 3, 6, 9) * 5


def make_document(**overrides: Any) -> AlertDocument:
    values: dict[str, Any] = {
        "title": "Trois clients hospitalisés après un repas",
        "url": "https://gazette.example/2026/11/19/repas.html?a=1&b=2",
        "source_title": "La Gazette",
        "published_at": NOW - timedelta(hours=7),
        "score": -0.92,
        "story_id": "story-1",
        "story_size": 5,
    }
    return AlertDocument(**values | overrides)


def make_breakdown(kind: ShareKind = "source", *names: str | None, **overrides: Any) -> Breakdown:
    """Return shares of 34 texts by 20 authors: halves, quarters and so on, and a rest."""
    values: dict[str, Any] = {
        "kind": kind,
        "shares": tuple(
            Share(name=name, text_share=0.5**n, author_share=0.25 * 0.5**n)
            for n, name in enumerate(names or ("La Gazette", "Forum"), 1)
        ),
        "value_count": 9,
        "text_count": 34,
        "author_count": 20,
    }
    return Breakdown(**values | overrides)


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
        "documents": (
            make_document(),
            make_document(title="Déçue", score=-0.5, story_id="story-2", story_size=1),
        ),
        "breakdowns": (make_breakdown(), make_breakdown("term", "intoxication", None)),
        "net_sentiment": NetSentiment(value=-62.5, margin=17.2, mention_count=68),
        "pace": Pace(early_count=8, late_count=26, trend="rising"),
        "coverage": SourceCoverage(read_count=11, planned_count=12, read_at=NOW),
        "sql": "SELECT count(*)\n  FROM mentions\n WHERE polarity = 'negative'",
    }
    return AlertFacts(**values | overrides)


def render(facts: AlertFacts, **overrides: Any) -> OutgoingMessage:
    return render_alert(facts, make_addressee(**overrides))


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


def test_holidays_and_announced_days_are_said() -> None:
    facts = make_facts()
    evaluation = replace(facts.alert.evaluation, known_days="Noël, Soldes")
    message = render(replace(facts, alert=replace(facts.alert, evaluation=evaluation)))

    assert "Au calendrier\u00a0: Noël, Soldes" in text_of(message)
    assert "Noël, Soldes" in Page(html_of(message)).text


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
                "11 sources sur 12 lues, la dernière le 20 novembre 2026 à 02:14",
                "0,92 · La Gazette · 19 novembre 2026 à 19:14 · le même texte 5 fois",
                "La Gazette",
                "intoxication",
                "sans mot qui pèse",
                "50\u00a0%",
                "8 autres",
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


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        pytest.param({"minimum": 1}, "au moins 1 texte négatif en", id="spike"),
        pytest.param({"minimum": 4}, "au moins 4 textes négatifs différents en", id="several"),
        pytest.param({"kind": "any"}, "au moins 1 texte que sa requête trouve", id="query"),
        pytest.param({"kind": "grave_word"}, "au moins 1 texte contenant", id="grave-word"),
    ],
)
def test_a_rule_that_asks_for_one_text_says_so_in_the_singular(
    rule: dict[str, Any], said: str
) -> None:
    facts = replace(make_facts(), rule=make_rule(**rule))

    assert said in rule_line(facts, translator("fr"))


def test_four_mentions_have_an_n_and_no_margin() -> None:
    few = NetSentiment(value=-100, margin=0, mention_count=4)

    text = text_of(render(make_facts(net_sentiment=few)))

    assert "trop peu pour une marge" in text
    assert "± 0" not in text


@pytest.mark.parametrize(
    ("pace", "said"),
    [
        (
            Pace(early_count=8, late_count=26, trend="rising"),
            "26 textes dans la seconde moitié des 24 h, 8 dans la première\u00a0: cela monte",
        ),
        (
            Pace(early_count=33, late_count=1, trend="falling"),
            "1 texte dans la seconde moitié des 24 h, 33 dans la première\u00a0: cela retombe",
        ),
        (Pace(early_count=17, late_count=17, trend="steady"), "pas de tendance nette"),
    ],
    ids=["rising", "falling", "steady"],
)
def test_the_pace_says_whether_it_still_grows(pace: Pace, said: str) -> None:
    assert said in " ".join(text_of(render(make_facts(pace=pace))).split("\n"))


def test_without_hours_there_is_no_pace() -> None:
    assert "Rythme" not in text_of(render(make_facts(pace=None)))


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
        documents=(), breakdowns=(), net_sentiment=None, coverage=None, sql="", history=()
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
    assert "Textes négatifs différents par tranche de 24" in shown["alt"]
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
            make_document(title="Déçue", score=-0.5, story_id="story-2", story_size=1),
        ),
        breakdowns=(make_breakdown("source", evil, "Forum"), make_breakdown("term", evil, None)),
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
        read_documents=(
            make_document(
                title=huge, source_title=huge, url="https://a.example/?" + "x=" * 490, story_id="b"
            ),
        )
        * 50,
        is_reading_known=True,
        breakdowns=tuple(
            make_breakdown(kind, *(huge,) * 50, None)
            for kind in ("topic", "source", "author", "term")
        ),
        sql=huge,
    )

    message = render(facts, links=LinkMaker(base_url="https://" + "x" * 200, key=KEY))

    assert len(message.body) < 100_000
    assert len(Page(html_of(message)).links) == 2 * MAX_DOCUMENTS + len(AnswerAction)


def test_a_mail_written_in_summer_has_summer_time() -> None:
    facts = make_facts()
    evaluation = replace(facts.alert.evaluation, evaluated_at=datetime(2026, 7, 1, tzinfo=UTC))

    message = render(replace(facts, alert=replace(facts.alert, evaluation=evaluation)))

    assert parse(message)["Date"] == "Wed, 01 Jul 2026 02:00:00 +0200"


# -- the nine kinds of rules ---------------------------------------------------------------------

#: What the mail of each kind says, and nothing of the others: (headline, caption), French, English.
KINDS = {
    RuleKind.NEGATIVE_SPIKE: {
        "fr": ("34 mentions négatives en 24 h", "Textes négatifs différents", "Part négative"),
        "en": ("34 negative mentions in 24 h", "Different negative texts", "Share that is neg"),
    },
    RuleKind.POSITIVE_SPIKE: {
        "fr": ("34 textes positifs en 24 h", "Textes positifs différents", "Part positive"),
        "en": ("34 positive texts in 24 h", "Different positive texts", "Share that is pos"),
    },
    RuleKind.SPIKE: {
        "fr": ("34 textes différents en 24 h", "Textes différents par", "sur quel ton"),
        "en": ("34 different texts in 24 h", "Different texts per", "in which tone"),
    },
    RuleKind.COMPETITOR_SPIKE: {
        "fr": ("34 textes différents en 24 h", "Textes différents par", "que leur arrive-t-il"),
        "en": ("34 different texts in 24 h", "Different texts per", "what happens to them"),
    },
    RuleKind.SHARE_DROP: {
        "fr": (
            "1 % des 1 000 mentions de toutes les marques suivies en 24 h ; d’habitude 6 % à 18 %",
            "Part de ce qui se dit de toutes les marques",
            "Part des marques suivies",
        ),
        "en": (
            "1% of the 1,000 mentions of all watched brands in 24 h; usually 6% to 18%",
            "Share of what is said of all watched brands",
            "Share of all watched brands",
        ),
    },
    RuleKind.FLATLINE: {
        "fr": ("Pas un seul texte en 24 h", "Textes différents par", "vigie sources health"),
        "en": ("Not a single text in 24 h", "Different texts per", "vigie sources health"),
    },
    RuleKind.NEW_SOURCE: {
        "fr": ("2 sites qui n’avaient jamais nommé la marque", "", "vigie sources add"),
        "en": ("2 sites that had never named the brand", "", "vigie sources add"),
    },
    RuleKind.GRAVE_WORD: {
        "fr": ("2 textes contenant un mot grave", "", "Prévenez la direction"),
        "en": ("2 texts with a grave word", "", "Warn the management"),
    },
    RuleKind.ANY: {
        "fr": ("2 textes différents en 24 h", "", "changez sa requête"),
        "en": ("2 different texts in 24 h", "", "change its query"),
    },
}

#: Words that only mails about negative texts may use (the tone of all mentions is a number).
OF_NEGATIVES = re.compile(r"mentions? négatives?|textes? négatifs?|negative (?:mention|text)")


def make_facts_of(kind: RuleKind, *, is_over: bool = False) -> AlertFacts:
    """Return the facts of an alert of this kind: 30 days, and one that is judged, perhaps over."""
    texts = {RuleKind.FLATLINE: 0, RuleKind.SHARE_DROP: 10}.get(kind, 34)
    counts = [*(20 * one for one in QUIET), texts] if kind in LOW else [*QUIET, texts]
    history = [
        replace(
            make_observation(count, days_ago=len(counts) - 1 - n),
            judged_count=count,
            judged_mention_count=count,
            mention_count=count if kind in LOW else 2 * count,
            total_count=1000,
        )
        for n, count in enumerate(counts)
    ]
    if kind in COUNTED_KINDS:
        history = [replace(history[-1], judged_count=2, judged_mention_count=3)]
    rule = make_rule(kind=kind, severity="warning")
    evaluation = evaluate(rule, history, rule_count=1, now=NOW)
    assert evaluation.decision is Decision.FIRED
    transition = advance(None, evaluation, rule)
    assert transition.alert is not None
    facts = make_facts(
        alert=transition.alert, rule=rule, history=tuple(history), occasion=transition.occasion
    )
    if kind in COUNTED_KINDS | LOW:
        facts = replace(facts, pace=None)
    if not is_over:
        return facts
    over = replace(transition.alert, state=AlertState.RESOLVED, resolved_at=NOW)
    return replace(facts, alert=over, occasion="resolved")


@pytest.mark.parametrize("kind", RuleKind)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_kind_of_rule_has_words_of_its_own(kind: RuleKind, language: str) -> None:
    message = render(make_facts_of(kind), language=language)
    over = render(make_facts_of(kind, is_over=True), language=language)

    headline, caption, other = KINDS[kind][language]
    text, page = (
        " ".join(words.split()) for words in (text_of(message), Page(html_of(message)).text)
    )
    for part in (text, page):
        assert headline in part
        assert caption in part
        assert other in part
        assert ("24 h, " in part) == bool(caption)  # without a habit there is no chart
    assert bool(Page(html_of(message)).pictures) == bool(caption)
    for mail in (message, over):
        said = text_of(mail) + html_of(mail) + mail.subject
        assert not re.search(r"[{}]|None|%\(|;\s*\.", said.replace(style_of(html_of(mail)), ""))
        if kind is not RuleKind.NEGATIVE_SPIKE:
            assert not OF_NEGATIVES.search(said)
        if kind in LOW:
            assert not re.search(r"le pic était|the peak was", said)


def test_good_news_looks_good() -> None:
    page = html_of(render(make_facts_of(RuleKind.POSITIVE_SPIKE)))

    assert "▲ À surveiller" in page
    assert TONES["good"] in page and TONES["warning"] not in page.replace(style_of(page), "")


def style_of(page: str) -> str:
    return page.split("<style>")[1].split("</style>", maxsplit=1)[0]


# -- which texts, and what they are worth ----------------------------------------------------------


def test_where_three_texts_are_all_there_is_one_list() -> None:
    facts = make_facts()
    text = text_of(render(replace(facts, read_documents=facts.documents, is_reading_known=True)))

    assert "LES TEXTES\n" in text
    assert "représentatifs" not in text


def test_the_most_read_say_on_what_that_rests() -> None:
    read = make_document(title="À la une", story_id="story-9", weight=3.0, reply_count=12)
    known = text_of(render(make_facts(read_documents=(read,), is_reading_known=True)))
    unknown = text_of(render(make_facts(read_documents=(read,), is_reading_known=False)))

    assert "LES TROIS PLUS LUS, AUTANT QU’ON PUISSE LE DIRE\n\n- À la une\n" in known
    assert "La Gazette · poids 3 · 12 réponses" in known
    assert "Personne n’a mesuré combien de gens les ont lus" in known
    assert "À la une" not in unknown
    assert "on ne le sait pas" in unknown


def test_shares_add_up_with_the_rest_and_with_what_has_none() -> None:
    thirds = tuple(Share(name=name, text_share=1 / 3, author_share=0.2) for name in ("a", "b"))
    without = Share(name=None, text_share=1 / 6, author_share=0.25)
    one = make_breakdown("topic", shares=(*thirds, without), value_count=5)

    text = text_of(render(make_facts(breakdowns=(one,)), language="en"))

    assert text.split("Topics (of 34 texts, of 20 authors)\n")[1].split("\n\n")[0].split("\n") == [
        "- a: 33% of the texts, 20% of the authors",
        "- b: 33% of the texts, 20% of the authors",
        "- without a topic: 17% of the texts, 25% of the authors",
        "- 3 others: 17% of the texts, 35% of the authors",
    ]


def test_a_crowd_of_authors_is_one_line() -> None:
    each = tuple(
        Share(name=f"Quidam {n}", text_share=1 / 29, author_share=1 / 29) for n in range(4)
    )
    crowd = make_breakdown("author", shares=each, value_count=29, text_count=29)

    text = text_of(render(make_facts(breakdowns=(crowd,))))

    assert "- 29 auteurs, aucun à plus de 4\u00a0%\u00a0: 100\u00a0% des textes\n" in text
    assert "Quidam" not in text


@given(st.lists(st.floats(min_value=0.001, max_value=1000), min_size=1, max_size=30))
def test_percents_are_whole_and_add_up_to_a_hundred(weights: list[float]) -> None:
    shares = [weight / sum(weights) for weight in weights]

    percents = rounded(shares)

    assert sum(percents) == 100
    assert all(
        abs(whole - 100 * share) < 1 + 1e-6 for whole, share in zip(percents, shares, strict=True)
    )


# -- what the reader may answer --------------------------------------------------------------------

LINKS = LinkMaker(base_url="https://vigie.exemple.example", key=KEY)


@pytest.mark.parametrize(
    ("counts", "answers"),
    [
        pytest.param((34,), ["acknowledge", "true", "false"], id="open"),
        pytest.param((34, 2), ["true", "false"], id="over"),
    ],
)
def test_each_answer_is_a_link_of_that_person_alert_and_state(
    counts: tuple[int, ...], answers: list[str]
) -> None:
    facts = make_facts(*counts)
    message = render(facts, links=LINKS)

    links = [link for link in Page(html_of(message)).links if link.startswith(LINKS.base_url)]
    assert [verify(link, KEY, client_id="exemple", now=NOW) for link in links] == [
        Answer(
            client_id="exemple",
            fingerprint=facts.alert.fingerprint,
            occasion=facts.occasion,
            action=AnswerAction(action),
            person=person_key("camille@exemple.example"),
            expires_at=NOW + LINK_LIFE,
        )
        for action in answers
    ]
    assert all(f"  {link}\n" in text_of(message) for link in links)
    assert "vigie alerts ack" not in text_of(message)


def test_without_an_address_to_serve_links_the_commands_stand_there() -> None:
    facts = make_facts()
    alert = facts.alert.fingerprint[:8]

    for words in (text_of(render(facts)), Page(html_of(render(facts))).text):
        assert f"vigie alerts ack {alert} --client exemple" in words
        assert f"vigie alerts verdict {alert} false --client exemple" in words


def test_a_sample_asks_for_no_answer() -> None:
    message = render(replace(make_facts(), occasion="sample"), links=LINKS)

    assert "vigie alerts" not in text_of(message) and LINKS.base_url not in html_of(message)
