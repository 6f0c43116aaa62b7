"""django-machina of PyPI, in French: topics, long threads, quotes, edits, over several nights."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from listening.model import DateQuality, SourceKind
from tests.engines.machine import ENGINES, Nights, call, need, right_now, running
from tests.ports import free_port

pytestmark = pytest.mark.engine

_PYTHON = ENGINES / "machina" / "bin" / "python"
_SITE = Path(__file__).with_name("machina_site.py")


class Forum:
    """A running forum."""

    def __init__(self, folder: Path, host: str) -> None:
        self._folder = folder
        self.url = f"http://{host}/forum/les-bocaux-1/"

    def do(self, *steps: tuple[str, dict[str, Any]]) -> list[int]:
        """Do what the steps say and return the ids of what they made."""
        lines = "\n".join(json.dumps(step) for step in steps)
        return [int(n) for n in call(_PYTHON, _SITE, self._folder, "fill", input=lines).split()]


@contextmanager
def machina(folder: Path) -> Iterator[Forum]:
    """Yield a new forum with one empty board."""
    need(_PYTHON)
    call(_PYTHON, _SITE, folder, "make")
    host = f"127.0.0.1:{free_port()}"
    serve = [_PYTHON, _SITE, folder, "serve", host]
    with running(serve, ready=f"http://{host}/", log=folder / "forum.log"):
        yield Forum(folder, host)


def post(topic: int, text: str, author: str = "Émile") -> tuple[str, dict[str, Any]]:
    return "post", {"topic": topic, "author": author, "text": text}


def test_a_forum_over_several_nights(tmp_path: Path) -> None:
    with machina(tmp_path) as forum:
        nights = Nights(SourceKind.MACHINA, forum.url, timezone="Europe/Paris")
        opening = {"author": "Zoé", "text": "Très **bons** bocaux 🥒 !"}
        short, long = forum.do(
            ("topic", {"title": "L'été des bocaux", **opening}),
            ("topic", {"title": "Un fil très long", "author": "Inès", "text": "Message 0."}),
        )
        forum.do(
            post(short, "> Très bons bocaux\n\nPas pour moi."),
            *[post(long, f"Message {n}.") for n in range(1, 35)],
        )

        landed = nights.visit()

        texts = Counter(one.text for one in landed)
        assert set(texts) == {"Très bons bocaux 🥒 !", "Pas pour moi."} | {
            f"Message {n}." for n in range(35)
        }
        assert max(texts.values()) == 1
        first = next(one for one in landed if one.text.startswith("Très bons"))
        second = next(one for one in landed if one.text == "Pas pour moi.")
        assert (first.title, first.author_key) == ("L'été des bocaux", "Zoé")
        assert second.in_reply_to == first.guid
        assert first.published_at is not None
        assert abs(first.published_at - right_now()) < timedelta(minutes=10)
        assert first.published_at_quality is DateQuality.INFERRED
        assert nights.visit() == []

        _later_nights(forum, nights, long)


def _later_nights(forum: Forum, nights: Nights, long: int) -> None:
    forum.do(*[post(long, f"Suite {n}.", "Zoé") for n in range(12)])
    assert sorted(one.text for one in nights.visit()) == sorted(f"Suite {n}." for n in range(12))

    (last,) = forum.do(post(long, "Dernier mot."))
    assert [one.text for one in nights.visit()] == ["Dernier mot."]

    forum.do(("edit", {"post": last, "text": "Dernier mot, corrigé."}), post(long, "Vraiment ?"))
    assert {one.text for one in nights.visit()} == {"Dernier mot, corrigé.", "Vraiment ?"}

    forum.do(("delete", {"post": last}))
    assert nights.visit() == []


def test_the_budget_of_a_night_is_kept_and_nothing_is_lost(tmp_path: Path) -> None:
    with machina(tmp_path) as forum:
        titles = [f"Sujet numéro {n}" for n in range(25)]
        forum.do(*[("topic", {"title": title, "author": "Zoé", "text": f"{title}."})
                   for title in titles])  # fmt: skip
        nights = Nights(SourceKind.MACHINA, forum.url, max_pages=6)
        for _ in range(10):
            nights.visit()
            if not nights.run.is_used_up:
                break

        assert sorted(nights.texts()) == sorted(f"{title}." for title in titles)
