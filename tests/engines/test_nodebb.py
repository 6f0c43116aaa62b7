"""NodeBB of npm: topics, answers, quotes, edits, deletions, by its read API over several nights."""

import json
import shutil
import urllib.request
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

_MODULES = ENGINES / "nodebb" / "node_modules"
_SITE = Path(__file__).with_name("nodebb_site.js")
#: The style sheets that a browser would load are not read here, and take a minute to make.
_NO_BUILD = "exports.build = exports.buildTargets = function (targets, done) { done(); };\n"
#: They fetch pictures from the network.
_PLUGINS_LEFT_OUT = ("nodebb-plugin-emoji-one", "nodebb-plugin-emoji-extended")


class Forum:
    """A running forum."""

    def __init__(self, url: str, port: int) -> None:
        self.url = url
        self._port = port

    def do(self, verb: str, **values: Any) -> int:
        """Do one thing and return the id of what it made."""
        body = json.dumps([verb, values]).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/", body) as answer:
            return int(answer.read())


@contextmanager
def nodebb(folder: Path) -> Iterator[Forum]:
    """Yield a new forum with a Redis of its own."""
    need("node", "redis-server", _MODULES / "nodebb")
    site = folder / "site"
    shutil.copytree(_MODULES / "nodebb", site)
    (site / "node_modules").symlink_to(_MODULES)
    (site / "build.js").write_text(_NO_BUILD)
    for name in ("stylesheet.css", "admin.css", "nodebb.min.js", "acp.min.js"):
        (site / "public" / name).touch()
    (site / "public" / "uploads" / "sounds").mkdir(parents=True, exist_ok=True)
    shutil.copy(_SITE, site / "site.js")
    port, control, redis = free_port(), free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    config = {"url": url, "secret": "s", "database": "redis", "port": str(port)}
    database = {"host": "127.0.0.1", "port": str(redis), "password": "", "database": "0"}
    (site / "config.json").write_text(json.dumps(config | {"redis": database}))
    answers = config | {f"redis:{key}": value for key, value in database.items()}
    answers |= {"admin:username": "lea", "admin:password": "secret12",
                "admin:password:confirm": "secret12",
                "admin:email": "lea@forum.example"}  # fmt: skip
    server = ["redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--save", "",
              "--pidfile", folder / "redis.pid", "--dir", folder]  # fmt: skip
    with running(server, ready=folder / "redis.pid", log=folder / "redis.log"):
        call("node", "app", "--setup", json.dumps(answers), cwd=site)
        call("redis-cli", "-p", str(redis), "zrem", "plugins:active", *_PLUGINS_LEFT_OUT)
        with running(
            ["node", "site.js", str(control)],
            ready=f"{url}/api/recent",
            cwd=site,
            log=folder / "forum.log",
        ):
            made = Forum(url, control)
            made.do("open")
            yield made


def test_a_forum_over_several_nights(tmp_path: Path) -> None:
    with nodebb(tmp_path) as forum:
        nights = Nights(SourceKind.NODEBB, forum.url)
        short = forum.do("topic", author="Zoé", title="L'été des bocaux", text="Très **bons** 🥒 !")
        long = forum.do("topic", author="Inès", title="Un fil très long", text="Message numéro 0.")
        quote = "@Zoé said in [L'été](/post/1):\n> Très bons\n\nPas pour moi, « trop chers »."
        forum.do("post", author="Émile", topic=short, text=quote)
        for number in range(1, 65):
            forum.do("post", author="Émile", topic=long, text=f"Message numéro {number}.")

        landed = [one for one in nights.visit() if "NodeBB" not in one.title]

        texts = Counter(one.text for one in landed)
        assert max(texts.values()) == 1
        assert {"Très bons 🥒 !", "Pas pour moi, « trop chers »."} < set(texts)
        long_thread = {one.text for one in landed if one.title == "Un fil très long"}
        assert long_thread == {f"Message numéro {n}." for n in range(65)}
        first = next(one for one in landed if one.text.startswith("Très bons"))
        second = next(one for one in landed if one.text.startswith("Pas pour moi"))
        assert (first.title, first.author_key) == ("L'été des bocaux", "Zoé")
        assert second.in_reply_to == first.guid
        assert first.published_at is not None
        assert abs(first.published_at - right_now()) < timedelta(minutes=10)
        assert first.published_at_quality is DateQuality.GIVEN
        assert nights.visit() == []

        _later_nights(forum, nights, long)


def _later_nights(forum: Forum, nights: Nights, long: int) -> None:
    for number in range(30):
        forum.do("post", author="Zoé", topic=long, text=f"Suite numéro {number}.")
    assert sorted(one.text for one in nights.visit()) == sorted(
        f"Suite numéro {n}." for n in range(30)
    )

    last = forum.do("post", author="Zoé", topic=long, text="Mon dernier mot.")
    assert [one.text for one in nights.visit()] == ["Mon dernier mot."]

    forum.do("edit", author="Zoé", post=last, text="Mon dernier mot, corrigé.")
    forum.do("post", author="Inès", topic=long, text="Vraiment tout ?")
    assert {one.text for one in nights.visit()} == {"Mon dernier mot, corrigé.", "Vraiment tout ?"}

    forum.do("remove", author="Zoé", post=last)
    assert nights.visit() == []


def test_the_budget_of_a_night_is_kept_and_nothing_is_lost(tmp_path: Path) -> None:
    with nodebb(tmp_path) as forum:
        titles = [f"Sujet numéro {n}" for n in range(30)]
        for title in titles:
            forum.do("topic", author="Zoé", title=title, text=f"{title}, des bocaux.")
        nights = Nights(SourceKind.NODEBB, forum.url, max_pages=6)
        for _ in range(14):
            nights.visit()
            if not nights.run.is_used_up:
                break

        counts = Counter(one.title for one in nights.landed if one.title in titles)
        assert counts == dict.fromkeys(titles, 1)
