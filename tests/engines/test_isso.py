"""Isso of PyPI: comments of one page and of a whole site, their answers, edits and deletions."""

import json
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from listening.model import SourceKind
from tests.engines.machine import ENGINES, Nights, need, running
from tests.ports import free_port

pytestmark = pytest.mark.engine

_ISSO = ENGINES / "isso" / "bin" / "isso"
_PAGE = "/recettes/bocaux/"
_CONFIG = """[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1:{port}/
max-age = 15m
latest-enabled = true
[server]
listen = http://127.0.0.1:{port}
[guard]
enabled = false
[hash]
algorithm = none
"""


class IssoServer:
    """A running server, and the cookies of what was written there."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._cookies: dict[int, str] = {}

    def write(self, text: str, author: str, *, page: str = _PAGE, parent: int | None = None) -> int:
        values = {"text": text, "author": author, "parent": parent, "title": "Nos bocaux"}
        number, cookie = self._send("POST", f"/new?uri={quote(page, safe='')}", values)
        self._cookies[number] = cookie
        return number

    def edit(self, number: int, text: str) -> None:
        self._send("PUT", f"/id/{number}", {"text": text}, cookie=self._cookies[number])

    def delete(self, number: int) -> None:
        self._send("DELETE", f"/id/{number}", {}, cookie=self._cookies[number])

    def _send(
        self, method: str, path: str, values: dict[str, Any], *, cookie: str = ""
    ) -> tuple[int, str]:
        request = urllib.request.Request(  # noqa: S310 - our own http address
            self.url + path,
            method=method,
            data=json.dumps(values).encode(),
            headers={"Content-Type": "application/json", "Cookie": cookie, "Origin": self.url},
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            written = json.load(answer)
            cookies = "; ".join(answer.headers.get_all("Set-Cookie") or [])
        found = re.search(r"(\d+=[^;]+)", cookies)
        return (written or {}).get("id", 0), found[1] if found else ""


@contextmanager
def isso(folder: Path) -> Iterator[IssoServer]:
    """Yield a new, empty server."""
    need(_ISSO)
    port = free_port()
    config = folder / "isso.cfg"
    config.write_text(_CONFIG.format(folder=folder, port=port))
    url = f"http://127.0.0.1:{port}"
    with running([_ISSO, "-c", config, "run"], ready=f"{url}/info", log=folder / "isso.log"):
        yield IssoServer(url)


@pytest.mark.parametrize("path", [f"/?uri={quote(_PAGE, safe='')}", ""], ids=["page", "site"])
def test_comments_over_several_nights(tmp_path: Path, path: str) -> None:
    with isso(tmp_path) as server:
        nights = Nights(SourceKind.ISSO, server.url + path)
        first = server.write("Très **bons** bocaux 🥒 !", "Zoé")
        server.write("> Très bons bocaux\n\nPas pour moi.", "Émile", parent=first)

        landed = {one.author_key: one for one in nights.visit()}

        assert landed["Zoé"].text == "Très bons bocaux 🥒 !"
        assert landed["Émile"].text == "Pas pour moi."
        assert landed["Émile"].in_reply_to == landed["Zoé"].guid
        assert landed["Zoé"].published_at is not None
        assert nights.visit() == []

        third = server.write("Et le prix ?", "Inès", parent=first)
        server.edit(first, "Très bons bocaux, mais chers.")
        assert {one.text for one in nights.visit()} == {
            "Et le prix ?",
            "Très bons bocaux, mais chers.",
        }

        server.delete(third)
        assert nights.visit() == []


def test_a_page_with_many_answers_is_read_whole(tmp_path: Path) -> None:
    with isso(tmp_path) as server:
        for number in range(12):
            first = server.write(f"Avis {number} des bocaux.", "Zoé")
            for answer in range(8):
                server.write(f"Réponse {answer} à l'avis {number}.", "Émile", parent=first)
        nights = Nights(SourceKind.ISSO, f"{server.url}/?uri={quote(_PAGE, safe='')}")

        assert len({one.text for one in nights.visit()}) == 12 * 9
        assert nights.visit() == []
