"""Recorded pages of real forums against what their engines stored, or their pages count."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from listening.collectors.discovery.engine import detect_kind
from listening.model import RawDocument, SourceKind
from tests.listening.collectors.forum_pages import gold, read_page, recorded, with_recorded

#: Share of the gold posts that must be found with the right author, date and place.
FLOOR = 0.99
_KINDS = {
    "phpbb32": SourceKind.PHPBB,
    "phpbbex": SourceKind.PHPBB,
    "mybb": SourceKind.MYBB,
    "smf": SourceKind.SMF,
    "machina": SourceKind.MACHINA,
    "discourse": SourceKind.DISCOURSE,
    "askbot": SourceKind.ASKBOT,
    "stackexchange": SourceKind.STACKEXCHANGE,
}
_AT = datetime(2026, 11, 21, tzinfo=UTC)

pytestmark = with_recorded


def is_right(document: RawDocument, post: dict[str, Any]) -> bool:
    """Return whether author and date are the gold's; shown dates are compared as shown."""
    if document.author != post["author"] or document.published_at is None:
        return False
    if "date_shown" in post:
        shown = datetime.strptime(post["date_shown"], "%d %b %Y %H:%M")  # noqa: DTZ007
        return document.published_at.replace(tzinfo=None) == shown
    # "3 minutes ago" is as good as a minute.
    wanted = datetime.fromisoformat(post["date"])
    return abs(document.published_at - wanted) <= timedelta(minutes=1)


def test_gold_posts_are_found_with_author_date_and_order() -> None:
    right, total = Counter[str](), Counter[str]()
    for case in gold():
        posts = case.get("posts") or []
        if not posts:
            continue
        kind = _KINDS[case["engine"]]
        documents = read_page(kind, recorded(case["file"]), now=_AT).documents
        by_id = {document.guid: at for at, document in enumerate(documents)}
        places = [by_id.get(post["id"], -1) for post in posts]
        assert places == sorted(places), case["file"]
        total[case["engine"]] += len(posts)
        right[case["engine"]] += sum(
            at >= 0 and is_right(documents[at], post)
            for at, post in zip(places, posts, strict=True)
        )

    assert {engine: right[engine] / total[engine] >= FLOOR for engine in total} == dict.fromkeys(
        total, True
    ), (right, total)


def test_titles_are_those_of_the_threads() -> None:
    for case in gold():
        if case.get("title") and case.get("kind") == "thread":
            step = read_page(_KINDS[case["engine"]], recorded(case["file"]), now=_AT)
            assert {document.title for document in step.documents} == {case["title"]}


def test_engines_are_recognised() -> None:
    for case in gold():
        wanted = _KINDS.get(case["engine"])
        if wanted is not None and not case["file"].endswith(".xml"):
            assert detect_kind(recorded(case["file"])) is wanted, case["file"]


def test_quotes_are_no_words_of_the_post() -> None:
    documents = read_page(SourceKind.MYBB, recorded("mybb/thread8_p1.html.gz"), now=_AT).documents

    assert documents[1].text == "Réponse 0 sur Free : je confirme, c’est pareil chez moi"
    assert documents[1].in_reply_to == "42"


def test_a_quote_names_its_post() -> None:
    body = recorded("phpbb32/viewtopicbe47.html.gz")

    first = read_page(SourceKind.PHPBB, body, now=_AT).documents[0]

    assert first.in_reply_to is not None and first.in_reply_to.isdecimal()
    assert "jeb wrote" not in first.text


def test_discourse_lists_show_their_topics() -> None:
    body = recorded("discourse/discourse_topics_last_posted_at_null.json")

    assert len(read_page(SourceKind.DISCOURSE, body).documents) == 2


def test_askbot_pages_give_questions_answers_and_comments() -> None:
    step = read_page(SourceKind.ASKBOT, recorded("askbot/askbot_question.html.gz"), now=_AT)

    ids = [document.guid for document in step.documents]
    assert ids == ["2481", "6494", "6493", "5351", "5344", "5340", "7429"]
    assert [document.in_reply_to for document in step.documents][:2] == [None, "2481"]
    assert step.documents[-1].author == "todofixthis"
