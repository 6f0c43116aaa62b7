"""WordPress of Debian: posts, comments, edits, schedules, moderation, over several nights."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from listening.model import DateQuality, SourceKind
from tests.engines.machine import Nights, right_now
from tests.engines.wordpress import WordPressSite, ago, wordpress

pytestmark = pytest.mark.engine


def post(n: int, at: str, **values: Any) -> tuple[str, dict[str, Any]]:
    text = f"<p>Le bocal n° {n} des Bocaux Martin : « réussi », à 12,50 € 🥒.</p>"
    return "post", {"title": f"Billet {n} – l’été", "text": text, "at": at} | values


def comment(on: int, text: str, at: str, **values: Any) -> tuple[str, dict[str, Any]]:
    return "comment", {"post": on, "author": "Zoé", "text": text, "at": at} | values


@pytest.mark.parametrize(
    "permalinks", [pytest.param("/%postname%/", id="pretty"), pytest.param("", id="plain")]
)
def test_a_blog_over_several_nights(tmp_path: Path, permalinks: str) -> None:
    with wordpress(tmp_path, permalinks=permalinks) as site:
        url = site.url if permalinks else f"{site.url}?rest_route=/"
        _first_night(site, nights := Nights(SourceKind.WORDPRESS, url))
        _later_nights(site, nights)


def _first_night(site: WordPressSite, nights: Nights) -> None:
    old = [post(n, ago(days=40)) for n in range(3)]
    recent = [post(n, ago(days=n - 9)) for n in range(10, 35)]
    ids = site.do(*old, *recent)
    spoken = site.do(
        comment(ids[4], "Pas d’accord.\n\nEt trop <b>cher</b>.", ago(days=2)),
        comment(ids[3], "Spam ?", ago(days=1), approved="spam"),
    )
    site.do(comment(ids[4], "Moi si !", ago(days=1), parent=spoken[0], author="Émile"))

    landed = nights.visit()

    by_title = {one.title: one for one in landed if one.author_key == "lea"}
    assert len(by_title) == len(recent)  # 30 days back, not 40
    twelve = by_title["Billet 12 – l’été"]
    assert twelve.text == "Le bocal n° 12 des Bocaux Martin : « réussi », à 12,50 € 🥒."
    assert twelve.published_at_quality is DateQuality.GIVEN
    assert twelve.published_at is not None
    assert abs(twelve.published_at - right_now() + timedelta(days=3)) < timedelta(minutes=2)
    said = {one.text: one for one in landed if one.author_key != "lea"}
    assert set(said) == {"Pas d’accord.\nEt trop cher.", "Moi si !"}
    first = next(
        one for one in landed if one.title == "Billet 11 – l’été" and one.author_key == "lea"
    )
    opening, answer = said["Pas d’accord.\nEt trop cher."], said["Moi si !"]
    assert opening.in_reply_to == first.url
    assert answer.in_reply_to == opening.guid


def _later_nights(site: WordPressSite, nights: Nights) -> None:
    assert nights.visit() == []  # the feed writes the same posts otherwise

    written = site.do(
        post(50, ago(minutes=5)),
        # Scheduled: written a week ago, published just now.
        post(51, ago(minutes=4), modified=ago(days=7)),
    )
    (held,) = site.do(comment(written[0], "En attente.", ago(days=3), approved="0"))
    assert sorted(one.title for one in nights.visit()) == ["Billet 50 – l’été", "Billet 51 – l’été"]

    site.do(
        ("edit", {"id": written[0], "text": "<p>Le bocal a changé.</p>"}),
        ("approve", {"id": held}),
        ("trash", {"id": written[1]}),
    )
    assert {one.text for one in nights.visit()} == {"Le bocal a changé.", "En attente."}
    assert nights.visit() == []


def test_a_long_history_is_read_within_the_budget_of_each_night(tmp_path: Path) -> None:
    with wordpress(tmp_path) as site:
        # One day's import of many posts: by date alone the cursor would never pass it.
        ids = site.do(*[post(n, ago(days=5, seconds=n % 7)) for n in range(400)])
        site.do(*[comment(ids[0], f"Avis {n}", ago(days=4)) for n in range(150)])
        nights = Nights(SourceKind.WORDPRESS, site.url, max_pages=6)

        nights.visit()
        assert "too_many_pages" in nights.run.faults
        for _ in range(12):
            nights.visit()
            if not nights.run.is_used_up:
                break

        counts = Counter((one.title, one.text) for one in nights.landed)
        assert len(counts) == 400 + 150
        assert max(counts.values()) == 1
